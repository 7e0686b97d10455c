"""The program that counts reasons tells apart what was not known in time."""

from __future__ import annotations

import pytest

from benchmarks.reasons import COLUMNS, reasons_row
from tests.builders import plan
from tests.undecided import foes, knows_the_whole_alone


@pytest.mark.parametrize("in_time", [True, False])
def test_a_reason_with_perhaps_a_rule_too_many_is_counted_apart(
    in_time: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not in_time:
        knows_the_whole_alone(monkeypatch)
    row = reasons_row(foes(), plan())
    assert set(row) <= set(COLUMNS)
    assert (row["reasons"], row["part_freed"], row["unheld"]) == (3, 3, 1)
    assert row["missing"] == 0
    assert row["reducible"] == (0 if in_time else 3 + 1)
