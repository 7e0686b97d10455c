"""A place is asked for somebody after the session ended: nothing is told again."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Registration
from courses.views.typed import KEPT, account_mark
from people.enums import Role
from people.tasks import let_sessions_go
from tests.factories import MandateFactory
from tests.web.html import faults
from tests.web.offer_data import Region, a_region
from tests.web.phone import PASSWORD
from tests.web.test_joining_for_somebody import NEW, PAGE, choose, helper, mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def region(db: Any) -> Region:
    return a_region()


@pytest.fixture
def user(client: Client, region: Region) -> Any:
    found = helper(client, Role.REFERRER, region)
    found.set_password(PASSWORD)
    found.save()
    client.force_login(found)
    choose(client, region, "full", "money")
    return found


def hidden(client: Client) -> dict[str, Any]:
    """What the page puts in its forms."""
    page = client.get(PAGE)
    groups = [str(card.series.pk) for card in page.context["cards"]]
    html = page.content.decode()
    assert all(f'name="group" value="{group}"' in html for group in groups)
    assert f'name="account" value="{page.context["account"]}"' in html
    return {"account": page.context["account"], "group": groups}


def sent_late(client: Client, fields: dict[str, Any]) -> str:
    """Send it when the session has ended; where that leads."""
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    answer = client.post(PAGE, fields)
    assert answer.status_code == 302
    return str(answer.url)


def sign_in(client: Client, user: Any) -> None:
    answer = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}
    )
    assert answer.status_code == 302


def shown(client: Client) -> Any:
    page = client.get(PAGE)
    assert (page.status_code, faults(page.content.decode())) == (200, [])
    return page


def test_all_of_it_comes_back_and_is_sent(client: Client, user: Any) -> None:
    fields = NEW | hidden(client)
    groups = fields["group"]
    where = sent_late(client, fields)
    assert where.endswith(f"?next={PAGE}")  # nothing of anybody is in the address
    sign_in(client, user)
    for _look in range(2):
        page = shown(client)
        form = page.context["form"]
        assert page.context["came_back"]
        assert form["call_name"].value() == NEW["call_name"]
        assert form["contact_address"].value() == NEW["contact_address"]
        assert form["half_days"].value() == NEW["half_days"]
        assert form["asked"].value()
        assert not form["next_group"].value()  # usually ticked, and was not
        assert [str(card.series.pk) for card in page.context["cards"]] == groups
    assert not Registration.objects.filter(made_by=user).exists()
    assert client.post(PAGE, NEW | mark()).status_code == 200
    assert Registration.objects.filter(made_by=user).count() == 1
    assert KEPT not in client.session
    assert not shown(client).context["came_back"]


def test_it_can_be_dropped(client: Client, user: Any) -> None:
    sent_late(client, NEW | hidden(client))
    client.force_login(user)
    assert shown(client).context["came_back"]
    assert client.post(PAGE, {"act": "drop"}).url == PAGE
    assert shown(client).context["form"]["call_name"].value() is None
    assert KEPT not in client.session


def test_another_account_gets_nothing(
    client: Client, user: Any, region: Region
) -> None:
    sent_late(client, NEW | hidden(client))
    helper(client, Role.COORDINATOR, region)
    page = shown(client)
    assert not page.context["came_back"]
    assert page.context["cards"] == []
    assert NEW["contact_address"] not in page.content.decode()
    assert KEPT not in client.session


@pytest.mark.parametrize("account", ["", "x", "Ing6:1aaaaa:bbbb"])
def test_a_form_without_the_mark_of_an_account_is_not_kept(
    client: Client, user: Any, account: str
) -> None:
    sent_late(client, NEW | {"account": account})
    assert KEPT not in client.session


def test_what_makes_no_sense_is_left_out(client: Client, user: Any) -> None:
    odd = {
        "account": account_mark(user),
        "same": "x",
        "group": ["x", str(uuid.uuid4())],
    }
    sent_late(client, NEW | odd | {"call_name": "a" * 3000, "half_days": ["x"] * 500})
    client.force_login(user)
    page = shown(client)
    assert page.context["cards"] == []
    assert page.context["same"] is None
    assert client.post(PAGE, odd | {"call_name": "Ed"}).status_code == 400


def test_somebody_with_a_mandate_is_chosen_again(
    client: Client, user: Any, region: Region
) -> None:
    supporter = helper(client, Role.CLIENT_SUPPORTER, region)
    choose(client, region, "money")
    mandate = MandateFactory(supporter=supporter)
    other = MandateFactory(supporter=supporter)
    sent_late(
        client, hidden(client) | mark() | {"mandate": other.pk, "companion": "on"}
    )
    client.force_login(supporter)
    html = shown(client).content.decode()
    assert f'<option value="{other.pk}" selected>' in html
    assert f'<option value="{mandate.pk}">' in html


def test_who_was_asked_for_before_is_and_can_be_somebody_else(
    client: Client, region: Region
) -> None:
    supporter = helper(client, Role.CLIENT_SUPPORTER, region)
    choose(client, region, "money")
    client.post(PAGE, NEW | mark())
    before = Registration.objects.get(made_by=supporter)
    more = reverse("courses:more_for_somebody", args=[before.pk])
    client.post(more)
    choose(client, region, "full")
    sent_late(client, hidden(client) | mark() | {"same": before.pk})
    client.force_login(supporter)
    assert shown(client).context["same"] == before
    client.post(more, {"act": "remove"})
    assert shown(client).context["same"] is None


def test_sessions_that_are_over_are_taken_away(client: Client, user: Any) -> None:
    over = timezone.now() - timedelta(minutes=1)
    Session.objects.create(session_key="over", session_data="", expire_date=over)
    let_sessions_go(timestamp=0)
    assert Session.objects.get().session_key == client.session.session_key
