"""Why a registration has no seat: an irreducible set of rules, verified by solving.

For a series that is held, the plan stays as it is and the judge says what one more
seat would break. For one that is not, the series and whoever waits for it are freed
and the rest stays fixed: a set of rules is a reason when no placement satisfies it, and
it is irreducible when leaving out any one of them lets the person in. Cores that the
engine offers are neither minimal nor always right, so every set is found and checked
by solving anew with the rules left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from scheduling.solver import verify
from scheduling.solver.candidates import Candidates, Filters, Timing
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import (
    Allocation,
    Plan,
    Reason,
    SolveStatus,
    Unplaced,
    Verified,
)
from scheduling.solver.problem import (
    Facilitator,
    PlanningProblem,
    Registration,
    Room,
    Series,
)
from scheduling.solver.rule import Constraint

SECONDS = 5.0
INFEASIBLE = SolveStatus.INFEASIBLE
SMALL_SET = 5
GIVEN_RULES = frozenset(
    {"series-rhythm", "one-seat-per-registration", "published-placement"}
)
"""What a series and a seat are: they are never given as the reason."""
FIRST_NAMED = (
    "resident-suitability",
    "prerequisite",
    "closed-group",
    "pinned-placement",
    "resident-travel",
    "resident-availability",
    "keep-apart",
    "leader-not-member",
    "resident-conflict",
    "resident-pace",
    "room-features",
    "keep-together",
)
"""Of several rules that each are reason enough, the one that says most comes first;
what could change tomorrow (a full group, a small room) comes last."""

NEEDS_OTHERS = frozenset({"group-size", "keep-together", "pinned-placement"})
LEADERS_NEEDED_BY = frozenset({"staffing-mix", "pinned-placement"})
ROOMS_TOLD_APART_BY = frozenset(
    {
        "room-conflict",
        "room-open",
        "room-booking",
        "room-capacity",
        "room-features",
        "pinned-placement",
    }
)


class LeanFilters(Filters):
    """The filters of a set of rules, without choices that none of them looks at.

    Where no rule asks for leaders, leading with nobody is allowed and never worse;
    where no rule tells rooms apart, one room of a place stands for all. The answer
    whether a placement exists is the same, and found in a tenth of the time.
    """

    def __init__(
        self, problem: PlanningProblem, constraints: Iterable[Constraint]
    ) -> None:
        super().__init__(problem, constraints)
        ids = {rule.id for rule in self.constraints}
        self._needs_leaders = bool(ids & LEADERS_NEEDED_BY)
        self._tells_rooms_apart = bool(ids & ROOMS_TOLD_APART_BY)

    def leaders(self, series: Series) -> tuple[Facilitator, ...]:
        return super().leaders(series) if self._needs_leaders else ()

    def rooms(self, series: Series) -> tuple[Room, ...]:
        found = super().rooms(series)
        if self._tells_rooms_apart:
            return found
        return tuple({room.place_id: room for room in reversed(found)}.values())


def explain(
    problem: PlanningProblem,
    plan: Plan,
    *,
    registration_ids: Iterable[str] | None = None,
    constraints: Sequence[Constraint] = CONSTRAINTS,
    beat: Callable[[], None] | None = None,
) -> Plan:
    """The plan with a reason for every choice of every registration without a seat.

    A reason without rules says that nothing stands in the way with the part freed: the
    plan could be better. Where the engine cannot say in time whether a rule is needed,
    the rule stays in; where it cannot say whether there is a reason at all, the reason
    is ``undecided``. A registration without choices has no reasons.
    ``registration_ids``: only these. ``beat`` is called between two solves.
    """
    return _Explainer(problem, plan, constraints, beat or (lambda: None)).explain(
        None if registration_ids is None else frozenset(registration_ids)
    )


class _Explainer:
    def __init__(
        self,
        problem: PlanningProblem,
        plan: Plan,
        constraints: Sequence[Constraint],
        beat: Callable[[], None],
    ) -> None:
        self.problem, self.plan, self.beat = problem, plan, beat
        self.rules = tuple(constraints)
        self.context = Context.of_plan(problem, plan)
        seated = {item.registration_id for item in plan.allocations}
        self.waiting = tuple(
            item for item in problem.registrations if item.id not in seated
        )
        self._filters: dict[frozenset[str], Filters] = {}
        self._closed: dict[str, tuple[Constraint, ...]] = {}
        self._before = frozenset(
            (one.rule, one.about) for one in verify.violations(problem, plan)
        )

    def explain(self, wanted: frozenset[str] | None) -> Plan:
        kept = {item.registration_id: item for item in self.plan.unplaced}
        unplaced = tuple(
            self._unplaced(item)
            if wanted is None or item.id in wanted
            else kept.get(item.id, Unplaced(item.id))
            for item in self.waiting
        )
        return replace(self.plan, unplaced=unplaced)

    def _unplaced(self, registration: Registration) -> Unplaced:
        reasons = []
        for choice in registration.choices:
            self.beat()
            series = self.problem.series_by_id[choice.series_id]
            reasons.append(self._reason(registration, series))
        return Unplaced(registration.id, tuple(reasons))

    def _reason(self, registration: Registration, series: Series) -> Reason:
        by_facts = [
            rule.id
            for rule in self.rules
            if not rule.fits_seat(self.problem, registration, series)
        ]
        if by_facts:
            return Reason(series.id, (_first(by_facts),), Verified.BY_FACTS)
        if series.id in self.plan.placement_of:
            return self._reason_as_it_stands(registration, series)
        rules = self._blocking(registration, series)
        if rules is None:
            return Reason(series.id, (), Verified.UNDECIDED, (series.id,))
        return Reason(
            series.id,
            tuple(rule.id for rule in rules if rule.id not in GIVEN_RULES),
            Verified.PART_FREED,
            (series.id,),
        )

    # The series is held: one more seat, all else as it is. -------------------------
    def _reason_as_it_stands(
        self, registration: Registration, series: Series
    ) -> Reason:
        seat = Allocation(registration.id, series.id)
        tried = replace(self.plan, allocations=(*self.plan.allocations, seat))
        broken = [
            one.rule
            for one in verify.violations(
                self.problem, tried, self.rules, touching=[series.id]
            )
            if (one.rule, one.about) not in self._before
        ]
        rules = (_first(broken),) if broken else ()
        return Reason(series.id, rules, Verified.PLAN_FIXED)

    # The series is not held: it and who waits for it are free. -----------------------
    def _blocking(
        self, registration: Registration, series: Series
    ) -> tuple[Constraint, ...] | None:
        """Rules that keep the seat away; ``None`` when that cannot be said in time."""
        if series.id not in self._closed:
            shut = self._blocks(self.rules, series, None)
            self._closed[series.id] = (
                self._reduced(self.rules, series, None) if shut else ()
            )
        closed = self._closed[series.id]
        if closed:
            return self._reduced(closed, series, registration)
        blocked = self._blocks(self.rules, series, registration)
        if blocked is None:
            return None
        return self._reduced(self.rules, series, registration) if blocked else ()

    def _reduced(
        self,
        rules: Sequence[Constraint],
        series: Series,
        registration: Registration | None,
    ) -> tuple[Constraint, ...]:
        """An irreducible part of a set of rules that is known to block.

        What a series and a seat are goes without saying: it stays in, and counts not.
        """
        kept = tuple(rules)
        many = len(kept) > SMALL_SET + len(GIVEN_RULES)
        for family in _families(kept) if many else ():
            rest = tuple(rule for rule in kept if rule not in family)
            if len(family) > 1 and self._blocks(rest, series, registration):
                kept = rest
        for rule in tuple(kept):
            if rule.id in GIVEN_RULES:
                continue
            rest = tuple(one for one in kept if one is not rule)
            if self._blocks(rest, series, registration):
                kept = rest
        return kept

    def _blocks(
        self,
        rules: Sequence[Constraint],
        series: Series,
        registration: Registration | None,
    ) -> bool | None:
        """Whether these rules alone keep the series from being held, all else fixed.

        With a registration: from being held with it. ``None``: not known in time.
        """
        self.beat()
        promising = self._promising(rules, series, registration)
        if promising is None:
            return True
        status = self._held(rules, series, registration, [promising])
        if status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
            return False
        status = self._held(rules, series, registration, None)
        return None if status is SolveStatus.UNKNOWN else status is INFEASIBLE

    def _promising(
        self,
        rules: Sequence[Constraint],
        series: Series,
        registration: Registration | None,
    ) -> tuple[Timing, str | None] | None:
        """The mode in which most could sit, ``None`` when there is none at all.

        Mostly a series can be held in its best mode or not at all, and a model of one
        mode is solved at once.
        """
        candidates = Candidates(
            self._filters_of(rules),
            self.context,
            {series.id},
            self._companions(rules, series, registration),
        )
        best, most = None, -1
        for mode in candidates.modes[series.id]:
            if series.needs_room and not candidates.rooms_for(series, mode):
                continue
            if registration and not candidates.seat_starts(registration, series, mode):
                continue
            seats = sum(
                item.seats
                for item in candidates.registrations
                if candidates.seat_starts(item, series, mode)
            )
            if seats > most:
                best, most = (mode.timing, mode.place_id), seats
        return best

    def _held(
        self,
        rules: Sequence[Constraint],
        series: Series,
        registration: Registration | None,
        modes: Collection[tuple[Timing, str | None]] | None,
    ) -> SolveStatus:
        """Whether the engine finds the series held, in these modes (``None``: all)."""
        model = PlanningModel(
            self.problem,
            rules,
            filters=self._filters_of(rules),
            context=self.context,
            series_ids={series.id},
            registration_ids=self._companions(rules, series, registration),
            modes=None if modes is None else {series.id: modes},
        )
        engine = model.engine_model
        engine.add(model.variables.opens(series.id) == 1)
        if registration is not None:
            seats = [
                seat.literal
                for seat in model.variables.seats_of(registration.id)
                if seat.series_id == series.id
            ]
            engine.add_bool_or(seats)
        return model.solve(seconds=SECONDS).status

    def _companions(
        self,
        rules: Sequence[Constraint],
        series: Series,
        registration: Registration | None,
    ) -> frozenset[str]:
        """Who waits and would take the series; only sizes and pairs ask for them."""
        if not {rule.id for rule in rules} & NEEDS_OTHERS:
            return frozenset({registration.id} if registration else ())
        wanting = self.problem.registrations_by_series[series.id]
        free = {item.id for item in self.waiting}
        found = {item.id for item in wanting if item.id in free}
        return frozenset(found | ({registration.id} if registration else set()))

    def _filters_of(self, rules: Sequence[Constraint]) -> Filters:
        key = frozenset(rule.id for rule in rules)
        if key not in self._filters:
            self._filters[key] = LeanFilters(self.problem, rules)
        return self._filters[key]


def _families(rules: Sequence[Constraint]) -> Iterable[tuple[Constraint, ...]]:
    """Rules about one kind of thing, by the file they are in: tried together first."""
    modules = dict.fromkeys(type(rule).__module__ for rule in rules)
    for module in modules:
        family = tuple(
            rule
            for rule in rules
            if type(rule).__module__ == module and rule.id not in GIVEN_RULES
        )
        yield family


def _first(rule_ids: Sequence[str]) -> str:
    known = [rule_id for rule_id in FIRST_NAMED if rule_id in rule_ids]
    return known[0] if known else sorted(rule_ids)[0]
