"""Invented problems stay as hard as they should be."""

from __future__ import annotations

import pytest

from benchmarks.traits import main, traits
from scheduling.solver.generate import generate


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_base_term_has_the_traits_of_the_region(seed: int) -> None:
    found = traits(generate(1, seed, "term"))
    assert 3 <= found.candidates <= 4
    assert 0.14 <= found.without <= 0.23
    assert 1 <= found.volunteer_half_days <= 2
    assert found.most_volunteer_half_days <= 2


def test_a_week_has_more_people_than_seats() -> None:
    found = traits(generate(1, 1, "week"))
    assert 3 <= found.candidates <= 4
    assert found.takers > 2


def test_more_needs_leave_more_people_without_a_candidate() -> None:
    base = traits(generate(1, 2, "term"))
    needs = traits(generate(1, 2, "term", "accommodations"))
    few = traits(generate(1, 2, "term", "scarce-leaders"))
    assert needs.without > base.without
    assert few.without > base.without


def test_the_command_prints_a_line_a_problem(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--seeds", "1", "--scale", "0.1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("term base 0.1x seed 1: ")
    assert "candidates" in lines[0]
