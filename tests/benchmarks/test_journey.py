"""A coordinator signs in and publishes a week in as few steps as promised."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from benchmarks.journey import MOST_STEPS, Person, publish_week, sign_in
from people.enums import Role
from people.models import User
from publishing.models import Release
from scheduling.enums import ScheduleState
from scheduling.models import PlanningRun, Schedule
from scheduling.services.runs import perform_run
from scheduling.weeks import Week
from tests.factories import UserFactory
from tests.scheduling.rows import a_group, a_leader, running

EMAIL, PASSWORD = "coordinator@example.org", "een lang wachtwoord 7"
STEPS_OF_A_CODE = 2


@pytest.mark.needs("chromium")
@pytest.mark.django_db(transaction=True)
def test_from_signing_in_to_a_published_week(page: Page, live_server: Any) -> None:
    this_week = Week.of(timezone.localdate())
    next_week = this_week.plus(1)
    Schedule.objects.create(
        first_date=this_week.monday,
        last_date=this_week.sunday,
        state=ScheduleState.PUBLISHED,
        published_at=timezone.now(),
    )
    tuesday = next_week.days[1]
    running(f"{tuesday} 10:00", leaders=[a_leader()], members=6, offering=a_group())
    user: User = UserFactory(role=Role.COORDINATOR, email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    person = Person(page, live_server.url)

    sign_in(person, EMAIL, PASSWORD, None)
    publish_week(
        person,
        str(next_week),
        60,
        lambda: perform_run(run_id=PlanningRun.objects.get().pk),
    )

    assert Release.objects.get().schedule.first_date == next_week.monday
    assert len(person.steps) + STEPS_OF_A_CODE <= MOST_STEPS, person.steps
