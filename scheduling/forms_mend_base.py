"""Small forms that mend one finding of the check before planning, where it stands.

What every such form has, and those about somebody's hours, limits and wishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit.rows import version_of
from people.enums import HalfDay, Weekday

Facts = Mapping[str, int]
Span = tuple[int, time, time]
Choices = Mapping[str, Iterable[tuple[str, Any]]]
"""What a field of this name offers."""
SELECT = "utrecht-select utrecht-select--html-select"
QUARTERS = 96


def clock_time(label: Any, initial: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        initial=initial,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


def tick_asked(label: Any = None) -> forms.BooleanField:
    return forms.BooleanField(
        label=label or _("I asked, and the answer is yes"),
        error_messages={
            "required": _("Ask first. Tick this when the answer is yes."),
        },
    )


def weekdays() -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Which days?"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )


def some_of(label: Any, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, widget=forms.CheckboxSelectMultiple, **more
    )


class MendForm(forms.Form):
    """What every mend has.

    ``facts`` are the numbers of the finding, ``days`` the first and last that were
    looked at, ``choices`` what its fields offer by name, ``standing`` what is written
    down now of what it changes: that fills it in, and ``seen`` is the mark of it.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    about: Any = ""
    """What a press does, where the fields do not tell."""

    def __init__(
        self,
        *args: Any,
        facts: Facts,
        choices: Choices,
        standing: Mapping[str, Any],
        days: tuple[date, date],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.facts, self.standing, self.looked_at = facts, standing, days
        for name in self.fields.keys() & choices.keys():
            field: Any = self.fields[name]
            several = isinstance(field, forms.MultipleChoiceField)
            field.choices = [*([] if several else [("", "---")]), *choices[name]]
            if not several:
                field.widget.attrs["class"] = SELECT
        for name in self.fields.keys() & standing.keys():
            self.fields[name].initial = standing[name]
        if standing:
            self.fields["seen"].initial = version_of(standing)
        self.suggest()

    def suggest(self) -> None:
        """Fill in what the finding itself says would be enough."""

    def renewed(self, standing: Mapping[str, Any]) -> None:
        """What was typed stays, now on what is written down by now: pressing again is
        then knowing."""
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix("seen")] = version_of(standing)
        self.data = data

    @property
    def moment(self) -> tuple[int, time] | None:
        """ISO weekday and time of the meeting that was found, if it is one."""
        if "slot" not in self.facts:
            return None
        day, quarter = divmod(self.facts["slot"], QUARTERS)
        return day % 7 + 1, time(quarter // 4, quarter % 4 * 15)


class FreeForm(MendForm):
    """When somebody can come, by days and parts of them."""

    days = weekdays()
    parts = some_of(_("Which parts of the day?"), choices=HalfDay.choices)
    asked = tick_asked()

    def suggest(self) -> None:
        """The part of the day that the meeting is in."""
        if self.moment is None:
            return
        weekday, starts = self.moment
        parts = [one for one in HalfDay if one.hours[0] <= starts < one.hours[1]]
        self.fields["days"].initial = [weekday]
        self.fields["parts"].initial = [one.value for one in parts]

    @property
    def hours(self) -> list[Span]:
        """The hours of each part on each day, of a form that is valid."""
        return [
            (day, *HalfDay(part).hours)
            for day in self.cleaned_data["days"]
            for part in self.cleaned_data["parts"]
        ]


class OpenForm(MendForm):
    """When a location is open, or a group may be held."""

    days = weekdays()
    start = clock_time(_("From"), "09:00")
    end = clock_time(_("Until"), "17:00")

    def suggest(self) -> None:
        """From the hour of the meeting that was found."""
        if self.moment is not None:
            weekday, starts = self.moment
            self.fields["days"].initial = [weekday]
            self.fields["start"].initial = starts
            if starts >= time(17):
                self.fields["end"].initial = HalfDay.EVENING.hours[1]

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start is not None and end is not None and end <= start:
            self.add_error("end", _now("The end must come after the start."))
        return data

    @property
    def hours(self) -> list[Span]:
        """The hours on each day, of a form that is valid."""
        data = self.cleaned_data
        return [(day, data["start"], data["end"]) for day in data["days"]]


class MinutesForm(MendForm):
    """How long one meeting may be for a leader."""

    minutes = forms.IntegerField(
        label=_("Minutes that this leader may do"), min_value=15, max_value=1440
    )
    asked = tick_asked()

    def suggest(self) -> None:
        """As long as the shortest meeting."""
        self.fields["minutes"].initial = self.facts.get("shortest")


class SmallestForm(MendForm):
    """With how many people it may start."""

    smallest = forms.IntegerField(
        label=_("It may start with"), min_value=1, max_value=500
    )

    def suggest(self) -> None:
        """As many as could take part."""
        people = self.facts.get("interested", self.facts.get("members", 1))
        self.fields["smallest"].initial = max(1, people)


class WishForm(MendForm):
    """What else somebody asks for."""

    offering = forms.ChoiceField(label=_("Which course or group?"))
    asked = tick_asked()


class FurtherForm(MendForm):
    """How much further somebody travels."""

    minutes = forms.IntegerField(
        label=_("Minutes further, by car"), min_value=1, max_value=240
    )
    asked = tick_asked()

    def suggest(self) -> None:
        """Up to the nearest that suits."""
        more = self.facts.get("nearest", 0) - self.facts.get("limit", 0)
        self.fields["minutes"].initial = max(1, more)


class PaceForm(MendForm):
    """How often somebody comes in a week."""

    pace = forms.IntegerField(label=_("Meetings a week"), min_value=1, max_value=14)
    asked = tick_asked()

    def suggest(self) -> None:
        """As often as the groups meet that they are in."""
        self.fields["pace"].initial = self.facts.get("meetings")


class DropForm(MendForm):
    """Take the wish back that stands in the way: a press is enough."""

    about = _("The wish for this group is taken back. The seat in it stays.")
    other = forms.UUIDField(widget=forms.HiddenInput)
