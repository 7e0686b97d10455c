"""The sums under the figures: middles, shares, what is hidden, and drawings."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from courses.selectors.hiding import parts_to_hide
from publishing.figures.charts import WIDTH, draw_bars, draw_lines
from publishing.figures.period import Period
from publishing.figures.section import words_of
from publishing.figures.sums import Wait, spread_of
from scheduling.words import DASH


def waits(*days: int, norm: int = 28) -> list[Wait]:
    return [Wait(one, norm) for one in days]


def test_middle_nine_in_ten_and_share_within_the_norm() -> None:
    spread = spread_of(waits(*range(1, 11), norm=7))
    assert (spread.people, spread.middle, spread.nine_in_ten) == (10, 5.5, 9)
    assert spread.within == pytest.approx(0.7)


def test_of_fewer_than_five_people_nothing_is_told() -> None:
    spread = spread_of(waits(3, 4, 5, 6))
    assert (spread.middle, spread.nine_in_ten, spread.within) == (None, None, None)
    assert spread_of(waits(3, 4, 5, 6, 7)).middle == 5


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ({"a": 20, "b": 30}, set()),
        ({"a": 20, "b": 0}, set()),
        ({"a": 3, "b": 9, "c": 30}, {"a", "b"}),  # else 42 - 39 gives it away
        ({"a": 3, "b": 4, "c": 30}, {"a", "b"}),
        ({"a": 1, "b": 2, "c": 30}, {"a", "b", "c"}),
        ({"a": 4}, {"a"}),
    ],
)
def test_a_small_part_cannot_be_found_by_subtraction(
    people: dict[str, int], hidden: set[str]
) -> None:
    assert parts_to_hide(people) == hidden


def test_a_period_has_whole_weeks_and_every_month_it_touches() -> None:
    period = Period.of_weeks(13, date(2026, 11, 22))
    assert (period.last - period.first).days == 13 * 7 - 1
    assert period.weeks == 13
    assert period.months()[0] == date(2026, 8, 1)
    assert period.months()[-1] == date(2026, 11, 1)
    assert (period.end - period.start).total_seconds() == (13 * 7 * 24 + 1) * 3600


def test_bars_fill_the_width_at_most_and_hidden_ones_are_empty() -> None:
    drawn = draw_bars("x", [("a", 10, "10"), ("b", None, "hidden"), ("c", 5, "5")])
    assert drawn is not None
    assert [bar.length for bar in drawn.bars] == [WIDTH, 0, WIDTH / 2]
    assert drawn.height == 3 * 34
    assert draw_bars("x", [("a", None, "hidden")]) is None


def test_a_line_has_a_gap_where_a_month_has_no_number() -> None:
    drawn = draw_lines("x", ["a", "b", "c"], [("m", "middle", [10, None, 20])])
    assert drawn is not None
    (line,) = drawn.lines
    assert line.path.count("M") == 2
    assert "L" not in line.path
    assert len(line.dots) == 2
    assert draw_lines("x", ["a", "b"], [("m", "middle", [None, None])]) is None


@pytest.mark.parametrize(
    ("cell", "unit", "words"),
    [
        (None, "", DASH),
        (0.456, "%", "46 %"),
        (103000, "", "103,000"),
        (1, "days", "1 day"),
        (12, "h", "12 h"),
        (2.26, "1", "2.3"),
    ],
)
def test_numbers_are_written_in_their_unit(
    cell: float | None, unit: str, words: str
) -> None:
    with translation.override("en"):
        assert words_of(cell, unit).replace("\xa0", " ") == words
