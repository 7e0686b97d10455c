"""An erasure may have to wait: with a reason, until a day, and the resident knows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from messaging.models import OutboxMessage
from people.enums import Role
from people.models import Person
from people.services.erasure import (
    ask_erasure,
    due_requests,
    erase,
    hold_erasure,
    stop_holding,
    withdraw_erasure,
)
from people.tasks import erase_due
from publishing.tasks import tell_who_waits
from tests.factories import ErasureRequestFactory, ResidentFactory, UserFactory
from tests.refusals import refused_by
from tests.web.html import faults

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")


def in_days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def noor() -> Any:
    user = UserFactory(role=Role.RESIDENT)
    return ResidentFactory(person__user=user, person__call_name="Noor")


@pytest.fixture
def officer() -> Any:
    return UserFactory(role=Role.PRIVACY_OFFICER)


def held(noor: Any, officer: Any, until: date) -> Any:
    request = ErasureRequestFactory(person=noor.person, due_on=timezone.localdate())
    return hold_erasure(
        actor=Actor.of(officer),
        by=officer,
        request_id=request.pk,
        reason="complaint",
        until=until,
    )


def test_what_waits_is_not_erased_until_its_day(noor: Any, officer: Any) -> None:
    request = held(noor, officer, in_days(10))
    assert due_requests() == []
    assert erase(actor=ACTOR, request=request, dry_run=False) == {}
    erase_due(timestamp=0)
    assert Person.objects.filter(pk=noor.person_id).exists()
    assert due_requests(today=in_days(9)) == []
    assert due_requests(today=in_days(10)) == [request]
    line = AuditEvent.objects.get(event_code="erasure.hold")
    assert (line.actor_id, line.subject_ids) == (
        str(officer.pk), [str(noor.person_id)],
    )  # fmt: skip


def test_going_on_erases_as_before(noor: Any, officer: Any) -> None:
    request = held(noor, officer, in_days(10))
    stop_holding(actor=ACTOR, request_id=request.pk)
    stop_holding(actor=ACTOR, request_id=request.pk)
    assert AuditEvent.objects.filter(event_code="erasure.go-on").count() == 1
    erase_due(timestamp=0)
    assert not Person.objects.filter(pk=noor.person_id).exists()


@pytest.mark.parametrize(
    ("reason", "until"),
    [("", 5), ("ill", 5), ("law", 0), ("law", -1), ("law", 184)],
)
def test_no_reason_or_no_good_day_is_refused(
    noor: Any, officer: Any, reason: str, until: int
) -> None:
    request = ErasureRequestFactory(person=noor.person)
    with pytest.raises(ValidationError):
        hold_erasure(
            actor=ACTOR, by=officer, request_id=request.pk, reason=reason,
            until=in_days(until),
        )  # fmt: skip
    request.refresh_from_db()
    assert not request.is_held


def test_a_closed_request_cannot_wait(noor: Any, officer: Any) -> None:
    request = ask_erasure(actor=ACTOR, person=noor.person)
    withdraw_erasure(actor=ACTOR, person=noor.person)
    with pytest.raises(ValidationError):
        hold_erasure(
            actor=ACTOR, by=officer, request_id=request.pk, reason="law",
            until=in_days(5),
        )  # fmt: skip


def test_the_database_keeps_reason_and_day_together(noor: Any) -> None:
    request = ErasureRequestFactory(person=noor.person)
    with refused_by("people_erasure_hold_whole"):
        type(request).objects.filter(pk=request.pk).update(hold_reason="law")


def test_the_resident_reads_that_it_waits_and_why_and_is_told_once(
    client: Client, noor: Any, officer: Any
) -> None:
    held(noor, officer, in_days(10))
    tell_who_waits(timestamp=0)
    tell_who_waits(timestamp=0)
    mail = OutboxMessage.objects.get(recipient=noor.person)
    assert mail.state == "approved"
    assert "complaint" not in mail.subject + mail.body
    client.force_login(noor.person.user)
    for language, words in (("en", "A complaint is being looked into."), ("nl", "")):
        client.cookies["django_language"] = language
        page = client.get("/mijn-gegevens/wissen/").content.decode()
        assert faults(page, language) == []
        assert words in page
    client.post("/mijn-gegevens/wissen/", {"act": "stop"})
    assert due_requests(today=in_days(30)) == []


def test_the_officer_lets_it_wait_and_go_on_by_the_page(
    client: Client, noor: Any, officer: Any
) -> None:
    request = ErasureRequestFactory(person=noor.person, due_on=in_days(14))
    client.force_login(officer)
    path = f"/verzoeken-tot-wissen/{request.pk}/"
    assert faults(client.get(path).content.decode()) == []
    assert client.post(path, {"reason": "law"}).status_code == 422
    given = {"reason": "law", "until": in_days(200).isoformat()}
    assert client.post(path, given).status_code == 422
    given["until"] = in_days(20).isoformat()
    assert client.post(path, given).status_code == 302
    listed = client.get("/verzoeken-tot-wissen/").content.decode()
    assert faults(listed) == []
    assert "Noor" not in listed
    assert faults(client.get(path).content.decode()) == []
    assert client.post(path, {"act": "go-on"}).status_code == 302
    request.refresh_from_db()
    assert (request.hold_reason, request.held_by) == ("", None)
    assert client.get("/verzoeken-tot-wissen/999999/").status_code == 404
