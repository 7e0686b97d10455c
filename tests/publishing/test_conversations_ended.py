"""What was asked for a conversation is ended by itself: referral, times and hour."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Enrolment, Series, Session
from courses.services.leaving import end_all
from intake.models import ProposedTime, Referral
from intake.services.referrals import same_person
from messaging.models import OutboxMessage
from people.services.own_data import parts
from publishing.services import conversations
from publishing.services.calendar import differences
from publishing.services.conversations import choose, propose
from publishing.services.tending import tend
from scheduling.models import PlanningRun, Repair
from tests.factories import EnrolmentFactory, RegistrationFactory, SeriesFactory
from tests.locking import locked_in_order
from tests.publishing.conversation_data import (
    COORDINATOR,
    Talks,
    a_referral,
    some_talks,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks() -> Talks:
    return some_talks()


def times(referral: Referral) -> list[ProposedTime]:
    return list(referral.times.filter(state="open").order_by("period"))


def end(referral: Referral) -> None:
    """As a coordinator does, on the page of the registration or for all of it."""
    referral.refresh_from_db()
    end_all(registration=referral.registration, reason="moved", actor=COORDINATOR)


def test_who_is_erased_with_an_hour_to_come_is_locked_at_one_go(talks: Talks) -> None:
    """The conversation and all else that was asked, before the first is cancelled."""
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    choose(actor=COORDINATOR, referral_id=referral.pk, time_id=times(referral)[0].pk)
    talk = Enrolment.objects.get(resident=referral.resident).series
    other = EnrolmentFactory(
        series=SeriesFactory(published=True),
        registration=RegistrationFactory(resident=referral.resident, state="placed"),
    )
    person = referral.resident.person
    with CaptureQueriesContext(connection) as seen:
        for part in reversed(parts()):
            if part.key in ("feeds", "registrations"):
                part.erase(COORDINATOR, person)
    (kind, series), (next_, _people), *_others = locked_in_order(seen.captured_queries)
    assert (kind, next_) == ("series", "people")
    assert {talk.pk.hex, other.series.pk.hex} <= series


@pytest.mark.parametrize("lately", [False, True])
def test_who_stopped_asking_chooses_no_time_and_is_told_why(
    talks: Talks, monkeypatch: pytest.MonkeyPatch, lately: bool
) -> None:
    """``lately``: all was ended after the time was looked at once more."""
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    end(referral)
    if lately:
        monkeypatch.setattr(conversations, "still_fits", lambda **_facts: True)
    first, told = times(referral)[0], str(conversations.stopped().messages[0])
    with pytest.raises(ValidationError) as refused:
        choose(actor=COORDINATOR, referral_id=referral.pk, time_id=first.pk)
    assert (type(refused.value), refused.value.messages) == (ValidationError, [told])
    with pytest.raises(ValidationError, match=re.escape(told)):
        conversations.ask_others(actor=COORDINATOR, referral_id=referral.pk)
    assert len(times(referral)) == 3  # none lapsed, and none was declined
    assert not Session.objects.exists()
    assert not Enrolment.objects.exists()


def test_who_stopped_asking_hears_nothing_more(talks: Talks) -> None:
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    end(referral)
    half = timezone.now() + timedelta(days=4)
    assert tend(actor=COORDINATOR, now=half) == dict.fromkeys(
        ("given_back", "adopted", "held", "asked_again", "lapsed"), 0
    ) | {"closed": 1}
    referral.refresh_from_db()
    assert (referral.state, referral.registration.state) == ("withdrawn", "withdrawn")
    assert (times(referral), referral.link_hash) == ([], "")
    assert not OutboxMessage.objects.filter(key__startswith="times-reminder").exists()
    assert tend(actor=COORDINATOR, now=half)["closed"] == 0
    again = a_referral(talks)
    assert again.pk != referral.pk  # a new one is no longer taken for the old one


def test_an_hour_that_nobody_comes_to_keeps_no_other_from_times(talks: Talks) -> None:
    """Such an hour, while it stands in the agenda, is none that somebody waits for."""
    old = a_referral(talks)
    propose(actor=COORDINATOR)
    Series.objects.filter(offering=talks.offering).delete()
    last = SeriesFactory(offering=talks.offering, pk=uuid.UUID(int=2**128 - 1))
    choose(actor=COORDINATOR, referral_id=old.pk, time_id=times(old)[0].pk)
    end(old)
    a_referral(talks, contact_address="wim@example.org", call_name="Wim")
    new = a_referral(talks, contact_address="bo@example.org", call_name="Bo")
    assert propose(actor=COORDINATOR) == 2
    choose(actor=COORDINATOR, referral_id=new.pk, time_id=times(new)[0].pk)
    assert not last.enrolments.filter(state="enrolled").exists()


@pytest.mark.parametrize("had", ["nothing", "times", "an hour"])
def test_who_is_referred_again_after_the_end_waits_anew(talks: Talks, had: str) -> None:
    """In the hour before the old one is tended: the new one is no part of it."""
    old = a_referral(talks)
    if had != "nothing":
        propose(actor=COORDINATOR)
    if had == "an hour":
        choose(actor=COORDINATOR, referral_id=old.pk, time_id=times(old)[0].pk)
    end(old)
    new = a_referral(talks)
    assert (new.pk == old.pk, new.resident) == (False, old.resident)
    assert a_referral(talks) == new  # once more: that one is open
    tend(actor=COORDINATOR)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("withdrawn", "registered")
    assert new.registration.state == "waiting"
    assert propose(actor=COORDINATOR) == 1


def test_two_rows_of_who_was_ended_are_one_and_wait_anew(talks: Talks) -> None:
    """In that hour the old one is no reason to close the one that came in."""
    old = a_referral(talks)
    end(old)
    doubled = a_referral(talks, call_name="Noortje")
    assert doubled.looks_like == old.resident.person
    assert same_person(actor=COORDINATOR, referral=doubled) == doubled
    old.refresh_from_db()
    doubled.refresh_from_db()
    assert (old.state, doubled.state) == ("withdrawn", "registered")
    assert (doubled.resident, doubled.registration.state) == (old.resident, "waiting")


def test_who_waited_for_times_is_not_proposed_any(talks: Talks) -> None:
    referral = a_referral(talks)
    end(referral)
    assert tend(actor=COORDINATOR)["closed"] == 1
    assert propose(actor=COORDINATOR) == 0
    referral.refresh_from_db()
    assert referral.state == "withdrawn"


@pytest.mark.parametrize("was_held", [False, True])
def test_a_conversation_that_was_given_up_is_not_held(
    talks: Talks, was_held: bool
) -> None:
    """Of one that was held before all was ended the outcome is still to come."""
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    time = choose(
        actor=COORDINATOR, referral_id=referral.pk, time_id=times(referral)[0].pk
    )
    end(referral)
    if was_held:
        late = time.period.upper + timedelta(minutes=1)
        Enrolment.objects.update(changed_at=late)
    later = time.period.upper + timedelta(minutes=5)
    done = tend(actor=COORDINATOR, now=later)
    assert (done["closed"], done["held"]) == ((0, 1) if was_held else (1, 0))
    referral.refresh_from_db()
    assert referral.state == ("held" if was_held else "withdrawn")
    assert Session.objects.get().state == "published"


def given_up(talks: Talks) -> Referral:
    """An hour was chosen, and then all was ended; nobody asked what becomes of it."""
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    choose(actor=COORDINATOR, referral_id=referral.pk, time_id=times(referral)[0].pk)
    end(referral)
    return referral


@pytest.mark.parametrize("again", [False, True])
def test_the_hour_of_who_stopped_asking_is_given_back(
    talks: Talks, again: bool
) -> None:
    referral = given_up(talks)
    if again:  # the referral is closed by then
        a_referral(talks)
    done = tend(actor=COORDINATOR)
    assert (done["closed"], done["given_back"]) == (0 if again else 1, 1)
    assert Session.objects.get().state == "cancelled"
    assert not differences()  # the calendar shows it so
    assert tend(actor=COORDINATOR)["given_back"] == 0
    referral.refresh_from_db()
    assert referral.state == "withdrawn"


def a_run(day: date, **more: Any) -> PlanningRun:
    return PlanningRun.objects.create(first_date=day, last_date=day, **more)


@pytest.mark.parametrize("why", ["somebody came", "asked", "ways"])
def test_an_hour_that_is_somebody_else_s_or_is_decided_on_stays(
    talks: Talks, why: str
) -> None:
    given_up(talks)
    session = Session.objects.get()
    day = timezone.localdate(session.period.lower)
    if why == "somebody came":
        EnrolmentFactory(
            series=session.series, registration=RegistrationFactory(state="placed")
        )
    elif why == "asked":
        asked = {"kind": "resident_left", "about": "1"}
        a_run(day, task="repair", as_draft=False, changes=[asked])
    else:
        Repair.objects.create(
            kind="resident_left",
            about="1",
            first_day=day,
            last_day=day,
            run=a_run(day, state="done"),
            touched=[{"series": str(session.series_id), "session": str(session.pk)}],
        )
    assert tend(actor=COORDINATOR)["given_back"] == 0
    assert Session.objects.get().state == "published"
    if why == "asked":  # and nothing was found to choose from
        PlanningRun.objects.update(state="failed")
        assert tend(actor=COORDINATOR)["given_back"] == 1
