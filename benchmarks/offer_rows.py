"""Invented rows for the measuring of the offer: a large catalogue, a crowd."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from courses.models import (
    Enrolment,
    Offering,
    Registration,
    RegistrationChoice,
    Series,
    Session,
    Theme,
)
from people.models import (
    AvailabilityWindow,
    Municipality,
    Organisation,
    Person,
    Place,
    Resident,
    RoleMembership,
    User,
)
from rooms.models import Centre, Room, RoomFeature

KINDS = ("recovery_course", "peer_group", "drop_in", "group_treatment")
TEXT = (
    "U leert in kleine stappen wat u zelf kunt doen. We werken met uw eigen "
    "voorbeelden, in uw eigen tempo. De begeleiders hebben het zelf meegemaakt. "
    "U hoeft niets te vertellen. Na iedere keer krijgt u een blad mee naar huis."
)
TOWNS = 30


def catalogue(*, series: int, offerings: int, sessions: int, waiting: int) -> None:
    """A catalogue of so many series, with people in them and people who wait."""
    draws = random.Random(7)  # noqa: S311 (invented data, equal for each run)
    rooms = _rooms()
    themes = Theme.objects.bulk_create(
        Theme(code=f"thema-{n}", name_nl=f"Onderwerp {n}") for n in range(22)
    )
    organisation = Organisation.objects.first()
    offers = Offering.objects.bulk_create(
        Offering(
            code=f"aanbod-{n}",
            kind=KINDS[n % 4],
            title_nl=f"Cursus of groep nummer {n}",
            summary_nl=TEXT,
            organisation=organisation,
            size_min=4,
            size_max=10,
            sessions_count=sessions if n % 4 != 1 else None,
            session_minutes=120,
            norm_days=70,
            closed_after_session=2 if n % 4 == 0 else None,
        )
        for n in range(offerings)
    )
    link = Offering.themes.through
    link.objects.bulk_create(
        link(offering_id=one.pk, theme_id=draws.choice(themes).pk) for one in offers
    )
    made = [_series(n, offers, rooms, draws) for n in range(series)]
    Series.objects.bulk_create(made, batch_size=500)
    Session.objects.bulk_create(
        (one for each in made for one in _sessions(each, sessions)), batch_size=2000
    )
    people = residents(series * 2 + waiting)
    asking = registrations(people)
    seats = [
        Enrolment(registration=one, resident=one.resident, series=made[n % series])
        for n, one in enumerate(asking[waiting:])
    ]
    Registration.objects.filter(pk__in=[seat.registration.pk for seat in seats]).update(
        state="placed"
    )
    Enrolment.objects.bulk_create(seats, batch_size=1000)
    RegistrationChoice.objects.bulk_create(
        RegistrationChoice(registration=one, rank=1, offering=draws.choice(offers))
        for one in asking[:waiting]
    )


def _rooms() -> list[Room]:
    organisation = Organisation.objects.create(
        code="de-brug", name="De Brug", kind="welfare"
    )
    town = Municipality.objects.create(
        code="GM9999", name="Middenland", school_region="Noord"
    )
    places = Place.objects.bulk_create(
        Place(
            name=f"Dorp {n:02}",
            municipality=town,
            lat=52.2 + n / 100,
            lon=6.1 + (n % 5) / 50,
            source="benchmark",
        )
        for n in range(TOWNS)
    )
    centres = Centre.objects.bulk_create(
        Centre(
            code=f"huis-{n}",
            name=f"Buurthuis {n}",
            place=place,
            organisation=organisation,
            address=f"Dorpsstraat {n}",
            lat=place.lat,
            lon=place.lon,
        )
        for n, place in enumerate(places)
    )
    # A room for each series: equal hours in one room would be refused.
    rooms = Room.objects.bulk_create(
        Room(centre=centres[n % TOWNS], name=f"Zaal {n}", capacity=16)
        for n in range(2500)
    )
    step_free, _made = RoomFeature.objects.get_or_create(
        code="step-free", defaults={"name_nl": "Zonder trap", "name_en": "No steps"}
    )
    link = Room.features.through
    link.objects.bulk_create(
        link(room_id=room.pk, roomfeature_id=step_free.pk) for room in rooms[::2]
    )
    return rooms


def _series(n: int, offers: list[Any], rooms: list[Room], draws: Any) -> Series:
    day = timezone.localdate() + timedelta(days=1 + draws.randrange(14))
    return Series(
        offering=offers[n % len(offers)],
        state="published",
        weekday=day.isoweekday(),
        start_time=time(draws.choice((9, 13, 19))),
        first_date=day,
        room=rooms[n],
    )


def _sessions(series: Series, number: int) -> list[Session]:
    if series.first_date is None or series.start_time is None:
        raise ValueError("a series with sessions has a first day and an hour")
    start = timezone.make_aware(datetime.combine(series.first_date, series.start_time))
    return [
        Session(
            series=series,
            number=week + 1,
            room=series.room,
            period=DateTimeTZRange(
                start + timedelta(weeks=week),
                start + timedelta(weeks=week, hours=2),
            ),
        )
        for week in range(number)
    ]


def residents(number: int) -> list[Resident]:
    """So many residents, each with an account and two half-days a week."""
    place = Place.objects.first()
    first = User.objects.count()
    users = User.objects.bulk_create(
        (User(email=f"p{first + n}@example.org") for n in range(number)),
        batch_size=1000,
    )
    RoleMembership.objects.bulk_create(
        (RoleMembership(user=user, role="resident") for user in users), batch_size=1000
    )
    persons = Person.objects.bulk_create(
        (
            Person(
                user=user,
                call_name=f"Deelnemer {n}",
                contact_address=user.email,
                place=place,
            )
            for n, user in enumerate(users)
        ),
        batch_size=1000,
    )
    AvailabilityWindow.objects.bulk_create(
        (
            AvailabilityWindow(person=one, weekday=day, start=time(8), end=time(22))
            for n, one in enumerate(persons)
            for day in (1 + n % 7, 1 + (n + 3) % 7)
        ),
        batch_size=2000,
    )
    return Resident.objects.bulk_create(
        (Resident(person=one) for one in persons), batch_size=1000
    )


def registrations(people: list[Resident]) -> list[Registration]:
    """One that waits for each of these residents."""
    now = timezone.now()
    return Registration.objects.bulk_create(
        (
            Registration(
                resident=one,
                registered_at=now - timedelta(days=n % 90, minutes=n),
                norm_date=timezone.localdate(),
            )
            for n, one in enumerate(people)
        ),
        batch_size=1000,
    )


def one_group(*, seats: int) -> Series:
    """A published group of so many seats."""
    (room, *_others) = _rooms()
    offering = Offering.objects.create(
        code="drukte",
        kind="peer_group",
        title_nl="Een groep waar iedereen heen wil",
        organisation=Organisation.objects.get(),
        size_min=1,
        size_max=seats,
        session_minutes=90,
        norm_days=70,
    )
    day = timezone.localdate() + timedelta(days=7)
    series = Series.objects.create(
        offering=offering,
        state="published",
        weekday=day.isoweekday(),
        start_time=time(10),
        first_date=day,
        room=room,
    )
    Session.objects.bulk_create(_sessions(series, 8))
    return series
