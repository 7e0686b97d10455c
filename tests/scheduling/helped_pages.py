"""Somebody who is left out, the page to help them, and their own account."""

from __future__ import annotations

from typing import Any

from django.test import Client

from people.enums import Role
from scheduling.models import Schedule
from tests.factories import SeriesFactory, UserFactory
from tests.scheduling.views.conftest import SECRET, left_out
from tests.web.html import faults

FURTHER = {"kind": "travel", "km": 7, "minutes": 10}


def somebody(schedule: Schedule, *changes: dict[str, Any], ways: Any = None) -> Any:
    """A registration that is left out; one way that makes these changes to it."""
    row = left_out(schedule, (SeriesFactory(), ["resident-travel"]))
    person = str(row.registration.resident.person_id)
    told = [{"person": person} | change for change in changes]
    row.reasons[0]["ways"] = ways or ([{"changes": told, "seats": 1}] if told else [])
    row.save()
    return row.registration


def address(schedule: Schedule, registration: Any) -> str:
    return f"/rooster/{schedule.pk}/zonder-plek/{registration.pk}/"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


def with_account(registration: Any) -> Client:
    person = registration.resident.person
    person.user = UserFactory(role=Role.RESIDENT)
    person.save()
    client = Client()
    client.force_login(person.user)
    return client
