"""The rule that keeps meetings within the pace a person can take."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from scheduling.solver.constraints.presence import participants_in, placements_in
from scheduling.solver.horizon import FULL_DAY, SLOTS_PER_DAY
from scheduling.solver.plan import Plan, Violation
from scheduling.solver.problem import Person, PlanningProblem
from scheduling.solver.rule import Constraint, Days

if TYPE_CHECKING:
    from scheduling.solver.context import Context
    from scheduling.solver.variables import PlanVariables, Stay


class ResidentPace(Constraint):
    """Nobody has more meetings in a day or a week than they can take."""

    id = "resident-pace"
    bound = "relaxed"
    any_place = True

    def person_starts_beside(
        self,
        context: Context,
        person: Person,
        place_id: str | None,
        days: Days,
        length: int,
    ) -> int:
        if person.sessions_per_day is None and person.sessions_per_week is None:
            return FULL_DAY
        added = Counter(_periods(context.problem, person, days))
        fixed = _fixed_sessions(context, person)
        fits = all(
            fixed[kind, number] + count <= _limit(person, kind)
            for (kind, number), count in added.items()
        )
        return FULL_DAY if fits else 0

    def add_to(self, variables: PlanVariables) -> None:
        problem = variables.problem
        stays: dict[str, list[tuple[str, Stay]]] = defaultdict(list)
        for series in (*variables.series, *variables.given):
            owners = {
                seat.literal.index: seat.registration.id
                for seat in variables.seats(series.id)
            }
            for person_id, stay in variables.person_stays(series.id):
                person = problem.person_by_id[person_id]
                if person.sessions_per_day is None and person.sessions_per_week is None:
                    continue
                owner = owners.get(stay.literal.index, f"member of {series.id}")
                stays[person_id].append((owner, stay))
        for person_id, wanting in stays.items():
            self._limit_person(variables, problem.person_by_id[person_id], wanting)

    def _limit_person(
        self,
        variables: PlanVariables,
        person: Person,
        stays: list[tuple[str, Stay]],
    ) -> None:
        fixed = _fixed_sessions(variables.context, person)
        terms: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        owner_of: dict[int, str] = {}
        literals = {}
        for owner, stay in stays:
            index = stay.literal.index
            owner_of[index], literals[index] = owner, stay.literal
            for period in _periods(variables.problem, person, stay.days):
                terms[period][index] += 1
        told = set()
        for period, counts in sorted(terms.items()):
            left = max(0, _limit(person, period[0]) - fixed[period])
            worst: dict[str, int] = {}
            for index, count in counts.items():
                owner = owner_of[index]
                worst[owner] = max(worst.get(owner, 0), count)
            key = (left, frozenset(counts.items()))
            # Weeks with the same series and room say the same thing: once is enough.
            if sum(worst.values()) <= left or key in told:
                continue
            told.add(key)
            variables.model.add(
                sum(count * literals[index] for index, count in counts.items()) <= left
            )

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        wanted = None
        if touching is not None:
            wanted = {
                person_id
                for placement in placements_in(plan, touching)
                for person_id in participants_in(problem, plan, placement.series_id)
            }
        for person_id, meetings in _attended(problem, plan, wanted).items():
            person = problem.person_by_id[person_id]
            for kind, limit in (
                ("day", person.sessions_per_day),
                ("week", person.sessions_per_week),
            ):
                if limit is None:
                    continue
                yield from self._too_many(
                    problem, person_id, kind, limit, meetings, touching
                )

    def _too_many(
        self,
        problem: PlanningProblem,
        person_id: str,
        kind: str,
        limit: int,
        meetings: list[tuple[int, str]],
        touching: Collection[str] | None,
    ) -> Iterator[Violation]:
        periods: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for slot, name in sorted(meetings):
            day = slot // SLOTS_PER_DAY
            number = day if kind == "day" else problem.horizon.week(day)
            periods[number].append((slot, name))
        for found in periods.values():
            names = dict.fromkeys(name for _, name in found)
            if len(found) <= limit or not (
                touching is None or any(name in touching for name in names)
            ):
                continue
            yield Violation(
                self.id,
                (("person", person_id), *(("series", name) for name in names)),
                found[limit][0],
                ((f"sessions_per_{kind}", len(found)), ("limit", limit)),
            )


def _limit(person: Person, kind: str) -> int:
    limit = person.sessions_per_day if kind == "day" else person.sessions_per_week
    return limit or 0  # never None: only limited periods are counted


def _periods(
    problem: PlanningProblem, person: Person, days: Days
) -> Iterator[tuple[str, int]]:
    """Each day and week with a limit for the person, once for each of ``days``."""
    for day in days:
        if person.sessions_per_day is not None:
            yield "day", day
        if person.sessions_per_week is not None:
            yield "week", problem.horizon.week(day)


def _fixed_sessions(context: Context, person: Person) -> Counter[tuple[str, int]]:
    """Meetings fixed in each limited period; worked out once."""
    return context.once(
        ("resident pace", person.id),
        lambda: Counter(
            period
            for day, diary in context.persons.get(person.id, {}).items()
            for _ in diary
            for period in _periods(context.problem, person, (day,))
        ),
    )


def _attended(
    problem: PlanningProblem, plan: Plan, wanted: Collection[str] | None
) -> dict[str, list[tuple[int, str]]]:
    """Slot and series of each meeting a person (of ``wanted``) takes part in."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for placement in plan.placements:
        for person_id in participants_in(problem, plan, placement.series_id):
            if wanted is None or person_id in wanted:
                found[person_id].extend(
                    (meeting.slot, placement.series_id)
                    for meeting in placement.meetings
                )
    return found
