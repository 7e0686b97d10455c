"""Days, clock times and minutes as JSON: what a person or another program writes.

The planner counts in days, quarters and slots of a horizon; a file never does.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from scheduling.solver.horizon import SLOT_MINUTES, SLOTS_PER_DAY, Horizon
from scheduling.solver.snapshot.codec import Codec, Reading, shown

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-4]):(00|15|30|45)", re.ASCII)


class Weekday(Codec):
    """A day of the week as three letters; 0 is Monday."""

    words = "weekday, `mon` to `sun`"

    def read(self, value: object, at: str, reading: Reading) -> int:
        if value not in WEEKDAYS:
            reading.refuse(
                at, f"is {shown(value)}", f"give one of {', '.join(WEEKDAYS)}"
            )
        return WEEKDAYS.index(str(value))

    def write(self, value: Any, horizon: Horizon) -> str:
        return WEEKDAYS[value]

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"enum": list(WEEKDAYS)}


class Clock(Codec):
    """A local time on a quarter of an hour, as a quarter of the day.

    ``midnight``: may also be "24:00", the end of the day.
    """

    words = 'local time such as `"19:00"`, on a quarter of an hour'

    def __init__(self, midnight: bool = False) -> None:
        self.latest = SLOTS_PER_DAY if midnight else SLOTS_PER_DAY - 1

    def read(self, value: object, at: str, reading: Reading) -> int:
        quarter = clock_quarter(value)
        if quarter is None or quarter > self.latest:
            reading.refuse(
                at,
                f"is {shown(value)}",
                'give a time on a quarter of an hour from "00:00" to '
                f'"{clock_text(self.latest)}"',
            )
        return quarter

    def write(self, value: Any, horizon: Horizon) -> str:
        return clock_text(value)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": "^(([01][0-9]|2[0-3]):(00|15|30|45)"
            + ("|24:00)$" if self.latest == SLOTS_PER_DAY else ")$"),
        }


def clock_quarter(value: object) -> int | None:
    """Quarter of the day of a text such as "19:15"; ``None`` when it is not one."""
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    quarter = (int(found[1]) * 60 + int(found[2])) // SLOT_MINUTES
    return quarter if quarter <= SLOTS_PER_DAY else None


def clock_text(quarter: int) -> str:
    hours, minutes = divmod(quarter * SLOT_MINUTES, 60)
    return f"{hours:02}:{minutes:02}"


def date_of(value: object) -> date | None:
    """The date of a text such as "2026-11-30"; ``None`` when it is not one."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


class Day(Codec):
    """A date, as a day number of the horizon."""

    words = 'date such as `"2026-11-30"`'

    def read(self, value: object, at: str, reading: Reading) -> int:
        when = date_of(value)
        if when is None:
            reading.refuse(at, f"is {shown(value)}", 'give a date such as "2026-11-30"')
        return reading.horizon.day_of(when)

    def write(self, value: Any, horizon: Horizon) -> str:
        return horizon.date_of(value).isoformat()

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        }


class Moment(Codec):
    """A local date and time on a quarter of an hour, as a slot of the horizon."""

    words = 'local date and time such as `"2026-11-30T19:00"`'

    def read(self, value: object, at: str, reading: Reading) -> int:
        day, _, clock = value.partition("T") if isinstance(value, str) else ("",) * 3
        when, quarter = date_of(day), clock_quarter(clock)
        if when is None or quarter is None or quarter == SLOTS_PER_DAY:
            reading.refuse(
                at,
                f"is {shown(value)}",
                "give a local date and time on a quarter of an hour, such as "
                '"2026-11-30T19:00"',
            )
        at_clock = time(quarter // 4, quarter % 4 * SLOT_MINUTES)
        return reading.horizon.slot_at(when, at_clock)

    def write(self, value: Any, horizon: Horizon) -> str:
        day, quarter = divmod(value, SLOTS_PER_DAY)
        return f"{horizon.date_of(day).isoformat()}T{clock_text(quarter)}"

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):(00|15|30|45)$",
        }


class Minutes(Codec):
    """Minutes, kept as slots. Rounded up to whole slots, or refused if ``exact``."""

    def __init__(self, least: int = 0, most: int = 1440, exact: bool = False) -> None:
        self.least, self.most, self.exact = least, most, exact
        self.words = f"minutes, {least} to {most}" + (
            ", a multiple of 15" if exact else ""
        )

    def read(self, value: object, at: str, reading: Reading) -> int:
        if (
            type(value) is not int
            or not self.least <= value <= self.most
            or (self.exact and value % SLOT_MINUTES)
        ):
            reading.refuse(at, f"is {shown(value)}", f"give {self.words}")
        return -(-value // SLOT_MINUTES)

    def write(self, value: Any, horizon: Horizon) -> int:
        return int(value) * SLOT_MINUTES

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        found = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {**found, "multipleOf": SLOT_MINUTES} if self.exact else found


class Date(Codec):
    """A date as such, outside any horizon."""

    words = Day.words

    def read(self, value: object, at: str, reading: Reading) -> date:
        when = date_of(value)
        if when is None:
            reading.refuse(at, f"is {shown(value)}", 'give a date such as "2026-11-30"')
        return when

    def write(self, value: Any, horizon: Horizon) -> str:
        return str(value.isoformat())

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return Day().schema(definitions)
