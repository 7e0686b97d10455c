"""What happened to a published week, in the words that its pages share."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING
from people.selectors import list_facilitators
from rooms.selectors import rooms_of
from scheduling import words
from scheduling.enums import RunTask
from scheduling.models import PlanningRun, Repair, RepairKind
from scheduling.services.happenings import Question
from scheduling.weeks import Week

ADDRESSES = {
    RepairKind.LEADER_ILL: "ziek",
    RepairKind.ROOM_LOST: "ruimte",
    RepairKind.ROOM_TAKEN: "bezet",
    RepairKind.CENTRE_CLOSED: "centrum",
    RepairKind.HOLIDAY: "feestdag",
    RepairKind.RESIDENT_JOINED: "erbij",
    RepairKind.RESIDENT_LEFT: "gestopt",
}
"""The last part of the address at which each is reported."""
ABOUT_SOMEBODY = (RepairKind.RESIDENT_JOINED, RepairKind.RESIDENT_LEFT)
"""Kinds that are about a registration."""


def leaders_to_choose(actor: Actor) -> dict[str, Any]:
    """Every leader by key, with name and organisation; the read is logged."""
    found = list_facilitators(actor=actor, purpose=PLANNING)
    return {
        str(one.pk): (f"{one.person.group_name}, {one.organisation.name}", one)
        for one in found
    }


def rooms_to_choose(_actor: Actor) -> dict[str, Any]:
    """Every room by key, with its centre."""
    return {str(one.pk): (f"{one.centre.name}, {one.name}", one) for one in rooms_of()}


def number_in(text: str) -> int:
    """A number as a form writes it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def is_repair(run: PlanningRun) -> bool:
    """Whether a run looks for ways to mend."""
    return run.task == RunTask.REPAIR


def not_kept(request: HttpRequest) -> HttpResponse:
    """An old address: what happened then was erased, so what is kept is shown."""
    told = _(
        "What happened so long ago is not kept, and neither are the ways to mend it."
    )
    messages.info(request, told)
    return redirect("scheduling:report", "ziek")


def kind_words(kind: str) -> str:
    """What happened, not to whom: a browser keeps the titles of pages."""
    return str(capfirst(RepairKind(kind).label))


def title_of(kind: str, about: str, *, by_person: bool) -> str:
    """What happened; of somebody with the number of the registration, for who
    coordinates the region (``by_person``)."""
    if kind not in ABOUT_SOMEBODY or not about or not by_person:
        return kind_words(kind)
    facts = {"what": kind_words(kind), "number": about}
    return _("%(what)s: registration %(number)s") % facts


def looking_line(run: PlanningRun, *, by_person: bool) -> dict[str, Any]:
    """A run that looks for ways, in words: what happened, and on which days."""
    question = Question.of(run)
    return {
        "href": reverse("scheduling:looking", args=[run.pk]),
        "title": title_of(question.kind, question.about, by_person=by_person),
        "days": words.days_between(question.first, question.last),
    }


def repair_line(repair: Repair, *, by_person: bool) -> dict[str, Any]:
    """A week that something happened to, in words."""
    return {
        "href": reverse("scheduling:repair", args=[repair.pk]),
        "title": title_of(repair.kind, repair.about, by_person=by_person),
        "days": words.days_between(repair.first_day, repair.last_day),
        "week": Week.of(repair.run.first_date).number,
        "done": repair.chosen is not None,
    }


def again_fields(
    question: Question, *, after: int, by_person: bool
) -> dict[str, Any] | None:
    """Address and fields of a press that asks the same anew, because the answer with
    this number is not good enough any more. ``None`` for who may not press it."""
    if question.kind in ABOUT_SOMEBODY and not by_person:
        return None
    fields = {
        "about": question.about,
        "first": question.first.isoformat(),
        "last": question.last.isoformat(),
        "after": after,
    }
    what = ADDRESSES[question.kind]
    return {"action": reverse("scheduling:report", args=[what]), "fields": fields}
