"""When leaders can: every leader beside every part of the week, and one of them open.

What a coordinator writes here counts as if the leader had said it, and is read and
changed by the leader too: whoever is last to look must not undo the other unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.rows import StaleRow, version_of
from courses.words import clock
from people.enums import HalfDay, HalfDayAnswer, NoReason, Weekday
from people.selectors.leaders import leader_to_keep, leaders_kept, leaders_page
from people.services.hours import (
    HalfDayAnswered,
    add_away,
    away_of,
    remove_away,
    save_survey,
    survey_facts,
    survey_of,
)
from publishing.facts.leaders import by_name, leader_filter, searched
from publishing.facts.page import PER_PAGE, not_there, sections
from publishing.forms import AwayForm
from publishing.rhythm import ZONE
from publishing.services.trouble import AHEAD, led_between, tell_sessions
from publishing.views.times import hit_by, posted_answers
from scheduling.services.access import care_reach, planners_only, reach_of

if TYPE_CHECKING:
    from courses.models import Session
    from people.models import Facilitator

SECTION = "publishing:facts_availability"
MARKS = {
    HalfDayAnswer.YES.value: "check",
    HalfDayAnswer.ASK.value: "circle-help",
    HalfDayAnswer.NO.value: "ban",
}
Answers = Mapping[tuple[int, str], tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A cell of the table: what was answered, as a sign and in words."""

    answer: str
    icon: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Toggle:
    """A cell of the open leader: the answer that is chosen, and the hours it means."""

    key: str
    label: str
    part: str
    answer: str
    reason: str
    hours: str
    partly: bool
    faulty: bool


def _parts() -> list[tuple[str, str]]:
    return [
        (f"{one.value}-{part.value}", f"{one.label}, {part.label}")
        for one in Weekday
        for part in HalfDay
    ]


def _half_day(text: str) -> tuple[int, HalfDay] | None:
    weekday, _dash, part = text.partition("-")
    return (int(weekday), HalfDay(part)) if text else None


def _mark(one: HalfDayAnswered) -> Mark:
    label = str(HalfDayAnswer(one.answer).label)
    if one.hours:
        label = _("only %(hours)s") % {"hours": _hours(one)}
    elif one.reason:
        label = f"{label}: {NoReason(one.reason).label}"
    icon = "clock" if one.hours else MARKS[one.answer]
    return Mark(answer=one.answer, icon=icon, words=label)


def _hours(one: HalfDayAnswered) -> str:
    spans = one.hours or (one.half_day.hours,)
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in spans)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def availability(request: HttpRequest) -> HttpResponse:
    """The table of leaders and parts of the week; with `begeleider`, one to change."""
    answer = searched(request)
    if answer is not None:
        return answer
    page = MatrixPage(request)
    return page.do() if request.method == "POST" else page.show()


