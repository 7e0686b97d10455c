"""Splitting a group in two in a draft: choose who goes, see what it means, do it.

Looking is a GET that changes nothing; doing is a POST that says which version of the
draft it was made at.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.record import PLANNING
from people.selectors import group_names, list_facilitators
from rooms.selectors import rooms_of
from scheduling import words
from scheduling.forms_split import SplitForm
from scheduling.selectors import WeekSession, one_session
from scheduling.services import clock
from scheduling.services.access import (
    as_coordinator,
    care_reach,
    keeps,
    region_planners_only,
)
from scheduling.services.edits import MoveRefused, StaleDraft, edits_since
from scheduling.services.split_dates import Half
from scheduling.services.splits import (
    Halves,
    judge_split,
    last_half,
    people_to_split,
    split_group,
    splittable,
)
from scheduling.views.on_draft import (
    Gone,
    draft_or_404,
    must_still_be,
    told_when_gone,
    version_of,
)
from scheduling.views.split_ways import way_lines
from scheduling.views.verdicts import Names, accepted_keys, breach_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from courses.models import Enrolment, Series
    from scheduling.models import ScheduleEdit


@require_http_methods(["GET", "HEAD", "POST"])
@keeps(*SplitForm.base_fields)
@region_planners_only
@told_when_gone
def split(
    request: HttpRequest, schedule_id: int, session_id: uuid.UUID
) -> HttpResponse:
    """Ask who goes and where the new group meets; see what that means; do it."""
    page = SplitPage(request, schedule_id, session_id)
    return page.do() if request.method == "POST" else page.look()


class SplitPage:
    """One request about one group of a draft."""

    def __init__(
        self, request: HttpRequest, schedule_id: int, session_id: uuid.UUID
    ) -> None:
        self.request, self.actor = request, Actor.of(request.user)
        self.draft = draft_or_404(schedule_id)
        found = one_session(
            actor=self.actor, session_id=session_id, schedule=self.draft
        )
        if found is None:
            raise Gone("no such session in this draft", self.draft)
        self.session: WeekSession = found
        self.may_name = care_reach(request.user).has(found.organisation_id)
        self.named = request.GET.get("namen") == "1"
        if self.named and not self.may_name:
            as_coordinator(request)
            raise Http404("not a group of an organisation that is coordinated")

    # Looking ----------------------------------------------------------------------
    def look(self) -> HttpResponse:
        """The form, with a verdict when something was asked; else with proposals."""
        try:
            self.prepare()
        except ValidationError as error:
            return self.refused(error)
        if "day" in self.request.GET:
            form = self.form(self.request.GET)
            return self.page(form, told=self.judged(form))
        first = self.form(self.usual())
        told = self.judged(first)
        # Nothing was asked yet: the ways are shown, and no verdict on the usual time.
        return self.page(self.form(), proposals=told)

    def prepare(self) -> None:
        """Read the group and its people. ``ValidationError``: it cannot be split."""
        self.series: Series = splittable(
            schedule=self.draft, series_id=self.session.series_id
        )
        self.people: list[Enrolment] = people_to_split(
            actor=self.actor, series=self.series
        )
        if len(self.people) < 2:
            raise ValidationError(_("Fewer than two people are in this group."))
        leaders = list_facilitators(actor=self.actor, purpose=PLANNING)
        self.names = Names(
            rooms={
                str(room.pk): f"{room.centre.name}, {room.name} ({room.capacity})"
                for room in rooms_of()
            },
            leaders={
                str(one.pk): f"{one.person.group_name}, {one.organisation.name}"
                for one in leaders
            },
        )
        shown: dict[int, str] = {}
        if self.named:
            persons = {one.resident.person_id for one in self.people}
            shown = group_names(actor=self.actor, person_ids=persons, purpose=PLANNING)
        self.called = {
            one.pk: shown.get(one.resident.person_id, self.unnamed(one, place))
            for place, one in enumerate(self.people, start=1)
        }

    def unnamed(self, seat: Enrolment, place: int) -> str:
        """Somebody by the number of the request; by place in the list for who does not
        coordinate the group, to whom the number would lead to a person."""
        if self.may_name:
            return _("Request %(number)s") % {"number": seat.registration_id}
        return _("Number %(number)s of this group") % {"number": place}

    def usual(self) -> QueryDict:
        """The last who came, at the time, in the room and with the leaders of now."""
        now = self.session
        data = QueryDict(mutable=True)
        data.setlist("goes", [str(pk) for pk in sorted(last_half(self.people))])
        data["day"] = now.start.date().isoformat()
        data["start"] = f"{now.start:%H:%M}"
        data["room"] = str(now.room.pk) if now.room else ""
        for name, leader in zip(SplitForm.leader_names(), now.leaders, strict=False):
            data[name] = str(leader.id)
        return data

    def form(self, data: Any = None) -> SplitForm:
        number = (self.draft.last_date - self.draft.first_date).days + 1
        days = [self.draft.first_date + timedelta(days=step) for step in range(number)]
        today = timezone.localdate(clock.now())
        usual = self.usual()
        return SplitForm(
            data,
            initial={name: usual[name] for name in usual}
            | {"goes": usual.getlist("goes")},
            days=[
                one for one in days if one >= today or one == self.session.start.date()
            ],
            rooms=list(self.names.rooms.items()),
            leaders=sorted(self.names.leaders.items(), key=lambda one: one[1]),
            people=[(str(pk), name) for pk, name in self.called.items()],
        )

    def half(self, form: SplitForm) -> Half:
        given = form.cleaned_data
        start = datetime.combine(date.fromisoformat(given["day"]), given["start"])
        return Half(
            going=frozenset(given["goes"]),
            start=timezone.make_aware(start),
            room_id=int(given["room"]) if given["room"] else None,
            leader_ids=form.leader_ids,
        )

    def judged(self, form: SplitForm) -> Halves | None:
        if not form.is_valid():
            return None
        try:
            return judge_split(
                actor=self.actor,
                schedule=self.draft,
                series=self.series,
                half=self.half(form),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return None

    # Doing ------------------------------------------------------------------------
    def do(self) -> HttpResponse:
        """Split in the draft, or say why not, with all that was filled in kept."""
        try:
            self.prepare()
        except ValidationError as error:
            return self.refused(error, since=self.since(), status=409)
        form = self.form(self.request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            edit = split_group(
                actor=self.actor,
                user=self.request.user,  # type: ignore[arg-type]
                schedule=self.draft,
                series_id=self.series.pk,
                half=self.half(form),
                version=version_of(self.request),
                accept=accepted_keys(self.request),
            )
        except StaleDraft as stale:
            return self.too_late(form, stale)
        except MoveRefused:
            return self.page(form, told=self.judged(form), status=422)
        except ValidationError as error:
            must_still_be(self.draft)
            form.add_error(None, error.messages)
            return self.page(form, status=422)
        messages.success(
            self.request,
            _(
                "The group is split in the draft; this is the new one. Nobody hears of "
                "it before you publish."
            ),
        )
        return redirect(
            "scheduling:draft-session", self.draft.pk, edit.after[-1]["session"]
        )

    def too_late(self, form: SplitForm, stale: StaleDraft) -> HttpResponse:
        """The newer state, judged anew; or why it cannot be split any more."""
        self.draft = stale.schedule
        try:
            splittable(schedule=self.draft, series_id=self.series.pk)
        except ValidationError as error:
            return self.refused(error, since=stale.edits, status=409)
        return self.page(form, told=self.judged(form), since=stale.edits, status=409)

    def since(self) -> list[ScheduleEdit] | None:
        """What changed since the form was made, if anything did."""
        version = version_of(self.request)
        if version == self.draft.version:
            return None
        return edits_since(schedule=self.draft, version=version)

    # Showing ----------------------------------------------------------------------
    def refused(
        self,
        error: ValidationError,
        *,
        since: Sequence[ScheduleEdit] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Why this group cannot be split in this draft."""
        context = {**self.common(since), "why_not": " ".join(error.messages)}
        return render(self.request, "scheduling/split.html", context, status=status)

    def common(self, since: Sequence[ScheduleEdit] | None) -> dict[str, Any]:
        return {
            "stale": since is not None,
            "since": [words.edit_words(one) for one in since or ()],
            "session": self.session,
            "draft": self.draft,
            "when": words.moment_in_text(self.session.start),
        }

    def page(
        self,
        form: SplitForm,
        *,
        told: Halves | None = None,
        proposals: Halves | None = None,
        since: Sequence[ScheduleEdit] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **self.common(since),
            "form": form,
            "named": self.named,
            "may_name": self.may_name,
        }
        shown = told or proposals
        if shown is not None:
            goes = self.usual().getlist("goes")
            if form.is_bound:
                goes = [value for name, value in form.asked() if name == "goes"]
            context["ways"] = [
                (line, urlencode([*self.kept(goes), *line.fields.items()]))
                for line in way_lines(shown, self.names)
            ]
        if told is not None:
            new = breach_lines(told.verdict.new, self.names)
            context |= {
                "verdict": told.verdict,
                "breaches": new,
                "never": any(one.never for one in new),
                "choices": context["ways"],
                "asked": form.asked(),
                "told": self.meaning(told),
                "further": self.further(told),
            }
        return render(self.request, "scheduling/split.html", context, status=status)

    def further(self, told: Halves) -> list[str]:
        """Who travels longer; for who does not coordinate the group, how many do."""
        if told.further and not self.may_name:
            number = len(told.further)
            return [
                ngettext("%(number)s person", "%(number)s people", number)
                % {"number": number}
            ]
        return [
            _("%(who)s: %(then)s minutes of travel, now %(now)s")
            % {"who": self.called[one.seat_row.pk], "then": one.then, "now": one.now}
            for one in told.further
        ]

    def kept(self, goes: Sequence[str]) -> list[tuple[str, str]]:
        """What an address of this page has beside the day, time, room and leaders."""
        named = [("namen", "1")] if self.named else []
        return [*named, *(("goes", value) for value in goes)]

    def meaning(self, told: Halves) -> list[tuple[str, bool]]:
        """How large each group is afterwards, and whether that is too small."""
        least, most = self.series.smallest, self.series.largest
        sizes = {"least": least, "most": most}
        return [
            (
                ngettext(
                    "%(number)s person stays; the group is for %(least)s to %(most)s",
                    "%(number)s people stay; the group is for %(least)s to %(most)s",
                    told.stay,
                )
                % {"number": told.stay, **sizes},
                told.stay < least,
            ),
            (
                ngettext(
                    "%(number)s person goes to the new group, for %(least)s to "
                    "%(most)s as well",
                    "%(number)s people go to the new group, for %(least)s to "
                    "%(most)s as well",
                    told.go,
                )
                % {"number": told.go, **sizes},
                told.go < least,
            ),
            (
                ngettext(
                    "the new group meets on %(number)s date; that was judged",
                    "the new group meets on %(number)s dates; all were judged",
                    told.dates,
                )
                % {"number": told.dates},
                False,
            ),
        ]
