"""A group split in two: judged on all its dates, drafted, undone, and released."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from schedule.models import Event

from courses.models import Series, Session
from messaging.models import OutboxMessage
from publishing.services.release import ReleaseRefused, preview, release
from scheduling.models import EditState, ScheduleEdit
from scheduling.selectors.seats import drafted_counts
from scheduling.services import clock
from scheduling.services.decisions import end_group
from scheduling.services.drafts import drop_drafts, judge_schedule, not_accepted
from scheduling.services.edits import (
    MoveRefused,
    StaleDraft,
    drop_session,
    redo,
    undo,
)
from scheduling.services.pins import pin_session
from scheduling.services.splits import last_half, people_to_split
from tests.factories import (
    AvailabilityWindowFactory,
    LeaveFactory,
    SessionFactory,
    amsterdam,
    days,
    period,
)
from tests.scheduling.halves import Large
from tests.scheduling.rows import ACTOR, MONDAY, a_leader, asks_for, running, term, week

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Large:
    return Large()


def publish(world: Large) -> Any:
    world.draft.refresh_from_db()
    return release(actor=ACTOR, user=world.user, schedule=world.draft)


def halves(world: Large) -> list[Series]:
    return list(
        Series.objects.exclude(pk=world.group.pk).filter(offering=world.offering)
    )


def placed(series: Series) -> set[int]:
    seats = series.enrolments.filter(state="enrolled")
    return set(seats.values_list("resident_id", flat=True))


def turn(world: Large, what: Any) -> Any:
    return what(
        actor=ACTOR, user=world.user, schedule=world.draft, version=world.version()
    )


class TestLooking:
    def test_who_came_last_goes_if_nothing_else_is_chosen(self, world: Large) -> None:
        first = world.seats[0]
        type(first).objects.filter(pk=first.pk).update(made_at=timezone.now())
        people = people_to_split(actor=ACTOR, series=world.group)
        assert people[-1] == first
        assert last_half(people) == {one.pk for one in people[4:]}
        assert last_half(people[:3]) == {people[2].pk}

    def test_a_time_that_is_free_breaks_nothing(self, world: Large) -> None:
        told = world.judge()
        assert told.verdict.new == ()
        assert (told.stay, told.go, told.dates) == (4, 4, 3)
        assert told.verdict.people == 4

    def test_the_same_time_is_a_double_use_with_ways_out(self, world: Large) -> None:
        told = world.judge("2026-12-01 10:00")
        never = {one.rule for one in told.verdict.new if one.never}
        assert never == {"room-conflict", "facilitator-conflict"}
        assert 1 <= len(told.ways) <= 5
        for one in (way.choice for way in told.ways):
            at = timezone.localtime(one.start)
            assert (
                world.rules(
                    f"{at:%Y-%m-%d %H:%M}",
                    room_id=one.room_id,
                    leader_ids=one.leader_ids,
                )
                == set()
            )

    def test_no_way_out_is_at_a_moment_that_is_over(self, world: Large) -> None:
        moment = amsterdam("2026-12-01 09:10")
        with clock.standing_at(moment):
            ways = world.judge("2026-12-01 09:15").ways
        found = [way.choice for way in ways]
        assert found
        assert [one for one in found if one.start <= moment] == []

    def test_it_is_judged_on_all_dates_and_not_in_this_week_alone(
        self, world: Large
    ) -> None:
        LeaveFactory(facilitator=world.leader, days=days("2026-12-09"))
        assert "facilitator-availability" in world.rules()
        running("2026-12-17 10:00", room=world.room, leaders=[a_leader()])
        assert world.rules("2026-12-03 10:00") == {"room-conflict"}
        assert world.rules("2026-12-03 13:00") == set()
        ways = [way.choice for way in world.judge().ways]
        assert ways
        for one in ways:
            on_wednesday = timezone.localtime(one.start).day == 2
            assert not (on_wednesday and world.leader.pk in one.leader_ids)

    def test_who_cannot_come_then_is_named_and_who_stays_is_not(
        self, world: Large
    ) -> None:
        for seat in (world.seats[0], world.seats[-1]):
            AvailabilityWindowFactory(
                person=seat.resident.person,
                weekday=2,
                start=amsterdam("2026-12-01 09:00").time(),
                end=amsterdam("2026-12-01 12:00").time(),
            )
        breaches = world.judge().verdict.new
        assert {one.rule for one in breaches} == {"resident-availability"}
        about = {key for one in breaches for kind, key in one.about if kind == "person"}
        assert about == {str(world.seats[-1].resident.person_id)}

    def test_a_half_that_is_too_small_is_accepted_by_name(self, world: Large) -> None:
        going = frozenset([world.seats[-1].pk])
        assert world.rules(going=going) == {"group-size"}
        with pytest.raises(MoveRefused):
            world.split(going=going)
        world.split_all_the_same(going=going)
        judged = judge_schedule(actor=ACTOR, schedule=world.draft)
        assert not_accepted(schedule=world.draft, judged=judged) == ()

    @pytest.mark.parametrize(
        "other",
        [
            {"going": frozenset()},
            {"going": frozenset([0])},
            {"room_id": 0},
            {"leader_ids": (0,)},
            {"start": "2026-12-02 10:05"},
            {"start": "2026-12-09 10:00"},
        ],
    )
    def test_bad_input_is_told(self, world: Large, other: Any) -> None:
        with pytest.raises(ValidationError):
            world.judge(**other)

    def test_somebody_stays(self, world: Large) -> None:
        with pytest.raises(ValidationError):
            world.judge(going=frozenset(one.pk for one in world.seats))


class TestDrafting:
    def test_nothing_moves_before_the_release(self, world: Large) -> None:
        edit = world.split()
        (half,) = halves(world)
        assert (edit.kind, edit.series, half.state) == ("split", half, "proposed")
        assert (len(placed(world.group)), len(placed(half))) == (8, 0)
        row = world.draft.sessions.get(series=half)
        assert row.period == period("2026-12-02 10:00", 90)
        assert (row.number, row.room_id) == (5, world.room.pk)
        assert world.draft.sessions.filter(series=world.group).count() == 1
        world.draft.refresh_from_db()
        counts = drafted_counts(
            schedule=world.draft, series_ids=[world.group.pk, half.pk]
        )
        assert {key: one.taken for key, one in counts.items()} == {
            world.group.pk: 4,
            half.pk: 4,
        }

    def test_no_other_plan_knows_of_it(self, world: Large) -> None:
        world.split()
        (half,) = halves(world)
        assert not week().has_series(half)
        assert not term().has_series(half)

    def test_undo_and_redo(self, world: Large) -> None:
        before = set(world.draft.sessions.values_list("session_id", flat=True))
        world.split()
        (half,) = halves(world)
        after = set(world.draft.sessions.values_list("session_id", flat=True))
        turn(world, undo)
        assert set(world.draft.sessions.values_list("session_id", flat=True)) == before
        assert not world.draft.series_rows.filter(series=half).exists()
        turn(world, redo)
        assert set(world.draft.sessions.values_list("session_id", flat=True)) == after
        publish(world)
        half.refresh_from_db()
        assert (half.state, len(placed(half))) == ("published", 4)

    def test_what_cannot_be_done_again_leaves_no_group(self, world: Large) -> None:
        world.split()
        turn(world, undo)
        assert len(halves(world)) == 1
        drop_session(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            session=world.session,
            version=world.version(),
        )
        assert halves(world) == []
        kept = ScheduleEdit.objects.get(kind="split")
        assert (kept.state, kept.series) == (EditState.DISCARDED, None)

    def test_a_draft_that_goes_takes_the_group_along(self, world: Large) -> None:
        world.split()
        drop_drafts(actor=ACTOR, kind="week", first_date=MONDAY)
        assert halves(world) == []
        assert len(placed(world.group)) == 8

    def test_a_release_without_it_leaves_no_group(self, world: Large) -> None:
        world.split()
        turn(world, undo)
        publish(world)
        assert halves(world) == []

    def test_the_new_group_is_not_taken_out_of_the_draft_alone(
        self, world: Large
    ) -> None:
        world.split()
        (half,) = halves(world)
        with pytest.raises(ValidationError):
            drop_session(
                actor=ACTOR,
                user=world.user,
                schedule=world.draft,
                session=world.draft.sessions.get(series=half).session_id,
                version=world.version(),
            )

    def test_a_group_that_was_split_is_not_decided_on_again(self, world: Large) -> None:
        world.split()
        with pytest.raises(ValidationError):
            world.split("2026-12-03 10:00")
        with pytest.raises(ValidationError):
            end_group(
                actor=ACTOR,
                user=world.user,
                schedule=world.draft,
                series_id=world.group.pk,
                version=world.version(),
            )

    def test_who_looked_at_an_older_draft_is_refused(self, world: Large) -> None:
        world.split()
        turn(world, undo)
        with pytest.raises(StaleDraft) as caught:
            world.split(version=0)
        assert [one.kind for one in caught.value.edits] == ["split"]

    def test_it_can_be_pinned_like_any_group(self, world: Large) -> None:
        edit = world.split()
        pin = pin_session(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            session=UUID(edit.after[-1]["session"]),
            version=world.version(),
        )
        assert pin.series == edit.series
        drop_drafts(actor=ACTOR, kind="week", first_date=MONDAY)
        assert halves(world) == []


class TestReleasing:
    def test_both_groups_go_on_side_by_side(self, world: Large) -> None:
        before = list(world.group.sessions.order_by("pk").values("pk", "sequence"))
        goes = {one.resident_id for one in world.seats[-4:]}
        dates = {one.pk: one.registration.registered_at for one in world.seats}
        world.split()
        publish(world)
        (half,) = halves(world)
        assert placed(half) == goes
        assert len(placed(world.group)) == 4
        assert (
            list(world.group.sessions.order_by("pk").values("pk", "sequence")) == before
        )
        told = [
            (one.number, one.period, one.room_id, one.session_leaders.get().facilitator)
            for one in half.sessions.order_by("number")
        ]
        assert told == [
            (number, period(f"2026-12-{day:02} 10:00", 90), world.room.pk, world.leader)
            for number, day in ((5, 2), (6, 9), (7, 16))
        ]
        assert (half.weekday, half.start_time.hour) == (3, 10)
        for seat in world.seats:
            seat.refresh_from_db()
            seat.registration.refresh_from_db()
            assert seat.registration.state == "placed"
            assert seat.registration.registered_at == dates[seat.pk]
        assert not {one["pk"] for one in before} & {
            one.pk for one in half.sessions.all()
        }
        assert Event.objects.count() == 2

    def test_only_who_goes_is_told_and_who_leads(self, world: Large) -> None:
        world.split()
        seen = preview(actor=ACTOR, schedule=world.draft)
        goes = {one.resident.person_id for one in world.seats[-4:]}
        (added,) = [one for one in seen.changes if one.what == "added"]
        assert set(added.persons) == goes | {world.leader.person_id}
        groups = [one for one in seen.changes if one.what == "group"]
        assert {one.persons[0] for one in groups} == goes
        publish(world)
        told = {one.recipient_id for one in OutboxMessage.objects.all()}
        assert told == goes | {world.leader.person_id}

    def test_seats_that_come_free_go_to_who_waits(self, world: Large) -> None:
        Series.objects.filter(pk=world.group.pk).update(size_max=8)
        waits = asks_for(world.offering)
        AvailabilityWindowFactory(
            person=waits.resident.person,
            weekday=3,
            start=amsterdam("2026-12-02 09:00").time(),
            end=amsterdam("2026-12-02 17:00").time(),
        )
        world.split()
        publish(world)
        waits.refresh_from_db()
        assert waits.state == "offered"

    def test_a_room_that_was_taken_meanwhile_stops_it(self, world: Large) -> None:
        world.split()
        late = running(room=world.room)
        SessionFactory(series=late, room=world.room, period=period("2026-12-09 10:00"))
        with pytest.raises(ReleaseRefused) as caught:
            publish(world)
        assert caught.value.preview is not None
        rules = {one.rule for one in caught.value.preview.breaches}
        assert (caught.value.why, rules) == ("breaches", {"room-conflict"})
        assert len(placed(world.group)) == 8

    def test_a_group_that_takes_nobody_new_has_halves_that_do_not(self) -> None:
        world = Large(closed_after_session=1)
        past = timezone.localtime() - timedelta(days=14)
        SessionFactory(
            series=world.group, number=1, period=period(f"{past:%Y-%m-%d} 10:00")
        )
        world.split_all_the_same()
        (half,) = halves(world)
        assert half.size_max == 4

    def test_it_ends_no_later_than_the_group_it_comes_from(self, world: Large) -> None:
        last = date(2026, 12, 31)
        Series.objects.filter(pk=world.group.pk).update(latest_end=last)
        world.split()
        (half,) = halves(world)
        assert half.latest_end == last

    def test_going_back_leaves_both_groups_and_says_so(self, world: Large) -> None:
        publish(world)
        before, world.draft = world.draft, world.again()
        world.split()
        publish(world)
        before.refresh_from_db()
        seen = preview(actor=ACTOR, schedule=before)
        assert seen.breaches == ()
        assert [(one.series, one.stays.value) for one in seen.back.lines] == [
            (world.group.pk, "split")
        ]
        release(actor=ACTOR, user=world.user, schedule=before)
        (half,) = halves(world)
        assert (len(placed(world.group)), len(placed(half))) == (4, 4)
        assert Session.objects.filter(series=half, state="published").count() == 3
