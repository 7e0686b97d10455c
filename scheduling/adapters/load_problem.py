"""Rows to one planning problem, for a week or for the new series of a term.

A fixed number of queries whatever the size, and one line in the access log for each
kind of person read. A week takes what is published as given and plans single
conversations and seats beside it; a term plans new series beside what runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from audit.actor import Actor
from courses.selectors import (
    finished_offerings,
    planning_registrations,
    planning_series,
    planning_sessions,
)
from people.selectors import (
    planning_facilitators,
    planning_pairs,
    planning_residents,
)
from rooms.selectors import holiday_dates, planning_rooms, written_minutes
from scheduling.adapters.asking import Offer, pairs_of, registrations, series_order
from scheduling.adapters.dates import SchoolFree, meeting_dates, patterns
from scheduling.adapters.persons import Joined, persons
from scheduling.adapters.pins import pins_of
from scheduling.adapters.resources import (
    Spot,
    Vocabulary,
    facilitators,
    places_and_travel,
    rooms,
    spot_of_centre,
    spot_of_place,
)
from scheduling.adapters.series import (
    PublishedPart,
    by_series,
    candidate,
    earliest_date,
    published_parts,
)
from scheduling.models import RunKind
from scheduling.solver import verify
from scheduling.solver.horizon import SLOTS_PER_DAY, Horizon, Span
from scheduling.solver.plan import Plan
from scheduling.solver.problem import (
    DatePattern,
    PlanningProblem,
    Published,
)

if TYPE_CHECKING:
    from courses.models import Series as SeriesRow
    from people.models import Resident
    from rooms.models import Room as RoomRow

ZONE = ZoneInfo("Europe/Amsterdam")
PLANNED_STATES = ("planned", "proposed")
WORKDAYS = range(6)
FREEING_ROUNDS = 4


@dataclass(frozen=True)
class Loaded:
    """A problem with what its ids stand for.

    ``rows``: by kind of thing, id to key of the row; ``sessions`` has the ids of the
    sessions each published series stands for, and ``seen`` when each series row had
    last changed, by its key.
    """

    problem: PlanningProblem
    rows: dict[str, Any]


def week_dates(monday: date) -> tuple[date, date]:
    """Monday and Sunday of a week."""
    return monday, monday + timedelta(days=6)


def load_problem(
    *,
    actor: Actor,
    kind: RunKind | str,
    first_date: date,
    last_date: date,
    free_series: Collection[object] = (),
) -> Loaded:
    """The problem of a week or term as the rows stand now.

    ``free_series``: keys of published series that may move. What is published and
    breaks a rule today (a leader on leave, a closed room) is freed too.

    Raises ``InvalidProblem`` when a session does not lie on the grid.
    """
    return _Loader(actor, RunKind(kind), first_date, last_date, free_series).load()


class _Loader:
    def __init__(
        self,
        actor: Actor,
        kind: RunKind,
        first_date: date,
        last_date: date,
        free_series: Collection[object],
    ) -> None:
        self.actor, self.kind = actor, kind
        days = (last_date - first_date).days + 1
        self.horizon = Horizon(first_date, days)
        self.start = datetime.combine(first_date, time(), tzinfo=ZONE)
        self.end = datetime.combine(last_date + timedelta(days=1), time(), tzinfo=ZONE)
        self.free_series = {str(key) for key in free_series}
        self.words = Vocabulary.fresh()

    def load(self) -> Loaded:
        room_rows = planning_rooms(start=self.start, end=self.end)
        leader_rows = planning_facilitators(actor=self.actor)
        series_rows = planning_series(actor=self.actor)
        sessions = by_series(planning_sessions(start=self.start, end=self.end))
        waiting = planning_registrations(actor=self.actor)
        resident_ids = {row.resident_id for row in waiting} | {
            seat.resident_id for row in series_rows for seat in row.members
        }
        residents = planning_residents(actor=self.actor, resident_ids=resident_ids)
        for resident in residents:
            self.words.persons.of(resident.person_id)
        places, travel = self._map(room_rows, leader_rows, residents)
        room_facts = rooms(self.horizon, self.words, room_rows)
        leader_facts = facilitators(self.horizon, self.words, leader_rows)

        parts = [
            part
            for row in series_rows
            if row.pk in sessions
            for part in published_parts(
                self.horizon,
                self.words,
                row,
                sessions[row.pk],
                WORKDAYS if self.kind is RunKind.WEEK else (),
            )
        ]
        free = [row for row in series_rows if row.state in PLANNED_STATES]
        candidates = [
            candidate(self.words, row, self._patterns(row, room_rows))
            for row in free
            if self._is_planned_now(row)
        ]
        series = (*(part.series for part in parts), *candidates)
        resident_of = {row.pk: row for row in residents}
        offer = Offer(self.words, series, series_rows)
        asking = registrations(self.horizon, self.words, waiting, offer, resident_of)
        person_facts = persons(
            self.horizon,
            self.words,
            residents,
            self._joined(parts, series_rows),
            finished_offerings(resident_ids=resident_ids),
        )
        pairs = planning_pairs(
            actor=self.actor,
            person_ids=[
                *(row.person_id for row in residents),
                *(row.person_id for row in leader_rows),
            ],
        )
        apart, together = pairs_of(self.words, pairs, asking, leader_rows)
        known = {item.id for item in series}
        pins, seat_pins = pins_of(self.horizon, self.words, known, asking)
        problem = PlanningProblem(
            id=f"{self.kind.value}-{self.horizon.first_date.isoformat()}",
            horizon=self.horizon,
            places=places,
            travel_minutes=travel,
            rooms=room_facts,
            facilitators=leader_facts,
            persons=person_facts,
            series=series,
            registrations=asking,
            keep_apart=apart,
            keep_together=together,
            series_order=series_order(series_rows, offer),
            pins=pins,
            seat_pins=seat_pins,
            published=Published(
                placements=tuple(part.placement for part in parts),
                freed_series=frozenset(
                    part.series.id
                    for part in parts
                    if self._row_of(part.series.id) in self.free_series
                ),
            ),
        )
        return Loaded(_with_breaches_freed(problem), self._rows(parts, series_rows))

    # Parts of the problem --------------------------------------------------------
    def _map(
        self,
        room_rows: Sequence[RoomRow],
        leader_rows: Sequence[Any],
        residents: Sequence[Resident],
    ) -> tuple[Any, Any]:
        spots: list[Spot] = [spot_of_centre(row.centre) for row in room_rows]
        spots += [
            spot_of_place(row.travel_base) for row in leader_rows if row.travel_base
        ]
        spots += [
            spot_of_place(row.person.place) for row in residents if row.person.place
        ]
        ids = {spot.place_id for spot in spots}
        return places_and_travel(self.words, spots, written_minutes(place_ids=ids))

    def _is_planned_now(self, row: SeriesRow) -> bool:
        """A week plans single meetings and modules; a term what has more dates."""
        if row.offering.policy.self_paced:
            return True
        single = row.number_of_sessions == 1
        return single if self.kind is RunKind.WEEK else not single

    def _patterns(
        self, row: SeriesRow, room_rows: Sequence[RoomRow]
    ) -> list[DatePattern]:
        offering = row.offering
        if offering.policy.self_paced:
            return []
        earliest = earliest_date(row, self.horizon)
        count = row.number_of_sessions or self._open_ended(row)
        if count == 1:
            first = self.horizon.day_of(earliest)
            return [
                DatePattern((day,))
                for day in range(max(0, first), self.horizon.day_count)
                if self.horizon.weekday(day) in WORKDAYS
            ]
        found: list[DatePattern] = []
        for is_free, place_ids in self._holiday_groups(row, room_rows):

            def make(first: date, is_free: SchoolFree = is_free) -> Sequence[date]:
                return meeting_dates(
                    first,
                    count,
                    offering.every_weeks,
                    is_free,
                    offering.follow_up_weeks,
                )

            found += patterns(
                self.horizon, earliest, row.latest_end, WORKDAYS, make, place_ids
            )
        return found

    def _open_ended(self, row: SeriesRow) -> int:
        """Meetings of a group without an end, as far as the horizon goes."""
        earliest = earliest_date(row, self.horizon)
        left = self.horizon.day_count - self.horizon.day_of(earliest)
        return max(1, (left // 7 - 1) // row.offering.every_weeks)

    def _holiday_groups(
        self, row: SeriesRow, room_rows: Sequence[RoomRow]
    ) -> Iterable[tuple[SchoolFree, frozenset[str] | None]]:
        """For each school region: its free days, and the places that keep them."""
        regions: dict[str, Any] = {}
        places: dict[str, set[str]] = defaultdict(set)
        for room in room_rows:
            municipality = room.centre.place.municipality
            regions[municipality.school_region] = municipality
            places[municipality.school_region].add(
                self.words.places.of(("centre", room.centre_id))
            )
        last = self.horizon.date_of(self.horizon.day_count)
        years = range(self.horizon.first_date.year, last.year + 1)
        whole = len(regions) == 1 or row.offering.format == "online"
        for region, municipality in sorted(regions.items()):
            free = set(holiday_dates(municipality=municipality, years=years))
            if row.offering.skips_school_holidays:
                free |= set(
                    holiday_dates(municipality=municipality, years=years, school=True)
                )
            yield free.__contains__, None if whole else frozenset(places[region])
            if whole:
                return

    def _joined(
        self, parts: Sequence[PublishedPart], series_rows: Sequence[SeriesRow]
    ) -> dict[int, Joined]:
        members = {
            row.pk: [seat.resident.person_id for seat in row.members]
            for row in series_rows
        }
        found: dict[int, Joined] = defaultdict(Joined)
        for part in parts:
            key = self._key_of(part.series.id)
            for meeting in part.placement.meetings:
                span = Span(meeting.slot, meeting.slot + part.series.length)
                for person_id in members[key]:
                    found[person_id].add(
                        self.horizon, meeting.slot // SLOTS_PER_DAY, span
                    )
        return found

    # What the ids stand for ------------------------------------------------------
    def _key_of(self, series_id: str) -> Any:
        return self._series_keys()[series_id]

    def _row_of(self, series_id: str) -> str:
        return str(self._key_of(series_id))

    def _series_keys(self) -> dict[str, Any]:
        return {ident: key[0] for key, ident in self.words.series.pairs()}

    def _rows(
        self, parts: Sequence[PublishedPart], series_rows: Sequence[SeriesRow]
    ) -> dict[str, Any]:
        return {
            "seen": {str(row.pk): row.last_modified.isoformat() for row in series_rows},
            "series": {key: str(value) for key, value in self._series_keys().items()},
            "sessions": {part.series.id: list(part.session_ids) for part in parts},
            "rooms": self.words.rooms.rows(),
            "facilitators": self.words.facilitators.rows(),
            "registrations": self.words.registrations.rows(),
            "persons": self.words.persons.rows(),
        }


def _with_breaches_freed(problem: PlanningProblem) -> PlanningProblem:
    """Free what is published and breaks a rule on its own, so that it is repaired."""
    for _ in range(FREEING_ROUNDS):
        published = problem.published
        fixed = Plan(
            problem.id,
            tuple(
                item
                for item in published.placements
                if item.series_id not in published.freed_series
            ),
        )
        broken = {
            ident
            for violation in verify.violations(problem, fixed)
            for kind, ident in violation.about
            if kind == "series"
        } & set(fixed.placement_of)
        if not broken:
            break
        problem = replace(
            problem,
            published=replace(published, freed_series=published.freed_series | broken),
        )
    return problem
