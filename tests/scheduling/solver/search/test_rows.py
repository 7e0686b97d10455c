"""Rows of resources are told once for each largest set of users of a day."""

from __future__ import annotations

from scheduling.solver.search.clashes import Share
from scheduling.solver.search.rows import Rows, day_groups

SPOT = (("x", 1),)


class TestDayGroups:
    def test_only_the_largest_sets_that_share_a_day_remain(self) -> None:
        weekly = Share(0, "a", (0, 7, 14), SPOT, 4)
        early = Share(1, "b", (0, 7), SPOT, 4)
        late = Share(2, "c", (14,), SPOT, 4)
        groups = [
            sorted(one.series_id for one in group)
            for group in day_groups([weekly, early, late])
        ]
        assert sorted(groups) == [["a", "b"], ["a", "c"]]


def test_a_coarse_matrix_leaves_fine_rows_out() -> None:
    rows = Rows()
    rows.add("lead", "first", 1.0, [(0, 0.5), (1, 0.5)])
    rows.add("lead", "second", 1.0, [(1, 1.0)], fine=True)
    assert [some.tolist() for some in rows.matrix("lead")] == [
        [0, 1, 1],
        [0, 0, 1],
        [0.5, 0.5, 1.0],
    ]
    users, numbers, _ = rows.matrix("lead", coarse=True)
    assert (users.tolist(), numbers.tolist()) == ([0, 1], [0, 0])
