"""Date patterns as JSON: the dates in full, or the rhythm that they follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import DatePattern
from scheduling.solver.snapshot.codec import Codec, Many, Nullable, Reading, Whole
from scheduling.solver.snapshot.record import Field, Record
from scheduling.solver.snapshot.shared import ID_SET
from scheduling.solver.snapshot.times import Date, Day, Weekday


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``count`` meetings every ``every_weeks`` weeks on ``weekday``.

    They begin at the first such day from ``first`` on. A date in ``skip`` is passed
    over: the meeting comes a rhythm later and the count stays.
    """

    weekday: int
    first: date
    count: int
    every_weeks: int = 1
    skip: frozenset[date] = frozenset()
    place_ids: frozenset[str] | None = None

    def dates(self) -> tuple[date, ...]:
        when = self.first + timedelta(days=(self.weekday - self.first.weekday()) % 7)
        found: list[date] = []
        while len(found) < self.count:
            if when not in self.skip:
                found.append(when)
            when += timedelta(weeks=self.every_weeks)
        return tuple(found)


PLACES = Field(
    "places",
    "place_ids",
    Nullable(ID_SET),
    "Only there (a holiday that others do not keep); null is everywhere and online.",
)
EXPLICIT = Record(
    DatePattern,
    "date pattern",
    [Field("dates", "days", Many(Day()), "Every date, in order."), PLACES],
)
RHYTHM = Record(
    Rhythm,
    "rhythm",
    [
        Field("weekday", "weekday", Weekday(), "Day of the week."),
        Field("first", "first", Date(), "Begins at the first such day from here on."),
        Field("count", "count", Whole(1, 366), "How many meetings."),
        Field("every_weeks", "every_weeks", Whole(1, 52), "Weeks between two."),
        Field("skip", "skip", Many(Date(), as_set=True), "Dates to pass over."),
        PLACES,
    ],
)


class _Pattern(Codec):
    """A date pattern: reads both forms, writes the dates."""

    words = "date pattern or rhythm"

    def read(self, value: object, at: str, reading: Reading) -> DatePattern:
        if isinstance(value, Mapping) and "weekday" in value:
            rhythm = RHYTHM.read(value, at, reading)
            try:
                days = tuple(map(reading.horizon.day_of, rhythm.dates()))
            except OverflowError:
                reading.refuse(at, "runs past the last date there is", "begin earlier")
            return DatePattern(days, rhythm.place_ids)
        pattern: DatePattern = EXPLICIT.read(value, at, reading)
        return pattern

    def write(self, value: Any, horizon: Horizon) -> Any:
        return EXPLICIT.write(value, horizon)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"oneOf": [EXPLICIT.schema(definitions), RHYTHM.schema(definitions)]}


DATE_PATTERN = _Pattern()
