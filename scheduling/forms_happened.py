"""What a coordinator fills in when something happened to a published week."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from courses.enums import TO_END

SELECT = "utrecht-select utrecht-select--html-select"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class HappeningForm(forms.Form):
    """Something that upsets a published week: who or what, and on which days."""

    about = forms.ChoiceField(widget=forms.Select(attrs={"class": SELECT}))
    first = _day(_("First day"))
    last = _day(_("Last day"))

    def __init__(
        self, *args: Any, label: Any, things: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (type checker)
        field.label = label
        field.choices = [("", _("Choose")), *things]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given = super().clean() or {}
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error(
                "last", _now("The last day must not come before the first day.")
            )
        return given


def _number() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Number of the registration"),
        min_value=1,
        max_value=2**62,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )


class NewcomerForm(forms.Form):
    """Who waits, and in which published week there should be a seat."""

    about = _number()
    first = _day(_("A day of the week to look at"))


class LeftForm(forms.Form):
    """Who left, and why; ``again``: it was written down, and only looked at anew."""

    about = _number()
    reason = forms.ChoiceField(
        label=_("Why"),
        help_text=_("Is kept, with your name. Nothing about health."),
        choices=[("", "---"), *((one.value, one.label) for one in TO_END)],
        widget=forms.Select(attrs={"class": SELECT}),
    )

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if again:
            del self.fields["reason"]
            self.fields["first"], self.fields["last"] = (
                _day(_("First day")),
                _day(_("Last day")),
            )
