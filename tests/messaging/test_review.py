"""A coordinator lets messages go or drops them, and a worker sends what may go."""

import pytest
from django.core import mail
from django.urls import reverse

from audit.models import AuditEvent
from messaging.enums import MessageState
from messaging.models import OutboxMessage
from messaging.tasks import send_messages
from people.enums import Role
from people.models import RoleMembership
from tests.factories import (
    OrganisationFactory,
    OutboxMessageFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIST = "admin:messaging_outboxmessage_changelist"


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def coordinator(client, settings, organisation):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    user = UserFactory(is_staff=True)
    RoleMembership.objects.create(
        user=user, role=Role.COORDINATOR, organisation=organisation
    )
    client.force_login(user)
    return user


def press(client, action, *messages):
    return client.post(
        reverse(LIST),
        {"action": action, "_selected_action": [one.pk for one in messages]},
        follow=True,
    )


def state_of(message) -> str:
    return OutboxMessage.objects.get(pk=message.pk).state


def test_what_is_approved_goes_with_the_next_round(client, coordinator, organisation):
    goes = OutboxMessageFactory(recipient__organisation=organisation)
    stays = OutboxMessageFactory(recipient__organisation=organisation)
    send_messages(timestamp=0)
    assert mail.outbox == []
    answer = press(client, "approve", goes)
    assert [str(said)[0] for said in answer.context["messages"]] == ["1"]
    assert state_of(goes) == MessageState.APPROVED
    send_messages(timestamp=0)
    assert [one.to for one in mail.outbox] == [[goes.recipient.contact_address]]
    assert (state_of(goes), state_of(stays)) == (MessageState.SENT, MessageState.DRAFT)
    line = AuditEvent.objects.get(event_code="message.approve")
    assert line.actor_id == str(coordinator.pk)
    assert line.subject_ids == [str(goes.recipient_id)]
    assert AuditEvent.objects.get(event_code="message.send").actor_id == "system"


def test_what_is_dropped_never_goes(client, coordinator, organisation):
    dropped = OutboxMessageFactory(recipient__organisation=organisation)
    press(client, "drop", dropped)
    press(client, "approve", dropped)
    send_messages(timestamp=0)
    assert state_of(dropped) == MessageState.DROPPED
    assert mail.outbox == []


def test_messages_of_another_organisation_stay_as_they_are(client, coordinator):
    other = OutboxMessageFactory(
        recipient=PersonFactory(organisation=OrganisationFactory())
    )
    press(client, "approve", other)
    press(client, "drop", other)
    assert state_of(other) == MessageState.DRAFT
