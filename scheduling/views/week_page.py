"""The addresses of one week: in another view, zoom, version or week, filters kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scheduling import words
from scheduling.selectors import WeekSession
from scheduling.selectors.term import WEEKS
from scheduling.weeks import Week

if TYPE_CHECKING:
    from scheduling.models import Schedule

ROOMS, CENTRES, LEADERS, TABLE = "ruimtes", "centra", "begeleiders", "tabel"
VIEWS = {
    ROOMS: gettext_lazy("Rooms"),
    CENTRES: gettext_lazy("Centres"),
    LEADERS: gettext_lazy("Leaders"),
    TABLE: gettext_lazy("Table"),
}
DAY, WEEK, TERM = "dag", "week", "periode"
ZOOMS = {
    DAY: gettext_lazy("Day"),
    WEEK: gettext_lazy("Week"),
    TERM: gettext_lazy("Term"),
}


class Page:
    """What of a week is asked for, and the addresses of everything beside it."""

    def __init__(
        self,
        request: HttpRequest,
        week: Week,
        draft: Schedule | None,
        chosen: dict[str, str],
    ) -> None:
        self.week, self.draft, self.chosen = week, draft, chosen
        self.everything = request.GET.get("alle") == "1"
        self.view = _known(request.GET.get("weergave", ""), VIEWS, ROOMS)
        self.zoom = _known(request.GET.get("zoom", ""), ZOOMS, WEEK)
        self.day = _day_of(week, request.GET.get("dag", ""))

    def _address(self, week: Week, **changed: Any) -> str:
        asked: dict[str, Any] = {**self.kept, **self.chosen, **changed}
        query = urlencode({key: value for key, value in asked.items() if value})
        path = reverse("scheduling:week", args=[week])
        return f"{path}?{query}" if query else path

    @property
    def kept(self) -> dict[str, str]:
        """What the address says beside the filters."""
        return {
            "weergave": self.view if self.view != ROOMS else "",
            "zoom": self.zoom if self.zoom != WEEK else "",
            "dag": self.day.isoformat() if self.zoom == DAY else "",
            "versie": str(self.draft.pk) if self.draft else "",
            "alle": "1" if self.everything else "",
        }

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """The switch between rooms, centres, leaders and table."""
        return [
            (
                str(name),
                self._address(self.week, weergave=key if key != ROOMS else "", alle=""),
                key == self.view,
            )
            for key, name in VIEWS.items()
        ]

    @property
    def zooms(self) -> list[tuple[str, str, bool]]:
        """The switch between one day, the week, and the weeks of a term."""
        return [
            (
                str(name),
                self._address(
                    self.week,
                    zoom=key if key != WEEK else "",
                    dag=self.day.isoformat() if key == DAY else "",
                ),
                key == self.zoom,
            )
            for key, name in ZOOMS.items()
        ]

    @property
    def in_short(self) -> str:
        """The zoom, the view and how many filters, where the switches fold away."""
        parts: list[Any] = [ZOOMS[self.zoom]]
        if self.zoom != TERM:
            parts.append(VIEWS[self.view])
        if number := len(self.chosen):
            words_of = ngettext("%(number)s filter", "%(number)s filters", number)
            parts.append(words_of % {"number": number})
        return " · ".join(map(str, parts))

    def days(self, shown: Sequence[date]) -> list[tuple[str, str, bool]]:
        """The switch between the days of the week."""
        return [
            (
                words.short_day(day),
                self._address(self.week, zoom=DAY, dag=day.isoformat()),
                day == self.day,
            )
            for day in shown
        ]

    @property
    def board_name(self) -> str:
        """The grid in words, for screen readers."""
        if self.zoom == TERM:
            return _("%(weeks)s weeks from week %(number)s on, by group") % {
                "weeks": WEEKS,
                "number": self.week.number,
            }
        names = {
            ROOMS: _("Week %(number)s by room"),
            CENTRES: _("Week %(number)s by centre"),
            LEADERS: _("Week %(number)s by leader"),
            TABLE: _("Week %(number)s as a table"),
        }
        name = names[self.view] % {"number": self.week.number}
        return f"{name}, {words.day_in_text(self.day)}" if self.zoom == DAY else name

    def versions(self, drafts: Iterable[Schedule]) -> list[tuple[str, str, bool]]:
        """The switch between what is published and the drafts."""
        found = [
            (_("Published"), self._address(self.week, versie=""), self.draft is None)
        ]
        for draft in drafts:
            name = _("Draft") if draft.kind == "week" else _("Draft of the term")
            href = self._address(self.week, versie=draft.pk)
            found.append((name, href, self.draft == draft))
        return found

    def _other(self, week: Week) -> str:
        """Another week, seen in the same way; a draft is of its own week."""
        day = week.days[self.day.weekday()].isoformat()
        return self._address(week, versie="", dag=day if self.zoom == DAY else "")

    @property
    def previous(self) -> str:
        return self._other(self.week.plus(-1))

    @property
    def next(self) -> str:
        return self._other(self.week.plus(1))

    @property
    def this_week(self) -> str:
        return self._other(Week.of(timezone.localdate()))

    @property
    def all_rows(self) -> str:
        return self._address(self.week, alle="1")

    @property
    def without_filters(self) -> str:
        return self._address(self.week, **dict.fromkeys(self.chosen, ""))

    def of_week(self, week: Week) -> str:
        """That week as a whole, with the same filters."""
        return self._address(week, zoom="", dag="", versie="")

    def move(self, session: WeekSession) -> str:
        """The page that moves a session of a draft; what is published stays."""
        if self.draft is None or session.cancelled:
            return ""
        return self._moves.of(session.id)

    def link(self, session: WeekSession) -> str:
        """The page of a session; one that a draft drops is known as published."""
        drafted = self.draft is not None and not session.cancelled
        return self.session(session.id, drafted=drafted)

    def session(self, key: UUID, *, drafted: bool) -> str:
        """The page of a session, as the draft has it or as it is published."""
        return (self._drafted if drafted else self._published).of(key)

    @cached_property
    def _published(self) -> _Addresses:
        return _Addresses("scheduling:session")

    @cached_property
    def _drafted(self) -> _Addresses:
        assert self.draft is not None  # noqa: S101 (nothing is drafted without one)
        return _Addresses("scheduling:draft-session", self.draft.pk)

    @cached_property
    def _moves(self) -> _Addresses:
        assert self.draft is not None  # noqa: S101 (only a draft is moved in)
        return _Addresses("scheduling:move", self.draft.pk)


class _Addresses:
    """The addresses of one view for many ids: looked up once, for a term has thousands.

    The id comes last in what the view is called with; it stands anywhere in the path.
    """

    def __init__(self, view: str, *before: int) -> None:
        nobody = UUID(int=0)
        path = reverse(view, args=[*before, nobody])
        self.start, self.end = path.split(str(nobody))

    def of(self, key: UUID) -> str:
        return f"{self.start}{key}{self.end}"


def _known(asked: str, known: dict[str, Any], usual: str) -> str:
    """What was asked if it exists; an old address shows what is usual."""
    return asked if asked in known else usual


def _day_of(week: Week, text: str) -> date:
    """The day of the week that was asked for; else today, or its Monday."""
    for day in (text, timezone.localdate().isoformat()):
        if day in {one.isoformat() for one in week.days}:
            return date.fromisoformat(day)
    return week.monday
