"""The outbox: reviewed first, sent once."""

import json
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from audit.models import AuditEvent
from messaging import selectors, services
from messaging.enums import MessageState
from messaging.models import OutboxMessage
from tests.factories import OutboxMessageFactory, PersonFactory, amsterdam
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


def later(minutes: float = 0, **more):
    return timezone.now() + timedelta(minutes=minutes, **more)


@pytest.mark.django_db
def test_a_fault_is_tried_again_after_growing_pauses(actor, settings, caplog) -> None:
    settings.EMAIL_BACKEND = "no.such.backend"
    message = approved(actor)
    at, pauses = later(), []
    while True:
        assert services.send_approved(actor=actor, now=at) == 0
        message.refresh_from_db()
        assert message.state == MessageState.FAILED
        if message.attempts == services.MAX_ATTEMPTS:
            break
        pauses.append((message.not_before - at) // timedelta(minutes=1))
        almost = message.not_before - timedelta(seconds=1)
        services.send_approved(actor=actor, now=almost)
        message.refresh_from_db()
        assert message.attempts == len(pauses)
        at = message.not_before
    assert pauses == [1, 5, 15, 60, 240]
    assert message.fault == "ModuleNotFoundError"
    services.send_approved(actor=actor, now=at + timedelta(days=1))
    message.refresh_from_db()
    assert message.attempts == services.MAX_ATTEMPTS
    assert message.recipient.contact_address not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert services.send_again(actor=actor, message_id=message.pk)
    assert services.send_approved(actor=actor) == 1


@pytest.mark.django_db
def test_one_bad_address_does_not_hold_up_the_others(actor) -> None:
    bad = approved(actor, recipient__contact_channel="phone")
    approved(actor)
    assert services.send_approved(actor=actor) == 1
    bad.refresh_from_db()
    assert (bad.state, bad.fault) == (MessageState.FAILED, "no such address")
    assert bad.attempts == services.MAX_ATTEMPTS


@pytest.mark.django_db
def test_what_goes_by_hand_waits_for_somebody_to_tell_it(actor) -> None:
    message = services.queue(
        actor=actor,
        recipient=PersonFactory(contact_channel="phone", contact_address="0570 1"),
        subject="U heeft een bericht",
        body="Log in voor details.",
        key="by-hand",
        review=False,
    )
    assert message.channel == "hand"
    assert services.send_approved(actor=actor) == 0
    assert services.mark_told(actor=actor, message_id=message.pk)
    message.refresh_from_db()
    assert (message.state, message.approved_by) == (MessageState.SENT, "7")
    assert not services.mark_told(actor=actor, message_id=approved(actor).pk)


@pytest.mark.django_db
def test_a_text_message_goes_through_the_backend_of_the_region(
    actor, settings, tmp_path
) -> None:
    settings.SMS_FOLDER = tmp_path / "sms"
    message = services.queue(
        actor=actor,
        recipient=PersonFactory(contact_channel="sms", contact_address="0612345678"),
        subject="Er is een plek vrij",
        body="Log in voor details.",
        link="https://gem.example/mijn-afspraken/",
        key="by-sms",
        review=False,
    )
    assert services.send_approved(actor=actor) == 1
    (file,) = settings.SMS_FOLDER.iterdir()
    assert json.loads(file.read_text("utf-8")) == {
        "number": "0612345678",
        "text": "Er is een plek vrij. https://gem.example/mijn-afspraken/",
        "reference": str(message.uid),
    }
    settings.SMS_BACKEND = "tests.messaging.lines.Refusing"
    second = approved(actor, channel="sms", recipient=message.recipient)
    assert services.send_approved(actor=actor) == 0
    second.refresh_from_db()
    assert (second.state, second.fault) == (MessageState.FAILED, "no credit")
    settings.SMS_BACKEND = "tests.messaging.lines.Breaking"
    third = approved(actor, channel="sms", recipient=message.recipient)
    assert services.send_approved(actor=actor) == 0
    third.refresh_from_db()
    assert (third.state, third.fault) == (MessageState.UNSURE, "OSError")


@pytest.mark.django_db
def test_quiet_hours_hold_back_all_but_what_was_asked_for_just_now(
    actor, settings
) -> None:
    settings.QUIET_HOURS = ["21:00", "08:00"]
    settings.TIME_ZONE = "Europe/Amsterdam"
    approved(actor, not_before=amsterdam("2026-11-22 12:00"))
    approved(actor, not_before=amsterdam("2026-11-22 12:00"), urgent=True)
    night, morning = amsterdam("2026-11-23 07:59"), amsterdam("2026-11-23 08:00")
    assert services.send_approved(actor=actor, now=night) == 1
    assert services.send_approved(actor=actor, now=night) == 0
    assert services.send_approved(actor=actor, now=morning) == 1
    hours = {
        "20:59": False, "21:00": True, "23:59": True, "00:00": True, "12:00": False,
    }  # fmt: skip
    found = {at: services.is_quiet(amsterdam(f"2026-11-23 {at}")) for at in hours}
    assert found == hours
    settings.QUIET_HOURS = ["12:00", "14:00"]
    assert services.is_quiet(amsterdam("2026-07-01 12:30"))
    assert not services.is_quiet(amsterdam("2026-07-01 14:00"))


@pytest.mark.django_db
def test_a_message_waits_for_its_time(actor) -> None:
    approved(actor, not_before=later(days=1))
    assert services.send_approved(actor=actor) == 0
    assert services.send_approved(actor=actor, now=later(days=1, minutes=1)) == 1


@pytest.mark.django_db
def test_what_is_held_back_can_be_changed_and_approved_again(actor) -> None:
    message = approved(actor)
    with pytest.raises(ValidationError):
        services.edit(
            actor=actor,
            message_id=message.pk,
            subject="a",
            body="b",
            seen=message.words_mark,
        )
    assert services.hold_back(actor=actor, message_ids=[message.pk]) == 1
    assert services.send_approved(actor=actor) == 0
    services.edit(
        actor=actor,
        message_id=message.pk,
        subject="Een\nander woord",
        body="Anders",
        seen=message.words_mark,
    )
    message.refresh_from_db()
    services.approve(actor=actor, message_ids=[message.pk])
    services.send_approved(actor=actor)
    assert (mail.outbox[0].subject, mail.outbox[0].body) == (
        "Een ander woord",
        "Anders",
    )
    with pytest.raises(ValidationError):
        services.edit(
            actor=actor,
            message_id=message.pk,
            subject="a",
            body="b",
            seen=message.words_mark,
        )


@pytest.mark.django_db
def test_words_that_are_no_longer_true_do_not_go(actor) -> None:
    message, gone = approved(actor), approved(actor)
    services.send_approved(actor=actor, limit=1)
    keys = [message.key, gone.key, "unknown"]
    assert len(services.drop_unsent(actor=actor, keys=keys)) == 1
    assert sorted(OutboxMessage.objects.values_list("state", flat=True)) == [
        "dropped",
        "sent",
    ]


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
