"""The table of when leaders can: toggles of one at a time, leave, and nobody undone."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from messaging.models import OutboxMessage
from people.enums import Role
from people.models import Facilitator
from tests.factories import (
    AvailabilityWindowFactory,
    FacilitatorFactory,
    HalfDayWishFactory,
    LeaveFactory,
    OrganisationFactory,
    PersonFactory,
    SessionFactory,
    SessionLeaderFactory,
    UserFactory,
    days,
)
from tests.publishing.facts_pages import ahead, form_of, page, send, signed_in

pytestmark = pytest.mark.django_db
TABLE = "/gegevens/beschikbaarheid/"
SURVEY = "survey"


def of(row: Facilitator) -> str:
    return f"{TABLE}?begeleider={row.pk}"


def named(name: str, **more: Any) -> Facilitator:
    return FacilitatorFactory(person__call_name=name, **more)


def row_of(html: str, name: str) -> str:
    return next(part for part in html.split("<tr") if f">{name}</a>" in part)


def test_every_part_of_the_week_is_a_cell_in_words() -> None:
    joris = named("Joris")
    AvailabilityWindowFactory(
        person=joris.person, weekday=1, start=time(8), end=time(12, 30)
    )
    AvailabilityWindowFactory(person=joris.person, weekday=2, start=time(9))
    HalfDayWishFactory(
        person=joris.person, weekday=3, half_day="evening", answer="no", reason="care"
    )
    soon = timezone.localdate() + timedelta(days=3)
    LeaveFactory(facilitator=joris, days=days(soon.isoformat()))
    row = row_of(page(signed_in(), TABLE), "Joris")
    assert row.count("gem-can gem-can--") == 21
    assert row.count("gem-can--yes") == 2
    assert row.count("gem-can--no") == 1
    assert "9.00-12.30" in row
    assert str(soon.year) in row


def test_the_table_is_narrowed_to_who_can_then() -> None:
    AvailabilityWindowFactory(
        person=named("Joris").person, weekday=2, start=time(9), end=time(12, 30)
    )
    named("Saar")
    client = signed_in()
    found = page(client, f"{TABLE}?kan=2-morning")
    assert ("Joris</a>" in found, "Saar</a>" in found) == (True, False)
    assert "Joris</a>" not in page(client, f"{TABLE}?kan=2-afternoon")
    assert "Saar</a>" in page(client, f"{TABLE}?kan=onzin")


def test_the_table_asks_as_much_for_one_as_for_three() -> None:
    client, counts = signed_in(), []
    for number in (1, 2):
        for _one in range(number):
            leader = FacilitatorFactory()
            AvailabilityWindowFactory(person=leader.person)
            LeaveFactory(facilitator=leader)
        with CaptureQueriesContext(connection) as seen:
            page(client, TABLE)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


def test_only_one_leader_is_open_and_only_of_the_own_organisation() -> None:
    own = OrganisationFactory()
    joris = named("Joris", person=PersonFactory(organisation=own, call_name="Joris"))
    other = named("Zilverlinde")
    client = signed_in(own)
    assert 'name="1-morning"' not in page(client, TABLE)
    html = page(client, of(joris))
    assert html.count('name="1-morning"') == 3
    assert "Zilverlinde" not in html
    for key in (str(other.pk), "0", "x", "9" * 30):
        address = f"{TABLE}?begeleider={key}"
        assert client.get(address).status_code == 404
        assert client.post(address, {"act": "away"}).status_code == 404
    assert client.post(TABLE, {"act": "survey"}).status_code == 404


def test_answers_are_kept_and_the_hours_follow() -> None:
    joris = named("Joris")
    answers = {
        "2-morning": "yes",
        "2-afternoon": "yes",
        "5-evening": "no",
        "5-evening-reason": "work",
    }
    answer = send(signed_in(), of(joris), act=SURVEY, **answers)
    assert answer["Location"] == f"{of(joris)}#wanneer"
    window = joris.person.windows.get()
    assert (window.weekday, window.start, window.end) == (2, time(8), time(17, 30))
    wish = joris.person.half_days.get(answer="no")
    assert (wish.weekday, wish.half_day, wish.reason) == (5, "evening", "work")
    event = AuditEvent.objects.get(event_code="availability.update")
    assert event.subject_ids == [str(joris.person_id)]


def test_a_no_without_a_reason_is_refused_and_stays_filled_in() -> None:
    joris = named("Joris")
    changes = {"2-morning": "yes", "4-morning": "no"}
    html = send(signed_in(), of(joris), 422, act=SURVEY, **changes).content.decode()
    assert "gem-summary" in html
    assert form_of(html, SURVEY)["2-morning"] == ["yes"]
    assert not joris.person.windows.exists()


def test_what_the_leader_said_meanwhile_is_shown_and_not_undone() -> None:
    joris = named("Joris")
    client, other = signed_in(), signed_in()
    mine = form_of(page(client, of(joris)), SURVEY) | {"2-morning": "yes"}
    send(other, of(joris), act=SURVEY, **{"3-evening": "yes"})
    answer = client.post(of(joris), mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Woensdag" in html
    assert [one.weekday for one in joris.person.windows.all()] == [3]
    again = form_of(html, SURVEY) | {"3-evening": "yes"}
    assert client.post(of(joris), again).status_code == 302
    assert sorted(one.weekday for one in joris.person.windows.all()) == [2, 3]


def test_meetings_outside_the_hours_are_counted() -> None:
    session = SessionFactory(period=ahead(7))
    joris = SessionLeaderFactory(session=session).facilitator
    client = signed_in()
    data = form_of(page(client, of(joris)), SURVEY)
    html = client.post(of(joris), data, follow=True).content.decode()
    assert "utrecht-alert--warning" in html
    every = {name: "yes" for name in data if name[0].isdigit() and "reason" not in name}
    html = client.post(
        of(joris), form_of(html, SURVEY) | every, follow=True
    ).content.decode()
    assert "utrecht-alert--warning" not in html


def test_absence_is_added_told_and_taken_back() -> None:
    session = SessionFactory(period=ahead(7))
    joris = SessionLeaderFactory(session=session).facilitator
    coordinator = UserFactory(role=Role.COORDINATOR)
    PersonFactory(user=coordinator)
    day = timezone.localdate(session.period.lower).isoformat()
    client = signed_in()
    send(client, of(joris), act="away", first=day, last=day)
    assert joris.leave.count() == 1
    assert OutboxMessage.objects.count() == 1
    send(client, of(joris), act="back")
    assert not joris.leave.exists()
    codes = set(AuditEvent.objects.values_list("event_code", flat=True))
    assert {"leave.create", "leave.delete"} <= codes


@pytest.mark.parametrize(
    ("first", "last"), [("", ""), ("2020-01-01", ""), ("2027-02-02", "2027-01-01")]
)
def test_days_that_cannot_be_are_refused(first: str, last: str) -> None:
    joris = named("Joris")
    send(signed_in(), of(joris), 422, act="away", first=first, last=last)
    assert not joris.leave.exists()


def test_an_absence_of_somebody_else_is_not_taken_back() -> None:
    leave = LeaveFactory()
    client = signed_in()
    data = {"act": "back", "key": f"leave-{leave.pk}"}
    assert client.post(of(named("Joris")), data).status_code == 404
    assert leave.facilitator.leave.exists()
