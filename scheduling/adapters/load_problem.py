"""Rows to one planning problem, for a week or for the new series of a term.

A fixed number of queries whatever the size, and one line in the access log for each
kind of person read. A week takes what is published as given and plans single
conversations and seats beside it; a term plans new series beside what runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from audit.actor import Actor
from courses.selectors import (
    agenda_changed_at,
    finished_offerings,
    planning_registrations,
    planning_sessions,
)
from people.selectors import (
    planning_facilitators,
    planning_pairs,
    planning_residents,
)
from rooms.selectors import planning_rooms, written_minutes
from scheduling.adapters.asking import Offer, pairs_of, registrations, series_order
from scheduling.adapters.dates import WORKDAYS, first_new_day, patterns_of
from scheduling.adapters.faulty import of_period
from scheduling.adapters.going import (
    joined,
    members_by_series,
    transfer,
    with_agreed_travel,
    with_halves,
)
from scheduling.adapters.persons import persons
from scheduling.adapters.pins import (
    pinned_elsewhere,
    pinned_otherwise,
    pinned_rows,
    pins_of,
    seat_pins_of,
    with_pinned_choices,
)
from scheduling.adapters.read import AS_READ, Read, Supposed, elsewhere_of, series_as
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
    Meets,
    PublishedPart,
    candidate,
    published_meets,
    published_module,
    published_parts,
)
from scheduling.models import RunKind
from scheduling.solver.change.published import with_breaches_freed
from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import PlanningProblem, Published, Series

if TYPE_CHECKING:
    from courses.models import Series as SeriesRow
    from people.models import Resident
    from rooms.models import Room as RoomRow

ZONE = ZoneInfo("Europe/Amsterdam")
PLANNED = "planned"
PROPOSED = "proposed"
"""Made by the draft that splits a group: on as that draft has it, and nowhere else."""


@dataclass(frozen=True)
class Loaded:
    """A problem with what its ids stand for.

    ``rows``: by kind of thing, id to key of the row; ``sessions`` has the ids of the
    sessions each published series stands for, ``seen`` when each series had last
    changed, by its key, ``pins`` what each pin is about, and ``elsewhere`` keys of
    groups that who asks for them (key of the registration) cannot always come to.
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
    as_drafted: Mapping[object, Sequence[Meets]] | None = None,
    as_agreed: bool = False,
    registration_ids: Collection[int] | None = None,
    without_seats: Collection[int] = (),
    transfers: Mapping[int, object] | None = None,
    now: datetime | None = None,
    halves: Mapping[UUID, UUID] | None = None,
    supposed: Supposed = AS_READ,
) -> Loaded:
    """The problem of a week or term as the rows stand now.

    ``free_series``: keys of published series that may move. What is published and
    breaks a rule today (a leader on leave, a closed room), or is pinned to be
    otherwise, is freed too. ``as_drafted``: meetings of published series as a draft
    has them, in place of the published ones. ``registration_ids``: only these, who
    wait or were proposed something, so that others are not read. People agreed to the
    hours and the pace of what is published, or (``as_agreed``, for what was published
    before) to those of ``as_drafted``. ``without_seats``: keys of enrolments that count
    as free, such as those that a draft holds which the plan may take the place of.
    ``transfers``: series that people go to, by the key of their enrolment; they did not
    agree to its hours yet. ``now``: what has begun by then stays where it is, and what
    is new begins on a later day; ``None`` to judge, whatever the day. ``halves``: the
    series that is to be split, by the key of its new group, whose meetings are in
    ``as_drafted``. ``supposed``: what counts as taking place, and as taken, too.

    Raises ``InvalidPeriod`` when a session or a pin does not lie on the grid.
    """
    loader = _Loader(
        actor,
        RunKind(kind),
        first_date,
        last_date,
        free_series,
        as_agreed=as_agreed,
        now=now,
    )
    with of_period(first_date, last_date):
        read = loader.read(
            as_drafted or {}, registration_ids, without_seats, halves or {}, supposed
        )
        return loader.built(read, transfers or {})


