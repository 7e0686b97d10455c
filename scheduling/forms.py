"""What a coordinator fills in: filters of a week, a move, something that happened."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.kinds import OfferingKind
from scheduling import words
from scheduling.weeks import Week

SESSION_STATES = {
    "gehouden": _("Held"),
    "vervalt": pgettext_lazy("state of a session", "Cancelled"),
    "gewijzigd": _("Changed against what is published"),
    "vast": _("Pinned"),
    "te-klein": _("Below the smallest group"),
    "regel": _("Something is wrong"),
    "zonder-begeleider": _("Without a leader"),
}


_KEY = re.compile(r"[1-9]\d{0,8}", re.ASCII)


class LongList(forms.Select):
    """A list to choose one of hundreds from, without groups of options.

    Written in one go: Django's own renders two templates for each option, which for
    the leaders of a large region takes longer than the board below it.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        chosen = set(self.format_value(value))
        whole = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        options = [
            (key, mark_safe(" selected") if str(key) in chosen else "", label)
            for key, label in self.choices
        ]
        return format_html(
            "<select{}>{}</select>",
            flatatt(whole),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )


class WeekFilter(forms.Form):
    """Narrows the week; every field may stay empty.

    A leader who leads nothing in what is shown stays chosen and fits nothing: without
    that, everybody's week would be read as that leader's.
    """

    gemeente = forms.ChoiceField(
        label=_("Municipality"), required=False, widget=LongList
    )
    centrum = forms.ChoiceField(label=_("Centre"), required=False, widget=LongList)
    soort = forms.ChoiceField(label=_("Kind"), required=False, widget=LongList)
    begeleider = forms.ChoiceField(label=_("Leader"), required=False, widget=LongList)
    staat = forms.ChoiceField(label=_("State"), required=False, widget=LongList)

    def __init__(
        self,
        *args: Any,
        municipalities: list[tuple[str, str]],
        centres: list[tuple[str, str]],
        leaders: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("gemeente", _("All municipalities"), municipalities)
        self._offer("centrum", _("All centres"), centres)
        self._offer("soort", _("All kinds"), list(OfferingKind.choices))
        self._offer("begeleider", _("All leaders"), self._with_asked(leaders))
        self._offer("staat", _("All states"), list(SESSION_STATES.items()))
        # An old address may name what is no longer there: as if it were left empty.
        self.data = {
            name: value
            for name, field in self.fields.items()
            if (value := self.data.get(name)) in dict(field.choices)  # type: ignore[attr-defined]
        }

    def _with_asked(self, leaders: list[tuple[str, str]]) -> list[tuple[str, str]]:
        asked = str(self.data.get("begeleider", ""))
        if not _KEY.fullmatch(asked) or asked in dict(leaders):
            return leaders
        return [*leaders, (asked, _now("A leader who leads nothing here"))]

    def _offer(self, name: str, everything: Any, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", everything), *choices]
        field.widget.attrs["class"] = "utrecht-select utrecht-select--html-select"

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, as far as it is possible."""
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}


def week_words(week: Week) -> str:
    """Week 49 with its first and last day."""
    return _now("Week %(number)s: %(days)s") % {
        "number": week.number,
        "days": words.days_between(week.monday, week.sunday),
    }


def _as_select(field: forms.Field) -> None:
    field.widget.attrs["class"] = "utrecht-select utrecht-select--html-select"


class MoveForm(forms.Form):
    """How a session should be: its day, time, room and leaders.

    There is a field for each leader that it has now, so that none goes unseen.
    """

    LEADERS = 3
    MOST_LEADERS = 12
    day = forms.ChoiceField(label=_("Day"), widget=LongList)
    start = forms.TimeField(
        label=_("Begins at"),
        widget=forms.TimeInput(attrs={"type": "time", "step": 900}, format="%H:%M"),
        help_text=_("In quarters of an hour, such as 9:30."),
    )
    room = forms.ChoiceField(label=_("Room"), required=False, widget=LongList)
    leader_1 = forms.ChoiceField(
        label=_("First leader"), required=False, widget=LongList
    )
    leader_2 = forms.ChoiceField(
        label=_("Second leader"), required=False, widget=LongList
    )
    leader_3 = forms.ChoiceField(
        label=_("Third leader"), required=False, widget=LongList
    )
    whole_series = forms.BooleanField(
        label=_("All sessions of this group in this schedule"), required=False
    )

    def __init__(
        self,
        *args: Any,
        days: list[date],
        rooms: list[tuple[str, str]],
        leaders: list[tuple[str, str]],
        places: int = LEADERS,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for number in range(self.LEADERS + 1, places + 1):
            label = _now("Leader %(number)s") % {"number": number}
            self.fields[f"leader_{number}"] = forms.ChoiceField(
                label=label, required=False, widget=LongList
            )
        self.order_fields([*list(self.fields)[:3], *self.leader_names(places)])
        choices: dict[str, list[Any]] = {
            "day": [(day.isoformat(), words.long_day(day)) for day in days],
            "room": [("", _("Online, no room")), *rooms],
        }
        for name in self.leader_names(places):
            choices[name] = [("", _("nobody")), *leaders]
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (type checker)
            field.choices = offered
            _as_select(field)

    @classmethod
    def leader_names(cls, places: int = MOST_LEADERS) -> list[str]:
        """The names of so many fields of leaders."""
        return [f"leader_{number}" for number in range(1, places + 1)]

    @property
    def leader_ids(self) -> tuple[int, ...]:
        """Keys of the leaders that were chosen, of a form that is valid."""
        names = (name for name in self.fields if name.startswith("leader_"))
        chosen = (self.cleaned_data[name] for name in names)
        return tuple(sorted({int(key) for key in chosen if key}))
