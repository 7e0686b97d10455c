"""Days and stretches of days, as people say them."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from scheduling.words import DASH, days_between


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 12, 10), date(2026, 12, 10), "10 december 2026"),
        (date(2026, 12, 7), date(2026, 12, 13), f"7 {DASH} 13 december 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), f"30 november {DASH} 6 december 2026"),
        (
            date(2026, 12, 28),
            date(2027, 1, 3),
            f"28 december 2026 {DASH} 3 januari 2027",
        ),
    ],
)
def test_a_stretch_of_days(first: date, last: date, said: str) -> None:
    with translation.override("nl"):
        assert days_between(first, last) == said
