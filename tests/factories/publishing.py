"""Rows of publishing: releases and what they changed of whole groups."""

from __future__ import annotations

from datetime import date

import factory
from factory.django import DjangoModelFactory

from publishing.models import ChangedGroup, ChangedSeat, Release
from scheduling.models import Schedule
from tests.factories.courses import RegistrationFactory, SeriesFactory


class ScheduleFactory(DjangoModelFactory):
    """An archived week of long ago; several may lie in one period."""

    class Meta:
        model = Schedule

    first_date = date(2026, 1, 5)
    last_date = date(2026, 1, 11)
    state = "archived"


class ReleaseFactory(DjangoModelFactory):
    class Meta:
        model = Release

    schedule = factory.SubFactory(ScheduleFactory)


class ChangedGroupFactory(DjangoModelFactory):
    class Meta:
        model = ChangedGroup

    release = factory.SubFactory(ReleaseFactory)
    series = factory.SubFactory(SeriesFactory)
    was = {"state": "running"}
    now = {"state": "cancelled"}


class ChangedSeatFactory(DjangoModelFactory):
    class Meta:
        model = ChangedSeat

    release = factory.SubFactory(ReleaseFactory)
    registration = factory.SubFactory(RegistrationFactory)
