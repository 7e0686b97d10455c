"""From an event to ways out: the least change that mends a plan, with its proof.

Only what the event touches is free at first. A relaxation in which everything else is
gone says what is lost whatever else is moved: where the answer reaches it, it is proven
for the whole plan. Where not, the series in its way are freed too, nearest first, until
the two meet or time is up.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from importlib.metadata import version

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
from scheduling.solver.repair.happen import Happened, happen, plan_told
from scheduling.solver.repair.model import Kind, RepairModel, kind_of
from scheduling.solver.repair.neighbours import in_the_way
from scheduling.solver.repair.order import REPAIR
from scheduling.solver.repair.part import Part, freeing, least_lost
from scheduling.solver.search.trial import Judge
from scheduling.solver.verify import tier_values

MOST_ALTERNATIVES = 5
MOST_OF_A_KIND = 2
RINGS = (4, 12, 30, 60)
"""How many series in the way are freed beside what is touched, one after the other."""
FOR_GROWING = 0.7
"""Part of the time that may be spent on freeing more."""
LEAST_SECONDS = 0.1

Found = tuple[Plan, tuple[Proof, ...]]


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
    clock: Callable[[], float] = time.monotonic,
) -> Mended:
    """Mend a plan that people were told, after an event.

    The plan's own placements and seats count as published, whatever the problem says.
    With too little time for anything, what is touched is not held and nothing is said
    to be proven. Raises ``InvalidProblem`` with every fault of the event.
    """
    settings = settings or MendSettings()
    begun = clock()
    return _Mender(
        happen(problem, plan, event), settings, lambda: clock() - begun
    ).run()


class _Mender:
    def __init__(
        self, happened: Happened, settings: MendSettings, spent: Callable[[], float]
    ) -> None:
        self.happened, self.settings, self.spent = happened, settings, spent
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
        first = self._solved(part, part.model()) or self._nothing(part)
        least = self._least(self.touched)
        first = first[0], self._scoped(first[1], least)
        found = [first]
        if self.touched and first[1][0].scope is not Scope.WHOLE:
            first, better = self._grown(first, least)
            found = [first] if better is None else [better, first]
        found += self._others(part, first[0])
        # What was freed on the way is free in the facts that go with every plan.
        final = freeing(self.problem, self.freed)
        happened = replace(self.happened, problem=final)
        ranked = [self._alternative(happened, *one) for one in found]
        ranked.sort(key=lambda item: item.costs)
        return Mended(
            happened,
            tuple(ranked[: self.settings.alternatives]),
            self.freed,
            round(self.spent(), 3),
        )

    def _left(self, share: float = 1.0) -> float:
        return max(LEAST_SECONDS, share * self.settings.seconds - self.spent())

    def _over(self, share: float = 1.0) -> bool:
        return self.spent() >= share * self.settings.seconds

    # One answer. ---------------------------------------------------------------------
    def _solved(
        self, part: Part, model: RepairModel, share: float = 1.0
    ) -> Found | None:
        answer = model.solve(self._left(share), self.settings.seed)
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

    def _least(self, series_ids: frozenset[str]) -> int:
        if not series_ids or self._over():
            return 0
        return least_lost(
            self.problem, series_ids, self._left(FOR_GROWING), self.settings.seed
        )

    def _scoped(self, proofs: tuple[Proof, ...], lost: int) -> tuple[Proof, ...]:
        """Say ``whole`` where nothing outside the freed part could do better.

        What is lost at least bounds the first wish, meetings that cannot stay the
        second; no wish costs less than nothing.
        """
        certain = sum(1 for item in self.happened.touched if item.certain)
        least = {REPAIR[0].id: lost, REPAIR[1].id: certain}
        found, whole = [], True
        for proof in proofs:
            whole = whole and proof.value == least.get(proof.wish, 0)
            proven = replace(proof, bound=proof.value, scope=Scope.WHOLE)
            found.append(proven if whole else proof)
        return tuple(found)

    # Freeing more. -------------------------------------------------------------------
    def _grown(self, first: Found, least: int) -> tuple[Found, Found | None]:
        """The first answer with what more is known of it, and a better one if any."""
        best, better = first, None
        ranked: list[str] = []
        begun = self.spent()
        for size in RINGS:
            # A ring takes some three times as long as the one inside it.
            begun, last = self.spent(), self.spent() - begun
            if begun + 3 * last > FOR_GROWING * self.settings.seconds:
                break
            if not ranked:
                part = Part(self.problem, self.touched, frozenset())
                ranked = in_the_way(part.problem, part.filters, best[0], self.touched)
            ring = self.touched | frozenset(ranked[:size])
            least = max(least, self._least(ring))
            best = best[0], self._scoped(best[1], least)
            if best[1][0].scope is Scope.WHOLE:
                break
            found = self._better(ring, best[1][0].value)
            if found is not None:
                best = better = found[0], self._scoped(found[1], least)
                self.freed = self.freed | ring
        if better is not None:
            return first, best
        return best, None

    def _better(self, ring: frozenset[str], lost: int) -> Found | None:
        """An answer that loses less, with more series free."""
        if self._over(FOR_GROWING):
            return None
        part = Part(self.problem, ring, self.happened.asking)
        model = part.model()
        part.lose_at_most(model, lost - 1)
        return self._solved(part, model, FOR_GROWING)

    # Alternatives. -------------------------------------------------------------------
    def _others(self, part: Part, first: Plan) -> list[Found]:
        """Other ways out for what is touched, each the best beside those before it."""
        found: list[Found] = []
        known = [self._remedies(first)]
        kinds = [self._kind(first)]
        while (
            self.names
            and len(found) + 1 < self.settings.alternatives
            and not self._over()
        ):
            model = part.model()
            for placements in known:
                model.refuse(self.names, placements)
            for kind in dict.fromkeys(kinds):
                if kinds.count(kind) >= MOST_OF_A_KIND:
                    model.refuse_kind(kind)
            other = self._solved(part, model)
            if other is None:
                break
            plan, proofs = other
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
        settled = all(item.scope is not Scope.NOT for item in proofs)
        values = tier_values(happened.problem, plan)
        whole = replace(
            plan,
            status=SolveStatus.OPTIMAL if settled else SolveStatus.FEASIBLE,
            tiers=tuple(TierResult(tier, value) for tier, value in values.items()),
            costs={item.wish: item.value for item in proofs},
            seed=self.settings.seed,
            seconds=round(self.spent(), 3),
            versions={
                "ortools": version("ortools"),
                "python": platform.python_version(),
            },
            settings={"seconds": self.settings.seconds},
        )
        return Alternative(whole, tuple(proofs), consequences(happened, whole))
