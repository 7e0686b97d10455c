"""Changing a draft by hand: look what a change breaks and means, do it, take it back.

Looking is a GET that changes nothing, so a change can be tried, kept as an address, or
begun by dragging; doing is a POST that says which version of the draft it was made at.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST

from audit.actor import Actor
from audit.record import PLANNING
from people.selectors import list_facilitators
from rooms.selectors import rooms_in_short
from scheduling import words
from scheduling.forms import MoveForm
from scheduling.selectors import WeekSession, one_session
from scheduling.services import clock
from scheduling.services.access import keeps, region_planners_only
from scheduling.services.boards import faults_told
from scheduling.services.edits import (
    MoveRefused,
    StaleDraft,
    apply_move,
    drop_session,
    redo,
    undo,
)
from scheduling.services.moves import Move, Verdict, judge_move
from scheduling.services.pins import pin_session, unpin_series
from scheduling.services.redrafts import draft_of_published
from scheduling.solver.problem import InvalidProblem
from scheduling.views.later_dates import stays_later
from scheduling.views.on_draft import (
    Gone,
    address_of,
    draft_or_404,
    must_still_be,
    tell_changed,
    told_when_gone,
    version_of,
)
from scheduling.views.session import session_page
from scheduling.views.verdicts import (
    Names,
    accepted_keys,
    breach_lines,
    choice_lines,
    moved_words,
    people_words,
)
from scheduling.weeks import Week

if TYPE_CHECKING:
    from scheduling.models import Schedule

MOST_DAYS = 140


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
@keeps(*MoveForm.base_fields, *MoveForm.leader_names(), filled_by="dragged")
@region_planners_only
@told_when_gone
def move(request: HttpRequest, schedule_id: int, session_id: uuid.UUID) -> HttpResponse:
    """Ask for another day, time, room or leaders; see what that means; do it."""
    page = MovePage(request, draft_or_404(schedule_id), session_id)
    if request.method == "POST":
        return page.do()
    return page.look()


class MovePage:
    """One request about one session of a draft."""

    def __init__(
        self, request: HttpRequest, draft: Schedule, session_id: uuid.UUID
    ) -> None:
        self.request, self.draft = request, draft
        self.actor = Actor.of(request.user)
        found = one_session(actor=self.actor, session_id=session_id, schedule=draft)
        if found is None:
            raise Gone("no such session in this draft", draft)
        self.session: WeekSession = found
        leaders = list_facilitators(actor=self.actor, purpose=PLANNING)
        self.names = Names(
            rooms={
                str(room.id): f"{room.centre}, {room.name} ({room.capacity})"
                for room in rooms_in_short()
            },
            leaders={
                str(one.pk): f"{one.person.group_name}, {one.organisation.name}"
                for one in leaders
            },
        )

    def form(self, data: Any = None) -> MoveForm:
        now = self.session
        initial = {
            "day": now.start.date().isoformat(),
            "start": now.start.time(),
            "room": str(now.room.pk) if now.room else "",
        }
        for name, leader in zip(MoveForm.leader_names(), now.leaders, strict=False):
            initial[name] = str(leader.id)
        number = min((self.draft.last_date - self.draft.first_date).days + 1, MOST_DAYS)
        days = [self.draft.first_date + timedelta(days=step) for step in range(number)]
        today = timezone.localdate(clock.now())
        days = [day for day in days if day >= today or day == now.start.date()]
        by_name = sorted(self.names.leaders.items(), key=lambda one: one[1])
        return MoveForm(
            data,
            initial=initial,
            days=days,
            rooms=list(self.names.rooms.items()),
            leaders=by_name,
            places=max(MoveForm.LEADERS, len(now.leaders)),
        )

    def look(self) -> HttpResponse:
        """The form, with a verdict when something was asked."""
        if not self.request.GET:
            return self.page(self.form())
        form = self.form(self._filled(self.request.GET))
        return self.page(form, verdict=self._judged(form))

    def _filled(self, given: Any) -> dict[str, Any]:
        """What was asked, and for the rest the session as it is (after dragging)."""
        now = {
            name: f"{value:%H:%M}" if name == "start" else value
            for name, value in self.form().initial.items()
        }
        asked = {name: given[name] for name in given}
        if "dragged" not in asked and ("leader_1" in asked or "start" in asked):
            now = {name: value for name, value in now.items() if name == "day"}
        return now | asked

    def _judged(self, form: MoveForm) -> Verdict | None:
        if not form.is_valid():
            return None
        try:
            return judge_move(
                actor=self.actor, schedule=self.draft, move=self._move(form)
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return None

    def _move(self, form: MoveForm) -> Move:
        given = form.cleaned_data
        start = timezone.make_aware(
            datetime.combine(date.fromisoformat(given["day"]), given["start"])
        )
        now = self.session
        room_id = int(given["room"]) if given["room"] else None
        same_leaders = form.leader_ids == tuple(sorted(one.id for one in now.leaders))
        same_room = room_id == (now.room.pk if now.room else None)
        return Move(
            session=now.id,
            start=None if start == now.start else start,
            room_id=None if same_room else room_id,
            online=room_id is None and not same_room,
            leader_ids=None if same_leaders else form.leader_ids,
            whole_series=given["whole_series"],
        )

    def do(self) -> HttpResponse:
        """Change the draft, or say why not, with everything that was filled in kept."""
        form = self.form(self.request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            apply_move(
                actor=self.actor,
                user=self.request.user,  # type: ignore[arg-type]
                schedule=self.draft,
                move=self._move(form),
                version=version_of(self.request),
                accept=accepted_keys(self.request),
            )
        except StaleDraft as stale:
            self.draft = stale.schedule
            since = [words.edit_words(edit) for edit in stale.edits]
            verdict = self._judged(form)
            return self.page(form, verdict=verdict, since=since, stale=True, status=409)
        except MoveRefused as refused:
            return self.page(form, verdict=refused.verdict, status=422)
        except ValidationError as error:
            must_still_be(self.draft)
            form.add_error(None, error.messages)
            return self.page(form, status=422)
        messages.success(self.request, _("The session was changed in the draft."))
        return redirect("scheduling:draft-session", self.draft.pk, self.session.id)

    def page(
        self,
        form: MoveForm,
        *,
        verdict: Verdict | None = None,
        since: list[str] | None = None,
        stale: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "form": form,
            "session": self.session,
            "draft": self.draft,
            "when": words.moment_in_text(self.session.start),
            "later": stays_later(schedule=self.draft, series_id=self.session.series_id),
            "verdict": verdict,
            "since": since or [],
            "stale": stale,
            "asked": form.data.items() if form.is_bound else (),
        }
        if verdict is not None:
            new = breach_lines(verdict.new, self.names)
            context |= {
                "breaches": new,
                "never": any(one.never for one in new),
                "choices": choice_lines(verdict, self.names),
                "people": people_words(
                    verdict.people, only_leaders=verdict.only_leaders
                ),
                "moved": moved_words(verdict.minutes) if verdict.minutes else "",
            }
            context["asked"] = [
                (name, value)
                for name, value in form.data.items()
                if name in form.fields and value
            ]
        return render(self.request, "scheduling/move.html", context, status=status)


# --- One press each -------------------------------------------------------------------


class WayConverter:
    """Back, or again; any other word is an address that does not exist."""

    regex = "terug|opnieuw"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@require_POST
@region_planners_only
@told_when_gone
def turn(request: HttpRequest, schedule_id: int, way: str) -> HttpResponse:
    """Take the last change back, or do it again."""
    draft = draft_or_404(schedule_id)
    step = undo if way == "terug" else redo
    try:
        edit = step(
            actor=Actor.of(request.user),
            user=request.user,  # type: ignore[arg-type]
            schedule=draft,
            version=version_of(request),
        )
    except StaleDraft as stale:
        tell_changed(request, stale.edits)
    except ValidationError as error:
        must_still_be(draft)
        messages.error(request, " ".join(error.messages))
    else:
        if edit is None:
            messages.info(request, _("There is nothing to take back or do again."))
        else:
            messages.success(
                request,
                _("Taken back: %(what)s.") % {"what": edit.get_kind_display()}
                if way == "terug"
                else _("Done again: %(what)s.") % {"what": edit.get_kind_display()},
            )
    return redirect(address_of(draft))


@require_POST
@region_planners_only
@told_when_gone
def pin(request: HttpRequest, schedule_id: int, session_id: uuid.UUID) -> HttpResponse:
    """Keep a group as it is in the next plan, or let the planner decide again."""
    draft = draft_or_404(schedule_id)
    actor = Actor.of(request.user)
    found = one_session(actor=actor, session_id=session_id, schedule=draft)
    if found is None:
        raise Gone("no such session in this draft", draft)
    seen: dict[str, Any] = {"schedule": draft, "version": version_of(request)}
    try:
        if request.POST.get("act") == "unpin":
            unpin_series(actor=actor, series_id=found.series_id, **seen)
            told = _("The next plan may change this group again.")
        else:
            pin_session(
                actor=actor,
                user=request.user,  # type: ignore[arg-type]
                session=session_id,
                **seen,
            )
            told = _("The next plan keeps this group as it is here.")
    except StaleDraft as stale:
        return _too_late(request, stale, session_id)
    except ValidationError as error:
        must_still_be(draft)
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, told)
    return redirect("scheduling:draft-session", draft.pk, session_id)


@require_POST
@region_planners_only
@told_when_gone
def drop(request: HttpRequest, schedule_id: int, session_id: uuid.UUID) -> HttpResponse:
    """Do not hold one session of the draft."""
    draft = draft_or_404(schedule_id)
    try:
        drop_session(
            actor=Actor.of(request.user),
            user=request.user,  # type: ignore[arg-type]
            schedule=draft,
            session=session_id,
            version=version_of(request),
        )
    except StaleDraft as stale:
        return _too_late(request, stale, session_id)
    except ValidationError as error:
        must_still_be(draft)
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("The session is not held. You can still take that back.")
        )
    return redirect(address_of(draft))


def _too_late(
    request: HttpRequest, stale: StaleDraft, session_id: uuid.UUID
) -> HttpResponse:
    """The session as it is now and what changed, or the week when it is not there."""
    draft = stale.schedule
    if draft.sessions.filter(session_id=session_id).exists():
        return session_page(
            request, session_id=session_id, schedule=draft, since=stale.edits
        )
    tell_changed(request, stale.edits)
    return redirect(address_of(draft))


@require_POST
@region_planners_only
def edit_week(request: HttpRequest, week: Week) -> HttpResponse:
    """Make a draft of the week as it is published, to change it by hand."""
    try:
        draft = draft_of_published(
            actor=Actor.of(request.user),
            user=request.user,  # type: ignore[arg-type]
            monday=week.monday,
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(f"{reverse('scheduling:week', args=[week])}?versie=concept")
    except InvalidProblem as error:
        messages.warning(request, faults_told(error))
        return redirect("scheduling:week", week)
    return redirect(f"{reverse('scheduling:week', args=[week])}?versie={draft.pk}")