class MatrixPage:
    """One request about the table, and about the leader that is open in it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.actor = request, Actor.of(request.user)
        self.reach = reach_of(request.user).organisations
        self.leader = self._open(request.GET.get("begeleider", ""))
        self.away = AwayForm(auto_id="away_%s")

    def _open(self, key: str) -> Facilitator | None:
        if not key:
            return None
        found = None
        if key.isascii() and key.isdigit() and len(key) < 10:
            found = leader_to_keep(
                actor=self.actor, leader_id=int(key), organisation_ids=self.reach
            )
        if found is None:
            raise not_there(self.request, "facilitator", key)
        return found

    # --- Doing ----------------------------------------------------------------------

    def do(self) -> HttpResponse:
        """Keep answers, write an absence down, or take one back."""
        if self.leader is None:
            raise not_there(self.request, "facilitator", "")
        act = self.request.POST.get("act")
        if act == "back":
            return self._back(self.leader)
        if act == "away":
            return self._add_away(self.leader)
        return self._keep(self.leader)

    def _done(self) -> HttpResponse:
        return redirect(f"{self.request.get_full_path()}#wanneer")

    def _keep(self, leader: Facilitator) -> HttpResponse:
        posted = posted_answers(self.request)
        try:
            save_survey(
                actor=self.actor,
                person=leader.person,
                answers=posted,
                version=self.request.POST.get("version", ""),
            )
        except StaleRow as stale:
            newer = _newer(stale.facts, posted)
            return self.show(posted=posted, newer=newer, stale=True, status=409)
        except ValidationError as error:
            return self.show(posted=posted, faults=error.messages, status=422)
        messages.success(self.request, _("Saved when this leader can."))
        now = timezone.now()
        led = led_between(
            actor=self.actor, facilitator=leader, start=now, end=now + AHEAD
        )
        self._say([one for one in led if not _within(one, posted)])
        return self._done()

    def _add_away(self, leader: Facilitator) -> HttpResponse:
        self.away = form = AwayForm(self.request.POST, auto_id="away_%s")
        if not form.is_valid():
            return self.show(status=422)
        days = {name: form.cleaned_data[name] for name in ("first", "last", "part")}
        try:
            add_away(actor=self.actor, facilitator=leader, **days)
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(status=422)
        messages.success(self.request, _("The absence is written down."))
        hit = hit_by(self.actor, leader, days["first"], days["last"], days["part"])
        tell_sessions(actor=self.actor, sessions=hit, why=f"away-{leader.pk}")
        self._say(hit)
        return self._done()

    def _back(self, leader: Facilitator) -> HttpResponse:
        key = self.request.POST.get("key", "")
        if not remove_away(actor=self.actor, facilitator=leader, key=key):
            raise not_there(self.request, "leave", key)
        messages.success(self.request, _("The absence is taken back."))
        return self._done()

    def _say(self, sessions: list[Session]) -> None:
        if not sessions:
            return
        text = ngettext(
            "%(number)s meeting of this leader falls outside these hours now. Look for "
            "a substitute in the week.",
            "%(number)s meetings of this leader fall outside these hours now. Look for "
            "substitutes in the week.",
            len(sessions),
        )
        messages.warning(self.request, text % {"number": len(sessions)})

    # --- Showing --------------------------------------------------------------------

    def show(
        self, *, posted: Answers | None = None, status: int = 200, **more: Any
    ) -> HttpResponse:
        """The table; the open leader above it, with what was posted if anything."""
        days = dict(_parts())
        filters = leader_filter(
            self.request, kan=(_("Whenever they can"), days.items())
        )
        chosen, name = filters.chosen, by_name(self.request)
        found = leaders_kept(
            organisation_ids=self.reach,
            text=name,
            organisation=filters.number("organisatie"),
            role=chosen.get("rol", ""),
            qualification=filters.number("bevoegd"),
            half_day=_half_day(chosen.get("kan", "")),
            active=True,
        )
        page = leaders_page(
            actor=self.actor,
            found=found,
            number=self.request.GET.get("page"),
            per_page=PER_PAGE,
            searched=bool(name),
        )
        context = {
            "sections": sections(SECTION),
            "page": page,
            "days": [(str(one.label), one.value) for one in Weekday],
            "parts": [str(part.label) for part in HalfDay],
            "lines": [self._line(one, chosen) for one in page],
            "filters": filters,
            "by_name": name,
            "filtered": bool(chosen) or bool(name),
            "may_add": care_reach(self.request.user).anything,
            "marks": [
                ("check", _("can come")),
                ("clock", _("a part of it")),
                ("circle-help", _("ask first")),
                ("ban", _("no, with the reason")),
            ],
            **self._opened(posted),
            **more,
        }
        return render(
            self.request, "publishing/facts_availability.html", context, status=status
        )

    def _line(self, one: Facilitator, chosen: Mapping[str, str]) -> dict[str, Any]:
        query = {**chosen, "begeleider": str(one.pk)}
        if number := self.request.GET.get("page"):
            query["page"] = number
        return {
            "leader": one,
            "name": one.person.group_name,
            "organisation": one.organisation.name,
            "href": f"{reverse(SECTION)}?{urlencode(query)}#wanneer",
            "open": self.leader is not None and self.leader.pk == one.pk,
            "marks": [_mark(cell) for cell in survey_of(person=one.person)],
            "leave": [_span(row.days) for row in one.leave.all()],
        }

    def _opened(self, posted: Answers | None) -> dict[str, Any]:
        if self.leader is None:
            return {"leader": None}
        survey = survey_of(person=self.leader.person)
        return {
            "leader": self.leader,
            "editing": self.leader.pk,
            "name": self.leader.person.group_name,
            "version": version_of(survey_facts(survey)),
            "toggles": _toggles(survey, posted),
            "answers": HalfDayAnswer.choices,
            "reasons": NoReason.choices,
            "away": self.away,
            "coming": [
                (one.key, _days(one.first, one.last), _part(one.part))
                for one in away_of(facilitator=self.leader)
            ],
        }


def _part(name: str) -> str:
    return str(HalfDay(name).label) if name else ""


def _span(days: Any) -> str:
    return _days(days.lower, days.upper - timedelta(days=1))


def _days(first: Any, last: Any) -> str:
    begin = date_format(first, "j F Y")
    if first == last:
        return begin
    words = {"first": begin, "last": date_format(last, "j F Y")}
    return _("%(first)s to %(last)s") % words


def _toggles(
    survey: list[HalfDayAnswered], posted: Answers | None
) -> list[tuple[str, list[Toggle]]]:
    days: dict[int, list[Toggle]] = {}
    for one in survey:
        answer, reason = one.answer, one.reason
        if posted is not None:
            answer, reason = posted[one.weekday, one.half_day.value]
        days.setdefault(one.weekday, []).append(
            Toggle(
                key=f"{one.weekday}-{one.half_day.value}",
                label=f"{Weekday(one.weekday).label} {one.half_day.label}",
                part=str(one.half_day.label).capitalize(),
                answer=answer,
                reason=reason,
                hours=_hours(one),
                partly=bool(one.hours),
                faulty=answer == HalfDayAnswer.NO and not reason,
            )
        )
    return [
        (str(Weekday(weekday).label).capitalize(), cells)
        for weekday, cells in days.items()
    ]


def _newer(now: Mapping[str, Any], posted: Answers) -> list[tuple[str, str, str]]:
    """Where what is kept now differs from what was filled in, in words."""

    def words(answer: str, reason: str) -> str:
        label = str(dict(HalfDayAnswer.choices).get(answer, answer))
        if answer == HalfDayAnswer.NO and reason:
            return f"{label}: {dict(NoReason.choices).get(reason, reason)}"
        return label

    found = []
    for (weekday, part), (answer, reason) in posted.items():
        mine = (answer, reason if answer == HalfDayAnswer.NO else "")
        kept = tuple(now[f"{weekday}-{part}"])
        if mine != kept:
            label = f"{Weekday(weekday).label} {HalfDay(part).label}".capitalize()
            found.append((label, words(*kept), words(*mine)))
    return found


def _within(session: Session, answers: Answers) -> bool:
    """Whether each part of the day that a meeting lies in was answered with "yes"."""
    start = session.period.lower.astimezone(ZONE)
    end = session.period.upper.astimezone(ZONE)
    for part in HalfDay:
        begin, over = part.hours
        touched = start.time() < over and end.time() > begin
        if touched and answers[start.isoweekday(), part.value][0] != HalfDayAnswer.YES:
            return False
    return True
