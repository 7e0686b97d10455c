"""The pages beside the nine acts: other looks at the week, facts, people, figures.

Each begins at an address of its own. Only for the small groups a fact is changed: no
group of the demo has too few people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.pictures.camera import Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.pictures.walk import Walk

PHONE = 360
OFTEN_GIVEN = "Omgaan+met+geld"
SMALL = "/kleine-groepen/?toon=alles"
SPLIT = 'main a[href*="/splitsen/"]'
MEND = 'details:has(form[action*="/herstellen/"])'


def at(path: str) -> Callable[[Walk], None]:
    """The way to an address; ``{week}`` in it is the week of the pictures."""

    def go(walk: Walk) -> None:
        walk.go(path.format(week=walk.week))

    return go


def to_first_in_table(path: str) -> Callable[[Walk], None]:
    """The way to what the first row of a list leads to."""

    def go(walk: Walk) -> None:
        walk.go(path)
        walk.press("main tbody th a")
        walk.wait("main h1")

    return go


def to_small_groups(walk: Walk) -> None:
    """Groups of one offering are made to need as many people as they have chairs."""
    walk.go(f"/gegevens/aanbod/?zoek={OFTEN_GIVEN}")
    walk.press("main tbody th a")
    most = walk.first("[name=size_max]").input_value()
    walk.first("[name=size_min]").fill(most)
    walk.press("button[value=keep]")
    walk.wait(".gem-messages:not([hidden])")
    walk.go(SMALL)


def to_split(walk: Walk) -> None:
    """The first group in a draft of the week that can be split."""
    walk.board()
    walk.page.get_by_role("button", name="Wijzig met de hand").first.click()
    walk.wait_url("**/week/*/?versie=*")
    chips = walk.page.locator("main a.gem-chip").all()
    for path in [one.get_attribute("href") or "" for one in chips]:
        walk.go(path)
        if walk.page.locator(SPLIT).count():
            break
    walk.press(SPLIT)
    walk.wait("main input[type=checkbox]:checked")


def to_mending(walk: Walk) -> None:
    walk.go(f"/controle/{walk.week}/")
    walk.unfold(MEND)


def to_faults(walk: Walk) -> None:
    walk.go("/importeren/")
    wrong = walk.rooms.replace(b",10\n", b",tien\n")
    _choose(walk, wrong)
    walk.wait("main tbody tr")


def to_preview(walk: Walk) -> None:
    walk.go("/importeren/")
    _choose(walk, walk.rooms)
    walk.wait("#sheets")
    walk.press('main a[href*="?blad=rooms"]')
    walk.wait("#rows")


def _choose(walk: Walk, sheet: bytes) -> None:
    walk.first("#files").set_input_files(
        {"name": "rooms.csv", "mimeType": "text/csv", "buffer": sheet}
    )
    walk.press("main button[value=check]")


def to_facts(walk: Walk) -> None:
    """The file of the pictures is thrown away first, so that nothing waits."""
    walk.press('form[action$="/weg/"] button')
    walk.wait("#files")
    walk.go("/gegevens/")


PAGES = (
    Stop(
        "week-phone",
        at("/week/"),
        (".gem-board-frame", "main a.gem-chip"),
        at=".gem-board-frame",
        width=PHONE,
        height=720,
    ),
    Stop("day", at("/week/{week}/?zoom=dag"), ("main a.gem-chip",), at=".gem-tools"),
    Stop("paper", at("/week/{week}/papier/"), (".gem-paper", "main table")),
    Stop("figures", at("/cijfers/"), (".gem-figures svg", ".gem-figures table")),
    Stop("checkup", to_mending, (f"{MEND}[open]",), at=f"section:has({MEND})"),
    Stop("small-groups", to_small_groups, ("main tbody th a",), height=480),
    Stop(
        "decide",
        to_first_in_table(SMALL),
        ("#merge", ".gem-facts"),
        height=1000,
    ),
    Stop("split", to_split, ("main form", "main select"), height=1100),
    Stop("attendance", at("/aanwezigheid/"), ("#numbers", "main td a"), at="#numbers"),
    Stop("queue", to_first_in_table("/wachtlijst/groepen/"), ("#order", "main table")),
    Stop("registrations", at("/aanmeldingen/"), ("main form", "main tbody th a")),
    Stop(
        "registration",
        to_first_in_table("/aanmeldingen/"),
        ("#who", "#asked"),
        height=900,
    ),
    Stop(
        "import-faults",
        to_faults,
        ("#main > .utrecht-alert", "main tbody tr"),
        until="main table",
    ),
    Stop("import-preview", to_preview, ("#sheets", "#rows", "main ins"), height=1100),
    Stop("facts", to_facts, (".gem-tiles",), height=640),
    Stop(
        "offering", to_first_in_table("/gegevens/aanbod/"), ("main form",), height=1000
    ),
    Stop("availability", at("/gegevens/beschikbaarheid/"), (".gem-can-table",)),
)
