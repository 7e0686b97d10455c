"""Small forms that mend what was found of groups, rooms, leaders and pairs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.forms_mend_base import (
    SELECT,
    FreeForm,
    MendForm,
    OpenForm,
    some_of,
    tick_asked,
)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def _to_come(day: date | None) -> date | None:
    if day is not None and day <= timezone.localdate():
        raise forms.ValidationError(gettext("Choose a day to come."))
    return day


# --- Who leads it -----------------------------------------------------------------


class LeadForm(MendForm):
    """Who may lead it, and as what: gets that role, and the training that goes with it
    here."""

    leader = forms.ChoiceField(
        label=_("Who may lead it?"),
        help_text=_("The role, and the training that it asks for, are written down."),
    )
    role = forms.ChoiceField(label=_("In which role?"))

    def suggest(self) -> None:
        """The role, where it is one only."""
        field: Any = self.fields["role"]
        roles = [value for value, _label in field.choices if value]
        if len(roles) == 1:
            field.initial = roles[0]


class MoreOfRoleForm(MendForm):
    """Who may lead in a role of which there is too little time."""

    leader = forms.ChoiceField(
        label=_("Who may lead in this role too?"),
        help_text=_("The role is written down for this leader."),
    )


class LeaderFreeForm(FreeForm):
    """Which of the leaders can come at other hours."""

    leader = forms.ChoiceField(label=_("Which leader?"))
    field_order = ("leader", "days", "parts", "asked")


class RoleForm(MendForm):
    """As what somebody leads."""

    roles = some_of(_("In which role?"))


class SkillsForm(MendForm):
    """Roles and trainings of a leader that are not written down yet."""

    roles = some_of(_("Which role is not written down yet?"), required=False)
    trainings = some_of(_("Which training is not written down yet?"), required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two at least."""
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("roles") or data.get("trainings") or self.errors):
            raise forms.ValidationError(gettext("Tick a role or a training."))
        return data


# --- Rooms ------------------------------------------------------------------------


class AskedOpenForm(OpenForm):
    """When a location is open too, as it said."""

    asked = tick_asked()


class RoomOpenForm(AskedOpenForm):
    """Which of the rooms that would do is open too, and when."""

    room = forms.ChoiceField(
        label=_("Which room?"), help_text=_("The hours are those of its location.")
    )
    field_order = ("room", "days", "start", "end", "asked")


class RoomForm(MendForm):
    """How many people a room holds, and what it has."""

    capacity = forms.IntegerField(
        label=_("People that the room holds"), min_value=1, max_value=1000
    )
    features = some_of(_("What it has"), required=False)


class RoomHasForm(MendForm):
    """Which room has what somebody needs, or will have it."""

    room = forms.ChoiceField(
        label=_("Which room has it, or can arrange it?"),
        help_text=_("What this person needs is written down for the room."),
    )
    asked = tick_asked()


class RoomNeedsForm(MendForm):
    """What a group asks of its room: things, to be somewhere, and chairs to start."""

    features = some_of(
        _("What the room must have"),
        required=False,
        help_text=_("This counts for all groups of this offering."),
    )
    anywhere = forms.BooleanField(
        label=_("It may be held at every location"), required=False
    )
    smallest = forms.IntegerField(
        label=_("It may start with"), min_value=1, max_value=500, required=False
    )

    def suggest(self) -> None:
        """A group that is bound to no location is not asked about that."""
        if self.standing.get("anywhere"):
            del self.fields["anywhere"]


# --- When a group begins ----------------------------------------------------------


class OrderForm(MendForm):
    """Whether a group begins later, or need not wait for the other."""

    LATER, LOOSE = "later", "loose"
    how = forms.ChoiceField(
        label=_("What is right?"),
        choices=[
            (LATER, _("It begins on this day or later")),
            (LOOSE, _("It need not come after the other group")),
        ],
        initial=LATER,
        widget=forms.Select(attrs={"class": SELECT}),
    )
    first_day = _day(_("Not before"), required=False)

    def suggest(self) -> None:
        """The day after the other can be over."""
        over = self.facts.get("first_ends_on_day")
        if over is not None:
            first, _last = self.looked_at
            self.fields["first_day"].initial = first + timedelta(days=over + 1)

    def clean_first_day(self) -> date | None:
        """Not today or before."""
        return _to_come(self.cleaned_data["first_day"])

    def clean(self) -> dict[str, Any]:
        """A day, if it begins later."""
        data: dict[str, Any] = super().clean() or {}
        late = data.get("how") == self.LATER
        if late and not data.get("first_day") and "first_day" not in self.errors:
            self.add_error(
                "first_day", gettext("Choose the day from which it may begin.")
            )
        return data


class LaterForm(MendForm):
    """From which day on a group is looked at again."""

    first_day = _day(_("Not before"))

    def suggest(self) -> None:
        """The day after what was looked at."""
        _first, last = self.looked_at
        self.fields["first_day"].initial = last + timedelta(days=1)

    def clean_first_day(self) -> date | None:
        """Not today or before."""
        return _to_come(self.cleaned_data["first_day"])


# --- Two people -------------------------------------------------------------------


class TogetherForm(MendForm):
    """What two who belong together both ask for too, or that they need not be."""

    WISH, LOOSE = "wish", "loose"
    other = forms.IntegerField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("What is right?"),
        choices=[
            (WISH, _("Both also ask for this:")),
            (LOOSE, _("They need not be together any more")),
        ],
        initial=WISH,
        widget=forms.Select(attrs={"class": SELECT}),
    )
    offering = forms.ChoiceField(label=_("Which course or group?"), required=False)
    asked = tick_asked(_("I asked both, and the answer is yes"))

    def clean(self) -> dict[str, Any]:
        """An offering, if both ask for one."""
        data: dict[str, Any] = super().clean() or {}
        wish = data.get("how") == self.WISH
        if wish and not data.get("offering") and "offering" not in self.errors:
            self.add_error("offering", gettext("Choose what both ask for."))
        return data


class PairForm(MendForm):
    """Which wish about two people no longer counts."""

    about: Any = _("They need not be kept apart any more: they may be in one group.")
    other = forms.CharField(widget=forms.HiddenInput, max_length=40)
    asked = tick_asked(_("I asked both, and the answer is yes"))


class TwoWaysForm(PairForm):
    """Which of two wishes that contradict each other no longer counts."""

    about = ""
    kind = forms.ChoiceField(
        label=_("What no longer counts?"),
        choices=[
            ("apart", _("That they are kept apart")),
            ("together", _("That they are kept together")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("other", "kind", "asked")
