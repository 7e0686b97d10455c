"""The week: what takes place where and with whom, published or as a draft has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses.kinds import Format
from people.selectors import organisations
from rooms.selectors import rooms_in_short, rooms_in_use
from scheduling import words
from scheduling.forms import WeekFilter
from scheduling.selectors import (
    Counted,
    WeekSession,
    changes_in,
    draft_week,
    drafts_in,
    edit_counts,
    published_in,
    published_week,
    week_counted,
)
from scheduling.selectors.term import term_leaders
from scheduling.services.access import Reach, planners_only, reach_of
from scheduling.views.board import Board, Boards, Link, named
from scheduling.views.concerns import ConcernLine, concern_lines
from scheduling.views.day import day_board
from scheduling.views.facts import Fact, facts_of_figures, facts_of_sessions
from scheduling.views.on_draft import draft_asked, gone_from
from scheduling.views.reasons import reasons_of
from scheduling.views.states import is_in_state, with_breaches
from scheduling.views.term import term_context
from scheduling.views.week_page import CENTRES, DAY, LEADERS, ROOMS, TABLE, TERM, Page
from scheduling.weeks import Week

if TYPE_CHECKING:
    from rooms.models import Room
    from scheduling.models import Schedule


@gzip_page
@require_safe
@planners_only
def week(request: HttpRequest, week: Week | None = None) -> HttpResponse:
    """A week per room, centre or leader, or as a table; a fixed number of queries.

    `?versie=concept` shows the draft where there is one; filters and view are in the
    address too, so that a page can be kept and shared.
    """
    chosen = week or Week.of(timezone.localdate())
    actor, reach = Actor.of(request.user), reach_of(request.user)
    drafts = drafts_in(week=chosen)
    published = published_in(week=chosen)
    draft = draft_asked(request, drafts)
    if request.GET.get("versie") and draft is None:
        return gone_from(request, chosen, drafts)
    concerns = concern_lines(
        actor=actor, week=chosen, organisation_ids=reach.organisations
    )
    asked = _Asked(actor, reach, chosen, draft, published)
    far = request.GET.get("zoom") == TERM
    zoom: _Far | _Near = _Far(asked) if far else _Near(asked, concerns)
    filters = WeekFilter(
        request.GET,
        municipalities=_by_name(zoom.towns),
        centres=_by_name(zoom.centres),
        leaders=_by_name(zoom.leaders),
    )
    page = Page(request, chosen, draft, filters.chosen)
    context = {
        "week": chosen,
        "week_text": str(chosen),
        "next_week_text": str(chosen.plus(1)),
        "draft_text": str(draft.pk) if draft else "",
        "versions": page.versions(drafts),
        "days": words.days_between(chosen.monday, chosen.sunday),
        "page": page,
        "published": published,
        "draft": draft,
        "edits": edit_counts(draft) if draft else {},
        "drafts": drafts,
        "changes": zoom.changes,
        "figures": zoom.facts,
        "reasons": reasons_of(draft or published, request.user),
        "filter": filters,
        "filtered": bool(page.chosen),
        "whole_region": reach.whole_region,
        "concerns": concerns,
    }
    return render(request, "scheduling/week.html", context | zoom.grid(page))


@dataclass(frozen=True)
class _Asked:
    """The week that is asked for, by whom, and what there is of it."""

    actor: Actor
    reach: Reach
    week: Week
    draft: Schedule | None
    published: Schedule | None

    @property
    def figures(self) -> dict[str, Any]:
        """What the schedule reached, for whoever plans the region; else nothing."""
        schedule = self.draft or self.published
        return schedule.figures if schedule and self.reach.whole_region else {}

    def sessions(self, rooms: Iterable[Room]) -> list[WeekSession]:
        """What takes place as the draft has it, or as it is published."""
        within = self.reach.organisations
        if self.draft is None:
            return published_week(
                actor=self.actor, week=self.week, organisation_ids=within, rooms=rooms
            )
        return draft_week(
            actor=self.actor,
            schedule=self.draft,
            week=self.week,
            organisation_ids=within,
            rooms=rooms,
        )


class _Near:
    """A week or a day of it: its sessions in full."""

    def __init__(self, asked: _Asked, concerns: Iterable[ConcernLine]) -> None:
        self.asked, self.rooms = asked, rooms_in_use()
        centres = {room.centre_id: room.centre for room in self.rooms}
        self.centres = {key: one.name for key, one in centres.items()}
        municipalities = [one.place.municipality for one in centres.values()]
        self.towns = {one.pk: one.name for one in municipalities}
        self.sessions = with_breaches(
            asked.sessions(self.rooms),
            concerned={one.session_id for one in concerns},
            draft=asked.draft,
        )
        self.leaders = {
            lead.id: lead.name for one in self.sessions for lead in one.leaders
        }
        changes = sum(one.changed for one in self.sessions)
        self.changes = changes if asked.draft else 0
        self.facts = _facts(asked, self.sessions)

    def grid(self, page: Page) -> dict[str, Any]:
        """The board or the table of the week, or of one day of it."""
        shown = _narrowed(self.sessions, page.chosen)
        rooms = _narrowed_rooms(self.rooms, page.chosen)
        move = page.move if self.asked.reach.whole_region else _stays
        return {"kinds": _looks(shown), **_grid(page, shown, rooms, move)}


class _Far:
    """The weeks of a term by group; of the week itself only what stands above it."""

    def __init__(self, asked: _Asked) -> None:
        self.asked, self.rooms = asked, rooms_in_short()
        self.centres = {room.centre_id: room.centre for room in self.rooms}
        self.towns = {room.municipality_id: room.municipality for room in self.rooms}
        self.leaders = term_leaders(
            actor=asked.actor,
            first=asked.week,
            schedule=asked.draft,
            organisation_ids=asked.reach.organisations,
        )
        self.facts, self.changes = self._above()

    def _above(self) -> tuple[list[Fact], int]:
        """The figures of the week itself, and how many of its sessions a draft changes.

        Counted from few facts: no session of it is shown.
        """
        asked = self.asked
        what: dict[str, Any] = {
            "week": asked.week,
            "organisation_ids": asked.reach.organisations,
        }
        if not asked.figures:
            counted = week_counted(schedule=asked.draft, **what)
            return _facts(asked, counted), sum(one.changed for one in counted)
        changes = changes_in(schedule=asked.draft, **what) if asked.draft else 0
        return _facts(asked, ()), changes

    def grid(self, page: Page) -> dict[str, Any]:
        """Groups by the weeks of the term."""
        within = self.asked.reach.organisations
        return term_context(page, self.rooms, organisation_ids=within)


def _grid(
    page: Page, sessions: list[WeekSession], rooms: list[Room], move: Link
) -> dict[str, Any]:
    only = page.day if page.zoom == DAY else None
    shown = [one for one in sessions if only in (None, one.start.date())]
    today = timezone.localdate()
    whole = Boards(page.week, sessions, page.link, today)
    boards = Boards(page.week, shown, page.link, today, move, only)
    board = _board(page.view, boards, rooms, everything=page.everything)
    found = {
        "count": len(shown),
        "columns": len(boards.days) + 1,
        "board": board,
        "rows": _rows(shown, page) if page.view == TABLE else (),
    }
    if only is None:
        return found
    days = sorted({*whole.days, only})
    hours = day_board(board) if board is not None else None
    return found | {"day_board": hours, "day_switch": page.days(days)}


def _stays(_session: WeekSession) -> str:
    return ""


def _by_name(names: dict[Any, str]) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in sorted(names.items(), key=lambda x: x[1])]


def _narrowed(
    sessions: Iterable[WeekSession], chosen: dict[str, str]
) -> list[WeekSession]:
    state = chosen.get("staat", "")

    def fits(one: WeekSession) -> bool:
        centre = one.room.centre if one.room else None
        town = str(centre.place.municipality_id) if centre else ""
        return (
            chosen.get("soort", one.kind) == one.kind
            and chosen.get("gemeente", town) == town
            and chosen.get("centrum", str(centre.pk if centre else ""))
            == str(centre.pk if centre else "")
            and (
                "begeleider" not in chosen
                or chosen["begeleider"] in {str(lead.id) for lead in one.leaders}
            )
            and is_in_state(one, state)
        )

    return [one for one in sessions if fits(one)]


def _narrowed_rooms(rooms: Iterable[Room], chosen: dict[str, str]) -> list[Room]:
    return [
        room
        for room in rooms
        if chosen.get("centrum", str(room.centre_id)) == str(room.centre_id)
        and chosen.get("gemeente", room.centre.place.municipality_id)
        == room.centre.place.municipality_id
    ]


def _board(
    view: str, boards: Boards, rooms: list[Room], *, everything: bool
) -> Board | None:
    if view == ROOMS:
        return boards.by_room(rooms, everything=everything)
    if view == CENTRES:
        return boards.by_centre(rooms)
    if view == LEADERS:
        return boards.by_leader({one.pk: one.name for one in organisations()})
    return None


def _rows(sessions: Collection[WeekSession], page: Page) -> list[dict[str, Any]]:
    online = pgettext("kind of meeting", "Online")
    days = {day: words.short_day(day) for day in {one.start.date() for one in sessions}}
    return [
        {
            "title": one.title,
            "href": page.link(one),
            "kind": one.kind,
            "format": one.format,
            "day": days[one.start.date()],
            "time": words.span(one.start, one.end),
            "where": f"{one.room.name}, {named(one.room.centre)}"
            if one.room
            else online,
            "led": ", ".join(lead.name for lead in one.leaders) or words.DASH,
            "seats": line_seats(one),
            "number": number_words(one),
            "remarks": _remarks(one),
        }
        for one in sessions
    ]


def _remarks(one: WeekSession) -> list[tuple[str, bool]]:
    """What is to be said of a session beside its number, and whether it is an alarm."""
    found: list[tuple[str, bool]] = []
    if one.cancelled:
        found.append((_("cancelled"), True))
    if one.moved and one.was:
        was = words.moment_in_text(one.was)
        found.append((_("moved, was %(was)s") % {"was": was}, False))
    plain = (
        (one.other_room, gettext_lazy("other room")),
        (one.other_leaders, gettext_lazy("other leader")),
        (one.new, gettext_lazy("new")),
        (one.pinned, gettext_lazy("pinned")),
        (one.below_minimum, gettext_lazy("too few people")),
    )
    found += [(str(word), False) for is_so, word in plain if is_so]
    if one.without_leader:
        found.append((_("no leader"), True))
    if one.broken:
        found.append((_("something is wrong"), True))
    return found


def line_seats(session: WeekSession) -> str:
    """7 of 8, open, or nothing for a conversation of one person."""
    if not session.enrols:
        return _("open to all")
    if session.size == 1:
        return words.DASH
    return _("%(taken)s of %(size)s") % {"taken": session.seats, "size": session.size}


def number_words(session: WeekSession) -> str:
    """session 4 of 12; without an end only the number."""
    if session.of is None:
        return _("session %(number)s") % {"number": session.number}
    return _("session %(number)s of %(all)s") % {
        "number": session.number,
        "all": session.of,
    }


def _looks(sessions: Iterable[WeekSession]) -> list[str]:
    """The kinds that are there, for the legend; online is a look of its own."""
    found = {
        Format.ONLINE.value if one.format == Format.ONLINE else one.kind
        for one in sessions
    }
    return sorted(found)


def _facts(asked: _Asked, sessions: Sequence[WeekSession | Counted]) -> list[Fact]:
    """What the schedule reached, else what the sessions say."""
    if asked.figures:
        return facts_of_figures(asked.figures)
    return facts_of_sessions(sessions)
