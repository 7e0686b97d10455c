"""The kinds of cell a sheet may have: text in, a value out, or a fault.

Every kind also says in words what it takes, for the template and for faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from courses.imports.faults import Wrong

ZONE = ZoneInfo("Europe/Amsterdam")
BETWEEN = ";"
"""What stands between the values of a cell that holds several."""
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
YES = {"yes": True, "ja": True, "1": True, "true": True}
NO = {"no": False, "nee": False, "0": False, "false": False}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("1", "monday", "maandag", "mon", "ma"),
            ("2", "tuesday", "dinsdag", "tue", "di"),
            ("3", "wednesday", "woensdag", "wed", "wo"),
            ("4", "thursday", "donderdag", "thu", "do"),
            ("5", "friday", "vrijdag", "fri", "vr"),
            ("6", "saturday", "zaterdag", "sat", "za"),
            ("7", "sunday", "zondag", "sun", "zo"),
        ),
        start=1,
    )
    for name in names
}


@dataclass(frozen=True)
class Text:
    """Plain text of at most `longest` characters."""

    longest: int = 120

    def read(self, text: str) -> str:
        if len(text) > self.longest:
            raise Wrong(
                _("The text has %(length)d characters.") % {"length": len(text)},
                _("Use at most %(longest)d.") % {"longest": self.longest},
            )
        return text

    def words(self) -> str:
        return _("text, at most %(longest)d characters") % {"longest": self.longest}


@dataclass(frozen=True)
class Code:
    """A short name for a row that stays the same: letters, digits, - and _."""

    longest: int = 50

    def read(self, text: str) -> str:
        if not CODE.fullmatch(text) or len(text) > self.longest:
            raise Wrong(
                _("“%(text)s” is not a code.") % {"text": text[:60]},
                _("Use letters, digits, - and _, at most %(longest)d.")
                % {"longest": self.longest},
            )
        return text

    def words(self) -> str:
        return _("a code of your own: letters, digits, - and _")


@dataclass(frozen=True)
class Integer:
    """A whole number between two bounds, in steps."""

    least: int
    most: int
    step: int = 1

    def read(self, text: str) -> int:
        # Not int() alone, which also takes 1_000 and the digits of other scripts.
        whole = re.fullmatch(r"-?[0-9]{1,12}", text)
        number = int(text) if whole else self.least - 1
        if self.least <= number <= self.most and number % self.step:
            raise Wrong(
                _("“%(text)s” does not fit here.") % {"text": text[:60]},
                _("Give a multiple of %(step)d.") % {"step": self.step},
            )
        if not self.least <= number <= self.most:
            raise Wrong(
                _("“%(text)s” does not fit here.") % {"text": text[:60]},
                _("Give a whole number from %(least)d to %(most)d.")
                % {"least": self.least, "most": self.most},
            )
        return number

    def words(self) -> str:
        return _("a whole number from %(least)d to %(most)d") % {
            "least": self.least,
            "most": self.most,
        }


@dataclass(frozen=True)
class Number:
    """A number with decimals (point or comma) between two bounds."""

    least: float
    most: float

    def read(self, text: str) -> float:
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            number = float("nan")
        if not self.least <= number <= self.most:
            raise Wrong(
                _("“%(text)s” does not fit here.") % {"text": text[:60]},
                _("Give a number from %(least)s to %(most)s, in degrees.")
                % {"least": self.least, "most": self.most},
            )
        return number

    def words(self) -> str:
        return _("a number from %(least)s to %(most)s, in degrees") % {
            "least": self.least,
            "most": self.most,
        }


@dataclass(frozen=True)
class YesNo:
    """Yes or no, in Dutch or English."""

    def read(self, text: str) -> bool:
        answers = YES | NO
        if text.lower() not in answers:
            raise Wrong(
                _("“%(text)s” is neither yes nor no.") % {"text": text[:60]},
                _("Write yes or no."),
            )
        return answers[text.lower()]

    def words(self) -> str:
        return _("yes or no")


@dataclass(frozen=True)
class Weekday:
    """A day of the week: number (Monday 1), English or Dutch name."""

    def read(self, text: str) -> int:
        if text.lower() not in WEEKDAYS:
            raise Wrong(
                _("“%(text)s” is not a day of the week.") % {"text": text[:60]},
                _("Write a name such as monday or maandag, or a number: Monday is 1."),
            )
        return WEEKDAYS[text.lower()]

    def words(self) -> str:
        return _("a day of the week: monday to sunday, or 1 to 7")


@dataclass(frozen=True)
class Day:
    """A date, 2026-11-24 or 24-11-2026."""

    def read(self, text: str) -> date:
        for form in ("%Y-%m-%d", "%d-%m-%Y"):
            try:
                # A calendar date has no zone.
                day = datetime.strptime(text, form).date()  # noqa: DTZ007
            except ValueError:
                continue
            if 2000 <= day.year <= 2100:
                return day
        raise Wrong(
            _("“%(text)s” is not a date.") % {"text": text[:60]},
            _("Write it like 2026-11-24."),
        )

    def words(self) -> str:
        return _("a date, like 2026-11-24")


@dataclass(frozen=True)
class Clock:
    """A time of day, 09:30 (Europe/Amsterdam), in steps of so many minutes."""

    step: int = 1

    def read(self, text: str) -> time:
        found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?", text)
        if found:
            hour, minute = int(found[1]), int(found[2])
            if hour < 24 and minute < 60 and minute % self.step:
                raise Wrong(
                    _("“%(text)s” is not on a quarter of an hour.") % {"text": text},
                    _("Write it like 09:30."),
                )
            if hour < 24 and minute < 60:
                return time(hour, minute)
        raise Wrong(
            _("“%(text)s” is not a time of day.") % {"text": text[:60]},
            _("Write it like 09:30."),
        )

    def words(self) -> str:
        return _("a time of day, like 09:30")


@dataclass(frozen=True)
class Moment:
    """A date and a time, 2026-11-24 09:30 (Europe/Amsterdam)."""

    def read(self, text: str) -> datetime:
        first, _space, last = text.replace("T", " ").partition(" ")
        try:
            day, at = Day().read(first), Clock().read(last.strip())
        except Wrong as fault:
            raise Wrong(
                _("“%(text)s” is not a date with a time.") % {"text": text[:60]},
                _("Write it like 2026-11-24 09:30."),
            ) from fault
        return datetime.combine(day, at, tzinfo=ZONE)

    def words(self) -> str:
        return _("a date and a time, like 2026-11-24 09:30")


@dataclass(frozen=True)
class OneOf:
    """One word of a list; `words_of` gives the list when it is needed."""

    words_of: Callable[[], Mapping[Any, object]]

    def read(self, text: str) -> Any:
        known = {str(value): value for value in self.words_of()}
        if text not in known:
            raise Wrong(
                _("“%(text)s” is not in the list.") % {"text": text[:60]},
                _("Choose one of: %(words)s.") % {"words": ", ".join(known)},
            )
        return known[text]

    def words(self) -> str:
        return _("one of: %(words)s") % {
            "words": ", ".join(str(one) for one in self.words_of())
        }


@dataclass(frozen=True)
class Pattern:
    """Text of a fixed shape."""

    regex: str
    like: str

    def read(self, text: str) -> str:
        if not re.fullmatch(self.regex, text):
            raise Wrong(
                _("“%(text)s” does not have the right shape.") % {"text": text[:60]},
                _("Write it like %(like)s.") % {"like": self.like},
            )
        return text

    def words(self) -> str:
        return _("like %(like)s") % {"like": self.like}


@dataclass(frozen=True)
class Ref:
    """Points to a row of another sheet, or to a row that is already there."""

    sheet: str

    def read(self, text: str) -> str:
        return text

    def words(self) -> str:
        return _("a row of the sheet %(sheet)s") % {"sheet": self.sheet}


@dataclass(frozen=True)
class Many:
    """Several values in one cell, with ; between them; order is kept."""

    one: Any
    most: int = field(default=50)

    def read(self, text: str) -> list[Any]:
        parts = [part.strip() for part in text.split(BETWEEN) if part.strip()]
        if len(parts) > self.most:
            raise Wrong(
                _("There are %(number)d values.") % {"number": len(parts)},
                _("Give at most %(most)d.") % {"most": self.most},
            )
        return list(dict.fromkeys(self.one.read(part) for part in parts))

    def words(self) -> str:
        return _("%(what)s; several with ; between them") % {"what": self.one.words()}
