"""Something happened to a published week: say what, and a worker looks for ways out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from courses import words as offer_words
from courses.selectors.came_free import came_free
from courses.selectors.registrations import registration_for_coordinator
from courses.services.leaving import StaleEnding
from people.selectors import municipalities
from rooms.selectors import centres
from scheduling import words
from scheduling.forms_happened import HappeningForm, LeftForm, NewcomerForm
from scheduling.models import PlanningRun, RepairKind
from scheduling.selectors import unfinished_runs
from scheduling.selectors.repairs import latest_repairs, repairs_about
from scheduling.services.access import (
    as_coordinator,
    as_region_coordinator,
    care_reach,
    coordinates_region,
    coordinators_reach,
    region_coordinators_only,
    region_planners_only,
)
from scheduling.services.happenings import WHOLE_REGION
from scheduling.services.repairs import (
    close_centre,
    forget_holiday,
    lose_room,
    report_ill,
    resident_left,
    room_taken,
    seat_newcomer,
)
from scheduling.views.happened import (
    ABOUT_SOMEBODY,
    ADDRESSES,
    is_repair,
    leaders_to_choose,
    looking_line,
    number_in,
    repair_line,
    rooms_to_choose,
)
from scheduling.views.leaving import leaving_context
from scheduling.weeks import Week

LATELY = timedelta(days=7)
"""So long a seat that somebody gave up counts as come free."""


@dataclass(frozen=True)
class Happening:
    """What can happen: its words, and the service that writes it down.

    ``things``: what it can happen to, from a list (``argument`` of the service); for
    somebody's registration there is a form of its own instead.
    """

    title: Any
    lead: Any
    press: Any
    report: Callable[..., PlanningRun]
    argument: str = "registration"
    label: Any = ""
    things: Callable[[Actor], dict[str, Any]] | None = None


def _centres(_actor: Actor) -> dict[str, Any]:
    return {
        str(one.pk): (f"{one.name}, {one.place.name}", one)
        for one in centres().order_by("name")
    }


def _regions(_actor: Actor) -> dict[str, Any]:
    """The whole region, or one of its municipalities."""
    found: dict[str, Any] = {WHOLE_REGION: (_("The whole region"), None)}
    return found | {one.pk: (one.name, one) for one in municipalities()}


WAYS = gettext_lazy(
    "Say who or what, and on which days. You then see up to five ways to mend the "
    "week, the one that changes least first. Nothing changes before you publish."
)
LOOK = gettext_lazy("Look for ways to mend it")
A_ROOM = ("room", gettext_lazy("Which room"), rooms_to_choose)

HAPPENINGS: Mapping[RepairKind, Happening] = {
    RepairKind.LEADER_ILL: Happening(
        gettext_lazy("A leader cannot come"),
        WAYS,
        LOOK,
        report_ill,
        "facilitator",
        gettext_lazy("Which leader"),
        leaders_to_choose,
    ),
    RepairKind.ROOM_LOST: Happening(
        gettext_lazy("A room cannot be used"),
        WAYS,
        LOOK,
        lose_room,
        *A_ROOM,
    ),
    RepairKind.ROOM_TAKEN: Happening(
        gettext_lazy("A room is taken or shut"),
        gettext_lazy(
            "The agenda says that others use the room, or that it is shut, at an hour "
            "at which a session is in it. Say which room, and on which days. Nothing "
            "more is written down: at other hours the room can be used. You then see "
            "up to five ways to mend the week, the one that changes least first."
        ),
        LOOK,
        room_taken,
        *A_ROOM,
    ),
    RepairKind.CENTRE_CLOSED: Happening(
        gettext_lazy("A centre is shut"),
        WAYS,
        LOOK,
        close_centre,
        "centre",
        gettext_lazy("Which centre"),
        _centres,
    ),
    RepairKind.HOLIDAY: Happening(
        gettext_lazy("A holiday was forgotten"),
        gettext_lazy(
            "All centres are then shut on those days. You see up to five ways to mend "
            "each week, the one that changes least first. Nothing changes for people "
            "before you publish. What is online goes on: take it out of the week by "
            "hand if it should not."
        ),
        LOOK,
        forget_holiday,
        "municipality",
        gettext_lazy("Where it is a holiday"),
        _regions,
    ),
    RepairKind.RESIDENT_JOINED: Happening(
        gettext_lazy("Somebody came in"),
        gettext_lazy(
            "Somebody waits, and should have a seat in a week that is published. You "
            "see up to five groups with a seat that suits, the best first. Nothing "
            "changes for anybody else, and whoever is more urgent comes first."
        ),
        gettext_lazy("Look for a seat"),
        seat_newcomer,
    ),
    RepairKind.RESIDENT_LEFT: Happening(
        gettext_lazy("Somebody left"),
        gettext_lazy(
            "Somebody moved away, or stops with everything. You first see who it is "
            "and what would end; nothing ends before you press once more. Seats are "
            "then offered to the next in turn at once, and you see what came free, and "
            "ways to mend the week where nobody is left in a conversation."
        ),
        gettext_lazy("See what would end"),
        resident_left,
    ),
}
KINDS = {address: kind for kind, address in ADDRESSES.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def report(request: HttpRequest, what: str = "ziek") -> HttpResponse:
    """Say what happened, to whom or what and when; a worker looks for the ways out.

    What is about a resident is care, so it is for coordinators.
    """
    kind = KINDS.get(what)
    if kind is None:
        raise Http404("no such happening")
    happening = HAPPENINGS[kind]
    asking: _Asking = ASKING.get(kind, _AboutThing)(request, happening)
    posted = request.method == "POST"
    if posted and asking.form.is_valid():
        answer = asking.answer()
        if answer is not None:
            return answer
    region = coordinates_region(request.user)
    context = {
        "form": asking.form,
        "kind": kind,
        "happening": happening,
        "title": happening.title,
        "tabs": [
            (
                str(one.title),
                reverse("scheduling:report", args=[ADDRESSES[key]]),
                key is kind,
            )
            for key, one in HAPPENINGS.items()
            if _may_report(request.user, key)
        ],
        "looking": [
            looking_line(one, by_person=region)
            for one in unfinished_runs()
            if is_repair(one)
        ],
        "repairs": [repair_line(one, by_person=region) for one in latest_repairs()],
    }
    status = 422 if posted else 200
    return render(request, "scheduling/report.html", context, status=status)


def _may_report(user: Any, kind: RepairKind) -> bool:
    """Whether a planner may report this. Who left is ended at every organisation."""
    if kind is RepairKind.RESIDENT_LEFT:
        return coordinates_region(user)
    return kind not in ABOUT_SOMEBODY or care_reach(user).anything


class _Asking(ABC):
    """The form of a happening, and its press."""

    def __init__(self, request: HttpRequest, happening: Happening) -> None:
        self.request, self.happening = request, happening
        self.actor = Actor.of(request.user)
        self.data = request.POST if request.method == "POST" else None
        self.after = number_in(request.POST.get("after", ""))
        self.form = self.made()

    @abstractmethod
    def made(self) -> forms.Form:
        """The form, with what was filled in or is asked by the address."""

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """What the service is given of a form that is valid; raises
        ``ValidationError`` when what it names is not there."""

    def answer(self) -> HttpResponse | None:
        """Write it down, ask, and lead to what is looked for; ``None`` when something
        is in the way, which is said at the form."""
        try:
            run = self.happening.report(
                actor=self.actor,
                user=self.request.user,
                after=self.after,
                **self.facts(),
            )
        except ValidationError as error:
            self.form.add_error(None, error.messages)
            return None
        return redirect("scheduling:looking", run.pk)


class _AboutThing(_Asking):
    def made(self) -> forms.Form:
        assert self.happening.things is not None  # noqa: S101 (for the type checker)
        self.things = self.happening.things(self.actor)
        today, asked = timezone.localdate(), self.request.GET
        return HappeningForm(
            self.data,
            label=self.happening.label,
            things=[(key, name) for key, (name, _row) in self.things.items()],
            initial={
                "about": asked.get("wie", ""),
                "first": _day(asked.get("van", "")) or today,
                "last": _day(asked.get("tot", "")) or today,
            },
        )

    def facts(self) -> dict[str, Any]:
        given = self.form.cleaned_data
        _name, row = self.things[given["about"]]
        return {
            self.happening.argument: row,
            "first": given["first"],
            "last": given["last"],
        }


class _AboutSomebody(_Asking):
    def made(self) -> forms.Form:
        self.reach = as_coordinator(self.request)
        return NewcomerForm(
            self.data, initial=self.asked() | {"first": timezone.localdate()}
        )

    def asked(self) -> dict[str, Any]:
        """What the address fills in."""
        return {"about": number_in(self.request.GET.get("wie", "")) or None}

    def facts(self) -> dict[str, Any]:
        given = dict(self.form.cleaned_data)
        found = registration_for_coordinator(
            actor=self.actor,
            registration_id=given.pop("about"),
            organisation_ids=self.reach.organisations,
        )
        if found is None:
            raise ValidationError(_("There is no registration with this number."))
        return given | {"registration": found}


class _SomebodyLeft(_AboutSomebody):
    """A number is soon mistyped, and an ending cannot be taken back: the first press
    shows who it is and what would end, and the second ends what was shown."""

    def made(self) -> forms.Form:
        self.reach = as_region_coordinator(self.request)
        why = {"reason": self.request.GET.get("waarom", "")}
        return LeftForm(self.data, again=bool(self.after), initial=self.asked() | why)

    def facts(self) -> dict[str, Any]:
        shown = {} if self.after else {"shown": self.request.POST.get("shown", "")}
        return super().facts() | shown

    def answer(self) -> HttpResponse | None:
        if not self.after and not self.request.POST.get("shown"):
            return self.would_end()
        try:
            return super().answer()
        except StaleEnding:
            return self.would_end(stale=True)

    def would_end(self, *, stale: bool = False) -> HttpResponse | None:
        """The page between the two presses; nothing is written."""
        try:
            facts = self.facts()
            context = leaving_context(
                self.actor, facts["registration"], facts["reason"], stale=stale
            )
        except ValidationError as error:
            self.form.add_error(None, error.messages)
            return None
        status = 409 if stale else 200
        page = "scheduling/leaving.html"
        return render(self.request, page, context, status=status)


ASKING: Mapping[RepairKind, type[_Asking]] = {
    RepairKind.RESIDENT_JOINED: _AboutSomebody,
    RepairKind.RESIDENT_LEFT: _SomebodyLeft,
}
"""Forms about somebody; all else is about a thing from a list."""


def _day(text: str) -> date | None:
    """A day as an address writes it; anything else counts as not asked."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@region_coordinators_only
def gone(request: HttpRequest, registration_id: int) -> HttpResponse:
    """What came free when somebody left: for whom it is now, and what to decide."""
    found = registration_for_coordinator(
        actor=Actor.of(request.user),
        registration_id=registration_id,
        organisation_ids=coordinators_reach(request.user).organisations,
    )
    if found is None:
        raise Http404("no such registration, or kept by another organisation")
    since = timezone.now() - LATELY
    context = {
        "registration": found,
        "lines": [
            {
                "free": one,
                "title": one.series.offering.title,
                "when": offer_words.usual_time(one.series),
                "place": offer_words.place(one.series),
                "next": words.moment_in_text(timezone.localtime(one.next)),
                "week": Week.of(timezone.localdate(one.next)),
            }
            for one in came_free(registration_id=found.pk, since=since)
        ],
        "repairs": [
            repair_line(one, by_person=True)
            for one in repairs_about(kind=RepairKind.RESIDENT_LEFT, about=str(found.pk))
        ],
    }
    return render(request, "scheduling/came_free.html", context)
