"""A coordinator's nine acts, from the demo to going back, each as stops with pictures.

They follow each other: each begins where the one before ended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.journey import sign_in
from tools.pictures.camera import NotTakenError, Stop
from tools.pictures.walk import PLANNING_SECONDS

if TYPE_CHECKING:
    from tools.pictures.walk import Walk

CHIP = "main a.gem-chip"
HELP = ".gem-leftout a[href*='#w-']"
ASKED = "form:has(input[name=act][value=ask])"
"""A way that asks something of the resident: the question is sent with one press."""
RELEASED = "**/publicaties/*/"
ONE_SESSION = re.compile(r"/bijeenkomst/[^/]+/(#.*)?$")


# ---- load the demo ----


def to_sign_in(walk: Walk) -> None:
    walk.go("/week/")
    walk.first("#id_login").fill(walk.login.email)


def to_first_page(walk: Walk) -> None:
    from config.demo import current_code

    login = walk.login
    sign_in(walk.person, login.email, login.password, lambda: current_code(login))
    walk.go("/week/")  # without the words of signing in


# ---- make next week ----


def to_form(walk: Walk) -> None:
    walk.go("/week/")
    walk.press('.gem-actions a[href*="/plannen/"]')
    walk.wait("#make-week")
    if walk.first("#week_week").input_value() != walk.week:
        walk.first("#week_week").select_option(walk.week)
    walk.first("#week_seconds").select_option(str(PLANNING_SECONDS))


def to_progress(walk: Walk) -> None:
    walk.press("#make-week")
    walk.wait_url("**/plannen/*/")
    walk.wait_long("#run .gem-fact:nth-of-type(3)")


def to_plan(walk: Walk) -> None:
    walk.wait_long("#result")


# ---- find out why people are left out ----


def to_left_out(walk: Walk) -> None:
    walk.press('a[href$="/zonder-plek/"]')
    walk.wait("#reasons")


def to_three_people(walk: Walk) -> None:
    walk.press('main a[href*="reden=resident-travel"]')
    walk.wait(HELP)


# ---- help one of them ----


def to_help(walk: Walk) -> None:
    """The first person whom a question would help, with the answer filled in."""
    links = [one.get_attribute("href") for one in walk.page.locator(HELP).all()]
    for link in filter(None, links):
        walk.go(link)
        way = f'[id="{link.rpartition("#")[2]}"]'
        if walk.page.locator(f"{way} {ASKED}").count():
            walk.unfold(f"{way} details")
            walk.press(f"{way} input[name=agreed]")
            return
    raise NotTakenError("help", "nobody on this page is helped by a question")


def to_helped(walk: Walk) -> None:
    walk.press("details[open] form:has(input[name=agreed]) button")
    walk.wait("#done")


# ---- make it again, and choose ----


def to_wishes(walk: Walk) -> None:
    walk.press('section[aria-labelledby="done"] a[href*="/plannen/"]')
    walk.wait("#make-week")
    walk.unfold("details:has(#preview)")
    walk.first("[name=wish-share-evenings]").select_option(index=2)
    walk.press("#preview")
    walk.wait("#weighed table")


def to_compare(walk: Walk) -> None:
    walk.first("#week_seconds").select_option(str(PLANNING_SECONDS))
    walk.press("input[name=after][value=beside]")
    walk.press("#make-week")
    walk.wait_url("**/plannen/*/")
    walk.wait_long("#choose")
    walk.press("#compare")
    walk.wait_url("**/plannen/vergelijken/**")


# ---- move a session with the keyboard ----


def to_session_on_board(walk: Walk) -> None:
    walk.press('main table form[action$="/kiezen/"] button')
    walk.wait("#result")
    walk.board(draft=True)
    walk.person.tab_to(CHIP)


def to_session(walk: Walk) -> None:
    walk.page.keyboard.press("Enter")
    walk.page.wait_for_url(ONE_SESSION)
    stand_in = walk.first('a[href*="/inval/"]').get_attribute("href") or ""
    walk.leader = stand_in.rstrip("/").rpartition("/")[2]
    walk.person.tab_to('main a[href$="/wijzigen/"]')


def to_move(walk: Walk) -> None:
    """An hour later, by the arrow keys, up to the button that does it."""
    walk.page.keyboard.press("Enter")
    walk.wait_url("**/wijzigen/")
    walk.day = walk.first("[name=day]").input_value()
    walk.person.tab_to("input[type=time]")
    walk.page.keyboard.press("ArrowUp")
    walk.page.keyboard.press("Enter")
    walk.wait("#meaning")
    fine = walk.page.locator("#do").count()
    # An hour later if that breaks nothing, else the first way nearby.
    walk.person.tab_to("#do" if fine else ".gem-ways button")


def to_moved(walk: Walk) -> None:
    walk.page.keyboard.press("Enter")
    walk.page.wait_for_url(ONE_SESSION)
    walk.person.by_keyboard(".gem-breadcrumb a", "back to the week")
    walk.wait('form[action$="/terug/"]')


# ---- publish ----


def to_publish(walk: Walk) -> None:
    walk.press("#to-release")
    walk.wait_url("**/publiceren/")


def to_people(walk: Walk) -> None:
    walk.press("#by-person")
    walk.wait_url("**/mensen/")


def to_published(walk: Walk) -> None:
    walk.page.go_back()
    publish(walk)


def to_messages(walk: Walk) -> None:
    walk.press('main a[href*="/berichten/?publicatie="]')
    walk.wait_url("**/berichten/**")


def to_message(walk: Walk) -> None:
    walk.press("main tbody th a >> nth=-1")  # the first may hold a personal link
    walk.wait("#words")


# ---- a leader reports ill, and the week is mended ----


def to_ill(walk: Walk) -> None:
    walk.board()
    walk.press('main a[href$="/herstel/ziek/"]')
    walk.first("select[name=about]").select_option(walk.leader)
    walk.first("[name=first]").fill(walk.day)
    walk.first("[name=last]").fill(walk.day)


def to_ways(walk: Walk) -> None:
    walk.press("#report")
    walk.wait_long(".gem-ways button")


def to_mended(walk: Walk) -> None:
    walk.press(".gem-ways button[aria-label]")
    walk.wait_url("**/publiceren/")


# ---- go back ----


def to_publications(walk: Walk) -> None:
    publish(walk)
    walk.go("/publicaties/")


def to_go_back(walk: Walk) -> None:
    walk.press('td a[href$="/publiceren/"]')
    walk.wait_url("**/publiceren/")
    # The leader is still away: that is accepted by name.
    for tick in walk.page.locator("main input[name=accept]").all():
        tick.check()


def to_gone_back(walk: Walk) -> None:
    publish(walk)


def publish(walk: Walk) -> None:
    walk.press("#publish")
    walk.wait_url(RELEASED)


ACTS = (
    Stop("sign-in", to_sign_in, ("#id_login", "#id_password"), height=620),
    Stop("week", to_first_page, ("table.gem-board", CHIP), height=1100),
    Stop("make", to_form, ("#week_week", "#make-week"), until="#make-week"),
    Stop("making", to_progress, ("#stop", ".gem-facts"), until="#stop"),
    Stop("plan", to_plan, ("#result", "#to-release"), height=760),
    Stop("left-out", to_left_out, ("#reasons", 'a[href*="?reden="]'), height=900),
    Stop(
        "left-out-three",
        to_three_people,
        (HELP, ".gem-leftout >> nth=2"),
        at=".gem-leftout",
        until=".gem-leftout >> nth=2 >> .gem-tags",
    ),
    Stop("help", to_help, ("#ways", "input[name=agreed]"), height=900),
    Stop("helped", to_helped, ("#done", 'a[href*="/plannen/"]'), height=760),
    Stop(
        "wishes",
        to_wishes,
        ("#weighed table", "#weighed .gem-pill"),
        at="#weighed",
        until="#weighed",
    ),
    Stop("compare", to_compare, ("main table form",), until="main table"),
    Stop(
        "board-keyboard",
        to_session_on_board,
        (f"{CHIP}:focus-visible",),
        at="main form[method=get]",
    ),
    Stop(
        "session",
        to_session,
        ('a[href$="/wijzigen/"]:focus-visible', 'a[href*="/inval/"]'),
    ),
    Stop(
        "move",
        to_move,
        ("#meaning", "main button:focus-visible"),
        until=".gem-ways > li",
    ),
    Stop("moved", to_moved, ('form[action$="/terug/"]', ".gem-pill--draft")),
    Stop("publish", to_publish, ("#publish", "#by-person"), height=760),
    Stop("publish-people", to_people, ("main table", "main table form")),
    Stop("published", to_published, ('a[href*="/berichten/?publicatie="]',)),
    Stop("messages", to_messages, ("main tbody th a",), height=760),
    Stop("message", to_message, ("#words", "button[value=approve]"), height=1000),
    Stop("ill", to_ill, ("#report", "select[name=about]"), height=760),
    Stop("ways", to_ways, (".gem-ways h2", ".gem-ways button"), height=1000),
    Stop("mended", to_mended, ("#publish",), height=760),
    Stop("publications", to_publications, ('td a[href$="/publiceren/"]',)),
    Stop("go-back", to_go_back, ("#publish",), until="#publish"),
    Stop("gone-back", to_gone_back, (".gem-pill--ok", ".gem-head"), height=640),
)
