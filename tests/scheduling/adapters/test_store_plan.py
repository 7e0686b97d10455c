"""A plan to rows: sessions keep what they are, seats are asked of who has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Enrolment
from scheduling.adapters.store_plan import store_plan
from scheduling.models import PlanningRun, Schedule
from scheduling.solver.plan import (
    Allocation,
    Plan,
    Reason,
    SolveStatus,
    Unplaced,
    Verified,
)
from tests.factories import (
    EnrolmentFactory,
    RegistrationFactory,
    SeriesFactory,
    SessionFactory,
    period,
)
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    SUNDAY,
    Read,
    a_leader,
    a_room,
    asks_for,
    running,
    week,
)

pytestmark = pytest.mark.django_db


def stored(
    read: Read,
    seats: dict[Any, Any],
    unplaced: tuple[Unplaced, ...] = (),
) -> Schedule:
    """The draft of a plan that keeps what is published and gives these seats."""
    problem = read.problem
    plan = Plan(
        problem.id,
        problem.published.placements,
        tuple(
            Allocation(read.registration(asking).id, read.series(series).id)
            for asking, series in seats.items()
        ),
        unplaced,
        SolveStatus.FEASIBLE,
    )
    run = PlanningRun.objects.create(
        first_date=MONDAY, last_date=SUNDAY, rows=read.loaded.rows
    )
    return store_plan(
        actor=ACTOR, run=run, problem=problem, plan=plan, figures={"seated": 1}
    )


def test_sessions_keep_key_number_length_room_and_leaders() -> None:
    leader, room = a_leader(), a_room()
    series = running("2026-12-01 10:00", room=room, leaders=[leader], minutes=80)
    session = series.sessions.get()
    drafted = stored(week(), {}).sessions.get()
    assert drafted.session_id == session.pk
    assert (drafted.number, drafted.period) == (session.number, session.period)
    assert (drafted.room, list(drafted.leaders.all())) == (room, [leader])
    assert not drafted.online


def test_what_is_not_held_is_written_as_such() -> None:
    a_room()
    group = running("2026-12-01 10:00", leaders=[a_leader()])
    idle = SeriesFactory(offering__sessions_count=1, offering__size_min=1)
    rows = stored(week(), {}).series_rows
    assert {row.series_id: row.held for row in rows.all()} == {
        group.pk: True,
        idle.pk: False,
    }


def test_a_series_remembers_when_it_was_seen() -> None:
    group = running("2026-12-01 10:00", leaders=[a_leader()])
    session = group.sessions.get()
    later = group.last_modified + timedelta(minutes=5)
    type(session).objects.filter(pk=session.pk).update(last_modified=later)
    assert stored(week(), {}).series_rows.get().seen_at == later


def test_a_seat_that_was_taken_meanwhile_becomes_a_left_out_with_its_rule() -> None:
    group = running("2026-12-01 10:00", leaders=[a_leader()], members=9)
    first, second = asks_for(group), asks_for(group)
    read = week()
    EnrolmentFactory(series=group, registration=RegistrationFactory(state="placed"))
    schedule = stored(read, {first: group, second: group})
    assert not schedule.seats.exists()
    left = {one.registration_id: one.reasons for one in schedule.left_out.all()}
    reason = {
        "series": str(group.pk),
        "rules": ["group-size"],
        "verified": "plan_fixed",
    }
    assert left == {first.pk: [reason], second.pk: [reason]}


def test_a_seat_found_elsewhere_meanwhile_is_not_given_twice() -> None:
    group, other = (
        running("2026-12-01 10:00", leaders=[a_leader()]),
        running("2026-12-02 10:00", leaders=[a_leader()]),
    )
    asking = asks_for(group)
    read = week()
    EnrolmentFactory(series=other, registration=asking)
    schedule = stored(read, {asking: group})
    (left,) = schedule.left_out.all()
    assert left.reasons[0]["rules"] == ["one-seat-per-registration"]
    assert Enrolment.objects.filter(registration=asking).count() == 1


def test_reasons_name_rows_and_not_ids() -> None:
    group = running("2026-12-01 10:00", leaders=[a_leader()])
    asking = asks_for(group)
    read = week()
    reason = Reason(read.series(group).id, ("group-size",), Verified.PLAN_FIXED)
    schedule = stored(read, {}, (Unplaced(read.registration(asking).id, (reason,)),))
    (left,) = schedule.left_out.all()
    assert left.registration == asking
    assert left.reasons == [
        {
            "series": str(group.pk),
            "rules": ["group-size"],
            "verified": "plan_fixed",
            "for_all": False,
            "irreducible": True,
            "ways": [],
        }
    ]


def test_queries_do_not_grow_with_the_plan() -> None:
    def cost(read: Read, seats: dict[Any, Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            stored(read, seats)
        return len(captured)

    one = running("2026-12-01 10:00", leaders=[a_leader()])
    first = {asks_for(one): one}
    least = cost(week(), first)
    more = [
        running(f"2026-12-02 {hour}:00", leaders=[a_leader()]) for hour in ("10", "14")
    ]
    SessionFactory(
        series=one, number=9, period=period("2026-12-04 10:00", 90), room=one.room
    )
    Enrolment.objects.all().delete()
    Schedule.objects.all().delete()
    seats = first | {asks_for(series): series for series in more}
    assert cost(week(), seats) == least
