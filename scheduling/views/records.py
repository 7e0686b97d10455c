"""The way from a finding to the record to mend, and to the place on its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.services.found_things import Thing, Told

SHOWN = 4
"""So many records of one kind are linked; who wants more finds them from there."""


NOBODY = "series-too-few-interested"
OPEN = _("Open %(name)s")


@dataclass(frozen=True)
class Page:
    """A page of records: its address, what its link says, and what stands behind the
    key in the address (``?name=key``) where that is no part of the path."""

    view: str
    words: Any = OPEN
    query: str = ""
    anchor: str = ""

    def of(self, thing: Thing, place: str = "") -> tuple[str, str]:
        """Words and address for one thing, at a place on the page."""
        key = thing.record or thing.key
        if self.query:
            address = f"{reverse(self.view)}?{self.query}={key}"
        else:
            address = reverse(self.view, args=[key])
        anchor = place or self.anchor
        return self.words % {"name": thing.name}, address + (anchor and f"#{anchor}")


RECORDS: Mapping[str, Page] = {
    "series": Page("publishing:facts_one_series"),
    "offering": Page("publishing:facts_offering", _("What %(name)s needs")),
    "room": Page("publishing:facts_room"),
    "centre": Page("publishing:facts_centre_hours", _("Opening hours of %(name)s")),
    "facilitator": Page("publishing:facts_leader"),
    "role": Page("publishing:facts_leaders", _("Leaders: %(name)s"), query="rol"),
    "session": Page("scheduling:session", _("Open the meeting of %(name)s")),
}
COORDINATED: Mapping[str, Page] = {
    "registration": Page("scheduling:registration"),
    "person": Page("scheduling:registration"),
}
"""Records for who coordinates the whole region."""
HOURS = Page(
    "publishing:facts_availability",
    _("When %(name)s can"),
    query="begeleider",
    anchor="wanneer",
)
SPECIAL: Mapping[str, Mapping[str, Page]] = {
    "series-leaders-never-free": {"facilitator": HOURS},
    "facilitator-without-availability": {"facilitator": HOURS},
    "facilitator-shift-too-short": {"facilitator": HOURS},
    "published-leader-away": {"facilitator": HOURS},
    "series-group-below-minimum": {
        "series": Page("scheduling:decide", _("Decide about %(name)s"))
    },
}
"""Another page than the record's own, where that is what is to be mended."""
NOT_LINKED: Mapping[str, frozenset[str]] = {
    "facilitator-twice": frozenset({"person"}),
    "series-rooms-never-open": frozenset({"room"}),
    "series-without-leader": frozenset({"role"}),
    "series-too-few-organisations": frozenset({"role"}),
    "series-one-leader": frozenset({"role"}),
}
"""Things that are named for the form alone: another record is to be mended."""
PLACES: Mapping[str, Mapping[str, str]] = {
    "series-leaders-never-free": {"series": "lines-windows"},
    "series-rooms-never-open": {"series": "lines-windows"},
    "series-without-window": {"series": "lines-windows"},
    "series-without-leader": {"offering": "lines-staff_needs"},
    "series-too-few-organisations": {"offering": "lines-staff_needs"},
    "series-one-leader": {"offering": "lines-staff_needs"},
    "series-without-room": {
        "series": "id_centre",
        "offering": "id_required_features_0",
    },
    "series-order-cannot-fit": {"series": "id_follows"},
    "series-too-few-interested": {"series": "id_size_min"},
    "series-nobody-asks": {"series": "id_earliest_start"},
    "room-never-suits": {"room": "id_capacity"},
    "published-room-too-small": {"room": "id_capacity"},
    "facilitator-without-role": {"facilitator": "id_staff_roles_0"},
    "facilitator-not-needed": {"facilitator": "id_staff_roles_0"},
    "facilitator-load-too-small": {"facilitator": "id_max_minutes_per_week"},
    "facilitator-twice": {"facilitator": "id_active"},
    "registration-without-choices": {"registration": "asked"},
    "registration-level-not-allowed": {"registration": "asked"},
    "registration-choices-taken": {"registration": "asked"},
    "registration-choices-unsuitable": {"registration": "facts"},
    "registration-nothing-fits": {"registration": "facts"},
    "registration-already-member": {"registration": "asked"},
    "registration-never-free": {"registration": "hours"},
    "registration-too-far": {"registration": "facts"},
    "together-without-common-choice": {"registration": "asked"},
    "person-without-availability": {"person": "hours"},
    "person-needs-no-room-has": {"person": "facts"},
    "person-over-pace": {"person": "facts"},
    "published-member-away": {"person": "hours"},
}
"""Where on the page of a kind of record it is that a check is about."""
ELSEWHERE: Mapping[str, tuple[tuple[Any, str], ...]] = {
    "seats-short": (
        (_("Who waits for which group"), "scheduling:queues"),
        (_("New series"), "publishing:facts_series_new"),
    ),
    "district-without-offer": (
        (_("The locations"), "publishing:facts_centres"),
        (_("New centre"), "publishing:facts_centre_new"),
    ),
}
"""Pages for what is about no record of its own."""
NOT_HERE: Mapping[str, Any] = {
    "seats-short": _(
        "Which groups are opened is decided for each group: that is not done here."
    ),
    "district-without-offer": _(
        "A room comes from a location: ask there first, and write it down then."
    ),
    "facilitator-twice": _(
        "Look at both first. Then make the one that goes not active, on its own page."
    ),
}
"""Why a check is not mended where it stands."""


def links(told: Told, *, everywhere: bool) -> list[tuple[str, str]]:
    """Words and address of what is to be mended; ``everywhere``: for who coordinates
    the whole region."""
    pages = {
        **RECORDS,
        **(COORDINATED if everywhere else {}),
        **SPECIAL.get(told.check, {}),
    }
    found = list(_records(told, pages))
    for words, view in ELSEWHERE.get(told.check, ()):
        found.append((str(words), reverse(view)))
    return list(dict.fromkeys(found))


def _records(told: Told, pages: Mapping[str, Page]) -> Iterator[tuple[str, str]]:
    hidden = NOT_LINKED.get(told.check, frozenset())
    places = PLACES.get(told.check, {})
    for kind in dict.fromkeys(one.kind for one in told.things):
        if kind not in pages or kind in hidden:
            continue
        for thing in _first(told.of(kind)):
            if kind != "person" or thing.record:
                yield pages[kind].of(thing, places.get(kind, ""))


def _first(things: list[Thing]) -> Iterable[Thing]:
    return things[:SHOWN]


def is_beyond(told: Told) -> bool:
    """Whether what its form changes cannot be enough: a group for nobody."""
    return told.check == NOBODY and told.facts.get("interested") == 0


def why_not_here(told: Told, *, may_mend: bool) -> str:
    """Why a finding has no form for this reader; nothing where that is evident."""
    if not may_mend:
        return gettext("A coordinator of the region looks at this with the resident.")
    if is_beyond(told):
        return gettext(
            "A lower minimum does not help: look first why nobody can take part."
        )
    return str(NOT_HERE.get(told.check, ""))
