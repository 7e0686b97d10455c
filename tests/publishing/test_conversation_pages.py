"""The pages of a conversation: choosing, arranging, the outcome, and thinking along."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Enrolment, Registration, Session
from intake.enums import ReferralState
from intake.models import Outcome, ProposedTime, Referral
from intake.selectors import stage_days
from intake.services.proposals import make_link
from messaging.models import OutboxMessage
from people.enums import Role
from people.models import Person
from publishing.services.conversations import choose, propose
from publishing.services.tending import tend
from tests.factories import (
    OfferingFactory,
    OrganisationFactory,
    PersonFactory,
    ResidentFactory,
    UserFactory,
    reason_code,
)
from tests.publishing.conversation_data import (
    COORDINATOR,
    Talks,
    a_referral,
    in_days,
    some_talks,
)
from tests.scheduling.rows import running
from tests.web.html import faults

pytestmark = pytest.mark.django_db
OWN = "/mijn-afspraken/kies-een-tijd/"


@pytest.fixture
def talks() -> Talks:
    return some_talks()


@pytest.fixture
def referral(talks: Talks) -> Referral:
    found = a_referral(talks)
    propose(actor=COORDINATOR)
    person = found.resident.person
    person.user = UserFactory(email="noor@example.org", role=Role.RESIDENT)
    person.save()
    return found


@pytest.fixture
def noor(client: Client, referral: Referral) -> Client:
    client.force_login(referral.resident.person.user)
    return client


def open_times(referral: Referral) -> list[ProposedTime]:
    return list(referral.times.filter(state="open"))


def test_a_resident_chooses_on_the_own_page(noor: Client, referral: Referral) -> None:
    assert OWN in noor.get("/mijn-afspraken/").content.decode()
    page = noor.get(OWN).content.decode()
    assert faults(page) == []
    assert not [
        lead.person.call_name
        for time in open_times(referral)
        for lead in time.leaders.all()
        if lead.person.call_name in page
    ]
    time = open_times(referral)[0]
    assert noor.post(OWN, {"time": time.pk}).url == OWN
    assert noor.post(OWN, {"time": time.pk}).url == OWN  # twice
    assert Enrolment.objects.filter(resident=referral.resident).count() == 1
    assert faults(noor.get(OWN).content.decode()) == []
    noor.post(OWN, {"act": "cancel"})
    referral.refresh_from_db()
    assert referral.state == ReferralState.PROPOSED  # others at once
    assert Session.objects.get().state == "cancelled"


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 30, "999999"])
def test_a_made_up_time_changes_nothing(
    noor: Client, referral: Referral, asked: str
) -> None:
    assert noor.post(OWN, {"time": asked}).status_code in {302, 404}
    assert len(open_times(referral)) == 3
    assert Enrolment.objects.count() == 0


def test_stopping_goes_by_the_page_of_the_conversation(
    noor: Client, referral: Referral
) -> None:
    noor.post(OWN, {"time": open_times(referral)[0].pk})
    seat = Enrolment.objects.get(resident=referral.resident)
    leave = reverse("courses:leave", args=[seat.pk])
    assert leave not in noor.get("/mijn-afspraken/").content.decode()
    assert noor.post(leave).url == OWN
    seat.refresh_from_db()
    assert seat.state == "enrolled"


def test_another_s_time_is_not_found_and_written_down(
    noor: Client, talks: Talks, referral: Referral
) -> None:
    other = a_referral(talks, contact_address="wim@example.org", call_name="Wim")
    propose(actor=COORDINATOR)
    theirs = open_times(other)[0]
    assert noor.post(OWN, {"time": theirs.pk}).status_code == 404
    refused = AuditEvent.objects.get(result="refused")
    assert (refused.event_code, refused.object_id) == (
        "referral.choose", str(theirs.pk),
    )  # fmt: skip
    assert len(open_times(other)) == 3


def test_other_times_by_the_page(noor: Client, referral: Referral) -> None:
    before = {one.pk for one in open_times(referral)}
    noor.post(OWN, {"act": "others"})
    assert before.isdisjoint({one.pk for one in open_times(referral)})


def test_queries_of_the_page_do_not_grow_with_the_times(
    noor: Client, referral: Referral, django_assert_num_queries: Any
) -> None:
    kept = open_times(referral)[0]
    with django_assert_num_queries(7):
        noor.get(OWN)
    referral.times.exclude(pk=kept.pk).delete()
    with django_assert_num_queries(7):
        noor.get(OWN)


def odd_group(referral: Referral) -> str:
    """A group that begins at five past, on a day of the times; its title."""
    day = timezone.localdate(open_times(referral)[0].period.lower)
    return running(f"{day} 10:05").offering.title


def test_facts_that_cannot_be_right_are_for_a_coordinator_to_mend(
    noor: Client, referral: Referral
) -> None:
    title, first = odd_group(referral), open_times(referral)[0]
    answer = noor.post(OWN, {"time": first.pk})
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert title not in html
    assert len(open_times(referral)) == 3
    assert not Enrolment.objects.exists()
    assert noor.post(OWN, {"act": "others"}).url == OWN  # the no stands
    assert open_times(referral) == []
    noor.force_login(UserFactory(role=Role.COORDINATOR))
    page = reverse("publishing:referral", args=[referral.pk])
    answer = noor.post(page, {"act": "propose"})
    assert (answer.status_code, faults(answer.content.decode())) == (409, [])
    assert title in answer.content.decode()


# --- The link of the mail -----------------------------------------------------------


def test_the_link_works_without_an_account_until_it_was_used(
    client: Client, referral: Referral
) -> None:
    page = reverse("publishing:link_times", args=[make_link(referral=referral)[0]])
    for _look in range(2):  # looking changes nothing
        answer = client.get(page)
        assert faults(answer.content.decode()) == []
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Noor" not in answer.content.decode()
    assert client.post(page, {"time": ""}).url == page
    done = client.post(page, {"time": open_times(referral)[0].pk})
    assert faults(done.content.decode()) == []
    assert Enrolment.objects.filter(resident=referral.resident).count() == 1
    assert client.get(page).status_code == 404
    assert client.post(page, {"act": "cancel"}).status_code == 404
    assert AuditEvent.objects.filter(actor_id=f"link:{referral.pk}").exists()


def test_a_new_link_a_late_one_and_a_guess(client: Client, referral: Referral) -> None:
    old = make_link(referral=referral)[0]
    new = make_link(referral=referral)[0]
    late = timezone.now() - timedelta(days=30)
    assert client.get(f"/afspraak/{old}/").status_code == 404
    assert client.get(f"/afspraak/{new}/").status_code == 200
    expired = make_link(referral=referral, now=late)[0]
    for secret in (expired, "x", "é" * 40, "a" * 3000):
        answer = client.get(reverse("publishing:link_times", args=[secret]))
        assert answer.status_code == 404
        assert faults(answer.content.decode()) == []


# --- The coordinator ----------------------------------------------------------------


def test_a_coordinator_arranges_it_by_telephone(client: Client, talks: Talks) -> None:
    by_phone = a_referral(
        talks, contact_channel="phone", contact_address="0612345678", call_name="Wim"
    )
    client.force_login(UserFactory(role=Role.COORDINATOR))
    where = reverse("publishing:referral", args=[by_phone.pk])
    client.post(where, {"act": "propose"})
    listed = client.get("/verkennende-gesprekken/").content.decode()
    assert faults(listed) == []
    assert "Wim" not in listed
    page = client.get(where).content.decode()
    assert faults(page) == []
    assert "0612345678" in page
    (title,) = re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
    assert str(by_phone.pk) not in title  # a browser keeps it
    client.post(where, {"time": open_times(by_phone)[0].pk})
    by_phone.refresh_from_db()
    assert by_phone.state == ReferralState.PLANNED
    assert faults(client.get(where).content.decode()) == []
    client.post(where, {"act": "withdraw"})
    by_phone.refresh_from_db()
    assert by_phone.state == ReferralState.WITHDRAWN
    assert by_phone.registration.state == "withdrawn"
    assert Session.objects.get().state == "cancelled"


def test_two_rows_of_one_person_become_one(client: Client, talks: Talks) -> None:
    known = ResidentFactory(
        person=PersonFactory(
            call_name="Noortje", birth_year=1985, contact_address="noor@example.org"
        )
    )
    doubled = a_referral(talks)
    assert doubled.looks_like == known.person
    client.force_login(UserFactory(role=Role.COORDINATOR))
    where = reverse("publishing:referral", args=[doubled.pk])
    assert faults(client.get(where).content.decode()) == []
    client.post(where, {"act": "one"})
    doubled.refresh_from_db()
    assert (doubled.resident, doubled.registration.resident) == (known, known)
    assert Person.objects.filter(call_name="Noor").count() == 0
    client.post(where, {"act": "one"})  # the back button
    assert Referral.objects.count() == 1


def test_another_organisation_s_coordinator_does_not_find_it(
    client: Client, referral: Referral
) -> None:
    elsewhere = OrganisationFactory()
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=elsewhere))
    where = reverse("publishing:referral", args=[referral.pk])
    assert client.get(where).status_code == 404
    assert client.get("/verkennende-gesprekken/").context["lines"] == []


# --- The outcome --------------------------------------------------------------------


def held(talks: Talks) -> tuple[Referral, ProposedTime]:
    """A conversation of this morning."""
    found = a_referral(talks)
    propose(actor=COORDINATOR)
    time = choose(
        actor=COORDINATOR, referral_id=found.pk, time_id=open_times(found)[0].pk
    )
    now = timezone.now()
    time.period = DateTimeTZRange(now - timedelta(hours=3), now - timedelta(hours=2))
    time.save()
    found.refresh_from_db()
    return found, time


def test_the_outcome_is_advice_and_registrations_and_goes_back(
    client: Client, talks: Talks
) -> None:
    found, time = held(talks)
    group = OfferingFactory(title_nl="WRAP", in_catalogue=True)
    talk = OfferingFactory(
        kind="one_to_one", in_catalogue=True, size_min=1, size_max=1, sessions_count=5,
        session_minutes=45,
    )  # fmt: skip
    leader = time.leaders.get(staff_roles=["ggz_professional"])
    client.force_login(leader.person.user)
    assert faults(client.get("/mijn-agenda/gesprekken/").content.decode()) == []
    where = reverse("intake:outcome", args=[found.pk])
    assert faults(client.get(where).content.decode()) == []
    form = {"advice": ["course_or_group"], "together": "on"}
    alone = {**form, "offerings": [talk.pk]}
    assert client.post(where, alone).status_code == 422  # no reason for one-to-one
    reason = reason_code()
    both = {**form, "offerings": [group.pk, talk.pk], "reason": reason.pk}
    assert client.post(where, both).status_code == 302
    outcome = Outcome.objects.get()
    levels = sorted(
        (one.choices.get().offering_id, one.allowed_levels, one.one_to_one_reason)
        for one in outcome.registrations.all()
    )
    assert levels == [(group.pk, [1], None), (talk.pk, [1, 3], reason)]
    found.refresh_from_db()
    assert (found.state, found.held_on) == ("advised", timezone.localdate())
    assert found.registration.state == "finished"
    # The form again: nothing more; it is no longer in the list either.
    assert client.post(where, both).status_code in {302, 404}
    assert Registration.objects.filter(resident=found.resident).count() == 3
    mail = OutboxMessage.objects.get(recipient__user=talks.referrer)
    assert (mail.state, "Noor" in mail.body + mail.subject) == ("approved", False)
    client.force_login(talks.referrer)
    page = client.get(reverse("intake:own_referral", args=[found.pk]))
    assert faults(page.content.decode()) == []
    assert len(page.context["advice"]) == 1


def test_only_the_two_professionals_open_the_form(client: Client, talks: Talks) -> None:
    found, time = held(talks)
    others = [one for one in talks.ggz + talks.social if one not in time.leaders.all()]
    client.force_login(others[0].person.user)
    where = reverse("intake:outcome", args=[found.pk])
    assert client.get(where).status_code == 404
    assert client.post(where, {"advice": ["digital"]}).status_code == 404
    assert client.get("/mijn-agenda/gesprekken/").context["rows"] == []


def test_the_days_of_each_stage_are_numbers(talks: Talks) -> None:
    found, _time = held(talks)
    Referral.objects.filter(pk=found.pk).update(received_on=in_days(-10))
    tend(actor=COORDINATOR)
    stages = {one.stage: one for one in stage_days(first=in_days(-30), last=in_days(0))}
    assert stages["referral-proposed"].median == 10
    assert stages["proposed-chosen"].median == 0
    assert (stages["referral-held"].count, stages["referral-held"].within_norm) == (
        1,
        1,
    )
    assert stages["held-advised"].count == 0
    assert stage_days(first=in_days(1), last=in_days(2))[0].count == 0


# --- The clock ----------------------------------------------------------------------


def test_a_conversation_of_the_plan_of_a_week_is_taken_over(
    referral: Referral,
) -> None:
    time = open_times(referral)[0]
    choose(actor=COORDINATOR, referral_id=referral.pk, time_id=time.pk)
    # As a release leaves it: the seat and the session, and no time that was chosen.
    referral.times.all().delete()
    Referral.objects.update(state="registered", chosen_at=None)
    assert tend(actor=COORDINATOR)["adopted"] == 1
    referral.refresh_from_db()
    assert referral.state == "planned"
    chosen = referral.times.get(state="chosen")
    assert (chosen.period, chosen.leaders.count()) == (time.period, 2)
    assert tend(actor=COORDINATOR)["adopted"] == 0


def test_who_does_not_answer_is_reminded_once_and_then_waits_again(
    referral: Referral,
) -> None:
    def later(number: int) -> dict[str, int]:
        return tend(actor=COORDINATOR, now=timezone.now() + timedelta(days=number))

    assert set(later(1).values()) == {0}
    assert later(4)["asked_again"] == 1
    link = Referral.objects.get().link_hash
    assert later(4)["asked_again"] == 0
    assert Referral.objects.get().link_hash == link  # the one that was mailed
    assert OutboxMessage.objects.filter(key__startswith="times-reminder").count() == 1
    assert later(8)["lapsed"] == 1
    referral.refresh_from_db()
    assert (referral.state, referral.registration.state) == ("registered", "waiting")
    assert later(8)["lapsed"] == 0
