""" "Who looked at my data?": the access log, for the person it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit.actor import ANONYMOUS, SYSTEM, Actor
from audit.record import OWN_DATA
from audit.selectors import events_about
from people.enums import Role
from people.selectors import organisations, person_of

if TYPE_CHECKING:
    from audit.models import AuditEvent

PER_PAGE = 25

# By the beginning of the event's code; the longest that fits is used.
WHAT = {
    "person.name": gettext_lazy("Saw your name"),
    "person.search": gettext_lazy("Searched, and found you"),
    "resident.facts": gettext_lazy("Read when and where you can come"),
    "facilitator": gettext_lazy("Read what you lead and when you can"),
    "facilitator.search": gettext_lazy("Searched, and found you"),
    "facilitator.create": gettext_lazy("Noted that you lead"),
    "facilitator.update": gettext_lazy("Changed what is known of you as a leader"),
    "facilitator.delete": gettext_lazy("Noted that you do not lead any more"),
    "pair": gettext_lazy("Read with whom you should not be in one group"),
    "series.members": gettext_lazy("Read in which groups you are"),
    "registration": gettext_lazy("Read what you asked for"),
    "registration.create": gettext_lazy("Noted what you ask for"),
    "registration.choice": gettext_lazy("Noted one more wish of yours"),
    "registration.amend": gettext_lazy("Changed what you ask for, or your wishes"),
    "registration.withdraw": gettext_lazy("Closed what you asked for"),
    "registration.told": gettext_lazy("Wrote down what you told"),
    "registration.pause": gettext_lazy("Noted that you pause"),
    "registration.rejoin": gettext_lazy("Noted that you are back from a pause"),
    "enrolment": gettext_lazy("Read where you have a place"),
    "enrolment.enrol": gettext_lazy("Gave you a place"),
    "enrolment.offer": gettext_lazy("Kept a place for you"),
    "enrolment.withdraw": gettext_lazy("Gave up your place"),
    "enrolment.transfer": gettext_lazy("Gave you a place in another group"),
    "enrolment.return": gettext_lazy("Gave you back a place that you had"),
    "enrolment.lapse": gettext_lazy("Took back a place that was kept for you"),
    "agenda": gettext_lazy("Saw your appointments"),
    "feed.fetch": gettext_lazy("Fetched your appointments"),
    "feed.make": gettext_lazy("Made an address for your calendar"),
    "feed.withdraw": gettext_lazy("Stopped an address for your calendar"),
    "person": gettext_lazy("Read who you are and how to reach you"),
    "person.create": gettext_lazy("Wrote down who you are"),
    "person.update": gettext_lazy("Changed what is known of you"),
    "resident": gettext_lazy("Changed what is known of your wishes"),
    "relative": gettext_lazy("Noted who is close to you"),
    "availability": gettext_lazy("Changed when you can come"),
    "help": gettext_lazy("Worked on finding a place for you"),
    "help.question": gettext_lazy("Read what was asked of you"),
    "hours": gettext_lazy("Worked on a room that you asked for"),
    "leave": gettext_lazy("Noted when you are away"),
    "booking": gettext_lazy("Worked on a room that you asked for"),
    "certificate": gettext_lazy("Noted what you are trained for"),
    "session": gettext_lazy("Changed a meeting of yours"),
    "series": gettext_lazy("Changed a group of yours"),
    "schedule": gettext_lazy("Published or dropped a schedule that you are in"),
    "run": gettext_lazy("Made or kept a plan that you are in"),
    "message": gettext_lazy("Wrote a message to you"),
    "account": gettext_lazy("Made an account for you"),
    "verification": gettext_lazy("Made sure that you may refer"),
    "account.address": gettext_lazy("Changed the address that you sign in with"),
    "role": gettext_lazy("Changed what your account may do"),
    "consultation": gettext_lazy("Worked on a question about help"),
    "import": gettext_lazy("Took over your details from a file"),
    "import.preview": gettext_lazy("Compared your details with a file"),
    "log.read": gettext_lazy("Looked at this list"),
    "admin": gettext_lazy("Used the administration pages"),
    "absence": gettext_lazy("Noted that you miss a meeting"),
    "referral": gettext_lazy("Worked on your referral"),
    "own_data": gettext_lazy("Made a copy of all your data"),
    "own_data.page": gettext_lazy("Read all that is kept of you"),
    "retention": gettext_lazy("Took away what may no longer be kept"),
    "erasure": gettext_lazy("Worked on erasing your data"),
    "week": gettext_lazy("Printed or saved a week that you are in"),
    "assignment": gettext_lazy("Asked you to lead a group, or noted your answer"),
    "stand_in": gettext_lazy("Asked you to come in for a colleague, or noted that"),
    "attendance": gettext_lazy("Read or noted when you came"),
    "facts": gettext_lazy("Checked the facts of the planning"),
    "link": gettext_lazy("Used a link that was mailed to you"),
    "mandate": gettext_lazy("Worked on who may help you"),
    "repair": gettext_lazy("Mended a plan that you are in"),
    "waiting": gettext_lazy("Read who waits, and so your place on the list"),
    "talk": gettext_lazy("Worked on your wish to talk"),
    "person.double": gettext_lazy("Made one of what was written down twice"),
}
WHY = {
    "planning": gettext_lazy("to make the planning"),
    "care": gettext_lazy("to help you"),
    "administration": gettext_lazy("to keep the administration"),
    "own data": gettext_lazy("your own use"),
    "oversight": gettext_lazy("to check on privacy"),
    "agenda": gettext_lazy("to show an agenda"),
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """One line of the log in words."""

    at: datetime
    who: str
    where_from: str
    what: str
    why: str
    refused: bool


@require_safe
@login_required
def looked(request: HttpRequest) -> HttpResponse:
    """Who saw or changed the reader's data, newest first; logged like any look.

    What the reader did himself is left out unless asked for (`?own=1`).
    """
    assert request.user.is_authenticated  # noqa: S101 (for the type checker)
    person = person_of(user=request.user)
    if person is None:
        raise Http404("no person behind this account")
    events = events_about(
        actor=Actor.of(request.user), person_id=person.pk, purpose=OWN_DATA
    )
    with_own = request.GET.get("own") == "1"
    if not with_own:
        events = events.exclude(actor_id=str(request.user.pk))
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    names = {one.code: one.name for one in organisations()}
    context = {
        "page": page,
        "looks": [_look(event, str(request.user.pk), names) for event in page],
        "with_own": with_own,
        "contact_email": settings.GEM_CONTACT_EMAIL,
    }
    return render(request, "people/looked.html", context)


def _look(event: AuditEvent, own_id: str, names: dict[str, str]) -> Look:
    codes = [code for code in event.actor_organisation.split(",") if code]
    return Look(
        at=event.at,
        who=_who(event, own_id),
        where_from=", ".join(names.get(code, code) for code in codes),
        what=_what(event),
        why=str(WHY.get(event.purpose, event.purpose)),
        refused=event.result == "refused",
    )


def _who(event: AuditEvent, own_id: str) -> str:
    if event.actor_id == own_id:
        return _("You yourself")
    if event.actor_id == SYSTEM:
        return _("This program, by itself")
    if event.actor_id.startswith("feed:"):
        return _("A calendar program with your address")
    if event.actor_id.startswith("link:"):
        return _("Someone with the link that we mailed you")
    if event.actor_id == ANONYMOUS:
        return _("Someone without an account")
    known = {role.value: str(role.label) for role in Role}
    roles = [known.get(role, role) for role in event.actor_role.split(",")]
    return ", ".join(roles).capitalize()


def _what(event: AuditEvent) -> str:
    fitting = [start for start in WHAT if event.event_code.startswith(start)]
    if fitting:
        return str(WHAT[max(fitting, key=len)])
    return str(event.get_action_display()).capitalize()
