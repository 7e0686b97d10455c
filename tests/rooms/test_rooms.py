"""Centres, rooms, bookings, holidays and journeys."""

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from people.enums import SchoolRegion
from rooms import selectors, services
from rooms.holidays import holiday_dates
from rooms.models import OpeningHours, RoomBooking
from rooms.travel import estimated_minutes, kilometres
from tests.factories import (
    CentreFactory,
    ClosureFactory,
    MunicipalityFactory,
    OpeningHoursFactory,
    OrganisationFactory,
    PlaceFactory,
    RoomBookingFactory,
    RoomFactory,
    TravelTimeFactory,
    amsterdam,
    feature,
    period,
)
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


# --- what is refused --------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "weekday", "fits"),
    [
        (time(16, 59), time(18), 2, False),
        (time(10), time(11), 2, False),
        (time(17), time(18), 2, True),
        (time(10), time(11), 3, True),
    ],
)
def test_opening_hours_do_not_overlap(start, end, weekday: int, fits: bool) -> None:
    first = OpeningHoursFactory()
    row = OpeningHours(centre=first.centre, weekday=weekday, start=start, end=end)
    if fits:
        row.full_clean()
        row.save()
        assert first.centre.opening_hours.count() == 2
    else:
        with pytest.raises(ValidationError):
            row.full_clean()
        with refused_by("rooms_hours_no_overlap"):
            row.save()


@pytest.mark.parametrize("state", ["requested", "lapsed"])
def test_only_confirmed_bookings_exclude_each_other(state: str) -> None:
    first = RoomBookingFactory()
    RoomBookingFactory(room=first.room, state=state)
    RoomBookingFactory(room=first.room, period=period("2026-11-24 12:00"))
    RoomBookingFactory()
    with refused_by("rooms_booking_no_overlap"):
        RoomBookingFactory(room=first.room, period=period("2026-11-24 11:59"))
    with refused_by("rooms_booking_no_overlap"):
        RoomBooking.objects.filter(state=state).update(state="confirmed")


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: RoomFactory(capacity=0), "rooms_room_capacity"),
        (lambda: RoomFactory(changeover_minutes=241), "rooms_room_changeover"),
        (lambda: CentreFactory(lat=0), "rooms_centre_in_the_netherlands"),
        (lambda: TravelTimeFactory(minutes=601), "rooms_travel_minutes"),
        (
            lambda: OpeningHoursFactory(start=time(9), end=time(9)),
            "rooms_hours_end_after_start",
        ),
        (
            lambda: RoomBookingFactory(period=(amsterdam("2026-11-24 10:00"), None)),
            "rooms_booking_period",
        ),
        (
            lambda: ClosureFactory(days=(date(2026, 1, 1), date(2026, 1, 1))),
            "rooms_closure_days",
        ),
    ],
)
def test_rows_outside_their_bounds(make, name: str) -> None:
    with refused_by(name):
        make()


def test_room_names_are_used_once_in_a_centre() -> None:
    room = RoomFactory()
    RoomFactory(name=room.name)
    with refused_by("rooms_room_once"):
        RoomFactory(centre=room.centre, name=room.name)


def test_journey_is_between_two_places_once() -> None:
    written = TravelTimeFactory()
    with refused_by("rooms_travel_once"):
        TravelTimeFactory(from_place=written.from_place, to_place=written.to_place)
    with refused_by("rooms_travel_two_places"):
        TravelTimeFactory(from_place=written.from_place, to_place=written.from_place)


# --- services ------------------------------------------------------------------------


def test_centre_with_hours_room_and_booking(actor) -> None:
    centre = services.create_centre(
        actor=actor,
        code="de-kruising",
        name="De Kruising",
        kind="village-hall",
        organisation=OrganisationFactory(),
        place=PlaceFactory(),
        address="Dorpsplein 1",
        lat=52.2,
        lon=6.1,
    )
    services.set_opening_hours(
        actor=actor, centre=centre, hours=[(1, time(9), time(17))]
    )
    with pytest.raises(ValidationError):
        services.set_opening_hours(
            actor=actor,
            centre=centre,
            hours=[(2, time(9), time(12)), (2, time(11), time(13))],
        )
    assert centre.opening_hours.get().weekday == 1
    room = services.create_room(
        actor=actor,
        centre=centre,
        name="Zaal 1",
        capacity=10,
        features=[feature("lift")],
    )
    assert [one.code for one in room.features.all()] == ["lift"]
    assert AuditEvent.objects.filter(event_code="room.create").count() == 1


