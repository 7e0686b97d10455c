"""What a resident can change: when, how far, how often, and in which way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.enums import AccessNeed, FormatWish, HalfDay, TravelMode
from people.services.half_days import (
    Hours,
    half_day_choices,
    half_days_of,
    hours_of,
    week_of,
)

if TYPE_CHECKING:
    from people.models import Resident

MINUTES = (10, 15, 20, 30, 45, 60, 90)


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
        self._choices("hours", half_day_choices())

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    @property
    def week(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """For each day its words, and its parts: value, words, whether it is ticked."""
        return week_of(set(self["hours"].value() or ()))

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
        return hours_of(ticked)


_KEPT = (
    "travel_limit_minutes",
    "travel_mode",
    "pace_per_week",
    "format_wishes",
    "preferred_half_days",
    "access_needs",
    "with_companion",
)
