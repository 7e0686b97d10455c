"""A problem file says nothing of who is behind it; its cost in reads is fixed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from courses.kinds import OfferingKind
from people.models import Person
from scheduling.adapters.codes import Codes
from scheduling.models import SeriesPin
from scheduling.solver import snapshot
from tests.factories import (
    AvailabilityExceptionFactory,
    AvailabilityWindowFactory,
    CertificateFactory,
    KeepPairFactory,
    LeaveFactory,
    OfferingStaffNeedFactory,
    RoomBookingFactory,
    SeriesFactory,
    ThemeFactory,
    amsterdam,
    feature,
    period,
)
from tests.scheduling.rows import (
    a_conversation,
    a_group,
    a_leader,
    a_room,
    asks_for,
    running,
    term,
    week,
)

pytestmark = pytest.mark.django_db


def one_of_everything(number: int) -> None:
    """A running group, a series to plan, a conversation, people, rooms and leaders."""
    hour = 9 + 2 * number
    start = f"2026-12-01 {hour:02}:00"
    room = a_room(features=["step-free", f"feature-{number}"])
    leader = a_leader()
    CertificateFactory(facilitator=leader)
    LeaveFactory(facilitator=leader)
    AvailabilityExceptionFactory(person=leader.person)
    RoomBookingFactory(room=room, period=period("2026-12-04 10:00"))
    theme = ThemeFactory(name_nl="Rouw en verlies")
    offering = a_group(title_nl="Leven met angst", organisation=leader.organisation)
    offering.themes.add(theme)
    offering.required_features.add(feature("step-free"))
    OfferingStaffNeedFactory(offering=offering)
    series = running(start, room=room, leaders=[leader], offering=offering, members=2)
    planned = SeriesFactory(offering=a_group(), room=room)
    planned.preferred_leaders.add(leader)
    SeriesPin.objects.create(series=planned, room=room)
    SeriesFactory(offering=a_conversation())
    one, other = asks_for(series), asks_for(planned)
    AvailabilityWindowFactory(person=one.resident.person)
    pair = sorted(
        (one.resident.person, other.resident.person), key=lambda person: person.pk
    )
    KeepPairFactory(person_a=pair[0], person_b=pair[1])


def queries(load: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        load()
    return len(captured)


def to_plan() -> Any:
    """A week as it is read for a plan, with what people have on other dates."""
    return week(now=amsterdam("2026-11-29 12:00"))


@pytest.mark.parametrize("load", [week, term, to_plan])
def test_reading_costs_the_same_for_one_and_for_three(load: Any) -> None:
    one_of_everything(0)
    load()
    once = queries(load)
    for number in (1, 2):
        one_of_everything(number)
    assert queries(load) == once


def test_no_name_kind_or_word_about_health_is_in_the_file() -> None:
    one_of_everything(0)
    text = json.dumps(snapshot.problem_to_dict(week().problem)).lower()
    words = {person.call_name for person in Person.objects.all()}
    words |= {person.contact_address for person in Person.objects.all()}
    words |= {kind.value for kind in OfferingKind} | {"leven met angst", "rouw"}
    words |= {"expert_by_experience", "step-free", "wrap", "zaal", "kruising", "7411"}
    assert [word for word in sorted(words) if word.lower() in text] == []


def test_ids_are_made_for_one_run_and_are_no_row_numbers() -> None:
    things = [f"thing {number}" for number in range(20)]
    seen = [tuple(Codes("r", things).rows().items()) for _ in range(4)]
    assert len(set(seen)) > 1
    assert all(sorted(dict(one).values()) == sorted(things) for one in seen)


def test_each_kind_of_reading_is_in_the_log() -> None:
    one_of_everything(0)
    before = AuditEvent.objects.count()
    week()
    codes = AuditEvent.objects.order_by("pk").values_list("event_code", flat=True)
    assert sorted(codes[before:]) == [
        "facilitator.facts.read",
        "pair.read",
        "registration.read",
        "resident.facts.read",
        "series.members.read",
    ]
