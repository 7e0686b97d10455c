"""Why a registration has no seat and a series is not held: irreducible sets of rules.

For a series that is held, the plan stays as it is and the judge says what one more
seat would break. For one that is not, the series and whoever waits for it are freed
and the rest stays fixed: a set of rules is a reason when no placement satisfies it, and
it is irreducible when leaving out any one of them lets the series be held (deletion
filter: Chinneck and Dravnieks, 1991). Cores that the engine offers are neither minimal
nor always right, so every set is found and checked by asking anew with rules left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.explain.alone import Alone
from scheduling.solver.explain.grid import GIVEN_RULES, Rules
from scheduling.solver.plan import Allocation, Plan, Reason, Unplaced, Verified
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.rule import Constraint
from scheduling.solver.search.attend import attend
from scheduling.solver.search.trial import Judge

Value = TypeVar("Value")

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

ASK_EVERY = 0.25
"""Seconds between two questions whether to stop."""


def explain(
    problem: PlanningProblem,
    plan: Plan,
    *,
    registration_ids: Iterable[str] | None = None,
    constraints: Sequence[Constraint] = CONSTRAINTS,
    beat: Callable[[], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Plan:
    """The plan with a reason for each choice without a seat and each series not held.

    A reason without rules says that nothing stands in the way with the part freed: the
    plan could be better. Where it cannot be said in time whether a rule is needed, the
    rule stays in and the reason is not ``irreducible``; where it cannot be said whether
    there is a reason at all, the reason is ``undecided``. A registration without
    choices has no reasons.
    ``registration_ids``: only these, and no series. ``beat`` is called several times a
    second, and ``should_stop`` is asked as often, in the caller's thread: when it says
    so, what was not asked yet is undecided. The plan must break no rule.
    """
    wanted = None if registration_ids is None else frozenset(registration_ids)
    return beaten(
        lambda stop: Explainer(problem, plan, constraints, None, stop).explain(wanted),
        beat,
        should_stop,
    )


def beaten(
    work: Callable[[Callable[[], bool] | None], Value],
    beat: Callable[[], None] | None,
    should_stop: Callable[[], bool] | None,
) -> Value:
    """Do work beside a caller who is told that it goes on, and asked whether to stop.

    The work is given what says so, and asks it. What the caller raises ends it.
    """
    if beat is None and should_stop is None:
        return work(None)
    asked, stopped = float("-inf"), False

    def stops() -> bool:
        nonlocal asked, stopped
        if beat is not None:
            beat()
        if should_stop is not None and time.monotonic() - asked >= ASK_EVERY:
            stopped, asked = stopped or should_stop(), time.monotonic()
        return stopped

    answers: list[Value] = []
    attend(lambda line: answers.append(work(line.stopped.is_set)), stops, None)
    return answers[0]


@dataclass(frozen=True, slots=True)
class Blocking:
    """Rules that block together (none: nothing does); ``irreducible``: without any one
    of them the others are known not to."""

    rules: frozenset[str] = frozenset()
    irreducible: bool = True


class Explainer:
    """Reasons beside one plan; what was found out is kept for the next question."""

    def __init__(
        self,
        problem: PlanningProblem,
        plan: Plan,
        constraints: Sequence[Constraint] = CONSTRAINTS,
        beat: Callable[[], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        self.problem, self.plan = problem, plan
        self._beat, self._should_stop = beat, should_stop
        self.stopped = False
        self._asked = float("-inf")
        self.rules = Rules(constraints)
        self.context = Context.of_plan(problem, plan)
        self.judge = Judge(problem, constraints)
        self.waiting = tuple(
            item for item in problem.registrations if item.id not in self.context.seated
        )
        self.unheld = tuple(
            item for item in problem.series if item.id not in plan.placement_of
        )
        self._alone: dict[str, Alone] = {}
        self._closed: dict[str, Blocking | None] = {}

    def beat(self) -> bool:
        """Tell that work goes on; whether it is to stop."""
        if self._beat is not None:
            self._beat()
        if self._should_stop is None or self.stopped:
            return self.stopped
        if time.monotonic() - self._asked >= ASK_EVERY:
            self.stopped, self._asked = self._should_stop(), time.monotonic()
        return self.stopped

    @property
    def asked_engine(self) -> int:
        """How many questions only the engine could answer."""
        return sum(one.asked_engine for one in self._alone.values())

    def explain(self, wanted: frozenset[str] | None) -> Plan:
        kept = {item.registration_id: item for item in self.plan.unplaced}
        unplaced = tuple(
            self.why_unplaced(item)
            if wanted is None or item.id in wanted
            else kept.get(item.id, Unplaced(item.id))
            for item in self.waiting
        )
        unheld = self.plan.unheld
        if wanted is None:
            unheld = tuple(self.why_unheld(item) for item in self.unheld)
        return replace(self.plan, unplaced=unplaced, unheld=unheld)

    def why_unplaced(self, registration: Registration) -> Unplaced:
        """A reason for each choice of a registration without a seat."""
        reasons = []
        for choice in registration.choices:
            series = self.problem.series_by_id[choice.series_id]
            reasons.append(
                self._unsaid(series)
                if self.beat()
                else self._reason(registration, series)
            )
        return Unplaced(registration.id, tuple(reasons))

    def why_unheld(self, series: Series) -> Reason:
        """Why a series is not held at all, with it and who waits for it freed."""
        closed = None if self.beat() else self._closed_by(series)
        if closed is None:
            return self._unsaid(series, for_all=True)
        return self._freed(series, closed, for_all=True)

    @staticmethod
    def _unsaid(series: Series, *, for_all: bool = False) -> Reason:
        return Reason(series.id, (), Verified.UNDECIDED, (series.id,), for_all)

    def known(self, series_id: str) -> Alone | None:
        """The questions about a series, if any were asked."""
        return self._alone.get(series_id)

    def alone(self, series: Series) -> Alone:
        """The questions about one series; made once."""
        if series.id not in self._alone:
            waits = {item.id for item in self.waiting}
            wanting = self.problem.registrations_by_series[series.id]
            self._alone[series.id] = Alone(
                self.rules,
                self.context,
                series,
                (item for item in wanting if item.id in waits),
                stop=self.beat,
            )
        return self._alone[series.id]

    def _reason(self, registration: Registration, series: Series) -> Reason:
        by_facts = [
            rule.id
            for rule in self.rules.having("fits_seat")
            if not rule.fits_seat(self.problem, registration, series)
        ]
        if by_facts:
            return Reason(series.id, (first_named(by_facts),), Verified.BY_FACTS)
        if series.id in self.plan.placement_of:
            return self._as_it_stands(registration, series)
        return self._blocked(registration, series)

    # The series is held: one more seat, all else as it is. ---------------------------
    def _as_it_stands(self, registration: Registration, series: Series) -> Reason:
        """Each broken rule is reason enough by itself: nothing is left to move."""
        seat = Allocation(registration.id, series.id)
        broken = {one.rule for one in self.judge.breaches(self.context, (), (seat,))}
        rules = (first_named(broken),) if broken else ()
        return Reason(series.id, rules, Verified.PLAN_FIXED)

    # The series is not held: it and who waits for it are free. -----------------------
    def _freed(self, series: Series, found: Blocking, *, for_all: bool) -> Reason:
        if self.stopped:  # perhaps in the midst of leaving rules out
            return self._unsaid(series, for_all=for_all)
        order = {rule.id: number for number, rule in enumerate(self.rules.all)}
        return Reason(
            series.id,
            tuple(sorted(found.rules, key=order.__getitem__)),
            Verified.PART_FREED,
            (series.id,),
            for_all,
            found.irreducible,
        )

    def _closed_by(self, series: Series) -> Blocking | None:
        """Rules that keep the series from being held by anybody; ``None``: not known.

        No rules when it could be held.
        """
        if series.id not in self._closed:
            every = frozenset(rule.id for rule in self.rules.named)
            held = self.alone(series).can_be_held(every)
            self._closed[series.id] = (
                self._reduced(every, series, None)
                if held is False
                else (None if held is None else Blocking())
            )
        return self._closed[series.id]

    def _blocked(self, registration: Registration, series: Series) -> Reason:
        """Why the series is not held with this registration in it."""
        closed = self._closed_by(series)
        if closed is not None and closed.rules:
            fewer = self._reduced(closed.rules, series, registration)
            return self._freed(series, fewer, for_all=fewer.rules == closed.rules)
        every = frozenset(rule.id for rule in self.rules.named)
        held = self.alone(series).can_be_held(every, registration)
        if held is None:
            return self._unsaid(series)
        found = Blocking() if held else self._reduced(every, series, registration)
        return self._freed(series, found, for_all=False)

    def _reduced(
        self,
        rules: frozenset[str],
        series: Series,
        registration: Registration | None,
    ) -> Blocking:
        """A part of a set of rules that is known to block: irreducible, unless the
        engine could not say in time whether some rule is needed."""
        alone, kept, known = self.alone(series), rules, True
        for family in self._families(rules):
            rest = kept - family
            if self.beat():
                return Blocking(kept, irreducible=False)
            if rest < kept and alone.can_be_held(rest, registration) is False:
                kept = rest
        for rule in self.rules.named:
            if rule.id not in kept:
                continue
            if self.beat():
                return Blocking(kept, irreducible=False)
            rest = kept - {rule.id}
            held = alone.can_be_held(rest, registration)
            if held is False:
                kept = rest
            known = known and held is not None
        return Blocking(kept, known)

    def _families(self, rules: frozenset[str]) -> list[frozenset[str]]:
        """Rules about one kind of thing, by the file they are in: tried together."""
        modules: dict[str, set[str]] = {}
        for rule in self.rules.named:
            if rule.id in rules:
                modules.setdefault(type(rule).__module__, set()).add(rule.id)
        return [frozenset(found) for found in modules.values() if len(found) > 1]


def first_named(rule_ids: Iterable[str]) -> str:
    """Of rules that each are reason enough, the one that is told."""
    found = set(rule_ids)
    known = [rule_id for rule_id in FIRST_NAMED if rule_id in found]
    return known[0] if known else min(found)


__all__ = ["FIRST_NAMED", "GIVEN_RULES", "Explainer", "explain", "first_named"]
