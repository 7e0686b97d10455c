"""What the page of one person or group that is helped shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.selectors.catalogue import offerings_to_plan, reason_codes
from people.selectors import organisations
from scheduling import help_words
from scheduling.enums import ScheduleState
from scheduling.forms_help import (
    AgreedForm,
    AsideForm,
    CourseForm,
    LeaderForm,
    ReasonForm,
    TermForm,
)
from scheduling.models import HelpStep, StepKind, StepState
from scheduling.models.step import STANDING
from scheduling.selectors.steps import StepNames, names_for
from scheduling.services import helping
from scheduling.services.access import Reach, care_reach, reach_of
from scheduling.way_words import way_sentence
from scheduling.weeks import Week


def the_forms(subject: helping.Subject, data: Any = None) -> dict[str, forms.Form]:
    """The forms of the page that belong to no way, bound where ``data`` is given."""
    found: dict[str, forms.Form] = {}
    if any(
        change["kind"] == "new-leader"
        for _key, way in subject.ways
        for change in way["changes"]
    ):
        houses = [(str(one.pk), one.name) for one in organisations()]
        found["leader"] = LeaderForm(data, organisations=houses, auto_id="leader_%s")
    if subject.registration is None:
        return found
    reasons = [(one.pk, str(one)) for one in reason_codes()]
    alone, shared = (
        [
            (str(one.pk), one.title)
            for one in offerings_to_plan(needs_reason=needs).order_by("title_nl")
        ]
        for needs in (True, False)
    )
    monday = Week.of(subject.schedule.last_date + timedelta(days=1)).monday
    first = max(monday, Week.of(timezone.localdate()).plus(1).monday)
    found |= {
        "one": ReasonForm(data, reasons=reasons, offerings=alone, auto_id="one_%s"),
        "aside": AsideForm(data, reasons=reasons, auto_id="aside_%s"),
        "course": CourseForm(data, offerings=shared, auto_id="course_%s"),
        "term": TermForm(data, initial={"until": first}, auto_id="term_%s"),
    }
    return found


def page_context(
    request: HttpRequest,
    subject: helping.Subject,
    shown: dict[str, forms.Form],
    mine: Reach,
) -> dict[str, Any]:
    """All that the template shows; a fixed number of reads, however many ways.

    ``mine``: whom or what the reader may help.
    """
    actor = Actor.of(request.user)
    steps = list(helping.steps_of(subject))
    names = names_for(
        actor=actor, ways=[way for _key, way in subject.ways], steps=steps
    )
    reach = reach_of(request.user).organisations
    ways = helping.open_ways(subject, names.leaders, steps)
    schedule, registration = subject.schedule, subject.registration
    week = Week.of(schedule.first_date)
    cares = care_reach(request.user).anything
    undoable = helping.undoable(subject, steps, organisation_ids=mine.organisations)
    return {
        "schedule": schedule,
        "registration": registration,
        "series": subject.series,
        "title": _title(subject),
        "facts": _facts(subject),
        "back": reverse("scheduling:left-out", args=[schedule.pk]),
        "ways": [
            _way(subject, one, names, shown)
            | {"closed": not cares and helping.is_care(one.changes)}
            for one in ways
        ],
        "steps": [
            _step(subject, one, names) | _undoing(one, undoable, cares=cares)
            for one in steps
        ],
        "standing": [one for one in steps if one.state in STANDING],
        "forms": shown,
        "aside": registration is not None
        and registration.group_first_set_aside_at is not None,
        "paused": registration is not None and registration.paused_until,
        "region": reach is None,
        "again": f"{reverse('scheduling:run-new')}?week={week}",
        "week": reverse("scheduling:week", args=[week]),
        "is_draft": schedule.state == ScheduleState.DRAFT,
    }


def _title(subject: helping.Subject) -> str:
    if subject.registration is None:
        return str(subject.series.offering.title)
    return _("Resident %(number)s") % {"number": subject.registration.resident_id}


def _facts(subject: helping.Subject) -> list[str]:
    """What is asked for, and what was decided."""
    registration = subject.registration
    if registration is None:
        return [_("This group is not held in this plan.")]
    choices = sorted(registration.choices.all(), key=lambda one: one.rank)
    wishes = [
        registration.offering or registration.theme,
        *(one.offering or (one.series and one.series.offering) for one in choices),
    ]
    asked = dict.fromkeys(str(wish) for wish in wishes if wish)
    told = [_("Asks for: %(what)s.") % {"what": ", ".join(asked)}] if asked else []
    if registration.one_to_one_reason is not None:
        told.append(
            _("One-to-one is allowed: %(reason)s.")
            % {"reason": registration.one_to_one_reason}
        )
    return told


def _way(
    subject: helping.Subject,
    way: helping.WayOpen,
    names: StepNames,
    shown: dict[str, forms.Form],
) -> dict[str, Any]:
    form = shown.get(way.key)
    if form is None and way.form == "new-leader":
        form = shown["leader"]
    if form is None and way.asks:
        form = AgreedForm(auto_id=f"{way.key}_%s")
    return {
        "way": way,
        "sentence": way_sentence(
            way.way,
            titles=names.titles,
            places=names.places,
            of_person=subject.registration is not None,
            whom=subject.whom,
        ),
        "asks": list(_who(way.asks, names, subject.whom)),
        "one_asked": len(way.asks) == 1,
        "form": form,
        "open": form is not None and form.is_bound,
        "room": way.form == "new-room",
        "leader": way.form == "new-leader",
        "state": _state(way.step) if way.step is not None else None,
    }


def _who(person_ids: Iterable[int], names: StepNames, whom: str) -> Iterable[str]:
    """Whom a way asks something of, when that is not just who is helped."""
    for key in person_ids:
        kind, number = names.who.get(key, ("", 0))
        if kind == "leader":
            yield names.titles.get(f"p{key}", "")
        elif str(key) != whom and number:
            yield _("Resident %(number)s") % {"number": number}


def _undoing(
    step: HelpStep, undoable: Collection[int], *, cares: bool
) -> dict[str, Any]:
    """Whether the reader may undo a step, or who may."""
    who = ""
    if step.pk not in undoable:
        who = _(
            "This is about somebody or something of another organisation. Ask a "
            "coordinator of the region."
        )
    elif not cares and helping.is_care(step.changes):
        who = _("A coordinator can do this: it is about a person.")
    stands = step.state in STANDING
    return {"can_undo": stands and not who, "who_can": who if stands else ""}


def _step(subject: helping.Subject, step: HelpStep, names: StepNames) -> dict[str, Any]:
    asked = [one["hours"] for one in step.undo if one.get("kind") == "room"]
    state = _state(step)
    room = ""
    if asked and asked[0] in names.hours:
        row = names.hours[asked[0]]
        where = str(row.room or row.centre)
        room = help_words.room_answer(row.state, where)
        if step.state == StepState.DONE:
            state = str(row.get_state_display()), help_words.ROOM_TONES[row.state]
    return {
        "step": step,
        "title": help_words.step_title(step, names.titles, names.places, subject.whom),
        "history": help_words.step_history(step, room),
        "state": state,
    }


def _state(step: HelpStep) -> tuple[str, str]:
    if (step.kind, step.state) == (StepKind.ROOM, StepState.DONE):
        return str(StepKind.ROOM.label), "info"
    state = StepState(step.state)
    return str(state.label), help_words.TONES[state]
