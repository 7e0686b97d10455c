"""Mail about accounts goes through the outbox, at once, and its words are wiped."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.core.context import request_context
from django.core import mail
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from audit.actor import Actor
from config.accounts import ClosedSignupAdapter
from messaging.models import OutboxMessage
from messaging.services import send_approved
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")


def ask(client: Client, address: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": address})


def test_a_link_for_a_new_password_goes_at_once_and_works(
    client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.QUIET_HOURS = ["00:00", "23:59"]
    user = UserFactory(password="vlinder-op-zolder")
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.send_approved")
    with django_capture_on_commit_callbacks(execute=True):
        known = ask(client, user.email)
    assert jobs.count() == 1
    row = OutboxMessage.objects.get()
    assert (row.kind, row.state, row.urgent, row.secret) == (
        "account",
        "approved",
        True,
        True,
    )
    assert send_approved(actor=ACTOR) == 1
    (sent,) = mail.outbox
    assert sent.to == [user.email]
    (link,) = re.findall(
        r"http://testserver(/accounts/password/reset/key/\S+)", sent.body
    )
    assert client.get(link, follow=True).status_code == 200
    row.refresh_from_db()
    assert (row.body, row.link) == ("", "")
    assert user.email not in row.address
    # The same answer for an address that nobody has; its mail says so and no more.
    unknown = ask(Client(), "niemand@example.org")
    assert (known.status_code, known["Location"]) == (
        unknown.status_code,
        unknown["Location"],
    )
    send_approved(actor=ACTOR)
    assert mail.outbox[-1].to == ["niemand@example.org"]
    assert "http" not in mail.outbox[-1].body


def test_other_mails_of_allauth_go_the_same_way(rf: Any) -> None:
    request, user = rf.get("/"), UserFactory()
    about = {"user": user, "ip": "127.0.0.1", "user_agent": "", "timestamp": ""}
    with request_context(request):
        ClosedSignupAdapter(request).send_mail(
            "account/email/password_changed", user.email, about
        )
    row = OutboxMessage.objects.get()
    assert row.secret
    assert row.body
    assert mail.outbox == []
