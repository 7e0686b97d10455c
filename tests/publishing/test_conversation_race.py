"""Two residents press at the same moment for the same professionals: one has them."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from courses.models import Enrolment, SessionLeader
from intake.models import Referral
from publishing.services.conversations import TimeGone, choose, propose
from tests.publishing.conversation_data import COORDINATOR, a_referral, some_talks

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_people_at_one_hour_are_held_once() -> None:
    talks = some_talks()
    one = a_referral(talks)
    other = a_referral(talks, contact_address="wim@example.org", call_name="Wim")
    propose(actor=COORDINATOR)
    wanted = one.times.order_by("period").first()
    rival = other.times.order_by("period").first()
    # As if both had been proposed the same, which the search never does.
    rival.period, rival.room = wanted.period, wanted.room
    rival.save()
    rival.leaders.set(wanted.leaders.all())
    ready, outcomes = threading.Barrier(2), []

    def press(referral: Referral, time_id: int) -> None:
        try:
            ready.wait(timeout=10)
            choose(actor=COORDINATOR, referral_id=referral.pk, time_id=time_id)
            outcomes.append("held")
        except TimeGone:
            outcomes.append("gone")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=press, args=(one, wanted.pk)),
        threading.Thread(target=press, args=(other, rival.pk)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["gone", "held"]
    assert Enrolment.objects.filter(state="enrolled").count() == 1
    assert SessionLeader.objects.count() == 2
    states = sorted(Referral.objects.values_list("state", flat=True))
    assert states == ["planned", "proposed"]
