"""What centre managers and leaders fill in. Times are those of the Amsterdam clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit.rows import differing, version_of
from people.enums import HalfDay, Weekday
from publishing.rhythm import ZONE
from rooms.services import hours_facts
from scheduling.words import span

if TYPE_CHECKING:
    from rooms.models import OpeningHours, Room

SPANS = 2
"""Times a day on the form at least; there is always an empty one below what is kept."""
SPAN_FIELD = re.compile(r"d([1-7])_(\d{1,2})_(?:from|to)", re.ASCII)
LARGEST_FILE = 5 * 1024 * 1024


def date_field(label: Any, **more: Any) -> forms.DateField:
    """A day, with the browser's own calendar."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def time_field(label: Any, **more: Any) -> forms.TimeField:
    """A time of day, with the browser's own clock."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        **more,
    )


class HoursForm(forms.Form):
    """The opening hours of a centre: one or more times a day, empty for closed."""

    def __init__(
        self, *args: Any, hours: Sequence[OpeningHours] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        there: dict[int, list[OpeningHours]] = {}
        for one in hours:
            there.setdefault(one.weekday, []).append(one)
        # A form that comes back has as many times as the page that it was on.
        most = {day: len(known) for day, known in there.items()}
        for name in self.data:
            if found := SPAN_FIELD.fullmatch(name):
                day, number = int(found[1]), int(found[2])
                most[day] = max(most.get(day, 0), number)
        now = ((one.weekday, one.start, one.end) for one in hours)
        self.fields["version"] = forms.CharField(
            widget=forms.HiddenInput,
            required=False,
            initial=version_of(hours_facts(now)),
        )
        self.names: list[tuple[Any, list[tuple[str, str]]]] = []
        for day in Weekday:
            pairs = []
            for number in range(max(SPANS, most.get(day.value, 0) + 1)):
                begin, over = f"d{day.value}_{number}_from", f"d{day.value}_{number}_to"
                words = {"day": day.label, "number": number + 1}
                self.fields[begin] = time_field(
                    _now("%(day)s, time %(number)s, from") % words, required=False
                )
                self.fields[over] = time_field(
                    _now("%(day)s, time %(number)s, until") % words, required=False
                )
                known = there.get(day.value, [])
                if number < len(known):
                    self.initial[begin] = known[number].start
                    self.initial[over] = known[number].end
                pairs.append((begin, over))
            self.names.append((day, pairs))

    @property
    def rows(self) -> list[tuple[Any, list[tuple[Any, Any]]]]:
        """Per weekday the fields, as they are shown."""
        return [
            (day, [(self[begin], self[over]) for begin, over in pairs])
            for day, pairs in self.names
        ]

    def clean(self) -> dict[str, Any]:
        """Both ends or none, in order, and not over each other."""
        data: dict[str, Any] = super().clean() or {}
        for _day, pairs in self.names:
            last: time | None = None
            for begin, over in pairs:
                start, end = data.get(begin), data.get(over)
                if self.errors.get(begin) or self.errors.get(over):
                    continue
                if (start is None) != (end is None):
                    empty = begin if start is None else over
                    self.add_error(empty, _now("Fill in both times, or neither."))
                elif start is not None and end <= start:
                    self.add_error(over, _now("The end must come after the start."))
                elif start is not None and last is not None and start < last:
                    self.add_error(
                        begin, _now("This begins before the time above it ends.")
                    )
                last = end or last
        return data

    @property
    def hours(self) -> list[tuple[int, time, time]]:
        """(ISO weekday, from, until) of what was filled in."""
        data = self.cleaned_data
        return [
            (day.value, data[begin], data[over])
            for day, pairs in self.names
            for begin, over in pairs
            if data.get(begin) is not None
        ]

    def against(self, facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Days that are kept otherwise now than was filled in: the day, both.

        From here on the form is one of that newer version.
        """
        mine = hours_facts(self.hours)
        newer: Any = self.data.copy()  # type: ignore[attr-defined]
        newer["version"] = version_of(facts)
        self.data = newer
        return [
            (_day(day), _open(facts[day]), _open(mine[day]))
            for day in differing(mine, facts)
        ]


def _day(number: str) -> str:
    """The name of an ISO weekday."""
    return capfirst(str(Weekday(int(number)).label))


def _open(spans: Iterable[tuple[time, time]]) -> str:
    """The hours of one day in words."""
    return ", ".join(span(start, end) for start, end in spans) or _now("closed")


class DaysForm(forms.Form):
    """A first and a last day, both included."""

    first = date_field(_("First day"))
    last = date_field(
        _("Last day"), required=False, help_text=_("Empty: only the first day.")
    )

    def clean(self) -> dict[str, Any]:
        """The last day is the first when it is left empty."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error(
                "last", _now("The last day must not come before the first day.")
            )
        data["last"] = last or first
        return data


class AwayForm(DaysForm):
    """Days on which a leader is away, whole or a part of each."""

    part = forms.ChoiceField(
        label=_("Which part of the day?"),
        required=False,
        choices=[("", _("The whole day")), *HalfDay.choices],
    )


class BookingForm(forms.Form):
    """A room, a day and hours."""

    room: Any = forms.ModelChoiceField(label=_("Room"), queryset=None)
    day = date_field(_("Day"))
    start = time_field(_("From"))
    end = time_field(_("Until"))

    def __init__(self, *args: Any, rooms: Any, with_centre: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["room"]
        field.queryset = rooms
        field.label_from_instance = lambda room: _room_name(room, with_centre)

    def clean(self) -> dict[str, Any]:
        """The end comes after the start, on the same day."""
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start is not None and end is not None and end <= start:
            self.add_error("end", _now("The end must come after the start."))
        return data

    @property
    def period(self) -> DateTimeTZRange:
        """The hours as a range of moments."""
        data = self.cleaned_data
        return DateTimeTZRange(
            _moment(data["day"], data["start"]), _moment(data["day"], data["end"])
        )


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZONE)


def _room_name(room: Room, with_centre: bool) -> str:
    seats = _now("%(seats)s seats") % {"seats": room.capacity}
    if with_centre:
        return f"{room.centre.name}, {room.name} ({seats})"
    return f"{room.name} ({seats})"


class AddressForm(forms.Form):
    """The address of a room's own agenda."""

    room: Any = forms.ModelChoiceField(label=_("Room"), queryset=None)
    address = forms.CharField(
        label=_("Address of the agenda"),
        max_length=2000,
        help_text=_("It begins with https:// or webcal:// and often ends in .ics."),
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["room"]
        field.queryset = rooms
        field.label_from_instance = lambda room: room.name


class FileForm(forms.Form):
    """A file of appointments of a room."""

    room: Any = forms.ModelChoiceField(label=_("Room"), queryset=None)
    file = forms.FileField(
        label=_("File (.ics)"),
        help_text=_("At most 5 MB. A new file replaces the one before it."),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["room"]
        field.queryset = rooms
        field.label_from_instance = lambda room: room.name

    def clean_file(self) -> Any:
        """Not larger than what is read."""
        found = self.cleaned_data["file"]
        if found.size > LARGEST_FILE:
            raise forms.ValidationError(
                _now("This file is larger than 5 MB. Export fewer years.")
            )
        return found
