"""Links by mail: for whom a helper wrote down, too late, counted, and in the outbox."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from audit.actor import Actor
from courses import services
from courses.models import Enrolment, MailLink, Series
from courses.services import contact, link_words
from courses.services.links import ask_new_address, forget_links
from messaging.models import OutboxMessage
from people.enums import Role
from people.models import Person, User
from tests.factories import (
    MailLinkFactory,
    OrganisationFactory,
    PersonFactory,
    ResidentFactory,
    UserFactory,
)
from tests.messaging.lines import Mail
from tests.web.html import faults
from tests.web.mailed import sent, sent_path
from tests.web.offer_data import Region, a_region

ACTOR = Actor.system("test")
SIGN_IN = "/meedoen/link/"
HELPED = "ed@example.org"


@pytest.fixture
def region(db: Any) -> Region:
    return a_region()


def helped(region: Region, series: Series) -> None:
    """A coordinator puts Ed, who is new, on the list of a full group."""
    brug = series.offering.organisation
    user = UserFactory(role=Role.COORDINATOR, organisation=brug)
    PersonFactory(user=user, organisation=brug, call_name="Hulp")
    client = Client()
    client.force_login(user)
    client.post(reverse("courses:choose_for_somebody", args=[series.pk]))
    answer = client.post(
        reverse("courses:for_somebody"),
        {
            "call_name": "Ed",
            "contact_channel": "email",
            "contact_address": "Ed@Example.org",
            "asked": "on",
            "once": str(uuid.uuid4()),
        },
    )
    assert answer.status_code == 200


def join(client: Client, series: Series) -> Any:
    path = reverse("courses:join_by_mail", args=[series.pk])
    return client.post(path, {"call_name": "Vlinder", "email": "nieuw@example.org"})


# --- for whom a helper wrote down ---------------------------------------------------


def test_who_was_helped_signs_in_by_link_and_answers_the_offer(
    client: Client, region: Region
) -> None:
    series = region.series["full"]
    helped(region, series)
    Series.objects.filter(pk=series.pk).update(size_max=3)
    services.promote(series_ids=[series.pk], actor=ACTOR)
    offer = Enrolment.objects.get(resident__person__call_name="Ed")
    assert offer.state == "offered"
    told = next(one for one in sent() if one.to[0].lower() == HELPED)
    assert reverse("courses:mine") in told.body
    answer = client.post(SIGN_IN, {"email": HELPED})
    assert (answer.status_code, answer.url) == (302, reverse("courses:link_sent"))
    path = sent_path()
    for _look in range(2):  # a program that reads mail opens it: nothing is made
        assert client.get(path).status_code == 200
    assert not User.objects.filter(email=HELPED).exists()
    assert client.post(path).url == reverse("courses:mine")
    page = client.get(reverse("courses:mine")).content.decode()
    assert reverse("courses:accept", args=[offer.pk]) in page
    client.post(reverse("courses:accept", args=[offer.pk]))
    offer.refresh_from_db()
    assert offer.state == "enrolled"
    user = Person.objects.get(call_name="Ed").user
    assert (user.email, user.roles) == (HELPED, {Role.RESIDENT})
    # The next link signs in to the same account.
    client.post(SIGN_IN, {"email": HELPED})
    again = Client()
    assert again.post(sent_path()).url == reverse("courses:mine")
    assert again.session["_auth_user_id"] == str(user.pk)


def test_who_is_reached_otherwise_by_then_gets_no_account(
    client: Client, region: Region
) -> None:
    person = ResidentFactory(person=PersonFactory(contact_address=HELPED)).person
    client.post(SIGN_IN, {"email": HELPED})
    path = sent_path()
    person.contact_address = "anders@example.org"
    person.save()
    assert client.post(path).status_code == 404
    assert not User.objects.filter(email=HELPED).exists()


def test_an_address_of_two_people_signs_nobody_in_as_the_other(
    client: Client, region: Region
) -> None:
    for _one in range(2):
        ResidentFactory(person=PersonFactory(contact_address=HELPED))
    client.post(SIGN_IN, {"email": HELPED})
    for one in sent():
        assert reverse("courses:mine") not in one.body
    assert not MailLink.objects.filter(used_at=None).exists()
    assert not User.objects.filter(email=HELPED).exists()


# --- too late -----------------------------------------------------------------------


def lapse() -> None:
    early = timezone.now() - timedelta(days=3)
    MailLink.objects.update(made_at=early, expires_at=early + timedelta(days=2))


@pytest.mark.parametrize("way", ["courses:join_by_mail", "courses:wait_by_mail"])
def test_a_link_that_came_too_late_leads_back_to_the_group(
    client: Client, region: Region, way: str
) -> None:
    series = region.series["money"]
    number = series.pk if way == "courses:join_by_mail" else series.offering_id
    back = reverse(way, args=[number])
    client.post(back, {"call_name": "Vlinder", "email": "nieuw@example.org"})
    path = sent_path()
    lapse()
    answer = client.get(path)
    assert (answer.status_code, faults(answer.content.decode())) == (404, [])
    assert f'href="{back}"' in answer.content.decode()
    assert client.get(back).status_code == 200
    series.offering.in_catalogue = False
    series.offering.save()
    for gone in (client.get(path), client.get("/aanmelding/0/")):
        assert back not in gone.content.decode()
        assert f'href="{SIGN_IN}"' in gone.content.decode()


def test_a_used_link_leads_to_signing_in_and_one_for_an_address_to_that_page(
    client: Client, region: Region
) -> None:
    series = region.series["money"]
    join(client, series)
    path = sent_path()
    client.post(path)
    used = Client().get(path).content.decode()
    assert f'href="{SIGN_IN}"' in used
    assert reverse("courses:join_by_mail", args=[series.pk]) not in used
    ask_new_address(
        person=region.resident.person, address="nieuw2@example.org", language="nl"
    )
    path = sent_path()
    lapse()
    late = Client().get(path).content.decode()
    assert f'href="{reverse("courses:contact")}"' in late


# --- counted ------------------------------------------------------------------------


def ask(number: int, forwarded: str = "") -> int:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    data = {"email": f"a{number}@example.org"}
    return Client().post(SIGN_IN, data, headers=headers).status_code


def test_everybody_behind_the_proxy_is_counted_apart(
    region: Region, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):  # what is on the left the visitor made up
        assert ask(number, f"203.0.113.{number}, 198.51.100.7") == 302
    cache.clear()  # another process has no memory of this one
    assert ask(20, "203.0.113.99, 198.51.100.7") == 429
    assert ask(21, "198.51.100.7, 198.51.100.8") == 302
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert ask(22, "198.51.100.7, 10.0.0.1") == 429
    assert ask(23, "198.51.100.9, 10.0.0.1") == 302


def test_without_a_proxy_the_header_says_nothing(region: Region) -> None:
    for number in range(20):
        assert ask(number, f"203.0.113.{number}") == 302
    assert ask(20, "203.0.113.99") == 429
    MailLink.objects.update(made_at=timezone.now() - timedelta(minutes=61))
    assert ask(21, "203.0.113.99") == 302


def test_who_asked_is_no_address_and_soon_forgotten(region: Region) -> None:
    ask(1)
    link = MailLink.objects.get()
    assert len(link.asked_by) == 64
    forget_links(now=timezone.now() + timedelta(minutes=61))
    link.refresh_from_db()
    assert link.asked_by == ""


# --- through the outbox -------------------------------------------------------------


def test_a_link_waits_in_the_outbox_unread_and_is_wiped(
    client: Client,
    region: Region,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.QUIET_HOURS = ["00:00", "23:59"]
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.send_approved")
    with django_capture_on_commit_callbacks(execute=True):
        assert join(client, region.series["money"]).status_code == 302
    assert (jobs.count(), mail.outbox) == (1, [])
    row = OutboxMessage.objects.get()
    assert (row.kind, row.state) == ("account", "approved")
    assert row.secret
    assert row.urgent
    path = sent_path()
    (html,) = [body for body, kind in mail.outbox[0].alternatives if "html" in kind]
    assert path in html
    row.refresh_from_db()
    assert (row.state, row.body, row.link) == ("sent", "", "")
    assert "nieuw" not in row.address
    assert client.post(path).status_code == 302


def test_a_mail_server_that_refuses_is_no_fault_of_the_page(
    client: Client, region: Region, settings: Any, monkeypatch: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.messaging.lines.Mail"
    monkeypatch.setattr(Mail, "opens", False)
    assert client.post(SIGN_IN, {"email": HELPED}).status_code == 302
    assert sent() == []
    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts) == ("failed", 1)  # tried again by itself


@pytest.mark.parametrize("form", ["u", "je"])
def test_links_say_je_or_u_as_the_organisation_does(
    client: Client, region: Region, form: str, monkeypatch: Any
) -> None:
    """Whatever the language: in English both are the same words."""
    for place, name in [
        (link_words, "JOIN"),
        (link_words, "SIGN_IN"),
        (link_words, "ADDRESS"),
        (contact, "ADDRESS_CHANGED"),
    ]:
        told = replace(getattr(place, name), formal="says u", informal="says je")
        monkeypatch.setattr(place, name, told)
    keeper = OrganisationFactory(form_of_address=form)
    person = PersonFactory(organisation=keeper, contact_address=HELPED)
    ResidentFactory(person=person)
    brug = region.series["money"].offering.organisation
    brug.form_of_address = form
    brug.save()
    client.post(SIGN_IN, {"email": HELPED})
    join(client, region.series["money"])
    ask_new_address(person=person, address="nieuw2@example.org", language="nl")
    proven = MailLinkFactory(
        purpose="address", person=person, address="nieuw3@example.org"
    )
    contact.take_address(actor=ACTOR, link=proven)
    assert sorted(one.to[0] for one in sent()) == [
        HELPED,  # the link
        HELPED,  # and that the address was changed
        "nieuw2@example.org",
        "nieuw@example.org",
    ]
    assert all(f"says {form}" in one.body for one in sent())
