"""From a problem to a plan: the door to the engine.

Prices give a bound, a greedy start the first plan; one or more searchers better it by
large neighbourhoods and, where the whole is not too large for the engine, prove it tier
by tier. Every plan that is told or returned was judged by ``verify``.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.objectives import OBJECTIVES, most_tier_one_value
from scheduling.solver.plan import Plan, SolveStatus, TierResult, Unplaced
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.beginning import Beginning
from scheduling.solver.search.fixed import check_fixed, fixed_context
from scheduling.solver.search.greedy import Greedy
from scheduling.solver.search.incumbent import Incumbent, costs_of
from scheduling.solver.search.leader import Leader
from scheduling.solver.search.line import Helper, Line, ProcessHelper, ThreadHelper
from scheduling.solver.search.loop import PART_SECONDS, Job
from scheduling.solver.search.neighbourhoods import halves
from scheduling.solver.search.part import Effort
from scheduling.solver.search.prices import Prices, Relaxation
from scheduling.solver.search.required import Required
from scheduling.solver.search.table import ModeTable, TableMaker
from scheduling.solver.search.timetable_start import fill_with_timetable
from scheduling.solver.search.trial import Judge
from scheduling.solver.search.watcher import ProgressEvent, Watcher
from scheduling.solver.search.worth import Worth
from scheduling.solver.validate import check
from scheduling.solver.verify import costs, tier_values
from scheduling.solver.versions import versions

__all__ = ["ProgressEvent", "SolveSettings", "solve"]

Progress = Callable[[ProgressEvent], None]
ShouldStop = Callable[[], bool]

FIRST_WALK = 80
PART_WORK = 1.0
LEAST_FOR_START = 2.0
LEAST_FOR_PROCESSES = 4.0
LARGE = 120
WARM_UP_STEPS = 6
RELAX_SHARE = 0.4
LONGEST_PART = 8.0
SMALL_SERIES, SMALL_REGISTRATIONS = 8, 60
ENGINE_SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class SolveSettings:
    """How to solve.

    ``seconds`` of wall clock for everything; ``workers`` searchers (1: in this
    process, more: a process each); ``seed``. ``steps``: do exactly so many
    neighbourhoods by one searcher, each cut off by work and not by time, so that the
    same seed gives the same plan on any machine that has the time. ``strict``: raise
    ``BrokenPlan`` where a broken plan would be dropped and logged (for tests).
    """

    seconds: float = 60.0
    workers: int = 2
    seed: int = 1
    steps: int | None = None
    strict: bool = False

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise ValueError(f"seconds is {self.seconds}; give 0 or more")
        if self.workers < 1:
            raise ValueError(f"workers is {self.workers}; give 1 or more")
        if self.steps is not None and self.steps < 0:
            raise ValueError(f"steps is {self.steps}; give 0 or more")


def solve(
    problem: PlanningProblem,
    settings: SolveSettings | None = None,
    *,
    constraints: Iterable[Constraint] = CONSTRAINTS,
    objectives: Iterable[Objective] = OBJECTIVES,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    start: Plan | None = None,
) -> Plan:
    """Plan the problem.

    ``progress`` is called at least once a second, in the caller's thread;
    ``should_stop`` is asked as often, and when it says so the best plan so far comes
    back within two seconds. ``start``: a plan to begin from; what of it is legal is
    taken over. Raises ``InvalidProblem`` with every fault of the facts, or with what is
    published and breaks a rule. Pins that cannot all hold give status ``infeasible``
    and are named in ``contradiction``.
    """
    settings = settings or SolveSettings()
    watcher = Watcher(problem, settings.seconds, progress, should_stop)
    watcher.report()

    def work() -> Plan:
        check(problem)
        return _Solve(
            problem, settings, tuple(constraints), tuple(objectives), watcher, start
        ).run()

    plan = watcher.beside(work)
    watcher.report()
    return plan


@dataclass
class _Solve:
    """One solve, step by step."""

    problem: PlanningProblem
    settings: SolveSettings
    constraints: tuple[Constraint, ...]
    objectives: tuple[Objective, ...]
    watcher: Watcher
    start: Plan | None
    filters: Filters = field(init=False)
    fixed: Context = field(init=False)
    leader: Leader = field(init=False)
    processes: dict[int, ProcessHelper] = field(default_factory=dict)

    def run(self) -> Plan:
        self.filters = Filters(self.problem, self.constraints)
        self.fixed = fixed_context(self.problem)
        check_fixed(self.problem, self.fixed, self.constraints)
        self.leader = Leader(
            self.problem,
            self.constraints,
            self.objectives,
            self.watcher,
            strict=self.settings.strict,
        )
        try:
            self._start_processes()
            return self._plan()
        finally:
            for process in self.processes.values():
                process.close()

    def _start_processes(self) -> None:
        """A process takes a second to load; the first does so while a start is made."""
        settings = self.settings
        if (
            settings.workers > 1
            and settings.steps is None
            and settings.seconds >= LEAST_FOR_PROCESSES
            and not self._is_small()
        ):
            self.processes[0] = ProcessHelper(0, self.leader.inbox)

    def _plan(self) -> Plan:
        begun, context = Beginning(
            self.filters,
            self.constraints,
            self.objectives,
            self.watcher,
            self.start,
            by_work=self.settings.steps is not None,
        ).make()
        if context is None:
            return self._nothing(begun)
        table = self._table()
        prices = self._first_prices(table)
        self._fill(context, table, prices)
        if self.watcher.incumbent is None:
            return self._nothing(Required(SolveStatus.UNKNOWN))
        self._search(table, prices)
        return self._answer_search()

    def _fill(self, context: Context, table: ModeTable, prices: Prices) -> None:
        """The greedy start, or what pins ask for alone when it goes wrong."""
        fill_with_timetable(
            context,
            self.filters,
            (self.constraints, self.objectives),
            self.watcher,
            self.leader.offer,
            (self.settings.seconds, self.settings.seed, self.settings.steps),
        )
        self.watcher.doing = "greedy"
        latest = max(self.settings.seconds, self.watcher.spent + LEAST_FOR_START)
        before = Incumbent.of_context(context)

        def fill(line: Line) -> Incumbent:
            Greedy(
                self.filters,
                Judge(self.problem, self.constraints),
                Worth(self.problem, self.objectives),
                table,
                lambda: line.stopped.is_set() or self.watcher.spent > latest,
            ).fill(context, prices)
            return Incumbent.of_context(context)

        if not self.leader.offer(self.watcher.attend(fill, before)):
            self.leader.offer(before)
        self.watcher.report()

    def _offset(self) -> float:
        """First-tier value of what is fixed."""
        plan = Incumbent.of_context(self.fixed).plan(self.problem)
        first = costs_of(self.problem, plan, self.objectives)[0]
        return float(most_tier_one_value(self.problem) - first)

    def _table(self) -> ModeTable:
        self.watcher.doing = "modes"
        rules = frozenset(rule.id for rule in self.constraints)
        worth = Worth(self.problem, self.objectives)
        maker = TableMaker(self.filters, self.fixed, worth, rules)
        nothing = ModeTable((), (), cut_short=True)
        return self.watcher.attend(
            lambda line: maker.make(line.stopped.is_set), nothing
        )

    def _first_prices(self, table: ModeTable) -> Prices:
        """Prices after a short walk, and the first bound."""
        self.watcher.doing = "prices"
        relaxation = Relaxation(table, coarse=True)
        prices = self.watcher.attend(
            lambda line: relaxation.walk(FIRST_WALK, should_stop=line.stopped.is_set),
            relaxation.nothing(),
        )
        if not table.cut_short and prices.bound < math.inf:
            self.watcher.lower(prices.bound + self._offset())
        return prices

    # Searching. ----------------------------------------------------------
    def _search(self, table: ModeTable, prices: Prices) -> None:
        incumbent = self.watcher.incumbent
        repeatable = self.settings.steps is not None
        if incumbent is None or self.watcher.over():
            return
        alone = repeatable or not self.processes
        longest = min(LONGEST_PART, max(PART_SECONDS, 0.1 * self.settings.seconds))
        effort = Effort(seconds=longest)
        if repeatable:
            effort = Effort(work=PART_WORK)
        offset = self._offset()
        jobs = {
            number: Job(
                filters=self.filters,
                constraints=self.constraints,
                objectives=self.objectives,
                table=table,
                prices=prices,
                incumbent=incumbent,
                value=(self.watcher.value or 0) - offset,
                offset=offset,
                seed=(self.settings.seed * 1000 + number) % ENGINE_SEEDS,
                effort=effort,
                steps=self.settings.steps,
                walk=number == 0,
                prove_after=self._prove_after() if number == 0 else None,
                relax_seconds=0.0
                if alone or number
                else RELAX_SHARE * self.settings.seconds,
            )
            for number in range(1 if alone else self.settings.workers)
        }
        helpers: dict[int, Helper] = {}
        for number, job in jobs.items():
            if not self.processes:
                helpers[number] = ThreadHelper(number, self.leader.inbox, job)
                continue
            if number not in self.processes:
                self.processes[number] = ProcessHelper(number, self.leader.inbox)
            helpers[number] = self.processes[number]
            helpers[number].send((job,))
        if len(helpers) == 2 and len(table.series) >= LARGE:
            dice = random.Random(self.settings.seed)  # noqa: S311 - not a secret
            self.leader.territories = lambda: halves(self.problem, table, dice)
        patience = max(5.0, 0.5 * self.settings.seconds)
        self.leader.lead(helpers, math.inf if repeatable else patience)

    def _is_small(self) -> bool:
        free = len(self.problem.series) - len(self.fixed.placements)
        waiting = len(self.problem.registrations) - len(self.fixed.seated)
        return free <= SMALL_SERIES and waiting <= SMALL_REGISTRATIONS

    def _prove_after(self) -> int | None:
        """After how many neighbourhoods the whole is worth giving to the engine."""
        if self._is_small():
            return 0
        return None if self.settings.steps is not None else WARM_UP_STEPS

    def _answer_search(self) -> Plan:
        incumbent = self.watcher.incumbent
        if incumbent is None:
            return self._nothing(Required(SolveStatus.UNKNOWN))
        proof = self.leader.proof
        optimal = proof.optimal and incumbent.costs == proof.optimal
        status = SolveStatus.OPTIMAL if optimal else SolveStatus.FEASIBLE
        bounds = {
            tier: float(bound)
            for tier, bound in proof.bounds_given(incumbent.costs).items()
            if tier > 1
        }
        return self._answer(status, bounds)

    # Answering. ----------------------------------------------------------------------
    def _nothing(self, begun: Required) -> Plan:
        """No plan: what is fixed, and why there is no more."""
        plan = Incumbent.of_context(self.fixed).plan(self.problem)
        return replace(
            self._finished(plan, begun.status, {}), contradiction=begun.contradiction
        )

    def _answer(self, status: SolveStatus, bounds: dict[int, float]) -> Plan:
        incumbent = self.watcher.incumbent or Incumbent.of_context(self.fixed)
        self.watcher.doing = "done"
        self.watcher.report()
        if self.watcher.bound is not None:
            # Values are whole numbers, so a bound in between proves the one below.
            bounds = {**bounds, 1: float(int(self.watcher.bound + 1e-6))}
        return self._finished(incumbent.plan(self.problem), status, bounds)

    def _finished(
        self, plan: Plan, status: SolveStatus, bounds: dict[int, float]
    ) -> Plan:
        values = tier_values(self.problem, plan, self.objectives)
        seated = {item.registration_id for item in plan.allocations}
        settings = self.settings
        used = {"seconds": settings.seconds, "workers": float(settings.workers)}
        if settings.steps is not None:
            used["steps"] = float(settings.steps)
        else:
            used["neighbourhoods"] = float(self.leader.steps)
        return replace(
            plan,
            unplaced=tuple(
                Unplaced(item.id)
                for item in self.problem.registrations
                if item.id not in seated
            ),
            status=status,
            tiers=tuple(
                TierResult(tier, value, bounds.get(tier))
                for tier, value in sorted(values.items())
            ),
            costs=costs(self.problem, plan, self.objectives),
            seed=settings.seed,
            seconds=round(self.watcher.spent, 3),
            first_plan_seconds=self.watcher.first_plan,
            versions=versions(),
            settings=used,
        )
