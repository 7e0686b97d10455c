"""How the model keeps the course of a facilitator's day: its span and its breaks.

Whether a day becomes too long or a block has no break depends on where meetings start,
so these limits are told only for stays that can take part in a breach of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, combinations
from typing import TYPE_CHECKING

from scheduling.solver.horizon import SLOT_MINUTES, SLOTS_PER_DAY, quarters_in
from scheduling.solver.sequencing import clash_of
from scheduling.solver.stays import Stay

if TYPE_CHECKING:
    from scheduling.solver.problem import LoadLimits
    from scheduling.solver.variables import PlanVariables

Stretch = tuple[int, int]


def limit_course(
    variables: PlanVariables,
    limits: LoadLimits,
    stays: Sequence[Stay],
    days: Mapping[int, tuple[int, tuple[Stretch, ...]]],
) -> None:
    """Keep one facilitator's days within their limits.

    ``days``: for each day the mask of the ``stays`` that meet on it, by number, and
    the stretches that are fixed on it.
    """
    if limits.span_minutes is not None:
        for mask in _largest(mask for mask, _ in days.values()):
            here = [stays[number] for number in quarters_in(mask)]
            _keep_span(variables, limits.span_minutes // SLOT_MINUTES, here)
    longest, span = limits.block_minutes, limits.span_minutes
    if longest is None or (span is not None and span <= longest):
        return
    alike: dict[tuple[Stretch, ...], list[int]] = defaultdict(list)
    for mask, fixed in days.values():
        alike[fixed].append(mask)
    for fixed, masks in alike.items():
        for mask in _largest(masks):
            here = [stays[number] for number in quarters_in(mask)]
            _keep_blocks(variables, limits, here, fixed)


def _largest(masks: Iterable[int]) -> list[int]:
    """The sets that are not inside another."""
    found: list[int] = []
    for mask in sorted(set(masks), key=int.bit_count, reverse=True):
        if not any(mask & ~larger == 0 for larger in found):
            found.append(mask)
    return found


def _keep_span(variables: PlanVariables, limit: int, stays: Sequence[Stay]) -> None:
    """First start to last end: beside what is fixed, one stay alone is filtered."""
    earliest = min(stay.range[0] for stay in stays)
    latest = max(stay.range[1] + stay.length for stay in stays)
    far = [
        stay
        for stay in stays
        if stay.range[1] + stay.length - earliest > limit
        or latest - stay.range[0] > limit
    ]
    if len({stay.series_id for stay in far}) < 2:
        return
    model = variables.model
    first = model.new_int_var(0, SLOTS_PER_DAY, "first")
    for stay in far:
        model.add(first <= stay.start).only_enforce_if(stay.literal)
        model.add(stay.start + stay.length <= first + limit).only_enforce_if(
            stay.literal
        )


def _keep_blocks(
    variables: PlanVariables,
    limits: LoadLimits,
    stays: Sequence[Stay],
    fixed: Sequence[Stretch],
) -> None:
    """Each meeting lies in a block of the longest length that is allowed; meetings
    without a break between them lie in one block."""
    model, gap = variables.model, -(-limits.break_minutes // SLOT_MINUTES)
    longest = (limits.block_minutes or 0) // SLOT_MINUTES
    reach = _Reach(stays, fixed, gap, limits.sessions_per_day)
    here = [stay for stay in stays if reach.of(stay) > longest]
    if len({stay.series_id for stay in here}) < 2:
        return
    for start, end in fixed:
        true, name = model.new_constant(1), f"fixed {start} {end}"
        here.append(Stay(true, name, (), start, 1 << start, end - start, None))
    begins = [model.new_int_var(-SLOTS_PER_DAY, SLOTS_PER_DAY, "block") for _ in here]
    for stay, begin in zip(here, begins, strict=True):
        model.add(begin <= stay.start).only_enforce_if(stay.literal)
        model.add(stay.start + stay.length <= begin + longest).only_enforce_if(
            stay.literal
        )
    for (one, first), (other, second) in combinations(
        zip(here, begins, strict=True), 2
    ):
        clash = clash_of(one, other, gap, gap)
        if clash is False:
            continue
        orders = []
        if clash is None:
            orders = [
                variables.before(one, other, gap),
                variables.before(other, one, gap),
            ]
        model.add(first == second).only_enforce_if(
            one.literal, other.literal, *(order.negated() for order in orders)
        )


class _Reach:
    """The longest block that a stay could be in: never too short an answer.

    Going on from a block's end, the best next meeting is the one that ends last of
    those that start without a break after it; going back, the same the other way
    round. A series may be counted twice, so the answer can be too long.
    """

    def __init__(
        self,
        stays: Sequence[Stay],
        fixed: Sequence[Stretch],
        gap: int,
        sessions: int | None,
    ) -> None:
        self.gap = gap
        series = len({stay.series_id for stay in stays}) + len(fixed)
        self.others = min(series, sessions or series) - 1
        # Latest end of what starts by a quarter; earliest start of what ends from it.
        ends, starts = [0] * SLOTS_PER_DAY, [SLOTS_PER_DAY] * (2 * SLOTS_PER_DAY)
        stretches = [
            (start, start + stay.length)
            for stay in stays
            for start in quarters_in(stay.starts)
        ]
        for start, end in (*stretches, *fixed):
            ends[start] = max(ends[start], end)
            starts[end] = min(starts[end], start)
        self.end_by = list(accumulate(ends, max))
        self.start_from = list(accumulate(reversed(starts), min))[::-1]

    def of(self, stay: Stay) -> int:
        return max(
            self._on(start + stay.length, after)
            - self._back(start, self.others - after)
            for start in quarters_in(stay.starts)
            for after in range(self.others + 1)
        )

    def _on(self, end: int, times: int) -> int:
        for _ in range(times):
            by = min(SLOTS_PER_DAY, end + self.gap) - 1
            end = max(end, self.end_by[by])
        return end

    def _back(self, start: int, times: int) -> int:
        for _ in range(times):
            start = min(start, self.start_from[max(0, start - self.gap + 1)])
        return start
