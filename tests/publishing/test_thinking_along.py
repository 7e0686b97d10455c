"""A helper asks to think along; a resident asks for a talk with one person."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.actor import Actor
from courses.models import Session
from intake.models import Consultation, TalkRequest
from intake.services import ask_consultation
from people.enums import Role
from publishing.services.thinking import propose_consultations
from tests.factories import (
    OfferingFactory,
    OfferingStaffNeedFactory,
    OrganisationFactory,
    PersonFactory,
    ReferralFactory,
    ResidentFactory,
    UserFactory,
    days,
)
from tests.publishing.conversation_data import COORDINATOR, Talks, in_days, some_talks
from tests.scheduling.rows import running
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks() -> Talks:
    return some_talks()


@pytest.fixture
def consultation(talks: Talks) -> Consultation:
    offering = OfferingFactory(
        kind="consultation", format="online", in_catalogue=False, size_min=0,
        size_max=1, sessions_count=1, session_minutes=30,
    )  # fmt: skip
    OfferingStaffNeedFactory(offering=offering, roles=["ggz_professional"])
    asked = ask_consultation(
        actor=Actor.of(talks.referrer),
        asked_by=talks.referrer,
        organisation=talks.practice,
        topic="which_help_fits",
        wished_days=days(str(in_days(0)), str(in_days(13))),
        once=uuid.uuid4(),
    )
    assert propose_consultations(actor=COORDINATOR) == 1
    return asked


def test_a_professional_says_no_the_next_yes_and_both_know(
    client: Client, talks: Talks, consultation: Consultation
) -> None:
    first = consultation.times.get(state="open")
    lead = first.leaders.get()
    assert lead in talks.ggz
    assert propose_consultations(actor=COORDINATOR) == 0  # somebody is being asked
    client.force_login(lead.person.user)
    assert faults(client.get("/mijn-agenda/meedenken/").content.decode()) == []
    client.post(reverse("publishing:answer", args=[first.pk]), {"act": "no"})
    second = consultation.times.get(state="open")
    other = second.leaders.get()
    assert other != lead
    answer = reverse("publishing:answer", args=[second.pk])
    assert client.post(answer, {"act": "yes"}).status_code == 404  # not asked of him
    client.force_login(other.person.user)
    for _press in range(2):
        client.post(answer, {"act": "yes"})
    consultation.refresh_from_db()
    session = Session.objects.get()
    assert consultation.state == "planned"
    assert session.period == second.period
    assert session.online
    assert session.period.upper - session.period.lower == timedelta(minutes=30)
    assert list(session.session_leaders.values_list("facilitator", flat=True)) == [
        other.pk
    ]
    client.force_login(talks.referrer)
    page = client.get("/meedenken/").content.decode()
    assert faults(page) == []


def test_a_question_is_asked_once_and_can_be_taken_back(
    client: Client, talks: Talks, consultation: Consultation
) -> None:
    client.force_login(talks.referrer)
    form = {
        "once": str(uuid.uuid4()), "organisation": talks.practice.pk,
        "topic": "other", "within": "7",
    }  # fmt: skip
    for _press in range(2):
        assert client.post("/meedenken/", form).status_code == 302
    assert Consultation.objects.count() == 2
    assert client.post("/meedenken/", {**form, "topic": "x"}).status_code == 422
    stop = reverse("intake:stop_thinking", args=[consultation.pk])
    for _press in range(2):
        assert client.post(stop).status_code == 302
    consultation.refresh_from_db()
    assert consultation.state == "withdrawn"


def test_a_no_stands_while_facts_cannot_be_right(
    client: Client, consultation: Consultation
) -> None:
    first = consultation.times.get(state="open")
    running(f"{timezone.localdate(first.period.lower)} 10:05")
    client.force_login(first.leaders.get().person.user)
    answer = reverse("publishing:answer", args=[first.pk])
    yes = client.post(answer, {"act": "yes"})
    assert (yes.status_code, faults(yes.content.decode())) == (409, [])
    assert not Session.objects.filter(series=consultation.series).exists()
    assert client.post(answer, {"act": "no"}).status_code == 302
    first.refresh_from_db()
    assert first.state == "declined"
    assert not consultation.times.filter(state="open").exists()


# --- A talk with one person ---------------------------------------------------------


def test_a_resident_asks_for_a_talk_and_a_coordinator_arranges_it(
    client: Client,
) -> None:
    user = UserFactory(role=Role.RESIDENT)
    resident = ResidentFactory(person=PersonFactory(user=user, call_name="Noor"))
    client.force_login(user)
    page = "/mijn-afspraken/een-gesprek/"
    assert faults(client.get(page).content.decode()) == []
    assert client.post(page, {"way": "pigeon"}).status_code == 422
    for _press in range(2):
        client.post(page, {"way": "phone"})
    assert faults(client.get(page).content.decode()) == []
    request = TalkRequest.objects.get(resident=resident)
    elsewhere = UserFactory(role=Role.COORDINATOR, organisation=OrganisationFactory())
    done = reverse("intake:talk_done", args=[request.pk])
    client.force_login(elsewhere)
    assert client.get("/gespreksvragen/").context["rows"] == []
    assert client.post(done).status_code == 404
    client.force_login(UserFactory(role=Role.COORDINATOR))
    listed = client.get("/gespreksvragen/").content.decode()
    assert faults(listed) == []
    assert "Noor" in listed
    for _press in range(2):
        assert client.post(done).status_code == 302
    request.refresh_from_db()
    assert request.state == "done"


def test_a_referral_of_yesterday_is_not_in_the_list_of_another(client: Client) -> None:
    ReferralFactory(state="advised")
    client.force_login(UserFactory(role=Role.COORDINATOR))
    assert client.get("/verkennende-gesprekken/").context["lines"] == []
