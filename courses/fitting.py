"""What is read to judge whether people fit groups: one question at a time, or at once.

`courses.suitability` asks the same of both. One at a time suits one person who presses
a button; `Together` reads everything of some people and some groups in one pass, so
that comparing all of them costs a fixed number of queries.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q
from django.utils import timezone

from courses.clashes import OWN, Dates, Span, dates_beside, span_of
from courses.enums import (
    SEAT_HOLDING,
    EnrolmentState,
    RegistrationState,
    SessionState,
)
from courses.models import (
    Enrolment,
    Registration,
    Series,
    SeriesLeader,
    Session,
    SessionLeader,
)
from people.selectors.joining import JoiningFacts, joining_facts, joining_facts_of
from rooms import selectors as rooms

if TYPE_CHECKING:
    from people.models import Place

Minutes = Mapping[tuple[int, int], int]
"""Minutes between places, by (from id, to id)."""


class Reading(Protocol):
    """The questions about people and groups; ids of persons where facts are known."""

    def facts(self, resident_id: int) -> JoiningFacts:
        """What decides whether a group fits a resident."""

    def held(self, series: Series) -> int:
        """How many sessions of a series are over."""

    def finished(self, resident_id: int, offering_id: int) -> bool:
        """Whether the resident completed an offering."""

    def leads(self, person_id: int, series: Series) -> bool:
        """Whether the person leads the series."""

    def apart(
        self, facts: JoiningFacts, series_ids: Collection[uuid.UUID]
    ) -> set[uuid.UUID]:
        """In which of these is somebody whom the person must be kept apart from."""

    def dates(
        self, resident_id: int, person_id: int, series: Series, leaving: object
    ) -> Dates:
        """The coming meetings of a series, and the resident's own beside it."""

    def features(self, series: Series) -> set[str]:
        """What the room of a series has."""

    def minutes(self, places: Sequence[Place], mode: str) -> Minutes:
        """Minutes between these places by a way of travelling."""


class OneByOne:
    """Each question asks the database."""

    def facts(self, resident_id: int) -> JoiningFacts:
        return joining_facts(resident_id=resident_id)

    def held(self, series: Series) -> int:
        return series.sessions.filter(
            state=SessionState.PUBLISHED, period__endswith__lte=timezone.now()
        ).count()

    def finished(self, resident_id: int, offering_id: int) -> bool:
        return (
            Enrolment.objects.filter(
                resident_id=resident_id,
                series__offering_id=offering_id,
                state=EnrolmentState.COMPLETED,
            ).exists()
            or Registration.objects.filter(
                resident_id=resident_id,
                offering_id=offering_id,
                state=RegistrationState.FINISHED,
            ).exists()
        )

    def leads(self, person_id: int, series: Series) -> bool:
        return series.leaders.filter(person=person_id).exists()

    def apart(
        self, facts: JoiningFacts, series_ids: Collection[uuid.UUID]
    ) -> set[uuid.UUID]:
        if not facts.apart or not series_ids:
            return set()
        led = Series.objects.filter(pk__in=series_ids, leaders__person__in=facts.apart)
        seats = Enrolment.objects.filter(
            series__in=series_ids,
            state__in=SEAT_HOLDING,
            resident__person__in=facts.apart,
        )
        return {
            *led.order_by().values_list("pk", flat=True),
            *seats.order_by().values_list("series_id", flat=True),
        }

    def dates(
        self, resident_id: int, person_id: int, series: Series, leaving: object
    ) -> Dates:
        return dates_beside(
            resident_id=resident_id,
            person_id=person_id,
            series=series,
            leaving=leaving,
        )

    def features(self, series: Series) -> set[str]:
        if series.room is None:
            return set()
        return set(series.room.features.values_list("pk", flat=True))

    def minutes(self, places: Sequence[Place], mode: str) -> Minutes:
        return rooms.travel_minutes_matrix(places=places, mode=mode)


