"""What a mail looks like, and how the answers of a mail server are read."""

from __future__ import annotations

import uuid
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.utils.translation import gettext_lazy

from audit.actor import Actor
from messaging import services
from messaging.enums import MessageState
from messaging.models import OutboxMessage
from messaging.services.sending import masked
from messaging.wording import write
from tests.factories import (
    OrganisationFactory,
    OutboxMessageFactory,
    PersonFactory,
    SessionFactory,
    amsterdam,
)
from tests.messaging.lines import ANSWERS, Mail

pytestmark = pytest.mark.django_db
LINK = "https://gem.example/mijn-afspraken/"
WORDING = services.Wording(
    subject=gettext_lazy("Mail"),
    formal="Voor u tot %(until)s en op %(day)s, voor %(what)s.",
    informal="Voor je tot %(until)s.",
)


def sent(actor: Actor, **more: object) -> object:
    """The mail that a message becomes, read as a mail program reads it."""
    fields = {
        "recipient": PersonFactory(),
        "subject": "U heeft een bericht",
        "body": "Dag <b>,\n\nLog in.\n\nGroet,\nGEM",
        "key": str(uuid.uuid4()),
        "review": False,
    }
    services.queue(actor=actor, **(fields | more))
    assert services.send_approved(actor=actor) == 1
    return message_from_bytes(
        mail.outbox[-1].message().as_bytes(), policy=policy.default
    )


def test_a_mail_has_the_same_words_as_text_and_as_html(actor: Actor) -> None:
    read = sent(actor, link=LINK, link_words="Naar GEM")
    text = read.get_body(["plain"]).get_content()
    html = read.get_body(["html"]).get_content()
    assert text.strip().endswith(f"Groet,\nGEM\n\nNaar GEM:\n{LINK}")
    assert "Dag &lt;b&gt;," in html
    assert f'<a href="{LINK}"' in html
    assert "Groet,<br>GEM" in html
    for loaded in ("<img", "src=", "<link", "url("):
        assert loaded not in html
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == "nl"


def test_the_message_id_is_that_of_the_letter(actor: Actor, settings: object) -> None:
    settings.DEFAULT_FROM_EMAIL = "GEM <gem@example.org>"
    read = sent(actor)
    row = OutboxMessage.objects.get()
    assert read["Message-ID"] == f"<{row.uid}@example.org>"


def test_sessions_go_along_as_a_neutral_calendar_file(actor: Actor) -> None:
    first = SessionFactory(sequence=3)
    second = SessionFactory(state="cancelled")
    read = sent(actor, sessions=(first.pk, second.pk))
    (part,) = read.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params["method"] == "PUBLISH"
    lines = part.get_content()
    lines = (lines.decode() if isinstance(lines, bytes) else lines).splitlines()
    assert "METHOD:PUBLISH" in lines
    assert [f"UID:{one.pk}" in lines for one in (first, second)] == [True, True]
    assert "SEQUENCE:3" in lines
    assert "STATUS:CANCELLED" in lines
    assert sum(line.startswith("ORGANIZER:mailto:") for line in lines) == 2
    told = "\n".join(lines)
    assert "ATTENDEE" not in told
    assert first.series.offering.title not in told
    assert first.room.name not in told


def test_a_session_that_is_gone_brings_no_file(actor: Actor) -> None:
    assert list(sent(actor, sessions=(uuid.uuid4(),)).iter_attachments()) == []


@pytest.mark.parametrize(("fault", "state", "final"), ANSWERS)
def test_answers_of_the_mail_server_are_read(
    actor: Actor, settings: object, fault: Exception, state: str, final: bool
) -> None:
    settings.EMAIL_BACKEND = "tests.messaging.lines.Mail"
    Mail.fault, Mail.opens = fault, True
    row = OutboxMessageFactory()
    services.approve(actor=actor, message_ids=[row.pk])
    assert services.send_approved(actor=actor) == 0
    row.refresh_from_db()
    assert (row.state, row.attempts == services.MAX_ATTEMPTS) == (state, final)
    assert row.fault.startswith(type(fault).__name__)


def test_a_server_that_is_not_there_is_tried_again(
    actor: Actor, settings: object
) -> None:
    settings.EMAIL_BACKEND = "tests.messaging.lines.Mail"
    Mail.opens = False
    row = OutboxMessageFactory()
    services.approve(actor=actor, message_ids=[row.pk])
    services.send_approved(actor=actor)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MessageState.FAILED, 1)


def test_je_or_u_and_the_language_of_the_person() -> None:
    until = amsterdam("2026-11-27 12:00")
    says_je = PersonFactory(organisation=OrganisationFactory(form_of_address="je"))
    says_u = PersonFactory(languages=["ar", "nl"])
    english = PersonFactory(languages=["en"])
    values = {"until": until, "day": until.date(), "what": gettext_lazy("Monday")}
    texts = [
        write(WORDING, recipient=one, values=values)
        for one in (says_u, says_je, english, None)
    ]
    assert [one.language for one in texts] == ["nl", "nl", "en", "nl"]
    for dutch in (texts[0], texts[3]):
        assert "Voor u tot vrijdag 27 november" in dutch.body
        assert "op vrijdag 27 november, voor maandag." in dutch.body
    assert "Voor je tot vrijdag 27 november" in texts[1].body
    assert "Voor u tot Friday 27 November at 12.00 en op" in texts[2].body


def test_secret_words_are_wiped_when_they_have_gone(actor: Actor) -> None:
    link = f"{LINK}?sleutel=geheim"
    read = sent(
        actor,
        recipient=None,
        address="iemand@example.org",
        link=link,
        secret=True,
        urgent=True,
    )
    assert read["To"] == "iemand@example.org"
    assert link in read.get_body(["plain"]).get_content()
    row = OutboxMessage.objects.get()
    assert (row.body, row.link, row.address) == ("", "", "i***@example.org")
    assert masked("no address") == "***"


def test_a_letter_to_nobody_is_refused(actor: Actor) -> None:
    from tests.refusals import refused_by

    with refused_by("messaging_to_someone"):
        services.queue(actor=actor, recipient=None, subject="a", body="b", key="c")
