"""What a resident can change: when, how far, how often, and in which way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.enums import AccessNeed, FormatWish, HalfDay, TravelMode, Weekday

if TYPE_CHECKING:
    from people.models import AvailabilityWindow, Resident

HOURS = {
    HalfDay.MORNING: (time(8), time(12, 30)),
    HalfDay.AFTERNOON: (time(12, 30), time(17, 30)),
    HalfDay.EVENING: (time(17, 30), time(22)),
}
"""What a half-day means when a resident ticks it; the borders are `HalfDay.at`'s."""
DAYS = (1, 2, 3, 4, 5, 6)
"""Monday to Saturday: on Sunday nothing is planned."""
MINUTES = (10, 15, 20, 30, 45, 60, 90)
Hours = tuple[int, time, time]


def key_of(weekday: int, half_day: str) -> str:
    """'2-morning'."""
    return f"{weekday}-{half_day}"


def half_days_of(windows: Iterable[AvailabilityWindow]) -> set[str]:
    """The half-days in which somebody can for at least half of the time."""
    found = set()
    rows = list(windows)
    for weekday in DAYS:
        for half_day, (start, end) in HOURS.items():
            can = sum(
                max(0, _minutes(min(end, row.end)) - _minutes(max(start, row.start)))
                for row in rows
                if row.weekday == weekday
            )
            if can * 2 >= _minutes(end) - _minutes(start):
                found.add(key_of(weekday, half_day))
    return found


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


class WishesForm(forms.Form):
    """The wishes of one resident; every field has a plain meaning for the planner."""

    hours = forms.MultipleChoiceField(
        label=_("When can you come?"),
        help_text=_("Tick what suits you. Do you tick nothing? Then any time is fine."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    travel_limit_minutes = forms.TypedChoiceField(
        label=_("How long may a journey take?"), coerce=int
    )
    travel_mode = forms.ChoiceField(
        label=_("How do you travel?"), choices=TravelMode.choices
    )
    pace_per_week = forms.TypedChoiceField(
        label=_("How often can you come in a week?"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, 8)],
    )
    format_wishes = forms.MultipleChoiceField(
        label=_("In which way do you want to take part?"),
        help_text=_("Do you tick nothing? Then every way is fine."),
        choices=FormatWish.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    preferred_half_days = forms.MultipleChoiceField(
        label=_("What suits you best?"),
        choices=HalfDay.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    access_needs = forms.MultipleChoiceField(
        label=_("What do you need in a building?"),
        choices=AccessNeed.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    with_companion = forms.BooleanField(
        label=_("Somebody comes along with me"), required=False
    )

    def __init__(self, *args: Any, resident: Resident, **kwargs: Any) -> None:
        windows = list(resident.person.windows.all())
        self.hours_before = half_days_of(windows)
        kwargs["initial"] = {
            **{name: getattr(resident, name) for name in _KEPT},
            "hours": sorted(self.hours_before),
        }
        super().__init__(*args, **kwargs)
        minutes = sorted({*MINUTES, resident.travel_limit_minutes})
        self._choices(
            "travel_limit_minutes",
            [(one, _now("%(number)s minutes") % {"number": one}) for one in minutes],
        )
        paces = sorted({*range(1, 8), resident.pace_per_week})
        self._choices("pace_per_week", [(one, str(one)) for one in paces])
        self._choices("hours", hour_choices())

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    @property
    def week(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """For each day its words, and its parts: value, words, whether it is ticked."""
        ticked = set(self["hours"].value() or ())
        return [
            (
                str(Weekday(weekday).label),
                [
                    (
                        key_of(weekday, one),
                        str(one.label),
                        key_of(weekday, one) in ticked,
                    )
                    for one in HOURS
                ],
            )
            for weekday in DAYS
        ]

    @property
    def others(self) -> list[BoundField]:
        """Every field that the components of the look draw by themselves."""
        return [one for one in self if one.name != "hours"]

    @property
    def wishes(self) -> dict[str, Any]:
        """The fields of the resident, as chosen."""
        return {name: self.cleaned_data[name] for name in _KEPT}

    @property
    def new_hours(self) -> list[Hours] | None:
        """Weekly windows as ticked; None when the ticks did not change.

        Hours that somebody gave more precisely stay as they are then.
        """
        ticked = set(self.cleaned_data["hours"])
        if ticked == self.hours_before:
            return None
        return [
            (weekday, *HOURS[half_day])
            for weekday in DAYS
            for half_day in HOURS
            if key_of(weekday, half_day) in ticked
        ]


_KEPT = (
    "travel_limit_minutes",
    "travel_mode",
    "pace_per_week",
    "format_wishes",
    "preferred_half_days",
    "access_needs",
    "with_companion",
)


def hour_choices() -> list[tuple[str, str]]:
    """Every half-day of the week, day by day."""
    return [
        (key_of(weekday, one), f"{Weekday(weekday).label}, {one.label}")
        for weekday in DAYS
        for one in HOURS
    ]
