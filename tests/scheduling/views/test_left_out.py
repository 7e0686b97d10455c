"""Who has no seat and why: numbers and reasons, never a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from people.enums import Role
from scheduling.messages import (
    CHECKED,
    GROUP,
    NOT_FINISHED,
    NOT_FINISHED_TAG,
    NOTHING_ASKED,
    NOTHING_ASKED_TAG,
    PERHAPS_FEWER,
    RULES,
)
from scheduling.models import LeftOut, ScheduledSeries
from tests.factories import (
    OfferingFactory,
    PlaceFactory,
    RegistrationChoiceFactory,
    SeriesFactory,
    UserFactory,
    reason_code,
)
from tests.scheduling.views.conftest import (
    SECRET,
    WEEK,
    a_schedule,
    left_out,
    room_in_use,
)
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def page(client: Client, schedule: object, query: str = "") -> str:
    answer = client.get(f"/rooster/{schedule.pk}/zonder-plek/{query}")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


def wrap() -> object:
    return SeriesFactory(offering=OfferingFactory(title_nl="WRAP in Raalte"))


def test_each_person_is_a_number_with_place_waiting_time_and_reasons(
    signed_in: Client,
) -> None:
    schedule = a_schedule()
    row = left_out(schedule, (wrap(), ["group-size", "facilitator-qualification"]))
    registration = row.registration
    registration.registered_at = WEEK.start - timedelta(days=35)
    registration.norm_date = WEEK.monday - timedelta(days=7)
    registration.save()
    person = registration.resident.person
    person.place = PlaceFactory(name="Olst")
    person.save()
    html = page(signed_in, schedule)
    assert str(registration.resident_id) in html
    assert "Olst" in html
    assert "WRAP in Raalte" in html
    for rule in ("group-size", "facilitator-qualification"):
        assert str(RULES[rule].why) in html
        assert str(RULES[rule].tag) in html
    assert "gem-bad-text" in html


def test_who_is_within_the_norm_is_not_late(signed_in: Client) -> None:
    schedule = a_schedule()
    row = left_out(schedule, (wrap(), ["group-size"]))
    row.registration.norm_date = WEEK.monday + timedelta(days=1)
    row.registration.save()
    assert "gem-bad-text" not in page(signed_in, schedule)


def test_who_asked_for_what_is_not_there_has_a_sentence_of_its_own(
    signed_in: Client,
) -> None:
    schedule = a_schedule()
    row = left_out(schedule)
    RegistrationChoiceFactory(
        registration=row.registration,
        offering=OfferingFactory(title_nl="Beter slapen"),
    )
    html = page(signed_in, schedule)
    assert str(NOTHING_ASKED) in html
    assert "Beter slapen" in html


def test_who_no_rule_keeps_out_is_not_told_that_nothing_is_offered(
    signed_in: Client,
) -> None:
    schedule = a_schedule()
    row = left_out(schedule, (wrap(), []))
    html = page(signed_in, schedule, "?reden=open")
    assert f"{row.registration.resident_id}</h2>" in html
    assert str(NOT_FINISHED) in html
    assert str(NOT_FINISHED_TAG) in html
    assert str(NOTHING_ASKED) not in html
    assert str(NOTHING_ASKED_TAG) not in html


def test_reasons_are_counted_and_can_be_chosen(signed_in: Client) -> None:
    schedule = a_schedule()
    series = wrap()
    full = left_out(schedule, (series, ["group-size"]))
    far = left_out(schedule, (series, ["resident-travel"]))
    html = page(signed_in, schedule, "?reden=resident-travel")
    assert f"{far.registration.resident_id}</h2>" in html
    assert f"{full.registration.resident_id}</h2>" not in html
    path = f'href="/rooster/{schedule.pk}/zonder-plek/'
    assert html.count(f"{path}?reden=") == 1  # the other one: this one is chosen
    assert f'{path}"' in html


def test_series_alike_are_told_once(signed_in: Client) -> None:
    schedule = a_schedule()
    left_out(schedule, *[(wrap(), ["group-size"]) for _ in range(3)])
    html = page(signed_in, schedule)
    assert html.count(str(RULES["group-size"].why)) == 1
    assert html.count("WRAP in Raalte") == 1


def test_groups_that_do_not_start_are_listed(signed_in: Client) -> None:
    schedule = a_schedule()
    series = wrap()
    ScheduledSeries.objects.create(
        schedule=schedule, series=series, held=False, seen_at=series.last_modified
    )
    left_out(schedule, (series, ["group-size"]))
    html = page(signed_in, schedule)
    assert 'id="not-held"' in html


def test_nobody_left_out_says_so(signed_in: Client) -> None:
    assert "gem-empty" in page(signed_in, a_schedule())


def test_queries_stay_the_same_and_pages_hold_25(signed_in: Client) -> None:
    schedule = a_schedule()
    address = f"/rooster/{schedule.pk}/zonder-plek/"
    counts = []
    for many in (1, 2, 40):
        for _ in range(many):
            left_out(schedule, (wrap(), ["group-size"]))
        with CaptureQueriesContext(connection) as seen:
            html = signed_in.get(address).content.decode()
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert html.count('class="gem-leftout"') == 25
    assert "page=2" in html


def test_the_list_is_logged_with_everybody_on_it(signed_in: Client) -> None:
    schedule = a_schedule()
    rows = [left_out(schedule, (wrap(), ["group-size"])) for _ in range(2)]
    page(signed_in, schedule)
    event = AuditEvent.objects.get(event_code="registration.list")
    assert set(event.subject_ids) == {
        str(row.registration.resident.person_id) for row in rows
    }


def test_a_coordinator_of_one_organisation_sees_its_own_people(client: Client) -> None:
    schedule = a_schedule()
    own = left_out(schedule, (wrap(), ["group-size"]))
    other = left_out(schedule, (wrap(), ["resident-travel"]))
    organisation = own.registration.resident.person.organisation
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=organisation))
    html = page(client, schedule)
    assert f"{own.registration.resident_id}</h2>" in html
    assert f"{other.registration.resident_id}</h2>" not in html
    assert LeftOut.objects.count() == 2


def test_why_somebody_is_seen_alone_is_for_coordinators(client: Client) -> None:
    schedule = a_schedule()
    row = left_out(schedule, (wrap(), ["group-size"]))
    registration = row.registration
    registration.one_to_one_reason = reason_code("language")
    registration.reason_by, registration.reason_at = UserFactory(), timezone.now()
    registration.save()
    shown = {}
    for role in (Role.COORDINATOR, Role.FUNCTIONAL_ADMINISTRATOR):
        client.force_login(UserFactory(role=role))
        shown[role] = "Reden voor één-op-één" in page(client, schedule)
    assert shown == {Role.COORDINATOR: True, Role.FUNCTIONAL_ADMINISTRATOR: False}


def test_what_would_help_is_said_beside_each_reason(signed_in: Client) -> None:
    schedule = a_schedule()
    series, other, room = wrap(), wrap(), room_in_use()
    row = left_out(schedule, (series, ["resident-travel"]))
    row.reasons[0]["ways"] = [
        {"changes": [{"kind": "travel", "km": 7}], "seats": 1},
        {
            "changes": [
                {"kind": "new-room", "weekday": 1, "part": 2, "room": str(room.pk)}
            ],
            "seats": 6,
        },
        {"changes": [{"kind": "choice", "series": str(other.pk)}], "seats": 1},
    ]
    row.save()
    html = page(signed_in, schedule)
    assert "7 km" in html
    assert room.centre.place.name in html
    assert html.count("WRAP in Raalte") == 3  # also in the label of its button


def test_why_something_is_not_held_and_what_would_help(signed_in: Client) -> None:
    schedule = a_schedule()
    ScheduledSeries.objects.create(
        schedule=schedule,
        series=wrap(),
        held=False,
        seen_at=WEEK.start,
        why={
            "rules": ["group-size", "resident-travel"],
            "ways": [{"changes": [{"kind": "smaller-start", "seats": 2}], "seats": 4}],
        },
    )
    html = page(signed_in, schedule)
    for rule in ("group-size", "resident-travel"):
        assert str(GROUP[rule]) in html


@pytest.mark.parametrize("many", [1, 3])
def test_what_would_help_costs_no_query_a_person(signed_in: Client, many: int) -> None:
    schedule = a_schedule()
    for _ in range(many):
        row = left_out(schedule, (wrap(), ["resident-travel"]))
        change = {"kind": "choice", "series": str(wrap().pk)}
        row.reasons[0]["ways"] = [{"changes": [change], "seats": 1}]
        row.save()
    signed_in.get(f"/rooster/{schedule.pk}/zonder-plek/")
    with CaptureQueriesContext(connection) as asked:
        page(signed_in, schedule)
    assert len(asked) <= 20


def test_what_was_held_fixed_is_said_of_each_reason(signed_in: Client) -> None:
    schedule = a_schedule()
    row = left_out(schedule, *[(wrap(), ["group-size"]) for _ in range(3)])
    for reason, verified in zip(row.reasons, CHECKED, strict=True):
        reason["verified"] = verified
    row.save()
    html = page(signed_in, schedule)
    for sentence in CHECKED.values():
        assert str(sentence) in html


def test_a_reason_that_is_perhaps_too_long_says_so(signed_in: Client) -> None:
    """Rows from before do not know of it, and say nothing."""
    schedule = a_schedule()
    row = left_out(schedule, *[(wrap(), ["group-size", "room-open"]) for _ in range(2)])
    assert str(PERHAPS_FEWER) not in page(signed_in, schedule)
    row.reasons[0]["irreducible"] = False
    row.save()
    assert page(signed_in, schedule).count(str(PERHAPS_FEWER)) == 1
