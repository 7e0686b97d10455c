"""Small forms that mend one finding of the check before planning, where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.enums import HalfDay, Weekday

Facts = Mapping[str, int]
Span = tuple[int, time, time]


def _time(label: Any, initial: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        initial=initial,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


def _asked() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("I asked, and the answer is yes"),
        error_messages={
            "required": _("Ask first. Tick this when the answer is yes."),
        },
    )


class MendForm(forms.Form):
    """What every mend has; ``facts`` are the numbers of the finding."""

    def __init__(
        self,
        *args: Any,
        facts: Facts,
        leaders: Any = (),
        offerings: Any = (),
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.facts = facts
        for name, choices in (("leader", leaders), ("offering", offerings)):
            if name in self.fields:
                field: Any = self.fields[name]
                field.choices = [("", "---"), *choices]
                field.widget.attrs["class"] = (
                    "utrecht-select utrecht-select--html-select"
                )
        self.suggest()

    def suggest(self) -> None:
        """Fill in what the finding itself says would be enough."""


class FreeForm(MendForm):
    """When somebody can come, by days and parts of them."""

    days = forms.TypedMultipleChoiceField(
        label=_("Which days?"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    parts = forms.MultipleChoiceField(
        label=_("Which parts of the day?"),
        choices=HalfDay.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    asked = _asked()

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

    days = forms.TypedMultipleChoiceField(
        label=_("Which days?"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    start = _time(_("From"), "09:00")
    end = _time(_("Until"), "17:00")

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


class LeadForm(MendForm):
    """Who may lead it: gets the role and the training that it asks for."""

    leader = forms.ChoiceField(
        label=_("Who may lead it?"),
        help_text=_("The role and training that it asks for are written down."),
    )


class MinutesForm(MendForm):
    """How long one meeting may be for a leader."""

    minutes = forms.IntegerField(
        label=_("Minutes that this leader may do"), min_value=15, max_value=1440
    )
    asked = _asked()

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


class ChairsForm(MendForm):
    """How many people a room holds."""

    capacity = forms.IntegerField(
        label=_("People that the room holds"), min_value=1, max_value=1000
    )


class WishForm(MendForm):
    """What else somebody asks for."""

    offering = forms.ChoiceField(label=_("Which course or group?"))
    asked = _asked()


class FurtherForm(MendForm):
    """How much further somebody travels."""

    minutes = forms.IntegerField(
        label=_("Minutes further, by car"), min_value=1, max_value=240
    )
    asked = _asked()

    def suggest(self) -> None:
        """Up to the nearest that suits."""
        more = self.facts.get("nearest", 0) - self.facts.get("limit", 0)
        self.fields["minutes"].initial = max(1, more)


class PaceForm(MendForm):
    """How often somebody comes in a week."""

    pace = forms.IntegerField(label=_("Meetings a week"), min_value=1, max_value=14)
    asked = _asked()

    def suggest(self) -> None:
        """As often as the groups meet that they are in."""
        self.fields["pace"].initial = self.facts.get("meetings")


class DropForm(MendForm):
    """Take the wish back that stands in the way: a press is enough."""

    other = forms.UUIDField(widget=forms.HiddenInput)


FORMS: dict[str, Callable[..., MendForm]] = {
    "series-without-leader": LeadForm,
    "series-without-window": OpenForm,
    "series-too-few-interested": SmallestForm,
    "series-group-below-minimum": SmallestForm,
    "room-without-opening": OpenForm,
    "room-never-suits": ChairsForm,
    "facilitator-without-availability": FreeForm,
    "facilitator-shift-too-short": FreeForm,
    "facilitator-load-too-small": MinutesForm,
    "registration-without-choices": WishForm,
    "registration-never-free": FreeForm,
    "registration-too-far": FurtherForm,
    "registration-already-member": DropForm,
    "person-without-availability": FreeForm,
    "person-over-pace": PaceForm,
}
"""The form of each check that can be mended where it stands."""
