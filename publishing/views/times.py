"""When a leader can: one short survey, days of absence, and falling ill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from courses.words import clock
from people.enums import HalfDay, HalfDayAnswer, NoReason, Weekday
from people.services.hours import (
    add_away,
    away_of,
    keys,
    remove_away,
    save_survey,
    survey_of,
)
from publishing.forms import AwayForm, DaysForm
from publishing.rhythm import ZONE
from publishing.services.trouble import led_between, tell_sessions
from publishing.views.access import for_facilitators, refuse

if TYPE_CHECKING:
    from courses.models import Session
    from people.models import Facilitator


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One half-day on the form."""

    key: str
    part: str
    answer: str
    reason: str
    hours: str
    faulty: bool


@dataclass(frozen=True, kw_only=True)
class Day:
    """One weekday on the form."""

    name: str
    cells: list[Cell]


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def my_times(request: HttpRequest, facilitator: Facilitator) -> HttpResponse:
    """The survey of half-days, and coming absence."""
    actor = Actor.of(request.user)
    away, faults, posted, status = AwayForm(auto_id="away_%s"), [], None, 200
    if request.method == "POST":
        act = request.POST.get("act")
        if act == "back":
            key = request.POST.get("key", "")
            if not remove_away(actor=actor, facilitator=facilitator, key=key):
                refuse(request, "leave.delete", key)
            messages.success(request, _("That is taken back: you can be planned then."))
            return redirect(request.path)
        if act == "away":
            away = AwayForm(request.POST, auto_id="away_%s")
            if away.is_valid() and _add_away(request, facilitator, away):
                return redirect(request.path)
        else:
            posted = posted_answers(request)
            try:
                save_survey(actor=actor, person=facilitator.person, answers=posted)
            except ValidationError as error:
                faults = error.messages
            else:
                messages.success(request, _("Your answers are kept. Thank you."))
                return redirect(request.path)
        status = 400
    context = {
        "days": _days(facilitator, posted),
        "faults": faults,
        "answers": HalfDayAnswer.choices,
        "reasons": NoReason.choices,
        "away": away,
        "coming": [
            (one, HalfDay(one.part).label if one.part else "")
            for one in away_of(facilitator=facilitator)
        ],
    }
    return render(request, "publishing/my_times.html", context, status=status)


def posted_answers(request: HttpRequest) -> dict[tuple[int, str], tuple[str, str]]:
    """Answer and reason of every half-day, as they came with the form."""
    found = {}
    for weekday, part in keys():
        name = f"{weekday}-{part}"
        answer = request.POST.get(name, HalfDayAnswer.ASK.value)
        found[weekday, part] = (answer, request.POST.get(f"{name}-reason", ""))
    return found


def _days(
    facilitator: Facilitator, posted: dict[tuple[int, str], tuple[str, str]] | None
) -> list[Day]:
    days: dict[int, list[Cell]] = {}
    for one in survey_of(person=facilitator.person):
        answer, reason = one.answer, one.reason
        if posted is not None:
            answer, reason = posted[one.weekday, one.half_day.value]
        days.setdefault(one.weekday, []).append(
            Cell(
                key=f"{one.weekday}-{one.half_day.value}",
                part=str(one.half_day.label).capitalize(),
                answer=answer,
                reason=reason,
                hours=_hours(one.hours or (one.half_day.hours,)),
                faulty=answer == HalfDayAnswer.NO and not reason,
            )
        )
    return [
        Day(name=str(Weekday(number).label).capitalize(), cells=cells)
        for number, cells in days.items()
    ]


def _hours(spans: Iterable[tuple[time, time]]) -> str:
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in spans)


def _add_away(request: HttpRequest, facilitator: Facilitator, form: AwayForm) -> bool:
    actor, data = Actor.of(request.user), form.cleaned_data
    try:
        add_away(
            actor=actor,
            facilitator=facilitator,
            first=data["first"],
            last=data["last"],
            part=data["part"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Kept: you are not planned then."))
    hit = hit_by(actor, facilitator, data["first"], data["last"], data["part"])
    tell_sessions(actor=actor, sessions=hit, why=f"away-{facilitator.pk}")
    sayhit_by(request, hit)
    return True


def hit_by(
    actor: Actor, facilitator: Facilitator, first: date, last: date, part: str = ""
) -> list[Session]:
    """Meetings that the leader was to lead in those days, or in that part of them."""
    start = datetime.combine(first, time(), tzinfo=ZONE)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=ZONE)
    found = led_between(actor=actor, facilitator=facilitator, start=start, end=end)
    if not part:
        return found
    begin, over = HalfDay(part).hours
    return [
        one
        for one in found
        if one.period.lower.astimezone(ZONE).time() < over
        and one.period.upper.astimezone(ZONE).time() > begin
    ]


def sayhit_by(request: HttpRequest, sessions: list[Session]) -> None:
    """Say how many planned meetings are hit, and that the coordinator knows."""
    if not sessions:
        return
    words = ngettext(
        "You were to lead %(number)s meeting then. The coordinator has been told and "
        "looks for a substitute.",
        "You were to lead %(number)s meetings then. The coordinator has been told and "
        "looks for substitutes.",
        len(sessions),
    )
    messages.warning(request, words % {"number": len(sessions)})


# --- Ill ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def ill(request: HttpRequest, facilitator: Facilitator) -> HttpResponse:
    """Report ill: nothing but the days is asked, and nothing else is kept."""
    actor = Actor.of(request.user)
    today = timezone.localdate()
    form: Any = DaysForm(initial={"first": today, "last": today}, auto_id="ill_%s")
    if request.method == "POST":
        form = DaysForm(request.POST, auto_id="ill_%s")
        if form.is_valid() and _report(request, facilitator, form):
            return redirect("publishing:my_agenda")
    context = {
        "form": form,
        "next": led_between(
            actor=actor,
            facilitator=facilitator,
            start=timezone.now(),
            end=timezone.now() + timedelta(days=7),
        ),
    }
    status = 400 if form.is_bound else 200
    return render(request, "publishing/ill.html", context, status=status)


def _report(request: HttpRequest, facilitator: Facilitator, form: DaysForm) -> bool:
    actor, data = Actor.of(request.user), form.cleaned_data
    try:
        add_away(
            actor=actor,
            facilitator=facilitator,
            first=data["first"],
            last=data["last"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    hit = hit_by(actor, facilitator, data["first"], data["last"])
    tell_sessions(actor=actor, sessions=hit, why=f"away-{facilitator.pk}")
    messages.success(request, _("You are reported ill. Get well soon."))
    sayhit_by(request, hit)
    return True
