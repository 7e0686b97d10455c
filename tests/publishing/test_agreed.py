"""What people agreed to is the same while a week is planned and when it is released."""

from __future__ import annotations

from typing import Any

import pytest

from people.models import Resident
from tests.factories import EnrolmentFactory, LeaveFactory, RegistrationFactory, days
from tests.publishing.drafts import planned, publish
from tests.scheduling.rows import a_conversation, a_leader, asks_for, running

pytestmark = pytest.mark.django_db


def joins(group: Any, resident: Resident) -> None:
    EnrolmentFactory(
        series=group,
        registration=RegistrationFactory(state="placed", resident=resident),
    )


def test_a_draft_without_a_group_is_released_with_the_pace_of_its_run() -> None:
    """Once a week is somebody's pace, and two groups were joined all the same. One has
    lost its leader; the talk that comes in its place is no more than before."""
    gone, stays = a_leader(), a_leader()
    lost = running("2026-12-01 10:00", leaders=[gone], members=6)
    kept = running("2026-12-02 10:00", leaders=[stays], members=6)
    a_leader("ggz_professional")
    a_leader("social_worker")
    asks = asks_for(a_conversation(), allowed_levels=[0])
    Resident.objects.filter(pk=asks.resident.pk).update(pace_per_week=1, pace_per_day=1)
    for group in (lost, kept):
        joins(group, asks.resident)
    LeaveFactory(facilitator=gone, days=days("2026-11-30", "2026-12-06"))
    # The other leads on Wednesday alone, when two groups are too many for a day.
    LeaveFactory(facilitator=stays, days=days("2026-11-30", "2026-12-01"))
    LeaveFactory(facilitator=stays, days=days("2026-12-03", "2026-12-06"))
    schedule = planned()
    assert schedule.seats.get().registration == asks
    assert not schedule.sessions.filter(series=lost).exists()
    publish(schedule)
    assert schedule.sessions.filter(series=kept).exists()
    schedule.refresh_from_db()
    assert schedule.state == "published"
