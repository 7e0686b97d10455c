"""The forms on the pages of registrations: what to look for, and what to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from courses import words as offer_words
from courses.enums import TO_CHANGE, TO_END, AmendReason, RegistrationState
from courses.selectors.registrations import OPEN, Wanted
from courses.services.amend import WISHES, Amendment
from courses.services.register import Choice
from people.enums import AccessNeed, FormatWish, HalfDay, TravelMode
from people.services.half_days import (
    half_day_choices,
    half_days_of,
    hours_of,
    week_of,
)

if TYPE_CHECKING:
    from courses.models import Offering, Registration, Series, Theme
    from people.models import Municipality

RANKS = 5
"""So many choices can be ranked on the page; more where there are more already."""
MINUTES = (10, 15, 20, 30, 45, 60, 90)
ANY = [("", _("All"))]
NONE = [("", "---")]


def _set(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
    field.choices = choices


class FindForm(forms.Form):
    """Narrows the list. The address holds numbers only: it stays in histories."""

    number = forms.IntegerField(
        label=_("Number of the registration"), required=False, min_value=1,
        max_value=2**62,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (OPEN, _("All that still wait")),
            ("all", _("All")),
            *RegistrationState.choices,
        ],
    )
    theme = forms.TypedChoiceField(
        label=_("Theme"), required=False, coerce=int, empty_value=None
    )
    offering = forms.TypedChoiceField(
        label=_("Offering"), required=False, coerce=int, empty_value=None
    )
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    beyond_norm = forms.BooleanField(
        label=_("Waits longer than the norm"), required=False
    )
    unplaced = forms.BooleanField(
        label=_("Without a seat in the week that is published"), required=False
    )

    def __init__(
        self,
        data: Any,
        *,
        themes: Iterable[Theme],
        offerings: Iterable[Offering],
        municipalities: Iterable[Municipality],
    ) -> None:
        super().__init__(data)
        _set(self, "theme", [*ANY, *((one.pk, str(one)) for one in themes)])
        _set(self, "offering", [*ANY, *((one.pk, one.title) for one in offerings)])
        _set(
            self,
            "municipality",
            [*ANY, *((one.pk, one.name) for one in municipalities)],
        )

    def wanted(self, *, unplaced: Iterable[int]) -> Wanted:
        """What was asked rightly; `unplaced` are the ids that a plan left out."""
        self.is_valid()
        asked = self.cleaned_data
        number = asked.get("number")
        state = asked.get("state") or (OPEN if number is None else "")
        return Wanted(
            number=number,
            theme=asked.get("theme"),
            offering=asked.get("offering"),
            municipality=asked.get("municipality") or "",
            state="" if state == "all" else state,
            beyond_norm=bool(asked.get("beyond_norm")),
            ids=frozenset(unplaced) if asked.get("unplaced") else None,
        )

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen at all."""
        return self.is_valid() and any(self.cleaned_data.values())


class ReasonForm(forms.Form):
    """Why: a reason from a list, which stands in the access log."""

    reason = forms.ChoiceField(
        label=_("Why"),
        help_text=_("Is kept, with your name. Nothing about health."),
    )
    version = forms.CharField(widget=forms.HiddenInput)

    reasons: Sequence[AmendReason] = TO_END

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set(self, "reason", [*NONE, *((one.value, one.label) for one in self.reasons)])


