"""Which meetings of a half-day can lie beside each other, and rows that follow.

The rows of ``search/rows.py`` are only as strong as what they know about a half-day:
two meetings at places an hour apart do not fit where two in one building do. What is
said here is about pairs (their starts, lengths and the way between them), and never
forbids what a plan may do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduling.solver.rule import Days

Spot = tuple[str | None, int]
Gap = Callable[[str | None, str | None], int]
Row = list[tuple[int, float]]

MOST_NODES = 500
"""Sets looked at for one share before the count of lengths alone decides."""


@dataclass(frozen=True)
class Share:
    """One user of a row: its number, its days, and where in the day it can lie.

    ``spots`` are places with the mask of starts there.
    """

    user: int
    series_id: str
    days: Days
    spots: tuple[Spot, ...]
    length: int

    @cached_property
    def starts(self) -> int:
        """Mask of starts, wherever."""
        found = 0
        for _, mask in self.spots:
            found |= mask
        return found

    @cached_property
    def first(self) -> int:
        return _first(self.starts)

    @cached_property
    def last(self) -> int:
        return _last(self.starts)


class Clashes:
    """Answers, each worked out once, for a gap between places."""

    def __init__(self, gap: Gap) -> None:
        self.gap = gap
        self._known: dict[tuple[object, ...], bool] = {}

    def together(self, one: Share, other: Share) -> bool:
        """Whether starts exist at which both fit in a day, the way included."""
        if one.series_id == other.series_id:
            return False
        return self._follows(one, other) or self._follows(other, one)

    def _follows(self, one: Share, other: Share) -> bool:
        if one.first + one.length > other.last:
            return False
        key = (one.spots, one.length, other.spots)
        if key not in self._known:
            self._known[key] = any(
                _first(starts) + one.length + self.gap(here, there) <= _last(others)
                for here, starts in one.spots
                for there, others in other.spots
            )
        return self._known[key]


def pack(shares: Sequence[Share], clashes: Clashes) -> list[Row]:
    """Rows of at most 1 for meetings on one day of which no two overlap.

    The first gives each one over the size of the largest set with it that fits
    together, so that any set that fits has a sum of at most 1. The others are sets of
    which no two fit together, where that says more.
    """
    beside = [0] * len(shares)
    for number, one in enumerate(shares):
        for later in range(number + 1, len(shares)):
            if clashes.together(one, shares[later]):
                beside[number] |= 1 << later
                beside[later] |= 1 << number
    sizes = largest_sets(shares, beside)
    rows = [[(one.user, 1.0 / sizes[place]) for place, one in enumerate(shares)]]
    if max(sizes) == 1:
        return rows
    rows.extend(
        [(shares[one].user, 1.0) for one in group]
        for group in _apart(beside)
        if len({shares[one].series_id for one in group}) > 1
        and max(sizes[one] for one in group) > 1
    )
    return rows


def largest_sets(shares: Sequence[Share], beside: Sequence[int]) -> list[int]:
    """For each share the size of the largest set with it of which all fit in pairs."""
    most = _by_length(shares)
    found = []
    for number, mask in enumerate(beside):
        left = [MOST_NODES]
        size = 1 + _largest(mask, beside, most[number] - 1, left)
        found.append(size if left[0] > 0 else most[number])
    return found


def _largest(mask: int, beside: Sequence[int], enough: int, left: list[int]) -> int:
    best = 0
    while mask and best < enough and left[0] > 0:
        left[0] -= 1
        number = _last(mask)
        mask ^= 1 << number
        best = max(best, 1 + _largest(mask & beside[number], beside, enough - 1, left))
    return best


def _by_length(shares: Sequence[Share]) -> list[int]:
    """Largest sets by lengths alone: as many as the shortest of all fits there."""
    low = min(one.first for one in shares)
    high = max(one.last + one.length for one in shares)
    shortest = max(1, min(one.length for one in shares))
    return [
        1
        + max(
            (start - low) // shortest + (high - start - one.length) // shortest
            for start in _quarters(one.starts)
        )
        for one in shares
    ]


def _apart(beside: Sequence[int]) -> Iterable[list[int]]:
    """Sets of which no two fit together, that cover all such pairs; greedily."""
    everyone = (1 << len(beside)) - 1
    apart = [everyone & ~mask & ~(1 << number) for number, mask in enumerate(beside)]
    left = list(apart)
    for number in range(len(beside)):
        while left[number] >> (number + 1):
            second = _last(left[number])
            group, common = [number, second], apart[number] & apart[second]
            while common:
                # Pairs that no set covers yet go first.
                other = _last(common & left[number] or common)
                group.append(other)
                common &= apart[other]
            members = sum(1 << one for one in group)
            for one in group:
                left[one] &= ~members
            yield sorted(group)


def _quarters(mask: int) -> Iterable[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _first(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _last(mask: int) -> int:
    return mask.bit_length() - 1
