"""A registration in words, for a coordinator's pages; nothing here names anyone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import words as offer_words
from courses.enums import (
    OPEN_STATES,
    AmendReason,
    EnrolmentState,
    RegistrationState,
    ToldAct,
    TurnReason,
)
from courses.selectors.coordinator import series_with_offering
from courses.selectors.registrations import acts_of, waiting_places
from courses.selectors.turns import kept_away_from
from courses.services.for_other import seat_acts, waiting_acts
from courses.services.turns import BY_HAND
from people.enums import AccessNeed, FormatWish, HalfDay, Language, Role
from people.services.half_days import half_days_of, week_of
from scheduling import words
from scheduling.forms_registration import series_words
from scheduling.messages import group_sentences, why_sentences
from scheduling.selectors.passes import last_published_answer

if TYPE_CHECKING:
    from courses.models import Registration, RegistrationChoice

CLASSES = [
    (1, gettext_lazy("1, most urgent")),
    (2, "2"),
    (3, gettext_lazy("3, usual")),
    (4, "4"),
    (5, gettext_lazy("5, can wait")),
]
TONES = {
    RegistrationState.WAITING: "warn",
    RegistrationState.OFFERED: "info",
    RegistrationState.PLACED: "ok",
}
# By the beginning of the code of a line in the access log; the longest that fits.
ACTS = {
    "registration": gettext_lazy("Something was changed"),
    "registration.create": gettext_lazy("Written down"),
    "registration.choice": gettext_lazy("One more wish was added"),
    "registration.amend": gettext_lazy("Wishes or possibilities were changed"),
    "registration.turn": gettext_lazy("The urgency was changed"),
    "registration.one_to_one": gettext_lazy("A reason for one-to-one was changed"),
    "registration.group_first": gettext_lazy("Group first was set aside, or put back"),
    "registration.pause": gettext_lazy("Paused"),
    "registration.rejoin": gettext_lazy("The pause was ended"),
    "registration.withdraw": gettext_lazy("Ended"),
    "registration.told.phone": gettext_lazy("This person told it by telephone"),
    "registration.told.in_person": gettext_lazy("This person told it in person"),
    "registration.told.writing": gettext_lazy("This person told it in writing"),
}


class NeedForm(forms.Form):
    """How urgent it is, and why that changes."""

    need_class = forms.TypedChoiceField(
        label=gettext_lazy("Urgency"), coerce=int, choices=CLASSES
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", "---")] + [(one.value, one.label) for one in BY_HAND],
        help_text=gettext_lazy("Is kept, with your name. Nothing about health."),
    )
    was = forms.IntegerField(widget=forms.HiddenInput)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A registration in a list."""

    pk: int
    asked_for: str
    place: str
    waiting: str
    late: str
    need_class: int
    state: str
    tone: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One thing that is asked: its rank (0: none), what, when, place on the list."""

    rank: int
    title: str
    when: str
    place: int | None


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One line of what happened."""

    when: str
    what: str
    why: str
    by: str


def line_of(one: Registration, *, on: date) -> Line:
    """In short; `late` only while it is open and past the norm."""
    is_open = one.state in OPEN_STATES
    since = timezone.localdate(one.registered_at)
    beyond = (on - one.norm_date).days
    waits = is_open and one.state != RegistrationState.PLACED
    place = one.resident.person.place
    return Line(
        pk=one.pk,
        asked_for=", ".join(_asked(one)) or "-",
        place=f"{place.name} ({place.municipality.name})" if place else "",
        waiting=words.weeks((on - since).days) if waits else "",
        late=words.weeks(beyond) if waits and beyond > 0 else "",
        need_class=one.need_class,
        state=str(one.get_state_display()).capitalize(),
        tone=TONES.get(RegistrationState(one.state), "plain"),
        is_open=is_open,
    )


def _asked(one: Registration) -> list[str]:
    """Theme, offering, and what was chosen, each title once."""
    found = [str(one.theme)] if one.theme is not None else []
    found += [one.offering.title] if one.offering is not None else []
    found += [_title(choice) for choice in one.choices.all()]
    return list(dict.fromkeys(filter(None, found)))


def _title(choice: RegistrationChoice) -> str:
    offering = choice.offering or (choice.series.offering if choice.series else None)
    return offering.title if offering is not None else _("One meeting")


