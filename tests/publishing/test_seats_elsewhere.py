"""A seat in a group that runs is for all its dates: nobody is booked twice by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Enrolment
from courses.services import hold_seats
from publishing.services.release import ReleaseRefused, preview, release
from scheduling.models import Schedule, ScheduledSeat
from scheduling.services.decisions import merge_groups
from scheduling.services.edits import MoveRefused
from scheduling.services.seats_elsewhere import seats_elsewhere
from tests.factories import EnrolmentFactory, period
from tests.publishing.drafts import planned, publish
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    SUNDAY,
    a_group,
    a_leader,
    asks_for,
    running,
)
from tests.scheduling.small import Small

pytestmark = pytest.mark.django_db


class Weeks:
    """A weekly group with a seat, and one in the same hour that skips this week."""

    def __init__(self, most: int = 3) -> None:
        self.weekly = running(
            *(f"2026-12-{day:02} 10:00" for day in (1, 8, 15)),
            leaders=[a_leader()],
            members=2,
            offering=a_group(size_min=2, size_max=most),
        )
        self.other = running(
            "2026-12-08 10:30", "2026-12-22 10:30", leaders=[a_leader()], members=6
        )

    def elsewhere(self, **fields: Any) -> Any:
        """Somebody in the other group, who asks for the weekly one too."""
        seat = EnrolmentFactory(series=self.other)
        return asks_for(self.weekly, resident=seat.resident, **fields)


@pytest.fixture
def weeks() -> Weeks:
    return Weeks()


def merge(small: Small) -> None:
    target = {"target_id": small.other.pk}
    try:
        small.act(merge_groups, **target)
    except MoveRefused as refused:
        accept = [one.key for one in refused.breaches if not one.never]
        small.act(merge_groups, accept=accept, **target)


def seated(schedule: Schedule) -> list[int]:
    return list(schedule.seats.values_list("registration_id", flat=True))


def why(schedule: Schedule, asking: Any) -> list[tuple[str, list[str], str]]:
    reasons = schedule.left_out.get(registration=asking).reasons
    return [(one["series"], one["rules"], one["verified"]) for one in reasons]


class TestPlanning:
    def test_the_seat_goes_to_who_can_always_come(self, weeks: Weeks) -> None:
        urgent, free = weeks.elsewhere(need_class=1), asks_for(weeks.weekly)
        schedule = planned()
        assert seated(schedule) == [free.pk]
        assert why(schedule, urgent) == [
            (str(weeks.weekly.pk), ["resident-conflict"], "by_facts")
        ]

    def test_two_new_seats_that_meet_later_are_not_both_held(
        self, weeks: Weeks
    ) -> None:
        first = asks_for(weeks.weekly)
        second = asks_for(weeks.other, resident=first.resident)
        pairs = [(first.pk, weeks.weekly.pk), (second.pk, weeks.other.pk)]
        answer = hold_seats(pairs=pairs, actor=ACTOR)
        assert len(answer.held) == 1
        ((_asking, _series, rule),) = answer.refused
        assert rule == "resident-conflict"

    def test_what_somebody_leads_counts_and_what_is_over_does_not(
        self, weeks: Weeks
    ) -> None:
        leader = a_leader()
        running("2026-12-15 11:00", leaders=[leader])
        leads = asks_for(weeks.weekly, resident__person=leader.person)
        over = asks_for(weeks.weekly)
        gone = running("2026-12-08 10:00", leaders=[a_leader()])
        gone.sessions.update(state="cancelled")
        EnrolmentFactory(series=gone, registration__resident=over.resident)
        pairs = [(one.pk, weeks.weekly.pk) for one in (leads, over)]
        answer = hold_seats(pairs=pairs, actor=ACTOR)
        assert [seat.registration for seat in answer.held] == [over]
        assert [rule for *_pair, rule in answer.refused] == ["resident-conflict"]

    def test_what_the_plan_judges_itself_is_left_to_it(self, weeks: Weeks) -> None:
        """A running group may be at another hour in the plan's own period."""
        pairs = [(weeks.elsewhere().pk, weeks.weekly.pk)]
        assert hold_seats(pairs=pairs, actor=ACTOR).refused
        that_day = period("2026-12-08 00:00", 24 * 60)
        assert not hold_seats(pairs=pairs, actor=ACTOR, judged=that_day).refused


class TestReleasing:
    def test_a_seat_got_meanwhile_is_named_and_nothing_is_published(
        self, weeks: Weeks
    ) -> None:
        asking = asks_for(weeks.weekly)
        schedule = planned()
        assert preview(actor=ACTOR, schedule=schedule).can_be_released
        EnrolmentFactory(series=weeks.other, registration__resident=asking.resident)
        with pytest.raises(ReleaseRefused) as caught:
            publish(schedule)
        assert caught.value.preview is not None
        (breach,) = caught.value.preview.breaches
        assert (breach.rule, breach.never) == ("resident-conflict", True)
        assert breach.about == (
            ("person", str(asking.resident.person_id)),
            ("series", str(weeks.weekly.pk)),
        )
        assert Enrolment.objects.get(registration=asking).state == "held_by_draft"

    def test_what_the_draft_lets_somebody_leave_does_not_count(self) -> None:
        small = Small()
        mover = small.seats(small.group)[0]
        third = running(
            "2026-12-03 10:00", "2026-12-15 10:30", leaders=[a_leader()], minutes=60
        )
        asking = asks_for(third, resident=mover.resident)
        held = Enrolment.objects.create(
            registration=asking,
            resident=mover.resident,
            series=third,
            state="held_by_draft",
        )
        ScheduledSeat.objects.create(
            schedule=small.draft, registration=asking, series=third, enrolment=held
        )
        assert len(seats_elsewhere(schedule=small.draft).violations) == 1
        merge(small)
        small.draft.refresh_from_db()
        assert seats_elsewhere(schedule=small.draft).violations == ()
        release(actor=ACTOR, user=small.user, schedule=small.draft)
        held.refresh_from_db()
        assert held.state == "enrolled"


@pytest.mark.parametrize("number", [1, 3])
def test_judging_takes_a_fixed_number_of_queries(number: int) -> None:
    weeks = Weeks(most=8)
    schedule = Schedule.objects.create(first_date=MONDAY, last_date=SUNDAY)
    for _ in range(number):
        asking = weeks.elsewhere()
        seat = Enrolment.objects.create(
            registration=asking,
            resident=asking.resident,
            series=weeks.weekly,
            state="held_by_draft",
        )
        ScheduledSeat.objects.create(
            schedule=schedule,
            registration=asking,
            series=weeks.weekly,
            enrolment=seat,
        )
    with CaptureQueriesContext(connection) as captured:
        judged = seats_elsewhere(schedule=schedule)
    assert len(judged.violations) == number
    assert len(captured) == 8
