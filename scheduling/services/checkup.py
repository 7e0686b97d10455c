"""A look at the facts before a plan is made: what to mend first, and where.

The checks know ids only (`scheduling.solver.doctor`); here they get their names and
the record that each is about. Residents stay numbers: a name is shown on a logged
press, on the record itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.selectors.coordinator import series_with_offering
from people.enums import StaffRole
from people.selectors import (
    group_names,
    municipalities,
    person_ids_by_facilitator,
)
from rooms.selectors import rooms_of
from scheduling.adapters.load_problem import Loaded, load_problem
from scheduling.doctor_words import check_sentence
from scheduling.enums import RunKind
from scheduling.services import clock
from scheduling.services.faulty import FaultTold, told_of
from scheduling.services.files import in_rows
from scheduling.solver.doctor import Finding, Severity, examine
from scheduling.solver.faults import InvalidProblem
from scheduling.solver.validate import faults as faults_of

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


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What a finding is about: kind, key of its row, and the name that is shown."""

    kind: str
    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """One finding in words, with the things to mend."""

    check: str
    severity: str
    wrong: str
    right: str
    things: tuple[Thing, ...]
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Checkup:
    """All findings, errors first; `faults` are facts that allow no plan at all."""

    told: tuple[Told, ...]
    faults: tuple[FaultTold, ...] = ()

    def of(self, severity: Severity) -> list[Told]:
        return [one for one in self.told if one.severity == severity]


def check_up(
    *, actor: Actor, kind: RunKind | str, first_date: date, last_date: date
) -> Checkup:
    """Examine the facts of a week or term as they are now.

    As many reads as loading a problem takes, and a few for the names; the log says
    whose facts were read. Nothing is stored.
    """
    try:
        loaded = load_problem(
            actor=actor,
            kind=kind,
            first_date=first_date,
            last_date=last_date,
            now=clock.now(),
        )
    except InvalidProblem as error:
        return Checkup(told=(), faults=tuple(told_of(error.faults)))
    record_event(
        actor=actor,
        code="facts.check",
        action="E",
        purpose=PLANNING,
        subjects=loaded.rows["persons"].values(),
        object_kind="horizon",
        object_id=f"{first_date} {last_date}",
    )
    faults = faults_of(loaded.problem)
    if faults:
        return Checkup(
            told=(),
            faults=tuple(FaultTold(in_rows(str(one), loaded.rows)) for one in faults),
        )
    findings = examine(loaded.problem)
    names = _Names(actor, loaded, findings)
    return Checkup(told=tuple(names.told(one) for one in findings))


class _Names:
    """Names of everything that some findings are about, read in one query a kind."""

    def __init__(
        self, actor: Actor, loaded: Loaded, findings: Sequence[Finding]
    ) -> None:
        self.rows = loaded.rows
        wanted: dict[str, set[str]] = defaultdict(set)
        for finding in findings:
            for kind, ident in finding.about:
                wanted[kind].add(self.key(kind, ident))
        self.names: dict[str, Mapping[str, str]] = {
            "series": _series_names(wanted["series"]),
            "room": _room_names(wanted["room"]),
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
        name = self.names.get(kind, {}).get(key)
        if name is None:
            patterns = {
                "registration": _("Registration %(key)s"),
                "person": _("Resident %(key)s"),
            }
            name = patterns.get(kind, "%(key)s") % {"key": key}
        return Thing(kind=kind, key=key, name=name)

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
            things=tuple(one for one in things if one.kind in TABLES),
            facts=dict(finding.facts),
        )


def _series_names(keys: Iterable[str]) -> dict[str, str]:
    found = series_with_offering(series_ids=list(keys))
    return {str(key): row.offering.title for key, row in found.items()}


def _room_names(keys: Iterable[str]) -> dict[str, str]:
    wanted = set(keys)
    return {
        str(room.pk): f"{room.name}, {room.centre.name}"
        for room in rooms_of()
        if str(room.pk) in wanted
    }


def _leader_names(actor: Actor, keys: Iterable[str]) -> dict[str, str]:
    persons = person_ids_by_facilitator(facilitator_ids=map(int, keys))
    names = group_names(actor=actor, person_ids=persons.values(), purpose=PLANNING)
    return {str(leader): names[person] for leader, person in persons.items()}
