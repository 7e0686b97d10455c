"""One session: when, where, who leads, how many seats; participants only as numbers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses.kinds import policy_of
from courses.selectors.queue import NOBODY, queues
from people.enums import Role
from people.selectors import organisations
from scheduling import words
from scheduling.enums import RunKind
from scheduling.selectors import WeekSession, one_session, other_dates
from scheduling.services.access import planners_only, reach_of
from scheduling.views.board import role_words
from scheduling.views.on_draft import draft_or_404, told_when_gone
from scheduling.views.week import line_seats, number_words
from scheduling.weeks import Week

if TYPE_CHECKING:
    from scheduling.models import Schedule, ScheduleEdit


@require_safe
@planners_only
@told_when_gone
def session(
    request: HttpRequest, session_id: uuid.UUID, schedule_id: int | None = None
) -> HttpResponse:
    """A session as published, or as a draft has it; 404 outside one's reach."""
    schedule = None
    if schedule_id is not None:
        schedule = draft_or_404(schedule_id)
    return session_page(request, session_id=session_id, schedule=schedule)


def session_page(
    request: HttpRequest,
    *,
    session_id: uuid.UUID,
    schedule: Schedule | None,
    since: Sequence[ScheduleEdit] | None = None,
) -> HttpResponse:
    """The page of a session; 409 with what changed ``since`` a form that was too late.

    404 when the session is not there, or not within reach.
    """
    reach = reach_of(request.user)
    found = one_session(
        actor=Actor.of(request.user),
        session_id=session_id,
        schedule=schedule,
        organisation_ids=reach.organisations,
    )
    if found is None:
        raise Http404("no such session")
    week = Week.of(found.start.date())
    back = reverse("scheduling:week", args=[week])
    names = {one.pk: one.name for one in organisations()}
    context = {
        "session": found,
        "schedule": schedule,
        "week": week,
        "back": f"{back}?versie={schedule.pk}" if schedule else back,
        "when": f"{words.long_day(found.start.date())}, "
        f"{words.span(found.start, found.end)}",
        "was": words.moment_in_text(found.was) if found.moved and found.was else "",
        "number": number_words(found),
        "seats": line_seats(found),
        "waiting": queues(series_ids=[found.series_id]).get(found.series_id, NOBODY),
        "leaders": [
            (lead.name, role_words(lead.roles), names.get(lead.organisation_id, ""))
            for lead in found.leaders
        ],
        "dates": [
            (
                number,
                words.moment_in_text(start),
                _("cancelled") if cancelled else _state(start),
                start == found.start,
            )
            for number, start, cancelled in other_dates(
                session=found, schedule=schedule
            )
        ],
        "takes_attendance": takes_attendance(request.user, found),
        "series_link": reverse("publishing:facts_one_series", args=[found.series_id]),
        "may_change": reach.whole_region and (schedule or found.start > timezone.now()),
        "stand_ins": [
            (
                lead.name,
                reverse("scheduling:stand-ins", args=[schedule.pk, found.id, lead.id]),
            )
            for lead in found.leaders
            if schedule is not None
        ],
        "can_split": can_split(found, schedule),
        "stale": since is not None,
        "since": [words.edit_words(one) for one in since or ()],
    }
    status = 200 if since is None else 409
    return render(request, "scheduling/session.html", context, status=status)


def takes_attendance(user: Any, found: WeekSession) -> bool:
    """Whether the group has participants whose attendance this account may have."""
    policy = policy_of(found.kind)
    return bool(user.has_role(Role.COORDINATOR)) and policy.takes_registrations


def can_split(found: WeekSession, schedule: Schedule | None) -> bool:
    """Whether the page that splits a group has something to ask about this one."""
    group = found.enrols and found.size > 1 and found.seats > 1
    stands = not (found.cancelled or found.new) and found.start > timezone.now()
    return group and stands and schedule is not None and schedule.kind == RunKind.WEEK


def _state(start: datetime) -> str:
    return _("has been") if start < timezone.now() else _("still to come")
