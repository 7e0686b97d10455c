"""Rules about a series as a whole: rhythm, size, entry and order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from scheduling.solver.constraints.presence import (
    place_of_room,
    placements_in,
    seated_in,
    seats_given,
)
from scheduling.solver.horizon import (
    FULL_DAY,
    SLOTS_PER_DAY,
    Horizon,
    mask_between,
    starts_within,
)
from scheduling.solver.plan import Meeting, Placement, Plan, Violation
from scheduling.solver.problem import (
    DatePattern,
    PlanningProblem,
    Registration,
    Series,
)
from scheduling.solver.rule import Constraint

if TYPE_CHECKING:
    from scheduling.solver.candidates import Timing
    from scheduling.solver.context import Context
    from scheduling.solver.variables import Literal, PlanVariables

Fact = tuple[str, int]


@lru_cache(maxsize=4096)
def _irregular(horizon: Horizon, day: int) -> int:
    """Quarters at which that day's clock is changed; slow to find, so kept."""
    return horizon.irregular_quarters(day)


class SeriesRhythm(Constraint):
    """A series meets on exactly the dates of one of its patterns, each time at the same
    hour, in the same room and with the same leaders, inside its windows and never in
    the hour in which the clock is changed."""

    id = "series-rhythm"
    bound = "exact"

    def starts(
        self, problem: PlanningProblem, series: Series, pattern: DatePattern
    ) -> int:
        starts = FULL_DAY
        for day in pattern.days:
            weekday, inside = problem.horizon.weekday(day), 0
            for window in series.windows:
                if window.weekday == weekday:
                    last = window.end - series.length
                    inside |= mask_between(window.start, last + 1)
            regular = FULL_DAY & ~_irregular(problem.horizon, day)
            starts &= inside & starts_within(regular, series.length)
        return starts

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        placed = Counter(item.series_id for item in plan.placements)
        for placement in placements_in(plan, touching):
            series = problem.series_by_id[placement.series_id]
            about = (("series", series.id),)
            if placed[series.id] > 1:
                facts: tuple[Fact, ...] = (("placements", placed[series.id]),)
                yield Violation(self.id, about, facts=facts)
            if series.is_self_paced:
                if placement.meetings:
                    facts = (("meetings", len(placement.meetings)),)
                    yield Violation(self.id, about, placement.meetings[0].slot, facts)
                continue
            if placement.coach_ids:
                facts = (("coaches", len(placement.coach_ids)),)
                yield Violation(self.id, about, facts=facts)
            meetings = sorted(placement.meetings)
            for slot, fact in (
                *_pattern_faults(problem, series, meetings),
                *_alike_faults(meetings),
                *_time_faults(problem, series, meetings),
                *_room_faults(series, meetings),
            ):
                yield Violation(self.id, about, slot, (fact,))