def test_booking_is_confirmed_unless_another_was(actor) -> None:
    first = RoomBookingFactory()
    asked = services.book_room(actor=actor, room=first.room, period=first.period)
    with pytest.raises(ValidationError):
        services.change_booking(actor=actor, booking=asked, state="confirmed")
    services.change_booking(actor=actor, booking=first, state="lapsed")
    services.change_booking(actor=actor, booking=asked, state="confirmed")
    asked.refresh_from_db()
    assert asked.state == "confirmed"


def test_closure_and_travel_time(actor) -> None:
    centre = CentreFactory()
    closure = services.add_closure(
        actor=actor, centre=centre, first=date(2026, 12, 24), last=date(2026, 12, 24)
    )
    closure.refresh_from_db()
    assert closure.days.upper == date(2026, 12, 25)
    with pytest.raises(ValidationError):
        services.add_closure(
            actor=actor, centre=centre, first=date(2026, 12, 2), last=date(2026, 12, 1)
        )
    one, other = PlaceFactory.create_batch(2)
    for minutes in (20, 25):
        written = services.set_travel_time(
            actor=actor, from_place=one, to_place=other, minutes=minutes
        )
    assert (one.travel_times_from.count(), written.minutes) == (1, 25)


# --- holidays ----------------------------------------------------------------------


def test_the_region_has_two_school_regions() -> None:
    """Autumn 2026: North 10-18 October, Central 17-25 October (the decree)."""
    deventer = MunicipalityFactory()
    voorst = MunicipalityFactory(
        code="GM0285", name="Voorst", school_region=SchoolRegion.MIDDEN
    )

    def october(municipality) -> tuple[date, date]:
        found = holiday_dates(municipality=municipality, years=[2026], school=True)
        autumn = [day for day in found if day.month == 10]
        return autumn[0], autumn[-1]

    assert october(deventer) == (date(2026, 10, 10), date(2026, 10, 18))
    assert october(voorst) == (date(2026, 10, 17), date(2026, 10, 25))


def test_public_holidays_of_2026_and_2027() -> None:
    found = holiday_dates(municipality=MunicipalityFactory(), years=[2027, 2026])
    assert found[date(2026, 4, 27)] == "Koningsdag"
    assert date(2027, 12, 25) in found
    assert date(2026, 5, 5) not in found
    assert {day.year for day in found} == {2026, 2027}


def test_a_centre_keeps_the_holidays_it_says_it_keeps() -> None:
    christmas = (date(2026, 12, 23), date(2026, 12, 27))

    def closed(**keeps) -> list[int]:
        centre = CentreFactory(**keeps)
        ClosureFactory(centre=centre)  # 24 to 31 December
        days = selectors.closed_dates(
            centre=centre, first=christmas[0], last=christmas[1]
        )
        return sorted(day.day for day in days)

    assert closed(closes_on_public_holidays=False) == [24, 25, 26, 27]
    assert closed(closes_on_school_holidays=True) == [23, 24, 25, 26, 27]
    public = selectors.closed_dates(
        centre=CentreFactory(), first=christmas[0], last=christmas[1]
    )
    assert public == {date(2026, 12, 25), date(2026, 12, 26)}


def test_a_closure_counts_only_inside_the_period() -> None:
    centre = ClosureFactory().centre
    first = date(2026, 12, 30)
    days = selectors.closed_dates(centre=centre, first=first, last=date(2027, 1, 2))
    assert days == {first, date(2026, 12, 31), date(2027, 1, 1)}


# --- journeys ------------------------------------------------------------------------


