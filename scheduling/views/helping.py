"""Helping somebody who is left out, or a group that is not held: every way has its
button, and what was done stands below it, with who did it and a way back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actor import Actor
from courses.selectors.catalogue import (
    offering_by_id,
    reason_codes,
)
from courses.selectors.coordinator import registrations_by_id
from people.selectors import organisations, person_of
from rooms.selectors.kept import room_with_centre
from scheduling.forms_help import (
    AgreedForm,
    AsideForm,
)
from scheduling.selectors import schedule_by_id
from scheduling.services import helping
from scheduling.services.access import (
    Reach,
    as_coordinator,
    coordinators_only,
    coordinators_reach,
    planners_only,
    reach_of,
)
from scheduling.views.help_page import page_context, the_forms

REFUSED = 422
NEXT_TERM = timedelta(weeks=13)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinators_only
def help_person(
    request: HttpRequest, schedule_id: int, registration_id: int
) -> HttpResponse:
    """One registration without a seat: why, what would help, and the buttons.

    What is decided here is somebody's care, so it is for coordinators.
    """
    reach = coordinators_reach(request.user)
    return _page(request, schedule_id, reach, registration_id=registration_id)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def help_series(
    request: HttpRequest, schedule_id: int, series_id: uuid.UUID
) -> HttpResponse:
    """One series that is not held: why, what would help, and the buttons."""
    return _page(request, schedule_id, reach_of(request.user), series_id=series_id)


def _page(
    request: HttpRequest, schedule_id: int, reach: Reach, **which: Any
) -> HttpResponse:
    schedule = schedule_by_id(schedule_id=schedule_id)
    if schedule is None:
        raise Http404("no such schedule")
    subject = helping.subject_of(
        actor=Actor.of(request.user),
        schedule=schedule,
        organisation_ids=reach.organisations,
        **which,
    )
    if subject is None:
        raise Http404("not left out of this schedule, or not yours")
    shown = the_forms(subject)
    status = 200
    if request.method == "POST":
        press = _Press(request, subject, reach)
        if press.go():
            return redirect(f"{request.path}#done")
        status = REFUSED
        if press.form is not None:
            shown[press.name] = press.form
    context = page_context(request, subject, shown, reach)
    return render(request, "scheduling/help.html", context, status=status)


class _Press:
    """One button that was pressed: which, its form, and what came of it."""

    def __init__(
        self, request: HttpRequest, subject: helping.Subject, reach: Reach
    ) -> None:
        self.request, self.subject, self.reach = request, subject, reach
        self.name, self.form = "", None  # type: str, forms.Form | None
        self.common: dict[str, Any] = {
            "actor": Actor.of(request.user),
            "user": request.user,
            "subject": subject,
        }

    def go(self) -> bool:
        """Do it; what is in the way is said at the form, or above the page."""
        acts: dict[str, Callable[[], str]] = {
            "way": self._apply,
            "ask": self._ask,
            "room": self._room,
            "leader": self._leader,
            "undo": self._undo,
        }
        if self.subject.registration is not None:
            acts |= {
                "one": self._one,
                "aside": self._aside,
                "term": self._term,
                "course": self._course,
            }
        act = acts.get(self.request.POST.get("act", ""))
        try:
            said = act() if act is not None else ""
        except ValidationError as refused:
            for sentence in refused.messages:
                if self.form is not None:
                    self.form.add_error(None, sentence)
                else:
                    messages.error(self.request, sentence)
            return False
        if said:
            messages.success(self.request, said)
        return bool(said)

    def _way(self) -> helping.WayOpen:
        """The way that the press names; also whether the reader plans for all of it."""
        found = self._leaders()
        way = helping.open_way(self.subject, self.request.POST.get("key", ""), found)
        if way is None:
            raise Http404("no such way")
        if not helping.may_apply(way, organisation_ids=self.reach.organisations):
            raise ValidationError(_of_others())
        self._check_care(way.changes)
        return way

    def _check_care(self, changes: Iterable[Mapping[str, Any]]) -> None:
        """Refuse who plans and does not coordinate what is about a person."""
        if helping.is_care(changes):
            as_coordinator(self.request)

    def _leaders(self) -> dict[int, int]:
        from people.selectors import person_ids_by_facilitator

        return person_ids_by_facilitator(
            facilitator_ids=helping.leaders_in(self.subject)
        )

    def _checked(self, name: str, form: forms.Form) -> dict[str, Any] | None:
        self.name, self.form = name, form
        return form.cleaned_data if form.is_valid() else None

    def _apply(self) -> str:
        way = self._way()
        agreed = None
        if way.asks:
            form = AgreedForm(self.request.POST, auto_id=f"{way.key}_%s")
            facts = self._checked(way.key, form)
            if facts is None:
                return ""
            agreed = facts["agreed_on"]
        helping.apply_way(way=way, agreed_on=agreed, **self.common)
        return _("It is changed. Make the plan again to see what it brings.")

    def _ask(self) -> str:
        helping.ask_for_way(way=self._way(), **self.common)
        return _("The question is on its way. The answer appears here.")

    def _room(self) -> str:
        way = self._way()
        room = room_with_centre(room_id=int(way.changes[0].get("room") or 0))
        if room is None or way.form != "new-room":
            raise ValidationError(_("This location is no longer in use."))
        helping.ask_centre(
            way=way, room=room, asked_by=person_of(user=self.request.user),  # type: ignore[arg-type]
            **self.common,
        )  # fmt: skip
        return _("The location is asked. The answer appears here.")

    def _leader(self) -> str:
        way = self._way()
        if way.form != "new-leader":
            raise Http404("no such way")
        form = the_forms(self.subject, self.request.POST)["leader"]
        facts = self._checked(way.key, form)
        if facts is None:
            return ""
        chosen = organisations().get(pk=facts["organisation"])
        if not helping.within_organisation(self.reach.organisations, chosen.pk):
            raise ValidationError(_("Choose an organisation that you plan for."))
        helping.add_leader(
            way=way,
            call_name=facts["call_name"],
            email=facts["email"],
            organisation=chosen,
            **self.common,
        )
        return _(
            "The leader is written down. Make the plan again to see what it brings."
        )

    def _one(self) -> str:
        form = the_forms(self.subject, self.request.POST)["one"]
        facts = self._checked("one", form)
        if facts is None:
            return ""
        key = facts["offering"]
        helping.allow_one_to_one(
            reason=facts["reason"],
            offering=offering_by_id(offering_id=int(key)) if key else None,
            **self.common,
        )
        return _("One-to-one is allowed. A group still goes first where one fits.")

    def _aside(self) -> str:
        form = the_forms(self.subject, self.request.POST)["aside"]
        facts = self._checked("aside", form)
        if facts is None:
            return ""
        helping.set_group_first(
            actor=self.common["actor"],
            user=self.request.user,  # type: ignore[arg-type]
            registration=self.subject.registration,
            schedule=self.subject.schedule,
            reason=facts["reason"],
        )
        return _said_aside()

    def _term(self) -> str:
        form = the_forms(self.subject, self.request.POST)["term"]
        facts = self._checked("term", form)
        if facts is None:
            return ""
        helping.put_on_next_term(until=facts["until"], **self.common)
        return _("Noted. A message is on its way. The turn stays as it was.")

    def _course(self) -> str:
        form = the_forms(self.subject, self.request.POST)["course"]
        facts = self._checked("course", form)
        if facts is None:
            return ""
        offering = offering_by_id(offering_id=int(facts["offering"]))
        if offering is None:
            raise ValidationError(_("This is no longer in the books."))
        helping.propose_course(
            offering=offering, agreed_on=facts["agreed_on"], **self.common
        )
        if facts["agreed_on"]:
            return _("It is a choice now. Make the plan again to see what it brings.")
        return _("The question is on its way. The answer appears here.")

    def _undo(self) -> str:
        key = self.request.POST.get("step", "")
        steps = helping.steps_of(self.subject)
        step = next((one for one in steps if str(one.pk) == key), None)
        if step is None:
            raise Http404("no such step")
        mine = helping.undoable(
            self.subject, [step], organisation_ids=self.reach.organisations
        )
        if step.pk not in mine:
            raise ValidationError(_of_others())
        self._check_care(step.changes)
        helping.undo_step(
            actor=self.common["actor"], user=self.common["user"], step=step
        )
        return _("It is as it was before.")


def _of_others() -> str:
    return _(
        "This is about somebody or something of another organisation. Ask a "
        "coordinator of the region."
    )


def _said_aside() -> str:
    return _(
        "Group first is set aside. The next plan looks for help for this person alone. "
        "The turn stays as it was."
    )


@require_POST
@coordinators_only
def group_first(request: HttpRequest, registration_id: int) -> HttpResponse:
    """Set group first aside at once, from any page that shows a registration.

    The reader goes back to the page of ``next``, or to the registration's list.
    """
    actor = Actor.of(request.user)
    found = registrations_by_id(
        actor=actor,
        registration_ids=[registration_id],
        organisation_ids=coordinators_reach(request.user).organisations,
    )
    if not found:
        raise Http404("no such registration, or not yours")
    form = AsideForm(
        request.POST, reasons=[(one.pk, str(one)) for one in reason_codes()]
    )
    if request.POST.get("act") == "undo":
        _put_back(request, found[0])
    elif not form.is_valid():
        messages.error(request, _("Choose why a group does not fit now."))
    else:
        try:
            helping.set_group_first(
                actor=actor,
                user=request.user,  # type: ignore[arg-type]
                registration=found[0],
                schedule=schedule_by_id(schedule_id=_number(request, "schedule")),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _said_aside())
        except ValidationError as refused:
            for sentence in refused.messages:
                messages.error(request, sentence)
    back = request.POST.get("next", "")
    mine = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if mine else "scheduling:waiting")


def _put_back(request: HttpRequest, registration: Any) -> None:
    """Undo the setting aside that stands; said in words when there is none."""
    step = helping.standing_step(registration_id=registration.pk)
    try:
        if step is None:
            raise ValidationError(_("This was undone already."))
        helping.undo_step(
            actor=Actor.of(request.user),
            user=request.user,  # type: ignore[arg-type]
            step=step,
        )
        messages.success(request, _("It is as it was before."))
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0
