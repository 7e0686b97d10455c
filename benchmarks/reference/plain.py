"""The plain interval model in CP-SAT: what one would write first, kept to compare with.

One optional interval for each meeting and each room, leader or person that it may ask
for, nothing double-booked, seats counted; the engine's default settings, no start, no
price, no neighbourhood. Seats are linked to a series as a whole and not to its modes.
Travel between two new meetings and the finer load limits of leaders are left to the
repair that every reference solver gets (``answer``); its bound stays true without them.
"""

from __future__ import annotations

import time
from collections import defaultdict
from itertools import product
from typing import Any

from ortools.sat.python import cp_model

from benchmarks.reference.answer import Answer, main
from benchmarks.reference.facts import ANYWHERE, Choices, Facts
from scheduling.solver.horizon import SLOTS_PER_DAY, quarters_in
from scheduling.solver.plan import Allocation, Meeting, Placement
from scheduling.solver.problem import Format, PlanningProblem


class Plain:
    """The model."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.problem = facts, facts.problem
        self.model = cp_model.CpModel()
        self.opens: dict[str, Any] = {}
        self.spot: dict[str, dict[Any, Any]] = {}
        self.quarter: dict[str, Any] = {}
        self.rooms: dict[str, dict[str, Any]] = {}
        self.leads: dict[str, dict[str, Any]] = {}
        self.seats: dict[tuple[str, str], Any] = {}
        self.seats_in: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        self.busy: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self.worth: list[Any] = []
        for choices in facts.free:
            self._series(choices)
        for series_id, joining in facts.joining.items():
            self._join(series_id, joining)
        self._once_each()
        for intervals in self.busy.values():
            if len(intervals) > 1:
                self.model.add_no_overlap(intervals)
        self._minutes()
        self._together()
        self._apart()
        self._order()
        self.model.maximize(sum(self.worth))

    # One series. ---------------------------------------------------------------------
    def _series(self, choices: Choices) -> None:
        model, series = self.model, choices.series
        name = series.id
        opens = self.opens[name] = model.new_bool_var(f"open {name}")
        spots = {spot: model.new_bool_var("spot") for spot in choices.starts}
        self.spot[name] = spots
        model.add(sum(spots.values()) == opens)
        self.worth.append(self.facts.worth.held(series) * opens)
        start = self.quarter[name] = model.new_int_var(0, SLOTS_PER_DAY, "quarter")
        self.rooms[name] = {one: model.new_bool_var("room") for one in choices.room_ids}
        self.leads[name] = {one: model.new_bool_var("lead") for one in choices.lead_ids}
        for one in choices.seat_ids:
            seat = self.seats[one, name] = model.new_bool_var("seat")
            self.seats_in[name].append((one, seat))
            self._seat_worth(choices, one, seat)
            model.add_implication(seat, opens)
        for literal in self.leads[name].values():
            model.add_implication(literal, opens)
        if series.needs_room:
            model.add(sum(self.rooms[name].values()) == opens)
        for spot, literal in spots.items():
            if spot != ANYWHERE:
                self._within(start, choices.starts[spot], literal)
            self._only(choices.rooms[spot], self.rooms[name], spot, literal, start)
            self._only(choices.leads[spot], self.leads[name], spot, literal, start)
            seats = dict(self.seats_in[name])
            self._only(choices.seats[spot], seats, spot, literal, start)
        self._staff(choices)
        self._size(choices)
        self._meetings(choices)

    def _within(self, start: Any, mask: int, *literals: Any) -> None:
        domain = cp_model.Domain.from_values(list(quarters_in(mask)))
        self.model.add_linear_expression_in_domain(start, domain).only_enforce_if(
            *literals
        )

    def _only(
        self,
        masks: dict[str, int],
        literals: dict[str, Any],
        spot: Any,
        here: Any,
        start: Any,
    ) -> None:
        """In a spot only some can be chosen, and only at some quarters."""
        for name, literal in literals.items():
            mask = masks.get(name, 0)
            if not mask:
                self.model.add_implication(literal, here.negated())
            elif spot != ANYWHERE:
                self._within(start, mask, literal, here)

    def _seat_worth(self, choices: Choices, name: str, seat: Any) -> None:
        """A seat's worth at its best, less what a later pattern takes off."""
        values = {
            spot: self.facts.value(choices, spot, name)
            for spot, seats in choices.seats.items()
            if name in seats
        }
        best = max(values.values())
        self.worth.append(best * seat)
        late = {spot: best - value for spot, value in values.items() if value < best}
        if late:
            cost = self.model.new_int_var(0, max(late.values()), "late")
            for spot, less in late.items():
                here = self.spot[choices.series.id][spot]
                self.model.add(cost >= less).only_enforce_if(seat, here)
            self.worth.append(-cost)

    def _taken(self, name: str) -> Any:
        series = self.problem.series_by_id[name]
        people = self.problem.registration_by_id
        return len(series.members) * self.opens[name] + sum(
            people[one].seats * seat for one, seat in self.seats_in[name]
        )

    def _staff(self, choices: Choices) -> None:
        model, series, name = self.model, choices.series, choices.series.id
        people = self.problem.facilitator_by_id
        filling: dict[str, list[Any]] = defaultdict(list)
        for need in series.staff:
            able = [
                one
                for one in self.leads[name]
                if need.roles & people[one].roles and need.skills <= people[one].skills
            ]
            fills = {one: model.new_bool_var("fill") for one in able}
            for one, literal in fills.items():
                filling[one].append(literal)
            wanted = self.opens[name]
            if need.from_seats > len(series.members):
                wanted = model.new_bool_var("grown")
                taken = self._taken(name)
                model.add(taken >= need.from_seats).only_enforce_if(wanted)
                model.add(taken < need.from_seats).only_enforce_if(wanted.negated())
            model.add(sum(fills.values()) == need.count * wanted)
        for one, literal in self.leads[name].items():
            model.add(sum(filling[one]) == literal)
        if series.different_organisations:
            homes: dict[str, list[Any]] = defaultdict(list)
            for one, literal in self.leads[name].items():
                homes[people[one].organisation_id].append(literal)
            for literals in homes.values():
                model.add_at_most_one(literals)

    def _size(self, choices: Choices) -> None:
        model, series, name = self.model, choices.series, choices.series.id
        taken = self._taken(name)
        model.add(taken <= max(series.size_max, len(series.members)))
        if not series.is_running:
            model.add(taken >= series.size_min * self.opens[name])
        rooms = {one: self.problem.room_by_id[one] for one in self.rooms[name]}
        if series.format is Format.IN_PERSON and rooms:
            leaders = sum(self.leads[name].values())
            chairs = sum(
                rooms[one].capacity * literal
                for one, literal in self.rooms[name].items()
            )
            model.add(taken + leaders + series.guests * self.opens[name] <= chairs)
        for one, seat in self.seats_in[name]:
            lacking = [
                literal
                for room, literal in self.rooms[name].items()
                if self.facts.lacks(one, rooms[room])
            ]
            if lacking:
                model.add(seat + sum(lacking) <= 1)

    def _meetings(self, choices: Choices) -> None:
        """An interval for each meeting of each spot's pattern and each who is there."""
        name, length = choices.series.id, choices.series.length
        patterns: dict[tuple[int, ...], list[Any]] = defaultdict(list)
        for spot, literal in self.spot[name].items():
            if spot != ANYWHERE:
                patterns[choices.days(spot)].append(literal)
        for days, literals in patterns.items():
            at = self.model.new_bool_var("pattern")
            self.model.add(sum(literals) == at)
            wanting = [("room", one, lit) for one, lit in self.rooms[name].items()]
            wanting += [("lead", one, lit) for one, lit in self.leads[name].items()]
            wanting += [
                ("person", self.problem.registration_by_id[one].person_id, lit)
                for one, lit in self.seats_in[name]
            ]
            wanting += [
                ("person", one, self.opens[name]) for one in choices.series.members
            ]
            for kind, one, literal in wanting:
                there = self.model.new_bool_var("there")
                self.model.add_bool_or(there, at.negated(), literal.negated())
                self.model.add_implication(there, at)
                self.model.add_implication(there, literal)
                size = length
                if kind == "room":
                    size += self.problem.room_by_id[one].changeover
                for day in days:
                    begin = self.quarter[name] + SLOTS_PER_DAY * day
                    self.busy[kind, one].append(
                        self.model.new_optional_fixed_size_interval_var(
                            begin, size, there, "meeting"
                        )
                    )

    # Several series. -----------------------------------------------------------------
    def _join(self, series_id: str, joining: list[Any]) -> None:
        for item in joining:
            seat = self.seats[item.id, series_id] = self.model.new_bool_var("seat")
            self.seats_in[series_id].append((item.id, seat))
            self.worth.append(self.facts.joining_value(item, series_id) * seat)
            for day, busy in self.facts.context.meetings(
                self.facts.context.placements[series_id]
            ):
                self.busy["person", item.person_id].append(
                    self.model.new_optional_fixed_size_interval_var(
                        day * SLOTS_PER_DAY + busy.start,
                        busy.end - busy.start,
                        seat,
                        "joined",
                    )
                )
        seats = sum(item.seats * self.seats[item.id, series_id] for item in joining)
        if joining:
            self.model.add(seats <= self.facts.seats_left(series_id))

    def _once_each(self) -> None:
        by_registration: dict[str, list[Any]] = defaultdict(list)
        by_person: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for (one, series_id), seat in self.seats.items():
            by_registration[one].append(seat)
            person = self.problem.registration_by_id[one].person_id
            by_person[person, series_id].append(seat)
        for found in (*by_registration.values(), *by_person.values()):
            if len(found) > 1:
                self.model.add_at_most_one(found)

    def _minutes(self) -> None:
        """Minutes a week of each leader; of patterns that differ, the fewest."""
        load: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for choices in self.facts.free:
            weeks = [self.facts.minutes_by_week(choices, one) for one in choices.starts]
            for week in set.intersection(*(set(found) for found in weeks)):
                least = min(found[week] for found in weeks)
                for one, literal in self.leads[choices.series.id].items():
                    load[one, week].append(least * literal)
        for (one, week), terms in load.items():
            left = self.facts.minutes_left(one, week)
            if left is not None and len(terms) > 1:
                self.model.add(sum(terms) <= left)

    def _together(self) -> None:
        for one, other in self.problem.keep_together:
            for series_id in {at for who, at in self.seats if who in (one, other)}:
                self.model.add(
                    self.seats.get((one, series_id), 0)
                    == self.seats.get((other, series_id), 0)
                )

    def _apart(self) -> None:
        """Foes never meet, and nobody leads a group and takes part in it."""
        groups: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for (one, series_id), seat in self.seats.items():
            person = self.problem.registration_by_id[one].person_id
            groups[series_id][person].append(seat)
        for choices in self.facts.free:
            for lead_id, literal in self.leads[choices.series.id].items():
                groups[choices.series.id][self.problem.human(lead_id)].append(literal)
        for series_id, humans in groups.items():
            if self.problem.series_by_id[series_id].is_self_paced:
                continue
            for human, literals in humans.items():
                if len(literals) > 1:
                    self.model.add_at_most_one(literals)
                for foe in self.problem.kept_apart.get(human, ()):
                    for mine, theirs in product(literals, humans.get(foe, ())):
                        self.model.add_at_most_one(mine, theirs)

    def _order(self) -> None:
        choices_of = {one.series.id: one for one in self.facts.free}
        for before, after in self.problem.series_order:
            if before not in choices_of or after not in choices_of:
                continue
            first, second = choices_of[before], choices_of[after]
            for spot, at in self.spot[before].items():
                for other, there in self.spot[after].items():
                    ends = first.days(spot)[-1] * SLOTS_PER_DAY + first.series.length
                    begins = second.days(other)[0] * SLOTS_PER_DAY
                    self.model.add(
                        self.quarter[before] + ends <= self.quarter[after] + begins
                    ).only_enforce_if(at, there)

    # Reading. ------------------------------------------------------------------------
    def read(self, solver: Any) -> tuple[list[Placement], list[Allocation]]:
        placements = []
        for choices in self.facts.free:
            name = choices.series.id
            if not solver.value(self.opens[name]):
                continue
            spot = next(one for one, at in self.spot[name].items() if solver.value(at))
            room = next(
                (one for one, lit in self.rooms[name].items() if solver.value(lit)),
                None,
            )
            leads = tuple(
                one for one, lit in self.leads[name].items() if solver.value(lit)
            )
            if spot == ANYWHERE:
                placements.append(Placement(name, (), leads))
                continue
            quarter = solver.value(self.quarter[name])
            placements.append(
                Placement(
                    name,
                    tuple(
                        Meeting(day * SLOTS_PER_DAY + quarter, room, leads)
                        for day in choices.days(spot)
                    ),
                )
            )
        return placements, [
            Allocation(one, series_id)
            for (one, series_id), seat in self.seats.items()
            if solver.value(seat)
        ]


class _First(cp_model.CpSolverSolutionCallback):
    def __init__(self, began: float) -> None:
        super().__init__()
        self.began, self.seconds = began, None

    def on_solution_callback(self) -> None:
        if self.seconds is None:
            self.seconds = time.monotonic() - self.began


def solve(problem: PlanningProblem, seconds: float, workers: int, seed: int) -> Answer:
    """The plain model's answer within the seconds, building included."""
    began = time.monotonic()
    facts = Facts(problem)
    plain = Plain(facts)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    left = seconds - (time.monotonic() - began)
    solver.parameters.max_time_in_seconds = max(0.1, left)
    first = _First(began)
    status = solver.solve(plain.model, first)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(facts, [], [], None, None)
    bound = facts.fixed_value() + solver.best_objective_bound
    return Answer(facts, *plain.read(solver), bound, first.seconds)


if __name__ == "__main__":
    main(solve, __doc__ or "")
