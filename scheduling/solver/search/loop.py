"""Large neighbourhoods: free a part, let the engine rebuild it, keep what is no worse.

One searcher's work, in a thread or a process of its own. It tells its leader every
change that made the plan better, every better bound, and goes on from the leader's plan
when that is better than its own.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduling.solver.candidates import Filters
from scheduling.solver.context import Context
from scheduling.solver.objectives import most_tier_one_value
from scheduling.solver.plan import Placement, SolveStatus
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.blocks import shared, split
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.incumbent import Change, Incumbent, costs_of
from scheduling.solver.search.line import Line
from scheduling.solver.search.neighbourhoods import Neighbourhoods
from scheduling.solver.search.part import Effort, Found, Modes, Part
from scheduling.solver.search.prices import NEVER, Prices, Relaxation
from scheduling.solver.search.relaxed import ModeProgram, whole
from scheduling.solver.search.table import Key, ModeTable, key_of
from scheduling.solver.verify import violations

BEST_MODES, OTHER_MODES = 10, 3
POLISH, POLISH_WHEN_STUCK = 0.15, 0.5
QUICK = 0.3
PART_SECONDS = 2.0
MOST_TO_PROVE = 1200
MOST_IN_BLOCK = 700
MOST_IN_LARGE_BLOCK = 3000
BLOCKS_SHARE = 0.25
ROUNDING = 1e-6
STUCK_AFTER = 15
TIRED_AFTER = 60
WALK_STEPS = 1500


@dataclass
class Job:
    """What one searcher is given; it can be pickled and called with its line.

    ``steps``: stop after so many neighbourhoods (``None``: when told to). ``walk``:
    walk the prices to the end first; ``prove_after`` so many neighbourhoods
    give the engine the whole (``None``: never); ``relax_seconds`` for a bound from the
    table with whole modes, in blocks where it is large. ``value`` is what the plan to
    start from is worth in the first tier beside the ``offset`` of what is fixed.
    """

    filters: Filters
    constraints: tuple[Constraint, ...]
    objectives: tuple[Objective, ...]
    table: ModeTable
    prices: Prices
    incumbent: Incumbent
    value: float
    offset: float
    seed: int
    effort: Effort
    steps: int | None = None
    walk: bool = False
    prove_after: int | None = None
    relax_seconds: float = 0.0

    def __call__(self, line: Line) -> None:
        Searcher(self, line).run()


@dataclass
class Searcher:
    """The loop itself."""

    job: Job
    line: Line
    incumbent: Incumbent = field(init=False)
    idle: int = 0
    first_is_best: bool = False
    bound: float = math.inf

    def __post_init__(self) -> None:
        job = self.job
        self.problem = job.filters.problem
        self.dice = random.Random(job.seed)  # noqa: S311 - not a secret
        self.hoods = Neighbourhoods(self.problem, job.table, self.dice)
        self.relaxation = Relaxation(job.table)
        self.incumbent = job.incumbent
        self.number = {item.id: place for place, item in enumerate(job.table.series)}
        self._index = Context(self.problem)
        self._indexed: Incumbent | None = None
        self.use(job.prices)

    def run(self) -> None:
        if self.job.walk:
            self.walk()
        if self.job.relax_seconds > 0:
            self.relax()
        done = 0
        while not self.line.stopped.is_set():
            if self.job.steps is not None and done >= self.job.steps:
                return
            self.hear()
            if done == self.job.prove_after:
                self.prove()
            if not self.hoods.names or self.idle >= TIRED_AFTER:
                # Everything was tried to the end: only another's news can help.
                self.line.stopped.wait(0.05)
                self.idle -= 1
            else:
                self.step()
                self.line.tell(("step",))
            done += 1

    def walk(self) -> None:
        """Lower the bound as far as prices can, and search with better prices."""
        self.line.tell(("doing", "bound"))
        self.use(
            self.relaxation.walk(
                WALK_STEPS,
                self.prices,
                self.job.value,
                self.line.stopped.is_set,
                lambda bound: self.lower(bound + self.job.offset),
            )
        )
        self.line.tell(("prices", self.prices))

    def relax(self) -> None:
        """Lower bounds from the table with whole modes, and modes worth trying.

        Small blocks of a large table are solved in seconds, but what they share is
        paid at its price; the rest of the time goes to blocks as large as can be.
        """
        self.line.tell(("doing", "relaxation"))
        now, seconds = time.monotonic(), self.job.relax_seconds
        if len(self.job.table.series_of) > MOST_TO_PROVE:
            self.relax_in(MOST_IN_BLOCK, now + BLOCKS_SHARE * seconds)
        if not self.line.stopped.is_set():
            self.relax_in(MOST_IN_LARGE_BLOCK, now + seconds)

    def relax_in(self, most_modes: int, latest: float) -> None:
        """The bound that blocks of so many modes give together, by a time."""
        table = self.job.table
        blocks = split(self.problem, table, most_modes, self.dice)
        alone = len(blocks) == 1
        paid = whole(table) if alone else shared(table, self.prices, blocks)
        bound = paid.total + self.job.offset
        for number, block in enumerate(blocks):
            seconds = (latest - time.monotonic()) / (len(blocks) - number)
            found = ModeProgram(table, block, paid).solve(seconds, self.job.seed)
            if found is None or self.line.stopped.is_set():
                return
            bound += found.bound
            self.hear()
            self.follow(found.modes)
        self.lower(bound)

    def lower(self, bound: float) -> None:
        """Keep a bound of the first tier and tell it."""
        self.bound = min(self.bound, bound)
        self.line.tell(("bound", bound))

    def follow(self, wanted: Mapping[str, Key]) -> None:
        """Try the modes of a relaxed plan beside those of the present one."""
        free = frozenset(one for one in wanted if one in self.hoods.free)
        if not free:
            return
        modes: Modes = {}
        for name in free:
            modes[name] = {wanted[name]}
            present = self.incumbent.placements.get(name)
            if present is not None:
                modes[name] = {wanted[name], self._key(present)}
        self.rebuild(free, modes)

    def use(self, prices: Prices) -> None:
        self.prices = prices
        self.gains = self.relaxation.look(prices).gains
        self._gain_of: dict[str, tuple[Placement, float]] = {}
        self._best = {
            name: max(
                (float(self.gains[one]) for one in self.job.table.of_series(number)),
                default=0.0,
            )
            for name, number in self.number.items()
        }

    def hear(self) -> None:
        """Take over what the leader has that is better."""
        for message in self.line.hear():
            if message[0] == "plan" and message[1].costs < self.incumbent.costs:
                self.incumbent, self.idle = message[1], 0
            elif message[0] == "prices" and message[1].bound < self.prices.bound:
                self.use(message[1])
            elif message[0] == "territory":
                self.hoods.territory = message[1]
            elif message[0] == "proven":
                self.first_is_best = True
            elif message[0] == "resend":
                self.line.tell(("whole", self.incumbent))

    def step(self) -> None:
        """One neighbourhood."""
        kind, series_ids = self.hoods.pick(self.incumbent, self.regrets())
        self.line.tell(("doing", kind))
        free = series_ids & self.hoods.free
        found, better = self.rebuild(free, self.modes(free))
        self.idle = 0 if better else self.idle + 1
        self.hoods.learn(
            kind,
            better=better,
            proven=found.status is SolveStatus.OPTIMAL,
            quick=self.job.effort.share(found.seconds, found.work) < QUICK,
        )

    def rebuild(self, free: frozenset[str], modes: Modes) -> tuple[Found, bool]:
        """Let the engine place some series anew; what it found, and if it is better."""
        people = self.hoods.registrations(free, self.incumbent)
        part = Part(
            self.job.filters,
            self.job.constraints,
            self.job.objectives,
            self.beside(free, people),
            free,
            people,
            modes,
            self.line.watch,
        )
        seed = self.dice.randrange(1 << 30)
        plan = self.incumbent.plan(self.problem)
        often = POLISH_WHEN_STUCK if self.idle >= STUCK_AFTER else POLISH
        if self.first_is_best or self.dice.random() < often:
            found = part.polish(self.job.effort, seed, self.held(part), plan)
        else:
            found = part.raise_first(self.job.effort, seed, plan)
        return found, self.take(found)

    def beside(self, series_ids: frozenset[str], people: frozenset[str]) -> Context:
        """The present plan without some series and registrations."""
        if self._indexed is not self.incumbent:
            self._index = self.incumbent.context(self.problem, (), ())
            self._indexed = self.incumbent
        return self._index.without(series_ids, people)

    def grow(self, change: Change, new: Incumbent) -> None:
        """Keep the index of the present plan when a part of it is made anew."""
        if self._indexed is not self.incumbent:
            return
        self._index = self._index.without(change.series_ids, change.registration_ids)
        for placement in change.placements:
            self._index.place(placement)
        for allocation in change.allocations:
            self._index.seat(allocation)
        self._indexed = new

    def held(self, part: Part) -> int:
        """The first tier's present cost of a part, against its context alone."""
        fixed = Incumbent.of_context(part.model.variables.context)
        alone = costs_of(self.problem, fixed.plan(self.problem), self.job.objectives)
        return self.incumbent.costs[0] - alone[0]

    def prove(self) -> None:
        """Give the engine the whole, from the present plan: proof, or a better bound.

        Works because modes and seats per mode make the relaxation strong; only worth it
        while the whole is not too large to build.
        """
        if len(self.job.table.series_of) > MOST_TO_PROVE:
            return
        self.line.tell(("doing", "proof"))
        context = fixed_context(self.problem)
        fixed = Incumbent.of_context(context).plan(self.problem)
        base = costs_of(self.problem, fixed, self.job.objectives)
        people = {item.id for item in self.problem.registrations}
        part = Part(
            self.job.filters,
            self.job.constraints,
            self.job.objectives,
            context,
            self.hoods.free,
            people.difference(self.problem.kept_seats),
            watch=self.line.watch,
        )

        if self.bound < math.inf and part.model.tiers[:1] == (1,):
            # What prices and the relaxation proved need not be proved again.
            most = most_tier_one_value(self.problem) - int(self.bound + ROUNDING)
            part.model.engine_model.add(part.model.tier_cost(1) >= most - base[0])

        def heard(change: Change) -> None:
            self.take(Found(SolveStatus.FEASIBLE, change))

        def bounded(tier: int, bound: float) -> None:
            given = self.incumbent.costs[: tier - 1]
            self.line.tell(("tier", tier, base[tier - 1] + bound, given))

        found = part.in_order(
            Effort(),
            self.job.seed,
            self.incumbent.plan(self.problem),
            heard=heard,
            bounded=bounded,
        )
        if found.status is SolveStatus.OPTIMAL:
            self.line.tell(("optimal", self.incumbent.costs))

    def take(self, found: Found) -> bool:
        """Keep what is no worse in the order of the tiers; whether it is better."""
        if found.change is None:
            return False
        new = self.incumbent.with_change(found.change)
        if (new.placements, new.seats) == (
            self.incumbent.placements,
            self.incumbent.seats,
        ):
            return False
        plan = new.plan(self.problem)
        new.costs = costs_of(self.problem, plan, self.job.objectives)
        if new.costs > self.incumbent.costs:
            return False
        touched = self.incumbent.touched_by(found.change)
        broken = violations(self.problem, plan, self.job.constraints, touched)
        if broken:
            self.line.tell(("broken", tuple(str(one) for one in broken)))
            return False
        better = new.costs < self.incumbent.costs
        self.grow(found.change, new)
        self.incumbent = new
        if better:
            self.line.tell(("change", found.change, new.costs))
        return better

    def modes(self, series_ids: frozenset[str]) -> Modes:
        """The modes worth building: the most gainful, some others, the present one."""
        chosen: Modes = {}
        for name in sorted(series_ids):
            numbers = [
                one
                for one in self.job.table.of_series(self.number[name])
                if self.gains[one] > NEVER / 2
            ]
            numbers.sort(key=lambda one: -self.gains[one])
            found = list(dict.fromkeys(self.job.table.keys[one] for one in numbers))
            best, others = found[:BEST_MODES], found[BEST_MODES:]
            keys = {*best, *self.dice.sample(others, min(OTHER_MODES, len(others)))}
            present = self.incumbent.placements.get(name)
            if present is not None:
                keys.add(self._key(present))
            chosen[name] = keys
        return chosen

    def regrets(self) -> dict[str, float]:
        """By series: gain after prices of its best mode, less that of its present."""
        return {
            name: max(0.0, self._best[name]) - max(0.0, self._present_gain(name))
            for name in self.number
        }

    def _present_gain(self, name: str) -> float:
        """Gain after prices of the present mode; worked out once a placement."""
        present = self.incumbent.placements.get(name)
        if present is None or name not in self.hoods.free:
            return 0.0
        known = self._gain_of.get(name)
        if known is None or known[0] is not present:
            key = self._key(present)
            gain = max(
                (
                    float(self.gains[one])
                    for one in self.job.table.of_series(self.number[name])
                    if self.job.table.keys[one] == key
                ),
                default=0.0,
            )
            known = self._gain_of[name] = (present, gain)
        return known[1]

    def _key(self, placement: Placement) -> Key:
        number = self.number[placement.series_id]
        return key_of(self.problem, self.job.table, number, placement)