class Together:
    """Everything about these residents and series, read in at most fifteen queries.

    As it is when this is made; questions about others are a ``KeyError``.
    """

    def __init__(
        self, *, resident_ids: Iterable[int], series_ids: Iterable[uuid.UUID]
    ) -> None:
        self._now = timezone.now()
        self._facts = joining_facts_of(resident_ids=resident_ids)
        self._series = list(series_ids)
        self._held = self._read_held()
        self._done = self._read_finished()
        self._leaders = self._read_leaders()
        self._inside = self._read_inside()
        self._own, self._led = self._read_own()
        self._sessions = self._read_sessions()
        self._features = self._read_features()
        self._places_of_series = [
            one.room.centre.place
            for one in Series.objects.filter(
                pk__in=self._series, room__isnull=False
            ).select_related("room__centre__place")
            if one.room is not None
        ]
        self._known = {place.pk: place for place in self._places()}
        self._minutes: dict[str, Minutes] = {}

    # Reading ------------------------------------------------------------------------
    def _read_held(self) -> Counter[uuid.UUID]:
        over = Session.objects.filter(
            series__in=self._series,
            state=SessionState.PUBLISHED,
            period__endswith__lte=self._now,
        )
        return Counter(over.order_by().values_list("series_id", flat=True))

    def _read_finished(self) -> set[tuple[int, int]]:
        taken = Enrolment.objects.filter(
            resident__in=self._facts, state=EnrolmentState.COMPLETED
        )
        asked = Registration.objects.filter(
            resident__in=self._facts,
            offering__isnull=False,
            state=RegistrationState.FINISHED,
        )
        return {
            *taken.order_by().values_list("resident_id", "series__offering_id"),
            *asked.order_by().values_list("resident_id", "offering_id"),
        }

    def _read_leaders(self) -> dict[uuid.UUID, set[int]]:
        found: dict[uuid.UUID, set[int]] = defaultdict(set)
        rows = SeriesLeader.objects.filter(series__in=self._series).order_by()
        for series, person in rows.values_list("series_id", "facilitator__person_id"):
            found[series].add(person)
        return found

    def _read_inside(self) -> dict[uuid.UUID, set[int]]:
        found: dict[uuid.UUID, set[int]] = defaultdict(set)
        rows = Enrolment.objects.filter(
            series__in=self._series, state__in=SEAT_HOLDING
        ).order_by()
        for series, person in rows.values_list("series_id", "resident__person_id"):
            found[series].add(person)
        return found

    def _read_own(self) -> tuple[dict[int, set[uuid.UUID]], dict[int, set[uuid.UUID]]]:
        """Series in which each resident has a seat, sessions that each person leads."""
        own: dict[int, set[uuid.UUID]] = defaultdict(set)
        seats = Enrolment.objects.filter(resident__in=self._facts, state__in=OWN)
        for resident, series in seats.order_by().values_list(
            "resident_id", "series_id"
        ):
            own[resident].add(series)
        led: dict[int, set[uuid.UUID]] = defaultdict(set)
        persons = [one.person_id for one in self._facts.values()]
        leading = SessionLeader.objects.filter(
            facilitator__person__in=persons,
            state=SessionState.PUBLISHED,
            period__endswith__gt=self._now,
        )
        for person, session in leading.order_by().values_list(
            "facilitator__person_id", "session_id"
        ):
            led[person].add(session)
        return own, led

    def _read_sessions(self) -> list[Session]:
        series = {*self._series, *(pk for found in self._own.values() for pk in found)}
        led = {pk for found in self._led.values() for pk in found}
        return list(
            Session.objects.filter(
                Q(series__in=series) | Q(pk__in=led),
                state=SessionState.PUBLISHED,
                period__endswith__gt=self._now,
            ).select_related("room__centre__place")
        )

    def _read_features(self) -> dict[uuid.UUID, set[str]]:
        found: dict[uuid.UUID, set[str]] = defaultdict(set)
        rows = Series.objects.filter(
            pk__in=self._series, room__features__isnull=False
        ).order_by()
        for series, feature in rows.values_list("pk", "room__features"):
            found[series].add(feature)
        return found

    # Answering ----------------------------------------------------------------------
    def facts(self, resident_id: int) -> JoiningFacts:
        return self._facts[resident_id]

    def held(self, series: Series) -> int:
        return self._held[series.pk]

    def finished(self, resident_id: int, offering_id: int) -> bool:
        return (resident_id, offering_id) in self._done

    def leads(self, person_id: int, series: Series) -> bool:
        return person_id in self._leaders[series.pk]

    def apart(
        self, facts: JoiningFacts, series_ids: Collection[uuid.UUID]
    ) -> set[uuid.UUID]:
        return {
            pk
            for pk in series_ids
            if facts.apart & (self._leaders[pk] | self._inside[pk])
        }

    def dates(
        self, resident_id: int, person_id: int, series: Series, leaving: object
    ) -> Dates:
        own = self.own(resident_id, person_id, without={series.pk, leaving})
        return Dates(
            series=tuple(
                span_of(one) for one in self._sessions if one.series_id == series.pk
            ),
            own=own,
        )

    def own(
        self, resident_id: int, person_id: int, *, without: Collection[object]
    ) -> tuple[Span, ...]:
        """Meetings that the resident has or leads, but for those of some series."""
        mine, led = self._own[resident_id], self._led[person_id]
        return tuple(
            span_of(one)
            for one in self._sessions
            if (one.series_id in mine or one.pk in led) and one.series_id not in without
        )

    def people_in(self, series_id: uuid.UUID) -> set[int]:
        """Persons who have or are kept a seat in a series, or lead it."""
        return self._leaders[series_id] | self._inside[series_id]

    def features(self, series: Series) -> set[str]:
        return self._features[series.pk]

    def minutes(self, places: Sequence[Place], mode: str) -> Minutes:
        others = {one.pk: one for one in places if one.pk not in self._known}
        if others:
            self._known |= others
            self._minutes.clear()
        if mode not in self._minutes:
            self._minutes[mode] = rooms.travel_minutes_matrix(
                places=list(self._known.values()), mode=mode
            )
        return self._minutes[mode]

    def _places(self) -> Iterable[Place]:
        yield from self._places_of_series
        for one in self._sessions:
            if one.room is not None:
                yield one.room.centre.place
        for facts in self._facts.values():
            if facts.place is not None:
                yield facts.place


ONE_BY_ONE = OneByOne()
