"""Which ways are open for somebody who is left out, or for a group that is not held."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.actor import Actor
from courses.selectors.coordinator import registrations_by_id, series_with_offering
from people.selectors import person_ids_by_facilitator
from people.services.numbers import organisation_ids_of, organisations_by_person
from scheduling.models import HelpStep, Schedule, StepKind, StepState
from scheduling.models.step import STANDING

OF_RESIDENT = frozenset({"travel", "half-day", "pace"})
OF_LEADER = frozenset({"leader-hours", "leader-minutes"})
OF_SERIES = frozenset({"more-seats", "smaller-start", "repeat"})
OF_CARE = OF_RESIDENT | {"choice", "new-leader"}
OF_REGION = frozenset({"unpin"})
"""A pin is set for the plan of the whole region."""
MOST_BEFORE = 25
WITH_FORM = frozenset({"new-room", "new-leader"})
"""Changes that need more than a yes: a location that answers, a leader who is named."""
NEEDS = {
    "travel": {"person", "minutes"},
    "half-day": {"person", "start", "end"},
    "pace": {"person", "per_week"},
    "choice": {"series"},
    "leader-hours": {"leader", "start", "end"},
    "leader-minutes": {"leader", "minutes"},
    "more-seats": {"series", "seats"},
    "smaller-start": {"series", "seats"},
    "repeat": {"series"},
    "unpin": {"pin"},
    "new-room": {"room", "start", "end", "seats"},
    "new-leader": {"roles", "skills", "start", "end"},
}


@dataclass(frozen=True)
class Subject:
    """Whom or what is helped beside a schedule: one registration, or one series."""

    schedule: Schedule
    registration: Any = None
    series: Any = None
    ways: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def whom(self) -> str:
        """The key of the person who is left out; empty for a group."""
        if self.registration is None:
            return ""
        return str(self.registration.resident.person_id)

    @property
    def about(self) -> dict[str, Any]:
        """The fields of a step about this."""
        return {
            "schedule": self.schedule,
            "registration": self.registration,
            "series": self.series,
        }


@dataclass(frozen=True)
class WayOpen:
    """One way that can be applied: its key, its changes, and who must agree."""

    key: str
    way: Mapping[str, Any]
    asks: tuple[int, ...]
    """Keys of the persons of whom it asks something; residents and leaders."""
    leader: bool
    """Whether it asks something of a leader."""
    step: HelpStep | None
    """The step that applied or asked it already."""

    @property
    def changes(self) -> Sequence[Mapping[str, Any]]:
        return self.way["changes"]

    @property
    def form(self) -> str:
        """The kind of form it needs; empty for a yes alone."""
        kinds = [one["kind"] for one in self.changes]
        return kinds[0] if len(kinds) == 1 and kinds[0] in WITH_FORM else ""

    @property
    def complete(self) -> bool:
        """Whether all that applying takes was kept with the plan."""
        return all(
            one["kind"] in NEEDS
            and all(one.get(name) is not None for name in NEEDS[one["kind"]])
            for one in self.changes
        )


def subject_of(
    *,
    actor: Actor,
    schedule: Schedule,
    registration_id: int | None = None,
    series_id: uuid.UUID | None = None,
    organisation_ids: Collection[int] | None,
) -> Subject | None:
    """Who or what is left out of this schedule, with its ways by key.

    Also somebody who was helped and has a seat by now, then without ways: what was done
    can still be undone. ``None`` for others, and for who is of no organisation of the
    reader's. Reading a registration is logged.
    """
    if registration_id is not None:
        row = schedule.left_out.filter(registration=registration_id).first()
        helped = HelpStep.objects.filter(registration=registration_id).exists()
        found = registrations_by_id(
            actor=actor,
            registration_ids=[registration_id] if row or helped else [],
            organisation_ids=organisation_ids,
        )
        if not found:
            return None
        ways = tuple(
            (f"r{number}-{index}", way)
            for number, reason in enumerate(row.reasons if row else ())
            for index, way in enumerate(reason.get("ways", ()))
        )
        return Subject(schedule, registration=found[0], ways=_once(ways))
    held = schedule.series_rows.filter(series=series_id, held=False).first()
    helped = HelpStep.objects.filter(series=series_id, registration=None).exists()
    series = series_with_offering(series_ids=[series_id]).get(series_id)  # type: ignore[arg-type]
    if series is None or not (held or helped):
        return None
    mine = organisation_ids is None or (
        series.offering.organisation_id in organisation_ids
    )
    if not mine:
        return None
    ways = tuple(
        (f"s-{index}", way)
        for index, way in enumerate(held.why.get("ways", ()) if held else ())
    )
    return Subject(schedule, series=series, ways=_once(ways))


def _once(
    ways: Sequence[tuple[str, Mapping[str, Any]]],
) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Each way under its first key; one change before two, then as they were told."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for key, way in ways:
        found.setdefault(repr(way["changes"]), (key, way))
    return tuple(sorted(found.values(), key=lambda one: len(one[1]["changes"])))


def open_ways(
    subject: Subject, leaders: Mapping[int, int], steps: Sequence[HelpStep]
) -> list[WayOpen]:
    """Every way of a subject; ``leaders``: the person behind each leader it names."""
    standing = [one for one in steps if one.state in STANDING]
    return [
        WayOpen(
            key,
            way,
            tuple(dict.fromkeys(_asks(subject, way, leaders))),
            any(one["kind"] in OF_LEADER for one in way["changes"]),
            next((one for one in standing if _did(one, subject, key, way)), None),
        )
        for key, way in subject.ways
    ]


def _did(step: HelpStep, subject: Subject, key: str, way: Mapping[str, Any]) -> bool:
    """Whether a step that stands is this way, done beside this schedule or beside
    another of its period: a change by hand takes the ways of what is published along.
    """
    if step.schedule_id == subject.schedule.pk:
        return step.key == key
    beside, now = step.schedule, subject.schedule
    return (
        beside is not None
        and (beside.kind, beside.first_date) == (now.kind, now.first_date)
        and list(step.changes) == list(way["changes"])
    )


def open_way(subject: Subject, key: str, leaders: Mapping[int, int]) -> WayOpen | None:
    """One way by its key, with the step that stands; ``None`` if there is none."""
    ways = open_ways(subject, leaders, list(steps_of(subject)))
    return next((one for one in ways if one.key == key), None)


def _asks(
    subject: Subject, way: Mapping[str, Any], leaders: Mapping[int, int]
) -> list[int]:
    found = []
    for change in way["changes"]:
        kind = change["kind"]
        if kind in OF_RESIDENT and change.get("person"):
            found.append(int(change["person"]))
        elif kind == "choice" and subject.registration is not None:
            found.append(int(subject.whom))
        elif kind in OF_LEADER and change.get("leader"):
            person = leaders.get(int(change["leader"]))
            found += [person] if person is not None else []
    return found


def leaders_in(subject: Subject) -> set[int]:
    """Keys of the leaders that its ways name."""
    return {
        int(change["leader"])
        for _key, way in subject.ways
        for change in way["changes"]
        if change.get("leader")
    }


def steps_of(subject: Subject) -> Any:
    """Steps about this registration, or about this series, newest first."""
    steps = HelpStep.objects.select_related("made_by", "undone_by", "schedule")
    if subject.registration is not None:
        return steps.filter(registration=subject.registration)
    return steps.filter(series=subject.series, registration=None)


def standing_step(*, registration_id: int) -> HelpStep | None:
    """The step that set group first aside and still stands, if there is one."""
    return HelpStep.objects.filter(
        registration=registration_id,
        kind=StepKind.GROUP_FIRST,
        state__in=STANDING,
    ).first()


def helped_before(
    *, without: Collection[int], organisation_ids: Collection[int] | None
) -> list[HelpStep]:
    """The newest steps that stand for registrations that are not among ``without``,
    one of each; one query, and no person is read."""
    rows = HelpStep.objects.filter(
        state__in=STANDING, registration__isnull=False
    ).exclude(registration__in=list(without))
    if organisation_ids is not None:
        rows = rows.filter(
            registration__resident__person__organisation__in=list(organisation_ids)
        )
    newest: dict[int, HelpStep] = {}
    for row in rows.select_related("registration")[: 4 * MOST_BEFORE]:
        newest.setdefault(row.registration_id or 0, row)
    return list(newest.values())[:MOST_BEFORE]


def within(
    organisation_ids: Collection[int] | None, person_ids: Collection[int]
) -> bool:
    """Whether all these persons belong to organisations that somebody plans for."""
    if organisation_ids is None or not person_ids:
        return True
    return organisation_ids_of(person_ids=person_ids) <= set(organisation_ids)


def waiting_answers(registration_ids: Collection[int]) -> dict[int, list[HelpStep]]:
    """Steps that stand, by registration; one query."""
    found: dict[int, list[HelpStep]] = {}
    rows = HelpStep.objects.filter(
        registration__in=list(registration_ids),
        state__in=[StepState.ASKED, StepState.DONE, StepState.DECLINED],
    )
    for row in rows.order_by("pk"):
        found.setdefault(row.registration_id or 0, []).append(row)
    return found


def may_apply(way: WayOpen, *, organisation_ids: Collection[int] | None) -> bool:
    """Whether somebody who plans for these organisations may apply a way.

    Who is asked, and each group that is changed, must be theirs; a region planner's
    reach (``None``) is everything.
    """
    if organisation_ids is None:
        return True
    keys = {str(one["series"]) for one in way.changes if one["kind"] in OF_SERIES}
    pinned = [one for one in way.changes if one["kind"] in OF_REGION]
    series = series_with_offering(series_ids=[uuid.UUID(key) for key in keys])
    return (
        not pinned
        and within(organisation_ids, way.asks)
        and all(
            one.offering.organisation_id in organisation_ids for one in series.values()
        )
    )


def undoable(
    subject: Subject,
    steps: Iterable[HelpStep],
    *,
    organisation_ids: Collection[int] | None,
) -> set[int]:
    """Keys of the steps that somebody who plans for these organisations may undo.

    What may be applied may be undone, and nothing else: whoever was asked, and each
    group or leader that it changed, must be theirs. A fixed number of queries.
    """
    steps = list(steps)
    if organisation_ids is None:
        return {step.pk for step in steps}
    leaders = person_ids_by_facilitator(
        facilitator_ids={key for step in steps for key in _leaders_of(step)}
    )
    people = {step.pk: _people_of(subject, step, leaders) for step in steps}
    groups = {step.pk: _groups_of(step) for step in steps}
    kept_by = organisations_by_person(person_ids=set[int]().union(*people.values()))
    series = series_with_offering(series_ids=set[uuid.UUID]().union(*groups.values()))
    offered_by = {key: one.offering.organisation_id for key, one in series.items()}
    return {
        step.pk
        for step in steps
        if all(kept_by.get(key) in organisation_ids for key in people[step.pk])
        and all(
            offered_by[key] in organisation_ids
            for key in groups[step.pk]
            if key in offered_by
        )
        and all(one["kind"] not in OF_REGION for one in step.changes)
    }


def _leaders_of(step: HelpStep) -> set[int]:
    """Keys of the leaders that a step changed or made."""
    told = [*step.changes, *step.undo]
    return {int(one["leader"]) for one in told if one.get("leader")}


def _people_of(
    subject: Subject, step: HelpStep, leaders: Mapping[int, int]
) -> set[int]:
    """Keys of the persons that a step asked something of, or made a leader."""
    found = set(_asks(subject, {"changes": step.changes}, leaders))
    found |= {leaders[key] for key in _leaders_of(step) if key in leaders}
    return found | ({step.asked_id} if step.asked_id is not None else set())


def _groups_of(step: HelpStep) -> set[uuid.UUID]:
    return {
        uuid.UUID(str(one["series"]))
        for one in step.changes
        if one["kind"] in OF_SERIES
    }


def is_care(changes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether changes touch what is known of a resident, or write a person down; that
    is for coordinators, where other ways are for whoever plans."""
    return any(one["kind"] in OF_CARE for one in changes)


def within_organisation(
    organisation_ids: Collection[int] | None, organisation_id: int
) -> bool:
    """Whether an organisation is one that somebody plans for."""
    return organisation_ids is None or organisation_id in organisation_ids
