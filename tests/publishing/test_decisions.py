"""Groups that are merged, stopped or taken online: drafted, undone, and released."""

from __future__ import annotations

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from courses.models import AttendanceSheet, Registration, Series
from courses.services.waiting import join_waiting_list
from messaging.models import OutboxMessage
from publishing.services.release import ReleaseRefused, preview, release
from scheduling.models import ScheduleTransfer
from scheduling.services.decisions import (
    end_group,
    ending,
    group_online,
    merge_groups,
    mergers,
)
from scheduling.services.drafts import judge_schedule, not_accepted, transfers_of
from scheduling.services.edits import MoveRefused, StaleDraft, redo, undo
from tests.factories import (
    AvailabilityWindowFactory,
    EnrolmentFactory,
    KeepPairFactory,
    RegistrationFactory,
    ResidentFactory,
)
from tests.scheduling.rows import ACTOR, a_leader, asks_for, running
from tests.scheduling.small import Small

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Small:
    return Small()


def merge(world: Small, **more: object) -> object:
    """Merge, with every rule that it breaks accepted by name."""
    more = {"target_id": world.other.pk, **more}
    try:
        return world.act(merge_groups, **more)
    except MoveRefused as refused:
        accept = [one.key for one in refused.breaches if not one.never]
    return world.act(merge_groups, accept=accept, **more)


def publish(world: Small) -> None:
    world.draft.refresh_from_db()
    release(actor=ACTOR, user=world.user, schedule=world.draft)


class TestMerging:
    def test_who_can_come_along_is_told_before(self, world: Small) -> None:
        apart = world.seats(world.group)[0].resident.person
        pair = sorted(
            [apart, world.seats(world.other)[0].resident.person], key=lambda one: one.pk
        )
        KeepPairFactory(person_a=pair[0], person_b=pair[1])
        (found,) = mergers(actor=ACTOR, series=world.group)
        assert found.series == world.other
        assert len(found.going) == len(found.staying) == 1
        assert found.staying[0].objections
        assert found.staying[0].seat_row.resident.person == apart

    def test_who_has_no_seat_left_is_last_in_turn(self) -> None:
        world = Small(members=3, others=7)
        late, early, middle = world.seats(world.group)
        for seat, urgency in ((late, 5), (early, 1), (middle, 3)):
            Registration.objects.filter(pk=seat.registration_id).update(
                need_class=urgency
            )
        (found,) = mergers(actor=ACTOR, series=world.group)
        assert [one.seat_row for one in found.going] == [early]
        assert [one.seat_row for one in found.staying] == [middle, late]

    def test_nothing_moves_before_the_release(self, world: Small) -> None:
        merge(world)
        assert len(world.seats(world.group)) == 2
        assert len(world.seats(world.other)) == 5
        assert Series.objects.get(pk=world.group.pk).state == "running"
        assert not world.draft.sessions.filter(series=world.group).exists()

    def test_the_release_moves_them_and_keeps_their_history(self, world: Small) -> None:
        old = world.seats(world.group)
        sheet = AttendanceSheet.objects.create(session=world.group.sessions.first())
        noted = sheet.rows.create(enrolment=old[0], there=[True])
        merge(world)
        publish(world)
        assert len(world.seats(world.other)) == 7
        for seat in old:
            seat.refresh_from_db()
            assert seat.state == "withdrawn"
            assert seat.registration.state == "placed"
        noted.refresh_from_db()
        assert noted.enrolment == old[0]
        world.group.refresh_from_db()
        assert world.group.state == "cancelled"
        states = set(world.group.sessions.values_list("state", flat=True))
        assert states == {"cancelled"}
        assert AuditEvent.objects.filter(event_code="enrolment.transfer").exists()
        told = {one.recipient_id for one in OutboxMessage.objects.all()}
        assert {seat.resident.person_id for seat in old} <= told

    def test_who_cannot_go_waits_with_the_old_date(self) -> None:
        world = Small(members=2, others=7)
        asked = {
            seat.registration_id: seat.registration.registered_at
            for seat in world.seats(world.group)
        }
        merge(world)
        publish(world)
        states = dict(
            Registration.objects.filter(pk__in=asked).values_list("pk", "state")
        )
        assert sorted(states.values()) == ["placed", "waiting"]
        for row in Registration.objects.filter(pk__in=asked):
            assert row.registered_at == asked[row.pk]
        (waits,) = [pk for pk, state in states.items() if state == "waiting"]
        assert Registration.objects.get(pk=waits).choices.filter(
            offering=world.offering
        )

    def test_the_queue_of_the_other_group_does_not_take_their_seats(
        self, world: Small
    ) -> None:
        first = asks_for(world.other, need_class=1)
        merge(world)
        publish(world)
        assert len(world.seats(world.other)) == 7
        first.refresh_from_db()
        assert first.state == "offered"  # the eighth and last seat

    def test_undo_and_redo(self, world: Small) -> None:
        before = [one.session_id for one in world.draft.sessions.order_by("pk")]
        merge(world)
        assert ending(world.draft) == {world.group.pk}
        assert len(transfers_of(world.draft)) == 2
        step = {"actor": ACTOR, "user": world.user, "schedule": world.draft}
        undo(version=world.version(), **step)
        after = world.draft.sessions.values_list("session_id", flat=True)
        assert sorted(after) == sorted(before)
        assert (ending(world.draft), transfers_of(world.draft)) == (set(), {})
        redo(version=world.version(), **step)
        assert ending(world.draft) == {world.group.pk}
        undo(version=world.version(), **step)
        publish(world)
        assert len(world.seats(world.group)) == 2
        assert ScheduleTransfer.objects.count() == 2  # kept, and without meaning

    def test_seats_that_are_gone_by_now_stop_the_release(self, world: Small) -> None:
        merge(world)
        for _number in range(2):
            registration = RegistrationFactory(state="placed")
            EnrolmentFactory(series=world.other, registration=registration)
        with pytest.raises(ReleaseRefused) as caught:
            publish(world)
        assert caught.value.why == "changed"
        assert caught.value.preview is not None
        assert caught.value.preview.changed_meanwhile == (str(world.other.pk),)
        assert len(world.seats(world.group)) == 2
        assert Series.objects.get(pk=world.group.pk).state == "running"

    def test_who_left_meanwhile_is_left_alone(self, world: Small) -> None:
        merge(world)
        gone = world.seats(world.group)[0]
        type(gone).objects.filter(pk=gone.pk).update(state="stopped")
        publish(world)
        gone.refresh_from_db()
        assert gone.state == "stopped"
        assert len(world.seats(world.other)) == 6

    def test_rules_they_break_are_accepted_by_name(self, world: Small) -> None:
        """Who said to be free in the morning only is asked to come at one o'clock."""
        person = world.seats(world.group)[0].resident.person
        AvailabilityWindowFactory(person=person, weekday=2, start=time(9), end=time(12))
        with pytest.raises(MoveRefused) as caught:
            world.act(merge_groups, target_id=world.other.pk)
        assert {one.rule for one in caught.value.breaches} == {"resident-availability"}
        assert not ScheduleTransfer.objects.exists()
        merge(world)
        judged = judge_schedule(actor=ACTOR, schedule=world.draft)
        assert not_accepted(schedule=world.draft, judged=judged) == ()

    def test_a_stale_page_and_groups_that_are_not_there(self, world: Small) -> None:
        elsewhere = running("2026-12-02 10:00")
        with pytest.raises(ValidationError):
            world.act(merge_groups, target_id=elsewhere.pk)
        merge(world)
        with pytest.raises(ValidationError):
            world.act(end_group)
        with pytest.raises(StaleDraft):
            end_group(
                actor=ACTOR,
                user=world.user,
                schedule=world.draft,
                series_id=world.other.pk,
                version=0,
            )


