"""What the findings before a plan are about: names, and the records to mend.

Residents stay numbers, those of their registrations: a name is shown on a logged press,
on the record itself. Every kind of thing is read at once for all findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING
from courses.selectors.coordinator import series_with_offering
from courses.selectors.numbers import registrations_of_persons
from people.enums import StaffRole
from people.selectors import (
    group_names,
    municipalities,
    person_ids_by_facilitator,
)
from rooms.selectors import RoomInShort, rooms_in_short
from scheduling.adapters.load_problem import Loaded
from scheduling.doctor_words import check_sentence
from scheduling.solver.doctor import Finding
from scheduling.solver.horizon import SLOTS_PER_DAY

TABLES = {
    "series": "series",
    "room": "rooms",
    "facilitator": "facilitators",
    "registration": "registrations",
    "person": "persons",
    "role": "roles",
    "district": "districts",
}
IN_HOURS = {"role-short": ("wanted", "available")}
"""Findings whose minutes are told in hours."""
OFFERED = frozenset(
    {"series-without-leader", "series-too-few-organisations", "series-one-leader"}
    | {"series-without-room"}
)
"""What a group needs of leaders and rooms is written down at its offering."""
OPENED = frozenset(
    {"series-rooms-never-open", "room-without-opening", "room-fully-booked"}
    | {"published-room-closed"}
)
"""When a room is open is written down at its centre."""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What a finding is about: kind, key of its row, and the name that is shown.

    ``record``: the key of the record to open, where that is another than the row.
    """

    kind: str
    key: str
    name: str
    record: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One finding in words, with the things to mend; the first is what it is about."""

    check: str
    severity: str
    wrong: str
    right: str
    things: tuple[Thing, ...]
    facts: Mapping[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> list[Thing]:
        """The things of one kind."""
        return [one for one in self.things if one.kind == kind]


class Names:
    """Names of everything that some findings are about, read in one query a kind."""

    def __init__(
        self, actor: Actor, loaded: Loaded, findings: Sequence[Finding]
    ) -> None:
        self.loaded, self.rows = loaded, loaded.rows
        self.published = {
            one.series_id: one for one in loaded.problem.published.placements
        }
        wanted: dict[str, set[str]] = defaultdict(set)
        for finding in findings:
            for kind, ident in finding.about:
                wanted[kind].add(self.key(kind, ident))
        self.series = {
            str(key): row
            for key, row in series_with_offering(series_ids=wanted["series"]).items()
        }
        self.rooms = _rooms(wanted["room"])
        self.numbers = registrations_of_persons(
            person_ids=[int(key) for key in wanted["person"]]
        )
        self.names: dict[str, Mapping[str, str]] = {
            "series": {key: row.offering.title for key, row in self.series.items()},
            "room": {
                key: f"{one.name}, {one.centre}" for key, one in self.rooms.items()
            },
            "facilitator": _leader_names(actor, wanted["facilitator"]),
            "role": {role.value: str(role.label) for role in StaffRole},
            "district": {one.code: one.name for one in municipalities()},
        }

    def key(self, kind: str, ident: str) -> str:
        """The row behind an id, or the id itself where it has no row."""
        table = self.rows.get(TABLES.get(kind, ""), {})
        return str(table.get(ident, ident))

    def thing(self, kind: str, ident: str) -> Thing:
        key = self.key(kind, ident)
        record = ""
        if kind == "person":
            record = str(self.numbers.get(int(key), ""))
        name = self.names.get(kind, {}).get(key)
        if name is None:
            number = _("Registration %(key)s") if record else _("Resident %(key)s")
            patterns = {"registration": _("Registration %(key)s"), "person": number}
            name = patterns.get(kind, "%(key)s") % {"key": record or key}
        return Thing(kind=kind, key=key, name=name, record=record)

    def told(self, finding: Finding) -> Told:
        things = tuple(self.thing(kind, ident) for kind, ident in finding.about)
        facts: dict[str, object] = dict(finding.facts)
        for name in IN_HOURS.get(finding.check, ()):
            facts[name] = round(dict(finding.facts)[name] / 60)
        others = [one for one in things if one.kind != "person"] or list(things)
        facts["it"] = others[0].name if others else ""
        facts["other"] = others[1].name if len(others) > 1 else ""
        wrong, right = check_sentence(finding.check, facts)
        return Told(
            check=finding.check,
            severity=finding.severity.value,
            wrong=wrong,
            right=right,
            things=(*things, *dict.fromkeys(self._around(finding, things))),
            facts=dict(finding.facts),
        )

    def _around(self, finding: Finding, things: Iterable[Thing]) -> Iterator[Thing]:
        """Records beside those named, in which what is to be mended is written down."""
        for one in things:
            if finding.check in OFFERED and one.key in self.series:
                offering = self.series[one.key].offering
                yield Thing(kind="offering", key=str(offering.pk), name=offering.title)
            if finding.check in OPENED and one.kind == "room":
                room = self.rooms.get(one.key)
                if room is not None:
                    yield Thing(
                        kind="centre", key=str(room.centre_id), name=room.centre
                    )
        if "slot" in dict(finding.facts):
            yield from self._session(finding)

    def _session(self, finding: Finding) -> Iterator[Thing]:
        """The published session that was found."""
        series, slot = finding.about[0][1], dict(finding.facts)["slot"]
        placement = self.published.get(series)
        slots = [one.slot for one in placement.meetings] if placement else []
        keys = self.rows.get("sessions", {}).get(series, [])
        if slot in slots and len(keys) == len(slots):
            day = self.loaded.problem.horizon.date_of(slot // SLOTS_PER_DAY)
            yield Thing(
                kind="session",
                key=str(keys[slots.index(slot)]),
                name=date_format(day, "j F"),
            )


def name_of(actor: Actor, kind: str, key: str) -> str:
    """The name of one thing, as a finding tells it; nothing if there is none."""
    if kind == "series":
        found = series_with_offering(series_ids=[UUID(key)])
        return "".join(row.offering.title for row in found.values())
    if kind == "room":
        return "".join(f"{one.name}, {one.centre}" for one in _rooms({key}).values())
    if kind == "facilitator":
        return "".join(_leader_names(actor, [key]).values())
    if kind == "role":
        return str(StaffRole(key).label)
    if kind == "person":
        key = str(registrations_of_persons(person_ids=[int(key)]).get(int(key), ""))
    return _("Registration %(key)s") % {"key": key} if key else ""


def _rooms(keys: set[str]) -> dict[str, RoomInShort]:
    found = rooms_in_short() if keys else []
    return {str(one.id): one for one in found if str(one.id) in keys}


def _leader_names(actor: Actor, keys: Iterable[str]) -> dict[str, str]:
    persons = person_ids_by_facilitator(facilitator_ids=map(int, keys))
    names = group_names(actor=actor, person_ids=persons.values(), purpose=PLANNING)
    return {str(leader): names[person] for leader, person in persons.items()}
