"""A finding of the check is mended where it stands, and is gone at the next look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from people.enums import Role
from scheduling.forms_mend import FORMS
from scheduling.services.mends import MENDS
from scheduling.solver.doctor import CHECKS
from tests.factories import (
    AvailabilityWindowFactory,
    EnrolmentFactory,
    FacilitatorFactory,
    OfferingFactory,
    OfferingStaffNeedFactory,
    PersonFactory,
    PlaceFactory,
    QualificationFactory,
    RegistrationFactory,
    ResidentFactory,
    RoomFactory,
    SeriesFactory,
    SeriesWindowFactory,
    UserFactory,
)
from tests.scheduling.rows import a_leader, a_room, asks_for, running
from tests.scheduling.views.conftest import SECRET, WEEK
from tests.web.html import faults

pytestmark = pytest.mark.django_db

FREE = {"days": ["1", "2"], "parts": ["morning", "afternoon"], "asked": "on"}
Case = tuple[Any, dict[str, Any]]


def a_course(**fields: Any) -> Any:
    """A series to be planned of two meetings that one expert leads."""
    offering = OfferingFactory(**({"sessions_count": 2, "size_min": 1} | fields))
    OfferingStaffNeedFactory(offering=offering)
    return SeriesFactory(offering=offering)


def a_resident(**fields: Any) -> Any:
    person = PersonFactory(call_name=SECRET, place=fields.pop("place", PlaceFactory()))
    return ResidentFactory(person=person, travel_mode="car", **fields)


def asks(series: Any, **fields: Any) -> Any:
    return asks_for(series, resident=a_resident(**fields))


def nobody_may_lead() -> Case:
    a_room()
    series = a_course()
    need = series.offering.staff_needs.get()
    need.qualification = QualificationFactory()
    need.save()
    asks(series)
    return series, {"leader": str(a_leader("trainer").pk)}


def no_hours_fit() -> Case:
    a_room(), a_leader()
    series = a_course()
    SeriesWindowFactory(series=series, start=time(9), end=time(9, 30))
    asks(series)
    return series, {"days": ["2"], "start": "09:00", "end": "17:00"}


def too_few() -> Case:
    a_room(), a_leader()
    series = a_course(size_min=6)
    asks(series)
    return series, {"smallest": "1"}


def never_open() -> Case:
    room = RoomFactory()
    asks(a_course())
    return room, {"days": ["1", "2"], "start": "09:00", "end": "17:00"}


def too_small() -> Case:
    a_leader()
    room = a_room(capacity=1)
    asks(a_course())
    return room, {"capacity": "20"}


def leader_never_free() -> Case:
    a_room()
    asks(a_course())
    return FacilitatorFactory(), FREE


def leader_too_short() -> Case:
    a_room()
    asks(a_course())
    leader = FacilitatorFactory()
    AvailabilityWindowFactory(person=leader.person, start=time(9), end=time(9, 30))
    return leader, FREE


def leader_too_little() -> Case:
    a_room()
    asks(a_course())
    leader = a_leader(max_minutes_per_week=60, max_block_minutes=60)
    return leader, {"minutes": "120", "asked": "on"}


def asks_for_nothing() -> Case:
    a_room(), a_leader()
    series = a_course()
    asks(series)
    one = RegistrationFactory(resident=a_resident())
    return one, {"offering": str(series.offering.pk), "asked": "on"}


def meets_nothing() -> Case:
    a_room(), a_leader()
    one = asks(a_course())
    AvailabilityWindowFactory(
        person=one.resident.person, weekday=7, start=time(9), end=time(12)
    )
    return one, FREE


def too_far() -> Case:
    a_room(), a_leader()
    place = PlaceFactory(lat=52.36, lon=6.16)
    one = asks(a_course(), place=place, travel_limit_minutes=10)
    return one, {"minutes": "60", "asked": "on"}


def member_already() -> Case:
    group = running("2026-12-01 10:00", leaders=[a_leader()], members=6)
    one = asks(group)
    EnrolmentFactory(
        series=group,
        registration=RegistrationFactory(resident=one.resident, state="placed"),
    )
    return one, {"other": str(group.pk)}


CASES: dict[str, Callable[[], Case]] = {
    "series-without-leader": nobody_may_lead,
    "series-without-window": no_hours_fit,
    "series-too-few-interested": too_few,
    "room-without-opening": never_open,
    "room-never-suits": too_small,
    "facilitator-without-availability": leader_never_free,
    "facilitator-shift-too-short": leader_too_short,
    "facilitator-load-too-small": leader_too_little,
    "registration-without-choices": asks_for_nothing,
    "registration-never-free": meets_nothing,
    "registration-too-far": too_far,
    "registration-already-member": member_already,
}


def address(check: str, row: Any) -> str:
    return reverse("scheduling:mend", args=[WEEK, check, str(row.pk)])


def page(client: Client, kind: str = "periode") -> str:
    answer = client.get(
        reverse("scheduling:checkup", args=[WEEK]), {"soort": kind} if kind else {}
    )
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


@pytest.mark.parametrize("check", sorted(CASES))
def test_what_was_found_is_gone_when_it_was_mended(
    signed_in: Client, check: str
) -> None:
    row, facts = CASES[check]()
    kind = "" if check == "registration-already-member" else "periode"
    action = f'action="{address(check, row)}"'
    assert action in page(signed_in, kind)
    answer = signed_in.post(address(check, row), facts | {"soort": kind})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].endswith(f"#{check}")
    assert action not in page(signed_in, kind)
    assert AuditEvent.objects.filter(action="U").exists()


@pytest.mark.parametrize("check", sorted(CASES))
def test_an_empty_form_changes_nothing_and_says_what_is_missing(
    signed_in: Client, check: str
) -> None:
    row, _facts = CASES[check]()
    answer = signed_in.post(address(check, row), {})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html


def test_every_form_belongs_to_a_check_and_has_its_mend() -> None:
    assert set(FORMS) == set(MENDS)
    assert set(FORMS) <= {check.id for check in CHECKS}
    assert len(CASES) >= 8


def test_a_faster_pace_is_kept(signed_in: Client) -> None:
    one = a_resident(pace_per_week=1)
    path = reverse(
        "scheduling:mend", args=[WEEK, "person-over-pace", str(one.person_id)]
    )
    assert signed_in.post(path, {"pace": "3", "asked": "on"}).status_code == 302
    one.refresh_from_db()
    assert one.pace_per_week == 3


@pytest.mark.parametrize(
    ("check", "key"),
    [
        ("series-without-leader", "nonsense"),
        ("person-over-pace", "nonsense"),
        ("no-such-check", "1"),
        ("seats-short", "1"),
    ],
)
def test_what_cannot_be_mended_is_not_found(
    signed_in: Client, check: str, key: str
) -> None:
    leader = FacilitatorFactory()
    facts = {"leader": str(leader.pk), "pace": "3", "asked": "on"}
    path = reverse("scheduling:mend", args=[WEEK, check, key])
    assert signed_in.post(path, facts).status_code == 404


def test_only_who_plans_the_region_mends(client: Client) -> None:
    row, facts = leader_never_free()
    client.force_login(
        UserFactory(role=Role.COORDINATOR, organisation=row.organisation)
    )
    path = address("facilitator-without-availability", row)
    assert client.post(path, facts).status_code == 403
    assert not row.person.windows.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_forms_cost_no_query_each(signed_in: Client, many: int) -> None:
    for _ in range(many):
        nobody_may_lead()
        asks_for_nothing()
    signed_in.get(reverse("scheduling:checkup", args=[WEEK]), {"soort": "periode"})
    with CaptureQueriesContext(connection) as asked:
        page(signed_in)
    assert len(asked) <= 55
