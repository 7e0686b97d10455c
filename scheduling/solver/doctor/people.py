"""Checks of registrations and persons: why somebody cannot be seated at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scheduling.solver.doctor.finding import (
    Check,
    Examination,
    Finding,
    Fits,
    Severity,
)
from scheduling.solver.doctor.resources import free_quarters
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.problem import Series

ENTRY = frozenset({"closed", "full"})


class RegistrationWithoutChoices(Check):
    """Somebody asks for nothing that may be planned."""

    id = "registration-without-choices"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for item in facts.waiting:
            if not item.choices:
                yield self.found(("registration", item.id))


class _EveryChoice(Check):
    """A check that holds when it holds of every choice of a registration."""

    def applies(self, misfit: tuple[str, ...]) -> bool:
        raise NotImplementedError

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for item in facts.waiting:
            misfits = facts.fits[item.id].misfits
            if misfits and all(map(self.applies, misfits)):
                yield self.found(("registration", item.id), choices=len(misfits))


class RegistrationLevelNotAllowed(_EveryChoice):
    """Somebody may get none of the levels of care that they ask for."""

    id = "registration-level-not-allowed"
    severity = Severity.ERROR

    def applies(self, misfit: tuple[str, ...]) -> bool:
        return "level" in misfit


class RegistrationChoicesTaken(_EveryChoice):
    """Every group that somebody asks for is full, or takes nobody any more."""

    id = "registration-choices-taken"
    severity = Severity.WARNING

    def applies(self, misfit: tuple[str, ...]) -> bool:
        return not ENTRY.isdisjoint(misfit)


class RegistrationChoicesUnsuitable(_EveryChoice):
    """Nothing that somebody asks for suits: language, age, format, what they need or
    what must come first."""

    id = "registration-choices-unsuitable"
    severity = Severity.WARNING

    def applies(self, misfit: tuple[str, ...]) -> bool:
        return bool(set(misfit) - ENTRY - {"level", "member"})


class RegistrationNothingFits(Check):
    """Nothing that somebody asks for is possible, each choice for another reason."""

    id = "registration-nothing-fits"
    severity = Severity.WARNING
    ONE_REASON = (
        RegistrationLevelNotAllowed(),
        RegistrationChoicesTaken(),
        RegistrationChoicesUnsuitable(),
    )

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for item in facts.waiting:
            fits = facts.fits[item.id]
            one_reason = any(
                all(map(check.applies, fits.misfits)) for check in self.ONE_REASON
            )
            held = _could_be_held(facts, fits.suiting)
            if fits.misfits and not one_reason and not held:
                yield self.found(("registration", item.id), choices=len(fits.misfits))


class RegistrationAlreadyMember(Check):
    """Somebody asks for a group that they are in already."""

    id = "registration-already-member"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for item in facts.waiting:
            for choice in item.choices:
                series = facts.problem.series_by_id[choice.series_id]
                if item.person_id in series.members:
                    yield self.found(("registration", item.id), ("series", series.id))


class RegistrationNeverFree(Check):
    """Somebody is never free when anything that suits them could be held."""

    id = "registration-never-free"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for item in facts.waiting:
            fits: Fits = facts.fits[item.id]
            person = facts.problem.person_by_id[item.person_id]
            able = free_quarters(facts, person.availability) > 0
            if able and not fits.timely and _could_be_held(facts, fits.suiting):
                yield self.found(("registration", item.id), suiting=len(fits.suiting))


class RegistrationTooFar(Check):
    """Everything that suits somebody is further than they can travel."""

    id = "registration-too-far"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for item in facts.waiting:
            fits = facts.fits[item.id]
            if not fits.timely or fits.reachable:
                continue
            person = facts.problem.person_by_id[item.person_id]
            nearest = min(
                facts.problem.travel(person.home_place_id, place_id)
                for series in fits.timely
                for _, place_id, _ in facts.slots(series, person.needs)
            )
            yield self.found(
                ("registration", item.id),
                limit=person.travel_limit_minutes or 0,
                nearest=nearest,
            )


class RegistrationTargetOutOfReach(Check):
    """Nothing that somebody could join begins by the day that it should."""

    id = "registration-target-out-of-reach"
    severity = Severity.NOTE

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for item in facts.waiting:
            days = [
                days[0]
                for series in facts.fits[item.id].reachable
                for days, _, _ in facts.slots(series)
                if days
            ]
            target = item.target_day
            if target is not None and days and min(days) > target:
                yield self.found(
                    ("registration", item.id), late_days=min(days) - target
                )


class PersonWithoutAvailability(Check):
    """Somebody who asks for a seat is never free in these weeks."""

    id = "person-without-availability"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for person_id in dict.fromkeys(item.person_id for item in facts.waiting):
            person = facts.problem.person_by_id[person_id]
            if not free_quarters(facts, person.availability):
                yield self.found(("person", person_id))


class PersonNeedsNoRoomHas(Check):
    """Somebody needs something of a room that no room has."""

    id = "person-needs-no-room-has"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        rooms = [room.features for room in facts.problem.rooms]
        for person_id in dict.fromkeys(item.person_id for item in facts.waiting):
            needs = facts.problem.person_by_id[person_id].needs
            if needs and not any(needs <= features for features in rooms):
                yield self.found(("person", person_id), needs=len(needs))


class PersonOverPace(Check):
    """Somebody is in more meetings in a week than they can take."""

    id = "person-over-pace"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        weeks: dict[str, Counter[int]] = {}
        problem, taking_part = facts.problem, facts.sitting
        for placement in facts.fixed.values():
            for person_id in taking_part[placement.series_id]:
                held = weeks.setdefault(person_id, Counter())
                held.update(
                    problem.horizon.week(meeting.slot // SLOTS_PER_DAY)
                    for meeting in placement.meetings
                )
        for person_id, held in weeks.items():
            most = problem.person_by_id[person_id].sessions_per_week
            busiest = max(held.values(), default=0)
            if most is not None and busiest > most:
                yield self.found(("person", person_id), meetings=busiest, pace=most)


class TogetherWithoutCommonChoice(Check):
    """Two who must be together could join no series together."""

    id = "together-without-common-choice"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for first, second in facts.problem.keep_together:
            one, other = facts.fits.get(first), facts.fits.get(second)
            if one is None or other is None:
                continue
            common = set(one.reachable) & set(other.reachable)
            if not common and (one.reachable or other.reachable):
                yield self.found(("registration", first), ("registration", second))


class TogetherAndApart(Check):
    """Two must be kept together and kept apart: neither can get a seat."""

    id = "together-and-apart"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        apart = {frozenset(pair) for pair in facts.problem.keep_apart}
        for pair in facts.problem.keep_together:
            people = frozenset(
                facts.problem.registration_by_id[ident].person_id for ident in pair
            )
            if people in apart:
                yield self.found(*(("registration", ident) for ident in pair))


class ApartButInOneGroup(Check):
    """Two who must be kept apart are both in a group already."""

    id = "apart-but-in-one-group"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for first, second in facts.problem.keep_apart:
            pair = {facts.problem.human(first), facts.problem.human(second)}
            for series in facts.problem.series:
                leading = _leading(facts, series)
                together = pair <= leading.union(facts.sitting[series.id])
                if together and (pair & leading or not series.is_self_paced):
                    kinds = [
                        "person"
                        if ident in facts.problem.person_by_id
                        else "facilitator"
                        for ident in (first, second)
                    ]
                    yield self.found(
                        ("series", series.id), *zip(kinds, (first, second), strict=True)
                    )


def _leading(facts: Examination, series: Series) -> frozenset[str]:
    placement = facts.fixed.get(series.id)
    leaders = placement.leader_ids if placement else ()
    return frozenset(facts.problem.human(ident) for ident in leaders)


def _could_be_held(facts: Examination, offered: tuple[Series, ...]) -> bool:
    return any(series.is_self_paced or facts.slots(series) for series in offered)
