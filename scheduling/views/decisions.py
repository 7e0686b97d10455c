"""Groups that are too small: when that is decided, and the four ways with what each
means. A way is one press away from a draft; nothing happens before its release.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from audit.record import PLANNING
from courses import words as offer_words
from courses.selectors.coordinator import series_with_offering
from courses.selectors.small import SmallGroup, small_groups
from people.selectors import group_names
from scheduling import words
from scheduling.selectors import drafts_in
from scheduling.services.access import (
    Reach,
    as_coordinator,
    care_reach,
    planners_only,
    reach_of,
    region_planners_only,
)
from scheduling.services.decisions import (
    Merger,
    end_group,
    ending,
    group_online,
    judge_goings,
    merge_groups,
    mergers,
    spread_group,
)
from scheduling.services.edits import MoveRefused, StaleDraft
from scheduling.services.moves import Verdict
from scheduling.services.other_times import OtherTime, other_times
from scheduling.services.redrafts import draft_of_published
from scheduling.services.shown import mark_of, version_in
from scheduling.services.spreading import Spread, spread_of
from scheduling.views.goings import SpreadLine, merge_line, moves_in
from scheduling.views.verdicts import Names, accepted_keys, breach_lines
from scheduling.weeks import Week

if TYPE_CHECKING:
    from scheduling.models import Schedule, ScheduleEdit

NEAR = timedelta(days=14)
EVERYTHING = "alles"
SPREAD = "spread"
"""The way that divides a group over several others; it stands for their key too."""


@require_safe
@planners_only
def small(request: HttpRequest) -> HttpResponse:
    """Groups below their smallest size; those to decide on soon, or all of them."""
    today = timezone.localdate()
    reach = reach_of(request.user)
    found = small_groups(today=today, organisation_ids=reach.organisations)
    everything = request.GET.get("toon") == EVERYTHING
    near = [one for one in found if one.decide_on <= today + NEAR]
    shown = found if everything else near
    context = {
        "lines": [_line(one, today) for one in shown],
        "later": len(found) - len(near),
        "everything": everything,
        "days": NEAR.days,
        "may_decide": reach.whole_region,
    }
    return render(request, "scheduling/small_groups.html", context)


def _line(one: SmallGroup, today: date) -> dict[str, Any]:
    return {
        "group": one,
        "title": one.series.offering.title,
        "when": offer_words.usual_time(one.series),
        "place": offer_words.place(one.series),
        "next": words.moment_in_text(timezone.localtime(one.next)),
        "decide": decide_words(one, today),
        "tone": _tone(one, today),
        "href": reverse("scheduling:decide", args=[one.series.pk]),
    }


def decide_words(one: SmallGroup, today: date) -> str:
    """When is decided: it runs already, it is late, today, or in so many days."""
    if one.begun:
        return _("runs already")
    days = (one.decide_on - today).days
    if days < 0:
        return _("decide now: it begins %(day)s") % {
            "day": words.day_in_text(timezone.localdate(one.first))
        }
    if days == 0:
        return _("decide today")
    return ngettext("decide in %(number)s day", "decide in %(number)s days", days) % {
        "number": days
    }


def _tone(one: SmallGroup, today: date) -> str:
    if one.begun:
        return "warn"
    return "bad" if one.decide_on <= today else "info"


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def decide(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """One small group: merge, another time, online or stop, each with what it means."""
    try:
        page = DecidePage(request, series_id)
    except NotSmall:
        messages.info(
            request,
            _("That group is large enough by now, or it was decided on already."),
        )
        return redirect("scheduling:small-groups")
    return page.do() if request.method == "POST" else page.show()


class NotSmall(Exception):
    """The group is there, but nothing has to be decided on it (any more)."""


class DecidePage:
    """One request about one group that is too small."""

    def __init__(self, request: HttpRequest, series_id: uuid.UUID) -> None:
        self.request, self.actor = request, Actor.of(request.user)
        self.today = timezone.localdate()
        reach = reach_of(request.user)
        found = small_groups(today=self.today, organisation_ids=reach.organisations)
        one = next((item for item in found if item.series.pk == series_id), None)
        if one is None:
            self._must_be_there(series_id, reach)
            raise NotSmall
        self.group = one
        self.series = one.series
        self.week = Week.of(timezone.localdate(one.next))
        drafts = [item for item in drafts_in(week=self.week) if item.kind == "week"]
        self.draft: Schedule | None = drafts[0] if drafts else None

    def _must_be_there(self, series_id: uuid.UUID, reach: Reach) -> None:
        for one in series_with_offering(series_ids=[series_id]).values():
            if reach.has(one.offering.organisation_id):
                return
        raise Http404("no such group")

    # Doing ------------------------------------------------------------------------
    def do(self) -> HttpResponse:
        """Put a way in the draft of the week; make that draft where there is none."""
        ways = {
            "merge": self._merge,
            SPREAD: self._spread,
            "online": self._online,
            "end": self._end,
        }
        way = ways.get(self.request.POST.get("way", ""))
        if way is None:
            return self.show(status=422)
        # Which draft the page showed, at which version (`shown.mark_of`).
        shown, _dot, version = self.request.POST.get("version", "").rpartition(".")
        if shown and (self.draft is None or shown != str(self.draft.pk)):
            return self.show(since=(), status=409)
        fresh = self.draft is None
        try:
            # A draft that is made for a way goes again when that way is refused.
            with transaction.atomic():
                draft = self.draft or draft_of_published(
                    actor=self.actor,
                    user=self.request.user,  # type: ignore[arg-type]
                    monday=self.week.monday,
                )
                way(draft, draft.version if fresh else version_in(version))
        except StaleDraft as stale:
            self.draft = stale.schedule
            return self.show(since=stale.edits, status=409)
        except MoveRefused as refused:
            messages.warning(
                self.request,
                _(
                    "This breaks a rule. Tick what you accept at that group, or choose "
                    "another way."
                ),
            )
            spread = self.request.POST["way"] == SPREAD
            target = SPREAD if spread else self.request.POST.get("target", "")
            return self.show(verdicts={target: refused.verdict}, status=422)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return self.show(status=422)
        messages.success(
            self.request,
            _("It is in the draft. Look at what it changes, and publish it."),
        )
        return redirect("publishing:release", draft.pk)

    def _merge(self, draft: Schedule, version: int) -> None:
        try:
            target = uuid.UUID(self.request.POST.get("target", ""))
        except ValueError as error:
            raise ValidationError(
                _("That group is not there any more. Choose another.")
            ) from error
        merge_groups(
            target_id=target,
            accept=accepted_keys(self.request),
            **self._asked(draft, version),
        )

    def _spread(self, draft: Schedule, version: int) -> None:
        spread_group(
            moves=moves_in(self.request.POST.getlist("goes")),
            accept=accepted_keys(self.request),
            **self._asked(draft, version),
        )

    def _online(self, draft: Schedule, version: int) -> None:
        group_online(**self._asked(draft, version))

    def _end(self, draft: Schedule, version: int) -> None:
        end_group(**self._asked(draft, version))

    def _asked(self, draft: Schedule, version: int) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "user": self.request.user,
            "schedule": draft,
            "series_id": self.series.pk,
            "version": version,
        }

    # Showing ----------------------------------------------------------------------
    def show(
        self,
        *,
        verdicts: dict[str, Verdict] | None = None,
        since: Sequence[ScheduleEdit] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        named = self.request.GET.get("namen") == "1"
        may_name = care_reach(self.request.user).has(
            self.series.offering.organisation_id
        )
        if named and not may_name:
            as_coordinator(self.request)
            raise Http404("not a group of an organisation that is coordinated")
        found = mergers(actor=self.actor, series=self.series, schedule=self.draft)
        names = self._names(found) if named else {}
        stops = ending(self.draft) if self.draft is not None else set()
        spread = spread_of(found)
        judged = self._verdicts(found, spread, verdicts or {})
        context = {
            **_line(self.group, self.today),
            "mergers": [
                (line, _breaches(judged.get(str(line.merger.series.pk))))
                for line in (
                    merge_line(one, names, by_person=may_name) for one in found
                )
            ],
            "spread": spread and SpreadLine.of(spread, names, by_person=may_name),
            "spread_breaches": _breaches(judged.get(SPREAD)),
            "draft": self.draft,
            "version": mark_of(self.draft),
            "stops": self.series.pk in stops,
            "named": named,
            "may_name": may_name,
            "week": self.week,
            "people": self.group.people,
            "elsewhere": spread.going
            if spread
            else max((len(one.going) for one in found), default=0),
            "times": [time_words(one) for one in other_times(series=self.series)],
            "move": self._link("scheduling:move"),
            "split": self._link("scheduling:split") if self.group.people > 1 else "",
            "is_online": self.series.offering.format == "online",
            "stale": since is not None,
            "since": [words.edit_words(one) for one in since or ()]
            if self.draft is not None
            else [
                _("Only a draft can be changed. This one was published or thrown away.")
            ],
        }
        return render(self.request, "scheduling/decide.html", context, status=status)

    def _names(self, found: Sequence[Merger]) -> dict[int, str]:
        """Names of who is in the group; the log says who looked."""
        persons = {
            one.seat_row.resident.person_id for item in found for one in item.people
        }
        return group_names(actor=self.actor, person_ids=persons, purpose=PLANNING)

    def _verdicts(
        self,
        found: Sequence[Merger],
        spread: Spread | None,
        tried: dict[str, Verdict],
    ) -> dict[str, Verdict]:
        """Rules each breaks, once it was tried or there is a draft to judge it in."""
        goings = {str(one.series.pk): one.moves for one in found if one.going}
        if spread is not None:
            goings[SPREAD] = spread.moves
        untried = [key for key in goings if key not in tried]
        if self.draft is None or not untried:
            return tried
        if not self.draft.series_rows.filter(series=self.series.pk).exists():
            return tried
        judged = judge_goings(
            actor=self.actor,
            schedule=self.draft,
            series=self.series,
            goings=[goings[key] for key in untried],
        )
        return dict(zip(untried, judged, strict=True)) | tried

    def _link(self, name: str) -> str:
        """A page of the next session, where the draft has it."""
        if self.draft is None:
            return ""
        row = self.draft.sessions.filter(series=self.series.pk).first()
        if row is None:
            return ""
        return reverse(name, args=[self.draft.pk, row.session_id])


def _breaches(verdict: Verdict | None) -> list[Any]:
    return breach_lines(verdict.new, Names({}, {})) if verdict is not None else []


def time_words(one: OtherTime) -> str:
    """Tuesday morning: 3 people who wait could come then."""
    return ngettext(
        "%(when)s: %(number)s person who waits could come",
        "%(when)s: %(number)s people who wait could come",
        one.people,
    ) % {"when": words.half_day(one.weekday, one.part), "number": one.people}
