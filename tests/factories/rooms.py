"""Centres and rooms, all invented."""

from datetime import time

import factory
from factory.django import DjangoModelFactory

from rooms.models import (
    CalendarSource,
    Centre,
    Closure,
    ExtraHours,
    OpeningHours,
    Room,
    RoomBooking,
    RoomFeature,
    TravelTime,
)
from tests.factories.people import OrganisationFactory, PlaceFactory
from tests.factories.times import days, period


def feature(code: str = "step-free") -> RoomFeature:
    """A room feature by its code; one of the shipped ones, or a new one."""
    return RoomFeature.objects.get_or_create(
        code=code, defaults={"name_nl": code, "name_en": code}
    )[0]


class CentreFactory(DjangoModelFactory):
    class Meta:
        model = Centre

    code = factory.Sequence(lambda n: f"centre-{n}")
    name = factory.Sequence(lambda n: f"De Kruising {n}")
    kind = "neighbourhood-centre"
    organisation = factory.SubFactory(OrganisationFactory)
    place = factory.SubFactory(PlaceFactory)
    address = "Dorpsplein 1"
    lat = 52.255
    lon = 6.16


class OpeningHoursFactory(DjangoModelFactory):
    class Meta:
        model = OpeningHours

    centre = factory.SubFactory(CentreFactory)
    weekday = 2
    start = time(9)
    end = time(17)


class ClosureFactory(DjangoModelFactory):
    class Meta:
        model = Closure

    centre = factory.SubFactory(CentreFactory)
    days = factory.LazyFunction(lambda: days("2026-12-24", "2026-12-31"))


class RoomFactory(DjangoModelFactory):
    """A room of 12 seats; `features=["lift"]` adds features by code."""

    class Meta:
        model = Room
        skip_postgeneration_save = True

    centre = factory.SubFactory(CentreFactory)
    name = factory.Sequence(lambda n: f"Zaal {n}")
    capacity = 12

    @factory.post_generation
    def features(self, create: bool, codes: list[str] | None) -> None:
        if create and codes:
            self.features.set([feature(code) for code in codes])


class RoomBookingFactory(DjangoModelFactory):
    class Meta:
        model = RoomBooking

    room = factory.SubFactory(RoomFactory)
    period = factory.LazyFunction(lambda: period("2026-11-24 10:00"))
    state = "confirmed"


class TravelTimeFactory(DjangoModelFactory):
    class Meta:
        model = TravelTime

    from_place = factory.SubFactory(PlaceFactory)
    to_place = factory.SubFactory(PlaceFactory)
    minutes = 20


class CalendarSourceFactory(DjangoModelFactory):
    """An agenda that came as a file; it needs no address."""

    class Meta:
        model = CalendarSource

    room = factory.SubFactory(RoomFactory)
    kind = "file"


class ExtraHoursFactory(DjangoModelFactory):
    """A room that is asked for on Tuesday evenings in December 2026."""

    class Meta:
        model = ExtraHours

    centre = factory.SubFactory(CentreFactory)
    weekday = 2
    start = time(18)
    end = time(22)
    days = factory.LazyFunction(lambda: days("2026-12-01", "2026-12-31"))
