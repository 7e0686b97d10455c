"""The outbox on the screen: heaps, one message, and who may do what with them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from messaging.models import OutboxMessage
from messaging.services import send_approved
from people.enums import Role
from tests.browser import axe, show, small_targets, too_wide
from tests.factories import OrganisationFactory, OutboxMessageFactory, UserFactory
from tests.publishing.facts_pages import form_of
from tests.web.html import faults

pytestmark = pytest.mark.django_db
APPROVED = {"state": "approved", "approved_by": "7", "approved_at": timezone.now()}
HEAPS = {
    "te-bekijken": [{}, {"release": "4"}],
    "met-de-hand": [{"channel": "hand"}, {"channel": "hand", **APPROVED}],
    "aandacht": [
        {**APPROVED, "state": "unsure", "sending_since": timezone.now()},
        {**APPROVED, "state": "failed", "attempts": 6, "fault": "SMTPDataError 552"},
    ],
    "gaat-weg": [
        APPROVED,
        {**APPROVED, "state": "failed", "attempts": 2},
        {**APPROVED, "state": "sending", "sending_since": timezone.now()},
    ],
    "verstuurd": [{**APPROVED, "state": "sent", "sent_at": timezone.now()}],
    "vervallen": [{"state": "dropped"}],
}


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    html = answer.content.decode()
    assert faults(html) == []
    return html


def every_heap() -> dict[str, list[Any]]:
    return {
        heap: [OutboxMessageFactory(**fields) for fields in rows]
        for heap, rows in HEAPS.items()
    }


def test_every_message_lies_in_exactly_one_heap(signed_in: Client) -> None:
    made = every_heap()
    for heap, rows in made.items():
        html = read(signed_in, f"/berichten/?bak={heap}")
        shown = [
            one.pk
            for one in OutboxMessage.objects.all()
            if f'href="/berichten/{one.pk}/"' in html
        ]
        assert shown == [row.pk for row in rows]
        assert f"({len(rows)})" in html
    of_release = read(signed_in, "/berichten/?publicatie=4")
    assert f'href="/berichten/{made["te-bekijken"][1].pk}/"' in of_release
    assert f'href="/berichten/{made["te-bekijken"][0].pk}/"' not in of_release
    assert signed_in.get("/berichten/?bak=anders").status_code == 404


def test_each_state_of_a_message_has_a_page(signed_in: Client) -> None:
    for rows in every_heap().values():
        for row in rows:
            html = read(signed_in, f"/berichten/{row.pk}/")
            assert row.recipient.call_name in html
            troubled = row.state in {"unsure", "failed"}
            assert ('value="again"' in html) == troubled
            assert ('value="approve"' in html) == (
                row.state == "draft" and row.channel != "hand"
            )
    line = AuditEvent.objects.filter(event_code="message.read").first()
    assert len(line.subject_ids) == 1


def act(client: Client, row: Any, name: str, **more: str) -> str:
    data = {"act": name, "seen": row.words_mark, **more}
    answer = client.post(f"/berichten/{row.pk}/", data)
    assert answer.status_code == 302
    row.refresh_from_db()
    return row.state


def test_one_message_is_changed_approved_held_back_and_dropped(
    signed_in: Client,
) -> None:
    row = OutboxMessageFactory()
    words = {"subject": "Nieuw bericht", "body": "Hallo,\r\n\r\nTot ziens"}
    assert act(signed_in, row, "edit", **words) == "draft"
    assert (row.subject, row.body) == ("Nieuw bericht", "Hallo,\n\nTot ziens")
    wrong = signed_in.post(f"/berichten/{row.pk}/", {"act": "edit", "subject": ""})
    assert wrong.status_code == 400
    assert faults(wrong.content.decode()) == []
    assert act(signed_in, row, "approve") == "approved"
    late = signed_in.post(f"/berichten/{row.pk}/", {"act": "edit", **words})
    assert late.status_code == 400
    assert "Tot ziens</textarea>" in late.content.decode()  # what was typed stays
    assert act(signed_in, row, "hold_back") == "draft"
    assert act(signed_in, row, "drop") == "dropped"
    assert act(signed_in, row, "approve") == "dropped"  # too late, said in words
    assert signed_in.post(f"/berichten/{row.pk}/", {"act": "x"}).status_code == 404


def test_what_perhaps_went_goes_again_when_a_person_says_so(
    signed_in: Client, actor_of: Any
) -> None:
    unsure = OutboxMessageFactory(**HEAPS["aandacht"][0])
    assert act(signed_in, unsure, "again") == "approved"
    assert send_approved(actor=actor_of) == 1
    by_hand = OutboxMessageFactory(channel="hand")
    assert act(signed_in, by_hand, "told") == "sent"
    assert len(mail.outbox) == 1


@pytest.fixture
def actor_of() -> Any:
    from audit.actor import Actor

    return Actor.system("test")


def test_many_are_approved_at_once(signed_in: Client) -> None:
    rows = OutboxMessageFactory.create_batch(3, release="4")
    OutboxMessageFactory()
    many = "/berichten/doen/?bak=te-bekijken&publicatie=4"
    signed_in.post(many, {"act": "approve", "message": [rows[0].pk, "x"]})
    html = read(signed_in, "/berichten/?bak=te-bekijken&publicatie=4")
    shown = form_of(html, "approve_all")
    unseen = OutboxMessageFactory(release="4")
    answer = signed_in.post(many, shown, follow=True)
    assert OutboxMessage.objects.filter(state="approved").count() == 3
    assert [str(one)[0] for one in answer.context["messages"]] == ["2", "1"]
    assert OutboxMessage.objects.get(pk=unseen.pk).state == "draft"
    unseen.delete()
    signed_in.post(many, {"act": "hold_back", "message": [rows[0].pk]})
    signed_in.post(many, {"act": "drop", "message": [rows[0].pk]})
    states = OutboxMessage.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["dropped", "approved", "approved", "draft"]
    answer = signed_in.post(many, {"act": "approve"})
    assert answer["Location"] == "/berichten/?bak=te-bekijken&publicatie=4"


def test_an_organisation_s_coordinator_reaches_own_messages_only(
    client: Client,
) -> None:
    own = OrganisationFactory()
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=own))
    mine = OutboxMessageFactory(recipient__organisation=own)
    theirs = OutboxMessageFactory()
    nobodys = OutboxMessageFactory(recipient=None, address="iemand@example.org")
    html = read(client, "/berichten/")
    assert f'href="/berichten/{mine.pk}/"' in html
    for other in (theirs, nobodys):
        assert f'href="/berichten/{other.pk}/"' not in html
        page_of = client.get(f"/berichten/{other.pk}/")
        assert page_of.status_code == 404
    ids = [mine.pk, theirs.pk, nobodys.pk]
    client.post("/berichten/doen/", {"act": "approve", "message": ids})
    shown = {"act": "approve_all", "shown": f"{theirs.pk} {nobodys.pk} x {'9' * 30}"}
    client.post("/berichten/doen/", shown)
    states = OutboxMessage.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["approved", "draft", "draft"]


def test_who_plans_and_does_not_coordinate_reads_no_name_and_no_address(
    client: Client,
) -> None:
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    told = OutboxMessageFactory(
        channel="hand",
        recipient__contact_channel="phone",
        recipient__contact_address="+31612345678",
    )
    OutboxMessageFactory(recipient=None, address="iemand@example.org")
    for address in ("/berichten/?bak=met-de-hand", f"/berichten/{told.pk}/"):
        html = read(client, address)
        assert told.subject in html
        assert told.recipient.call_name not in html
        assert "12345678" not in html
    assert "i***@" not in read(client, "/berichten/")


def test_secret_words_and_whole_addresses_are_shown_to_nobody(
    signed_in: Client,
) -> None:
    row = OutboxMessageFactory(
        recipient=None,
        address="iemand@example.org",
        body="sleutel-in-woorden",
        link="https://gem.example/sleutel-in-adres",
        secret=True,
    )
    for address in ("/berichten/", f"/berichten/{row.pk}/"):
        html = read(signed_in, address)
        assert "sleutel-in" not in html
        assert "iemand@" not in html
        assert "i***@example.org" in html
    refused = {"act": "edit", "subject": "a", "body": "b"}
    assert signed_in.post(f"/berichten/{row.pk}/", refused).status_code == 400


def test_the_list_has_a_fixed_number_of_queries(signed_in: Client) -> None:
    counts = []
    for many in (1, 2):
        OutboxMessageFactory.create_batch(many)
        with CaptureQueriesContext(connection) as seen:
            read(signed_in, "/berichten/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


@pytest.mark.needs("chromium", "axe")
def test_the_outbox_has_no_barriers(signed_in: Client, page: Any) -> None:
    made = every_heap()
    addresses = [f"/berichten/?bak={heap}" for heap in made]
    addresses += [f"/berichten/{row.pk}/" for rows in made.values() for row in rows]
    for address in addresses:
        show(page, signed_in.get(address).content.decode())
        page.set_viewport_size({"width": 1280, "height": 900})
        assert axe(page) == [], address
        page.set_viewport_size({"width": 320, "height": 800})
        assert too_wide(page) == [], address
        assert small_targets(page) == [], address