def _pattern_faults(
    problem: PlanningProblem, series: Series, meetings: list[Meeting]
) -> Iterator[tuple[int | None, Fact]]:
    """The dates are not those of a pattern, or not of one for these places."""
    days = tuple(item.slot // SLOTS_PER_DAY for item in meetings)
    first = meetings[0].slot if meetings else None
    patterns = [item for item in series.date_patterns if item.days == days]
    if not days or not patterns:
        yield first, ("dates", len(days))
        return
    places = {place_of_room(problem, item.room_id) for item in meetings} - {None}
    if not any(
        pattern.place_ids is None or places <= pattern.place_ids for pattern in patterns
    ):
        yield first, ("dates_elsewhere", len(days))


def _alike_faults(meetings: list[Meeting]) -> Iterator[tuple[int | None, Fact]]:
    """Not the same hour, room or leaders each time."""
    first: Meeting | None = None
    hours, rooms, teams = set(), set(), set()
    for item in meetings:
        first = first or item
        hours.add(item.slot % SLOTS_PER_DAY)
        rooms.add(item.room_id)
        teams.add(frozenset(item.facilitator_ids))
    for name, found in (("hours", hours), ("rooms", rooms), ("teams", teams)):
        if first is not None and len(found) > 1:
            yield first.slot, (name, len(found))


def _time_faults(
    problem: PlanningProblem, series: Series, meetings: list[Meeting]
) -> Iterator[tuple[int | None, Fact]]:
    """Off the grid, outside the windows, or while the clock is changed."""
    horizon = problem.horizon
    for item in meetings:
        day, start = divmod(item.slot, SLOTS_PER_DAY)
        end = start + series.length
        if start % series.start_step:
            yield item.slot, ("off_grid", start % series.start_step)
        if not any(
            window.weekday == horizon.weekday(day)
            and window.start <= start
            and end <= window.end
            for window in series.windows
        ):
            yield item.slot, ("outside_windows", 1)
        changed = _irregular(horizon, day)
        if any(changed >> quarter & 1 for quarter in range(start, min(end, 96))):
            yield item.slot, ("clock_change", 1)


def _room_faults(
    series: Series, meetings: list[Meeting]
) -> Iterator[tuple[int | None, Fact]]:
    """A room where none is needed, or none where one is."""
    for item in meetings:
        if series.needs_room and item.room_id is None:
            yield item.slot, ("room_missing", 1)
        if not series.needs_room and item.room_id is not None:
            yield item.slot, ("room_unneeded", 1)


class GroupSize(Constraint):
    """A group never has more seats taken than it has, and a new one opens only with
    enough people; a running or published group that became small goes on."""

    id = "group-size"
    bound = "exact"

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        return len(series.members) + registration.seats <= series.size_max

    def fits_seat_beside(
        self, context: Context, registration: Registration, series: Series
    ) -> bool:
        taken = sum(item.seats for item in context.seats.get(series.id, ()))
        return len(series.members) + taken + registration.seats <= series.size_max

    def add_to(self, variables: PlanVariables) -> None:
        for series in variables.series:
            self._limit_free(variables, series)
        for series in variables.given:
            self._limit_given(variables, series)

    def _limit_free(self, variables: PlanVariables, series: Series) -> None:
        """Both limits for each mode apart: far stronger bounds than for the whole."""
        model, members = variables.model, len(series.members)
        seats: dict[tuple[Timing, str | None], list[tuple[int, Literal]]]
        seats = defaultdict(list)
        for seat in variables.seats(series.id):
            seats[seat.timing, seat.place_id].append(
                (seat.registration.seats, seat.literal)
            )
        for mode, literal in variables.modes(series.id):
            here = seats[mode.timing, mode.place_id]
            taken = sum(count * sits for count, sits in here)
            most = series.size_max - members
            if most < 0 or most < sum(count for count, _ in here):
                model.add(taken <= most * literal)
            least = series.size_min - members
            if least > 0 and not _goes_on(variables.problem, series):
                model.add(taken >= least * literal)

    def _limit_given(self, variables: PlanVariables, series: Series) -> None:
        fixed = variables.context.seats.get(series.id, ())
        taken = len(series.members) + sum(item.seats for item in fixed)
        added = sum(
            seat.registration.seats * seat.literal
            for seat in variables.seats(series.id)
        )
        variables.model.add(added <= max(0, series.size_max - taken))
        goes_on = _goes_on(variables.problem, series)
        if not goes_on and taken < series.size_min:
            variables.model.add(added >= series.size_min - taken)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            series = problem.series_by_id[placement.series_id]
            seated = seated_in(problem, plan, series.id)
            size = len(series.members) + sum(item.seats for item in seated)
            about = (("series", series.id),)
            if size > series.size_max:
                limit = ("size_max", series.size_max)
                yield Violation(self.id, about, facts=(("size", size), limit))
            if size < series.size_min and not _goes_on(problem, series):
                limit = ("size_min", series.size_min)
                yield Violation(self.id, about, facts=(("size", size), limit))


def _goes_on(problem: PlanningProblem, series: Series) -> bool:
    """Whether it is held already, so that no least number has to open it."""
    return series.is_running or series.id in problem.kept_placements


class ClosedGroup(Constraint):
    """Nobody new enters a group after the meeting at which it closed.

    Who already had a published seat in it is not new.
    """

    id = "closed-group"
    bound = "exact"

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        return not series.is_closed or any(
            item.registration_id == registration.id and item.series_id == series.id
            for item in problem.published.allocations
        )

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        known = {
            (item.series_id, item.registration_id)
            for item in problem.published.allocations
        }
        for series_id, registration in seats_given(problem, plan, touching):
            series = problem.series_by_id[series_id]
            if series.closed_after is None:
                continue
            late = series.meetings_held >= series.closed_after
            if late and (series_id, registration.id) not in known:
                yield Violation(
                    self.id,
                    (("registration", registration.id), ("series", series_id)),
                    facts=(
                        ("meetings_held", series.meetings_held),
                        ("closed_after", series.closed_after),
                    ),
                )


class SeriesOrder(Constraint):
    """A series that builds on another starts after the other's last meeting, when both
    are held."""

    id = "series-order"
    bound = "relaxed"

    def starts_beside(
        self, context: Context, series: Series, pattern: DatePattern
    ) -> int:
        starts = FULL_DAY
        for before, after in context.problem.series_order:
            if after == series.id and before in context.placements:
                end = _end(context.problem, context.placements[before])
                if end is not None and pattern.days:
                    first = min(pattern.days) * SLOTS_PER_DAY
                    starts &= mask_between(max(0, end - first), SLOTS_PER_DAY)
            if before == series.id and after in context.placements:
                begin = _begin(context.placements[after])
                if begin is not None and pattern.days:
                    latest = begin - max(pattern.days) * SLOTS_PER_DAY - series.length
                    starts &= mask_between(0, min(SLOTS_PER_DAY, latest + 1))
        return starts

    def add_to(self, variables: PlanVariables) -> None:
        free = {item.id for item in variables.series}
        for before, after in variables.problem.series_order:
            if before in free and after in free:
                for timing in variables.timings(before):
                    self._order(variables, before, timing, after)

    def _order(
        self, variables: PlanVariables, before: str, timing: Timing, after: str
    ) -> None:
        """What may follow ``before`` in a timing: later days, or later that day."""
        model, at = variables.model, variables.at(before, timing)
        last = max(variables.days(before, timing), default=-1)
        length = variables.problem.series_by_id[before].length
        too_early = []
        for other in variables.timings(after):
            first = min(variables.days(after, other), default=None)
            if first is None or last < first:
                continue
            if last > first:
                too_early.append(variables.at(after, other))
                continue
            ends = sum(
                (quarter + length) * literal
                for quarter, literal in variables.starts(before, timing).items()
            )
            begins = sum(
                quarter * literal
                for quarter, literal in variables.starts(after, other).items()
            )
            model.add(ends <= begins).only_enforce_if(at, variables.at(after, other))
        if too_early:
            model.add_at_most_one(at, *too_early)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for pair in problem.series_order:
            if touching is not None and not set(pair) & set(touching):
                continue
            first, second = (plan.placement_of.get(name) for name in pair)
            if first is None or second is None:
                continue
            end, begin = _end(problem, first), _begin(second)
            if end is not None and begin is not None and begin < end:
                about = tuple(("series", name) for name in pair)
                yield Violation(self.id, about, begin)


def _end(problem: PlanningProblem, placement: Placement) -> int | None:
    """Slot at which the last meeting has ended; ``None`` without meetings."""
    length = problem.series_by_id[placement.series_id].length
    return max((item.slot + length for item in placement.meetings), default=None)


def _begin(placement: Placement) -> int | None:
    return min((item.slot for item in placement.meetings), default=None)