class AmendForm(ReasonForm):
    """What somebody asks, ranked, and when, how far and how often this person can."""

    reasons = TO_CHANGE

    wish = forms.ChoiceField(label=_("Theme or offering"), required=False)
    seats = forms.TypedChoiceField(
        label=_("Seats"), coerce=int, choices=[(1, "1"), (2, _("2, with a companion"))]
    )
    hours = forms.MultipleChoiceField(
        label=_("When can this person come?"),
        help_text=_("Without any tick, every time is fine."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    travel_limit_minutes = forms.TypedChoiceField(
        label=_("Longest journey"), coerce=int
    )
    travel_mode = forms.ChoiceField(
        label=_("Way of travelling"), choices=TravelMode.choices
    )
    pace_per_week = forms.TypedChoiceField(label=_("Most times a week"), coerce=int)
    pace_per_day = forms.TypedChoiceField(label=_("Most times a day"), coerce=int)
    format_wishes = forms.MultipleChoiceField(
        label=_("Ways of taking part"),
        help_text=_("Without any tick, every way is fine."),
        choices=FormatWish.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    preferred_half_days = forms.MultipleChoiceField(
        label=_("Preferred parts of the day"),
        choices=HalfDay.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    access_needs = forms.MultipleChoiceField(
        label=_("What a room must have"),
        choices=AccessNeed.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    with_companion = forms.BooleanField(label=_("Somebody comes along"), required=False)

    def __init__(
        self,
        *args: Any,
        registration: Registration,
        themes: Sequence[Theme],
        offerings: Sequence[Offering],
        series: Sequence[Series],
        **kwargs: Any,
    ) -> None:
        self.themes = {f"t{one.pk}": one for one in themes}
        self.offerings = {f"o{one.pk}": one for one in offerings}
        for one in _named(registration):  # also when it left the catalogue
            self.offerings.setdefault(f"o{one.pk}", one)
        self.series = {f"s{one.pk}": one for one in series}
        ranked = sum(one.session_id is None for one in registration.choices.all())
        self.ranked_names = [
            f"choice_{rank}" for rank in range(1, max(RANKS, ranked) + 1)
        ]
        resident = registration.resident
        self.hours_before = half_days_of(resident.person.windows.all())
        kwargs["initial"] = self.facts_of(registration) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        _set(self, "wish", [*NONE, *self._wishes()])
        for rank, name in enumerate(self.ranked_names, start=1):
            self.fields[name] = forms.ChoiceField(
                label=_now("Choice %(rank)s") % {"rank": rank},
                required=False,
                choices=[*NONE, *self._choices()],
            )
        _set(self, "hours", half_day_choices())
        minutes = sorted({*MINUTES, resident.travel_limit_minutes})
        _set(
            self,
            "travel_limit_minutes",
            [(one, _now("%(number)s minutes") % {"number": one}) for one in minutes],
        )
        paces = sorted({*range(1, 8), resident.pace_per_week})
        _set(self, "pace_per_week", [(one, str(one)) for one in paces])
        _set(self, "pace_per_day", [(one, str(one)) for one in range(1, 7)])

    def facts_of(self, registration: Registration) -> dict[str, Any]:
        """What stands there now, as the form has it."""
        resident = registration.resident
        wish = ""
        if registration.theme_id:
            wish = f"t{registration.theme_id}"
        elif registration.offering_id:
            wish = f"o{registration.offering_id}"
        facts: dict[str, Any] = {name: getattr(resident, name) for name in WISHES}
        ranked = [
            f"s{one.series_id}" if one.series_id else f"o{one.offering_id}"
            for one in registration.choices.all()
            if one.session_id is None
        ]
        facts |= {f"choice_{rank}": code for rank, code in enumerate(ranked, start=1)}
        hours = sorted(half_days_of(resident.person.windows.all()))
        return facts | {"wish": wish, "seats": registration.seats, "hours": hours}

    def _wishes(self) -> list[Any]:
        return [
            (_now("Themes"), [(key, str(one)) for key, one in self.themes.items()]),
            (_now("Offerings"), self._titles()),
        ]

    def _titles(self) -> list[tuple[str, str]]:
        return [(key, one.title) for key, one in self.offerings.items()]

    def _choices(self) -> list[Any]:
        groups = groupby(self.series.items(), key=lambda item: item[1].offering.title)
        return [
            (_now("Any group of"), self._titles()),
            *(
                (title, [(key, f"{title}: {series_words(one)}") for key, one in group])
                for title, group in groups
            ),
        ]

    @property
    def week(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """The half-days by day: value, words, whether it is ticked."""
        return week_of(set(self["hours"].value() or ()))

    @property
    def asked_fields(self) -> list[BoundField]:
        """What is asked, ranked."""
        return [self[name] for name in ("wish", *self.ranked_names, "seats")]

    @property
    def other_fields(self) -> list[BoundField]:
        """How far, how often and in which way."""
        return [self[name] for name in WISHES]

    def clean(self) -> dict[str, Any]:
        """Something must be asked, and nothing twice."""
        data = super().clean() or {}
        ranked = self._ranked(data)
        if len(set(ranked)) < len(ranked):
            raise ValidationError(
                _("A choice is there twice. Keep one of the two."), code="twice"
            )
        if not ranked and not data.get("wish"):
            raise ValidationError(
                _("Choose a theme, an offering or a group."), code="nothing"
            )
        return data

    def _ranked(self, data: dict[str, Any]) -> list[str]:
        found = (data.get(name) for name in self.ranked_names)
        return [code for code in found if code]

    @property
    def amendment(self) -> Amendment:
        """What the registration is to be."""
        data = self.cleaned_data
        ticked = set(data["hours"])
        return Amendment(
            theme=self.themes.get(data["wish"]),
            offering=self.offerings.get(data["wish"]),
            choices=[
                Choice(series=self.series.get(code), offering=self.offerings.get(code))
                for code in self._ranked(data)
            ],
            seats=data["seats"],
            wishes={name: data[name] for name in WISHES},
            hours=None if ticked == self.hours_before else hours_of(ticked),
        )

    def differences(self, registration: Registration) -> list[tuple[str, str, str]]:
        """Where what was filled in differs from what stands there now.

        Label, what stands there, what was filled in; in words.
        """
        now = self.facts_of(registration)
        found = []
        for name in ("wish", *self.ranked_names, "seats", "hours", *WISHES):
            here, there = (
                self._words(name, self[name].value()),
                self._words(name, now.get(name, "")),
            )
            if here != there:
                found.append((str(self.fields[name].label), there, here))
        return found

    def _words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return _now("yes") if value in (True, "on", "True") else _now("no")
        flat: dict[str, str] = {}
        choices: Any = field.choices
        for key, label in choices:
            pairs = label if isinstance(label, (list, tuple)) else [(key, label)]
            flat |= {str(one): str(words) for one, words in pairs}
        values = value if isinstance(value, (list, tuple, set)) else [value]
        known = sorted(
            (str(one) for one in values if one not in (None, "")),
            key=lambda one: list(flat).index(one) if one in flat else 0,
        )
        return ", ".join(flat.get(one, one) for one in known) or "-"


def _named(registration: Registration) -> list[Offering]:
    found = [one.offering for one in registration.choices.all()]
    return [one for one in (registration.offering, *found) if one is not None]


def series_words(series: Series) -> str:
    """When and where a group meets; or that it has still to be planned."""
    when = offer_words.usual_time(series)
    if not when:
        code = series.reference or str(series.pk)[:8]
        return _now("still to be planned (%(code)s)") % {"code": code}
    return f"{when}, {offer_words.place(series)}"
