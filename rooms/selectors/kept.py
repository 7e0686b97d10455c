"""What the managers of centres and rooms read to keep them up to date; no person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from rooms.enums import BookingState, HoursState
from rooms.models import (
    CalendarSource,
    Centre,
    Closure,
    ExtraHours,
    OpeningHours,
    Room,
    RoomBooking,
)


def hours_of(*, centre_id: int) -> list[OpeningHours]:
    """The opening hours of a centre, in the order of the week."""
    return list(
        OpeningHours.objects.filter(centre=centre_id).order_by("weekday", "start")
    )


def closures_of(*, centre_id: int, since: date) -> list[Closure]:
    """Closures of a centre that are not over, in order."""
    return list(
        Closure.objects.filter(centre=centre_id, days__endswith__gt=since).order_by(
            "days", "pk"
        )
    )


def coming_bookings(*, centre_ids: Iterable[int], now: datetime) -> list[RoomBooking]:
    """Bookings and requests written here that are not over; not those of agendas."""
    return list(
        RoomBooking.objects.filter(
            room__centre__in=list(centre_ids),
            source__isnull=True,
            state__in=[BookingState.CONFIRMED, BookingState.REQUESTED],
            period__endswith__gt=now,
        )
        .select_related("room__centre", "booked_by", "requested_by")
        .order_by("period", "pk")
    )


def requests_by(*, person_id: int, since: datetime) -> list[RoomBooking]:
    """What one person asked for, answered or not, soonest last; the reader's own."""
    return list(
        RoomBooking.objects.filter(requested_by=person_id, period__endswith__gt=since)
        .select_related("room__centre__place")
        .order_by("-period", "pk")[:30]
    )


def hours_asked(*, centre_ids: Iterable[int], today: date) -> list[ExtraHours]:
    """Hours that were asked of these centres and are not over, unanswered first."""
    return list(
        ExtraHours.objects.filter(
            centre__in=list(centre_ids),
            days__endswith__gt=today,
            state__in=[HoursState.ASKED, HoursState.GIVEN],
        )
        .select_related("centre", "room")
        .order_by("state", "weekday", "start", "pk")
    )


def hours_by_id(*, hours_ids: Iterable[int]) -> dict[int, ExtraHours]:
    """Hours that were asked, by key, with room and centre; one query, no person."""
    return ExtraHours.objects.select_related("centre", "room").in_bulk(list(hours_ids))


def room_with_centre(*, room_id: int) -> Room | None:
    """A room in use with its centre and owner; no person."""
    rooms = Room.objects.select_related("centre__place", "centre__organisation")
    return rooms.filter(pk=room_id, active=True).first()


def sources_of(*, centre_id: int) -> list[CalendarSource]:
    """The agendas of a centre's rooms, with how many coming hours each gave."""
    return list(
        CalendarSource.objects.filter(room__centre=centre_id)
        .select_related("room")
        .annotate(
            number=Count("bookings", filter=Q(bookings__period__endswith__gt=Now()))
        )
        .order_by("room__name", "kind")
    )


def centres_kept(*, organisation_ids: Iterable[int] | None) -> QuerySet[Centre]:
    """All centres of these owners (None: all), out of use too, with `rooms_in_use`.

    One query.
    """
    found = Centre.objects.select_related("place__municipality", "organisation")
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    in_use = Count("rooms", filter=Q(rooms__active=True))
    return found.annotate(rooms_in_use=in_use).order_by("name", "pk")


def rooms_kept(*, organisation_ids: Iterable[int] | None) -> QuerySet[Room]:
    """All rooms of these owners, out of use too, with centre and features; two
    queries."""
    found = Room.objects.select_related("centre__place").prefetch_related("features")
    if organisation_ids is not None:
        found = found.filter(centre__organisation__in=list(organisation_ids))
    return found.order_by("centre__name", "name", "pk")


def features_of_rooms(*, room_ids: Iterable[int]) -> dict[int, list[str]]:
    """Codes of what each of these rooms has; one query."""
    found: dict[int, list[str]] = {pk: [] for pk in room_ids}
    rows = Room.features.through.objects.filter(room__in=found).order_by("roomfeature")
    for room, feature in rows.values_list("room_id", "roomfeature_id"):
        found[room].append(feature)
    return found
