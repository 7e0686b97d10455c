"""Two coordinators publish at the same moment: two real connections, one release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from courses.models import Enrolment, Session
from publishing.models import Release
from publishing.services.calendar import differences
from publishing.services.release import ReleaseRefused, release
from scheduling.models import PlanningRun, Schedule
from tests.at_once import at_once
from tests.publishing.drafts import World, planned
from tests.scheduling.rows import ACTOR, MONDAY, SUNDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft() -> Schedule:
    World()
    return planned()


def publish(schedule: Schedule) -> Callable[[], Any]:
    return lambda: release(actor=ACTOR, user=None, schedule=schedule)


def outcome(result: Any) -> str:
    return result.why if isinstance(result, ReleaseRefused) else type(result).__name__


def test_the_same_draft_is_published_once(draft: Schedule) -> None:
    results = at_once(publish(draft), publish(draft))
    assert sorted(map(outcome, results)) == ["Release", "state"]
    assert Release.objects.count() == 1
    assert Session.objects.count() == 2
    assert Enrolment.objects.filter(state="enrolled").count() == 8
    assert differences() == ()


def test_of_two_drafts_of_the_same_sessions_one_is_published(draft: Schedule) -> None:
    """The other, of a term, saw the week as it was before."""
    run = draft.run
    assert run is not None
    copy = PlanningRun.objects.create(
        first_date=MONDAY, last_date=SUNDAY, state="done", rows=run.rows
    )
    other = Schedule.objects.create(
        kind="term", first_date=MONDAY, last_date=SUNDAY, run=copy
    )
    for row in draft.series_rows.all():
        other.series_rows.create(series=row.series, seen_at=row.seen_at, held=row.held)
    for one in draft.sessions.all():
        twin = other.sessions.create(
            series=one.series,
            session_id=one.session_id,
            number=one.number,
            period=one.period,
            room=one.room,
        )
        for leader in one.leader_rows.all():
            twin.leader_rows.create(facilitator=leader.facilitator)
    results = at_once(publish(draft), publish(other))
    assert sorted(map(outcome, results)) == ["Release", "changed"]
    assert Schedule.objects.filter(state="published").count() == 1
    assert Session.objects.count() == 2
    assert differences() == ()
