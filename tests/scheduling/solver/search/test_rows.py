"""Shares of what can run out, held against every way to fill a half-day."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from random import Random

from scheduling.solver.horizon import mask_between, quarters_in
from scheduling.solver.search.rows import Share, day_groups, fitting_shares


def fits_together(shares: tuple[Share, ...]) -> bool:
    """Whether starts exist at which no two of the shares overlap."""
    for starts in product(*(tuple(quarters_in(one.starts)) for one in shares)):
        stretches = sorted(
            (start, start + one.length)
            for start, one in zip(starts, shares, strict=True)
        )
        if all(first[1] <= second[0] for first, second in pairwise(stretches)):
            return True
    return False


class TestFittingShares:
    def test_two_that_just_fit_take_half_each(self) -> None:
        halves = [
            Share(0, "a", (0,), mask_between(36, 41), 4),
            Share(1, "b", (0,), mask_between(36, 41), 4),
        ]
        assert fitting_shares(halves) == [0.5, 0.5]

    def test_two_that_never_fit_take_all_each(self) -> None:
        whole = [
            Share(0, "a", (0,), mask_between(36, 40), 4),
            Share(1, "b", (0,), mask_between(36, 40), 4),
        ]
        assert fitting_shares(whole) == [1.0, 1.0]

    def test_whatever_fits_together_sums_to_at_most_one(self) -> None:
        dice = Random(5)
        held = 0
        for _ in range(150):
            shares = [
                Share(
                    number,
                    str(number),
                    (0,),
                    sum(1 << dice.randrange(36, 48) for _ in range(3)),
                    dice.choice((2, 4, 6)),
                )
                for number in range(4)
            ]
            parts = fitting_shares(shares)
            for size in range(1, 5):
                for chosen in combinations(range(4), size):
                    if fits_together(tuple(shares[one] for one in chosen)):
                        held += 1
                        assert sum(parts[one] for one in chosen) <= 1 + 1e-9
        assert held > 300


class TestDayGroups:
    def test_only_the_largest_sets_that_share_a_day_remain(self) -> None:
        weekly = Share(0, "a", (0, 7, 14), 1, 4)
        early = Share(1, "b", (0, 7), 1, 4)
        late = Share(2, "c", (14,), 1, 4)
        groups = [
            sorted(one.series_id for one in group)
            for group in day_groups([weekly, early, late])
        ]
        assert sorted(groups) == [["a", "b"], ["a", "c"]]
