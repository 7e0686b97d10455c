"""The short form for the telephone: who it is, and what a place needs; never why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.words import DAYS, PARTS_OF_DAY
from people.enums import AccessNeed, FormatWish, HalfDay, TravelMode
from people.services.half_days import week_of

HOURS = {
    HalfDay.MORNING: (time(8), time(12, 30)),
    HalfDay.AFTERNOON: (time(12, 30), time(17, 30)),
    HalfDay.EVENING: (time(17, 30), time(22, 30)),
}
"""The parts of the day as hours; they touch, so that free days run on."""

MINUTES = (10, 15, 20, 30, 45, 60, 90)
Window = tuple[int, time, time]


def half_day_choices() -> list[tuple[str, Any]]:
    """Every half-day from Monday to Saturday, as `1-morning`."""
    return [
        (f"{day}-{part}", PARTS_OF_DAY[part] % {"day": DAYS[day - 1]})
        for day in range(1, 7)
        for part in HOURS
    ]


def windows_of(codes: Iterable[str]) -> list[Window]:
    """Half-days as weekly hours; what touches becomes one."""
    found: list[Window] = []
    order = [code for code, _label in half_day_choices()]
    for code in sorted(set(codes), key=order.index):
        day, _dash, part = code.partition("-")
        start, end = HOURS[HalfDay(part)]
        if found and found[-1][0] == int(day) and found[-1][2] == start:
            found[-1] = (int(day), found[-1][1], end)
        else:
            found.append((int(day), start, end))
    return found


AGAIN = _("Open this page again, and send the form once more.")


class OnceForm(forms.Form):
    """The mark of a form: sent twice, it is one."""

    once = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": AGAIN, "invalid": AGAIN},
    )


class SomebodyForm(OnceForm):
    """A short form for the telephone: who it is, and how to reach this person."""

    call_name = forms.CharField(label=_("Name to be called by"), max_length=60)
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        help_text=_(
            "Four digits, like 1985. With it we do not write somebody down twice."
        ),
        required=False,
        min_value=1900,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"}),
    )
    contact_channel = forms.ChoiceField(
        label=_("How to reach this person"),
        choices=[
            ("email", _("e-mail")),
            ("phone", _("telephone")),
            ("post", _("post")),
            ("none", _("not at all")),
        ],
    )
    contact_address = forms.CharField(
        label=_("Address or number"), max_length=120, required=False
    )
    postcode4 = forms.RegexField(
        r"^[1-9][0-9]{3}$",
        label=_("Four digits of the postcode"),
        max_length=4,
        required=False,
        error_messages={"invalid": _("Write four digits, for instance 7411.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    half_days = forms.MultipleChoiceField(
        label=_("When can this person come?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=half_day_choices,
    )
    access_needs = forms.MultipleChoiceField(
        label=_("What must a room have?"),
        required=False,
        choices=AccessNeed.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    travel_limit_minutes = forms.TypedChoiceField(
        label=_("How long may a journey take?"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=lambda: [
            ("", _("As usual: 30 minutes")),
            *((one, _("%(number)s minutes") % {"number": one}) for one in MINUTES),
        ],
    )
    travel_mode = forms.ChoiceField(
        label=_("How does this person travel?"),
        required=False,
        choices=[("", "---"), *TravelMode.choices],
    )
    pace_per_week = forms.TypedChoiceField(
        label=_("How often can this person come in a week?"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "---"), *((one, str(one)) for one in range(1, 8))],
    )
    format_wishes = forms.MultipleChoiceField(
        label=_("In which way does this person want to take part?"),
        help_text=_("Do you tick nothing? Then every way is fine."),
        required=False,
        choices=FormatWish.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    companion = forms.BooleanField(
        label=_("Somebody comes along (two places, or none)"), required=False
    )
    next_group = forms.BooleanField(
        label=_("A later group is fine too"), required=False, initial=True
    )
    asked = forms.BooleanField(label=_("This person asked me to do this"))

    @classmethod
    def typed_anew(cls, typed: QueryDict) -> dict[str, Any]:
        """What was typed, as the initial of a form that is shown again."""
        found: dict[str, Any] = {}
        for name, field in cls.base_fields.items():
            if isinstance(field, forms.MultipleChoiceField):
                found[name] = typed.getlist(name)
            elif isinstance(field, forms.BooleanField):
                found[name] = name in typed
            else:
                found[name] = typed.get(name, "")
        return found

    @property
    def week(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """The half-days by day: value, words, whether it is ticked."""
        return week_of(set(self["half_days"].value() or ()))

    @property
    def wishes(self) -> dict[str, Any]:
        """Fields of the resident that were named; the others keep what is usual."""
        names = (
            "travel_limit_minutes",
            "travel_mode",
            "pace_per_week",
            "format_wishes",
            "access_needs",
        )
        named = {name: self.cleaned_data[name] for name in names}
        return {name: value for name, value in named.items() if value}

    def clean_birth_year(self) -> int | None:
        """A year that has begun."""
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and year > timezone.localdate().year:
            raise forms.ValidationError(
                _("Write the year of birth with four digits, like 1985.")
            )
        return year

    def clean(self) -> dict[str, Any]:
        """Give an address for every way of contact, and a right one for mail."""
        data = super().clean() or {}
        address, channel = data.get("contact_address"), data.get("contact_channel")
        if channel in {"email", "phone", "post"} and not address:
            self.add_error("contact_address", _("Write an address or a number."))
        if channel == "email" and address:
            try:
                forms.EmailField().clean(address)
            except forms.ValidationError as wrong:
                self.add_error("contact_address", wrong)
        return data
