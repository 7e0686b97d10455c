"""Whether people can be at all dates to come of a group, beside what else they have.

A plan judges the meetings of its own period. Who gets a seat in a group that runs comes
to all its meetings: those of other weeks may be at the hour of a group that does not
meet in this one. The dates of many people and groups are read at once.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone

from courses.clashes import Dates, Span, first_clash
from courses.enums import SEAT_HOLDING, SessionState
from courses.models import Enrolment, Session, SessionLeader
from rooms.selectors import rooms_by_id, travel_minutes_matrix

if TYPE_CHECKING:
    from people.models import Place

Minutes = Mapping[tuple[int, int], int]
"""Minutes by car between places, by (from id, to id): as plans count them."""


class Elsewhere:
    """What these residents have and lead beside these series, on the dates to come.

    As it is when this is made, in five queries at most; no person is shown.
    ``judged``: a period of which others judge the meetings that begin in it.
    ``without_seats``: ids of enrolments, and ``without_series`` ids of series, that
    count as given up. ``states`` are those of the seats that count.
    """

    def __init__(
        self,
        *,
        resident_ids: Iterable[int],
        series_ids: Iterable[uuid.UUID],
        judged: DateTimeTZRange | None = None,
        without_seats: Iterable[int] = (),
        without_series: Iterable[uuid.UUID] = (),
        states: Sequence[str] = SEAT_HOLDING,
    ) -> None:
        residents = {*resident_ids}
        self._own: dict[int, set[uuid.UUID]] = defaultdict(set)
        seats = (
            Enrolment.objects.filter(resident__in=residents, state__in=states)
            .exclude(pk__in=list(without_seats))
            .exclude(series__in=list(without_series))
        )
        for resident, series in seats.order_by().values_list(
            "resident_id", "series_id"
        ):
            self._own[resident].add(series)
        self._led: dict[int, set[uuid.UUID]] = defaultdict(set)
        leading = SessionLeader.objects.filter(
            facilitator__person__resident__in=residents,
            state=SessionState.PUBLISHED,
            period__endswith__gt=timezone.now(),
        )
        for resident, session in leading.order_by().values_list(
            "facilitator__person__resident", "session_id"
        ):
            self._led[resident].add(session)
        self._of_series: dict[uuid.UUID, list[Span]] = defaultdict(list)
        self._of_session: dict[uuid.UUID, tuple[uuid.UUID, Span]] = {}
        self._read_sessions(series_ids, judged)
        self._minutes: Minutes | None = None

    def _read_sessions(
        self, series_ids: Iterable[uuid.UUID], judged: DateTimeTZRange | None
    ) -> None:
        series = {*series_ids, *(key for own in self._own.values() for key in own)}
        led = {key for own in self._led.values() for key in own}
        found = Session.objects.filter(
            Q(series__in=series) | Q(pk__in=led),
            state=SessionState.PUBLISHED,
            period__endswith__gt=timezone.now(),
        ).order_by("period", "pk")
        rows = [
            row
            for row in found.values_list("pk", "series_id", "period", "room_id")
            if judged is None or row[2].lower not in judged
        ]
        rooms = rooms_by_id(room_ids={row[3] for row in rows if row[3] is not None})
        for key, series_id, period, room_id in rows:
            place = None if room_id is None else rooms[room_id].centre.place
            span = Span(start=period.lower, end=period.upper, place=place)
            self._of_series[series_id].append(span)
            self._of_session[key] = (series_id, span)

    def clash(self, resident_id: int, series_id: uuid.UUID) -> Span | None:
        """The first meeting of the series to which the resident cannot come in time,
        because he has or leads something else."""
        own = self._beside(resident_id, series_id)
        if not own:
            return None
        dates = Dates(series=tuple(self._of_series.get(series_id, ())), own=own)
        return first_clash(dates, between=self._between)

    def take(self, resident_id: int, series_id: uuid.UUID) -> None:
        """From now on the resident has a seat in this series, one of those asked for,
        too."""
        self._own[resident_id].add(series_id)

    def _beside(self, resident_id: int, series_id: uuid.UUID) -> tuple[Span, ...]:
        own = [
            span
            for key in self._own.get(resident_id, ())
            if key != series_id
            for span in self._of_series.get(key, ())
        ]
        led = (self._of_session.get(key) for key in self._led.get(resident_id, ()))
        own += [one[1] for one in led if one is not None and one[0] != series_id]
        return tuple(own)

    def _between(self, places: Collection[Place]) -> Minutes:
        """All places at once, the first time that a way is asked for."""
        if self._minutes is None:
            known = {
                span.place.pk: span.place
                for spans in self._of_series.values()
                for span in spans
                if span.place is not None
            }
            self._minutes = travel_minutes_matrix(places=list(known.values()))
        return self._minutes
