"""Begin with a timetable where the problem is one: groups of known people in a week."""

from __future__ import annotations

import math
from collections.abc import Callable

from scheduling.solver.candidates import Filters
from scheduling.solver.context import Context
from scheduling.solver.plan import Plan
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.incumbent import Incumbent
from scheduling.solver.search.timetable import Timetable
from scheduling.solver.search.timetable_facts import timetabled, wants_timetable
from scheduling.solver.search.trial import Judge
from scheduling.solver.search.watcher import Watcher
from scheduling.solver.verify import violations

COMPLETE_SHARE, POLISH_SHARE = 0.6, 0.7
"""Parts of the time after which the search for all, and for comfort, is over."""

STEPS_TO_COMPLETE, STEPS_TO_POLISH = 20_000, 100
"""The same where work is counted: at most, and for each neighbourhood asked for."""

TELL_EVERY = 5.0


def fill_with_timetable(
    context: Context,
    filters: Filters,
    rules: tuple[tuple[Constraint, ...], tuple[Objective, ...]],
    watcher: Watcher,
    offer: Callable[[Incumbent], bool],
    settings: tuple[float, int, int | None],
) -> None:
    """Put a timetable of all free series into the context; nothing where there is none.

    ``rules`` are the constraints and objectives, ``settings`` the seconds, the seed and
    the steps (``None``: the clock decides). ``offer`` hears of each better plan.
    """
    problem, (constraints, objectives) = filters.problem, rules
    seconds, seed, steps = settings
    free = tuple(one for one in problem.series if one.id not in context.placements)
    if context.seated or problem.registrations or not wants_timetable(free):
        return

    def until(share: float, most: int) -> Callable[[], bool]:
        done = 0

        def over() -> bool:
            nonlocal done
            done += 1
            late = done > most if steps is not None else watcher.spent > share * seconds
            return watcher.cancelled() or late

        return over

    watcher.doing = "timetable"
    latest = math.inf if steps is not None else COMPLETE_SHARE * seconds
    facts = watcher.attend(
        lambda line: timetabled(
            filters,
            context,
            objectives,
            lambda: line.stopped.is_set() or watcher.spent > latest,
        ),
        None,
    )
    if facts is None:
        return
    table = Timetable(facts, seed)
    held = dict(context.placements)
    told = watcher.spent

    def tell() -> None:
        nonlocal told
        told = watcher.spent
        new = {one.series_id: one for one in table.placements()}
        plan = Plan(problem.id, (*held.values(), *new.values()))
        if not violations(problem, plan, constraints):
            offer(Incumbent({**held, **new}))

    def telling(over: Callable[[], bool]) -> Callable[[], bool]:
        def asked() -> bool:
            if steps is None and watcher.spent - told > TELL_EVERY:
                tell()
            return over()

        return asked

    if table.complete(telling(until(COMPLETE_SHARE, STEPS_TO_COMPLETE))):
        tell()
        watcher.doing = "comfort"
        most = STEPS_TO_POLISH * (steps or 0)
        table.polish(telling(until(POLISH_SHARE, most)))
    # What it does not know of (people kept apart, say) is judged here.
    Judge(problem, constraints).take_over(
        context, Plan(problem.id, tuple(table.placements()))
    )
