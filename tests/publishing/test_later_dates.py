"""A release that moves people judges the weeks after it as they are by then."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Series
from publishing.services.halves import later_facts
from publishing.services.release import Breach, ReleaseRefused, preview, release
from scheduling.models import Schedule
from scheduling.services.all_dates import breaks_later
from scheduling.services.decisions import merge_groups
from scheduling.services.drafts import drop_drafts
from scheduling.services.edits import MoveRefused
from tests.factories import EnrolmentFactory, LeaveFactory, days
from tests.scheduling.halves import Large
from tests.scheduling.rows import ACTOR, MONDAY, a_leader, a_room, running
from tests.scheduling.small import Small

pytestmark = pytest.mark.django_db


@pytest.fixture
def large() -> Large:
    return Large()


@pytest.fixture
def small() -> Small:
    return Small()


def publish(world: Large | Small, **more: Any) -> None:
    world.draft.refresh_from_db()
    release(actor=ACTOR, user=world.user, schedule=world.draft, **more)


def refused(world: Large | Small) -> dict[str, Breach]:
    """The breaches that a release is refused for, by rule."""
    with pytest.raises(ReleaseRefused) as caught:
        publish(world)
    assert caught.value.why == "breaches"
    assert caught.value.preview is not None
    return {one.rule: one for one in caught.value.preview.breaches}


def merge(world: Small) -> None:
    """Merge, with every rule that it breaks in this week accepted by name."""
    target = {"target_id": world.other.pk}
    try:
        world.act(merge_groups, **target)
    except MoveRefused as refusal:
        accept = [one.key for one in refusal.breaches if not one.never]
        world.act(merge_groups, accept=accept, **target)


def takes_a_seat(seat: Any, when: str) -> None:
    """Somebody gets a seat in another group as well, at this moment alone."""
    other = running(when, room=a_room(), leaders=[a_leader()])
    EnrolmentFactory(series=other, registration__resident=seat.resident)


def members(series: Any) -> int:
    return series.enrolments.filter(state="enrolled").count()


class TestSplitting:
    def test_who_is_elsewhere_at_a_later_hour_stops_it(self, large: Large) -> None:
        large.split()
        takes_a_seat(large.seats[-1], "2026-12-09 10:00")
        breaches = refused(large)
        assert set(breaches) == {"resident-conflict", "resident-pace"}
        assert breaches["resident-conflict"].never
        assert members(large.group) == 8

    def test_who_stays_may_be_elsewhere_then(self, large: Large) -> None:
        large.split()
        takes_a_seat(large.seats[0], "2026-12-09 10:00")
        publish(large)
        assert members(large.group) == 4

    def test_leave_of_a_later_week_is_accepted_once(self, large: Large) -> None:
        """When it is split, and when it is published if it was asked in between."""
        LeaveFactory(facilitator=large.leader, days=days("2026-12-09"))
        large.split_all_the_same()
        large.draft.refresh_from_db()
        assert preview(actor=ACTOR, schedule=large.draft).breaches == ()
        LeaveFactory(facilitator=large.leader, days=days("2026-12-16"))
        (breach,) = refused(large).values()
        assert (breach.rule, breach.never) == ("facilitator-availability", False)
        publish(large, accept=[breach.key])
        assert members(large.group) == 4


class TestMerging:
    def test_who_is_elsewhere_at_a_later_hour_stops_it(self, small: Small) -> None:
        merge(small)
        takes_a_seat(small.seats(small.group)[0], "2026-12-15 13:00")
        (breach,) = refused(small).values()
        assert (breach.rule, breach.never) == ("resident-conflict", True)
        assert members(small.group) == 2

    def test_what_was_so_before_does_not(self, small: Small) -> None:
        """The group they go to has no leader on a later day, whoever goes there."""
        merge(small)
        LeaveFactory(facilitator=small.other_leader, days=days("2026-12-08"))
        takes_a_seat(small.seats(small.other)[0], "2026-12-15 13:00")
        publish(small)
        assert members(small.other) == 7


def parted(number: int) -> Schedule:
    """A draft of the week in which so many groups are split."""
    groups = []
    for _number in range(number):
        drop_drafts(actor=ACTOR, kind="week", first_date=MONDAY)
        groups.append(Large())
    for one in groups:
        one.draft = groups[-1].draft
        one.split()
    return groups[-1].draft


def test_the_queries_do_not_grow_with_the_splits() -> None:
    counts = []
    for number in (1, 3):
        draft = parted(number)
        rows = list(Series.objects.filter(pk__in=draft.series_rows.values("series")))
        with CaptureQueriesContext(connection) as written:
            later = later_facts(draft, rows)
        assert [len(facts) for facts in later.values()] == [2] * number
        with CaptureQueriesContext(connection) as judged:
            assert breaks_later(actor=ACTOR, schedule=draft).violations == ()
        counts.append((len(written), len(judged)))
    assert counts[0] == counts[1]
