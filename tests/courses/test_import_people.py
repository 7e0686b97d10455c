"""Sheets about people that stand beside others: relatives, and other days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from courses.imports.faults import FaultyRegion
from courses.imports.loading import load_region
from people.models import AvailabilityException, Relative
from tests.courses.region_tables import as_tables, example, spoiled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_a_relative_is_a_person_of_one_resident_only_once(actor) -> None:
    lines = example()
    lines["relatives"][0]["joins_conversation"] = "no"
    load_region(tables=as_tables(lines), actor=actor)
    again = load_region(tables=as_tables(lines), actor=actor)
    assert (again.added, again.changed) == (0, 0)
    (relative,) = Relative.objects.all()
    assert relative.person.reference == "p-sanne"
    assert relative.resident.person.reference == "p-noor"
    assert relative.joins_conversation is False


def test_a_leader_may_be_somebodys_relative(actor) -> None:
    lines = example()
    leader = lines["facilitators"][0]
    lines["relatives"][0] |= {"code": leader["code"], "call_name": "Iemand"}
    load_region(tables=as_tables(lines), actor=actor)
    (relative,) = Relative.objects.all()
    assert relative.person.call_name == leader["call_name"]
    assert relative.joins_conversation is True


def test_exceptions_are_days_both_included_and_replaced_as_a_whole(actor) -> None:
    lines = example()
    load_region(tables=as_tables(lines), actor=actor)
    (week,) = AvailabilityException.objects.all()
    assert (week.days.lower, week.days.upper) == (date(2027, 3, 1), date(2027, 3, 6))
    assert (week.available, week.start) == (False, None)
    lines["exceptions"][0] |= {
        "last_day": "2027-03-01",
        "start": "09:00",
        "end": "12:00",
        "available": "yes",
    }
    load_region(tables=as_tables(lines), actor=actor)
    (day,) = AvailabilityException.objects.all()
    assert (day.days.upper, day.available) == (date(2027, 3, 2), True)


def test_an_exception_with_half_its_times_is_named(actor) -> None:
    with pytest.raises(FaultyRegion) as caught:
        load_region(tables=spoiled("exceptions", "start", "09:00"), actor=actor)
    (fault,) = caught.value.faults
    assert fault.sheet == "exceptions"
    assert "both a start and a later end" in str(fault.wrong) + str(fault.right)
