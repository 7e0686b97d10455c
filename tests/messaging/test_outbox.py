"""The outbox: reviewed first, sent once."""

import threading

import pytest
from django.core import mail
from django.db import connection, connections

from audit.models import AuditEvent
from messaging import selectors, services
from messaging.enums import MessageState
from messaging.models import OutboxMessage
from tests.factories import OutboxMessageFactory, PersonFactory
from tests.refusals import refused_by


def approved(actor, **more) -> OutboxMessage:
    message = OutboxMessageFactory(**more)
    services.approve(actor=actor, message_ids=[message.pk])
    return message


@pytest.mark.django_db
def test_the_same_key_is_one_message(actor) -> None:
    person = PersonFactory()

    def queue():
        return services.queue(
            actor=actor,
            recipient=person,
            subject="U heeft een bericht",
            body="Log in voor details.",
            key="release-1:person",
            release="1",
        )

    assert queue() == queue()
    assert OutboxMessage.objects.count() == 1
    assert AuditEvent.objects.get().subject_ids == [str(person.pk)]
    with refused_by("messaging_outboxmessage_key_key"):
        OutboxMessageFactory(key="release-1:person")


@pytest.mark.django_db
def test_nothing_goes_out_before_it_is_approved(actor) -> None:
    message = OutboxMessageFactory()
    assert services.send_approved(actor=actor) == 0
    assert mail.outbox == []
    with refused_by("messaging_approved_by_someone"):
        OutboxMessage.objects.update(state="approved")
    assert services.approve(actor=actor, message_ids=[message.pk]) == 1
    assert services.approve(actor=actor, message_ids=[message.pk]) == 0
    assert services.send_approved(actor=actor) == 1
    message.refresh_from_db()
    assert (message.state, message.approved_by) == (MessageState.SENT, "7")
    assert mail.outbox[0].to == [message.recipient.contact_address]


@pytest.mark.django_db
def test_a_sent_message_is_not_sent_again(actor) -> None:
    approved(actor)
    assert [services.send_approved(actor=actor) for _n in range(2)] == [1, 0]
    assert len(mail.outbox) == 1
    with refused_by("messaging_sent_has_time"):
        OutboxMessage.objects.update(sent_at=None)


@pytest.mark.django_db
def test_a_dropped_message_stays(actor) -> None:
    message = approved(actor)
    assert services.drop(actor=actor, message_ids=[message.pk]) == 1
    assert services.send_approved(actor=actor) == 0
    assert services.drop(actor=actor, message_ids=[message.pk]) == 0


@pytest.mark.django_db
def test_a_fault_is_tried_again_and_then_left(actor, settings, caplog) -> None:
    settings.EMAIL_BACKEND = "no.such.backend"
    message = approved(actor)
    whole = approved(actor)
    for _n in range(services.MAX_ATTEMPTS + 1):
        assert services.send_approved(actor=actor) == 0
    for one in (message, whole):
        one.refresh_from_db()
        assert (one.state, one.attempts) == (
            MessageState.FAILED,
            services.MAX_ATTEMPTS,
        )
    assert message.recipient.contact_address not in caplog.text


@pytest.mark.django_db
def test_one_bad_address_does_not_hold_up_the_others(actor) -> None:
    bad = approved(actor, recipient__contact_channel="phone")
    approved(actor)
    assert services.send_approved(actor=actor) == 1
    bad.refresh_from_db()
    assert bad.state == MessageState.FAILED


@pytest.mark.django_db
def test_other_channels_wait_for_their_adapter(actor) -> None:
    message = approved(actor, channel="sms")
    assert services.send_approved(actor=actor) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.APPROVED, 0)


@pytest.mark.django_db
def test_review_list_is_one_read_and_one_log_line(
    actor, django_assert_num_queries
) -> None:
    mine = OutboxMessageFactory(release="r1")
    OutboxMessageFactory(release="r2")
    theirs = OutboxMessageFactory(release="r1")
    with django_assert_num_queries(2):
        found = selectors.outbox(
            actor=actor,
            release="r1",
            organisation_ids=[mine.recipient.organisation_id],
        )
        assert [one.recipient.call_name for one in found]
    assert found == [mine]
    assert selectors.outbox(actor=actor, release="r1") == [mine, theirs]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(actor) -> None:
    for _n in range(4):
        approved(actor)
    start = threading.Barrier(2)
    sent: list[int] = []

    def work() -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            sent.append(services.send_approved(actor=actor))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert sum(sent) == 4
    assert len(mail.outbox) == 4
