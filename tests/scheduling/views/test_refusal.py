"""Who does not plan is kept out of the planning pages, and that is written down."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from people.enums import Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["scheduling:week", "scheduling:run-new"])
def test_a_page_of_the_planners_refuses_others_and_logs_it(
    client: Client, name: str
) -> None:
    facilitator = UserFactory(role=Role.FACILITATOR)
    client.force_login(facilitator)
    assert client.get(reverse(name)).status_code == 403
    (event,) = AuditEvent.objects.filter(result="refused")
    assert (event.event_code, event.action) == ("planning.page", "R")
    assert event.actor_id == str(facilitator.pk)
    assert event.where != ""


def test_a_coordinator_comes_in_without_a_line_of_refusal(signed_in: Client) -> None:
    assert signed_in.get(reverse("scheduling:week")).status_code == 200
    assert not AuditEvent.objects.filter(result="refused").exists()
