"""Two coordinators at one message: nobody's words go under unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from audit.actor import Actor
from messaging import services
from messaging.services import StaleWords
from people.enums import Role
from tests.at_once import at_once
from tests.browser import axe, show, small_targets, too_wide
from tests.factories import OutboxMessageFactory, UserFactory
from tests.publishing.facts_pages import form_of
from tests.web.html import faults

ACTOR = Actor(user_id="7", role="coordinator")


def coordinator() -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


def words(client: Client, row: Any) -> dict[str, Any]:
    """The form with the words, as it stands on the page now."""
    html = client.get(f"/berichten/{row.pk}/").content.decode()
    return {
        "act": "edit",
        "subject": row.subject,
        "body": row.body,
        "seen": form_of(html, "approve")["seen"],
    }


def edits(row: Any, body: str) -> Callable[[], Any]:
    return lambda: services.edit(
        actor=ACTOR,
        message_id=row.pk,
        subject="Bericht",
        body=body,
        seen=row.words_mark,
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_words_at_once_one_is_told() -> None:
    row = OutboxMessageFactory()
    results = at_once(edits(row, "Van de een"), edits(row, "Van de ander"))
    lost = [number for number, one in enumerate(results) if isinstance(one, StaleWords)]
    assert len(lost) == 1
    kept = results[1 - lost[0]]
    row.refresh_from_db()
    assert row.body == ("Van de ander" if lost == [0] else "Van de een")
    assert row.pk == kept.pk  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_who_is_late_sees_the_newer_words_and_keeps_what_was_typed() -> None:
    row = OutboxMessageFactory()
    first, second = coordinator(), coordinator()
    mine, theirs = words(first, row), words(second, row)
    address = f"/berichten/{row.pk}/"
    newer = {**theirs, "body": "Nieuwere tekst"}
    assert second.post(address, newer).status_code == 302
    answer = first.post(address, {**mine, "body": "Mijn eigen tekst"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert faults(html) == []
    assert "<p>Nieuwere tekst</p>" in html
    assert "Mijn eigen tekst</textarea>" in html
    row.refresh_from_db()
    assert row.body == "Nieuwere tekst"
    # Now the newer words were shown: sending again puts the own words in place.
    again = {**mine, "body": "Mijn eigen tekst", "seen": row.words_mark}
    assert f'name="seen" value="{row.words_mark}"' in html
    assert first.post(address, again).status_code == 302
    row.refresh_from_db()
    assert row.body == "Mijn eigen tekst"


@pytest.mark.django_db
def test_words_that_were_changed_unseen_are_not_approved() -> None:
    row = OutboxMessageFactory()
    first, second = coordinator(), coordinator()
    address = f"/berichten/{row.pk}/"
    approval = {**words(first, row), "act": "approve"}
    second.post(address, {**words(second, row), "body": "Nieuwere tekst"})
    answer = first.post(address, approval)
    assert answer.status_code == 409
    assert "Nieuwere tekst" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "draft"
    seen = form_of(answer.content.decode(), "approve")
    assert first.post(address, seen).status_code == 302
    row.refresh_from_db()
    assert row.state == "approved"


@pytest.mark.django_db
@pytest.mark.needs("chromium", "axe")
def test_the_late_page_has_no_barriers(page: Any) -> None:
    row = OutboxMessageFactory()
    client = coordinator()
    late = {**words(client, row), "seen": "van-eerder"}
    for act in ("edit", "approve"):
        answer = client.post(f"/berichten/{row.pk}/", {**late, "act": act})
        assert answer.status_code == 409
        show(page, answer.content.decode())
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == []
            assert too_wide(page) == []
            assert small_targets(page) == []
