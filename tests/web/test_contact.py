"""My contact details: what one may change, and a new address that must be proven."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import MailLink
from courses.services.links import ask_new_address
from people.enums import Role
from people.models import Person
from tests.factories import UserFactory
from tests.web.html import faults
from tests.web.mailed import link_in, sent
from tests.web.offer_data import Region, a_region

pytestmark = pytest.mark.django_db
PAGE = "/mijn-afspraken/contact/"
NEW = "noor.nieuw@example.org"
DETAILS = {
    "call_name": "Noor",
    "contact_channel": "email",
    "languages": ["nl"],
}


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def noor(client: Client, region: Region) -> Client:
    client.force_login(region.resident.person.user)
    return client


def person(region: Region) -> Person:
    return Person.objects.select_related("user", "place").get(
        pk=region.resident.person_id
    )


def ask(client: Client, address: str) -> Any:
    return client.post(PAGE, {"act": "address", "new-email": address})


def test_the_page_shows_what_is_known_and_is_linked(
    noor: Client, region: Region
) -> None:
    text = noor.get(PAGE).content.decode()
    assert faults(text) == []
    assert 'value="Noor"' in text
    assert person(region).contact_address in text
    assert f'href="{PAGE}"' in noor.get("/mijn-afspraken/").content.decode()


def test_name_way_number_postcode_and_languages_are_kept(
    noor: Client, region: Region
) -> None:
    answer = noor.post(
        PAGE,
        {
            "call_name": "Noortje",
            "alias": "Merel",
            "contact_channel": "sms",
            "contact_address": "06 12 34 56 78",
            "postcode4": "",
            "languages": ["nl", "ar"],
        },
    )
    assert (answer.status_code, answer.url) == (302, PAGE)
    now = person(region)
    assert (now.call_name, now.alias, now.group_name) == ("Noortje", "Merel", "Merel")
    assert (now.contact_channel, now.contact_address) == ("sms", "06 12 34 56 78")
    assert now.languages == ["nl", "ar"]
    assert now.place == region.places["Olst"]
    assert AuditEvent.objects.filter(
        event_code="person.update", subject_ids__contains=[str(now.pk)]
    ).exists()


def test_the_postcode_moves_the_journeys(noor: Client, region: Region) -> None:
    place = region.places["Den Nul"]
    place.postcode4 = "8121"
    place.save()
    noor.post(PAGE, DETAILS | {"postcode4": "8123"})
    assert person(region).place == place
    noor.post(PAGE, DETAILS | {"postcode4": "1011"})  # nowhere near
    assert (person(region).place, person(region).postcode4) == (place, "1011")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"call_name": " "}, "call_name"),
        ({"call_name": "x" * 61}, "call_name"),
        ({"contact_channel": "pigeon"}, "contact_channel"),
        ({"contact_channel": "sms"}, "contact_address"),
        ({"contact_channel": "phone", "contact_address": "bel mij"}, "contact_address"),
        ({"contact_channel": "sms", "contact_address": "12345"}, "contact_address"),
        ({"contact_channel": "post"}, "contact_address"),
        ({"postcode4": "0123"}, "postcode4"),
        ({"languages": []}, "languages"),
        ({"languages": ["xx"]}, "languages"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    noor: Client, region: Region, wrong: dict[str, Any], field: str
) -> None:
    before = Person.objects.filter(pk=region.resident.person_id).values().get()
    answer = noor.post(PAGE, DETAILS | wrong)
    assert answer.status_code == 400
    assert list(answer.context["details"].errors) == [field]
    assert faults(answer.content.decode()) == []
    after = Person.objects.filter(pk=region.resident.person_id).values().get()
    assert after == before


def test_no_messages_keeps_no_address_and_mail_comes_back(
    noor: Client, region: Region
) -> None:
    noor.post(PAGE, DETAILS | {"contact_channel": "none", "contact_address": "x"})
    assert person(region).contact_address == ""
    noor.post(PAGE, DETAILS)  # by mail again: to the address of the account
    assert person(region).contact_address == "noor@example.org"


def test_a_new_address_is_only_taken_after_the_press(
    noor: Client, region: Region
) -> None:
    assert ask(noor, NEW.upper()).url == reverse("courses:link_sent")
    (message,) = sent()
    assert message.to == [NEW]
    assert "Noor" not in message.body
    path = link_in(message)
    assert NEW not in path
    visitor = Client()  # perhaps on another device, signed in nowhere
    shown = visitor.get(path)
    assert faults(shown.content.decode()) == []
    assert NEW in shown.content.decode()
    assert person(region).user.email == "noor@example.org"
    assert visitor.post(path).status_code == 302
    now = person(region)
    assert (now.contact_channel, now.contact_address) == ("email", NEW)
    assert now.user.email == NEW
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(NEW, True)]
    assert "_auth_user_id" not in visitor.session  # a link signs nobody in
    told = {to for message in sent()[1:] for to in message.to}
    assert "noor@example.org" in told
    assert all(NEW not in message.body for message in sent()[1:])
    assert visitor.post(path).status_code == 404  # once
    assert noor.get(PAGE).status_code == 200  # who was signed in stays so


def test_who_pressed_while_signed_in_is_back_on_the_page(
    noor: Client, region: Region
) -> None:
    ask(noor, NEW)
    assert noor.post(link_in(sent()[0])).url == PAGE
    assert person(region).contact_address == NEW


def test_an_address_of_another_account_is_refused_to_its_owner_alone(
    noor: Client, region: Region
) -> None:
    UserFactory(email=NEW)
    assert ask(noor, NEW).url == reverse("courses:link_sent")  # the same answer
    answer = noor.post(link_in(sent()[0]))
    assert answer.status_code == 409
    assert faults(answer.content.decode()) == []
    assert person(region).user.email == "noor@example.org"
    assert person(region).contact_address != NEW


def test_a_lapsed_link_changes_nothing(noor: Client, region: Region) -> None:
    ask(noor, NEW)
    early = timezone.now() - timedelta(days=3)
    MailLink.objects.update(made_at=early, expires_at=early + timedelta(days=2))
    assert noor.post(link_in(sent()[0])).status_code == 404
    assert person(region).contact_address != NEW


def test_staff_keep_the_address_that_they_sign_in_with(region: Region) -> None:
    user = region.resident.person.user
    user.memberships.create(role=Role.FACILITATOR)
    user.forget_roles()
    ask_new_address(person=region.resident.person, address=NEW, language="nl")
    assert Client().post(link_in(sent()[0])).status_code == 302
    assert person(region).contact_address == NEW
    assert person(region).user.email == "noor@example.org"


def test_a_wrong_address_is_named_and_many_are_refused(
    noor: Client, region: Region
) -> None:
    answer = ask(noor, "geen adres")
    assert answer.status_code == 400
    assert list(answer.context["address"].errors) == ["email"]
    assert faults(answer.content.decode()) == []
    for _number in range(5):
        ask(noor, NEW)
    assert len(sent()) == 3  # at most three an hour to one address


def test_the_page_asks_the_same_few_queries(
    noor: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(7):
        noor.get(PAGE)
