"""Shares of what can run out, held against every way to fill a half-day."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations, product
from random import Random

from scheduling.solver.horizon import mask_between, quarters_in
from scheduling.solver.search.clashes import Clashes, Share, largest_sets, pack

FAR = 3
"""Quarters between two different places."""


def gap(here: str | None, there: str | None) -> int:
    return 0 if here == there else FAR


def share(number: int, spots: dict[str, int], length: int, series_id: str) -> Share:
    return Share(number, series_id, (0,), tuple(spots.items()), length)


def fits_together(shares: tuple[Share, ...]) -> bool:
    """Whether places and starts exist at which one person can lead all of them."""
    if len({one.series_id for one in shares}) < len(shares):
        return False
    options = [
        [(place, start) for place, mask in one.spots for start in quarters_in(mask)]
        for one in shares
    ]
    for choice in product(*options):
        for order in permutations(range(len(shares))):
            if all(
                choice[one][1]
                + shares[one].length
                + gap(choice[one][0], choice[two][0])
                <= choice[two][1]
                for one, two in pairwise(order)
            ):
                return True
    return False


def random_shares(dice: Random) -> list[Share]:
    return [
        share(
            number,
            {
                place: sum(1 << dice.randrange(36, 50) for _ in range(2))
                for place in dice.sample("xyz", dice.randint(1, 2))
            },
            dice.choice((2, 4, 6)),
            dice.choice("abcd"),
        )
        for number in range(4)
    ]


class TestPack:
    def test_two_that_just_fit_take_half_each(self) -> None:
        mask = mask_between(36, 41)
        halves = [share(one, {"x": mask}, 4, name) for one, name in enumerate("ab")]
        assert pack(halves, Clashes(gap)) == [[(0, 0.5), (1, 0.5)]]

    def test_the_way_between_two_places_counts(self) -> None:
        mask = mask_between(36, 41)
        apart = [share(0, {"x": mask}, 4, "a"), share(1, {"y": mask}, 4, "b")]
        assert pack(apart, Clashes(gap)) == [[(0, 1.0), (1, 1.0)]]

    def test_two_modes_of_one_series_never_go_together(self) -> None:
        mask = mask_between(36, 60)
        twice = [share(one, {"x": mask}, 4, "a") for one in range(2)]
        assert pack(twice, Clashes(gap)) == [[(0, 1.0), (1, 1.0)]]

    def test_sets_that_never_fit_are_rows_of_their_own(self) -> None:
        early, late = mask_between(36, 40), mask_between(44, 48)
        three = [
            share(0, {"x": early}, 4, "a"),
            share(1, {"x": early}, 4, "b"),
            share(2, {"x": late}, 4, "c"),
        ]
        rows = pack(three, Clashes(gap))
        assert rows[0] == [(0, 0.5), (1, 0.5), (2, 0.5)]
        assert rows[1:] == [[(0, 1.0), (1, 1.0)]]

    def test_whatever_fits_together_keeps_every_row(self) -> None:
        dice, held, fine = Random(5), 0, 0
        for _ in range(120):
            shares = random_shares(dice)
            rows = [dict(row) for row in pack(shares, Clashes(gap))]
            fine += len(rows) - 1
            for size in range(1, 4):
                for chosen in combinations(shares, size):
                    if fits_together(chosen):
                        held += size > 1
                        for row in rows:
                            used = sum(row.get(one.user, 0.0) for one in chosen)
                            assert used <= 1 + 1e-9
        assert held > 60
        assert fine > 40


def test_a_set_too_large_to_search_is_counted_by_length() -> None:
    """Many meetings of an hour in a long day: the count of hours bounds every set."""
    mask = mask_between(36, 80)
    many = [share(one, {"x": mask}, 4, str(one)) for one in range(40)]
    everyone = (1 << 40) - 1
    beside = [everyone & ~(1 << one) for one in range(40)]
    sizes = largest_sets(many, beside)
    assert set(sizes) == {11}
