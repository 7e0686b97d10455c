"""Taking part without a password: one link, once, and the same words for everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Enrolment, MailLink, Registration
from courses.services.links import forget_links
from people.enums import Role
from people.models import Person, User
from tests.factories import PersonFactory, ResidentFactory, UserFactory
from tests.web.html import faults
from tests.web.mailed import sent, sent_path
from tests.web.offer_data import Region, a_region

NEW = {"call_name": "Vlinder", "email": "Nieuw@Example.org"}


@pytest.fixture
def region(db: Any) -> Region:
    return a_region()


def asked(client: Client, region: Region, series: str = "money", **data: str) -> str:
    """The path of the link that came by mail."""
    path = reverse("courses:join_by_mail", args=[region.series[series].pk])
    answer = client.post(path, NEW | data)
    assert (answer.status_code, answer.url) == (302, reverse("courses:link_sent"))
    return sent_path()


def test_a_name_and_an_address_are_enough(client: Client, region: Region) -> None:
    page = client.get(reverse("courses:join_by_mail", args=[region.series["money"].pk]))
    assert faults(page.content.decode()) == []
    people = Person.objects.count()
    path = asked(client, region, companion="on")
    for _look in range(2):  # looking changes nothing
        assert faults(client.get(path).content.decode()) == []
    assert (Person.objects.count(), Enrolment.objects.filter(seats=2).count()) == (
        people,
        0,
    )
    answer = client.post(path, follow=True)
    assert answer.status_code == 200
    seat = Enrolment.objects.get(series=region.series["money"])
    assert (seat.state, seat.seats) == ("enrolled", 2)
    person = seat.resident.person
    assert (person.call_name, person.contact_address) == (
        "Vlinder",
        "nieuw@example.org",
    )
    assert person.organisation == region.series["money"].offering.organisation
    assert not person.user.has_usable_password()
    assert person.user.roles == {Role.RESIDENT}
    assert client.get(reverse("courses:mine")).status_code == 200  # signed in


def test_a_link_works_once_and_then_says_so(client: Client, region: Region) -> None:
    path = asked(client, region)
    client.post(path)
    for again in (client.get(path), client.post(path)):
        assert again.status_code == 404
        assert faults(again.content.decode()) == []
    assert Enrolment.objects.filter(series=region.series["money"]).count() == 1
    assert AuditEvent.objects.filter(event_code="link.use", result="refused").exists()


def test_a_lapsed_or_guessed_link_is_not_there(client: Client, region: Region) -> None:
    path = asked(client, region)
    MailLink.objects.update(
        made_at=timezone.now() - timedelta(days=3),
        expires_at=timezone.now() - timedelta(days=1),
    )
    for wrong in (path, "/aanmelding/0/", f"/aanmelding/{'é' * 300}/"):
        assert client.post(wrong).status_code == 404
    assert (
        Registration.objects.filter(resident__person__call_name="Vlinder").count() == 0
    )
    assert forget_links(now=timezone.now() + timedelta(days=7)) == 1


def test_known_and_unknown_addresses_get_the_same_answer(
    client: Client, region: Region
) -> None:
    path = reverse("courses:sign_in_by_mail")
    answers = [
        client.post(path, {"email": address})
        for address in ("noor@example.org", "nobody@example.org", "wim@example.org")
    ]
    assert {(one.status_code, one.url) for one in answers} == {
        (302, reverse("courses:link_sent"))
    }
    known, unknown, staff = (message.body for message in sent())
    assert "/aanmelding/" in known
    assert "/aanmelding/" not in unknown
    assert unknown == staff  # staff sign in with two steps only
    for message in sent():
        assert "Noor" not in message.body + message.subject


def test_a_link_signs_the_owner_in_and_nobody_else(
    client: Client, region: Region
) -> None:
    client.post(reverse("courses:sign_in_by_mail"), {"email": "noor@example.org"})
    assert client.get(sent_path()).status_code == 200
    assert client.get(reverse("courses:mine")).status_code == 302
    assert client.post(sent_path()).url == reverse("courses:mine")
    assert client.get(reverse("courses:mine")).status_code == 200


def test_who_is_known_by_the_address_is_not_made_twice(
    client: Client, region: Region
) -> None:
    known = ResidentFactory(
        person=PersonFactory(contact_address="nieuw@example.org", call_name="Lea")
    )
    client.post(asked(client, region))
    assert Enrolment.objects.get(series=region.series["money"]).resident == known
    known.person.refresh_from_db()
    assert (known.person.call_name, known.person.user.email) == (
        "Lea",
        "nieuw@example.org",
    )


def test_staff_join_by_mail_but_do_not_sign_in_by_it(
    client: Client, region: Region
) -> None:
    answer = client.post(
        asked(client, region, "money in Olst", email="wim@example.org")
    )
    assert answer.url == "/accounts/login/"
    (seat,) = region.series["money in Olst"].enrolments.all()
    assert seat.resident.person == region.leader.person
    assert "_auth_user_id" not in client.session


def test_what_does_not_fit_is_said_after_the_press(
    client: Client, region: Region
) -> None:
    path = asked(client, region, email="wim@example.org")  # he leads this group
    answer = client.post(path)
    assert answer.status_code == 409
    assert faults(answer.content.decode()) == []
    assert Enrolment.objects.filter(resident__person=region.leader.person).count() == 0


def test_waiting_for_a_new_group_needs_no_account_either(
    client: Client, region: Region
) -> None:
    offering = region.series["money"].offering
    answer = client.post(reverse("courses:wait_by_mail", args=[offering.pk]), NEW)
    assert answer.status_code == 302
    assert client.post(sent_path()).url == reverse("courses:mine")
    asking = Registration.objects.get(resident__person__call_name="Vlinder")
    assert asking.choices.get().offering == offering


def test_what_needs_a_referral_takes_no_mail(client: Client, region: Region) -> None:
    for series in ("care", "walk in"):
        path = reverse("courses:join_by_mail", args=[region.series[series].pk])
        assert client.get(path).status_code == 404
    assert client.get(reverse("courses:wait_by_mail", args=[987654])).status_code == 404


def test_nobody_s_mail_box_is_filled(client: Client, region: Region) -> None:
    for _try in range(5):
        answer = client.post(
            reverse("courses:sign_in_by_mail"), {"email": "noor@example.org"}
        )
        assert answer.status_code == 302
    assert len(sent()) == 3
    for number in range(20):
        answer = client.post(
            reverse("courses:sign_in_by_mail"), {"email": f"a{number}@example.org"}
        )
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "no address"},
        {"call_name": "x" * 61},
        {"call_name": "   "},
        {"call_name": "a\x00b"},
        {"email": f"{'a' * 200}@example.org"},
    ],
)
def test_bad_input_is_named_at_its_field(
    client: Client, region: Region, wrong: dict[str, str]
) -> None:
    path = reverse("courses:join_by_mail", args=[region.series["money"].pk])
    answer = client.post(path, NEW | wrong)
    assert answer.status_code == 400
    assert faults(answer.content.decode()) == []
    assert set(answer.context["form"].errors) == set(wrong)
    assert sent() == []


@pytest.mark.parametrize(
    "name", ["🦋🦋🦋", "<script>alert(1)</script>", "=HYPERLINK(1)", "ß" * 60, "أمل"]
)
def test_any_name_is_a_name_and_never_code(
    client: Client, region: Region, name: str
) -> None:
    client.post(asked(client, region, call_name=name))
    assert Person.objects.get(call_name=name).user is not None
    page = client.get(reverse("courses:mine")).content.decode()
    assert "<script>alert" not in page
    assert faults(page) == []


def test_an_account_that_was_closed_stays_closed(
    client: Client, region: Region
) -> None:
    closed = UserFactory(email="dicht@example.org", role=Role.RESIDENT, is_active=False)
    client.post(reverse("courses:sign_in_by_mail"), {"email": closed.email})
    assert "/aanmelding/" not in sent()[-1].body
    assert User.objects.filter(email=closed.email).count() == 1
