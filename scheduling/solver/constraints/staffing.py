"""The rule about who leads together: how many of which role, and from where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from scheduling.solver.constraints.presence import placements_in, seated_in
from scheduling.solver.plan import Placement, Plan, Violation
from scheduling.solver.problem import (
    Facilitator,
    PlanningProblem,
    Series,
    StaffNeed,
)
from scheduling.solver.rule import Constraint

if TYPE_CHECKING:
    from scheduling.solver.candidates import Timing
    from scheduling.solver.variables import Literal, PlanVariables

Kind = tuple[frozenset[str], frozenset[str]]
"""Needs with the same roles and skills can be filled by the same people."""


class StaffingMix(Constraint):
    """Every meeting has exactly the leaders that the size of the group asks for, each
    in one role that they have, and where asked all from different organisations."""

    id = "staffing-mix"
    bound = "relaxed"

    def fits_leader(
        self, problem: PlanningProblem, series: Series, facilitator: Facilitator
    ) -> bool:
        return any(_can_fill(facilitator, _kind(need)) for need in series.staff)

    def add_to(self, variables: PlanVariables) -> None:
        for series in variables.series:
            teams: dict[Timing, dict[str, Literal]] = {
                timing: {} for timing in variables.timings(series.id)
            }
            for (timing, lead_id), literal in variables.leads(series.id).items():
                teams[timing][lead_id] = literal
            for timing, team in teams.items():
                wanted = _wanted(variables, series, timing)
                _fill(variables, wanted, team)
                if series.different_organisations:
                    _spread(variables, team)
        for series in variables.given:
            self._join(variables, series)

    def _join(self, variables: PlanVariables, series: Series) -> None:
        """Who joins what is fixed leaves its leaders enough and not too many.

        Needs only add up with the seats taken, so a team suits a range of sizes.
        """
        context, literals = variables.context, variables.seats(series.id)
        taken = len(series.members) + sum(s.seats for s in context.seats[series.id])
        joining = sum(seat.registration.seats for seat in literals)
        people = variables.problem.facilitator_by_id
        placement = context.placements[series.id]
        teams = {frozenset(item.facilitator_ids) for item in placement.meetings} or {
            frozenset(placement.coach_ids)
        }
        turns = {need.from_seats - taken for need in series.staff}
        steps = [0, *sorted(turn for turn in turns if 0 < turn <= joining), joining + 1]
        suited = [
            (begin, end - 1)
            for begin, end in pairwise(steps)
            if all(
                _suits(series, [people[name] for name in team], taken + begin)
                for team in teams
            )
        ]
        # A team that suits no size is broken without us: nobody joins it.
        low, high = (suited[0][0], suited[-1][1]) if suited else (0, 0)
        if (low, high) != (0, joining):
            variables.model.add_linear_constraint(
                sum(seat.registration.seats * seat.literal for seat in literals),
                low,
                high,
            )

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            series = problem.series_by_id[placement.series_id]
            about = (("series", series.id),)
            taken = len(series.members)
            taken += sum(item.seats for item in seated_in(problem, plan, series.id))
            needs = _needs(series, taken)
            for team, slot in _teams(problem, placement):
                if not _fills(team, needs):
                    facts = (
                        ("leaders", len(team)),
                        ("wanted", sum(need.count for need in needs)),
                        ("seats", taken),
                    )
                    yield Violation(self.id, about, slot, facts)
            if not series.different_organisations:
                continue
            leaders = [problem.facilitator_by_id[i] for i in placement.leader_ids]
            alike = Counter(item.organisation_id for item in leaders)
            if (most := max(alike.values(), default=0)) > 1:
                yield Violation(self.id, about, facts=(("of_one_organisation", most),))


def _kind(need: StaffNeed) -> Kind:
    return need.roles, need.skills


def _can_fill(facilitator: Facilitator, kind: Kind) -> bool:
    roles, skills = kind
    return not roles.isdisjoint(facilitator.roles) and skills <= facilitator.skills


# Encoder. ------------------------------------------------------------------------
def _suits(series: Series, team: Sequence[Facilitator], taken: int) -> bool:
    """Whether a fixed team is what the series needs with so many seats taken.

    Hall's condition (1935): there are as many leaders as places, and any of them
    together can fill at least as many places as they are.
    """
    places = [
        _kind(need)
        for need in series.staff
        if need.from_seats <= taken
        for _ in range(need.count)
    ]
    return len(places) == len(team) and all(
        sum(any(_can_fill(lead, kind) for lead in some) for kind in places) >= count
        for count in range(1, len(team) + 1)
        for some in combinations(team, count)
    )


def _wanted(
    variables: PlanVariables, series: Series, timing: Timing
) -> dict[Kind, list[Any]]:
    """By kind of need the counts wanted in a timing, as terms to add up."""
    model, at = variables.model, variables.at(series.id, timing)
    members = len(series.members)
    seats = [seat for seat in variables.seats(series.id) if seat.timing == timing]
    coming = sum(seat.registration.seats * seat.literal for seat in seats)
    most = members + sum(seat.registration.seats for seat in seats)
    grown: dict[int, Literal] = {}
    wanted: dict[Kind, list[Any]] = defaultdict(list)
    for need in series.staff:
        begin = need.from_seats
        if begin <= members:
            wanted[_kind(need)].append(need.count * at)
            continue
        terms = wanted[_kind(need)]
        if begin > most:
            continue
        if begin not in grown:
            grown[begin] = literal = model.new_bool_var(f"from {begin} {series.id}")
            model.add(members * at + coming >= begin * literal)
            model.add(
                members * at + coming <= (begin - 1) * at + (most - begin + 1) * literal
            )
        terms.append(need.count * grown[begin])
    return wanted


def _fill(
    variables: PlanVariables,
    wanted: Mapping[Kind, Sequence[Any]],
    team: Mapping[str, Literal],
) -> None:
    """Each leader fills exactly one need: a flow from alike leaders to kinds of need.

    Leaders who can fill the same kinds are alike, so the flow is small and, being a
    transport problem, costs the linear relaxation nothing.
    """
    model, problem = variables.model, variables.problem
    alike: dict[tuple[Kind, ...], list[Literal]] = defaultdict(list)
    for lead_id, literal in team.items():
        facilitator = problem.facilitator_by_id[lead_id]
        alike[tuple(k for k in wanted if _can_fill(facilitator, k))].append(literal)
    filled: dict[Kind, list[Any]] = {kind: [] for kind in wanted}
    for kinds, literals in alike.items():
        if len(kinds) == 1:
            filled[kinds[0]].extend(literals)
            continue
        flows = [model.new_int_var(0, len(literals), "fill") for _ in kinds]
        model.add(sum(flows) == sum(literals))
        for kind, flow in zip(kinds, flows, strict=True):
            filled[kind].append(flow)
    for kind, terms in filled.items():
        model.add(sum(terms) == sum(wanted[kind]))


def _spread(variables: PlanVariables, team: Mapping[str, Literal]) -> None:
    """At most one leader of each organisation."""
    homes: dict[str, list[Literal]] = defaultdict(list)
    for lead_id, literal in team.items():
        facilitator = variables.problem.facilitator_by_id[lead_id]
        homes[facilitator.organisation_id].append(literal)
    for literals in homes.values():
        if len(literals) > 1:
            variables.model.add_at_most_one(literals)


# Judge. --------------------------------------------------------------------------
def _needs(series: Series, taken: int) -> list[StaffNeed]:
    """The needs that apply with so many seats taken."""
    return [need for need in series.staff if need.from_seats <= taken]


def _teams(
    problem: PlanningProblem, placement: Placement
) -> list[tuple[list[Facilitator], int | None]]:
    """Each team that leads or coaches the series, with the first slot it does."""
    first: dict[frozenset[str], int | None] = {}
    for meeting in placement.meetings:
        team = frozenset((*meeting.facilitator_ids, *placement.coach_ids))
        first.setdefault(team, meeting.slot)
    if not placement.meetings:
        first[frozenset(placement.coach_ids)] = None
    return [
        ([problem.facilitator_by_id[name] for name in sorted(team)], slot)
        for team, slot in first.items()
    ]


def _fills(team: Sequence[Facilitator], needs: Iterable[StaffNeed]) -> bool:
    """Whether the leaders and the places wanted can be paired off, none left over.

    Augmenting paths (Kuhn 1955): a leader takes a place, and who held it moves on.
    """
    places = [need for need in needs for _ in range(need.count)]
    if len(places) != len(team):
        return False
    holder: dict[int, int] = {}

    def settle(leader: int, tried: set[int]) -> bool:
        for number, need in enumerate(places):
            if number in tried:
                continue
            if not need.roles & team[leader].roles:
                continue
            if not need.skills <= team[leader].skills:
                continue
            tried.add(number)
            if number not in holder or settle(holder[number], tried):
                holder[number] = leader
                return True
        return False

    return all(settle(leader, set()) for leader in range(len(team)))
