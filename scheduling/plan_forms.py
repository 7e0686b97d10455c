"""What a coordinator fills in to have a plan made: what, what may move, what weighs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from courses.kinds import OfferingKind
from scheduling import words
from scheduling.enums import Importance, MayMove
from scheduling.forms import week_words
from scheduling.services.wishes import WEIGHED
from scheduling.weeks import Week
from scheduling.wish_words import wish_words

if TYPE_CHECKING:
    from courses.models import Series

WEEKS_AHEAD = 13
SECONDS = (
    (30, _("half a minute: good enough to look at")),
    (60, _("one minute: what is usual")),
    (300, _("five minutes: for a busy week")),
    (900, _("fifteen minutes: for a whole term")),
)
"""What a session can be asked for, as it is written in an address."""


BESIDE, DRAFT = "beside", "draft"
AFTER = (
    (DRAFT, _("It becomes the draft, in the place of the draft there is")),
    (BESIDE, _("It stands beside the draft, so that I can compare and choose")),
)


class PlanOptions(forms.Form):
    """What may move, how much each wish counts, and what becomes of the plan."""

    may_move = forms.ChoiceField(
        label=_("What may move of what is published"),
        choices=MayMove,
        required=False,
        initial=MayMove.NOTHING,
        widget=forms.RadioSelect,
        help_text=_(
            "What is pinned always stays. What can no longer be so, because a leader "
            "or a room is away, may always move."
        ),
    )
    groups = forms.MultipleChoiceField(
        label=_("Groups that may move"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    centres = forms.MultipleChoiceField(
        label=_("Centres where groups may move"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of which groups may move"),
        choices=OfferingKind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    keep_importance = forms.BooleanField(
        label=_("This is what our region finds important from now on"), required=False
    )
    after = forms.ChoiceField(
        label=_("When the plan is ready"),
        choices=AFTER,
        required=False,
        initial=DRAFT,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        movable: list[Series],
        importance: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.region = importance
        self._offer("groups", [(str(one.pk), group_words(one)) for one in movable])
        centres = {one.room.centre for one in movable if one.room}
        named = [(str(one.pk), one.name) for one in centres]
        self._offer("centres", sorted(named, key=lambda pair: pair[1]))
        for wish in WEIGHED:
            self.fields[wish_field(wish.id)] = forms.ChoiceField(
                label=str(wish_words(wish.id).wish),
                choices=Importance,
                required=False,
                initial=importance.get(wish.id, Importance.USUAL),
            )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (type checker)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """What may move is chosen where a choice was announced."""
        given = super().clean() or {}
        name = given.get("may_move") or MayMove.NOTHING
        if name in self.fields and name not in self.errors and not given.get(name):
            self.add_error(name, _now("Choose at least one, or let nothing move."))
        return given

    @property
    def tiers(self) -> list[tuple[int, list[Any]]]:
        """The fields of the wishes, tier by tier."""
        found: dict[int, list[Any]] = {}
        for wish in WEIGHED:
            found.setdefault(wish.tier, []).append(self[wish_field(wish.id)])
        return list(found.items())

    @property
    def importance(self) -> dict[str, str]:
        """By wish what was said, of a form that is valid; the region's where nothing
        was."""
        said = {wish.id: self.cleaned_data.get(wish_field(wish.id)) for wish in WEIGHED}
        if not any(said.values()):
            return self.region
        return {wish: word or Importance.USUAL for wish, word in said.items()}

    @property
    def options(self) -> dict[str, Any]:
        """What ``start_run`` takes beside the dates, of a form that is valid."""
        what = MayMove(self.cleaned_data["may_move"] or MayMove.NOTHING)
        return {
            "seconds": self.cleaned_data["seconds"],
            "as_draft": self.cleaned_data["after"] != BESIDE,
            "may_move": what,
            "may_move_of": self.cleaned_data.get(what.value, ()),
            "importance": self.importance,
        }


def wish_field(wish: str) -> str:
    """The name of the field of a wish."""
    return f"wish-{wish}"


def group_words(series: Series) -> str:
    """Title, weekday, hour and centre of a running group."""
    parts = [series.offering.title]
    if series.weekday and series.start_time:
        parts.append(words.weekly(series.weekday, series.start_time))
    if series.room:
        parts.append(series.room.centre.name)
    return ", ".join(parts)


class WeekRunForm(PlanOptions):
    """Plan one week."""

    kind = forms.CharField(initial="week", widget=forms.HiddenInput)
    week = forms.ChoiceField(label=_("Which week"))
    seconds = forms.TypedChoiceField(
        label=_("How long may it take"), choices=SECONDS, coerce=int, initial=60
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = Week.of(today)
        field = self.fields["week"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        weeks = [now.plus(number) for number in range(WEEKS_AHEAD)]
        asked = kwargs.get("initial", {}).get("week")
        if asked and asked not in {str(week) for week in weeks}:
            weeks.append(Week.read(asked))
        field.choices = [(str(week), week_words(week)) for week in sorted(weeks)]

    @property
    def dates(self) -> tuple[date, date]:
        """First and last day, of a form that is valid."""
        week = Week.read(self.cleaned_data["week"])
        return week.monday, week.sunday


class TermRunForm(PlanOptions):
    """Plan the new series of a term."""

    kind = forms.CharField(initial="term", widget=forms.HiddenInput)
    first_date = forms.DateField(
        label=_("First day"),
        help_text=_("New groups start from this Monday on."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    weeks = forms.TypedChoiceField(
        label=_("How many weeks"),
        choices=[(count, str(count)) for count in (13, 16, 18, 20, 26)],
        coerce=int,
        initial=18,
        help_text=_("The last session of every new group has to lie within them."),
    )
    seconds = forms.TypedChoiceField(
        label=_("How long may it take"), choices=SECONDS, coerce=int, initial=300
    )

    def clean_first_date(self) -> date:
        """A Monday that is not over."""
        first: date = self.cleaned_data["first_date"]
        if first.weekday():
            monday = first - timedelta(days=first.weekday())
            raise forms.ValidationError(
                _now("%(day)s is no Monday. Choose %(before)s or %(after)s.")
                % {
                    "day": words.long_day(first),
                    "before": words.long_day(monday),
                    "after": words.long_day(monday + timedelta(days=7)),
                }
            )
        return first

    @property
    def dates(self) -> tuple[date, date]:
        """First and last day, of a form that is valid."""
        first = self.cleaned_data["first_date"]
        return first, first + timedelta(weeks=self.cleaned_data["weeks"], days=-1)


class WhatIfForm(forms.Form):
    """One thing that could be otherwise."""

    WHAT = (
        ("new-room", _("One more room like the one below, on that part of the week")),
        ("leader-hours", _("The leader below can also come on that part of the week")),
        ("fewer-leaders", _("The leader below is not there")),
        ("fewer-rooms", _("The room below cannot be used")),
    )
    NEEDS = {
        "new-room": ("room", "weekday", "part"),
        "leader-hours": ("facilitator", "weekday", "part"),
        "fewer-leaders": ("facilitator",),
        "fewer-rooms": ("room",),
    }
    what = forms.ChoiceField(
        label=_("What would be otherwise"),
        choices=WHAT,
        initial="new-room",
        widget=forms.RadioSelect,
    )
    room = forms.ChoiceField(label=_("Room"), required=False)
    facilitator = forms.ChoiceField(label=_("Leader"), required=False)
    weekday = forms.TypedChoiceField(
        label=_("Day"), coerce=int, required=False, empty_value=None
    )
    part = forms.TypedChoiceField(
        label=_("Part of the day"),
        choices=((0, _("morning")), (1, _("afternoon")), (2, _("evening"))),
        coerce=int,
        initial=2,
        required=False,
        empty_value=None,
    )
    seconds = forms.TypedChoiceField(
        label=_("How long may it take"),
        choices=SECONDS[:3],
        coerce=int,
        initial=60,
        help_text=_("Half of it for the plan as it is, half for the other."),
    )

    def __init__(
        self,
        *args: Any,
        rooms: list[tuple[str, str]],
        leaders: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[Any]] = {
            "room": [("", _("Choose")), *rooms],
            "facilitator": [("", _("Choose")), *leaders],
            "weekday": list(WEEKDAYS.items()),
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (type checker)
            field.choices = offered

    def clean(self) -> dict[str, Any]:
        """What is asked needs its room, leader and moment."""
        given = super().clean() or {}
        for name in self.NEEDS.get(given.get("what", ""), ()):
            if name not in self.errors and given.get(name) in ("", None):
                self.add_error(name, _now("Choose one from the list."))
        return given

    @property
    def change(self) -> dict[str, Any]:
        """The change as ``adapters.changes`` has it, of a form that is valid."""
        what = self.cleaned_data["what"]
        asked = {name: self.cleaned_data[name] for name in self.NEEDS[what]}
        return {"kind": what, **asked}