class TestChains:
    """Nobody is told of a seat that the same draft gives away or takes away."""

    def test_a_group_that_others_go_to_does_not_stop(self) -> None:
        world = Small(others=2)
        third = world.run("15:00", a_leader(), 2)
        merge(world)
        into = {"actor": ACTOR, "user": world.user, "schedule": world.draft}
        into["series_id"] = world.other.pk
        with pytest.raises(ValidationError):
            end_group(version=world.version(), **into)
        with pytest.raises(ValidationError):
            merge_groups(target_id=third.pk, version=world.version(), **into)
        assert ending(world.draft) == {world.group.pk}
        assert len(transfers_of(world.draft)) == 2
        step = {"actor": ACTOR, "user": world.user, "schedule": world.draft}
        undo(version=world.version(), **step)
        end_group(version=world.version(), **into)
        found = mergers(actor=ACTOR, series=world.group, schedule=world.draft)
        assert [one.series for one in found] == [third]

    def test_a_seat_is_promised_once(self) -> None:
        world = Small()
        third = world.run("15:00", a_leader(), 3)

        def free() -> dict[object, int]:
            found = mergers(actor=ACTOR, series=third, schedule=world.draft)
            return {one.series.pk: one.free for one in found}

        assert free()[world.other.pk] == 3
        merge(world)
        assert free() == {world.other.pk: 1}


class TestStopping:
    def test_everybody_waits_again_with_the_old_date(self, world: Small) -> None:
        seats = world.seats(world.group)
        dates = {one.registration_id: one.registration.registered_at for one in seats}
        waits = join_waiting_list(
            series=world.group, actor=ACTOR, resident=ResidentFactory()
        )
        waits.enrolments.all().delete()
        Registration.objects.filter(pk=waits.pk).update(state="waiting")
        world.act(end_group)
        seen = preview(actor=ACTOR, schedule=world.draft)
        (ended,) = [one for one in seen.changes if one.what == "ended"]
        assert set(ended.persons) == {one.resident.person_id for one in seats}
        publish(world)
        for row in Registration.objects.filter(pk__in=dates):
            assert (row.state, row.registered_at) == ("waiting", dates[row.pk])
        waits.refresh_from_db()
        assert waits.state in {"waiting", "offered"}
        assert waits.choices.filter(offering=world.offering).exists()
        world.group.refresh_from_db()
        assert world.group.state == "cancelled"


class TestOnline:
    def test_all_that_is_to_come_goes_online(self, world: Small) -> None:
        world.act(group_online)
        assert all(
            row.online and row.room_id is None
            for row in world.draft.sessions.filter(series=world.group)
        )
        publish(world)
        world.group.refresh_from_db()
        assert world.group.room_id is None
        assert set(world.group.sessions.values_list("online", "room")) == {(True, None)}
        assert len(world.seats(world.group)) == 2