def facts_of(one: Registration, *, on: date) -> list[tuple[str, str]]:
    """What is known, as terms with their words; what was not given is left out."""
    resident, person = one.resident, one.resident.person
    line = line_of(one, on=on)
    limits = _("%(minutes)s minutes, %(mode)s") % {
        "minutes": resident.travel_limit_minutes,
        "mode": resident.get_travel_mode_display(),
    }
    pace = _("%(week)s a week, %(day)s a day") % {
        "week": resident.pace_per_week,
        "day": resident.pace_per_day,
    }
    tongues = dict(Language.choices)
    found: list[tuple[str, Any]] = [
        (_("Asked on"), words.long_day(timezone.localdate(one.registered_at))),
        (_("Waits"), line.waiting),
        (_("Seat due on"), words.long_day(one.norm_date)),
        (_("Beyond the norm"), line.late),
        (_("Urgency"), one.need_class),
        (_("Seats"), one.seats),
        (
            _("Paused until"),
            words.long_day(one.paused_until) if one.paused_until else "",
        ),
        (_("Lives in"), line.place),
        (_("Languages"), ", ".join(str(tongues.get(x, x)) for x in person.languages)),
        (_("Longest journey"), limits),
        (_("Pace"), pace),
        (_("Ways of taking part"), _all(FormatWish, resident.format_wishes, _("all"))),
        (_("Preferably"), _all(HalfDay, resident.preferred_half_days, "")),
        (_("A room must have"), _all(AccessNeed, resident.access_needs, "")),
        (_("Somebody comes along"), _("yes") if resident.with_companion else ""),
        (_("Reason for one-to-one"), str(one.one_to_one_reason or "")),
        (_("Group first"), _("set aside") if one.group_first_set_aside_at else ""),
    ]
    return [(term, str(value)) for term, value in found if value]


def _all(enum: Any, values: list[str], nothing: str) -> str:
    known = dict(enum.choices)
    return ", ".join(str(known.get(one, one)) for one in values) or nothing


def wishes_of(one: Registration) -> dict[str, Any]:
    """What is asked in rank with the place on each list; seats; the half-days."""
    places = waiting_places(registration=one)
    wishes = []
    if one.theme is not None:
        wishes.append(
            Wish(rank=0, title=str(one.theme), when=_("the whole theme"), place=None)
        )
    if one.offering is not None:
        wishes.append(
            Wish(rank=0, title=one.offering.title, when=_("any group"), place=None)
        )
    for choice in one.choices.all():
        when = series_words(choice.series) if choice.series else _("any group")
        wishes.append(
            Wish(
                rank=choice.rank,
                title=_title(choice),
                when=when,
                place=places.get(choice.series_id),
            )
        )
    ticked = half_days_of(one.resident.person.windows.all())
    return {
        "wishes": wishes,
        "apart": [
            f"{series.offering.title}, {series_words(series)}"
            for series in kept_away_from(registration=one)
        ],
        "seats": [
            {
                "title": seat.series.offering.title,
                "when": offer_words.usual_time(seat.series),
                "place": offer_words.place(seat.series),
                "state": str(seat.get_state_display()).capitalize(),
                "tone": "ok" if seat.state == EnrolmentState.ENROLLED else "plain",
                "since": words.long_day(timezone.localdate(seat.changed_at)),
                "pk": seat.pk if seat_acts(seat) else None,
            }
            for seat in one.enrolments.all()
        ],
        "is_paused": ToldAct.REJOIN in waiting_acts(one),
        "week": week_of(ticked),
        "any_time": not ticked,
    }


def why_no_seat(one: Registration) -> list[tuple[str, list[str]]]:
    """Why the newest published plan has no seat for it: titles with sentences."""
    if one.state not in (RegistrationState.WAITING, RegistrationState.INTEREST):
        return []
    answer = last_published_answer(registration_id=one.pk)
    if answer is None:
        return []
    keys = {uuid.UUID(reason["series"]) for reason in answer.reasons}
    titles = {
        str(pk): series.offering.title
        for pk, series in series_with_offering(series_ids=keys).items()
    }
    told: dict[str, dict[str, None]] = {}
    for reason in answer.reasons:
        say = group_sentences if reason.get("for_all") else why_sentences
        lines = told.setdefault(titles.get(reason["series"], ""), {})
        lines.update(dict.fromkeys(say(reason["rules"])))
    return [(title, list(lines)) for title, lines in told.items()]


def history_of(one: Registration) -> list[Happened]:
    """What happened, oldest first: acts from the log, and what became of seats."""
    found: list[tuple[datetime, Happened]] = []
    for act in acts_of(registration=one):
        fitting = [start for start in ACTS if act.code.startswith(start)]
        by = _("the program itself") if act.by_system else _roles(act.by)
        what = str(ACTS[max(fitting, key=len)])
        found.append((act.at, _happened(act.at, what, _reason(act.code), by)))
    if not any(one.what == str(ACTS["registration.create"]) for _at, one in found):
        at = one.registered_at  # an import, or from before the log was kept
        found.append((at, _happened(at, str(ACTS["registration.create"]), "", "")))
    for seat in one.enrolments.all():
        what = _("%(offering)s: %(state)s") % {
            "offering": seat.series.offering.title,
            "state": seat.get_state_display(),
        }
        found.append((seat.changed_at, _happened(seat.changed_at, what, "", "")))
    return [happened for _at, happened in sorted(found, key=lambda pair: pair[0])]


def _happened(at: datetime, what: str, why: str, by: str) -> Happened:
    when = words.moment_in_text(timezone.localtime(at))
    return Happened(when=when, what=what, why=why, by=by)


def _reason(code: str) -> str:
    last = code.rpartition(".")[2]
    known = {one.value: one.label for one in (*AmendReason, *TurnReason)}
    return str(known.get(last, ""))


def _roles(text: str) -> str:
    known = {role.value: str(role.label) for role in Role}
    return ", ".join(known.get(role, role) for role in text.split(",") if role)
