"""The reads of rooms. There is no person in these tables, so nothing is logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from rooms.enums import BookingState, HoursState
from rooms.holidays import holiday_dates as holiday_dates
from rooms.models import (
    Centre,
    Closure,
    ExtraHours,
    OpeningHours,
    Room,
    RoomBooking,
    RoomFeature,
    TravelTime,
)
from rooms.travel import SPEEDS_KMH as SPEEDS_KMH
from rooms.travel import START_MINUTES as START_MINUTES
from rooms.travel import Point
from rooms.travel import estimated_minutes as estimated_minutes

WRITTEN_FOR = "car"
"""The way of travelling for which coordinators write minutes."""


def features() -> QuerySet[RoomFeature]:
    """All room features."""
    return RoomFeature.objects.all()


def feature_names() -> dict[str, str]:
    """The name of every room feature in the language of the screen, by code."""
    english = (get_language() or "").startswith("en")
    return {
        one.code: (one.name_en if english else "") or one.name_nl
        for one in RoomFeature.objects.all()
    }


def centres(*, organisation_ids: Iterable[int] | None = None) -> QuerySet[Centre]:
    """Centres in use, with place and owner; of these owners only, if given."""
    found = Centre.objects.filter(active=True).select_related(
        "place__municipality", "organisation"
    )
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    return found


def rooms_of(*, centre_ids: Iterable[int] | None = None) -> QuerySet[Room]:
    """Rooms in use with their centre, in order of centre and name."""
    found = Room.objects.filter(active=True, centre__active=True).select_related(
        "centre__place"
    )
    if centre_ids is not None:
        found = found.filter(centre__in=list(centre_ids))
    return found.order_by("centre__name", "name", "pk")


def still_in_use(*, room_ids: Iterable[int]) -> set[int]:
    """Those of these rooms that are in use, in a centre in use; one query, or none."""
    wanted = list(room_ids)
    if not wanted:
        return set()
    found = rooms_of().filter(pk__in=wanted).order_by()
    return set(found.values_list("pk", flat=True))


def room_places(*, room_ids: Iterable[int]) -> dict[int, str]:
    """The name of the place in which each of these rooms is; one query, or none."""
    wanted = list(room_ids)
    if not wanted:
        return {}
    found = Room.objects.filter(pk__in=wanted)
    return dict(found.values_list("pk", "centre__place__name"))


def planning_rooms(*, start: datetime, end: datetime) -> list[Room]:
    """Rooms in use with all the planner asks of them; six queries.

    Loaded: `centre` (place with municipality, `opening_hours`, `closures`),
    `features`, and `bookings_then`: bookings in the period that are confirmed or
    requested, so that the planner stays off both, and `hours_given`: hours beside the
    usual ones that the centre gave for our groups.
    """
    bookings = RoomBooking.objects.filter(
        state__in=[BookingState.CONFIRMED, BookingState.REQUESTED],
        period__overlap=DateTimeTZRange(start, end),
    )
    given = ExtraHours.objects.filter(
        state=HoursState.GIVEN,
        days__overlap=DateRange(start.date(), end.date() + timedelta(days=1)),
    )
    whole = Centre.objects.select_related("place__municipality").prefetch_related(
        "opening_hours", "closures"
    )
    return list(
        Room.objects.filter(active=True, centre__active=True)
        .prefetch_related(
            Prefetch("centre", queryset=whole),
            "features",
            Prefetch("bookings", queryset=bookings, to_attr=_BOOKINGS),
            Prefetch("extra_hours", queryset=given, to_attr=_GIVEN),
        )
        .order_by("pk")
    )


def rooms_in_use() -> list[Room]:
    """Rooms in use as a board shows them, with the hours of their centre; five queries.

    Loaded: `features_known`, and `centre` with place, municipality, `hours_known` and
    `closures_known`: lists, for the managers of hundreds of rows take as long as these
    queries. Not what is booked, of which a region has thousands.
    """
    whole = Centre.objects.select_related("place__municipality").prefetch_related(
        Prefetch("opening_hours", to_attr=_HOURS),
        Prefetch("closures", to_attr=_CLOSURES),
    )
    return list(
        Room.objects.filter(active=True, centre__active=True)
        .prefetch_related(
            Prefetch("centre", queryset=whole),
            Prefetch("features", to_attr=_FEATURES),
        )
        .order_by("pk")
    )


class RoomInShort(NamedTuple):
    """A room as a list or a filter names it: with its centre and municipality."""

    id: int
    name: str
    capacity: int
    centre_id: int
    centre: str
    municipality_id: Any
    municipality: str


def rooms_in_short() -> list[RoomInShort]:
    """Rooms in use in order of centre and name, and nothing around them; one query."""
    found = Room.objects.filter(active=True, centre__active=True)
    rows = found.order_by("centre__name", "name", "pk").values_list(
        "pk",
        "name",
        "capacity",
        "centre_id",
        "centre__name",
        "centre__place__municipality_id",
        "centre__place__municipality__name",
    )
    return [RoomInShort(*row) for row in rows]


def rooms_by_id(*, room_ids: Iterable[int]) -> dict[int, Room]:
    """Rooms, in use or not, with centre and place; one query, or none."""
    found = Room.objects.select_related("centre__place__municipality")
    return found.in_bulk(list(room_ids))


# Declared on the model for the type checker, so not spelled out again above.
_BOOKINGS: str = "bookings_then"
_GIVEN: str = "hours_given"
_HOURS: str = "hours_known"
_CLOSURES: str = "closures_known"
_FEATURES: str = "features_known"


def bookings_between(
    *, room_ids: Iterable[int], start: datetime, end: datetime
) -> list[RoomBooking]:
    """Bookings by others that overlap the period, lapsed ones left out; one query."""
    return list(
        RoomBooking.objects.filter(
            room__in=list(room_ids),
            state__in=[BookingState.CONFIRMED, BookingState.REQUESTED],
            period__overlap=DateTimeTZRange(start, end),
        )
        .select_related("booked_by")
        .order_by("period", "pk")
    )


def closed_dates(*, centre: Centre, first: date, last: date) -> set[date]:
    """Dates in [first, last] on which a centre is closed, whatever its hours say.

    Its own closures, and public and school holidays where it keeps those. No query
    if `closures` (or `closures_known`) and `place.municipality` are loaded.
    """
    span = DateRange(first, last + timedelta(days=1))
    closed: set[date] = set()
    known: Iterable[Closure] | None = getattr(centre, _CLOSURES, None)
    for closure in centre.closures.all() if known is None else known:
        day = max(closure.days.lower, span.lower)
        while day < min(closure.days.upper, span.upper):
            closed.add(day)
            day += timedelta(days=1)
    years = range(first.year, last.year + 1)
    for keeps, school in (
        (centre.closes_on_public_holidays, False),
        (centre.closes_on_school_holidays, True),
    ):
        if keeps:
            days = holiday_dates(
                municipality=centre.place.municipality, years=years, school=school
            )
            closed.update(day for day in days if first <= day <= last)
    return closed


def closed_days(
    *, room_ids: Iterable[int], first: date, last: date
) -> dict[int, set[date]]:
    """Dates in [first, last] on which the centre of each room is closed, by room; two
    queries, or none."""
    wanted = list(room_ids)
    if not wanted:
        return {}
    rooms = Room.objects.filter(pk__in=wanted).select_related(
        "centre__place__municipality"
    )
    return {
        room.pk: closed_dates(centre=room.centre, first=first, last=last)
        for room in rooms.prefetch_related("centre__closures")
    }


class Hours(NamedTuple):
    """One stretch of opening on an ISO weekday, on the clock of the region; within
    `days` only, if they are given."""

    weekday: int
    start: time
    end: time
    days: DateRange | None = None


def opening_hours(*, centre_ids: Iterable[int]) -> dict[int, list[Hours]]:
    """When centres are open, by id; without those that wrote nothing; one query."""
    rows = OpeningHours.objects.filter(centre__in=list(centre_ids)).order_by()
    found: dict[int, list[Hours]] = {}
    for centre_id, weekday, start, end in rows.values_list(
        "centre_id", "weekday", "start", "end"
    ):
        found.setdefault(centre_id, []).append(Hours(weekday, start, end))
    return found


def given_hours(*, room_ids: Iterable[int]) -> dict[int, list[Hours]]:
    """Hours beside the usual ones that centres gave for our groups, by room; one
    query."""
    rows: Iterable[tuple[Any, ...]] = ExtraHours.objects.filter(
        room__in=list(room_ids), state=HoursState.GIVEN
    ).values_list("room_id", "weekday", "start", "end", "days")
    found: dict[int, list[Hours]] = {}
    for room_id, weekday, start, end, days in rows:
        found.setdefault(room_id, []).append(Hours(weekday, start, end, days))
    return found


def travel_minutes_matrix(
    *, places: Sequence[Point], mode: str = WRITTEN_FOR
) -> dict[tuple[int, int], int]:
    """Minutes between any two of the places, by (from id, to id); one query.

    Minutes written by a coordinator win for journeys by car; written one way only,
    they hold for the way back too. All other times are estimates.
    """
    minutes = {
        (one.pk, other.pk): estimated_minutes(one, other, mode)
        for one in places
        for other in places
    }
    if mode == WRITTEN_FOR:
        minutes.update(written_minutes(place_ids=[place.pk for place in places]))
    return minutes


def written_minutes(*, place_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Minutes by car that a coordinator wrote, by (from id, to id); one query.

    Written one way only, they hold for the way back too.
    """
    ids = list(place_ids)
    written = {
        (row.from_place_id, row.to_place_id): row.minutes
        for row in TravelTime.objects.filter(from_place__in=ids, to_place__in=ids)
    }
    back = {(other, one): minutes for (one, other), minutes in written.items()}
    return {**back, **written}
