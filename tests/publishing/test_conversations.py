"""Times proposed by the rules of the planner, one chosen, never a double use."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from courses.models import Enrolment, Series, Session
from intake.models import ProposedTime, Referral
from messaging.models import OutboxMessage
from people.services import add_leave
from publishing.models import CalendarEntry
from publishing.services import conversations
from publishing.services.conversations import TimeGone, choose, propose
from tests.factories import (
    LeaveFactory,
    RoomBookingFactory,
    SessionFactory,
    SessionLeaderFactory,
    days,
)
from tests.publishing.conversation_data import (
    COORDINATOR,
    Talks,
    a_referral,
    in_days,
    some_talks,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks() -> Talks:
    return some_talks()


def times(referral: Referral) -> list[ProposedTime]:
    return list(referral.times.filter(state="open").order_by("period"))


def test_three_times_with_two_people_of_two_organisations_nearby(talks: Talks) -> None:
    referral = a_referral(talks)
    assert propose(actor=COORDINATOR) == 1
    found = times(referral)
    assert len(found) == 3
    assert len({one.period.lower.date() for one in found}) == 3
    for one in found:
        roles = sorted(role for lead in one.leaders.all() for role in lead.staff_roles)
        assert roles == ["ggz_professional", "social_worker"]
        assert len({lead.organisation_id for lead in one.leaders.all()}) == 2
        assert one.room == talks.room
        assert in_days(3) <= one.period.lower.date() <= referral.target_date
        assert one.period.upper - one.period.lower == timedelta(minutes=75)
    referral.refresh_from_db()
    assert (referral.state, referral.registration.state) == ("proposed", "offered")
    assert propose(actor=COORDINATOR) == 0  # nobody else waits


def test_two_residents_are_not_proposed_the_same_people_at_one_hour(
    talks: Talks,
) -> None:
    one = a_referral(talks)
    other = a_referral(talks, contact_address="wim@example.org", call_name="Wim")
    third = a_referral(talks, contact_address="bo@example.org", call_name="Bo")
    assert propose(actor=COORDINATOR, referral_ids=[one.pk]) == 1
    assert propose(actor=COORDINATOR) == 2
    seen = [
        (lead.pk, one.period)
        for referral in (one, other, third)
        for one in times(referral)
        for lead in one.leaders.all()
    ]
    overlaps = [
        (a, b)
        for number, a in enumerate(seen)
        for b in seen[number + 1 :]
        if a[0] == b[0] and a[1].lower < b[1].upper and b[1].lower < a[1].upper
    ]
    assert overlaps == []
    assert len(seen) == 18


def test_leave_bookings_and_sessions_are_kept_off(talks: Talks) -> None:
    first, last = in_days(3), in_days(9)
    LeaveFactory(facilitator=talks.ggz[0], days=days(str(first), str(last)))
    RoomBookingFactory(
        room=talks.room,
        state="requested",
        period=DateTimeTZRange(
            timezone.now(), timezone.now() + timedelta(days=6, hours=12)
        ),
    )
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    found = times(referral)
    assert found
    for one in found:
        assert one.period.lower > timezone.now() + timedelta(days=6, hours=12)
        if one.period.lower.date() <= last:
            assert talks.ggz[0] not in one.leaders.all()


def test_who_cannot_travel_so_far_gets_no_time(talks: Talks) -> None:
    referral = a_referral(talks, place=talks.far)
    talks.room.centre.rooms.all().delete()
    referral.resident.travel_limit_minutes = 20
    referral.resident.save()
    assert propose(actor=COORDINATOR) == 1  # the room in the own place
    assert {one.room.centre.place for one in times(referral)} == {talks.far}
    other = a_referral(talks, contact_address="wim@example.org", call_name="Wim")
    assert propose(actor=COORDINATOR) == 0
    other.refresh_from_db()
    assert (other.state, other.registration.state) == ("registered", "waiting")


def test_a_chosen_time_is_an_appointment_in_every_agenda(talks: Talks) -> None:
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    time = times(referral)[1]
    choose(actor=COORDINATOR, referral_id=referral.pk, time_id=time.pk)
    referral.refresh_from_db()
    assert (referral.state, referral.registration.state) == ("planned", "placed")
    assert referral.chosen_at is not None
    seat = Enrolment.objects.get(resident=referral.resident)
    session = Session.objects.get(series=seat.series)
    assert (seat.state, session.period, session.room) == (
        "enrolled", time.period, talks.room,
    )  # fmt: skip
    leaders = set(session.session_leaders.values_list("facilitator_id", flat=True))
    assert leaders == set(time.leaders.values_list("pk", flat=True))
    assert CalendarEntry.objects.filter(series=seat.series).exists()
    assert sorted(referral.times.values_list("state", flat=True)) == [
        "chosen", "lapsed", "lapsed",
    ]  # fmt: skip
    # Pressed twice, and the back button with another time.
    again = choose(actor=COORDINATOR, referral_id=referral.pk, time_id=time.pk)
    assert again.pk == time.pk
    other = referral.times.exclude(pk=time.pk).first()
    with pytest.raises(ValidationError):
        choose(actor=COORDINATOR, referral_id=referral.pk, time_id=other.pk)
    assert Session.objects.filter(series__offering=talks.offering).count() == 1


def test_a_time_that_is_gone_is_refused_and_the_others_stay(talks: Talks) -> None:
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    first, second, _third = times(referral)
    lead = first.leaders.first()
    day = first.period.lower.date()
    add_leave(actor=COORDINATOR, facilitator=lead, first=day, last=day)
    with pytest.raises(TimeGone):
        choose(actor=COORDINATOR, referral_id=referral.pk, time_id=first.pk)
    assert len(times(referral)) == 2
    assert Session.objects.filter(series__offering=talks.offering).count() == 0
    choose(actor=COORDINATOR, referral_id=referral.pk, time_id=second.pk)
    referral.refresh_from_db()
    assert referral.state == "planned"


def test_the_database_refuses_what_the_check_did_not_see(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    time = times(referral)[0]
    monkeypatch.setattr(conversations, "still_fits", lambda **_facts: True)
    led = SessionFactory(period=time.period)
    SessionLeaderFactory(session=led, facilitator=time.leaders.first())
    before = Series.objects.filter(state="published").count()
    with pytest.raises(TimeGone):
        choose(actor=COORDINATOR, referral_id=referral.pk, time_id=time.pk)
    assert Series.objects.filter(state="published").count() == before
    assert not Enrolment.objects.filter(resident=referral.resident).exists()
    time.refresh_from_db()
    assert time.state == "lapsed"


def test_other_times_are_other_times(talks: Talks) -> None:
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    before = {one.period.lower for one in times(referral)}
    assert conversations.ask_others(actor=COORDINATOR, referral_id=referral.pk) == 1
    after = {one.period.lower for one in times(referral)}
    assert len(after) == 3
    assert before & after == set()
    assert referral.times.filter(state="declined").count() == 3


def test_who_cannot_come_waits_again_with_the_old_date(talks: Talks) -> None:
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    time = times(referral)[0]
    choose(actor=COORDINATOR, referral_id=referral.pk, time_id=time.pk)
    registered = referral.registration.registered_at
    assert conversations.cancel(actor=COORDINATOR, referral_id=referral.pk)
    assert not conversations.cancel(actor=COORDINATOR, referral_id=referral.pk)
    referral.refresh_from_db()
    assert (referral.state, referral.registration.state) == ("registered", "waiting")
    assert referral.registration.registered_at == registered
    assert Session.objects.get(series__offering=talks.offering).state == "cancelled"
    assert propose(actor=COORDINATOR) == 1
    assert time.period.lower not in {one.period.lower for one in times(referral)}


def test_mails_tell_nothing_and_the_link_is_kept_as_a_hash(talks: Talks) -> None:
    referral = a_referral(talks)
    propose(actor=COORDINATOR)
    mail = OutboxMessage.objects.get(recipient=referral.resident.person)
    assert mail.state == "approved"
    secret = mail.link.split("/afspraak/")[1].strip("/")
    assert mail.secret
    assert secret not in mail.body
    referral.refresh_from_db()
    assert referral.link_hash != secret
    assert secret not in str(Referral.objects.values().get(pk=referral.pk))
    choose(actor=COORDINATOR, referral_id=referral.pk, time_id=times(referral)[0].pk)
    words = " ".join(f"{one.subject} {one.body}" for one in OutboxMessage.objects.all())
    for told in ("Verkennend", "GGZ", "Spreekkamer", "Noor", "Deventer"):
        assert told not in words


def test_who_has_no_mail_is_written_nothing(talks: Talks) -> None:
    referral = a_referral(talks, contact_channel="phone", contact_address="0612345678")
    assert propose(actor=COORDINATOR) == 1
    choose(actor=COORDINATOR, referral_id=referral.pk, time_id=times(referral)[0].pk)
    assert OutboxMessage.objects.filter(recipient=referral.resident.person).count() == 0
