"""From an event to ways out: the least change that mends a plan, with its proof.

Only what the event touches is free at first. A relaxation in which everything else is
gone says what is lost whatever else is moved: where the answer reaches it, it is proven
for the whole plan. Where not, the series in its way are freed too, nearest first, until
the two meet or time is up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from scheduling.solver import verify
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.plan import Placement, Plan, SolveStatus, TierResult
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.answer import (
    Alternative,
    Mended,
    Proof,
    Scope,
    consequences,
)
from scheduling.solver.repair.event import Event
from scheduling.solver.repair.floor import Floor
from scheduling.solver.repair.happen import Happened, happen, plan_told
from scheduling.solver.repair.model import Kind, RepairModel, kind_of
from scheduling.solver.repair.neighbours import in_the_way
from scheduling.solver.repair.order import REPAIR
from scheduling.solver.repair.part import Part, freeing
from scheduling.solver.search.trial import Judge
from scheduling.solver.search.watcher import ProgressEvent, Watcher
from scheduling.solver.verify import tier_values
from scheduling.solver.versions import versions

MOST_ALTERNATIVES = 5
MOST_OF_A_KIND = 2
RINGS = (4, 12, 30, 60)
"""How many series in the way are freed beside what is touched, one after the other."""
FOR_FIRST = 0.9
"""Part of the time after which the first answer is what was found by then."""
FOR_GROWING = 0.7
"""Part of the time that may be spent on freeing more."""
FOR_OTHERS = 0.85
"""Part of the time after which no more alternatives are looked for."""
LEAST_SECONDS = 0.1

TOUCHED = 1
"""The number of the wish that counts the sessions that are touched."""

Found = tuple[Plan, tuple[Proof, ...]]
Value = TypeVar("Value")


class OutOfTime(Exception):
    """There is no more time for what was begun, or it is no longer wanted."""


@dataclass(frozen=True, slots=True)
class MendSettings:
    """``seconds`` of wall clock for everything; at most so many ``alternatives``."""

    seconds: float = 5.0
    seed: int = 1
    alternatives: int = MOST_ALTERNATIVES

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise ValueError(f"seconds is {self.seconds}; give 0 or more")
        if not 1 <= self.alternatives <= MOST_ALTERNATIVES:
            raise ValueError(
                f"alternatives is {self.alternatives}; give 1 to {MOST_ALTERNATIVES}"
            )


def mend(
    problem: PlanningProblem,
    plan: Plan,
    event: Event,
    settings: MendSettings | None = None,
    *,
    progress: Callable[[ProgressEvent], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Mended:
    """Mend a plan that people were told, after an event.

    The plan's own placements and seats count as published, whatever the problem says.
    With too little time for anything, what is touched is not held and nothing is said
    to be proven. ``progress`` is called at least once a second and ``should_stop`` is
    asked as often, in the caller's thread; when it says so, what was found by then
    comes back. Raises ``InvalidProblem`` with every fault of the event.
    """
    settings = settings or MendSettings()
    watcher = Watcher(problem, settings.seconds, progress, should_stop)
    watcher.report()
    return watcher.beside(
        lambda: _Mender(happen(problem, plan, event), settings, watcher).run()
    )


class _Mender:
    def __init__(
        self, happened: Happened, settings: MendSettings, watcher: Watcher
    ) -> None:
        self.happened, self.settings, self.watcher = happened, settings, watcher
        self.problem = happened.problem
        self.touched = happened.freed_series
        self.names = sorted(self.touched)
        self.freed = self.touched
        told = plan_told(self.problem)
        self.known = frozenset(
            (one.rule, one.about) for one in verify.violations(self.problem, told)
        )

    def run(self) -> Mended:
        part = Part(self.problem, self.touched, self.happened.asking)
        model = self._tried(lambda: part.model(self._beat(FOR_FIRST)))
        first = model and self._solved(part, model.twin(), FOR_FIRST)
        first = first or self._nothing(part)
        found = self._settled(first)
        settled = self.watcher.spent
        if model is not None:
            found += self._others(part, model, first[0])
        # What was freed on the way is free in the facts that go with every plan.
        final = freeing(self.problem, self.freed)
        happened = replace(self.happened, problem=final)
        ranked = [self._alternative(happened, *one) for one in found]
        ranked.sort(key=lambda item: item.costs)
        return Mended(
            happened,
            tuple(ranked[: self.settings.alternatives]),
            self.freed,
            round(self.watcher.spent, 3),
            round(settled, 3),
        )

    # Time. ---------------------------------------------------------------------------
    def _left(self, share: float = 1.0) -> float:
        return max(LEAST_SECONDS, share * self.settings.seconds - self.watcher.spent)

    def _over(self, share: float = 1.0) -> bool:
        late = self.watcher.spent >= share * self.settings.seconds
        return self.watcher.cancelled() or late

    def _beat(self, share: float) -> Callable[[], None]:
        def beat() -> None:
            if self._over(share):
                raise OutOfTime

        return beat

    def _tried(self, work: Callable[[], Value]) -> Value | None:
        """What the work gives; ``None`` when there is no time for it."""
        try:
            return work()
        except OutOfTime:
            return None

    # One answer. ---------------------------------------------------------------------
    def _solved(self, part: Part, model: RepairModel, share: float) -> Found | None:
        answer = model.solve(
            self._left(share), self.settings.seed, self.watcher.cancelled
        )
        if not answer.found:
            return None
        plan = part.plan(answer.placements, answer.allocations)
        broken = Judge(part.problem, CONSTRAINTS).breaches(
            part.context, answer.placements, answer.allocations
        )
        for one in broken:
            if (one.rule, one.about) not in self.known:
                raise RuntimeError(f"the repair of {self.problem.id} broke {one}")
        return plan, part.proofs(plan, answer)

    def _nothing(self, part: Part) -> Found:
        """Nothing of what is touched is held: there was no time to find more."""
        plan = part.plan((), ())
        costs = (wish.cost(part.problem, plan) for wish in REPAIR)
        return plan, tuple(
            Proof(wish.id, cost, None, Scope.NOT)
            for wish, cost in zip(REPAIR, costs, strict=True)
        )

    # What is proven, and freeing more. -----------------------------------------------
    def _settled(self, first: Found) -> list[Found]:
        """The first answer with what is known of it; before it a better one if any."""
        best, better = self._scoped(first, ()), None
        floor = Floor(self.problem) if self.touched else None
        ring: frozenset[str] | None = self.touched
        rings = iter(RINGS)
        while floor is not None and ring is not None:
            least = self._tried(partial(self._under, floor, ring))
            if least is None:
                break
            best = self._scoped(best, least)
            if _least_change(best):
                break
            if ring != self.touched:
                found = self._tried(partial(self._better, ring, best))
                if found is not None:
                    best = better = self._scoped(found, least)
                    self.freed = self.freed | ring
                    continue
            ring = self._tried(partial(self._wider, floor, best[0], next(rings, 0)))
        answers = [best] if better is None else [best, first]
        if self.happened.lawful:
            return answers
        return [self._modest(one) for one in answers]

    def _modest(self, found: Found) -> Found:
        """The same where what people were told breaks a rule already.

        Bounds are of plans that break none, and the rest of this one may go on doing
        so: ``whole`` is only what no plan at all could do better.
        """
        plan, proofs = found
        return self._scoped(
            (
                plan,
                tuple(
                    replace(one, scope=Scope.PART) if one.scope is Scope.WHOLE else one
                    for one in proofs
                ),
            ),
            (),
        )

    def _under(self, floor: Floor, ring: frozenset[str]) -> tuple[int, ...]:
        return floor.under(
            ring,
            self._left(FOR_GROWING),
            self.settings.seed,
            beat=self._beat(FOR_GROWING),
            stop=self.watcher.cancelled,
        )

    def _scoped(self, found: Found, least: tuple[int, ...]) -> Found:
        """Say ``whole`` where nothing in the whole plan could do better.

        ``least`` costs of the first wishes bound each given those before it; meetings
        that cannot stay are touched in every plan; no wish costs less than nothing.
        """
        certain = sum(1 for item in self.happened.touched if item.certain)
        proofs, whole = [], True
        for number, proof in enumerate(found[1]):
            under = least[number] if number < len(least) else 0
            whole = whole and proof.value <= under
            sure = number == TOUCHED and proof.value <= certain
            proofs.append(
                replace(proof, bound=proof.value, scope=Scope.WHOLE)
                if whole or sure or proof.scope is Scope.WHOLE
                else proof
            )
            whole = proofs[-1].scope is Scope.WHOLE and whole
        return found[0], tuple(proofs)

    def _wider(self, floor: Floor, plan: Plan, size: int) -> frozenset[str] | None:
        """What is touched with so many of the series in its way.

        What broke a rule before stays as it is: freed, it would have to end that.
        """
        if not size:
            return None
        ranked = in_the_way(
            self.problem, floor.filters, plan, self.touched, self._beat(FOR_GROWING)
        )
        standing = {ident for _, about in self.known for _, ident in about}
        free = [name for name in ranked if name not in standing]
        return self.touched | frozenset(free[:size])

    def _better(self, ring: frozenset[str], best: Found) -> Found | None:
        """An answer that loses or touches less, with more series free."""
        part = Part(self.problem, ring, self.happened.asking)
        model = part.model(self._beat(FOR_GROWING))
        lost, touched = (proof.value for proof in best[1][:2])
        if best[1][0].scope is Scope.WHOLE:
            part.cost_at_most(model, 0, lost)
            part.cost_at_most(model, TOUCHED, touched - 1)
        else:
            part.cost_at_most(model, 0, lost - 1)
        return self._solved(part, model, FOR_GROWING)

    # Alternatives. -------------------------------------------------------------------
    def _others(self, part: Part, model: RepairModel, first: Plan) -> list[Found]:
        """Other ways out for what is touched, each the best beside those before it."""
        found: list[Found] = []
        known = [self._remedies(first)]
        kinds = [self._kind(first)]
        while (
            self.names
            and len(found) + 1 < self.settings.alternatives
            and not self._over(FOR_OTHERS)
        ):
            other = model.twin()
            for placements in known:
                other.refuse(self.names, placements)
            for kind in dict.fromkeys(kinds):
                if kinds.count(kind) >= MOST_OF_A_KIND:
                    other.refuse_kind(kind)
            answer = self._solved(part, other, FOR_OTHERS)
            if answer is None:
                break
            plan, proofs = answer
            known.append(self._remedies(plan))
            kinds.append(self._kind(plan))
            unproven = (replace(one, bound=None, scope=Scope.NOT) for one in proofs)
            found.append((plan, tuple(unproven)))
        return found

    def _remedies(self, plan: Plan) -> dict[str, Placement]:
        return {
            name: plan.placement_of[name]
            for name in self.names
            if name in plan.placement_of
        }

    def _kind(self, plan: Plan) -> Kind:
        told = {item.series_id: item for item in self.problem.published.placements}
        return kind_of(self.problem, told, self.names, plan.placement_of)

    def _alternative(
        self, happened: Happened, plan: Plan, proofs: Collection[Proof]
    ) -> Alternative:
        settled = all(item.scope is Scope.WHOLE for item in proofs)
        values = tier_values(happened.problem, plan)
        whole = replace(
            plan,
            status=SolveStatus.OPTIMAL if settled else SolveStatus.FEASIBLE,
            tiers=tuple(TierResult(tier, value) for tier, value in values.items()),
            costs={item.wish: item.value for item in proofs},
            seed=self.settings.seed,
            seconds=round(self.watcher.spent, 3),
            versions=versions(),
            settings={"seconds": self.settings.seconds},
        )
        return Alternative(whole, tuple(proofs), consequences(happened, whole))


def _least_change(found: Found) -> bool:
    """Whether nothing in the whole plan loses less, or touches fewer sessions."""
    return all(proof.scope is Scope.WHOLE for proof in found[1][: TOUCHED + 1])
