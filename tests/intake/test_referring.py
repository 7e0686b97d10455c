"""A GP refers: urgent is refused, the same person is one person, the answer is one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Registration
from intake.models import Referral
from intake.services.refer import Asked, refer
from people.enums import Role
from people.models import Person, Verification
from tests.factories import (
    OrganisationFactory,
    PersonFactory,
    ReferralFactory,
    ResidentFactory,
    UserFactory,
)
from tests.publishing.conversation_data import Talks, a_referral, some_talks
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks() -> Talks:
    return some_talks()


@pytest.fixture
def gp(client: Client, talks: Talks) -> Client:
    client.force_login(talks.referrer)
    return client


def filled(talks: Talks, **more: Any) -> dict[str, Any]:
    return {
        "once": str(uuid.uuid4()),
        "urgent": "no",
        "organisation": talks.practice.pk,
        "call_name": "Noor",
        "birth_year": "1985",
        "place": talks.place.pk,
        "contact_channel": "email",
        "contact_address": "noor@example.org",
        "agreed": "on",
        **more,
    }


def test_a_referral_waits_for_a_conversation_and_the_answer_names_nobody(
    gp: Client, talks: Talks
) -> None:
    assert faults(gp.get("/verwijzen/").content.decode()) == []
    answer = gp.post("/verwijzen/", filled(talks, with_relative="on"))
    assert answer.headers["Location"] == reverse("intake:referred")
    page = gp.get(answer.headers["Location"]).content.decode()
    assert faults(page) == []
    assert "Noor" not in page
    referral = Referral.objects.get()
    assert (referral.state, referral.organisation) == ("registered", talks.practice)
    assert referral.with_relative
    person = referral.resident.person
    assert (person.call_name, person.birth_year, person.place) == (
        "Noor", 1985, talks.place,
    )  # fmt: skip
    assert referral.registration.allowed_levels == [0]
    assert referral.registration.norm_date == referral.target_date


def test_what_is_urgent_is_refused_at_once_and_nothing_is_kept(
    gp: Client, talks: Talks
) -> None:
    before = AuditEvent.objects.count()
    for form in (filled(talks, urgent="yes"), {"urgent": "yes"}):
        answer = gp.post("/verwijzen/", form)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert faults(page) == []
        assert all(number in page for number in ("tel:112", "tel:113", "08000113"))
        assert "Noor" not in page
    assert Person.objects.filter(call_name="Noor").count() == 0
    assert Referral.objects.count() == 0
    assert AuditEvent.objects.count() == before


def test_pressed_twice_and_sent_again_from_the_back_button(
    gp: Client, talks: Talks
) -> None:
    form = filled(talks)
    answers = [gp.post("/verwijzen/", form).headers["Location"] for _ in range(3)]
    assert set(answers) == {reverse("intake:referred")}
    again = gp.post("/verwijzen/", filled(talks))  # filled in anew, same person
    assert again.headers["Location"] == answers[0]
    assert Referral.objects.count() == Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({}, {"call_name": "NOOR"}),
        ({"call_name": "Zoë"}, {"call_name": "zoe"}),
        (
            {"contact_channel": "phone", "contact_address": "06-1234 5678"},
            {"contact_channel": "phone", "contact_address": "+31 6 12345678"},
        ),
        ({"contact_address": "Noor@Example.org"}, {}),
    ],
)
def test_who_is_known_stays_one_person_with_the_details_there_were(
    gp: Client, talks: Talks, known: dict[str, str], asked: dict[str, str]
) -> None:
    facts = {"call_name": "Noor", "birth_year": 1985, **known}
    person = PersonFactory(**{"contact_address": "noor@example.org", **facts})
    ResidentFactory(person=person)
    before = Person.objects.values().get(pk=person.pk)
    answer = gp.post("/verwijzen/", filled(talks, **asked))
    assert answer.headers["Location"] == reverse("intake:referred")
    referral = Referral.objects.get()
    assert referral.resident.person == person
    assert referral.looks_like is None
    assert Person.objects.values().get(pk=person.pk) == before


@pytest.mark.parametrize(
    "other",
    [
        {"call_name": "Sem", "birth_year": 1985, "contact_address": "noor@example.org"},
        {"call_name": "Noor", "birth_year": 1985, "contact_address": "n@example.org"},
    ],
)
def test_who_only_looks_alike_is_new_and_a_coordinator_asks(
    gp: Client, talks: Talks, other: dict[str, Any]
) -> None:
    alike = PersonFactory(place=talks.place, **other)
    answer = gp.post("/verwijzen/", filled(talks))
    assert answer.headers["Location"] == reverse("intake:referred")
    referral = Referral.objects.get()
    assert referral.resident.person != alike
    assert referral.looks_like == alike


def test_another_year_of_birth_is_another_person(gp: Client, talks: Talks) -> None:
    PersonFactory(call_name="Noor", birth_year=1950, contact_address="noor@example.org")
    gp.post("/verwijzen/", filled(talks))
    assert Referral.objects.get().looks_like is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("call_name", "123456782"),
        ("call_name", "Noor " * 40),
        ("call_name", ""),
        ("birth_year", "85"),
        ("birth_year", "2024"),
        ("birth_year", "een"),
        ("contact_address", "geen adres"),
        ("place", "999999"),
        ("organisation", "999999"),
        ("agreed", ""),
        ("once", "x"),
        ("urgent", ""),
    ],
)
def test_a_faulty_field_is_named_and_nothing_is_kept(
    gp: Client, talks: Talks, field: str, value: str
) -> None:
    answer = gp.post("/verwijzen/", filled(talks, **{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert faults(answer.content.decode()) == []
    assert Referral.objects.count() == 0


def test_scripts_and_emoji_are_words(gp: Client, talks: Talks) -> None:
    name = "<script>alert(1)</script> 🌱"
    gp.post("/verwijzen/", filled(talks, call_name=name))
    page = gp.get("/verwijzingen/").content.decode()
    assert "<script>alert" not in page
    assert "🌱" in page
    assert faults(page) == []


def test_another_s_organisation_and_another_s_referral(
    gp: Client, talks: Talks
) -> None:
    other = OrganisationFactory(kind="primary-care")
    assert (
        gp.post("/verwijzen/", filled(talks, organisation=other.pk)).status_code == 422
    )
    theirs = ReferralFactory(
        referrer=UserFactory(role=Role.REFERRER), organisation=other
    )
    page = reverse("intake:own_referral", args=[theirs.pk])
    assert gp.get(page).status_code == 404
    assert AuditEvent.objects.filter(
        event_code="referral.read", result="refused", object_id=str(theirs.pk)
    ).exists()


def test_without_an_organisation_nobody_refers(client: Client, talks: Talks) -> None:
    client.force_login(UserFactory(role=Role.REFERRER))
    assert client.get("/verwijzen/").status_code == 403
    assert client.post("/verwijzen/", filled(talks)).status_code == 403
    assert Referral.objects.count() == 0


@pytest.mark.parametrize("why", ["never", "lapsed", "ended", "elsewhere"])
def test_who_was_not_checked_reads_what_to_do_and_refers_nobody(
    gp: Client, talks: Talks, why: str
) -> None:
    check = Verification.objects.filter(user=talks.referrer)
    if why == "never":
        check.delete()
    elif why == "lapsed":
        check.update(expires_on=timezone.localdate() - timedelta(days=1))
    elif why == "ended":
        check.update(ended_at=timezone.now())
    else:
        check.update(organisation=OrganisationFactory())
    for answer in (gp.get("/verwijzen/"), gp.post("/verwijzen/", filled(talks))):
        assert answer.status_code == 403
        text = answer.content.decode()
        assert faults(text) == []
        assert "AGB" in text
        assert "112" in text
    with pytest.raises(ValidationError) as error:
        a_referral(talks)
    assert error.value.code == "not-verified"
    assert Referral.objects.count() == 0
    assert Person.objects.filter(call_name="Noor").count() == 0


def test_what_is_urgent_is_told_so_also_to_who_was_not_checked(
    gp: Client, talks: Talks
) -> None:
    Verification.objects.all().delete()
    answer = gp.post("/verwijzen/", {"urgent": "yes"})
    assert answer.status_code == 422
    assert "112" in answer.content.decode()


def test_queries_do_not_grow_with_the_referrals(
    gp: Client, talks: Talks, django_assert_num_queries: Any
) -> None:
    a_referral(talks)
    with django_assert_num_queries(5):
        gp.get("/verwijzingen/")
    for number in range(2):
        a_referral(talks, contact_address=f"w{number}@example.org", call_name="Wim")
    with django_assert_num_queries(5):
        page = gp.get("/verwijzingen/")
    assert len(page.context["lines"]) == 3


def test_two_forms_at_once_are_one_person(talks: Talks) -> None:
    asked = Asked(
        call_name="Noor", birth_year=1985, place=talks.place, contact_channel="email",
        contact_address="noor@example.org", with_relative=False, once=uuid.uuid4(),
    )  # fmt: skip
    from audit.actor import Actor

    facts = {
        "actor": Actor.of(talks.referrer),
        "referrer": talks.referrer,
        "organisation": talks.practice,
    }
    one = refer(**facts, asked=asked)
    assert refer(**facts, asked=asked) == one
    assert Person.objects.filter(call_name="Noor").count() == 1
