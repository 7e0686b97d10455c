"""The worker's rounds: offers lapse by themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from audit.models import AuditEvent
from courses.enums import EnrolmentState
from courses.models import Enrolment
from courses.tasks import let_offers_lapse
from tests.factories import EnrolmentFactory


@pytest.mark.django_db
def test_an_offer_lapses_when_its_time_is_over() -> None:
    now = timezone.now()
    late, open_still = (
        EnrolmentFactory(
            state=EnrolmentState.OFFERED, offer_expires_at=now + timedelta(minutes=by)
        )
        for by in (-1, 60)
    )
    let_offers_lapse(timestamp=0)
    states = dict(Enrolment.objects.values_list("pk", "state"))
    assert states[late.pk] == EnrolmentState.WITHDRAWN
    assert states[open_still.pk] == EnrolmentState.OFFERED
    line = AuditEvent.objects.get(event_code="enrolment.lapse")
    assert (line.actor_id, line.actor_role) == ("system", "courses.lapse_offers")
    assert line.where == "courses.lapse_offers"


def test_workers_know_their_rounds() -> None:
    rounds = {name for name, _id in app.periodic_registry.periodic_tasks}
    assert rounds >= {
        "courses.lapse_offers",
        "courses.close",
        "courses.remind",
        "courses.sweep",
        "messaging.send_approved",
        "scheduling.take_over_silent_runs",
    }
