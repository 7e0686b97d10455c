"""The same neutral message for many: one each, however often it is asked."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actor import Actor
from audit.models import AuditEvent
from messaging.models import OutboxMessage
from messaging.services import queue_for_all
from people.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def queued(actor: Actor, persons: list[Person]) -> int:
    return queue_for_all(
        actor=actor,
        recipients=persons,
        subject="U heeft een bericht",
        body="Log in voor details.",
        key="release-1",
        release="1",
    )


def test_each_gets_one_and_the_log_names_them(actor: Actor) -> None:
    persons = [PersonFactory() for _ in range(3)]
    assert queued(actor, persons[:2]) == 2
    assert queued(actor, persons) == 1
    assert queued(actor, persons) == 0
    found = OutboxMessage.objects.order_by("recipient_id")
    assert [one.recipient for one in found] == persons
    assert {(one.state, one.release) for one in found} == {("draft", "1")}
    first, second = AuditEvent.objects.order_by("pk")
    assert sorted(first.subject_ids) == sorted(str(one.pk) for one in persons[:2])
    assert second.subject_ids == [str(persons[2].pk)]


def test_queries_do_not_grow_with_the_persons(actor: Actor) -> None:
    def cost(number: int) -> int:
        persons = [PersonFactory() for _ in range(number)]
        with CaptureQueriesContext(connection) as captured:
            queued(actor, persons)
        return len(captured)

    assert cost(1) == cost(3)
