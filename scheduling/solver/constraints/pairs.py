"""Rules about who sits with whom, and that a seat is given once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from scheduling.solver.constraints.presence import (
    participants_in,
    placements_in,
    seats_given,
)
from scheduling.solver.plan import Plan, Violation
from scheduling.solver.problem import (
    Facilitator,
    PlanningProblem,
    Registration,
    Series,
)
from scheduling.solver.rule import Constraint

if TYPE_CHECKING:
    from scheduling.solver.context import Context
    from scheduling.solver.variables import Literal, PlanVariables


class KeepApart(Constraint):
    """Two people who must be kept apart never meet in one group, whether they take part
    in it or lead it.

    In a self-paced series participants do not meet; its coach meets each of them.
    """

    id = "keep-apart"
    bound = "relaxed"

    def fits_leader(
        self, problem: PlanningProblem, series: Series, facilitator: Facilitator
    ) -> bool:
        foes = problem.kept_apart.get(problem.human(facilitator.id), frozenset())
        return foes.isdisjoint(series.members)

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        foes = problem.kept_apart.get(registration.person_id, frozenset())
        return series.is_self_paced or foes.isdisjoint(series.members)

    def fits_seat_beside(
        self, context: Context, registration: Registration, series: Series
    ) -> bool:
        problem = context.problem
        foes = problem.kept_apart.get(registration.person_id)
        if not foes or series.id not in context.placements:
            return True
        leaders = context.placements[series.id].leader_ids
        if any(problem.human(item) in foes for item in leaders):
            return False
        return series.is_self_paced or not any(
            item.person_id in foes for item in context.seats.get(series.id, ())
        )

    def add_to(self, variables: PlanVariables) -> None:
        problem = variables.problem
        named = problem.kept_apart
        if not named:
            return
        pairs = [
            (one, other)
            for one, others in sorted(named.items())
            for other in sorted(others)
            if one < other
        ]
        for series in (*variables.series, *variables.given):
            seats, leads = _literals_by_human(variables, series, named)
            for one, other in pairs:
                groups = [
                    *product(seats.get(one, ()), leads.get(other, ())),
                    *product(leads.get(one, ()), seats.get(other, ())),
                    *product(leads.get(one, ()), leads.get(other, ())),
                ]
                if not series.is_self_paced:
                    groups += product(seats.get(one, ()), seats.get(other, ()))
                for first, second in groups:
                    variables.model.add_at_most_one(*first, *second)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            series = problem.series_by_id[placement.series_id]
            sitting = set(participants_in(problem, plan, series.id))
            leading = {problem.human(item) for item in placement.leader_ids}
            for pair in problem.keep_apart:
                one, other = (problem.human(item) for item in pair)
                if one == other:
                    continue
                meet = {one, other} <= sitting | leading
                if series.is_self_paced and not {one, other} & leading:
                    meet = False
                if meet:
                    yield Violation(
                        self.id,
                        (*(_thing(problem, item) for item in pair), _series(series.id)),
                    )


def _literals_by_human(
    variables: PlanVariables, series: Series, named: Collection[str]
) -> tuple[dict[str, list[list[Literal]]], dict[str, list[list[Literal]]]]:
    """Seats and leads in a series of those named: lists that exclude each other."""
    seats: dict[tuple[str, str], list[Literal]] = defaultdict(list)
    for seat in variables.seats(series.id):
        person_id = seat.registration.person_id
        if person_id in named:
            seats[person_id, seat.registration.id].append(seat.literal)
    leads: dict[tuple[str, str], list[Literal]] = defaultdict(list)
    for (_, name), literal in variables.leads(series.id).items():
        human = variables.problem.human(name)
        if human in named:
            leads[human, name].append(literal)
    return _by_first(seats), _by_first(leads)


def _by_first(
    found: dict[tuple[str, str], list[Literal]],
) -> dict[str, list[list[Literal]]]:
    grouped: dict[str, list[list[Literal]]] = defaultdict(list)
    for (first, _), literals in found.items():
        grouped[first].append(literals)
    return grouped


def _thing(problem: PlanningProblem, ident: str) -> tuple[str, str]:
    kind = "facilitator" if ident in problem.facilitator_by_id else "person"
    return kind, ident


def _series(series_id: str) -> tuple[str, str]:
    return "series", series_id


class KeepTogether(Constraint):
    """Two registrations that belong together get seats in the same series, or neither
    gets one."""

    id = "keep-together"
    bound = "relaxed"

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        return all(
            any(item.series_id == series.id for item in partner.choices)
            for partner in _partners(problem, registration.id)
        )

    def add_to(self, variables: PlanVariables) -> None:
        free = {item.id for item in variables.registrations}
        fixed = variables.context.seated
        for pair in variables.problem.keep_together:
            if free.isdisjoint(pair) or pair[0] == pair[1]:
                continue
            seats = [_by_series(variables, item) for item in pair]
            for series_id in sorted(
                {*seats[0], *seats[1], *(fixed[item] for item in pair if item in fixed)}
            ):
                one, other = (
                    sum(mine.get(series_id, ())) + (fixed.get(item) == series_id)
                    for item, mine in zip(pair, seats, strict=True)
                )
                variables.model.add(one - other == 0)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        seats: dict[str, set[str]] = defaultdict(set)
        for allocation in plan.allocations:
            seats[allocation.registration_id].add(allocation.series_id)
        for one, other in problem.keep_together:
            here, there = seats.get(one, set()), seats.get(other, set())
            names = here | there
            if here == there or not (
                touching is None or any(name in touching for name in names)
            ):
                continue
            yield Violation(
                self.id,
                (
                    ("registration", one),
                    ("registration", other),
                    *(_series(name) for name in sorted(names)),
                ),
            )


def _partners(problem: PlanningProblem, registration_id: str) -> Iterator[Registration]:
    for pair in problem.keep_together:
        if registration_id in pair:
            for other in pair:
                if other != registration_id:
                    yield problem.registration_by_id[other]


def _by_series(
    variables: PlanVariables, registration_id: str
) -> dict[str, list[Literal]]:
    found: dict[str, list[Literal]] = defaultdict(list)
    for seat in variables.seats_of(registration_id):
        found[seat.series_id].append(seat.literal)
    return found


class OneSeatPerRegistration(Constraint):
    """A registration gets at most one seat, in a series that is held, and nobody is in
    one series twice."""

    id = "one-seat-per-registration"
    bound = "relaxed"

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        return registration.person_id not in series.members

    def fits_seat_beside(
        self, context: Context, registration: Registration, series: Series
    ) -> bool:
        return not any(
            item.person_id == registration.person_id
            for item in context.seats.get(series.id, ())
        )

    def add_to(self, variables: PlanVariables) -> None:
        """One seat a registration is so by construction; two of one person are not."""
        for series in (*variables.series, *variables.given):
            by_person: dict[str, dict[str, list[Literal]]] = defaultdict(dict)
            for seat in variables.seats(series.id):
                mine = by_person[seat.registration.person_id]
                mine.setdefault(seat.registration.id, []).append(seat.literal)
            for registrations in by_person.values():
                if len(registrations) > 1:
                    variables.model.add_at_most_one(
                        literal
                        for literals in registrations.values()
                        for literal in literals
                    )

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        given = Counter(item.registration_id for item in plan.allocations)
        held = plan.placement_of
        present: dict[str, list[Registration]] = defaultdict(list)
        for series_id, registration in seats_given(problem, plan, touching):
            about = (("registration", registration.id), _series(series_id))
            if given[registration.id] > 1:
                yield Violation(
                    self.id, about, facts=(("seats", given[registration.id]),)
                )
            if series_id not in held:
                yield Violation(self.id, about, facts=(("not_held", 1),))
            present[series_id].append(registration)
        for series_id, registrations in present.items():
            yield from self._twice_in(problem, series_id, registrations)

    def _twice_in(
        self,
        problem: PlanningProblem,
        series_id: str,
        registrations: Iterable[Registration],
    ) -> Iterator[Violation]:
        members = problem.series_by_id[series_id].members
        by_person: dict[str, list[str]] = defaultdict(list)
        for item in registrations:
            by_person[item.person_id].append(item.id)
        for person_id, names in by_person.items():
            places = len(names) + (person_id in members)
            if places > 1:
                yield Violation(
                    self.id,
                    (
                        ("person", person_id),
                        *(("registration", name) for name in dict.fromkeys(names)),
                        _series(series_id),
                    ),
                    facts=(("places", places),),
                )