def load_variants(
    *,
    actor: Actor,
    kind: RunKind | str,
    first_date: date,
    last_date: date,
    free_series: Collection[object],
    as_drafted: Mapping[object, Sequence[Meets]],
    transfers: Iterable[Mapping[int, object]],
) -> Iterator[Loaded]:
    """The same rows as several problems, one for each way in which people change
    groups; read once, with the same ids in all. Otherwise as ``load_problem``."""
    loader = _Loader(
        actor, RunKind(kind), first_date, last_date, free_series, as_agreed=False
    )
    with of_period(first_date, last_date):
        read = loader.read(as_drafted, None, (), {})
    for moves in transfers:
        with of_period(first_date, last_date):
            loaded = loader.built(read, moves)
        yield loaded


class _Loader:
    def __init__(
        self,
        actor: Actor,
        kind: RunKind,
        first_date: date,
        last_date: date,
        free_series: Collection[object],
        *,
        as_agreed: bool,
        now: datetime | None = None,
    ) -> None:
        self.actor, self.kind, self.as_agreed = actor, kind, as_agreed
        self.now, self.first_day = now, first_new_day(first_date, now)
        days = (last_date - first_date).days + 1
        self.horizon = Horizon(first_date, days)
        self.start = datetime.combine(first_date, time(), tzinfo=ZONE)
        self.end = datetime.combine(last_date + timedelta(days=1), time(), tzinfo=ZONE)
        self.free_series = {str(key) for key in free_series}
        self.words = Vocabulary.fresh()
        self._keys: dict[str, Any] = {}

    def read(
        self,
        as_drafted: Mapping[object, Sequence[Meets]],
        registration_ids: Collection[int] | None,
        without_seats: Collection[int],
        halves: Mapping[UUID, UUID],
        supposed: Supposed = AS_READ,
    ) -> Read:
        """All queries, and one line in the log for each kind of person."""
        room_rows = planning_rooms(start=self.start, end=self.end)
        leader_rows = planning_facilitators(actor=self.actor)
        series_rows = with_halves(
            series_as(self.actor, without_seats, supposed), halves
        )
        published = self._published_meets()
        meets = {**published, **as_drafted}
        agreed = meets if self.as_agreed else published
        waiting = planning_registrations(
            actor=self.actor,
            registration_ids=registration_ids,
            without_seats=without_seats,
        )
        resident_ids = {row.resident_id for row in waiting} | {
            seat.resident_id for row in series_rows for seat in row.members
        }
        residents = planning_residents(actor=self.actor, resident_ids=resident_ids)
        for resident in residents:
            self.words.persons.of(resident.person_id)
        places, travel = self._map(room_rows, leader_rows, residents)
        room_facts = rooms(self.horizon, self.words, room_rows)
        leader_facts = facilitators(self.horizon, self.words, leader_rows)
        return Read(
            series=series_rows,
            members=members_by_series(series_rows),
            rooms=room_rows,
            leaders=leader_rows,
            meets=meets,
            joined=joined(self.horizon, agreed, series_rows),
            waiting=waiting,
            residents=residents,
            finished=finished_offerings(resident_ids=resident_ids),
            pairs=planning_pairs(
                actor=self.actor,
                person_ids=[
                    *(row.person_id for row in residents),
                    *(row.person_id for row in leader_rows),
                ],
            ),
            pins=pinned_rows(),
            changed=agenda_changed_at(
                series_ids=[row.pk for row in series_rows],
                start=self.start,
                end=self.end,
            ),
            places=places,
            travel=travel,
            room_facts=room_facts,
            leader_facts=leader_facts,
            elsewhere=elsewhere_of(waiting, series_rows, without_seats, self.horizon)
            if self.now
            else None,
        )

    def built(self, read: Read, transfers: Mapping[int, object]) -> Loaded:
        """The problem of what was read, with these people in other groups."""
        series_rows, pin_rows = read.series, read.pins
        transfer(series_rows, read.members, transfers)
        parts = self._parts(series_rows, read.meets)
        elsewhere = pinned_elsewhere(self.horizon, pin_rows.series)
        candidates = [
            item
            for row in series_rows
            if row.state == PLANNED and row.pk not in elsewhere
            if (item := self._candidate(row, read)) is not None
        ]
        series = (*(part.series for part in parts), *candidates)
        self._keys = {ident: key[0] for key, ident in self.words.series.pairs()}
        new = {row.pk for row in series_rows if row.state == PROPOSED}
        not_yet = {ident for ident, key in self._keys.items() if key in new}
        resident_of = {row.pk: row for row in read.residents}
        offer = Offer(self.words, series, series_rows, read.elsewhere)
        asking = registrations(
            self.horizon, self.words, read.waiting, offer, resident_of
        )
        person_facts = persons(
            self.horizon, self.words, read.residents, read.joined, read.finished
        )
        apart, together = pairs_of(self.words, read.pairs, asking, read.leaders)
        known = {item.id for item in series}
        pins = pins_of(self.horizon, self.words, known, pin_rows.series)
        seat_pins = seat_pins_of(self.words, known, asking, pin_rows.seats)
        asking = with_pinned_choices(asking, seat_pins)
        placements = tuple(part.placement for part in parts if part.placement)
        problem = PlanningProblem(
            id=f"{self.kind.value}-{self.horizon.first_date.isoformat()}",
            horizon=self.horizon,
            places=read.places,
            travel_minutes=read.travel,
            rooms=read.room_facts,
            facilitators=read.leader_facts,
            persons=person_facts,
            series=series,
            registrations=asking,
            keep_apart=apart,
            keep_together=together,
            series_order=series_order(series_rows, offer),
            pins=pins,
            seat_pins=seat_pins,
            published=Published(
                placements=placements,
                freed_series=frozenset(
                    item.series_id
                    for item in placements
                    if str(self._keys[item.series_id]) in self.free_series
                )
                - {part.series.id for part in parts if part.begun}
                | pinned_otherwise(placements, pins),
            ),
        )
        rows = self._rows(parts, read.changed) | {
            "pins": pin_rows.named(),
            "elsewhere": offer.not_free,
        }
        return Loaded(with_breaches_freed(with_agreed_travel(problem, not_yet)), rows)

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

    def _published_meets(self) -> dict[Any, list[Meets]]:
        """Published sessions that begin in the horizon, by series, in order of time."""
        found: dict[Any, list[Meets]] = defaultdict(list)
        for session in planning_sessions(start=self.start, end=self.end):
            if session.period.lower >= self.start:
                found[session.series_id].append(published_meets(session))
        return found

    def _parts(
        self,
        series_rows: Sequence[SeriesRow],
        meets: Mapping[Any, Sequence[Meets]],
    ) -> list[PublishedPart]:
        """What is published: groups and conversations, and modules that are on."""
        first = self.horizon.day_of(self.first_day)
        days = range(first, WORKDAYS.stop) if self.kind is RunKind.WEEK else range(0)
        parts: list[PublishedPart] = []
        for row in series_rows:
            if row.state == PLANNED:
                continue
            if row.offering.policy.self_paced:
                parts.append(published_module(self.words, row))
            elif meets.get(row.pk):
                parts += published_parts(
                    self.horizon, self.words, row, meets[row.pk], days, self.now
                )
        return parts

    def _candidate(self, row: SeriesRow, read: Read) -> Series | None:
        """A series to plan; none where it is not for now or has no dates to be on.

        A week plans single meetings and modules; a term what has more dates.
        """
        if row.offering.policy.self_paced:
            return candidate(self.words, row, ())
        if (row.number_of_sessions == 1) is not (self.kind is RunKind.WEEK):
            return None
        dates = patterns_of(self.horizon, self.words, row, read.rooms, self.first_day)
        drafted = read.meets.get(row.pk)
        return candidate(self.words, row, dates, drafted) if dates else None

    # What the ids stand for ------------------------------------------------------
    def _rows(
        self, parts: Sequence[PublishedPart], changed: Mapping[Any, datetime]
    ) -> dict[str, Any]:
        return {
            "seen": {str(key): moment.isoformat() for key, moment in changed.items()},
            "series": {ident: str(key) for ident, key in self._keys.items()},
            "sessions": {part.series.id: list(part.session_ids) for part in parts},
            "rooms": self.words.rooms.rows(),
            "facilitators": self.words.facilitators.rows(),
            "registrations": self.words.registrations.rows(),
            "persons": self.words.persons.rows(),
            "roles": self.words.roles.rows(),
            "skills": self.words.skills.rows(),
            "features": self.words.features.rows(),
            "districts": self.words.districts.rows(),
        }
