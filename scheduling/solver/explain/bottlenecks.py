"""What the week lacks most: one more room, leader or hour, by what it would bring.

What alone lets a series be held, and where people who wait could sit if there were a
room or a leader, gives the likeliest changes. Each try frees the same part (the series
that are not held, the held ones that most people cannot reach, and all who ask for
them) and solves it by the engine with and without the change. The gain is the
difference of the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from scheduling.solver.change import (
    Change,
    LeaderHours,
    LeaderMinutes,
    NewLeader,
    NewRoom,
)
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.explain.alone import Alone
from scheduling.solver.explain.grid import Rules
from scheduling.solver.explain.obstacles import obstacles
from scheduling.solver.explain.reasons import Explainer
from scheduling.solver.explain.ways import Ways
from scheduling.solver.model import Answer, PlanningModel
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.rule import Constraint

MOST_FREED = 14
MOST_SHUT = 10
SEEN = 100
"""How much more a gain that was seen counts than somebody who might be helped."""
MOST_TRIED = 12
SECONDS = 40.0
RESOURCES = (NewRoom, NewLeader, LeaderHours, LeaderMinutes)
FIRST_TIER = tuple(wish for wish in OBJECTIVES if wish.tier == 1)


@dataclass(frozen=True)
class Bottleneck:
    """What one change of rooms or leaders brings to a part of the plan.

    ``seats`` more registrations with a seat, ``value`` more of the first tier, with
    the series in ``freed`` and who asks for them free and all else as it is.
    ``proven``: both sides were solved to the end, so ``value`` is exact for this part;
    ``seats`` are those of one best plan on each side.
    """

    change: Change
    seats: int
    value: int
    freed: tuple[str, ...]
    opens: tuple[str, ...]
    proven: bool


def bottlenecks(
    problem: PlanningProblem,
    plan: Plan,
    *,
    seconds: float = SECONDS,
    most: int = MOST_TRIED,
    constraints: Sequence[Constraint] = CONSTRAINTS,
    beat: Callable[[], None] | None = None,
) -> tuple[Bottleneck, ...]:
    """The changes that bring most: proven gains before others, and of each the best
    first; those that bring nothing are left out.

    ``seconds`` is for all solves together, ``most`` changes are tried. ``beat`` is
    called between any two steps and ten times a second while the engine works; what it
    raises ends the search.
    """
    return _Search(problem, plan, constraints, beat or (lambda: None)).find(
        seconds, most
    )


def ranked(found: Iterable[Bottleneck]) -> tuple[Bottleneck, ...]:
    """What is proven before what may be better luck of a solve that was cut short; then
    much before little, cheap before dear."""

    def rank(one: Bottleneck) -> tuple[object, ...]:
        return not one.proven, -one.value, one.change.burden, one.change.said

    return tuple(sorted(found, key=rank))


class _Search:
    def __init__(
        self,
        problem: PlanningProblem,
        plan: Plan,
        constraints: Sequence[Constraint],
        beat: Callable[[], None],
    ) -> None:
        self.problem, self.plan, self.beat = problem, plan, beat
        self.constraints = tuple(constraints)
        self.explainer = Explainer(problem, plan, constraints, beat)
        self.gains = self._gains()
        self.freed = self._part()
        names = {item.id for item in self.freed}
        self.context = Context.of_plan(problem, plan, without=names)
        self.people = tuple(
            item
            for item in problem.registrations
            if item.id not in self.context.seated
            and any(choice.series_id in names for choice in item.choices)
        )

    def _gains(self) -> dict[str, dict[Change, int]]:
        """By series that is not held: what single changes of resources were seen to
        seat there, with all else as it is."""
        ways = Ways(self.explainer)
        return {
            series.id: {
                way.changes[0]: len(way.seats)
                for way in ways.tried(series)
                if isinstance(way.changes[0], RESOURCES)
            }
            for series in self.explainer.unheld
        }

    def _part(self) -> tuple[Series, ...]:
        """Series not held that something helps or many wait for, then held ones that
        many cannot reach as they are; what is published and not freed stays."""
        wanted: Counter[str] = Counter(
            choice.series_id
            for item in self.explainer.waiting
            for choice in item.choices
        )
        held = self.plan.placement_of
        free = [
            item
            for item in self.problem.series
            if wanted[item.id] and item.id not in self.problem.kept_placements
        ]

        def promise(item: Series) -> tuple[int, int]:
            gains = self.gains.get(item.id, {})
            return -max(gains.values(), default=0), -wanted[item.id]

        free.sort(key=promise)
        shut = [item for item in free if item.id not in held]
        full = [item for item in free if item.id in held]
        shut = shut[: max(MOST_SHUT, MOST_FREED - len(full))]
        return (*shut, *full[: MOST_FREED - len(shut)])

    def find(self, seconds: float, most: int) -> tuple[Bottleneck, ...]:
        if not self.freed:
            return ()
        changes = self._likeliest(most)
        share = seconds / (len(changes) + 1)
        base = self._solve(self.problem, share)
        if base is None:
            return ()
        found = []
        for change in changes:
            self.beat()
            better = self._solve(change.apply(self.problem), share)
            if better is None:
                continue
            gain = self._gain(change, base, better)
            if gain.value > 0:
                found.append(gain)
        return ranked(found)

    def _gain(self, change: Change, base: Answer, better: Answer) -> Bottleneck:
        held = {item.series_id for item in base.placements}
        return Bottleneck(
            change,
            len(better.allocations) - len(base.allocations),
            base.costs.get(1, 0) - better.costs.get(1, 0),
            tuple(item.id for item in self.freed),
            tuple(
                item.series_id
                for item in better.placements
                if item.series_id not in held
            ),
            base.status is better.status is SolveStatus.OPTIMAL,
        )

    def _likeliest(self, most: int) -> list[Change]:
        """Proposals by how many who wait they could concern; of alike ones the first.

        Leaders who could do the same are alike: one of them is tried.
        """
        rules = Rules(self.constraints)
        score: Counter[Change] = Counter()
        first: dict[object, Change] = {}
        for series in self.freed:
            self.beat()
            alone = Alone(
                rules, self.context, series, self._wanting(series), stop=self._goes_on
            )
            for change in self._resources(obstacles(alone)):
                key = self._kind(change)
                score[first.setdefault(key, change)] += len(alone.waiting)
            for change, seats in self.gains.get(series.id, {}).items():
                key = self._kind(change)
                score[first.setdefault(key, change)] += SEEN * seats
        likely = sorted(score, key=lambda one: (-score[one], one.burden, one.said))
        by_kind = [
            [one for one in likely if isinstance(one, kind)] for kind in RESOURCES
        ]
        # In turn, so that many leaders of one sort do not keep a room from its try.
        turns = (one for turn in zip_longest(*by_kind) for one in turn)
        return [one for one in turns if one is not None][:most]

    def _resources(self, changes: Iterable[Change]) -> Iterable[Change]:
        """Of one series each kind of change counts once."""
        seen = set()
        for change in changes:
            key = self._kind(change)
            if isinstance(change, RESOURCES) and key not in seen:
                seen.add(key)
                yield change

    def _kind(self, change: Change) -> object:
        """What makes two changes the same to a region that looks for one of them."""
        if isinstance(change, NewRoom):
            return change.kind, change.place_id, change.weekday, change.start
        if isinstance(change, NewLeader):
            who = (change.roles, change.skills)
            return change.kind, who, change.weekday, change.start
        if isinstance(change, LeaderHours):
            lead = self.problem.facilitator_by_id[change.facilitator_id]
            who = (lead.roles, lead.skills)
            return change.kind, who, change.weekday, change.start
        return change

    def _wanting(self, series: Series) -> list[Registration]:
        return [
            item
            for item in self.people
            if any(choice.series_id == series.id for choice in item.choices)
        ]

    def _solve(self, problem: PlanningProblem, seconds: float) -> Answer | None:
        model = PlanningModel(
            problem,
            self.constraints,
            FIRST_TIER,
            context=self.context.seen_by(problem),
            series_ids={item.id for item in self.freed},
            registration_ids={item.id for item in self.people},
            beat=self.beat,
        )
        model.hint(self.plan)
        answer = model.solve(seconds=seconds, stop=self._goes_on)
        return answer if answer.found else None

    def _goes_on(self) -> bool:
        """Tell so while the engine works; only what the beat raises ends it."""
        self.beat()
        return False
