"""Public and school holidays of a municipality.

The `holidays` package holds the Dutch public holidays and the school holidays as
decreed per region; schools may differ from these, so school holidays are advice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from people.models import Municipality


@lru_cache(maxsize=64)
def _dates(years: tuple[int, ...], school_region: str) -> dict[date, str]:
    import holidays  # 0.3 s to load, and only needed here

    if school_region:
        found = holidays.country_holidays(
            "NL",
            subdiv=school_region,
            categories={"school"},
            years=years,
            language="nl",
        )
    else:
        found = holidays.country_holidays("NL", years=years, language="nl")
    return {day: name for day, name in sorted(found.items()) if day.year in years}


def holiday_dates(
    *, municipality: Municipality, years: Iterable[int], school: bool = False
) -> dict[date, str]:
    """Holidays in these years, by date, with their Dutch names.

    `school` gives the school holidays of the municipality's region (North for
    Overijssel, Central for Voorst), else the public holidays. Liberation Day (5 May)
    is not in the list: it is an ordinary day for most employers. School holidays are
    known for the years that were decreed; later years have none.
    """
    region = municipality.school_region if school else ""
    return dict(_dates(tuple(sorted(set(years))), region))