def test_distance_deventer_raalte() -> None:
    """16.6 km as the crow flies, from the coordinates of both stations' towns."""
    deventer = PlaceFactory(lat=52.2550, lon=6.1639)
    raalte = PlaceFactory(lat=52.3858, lon=6.2750)
    assert kilometres(deventer, raalte) == pytest.approx(16.4, abs=0.3)
    assert 25 <= estimated_minutes(deventer, raalte, "car") <= 35
    by_bicycle = estimated_minutes(deventer, raalte, "bicycle")
    assert by_bicycle > estimated_minutes(deventer, raalte, "car")


def test_unknown_way_of_travelling_is_named() -> None:
    place = PlaceFactory()
    with pytest.raises(ValueError, match="balloon"):
        estimated_minutes(place, place, "balloon")


@pytest.mark.parametrize("number", [1, 3])
def test_matrix_is_one_query_and_written_minutes_win(
    number: int, django_assert_num_queries
) -> None:
    places = [PlaceFactory(lat=52.2 + n / 10) for n in range(number + 1)]
    TravelTimeFactory(from_place=places[0], to_place=places[1], minutes=7)
    TravelTimeFactory(from_place=places[0], minutes=9)
    with django_assert_num_queries(1):
        minutes = selectors.travel_minutes_matrix(places=places)
    one, other = places[0].pk, places[1].pk
    assert len(minutes) == (number + 1) ** 2
    assert (minutes[one, one], minutes[one, other], minutes[other, one]) == (0, 7, 7)


def test_the_way_back_can_be_written_apart_and_bicycles_are_estimated() -> None:
    places = [PlaceFactory(lat=52.2), PlaceFactory(lat=52.3)]
    there, back = places[0].pk, places[1].pk
    TravelTimeFactory(from_place=places[0], to_place=places[1], minutes=7)
    TravelTimeFactory(from_place=places[1], to_place=places[0], minutes=9)
    by_car = selectors.travel_minutes_matrix(places=places)
    assert (by_car[there, back], by_car[back, there]) == (7, 9)
    by_bicycle = selectors.travel_minutes_matrix(places=places, mode="bicycle")
    assert by_bicycle[there, back] > 9


# --- facts ---------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_room_facts_take_a_fixed_number_of_queries(
    number: int, django_assert_num_queries
) -> None:
    for _n in range(number):
        room = RoomFactory(features=["lift"])
        OpeningHoursFactory(centre=room.centre)
        ClosureFactory(centre=room.centre)
        RoomBookingFactory(room=room)
        RoomBookingFactory(room=room, state="requested")
        RoomBookingFactory(room=room, state="lapsed")
        RoomBookingFactory(room=room, period=period("2027-01-01 10:00"))
    RoomFactory(active=False)
    RoomFactory(centre__active=False)
    start, end = amsterdam("2026-11-23 00:00"), amsterdam("2026-11-30 00:00")
    with django_assert_num_queries(7):
        found = selectors.planning_rooms(start=start, end=end)
        for room in found:
            assert len(room.bookings_then) == 2
            assert [one.code for one in room.features.all()] == ["lift"]
            assert len(room.centre.opening_hours.all()) == 1
            assert (
                selectors.closed_dates(
                    centre=room.centre, first=start.date(), last=end.date()
                )
                == set()
            )
    assert len(found) == number


def test_lists_of_centres_and_rooms() -> None:
    room = RoomFactory()
    RoomFactory()
    owner = room.centre.organisation_id
    assert list(selectors.centres(organisation_ids=[owner])) == [room.centre]
    assert list(selectors.rooms_of(centre_ids=[room.centre_id])) == [room]
    assert selectors.centres().count() == selectors.rooms_of().count() == 2
    assert feature("lift") in selectors.features()


def test_rooms_in_short_say_where_they_are_in_order_with_one_query(
    django_assert_num_queries: Any,
) -> None:
    two = RoomFactory(name="B")
    one = RoomFactory(name="A", centre=two.centre)
    RoomFactory(active=False)
    with django_assert_num_queries(1):
        found = selectors.rooms_in_short()
    town = one.centre.place.municipality
    assert [(room.id, room.name) for room in found] == [(one.pk, "A"), (two.pk, "B")]
    assert found[0][2:] == (
        one.capacity, one.centre_id, one.centre.name, town.pk, town.name
    )  # fmt: skip
