"""What a coordinator fills in to help who is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

Choices = Iterable[tuple[str, Any]]


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def _select(field: Any, choices: Choices) -> None:
    field.choices = [("", "---"), *choices]
    field.widget.attrs["class"] = "utrecht-select utrecht-select--html-select"


class AgreedForm(forms.Form):
    """That somebody said yes, and on which day."""

    agreed = forms.BooleanField(
        label=_("I asked, and the answer is yes"),
        error_messages={
            "required": _("Ask first. Tick this when the answer is yes."),
        },
    )
    agreed_on = _day(_("On which day?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("agreed_on", timezone.localdate())

    def clean_agreed_on(self) -> date:
        """Not a day to come."""
        day: date = self.cleaned_data["agreed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_now("That day is still to come."))
        return day


class ReasonForm(forms.Form):
    """Why one-to-one, as a code; and which help, where that was not asked for."""

    reason = forms.ChoiceField(
        label=_("Why?"), help_text=_("Is kept, with your name. Nothing about health.")
    )
    offering = forms.ChoiceField(label=_("Which help?"), required=False)

    def __init__(
        self, *args: Any, reasons: Choices, offerings: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _select(self.fields["reason"], reasons)
        _select(self.fields["offering"], offerings)
        self.fields["offering"].help_text = _now(
            "Leave this open when it is asked for already."
        )


class AsideForm(forms.Form):
    """Only why: group first is set aside at once."""

    reason = forms.ChoiceField(label=_("Why does a group not fit now?"))

    def __init__(self, *args: Any, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _select(self.fields["reason"], reasons)


class CourseForm(forms.Form):
    """Another course or group, and whether the resident said yes already."""

    ASK, AGREED = "ask", "agreed"
    offering = forms.ChoiceField(label=_("Which course or group?"))
    how = forms.ChoiceField(
        label=_("Did the resident agree?"),
        choices=[
            (ASK, _("Not yet: send a question")),
            (AGREED, _("Yes, I asked on this day:")),
        ],
        initial=ASK,
    )
    agreed_on = _day(_("On which day?"), required=False)

    def __init__(self, *args: Any, offerings: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _select(self.fields["offering"], offerings)
        select: Any = self.fields["how"]
        select.widget.attrs["class"] = "utrecht-select utrecht-select--html-select"

    def clean(self) -> dict[str, Any]:
        """A day, and not one to come, when the resident said yes."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("how") == self.ASK:
            data["agreed_on"] = None
        elif not data.get("agreed_on"):
            if "agreed_on" not in self.errors:
                self.add_error("agreed_on", _now("Say on which day this was agreed."))
        elif data["agreed_on"] > timezone.localdate():
            self.add_error("agreed_on", _now("That day is still to come."))
        return data


class TermForm(forms.Form):
    """From which day on somebody is looked at again."""

    until = _day(
        _("Look again from"),
        help_text=_("No plan before this day looks for a seat. The turn stays."),
    )


class LeaderForm(forms.Form):
    """A leader who is new."""

    call_name = forms.CharField(label=_("Name to be called by"), max_length=60)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Empty: no message is sent.")
    )
    organisation = forms.ChoiceField(label=_("Organisation"))

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _select(self.fields["organisation"], organisations)
