"""What somebody told a helper about a seat or about waiting, and how it was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.enums import ToldAct, ToldBy
from courses.models import Session

SHOWN = 26
"""Dates that are asked about: half a year of a weekly group."""
WEEKS = (2, 4, 8, 12, 26)
Dates = Sequence[tuple[Session, bool]]


class ToldForm(forms.Form):
    """One thing that was told; `acts` are what can be told now, `dates` the coming."""

    act = forms.ChoiceField(
        label=_("What did this person tell you?"), widget=forms.RadioSelect
    )
    sessions = forms.MultipleChoiceField(
        label=_("Dates that this person misses"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weeks = forms.TypedChoiceField(
        label=_("How long is the pause?"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    how = forms.ChoiceField(
        label=_("How did this person tell you?"),
        choices=[("", "---"), *ToldBy.choices],
        help_text=_("This is kept."),
    )

    def __init__(
        self, data: Any = None, *, acts: Sequence[ToldAct], dates: Dates = ()
    ) -> None:
        super().__init__(data)
        self.dates = dates
        self._choices("act", [(one.value, one.label) for one in acts])
        if ToldAct.ABSENT in acts and dates:
            self._choices("sessions", [_date_choice(one) for one, _m in dates[:SHOWN]])
            self.initial["sessions"] = [str(one.pk) for one, missed in dates if missed]
        else:
            del self.fields["sessions"]
        if ToldAct.PAUSE in acts:
            self._choices("weeks", [("", "---"), *map(_weeks_choice, WEEKS)])
        else:
            del self.fields["weeks"]

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Ask how long when it is a pause."""
        data = super().clean() or {}
        if data.get("act") == ToldAct.PAUSE and not data.get("weeks"):
            self.add_error("weeks", _("Choose how long this person pauses."))
        return data

    @property
    def missed(self) -> list[Session]:
        """All dates that are missed: ticked, and those said before that lie further."""
        ticked = set(self.cleaned_data.get("sessions", []))
        near = [one for one, _missed in self.dates[:SHOWN] if str(one.pk) in ticked]
        return near + [one for one, missed in self.dates[SHOWN:] if missed]

    @property
    def until(self) -> date | None:
        """The last day of the pause; None without one."""
        weeks = self.cleaned_data.get("weeks")
        return timezone.localdate() + timedelta(weeks=weeks) if weeks else None


def _date_choice(one: Session) -> tuple[str, str]:
    start = timezone.localtime(one.period.lower)
    return str(one.pk), date_format(start, "l j F, H.i")


def _weeks_choice(number: int) -> tuple[int, str]:
    words = ngettext("%(number)s week", "%(number)s weeks", number)
    return number, words % {"number": number}
