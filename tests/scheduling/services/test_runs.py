"""A run from asking to its draft: begun once, told of, stopped, failed in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Enrolment, Series
from people.models import User
from scheduling.models import PlanningRun, Schedule, SeatPin, SeriesPin
from scheduling.services import runs
from scheduling.services.asking import ask_for_run
from scheduling.services.files import erase_files, in_rows, read_files
from scheduling.services.lease import LEASE, claim
from scheduling.services.runs import ask_to_stop, perform_run, start_run
from scheduling.solver import snapshot, verify
from scheduling.solver.plan import SolveStatus
from tests.factories import UserFactory, amsterdam
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    SUNDAY,
    a_conversation,
    a_leader,
    a_room,
    asks_for,
    running,
)

pytestmark = pytest.mark.django_db


def started(**fields: Any) -> PlanningRun:
    wanted: dict[str, Any] = {
        "actor": ACTOR,
        "user": None,
        "kind": "week",
        "first_date": MONDAY,
        "last_date": SUNDAY,
        "seconds": 2,
        "workers": 1,
    }
    return start_run(**(wanted | fields))


@pytest.fixture
def region() -> Any:
    """One running group with a seat to give, and two who wait for a conversation."""
    group = running("2026-12-01 10:00", leaders=[a_leader()], members=6)
    offering = a_conversation()
    a_leader("ggz_professional")
    a_leader("social_worker")
    asks_for(group)
    for _ in range(2):
        asks_for(offering, allowed_levels=[0])
    return group


class TestAsking:
    def test_a_second_run_of_the_same_period_has_to_wait(self) -> None:
        started()
        with pytest.raises(ValidationError):
            started()
        week = timedelta(weeks=1)
        started(first_date=MONDAY + week, last_date=SUNDAY + week)
        started(kind="term")
        assert PlanningRun.objects.count() == 3

    @pytest.mark.parametrize(
        "wrong",
        [{"seconds": 0}, {"seconds": 3601}, {"workers": 0}, {"workers": 65}],
    )
    def test_settings_that_make_no_sense_are_refused(
        self, wrong: dict[str, int]
    ) -> None:
        with pytest.raises(ValidationError):
            started(**wrong)
        assert not PlanningRun.objects.exists()

    def test_the_run_and_its_job_are_written_together(self) -> None:
        user: User = UserFactory()
        run = ask_for_run(
            actor=ACTOR,
            user=user,
            kind="week",
            first_date=MONDAY,
            last_date=SUNDAY,
            seconds=30,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT task_name, args, status FROM procrastinate_jobs "
                "WHERE queueing_lock = %s",
                [f"run-{run.pk}"],
            )
            ((task, args, status),) = cursor.fetchall()
        assert (task, status) == ("scheduling.perform_run", "todo")
        assert str(run.pk) in str(args)
        assert AuditEvent.objects.filter(event_code="run.start").count() == 1


class TestPerforming:
    def test_a_run_ends_with_one_draft_that_holds_its_seats(self, region: Any) -> None:
        run = started()
        schedule = perform_run(run_id=run.pk)
        assert schedule is not None
        run.refresh_from_db()
        assert (run.state, run.placed, run.unplaced) == ("done", 3, 0)
        assert run.incumbent is None
        assert schedule.seats.count() == 3
        states = Enrolment.objects.filter(registration__state="waiting")
        assert {one.state for one in states} == {"held_by_draft"}
        held = schedule.series_rows.filter(held=True)
        assert held.count() == 3
        assert schedule.sessions.count() == 3
        assert schedule.sessions.filter(series=region).get().session_id == (
            region.sessions.get().pk
        )
        assert Series.objects.filter(state="planned").count() == 2
        assert schedule.figures["seated"] == 3

    def test_its_files_replay_without_a_violation(self, region: Any) -> None:
        run = started()
        perform_run(run_id=run.pk)
        run.refresh_from_db()
        files = read_files(actor=ACTOR, run=run)
        problem = snapshot.problem_from_dict(files["problem"])
        plan = snapshot.plan_from_dict(files["plan"], problem.horizon)
        assert len(plan.allocations) == 3
        assert verify.violations(problem, plan) == ()
        event = AuditEvent.objects.get(event_code="run.files.read")
        assert len(event.subject_ids) == 9

    def test_who_has_no_seat_is_told_why(self, region: Any) -> None:
        from people.models import Facilitator

        Facilitator.objects.filter(staff_roles=["ggz_professional"]).update(
            active=False
        )
        run = started()
        schedule = perform_run(run_id=run.pk)
        assert schedule is not None
        left = list(schedule.left_out.all())
        assert len(left) == 2
        reasons = [reason for one in left for reason in one.reasons]
        assert len(reasons) == 2
        assert {tuple(one["rules"]) for one in reasons} == {("staffing-mix",)}
        assert {one["verified"] for one in reasons} == {"part_freed"}

    def test_a_new_run_drops_the_draft_before_it(self, region: Any) -> None:
        first = perform_run(run_id=started().pk)
        second = perform_run(run_id=started().pk)
        assert first is not None
        assert second is not None
        assert list(Schedule.objects.all()) == [second]
        assert second.seats.count() == 3
        holding = Enrolment.objects.filter(state="held_by_draft")
        assert holding.count() == 3
        assert Series.objects.filter(offering__size_max=1).count() == 2

    def test_a_run_is_performed_once(self, region: Any) -> None:
        run = started()
        assert perform_run(run_id=run.pk) is not None
        assert perform_run(run_id=run.pk) is None
        assert Schedule.objects.count() == 1


class TestStopping:
    def test_one_that_waits_ends_at_once(self) -> None:
        run = started()
        ask_to_stop(actor=ACTOR, run=run)
        assert perform_run(run_id=run.pk) is None
        run.refresh_from_db()
        assert run.state == "cancelled"
        assert started().pk != run.pk

    def test_one_at_work_keeps_the_best_plan_so_far(
        self, region: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = started(seconds=600)
        write = runs.write

        def stop_then_write(*, run: PlanningRun, **fields: Any) -> None:
            if fields.get("value") is not None:
                ask_to_stop(actor=ACTOR, run=run)
            write(run=run, **fields)

        monkeypatch.setattr(runs, "write", stop_then_write)
        schedule = perform_run(run_id=run.pk)
        assert schedule is not None
        run.refresh_from_db()
        assert run.state == "cancelled"
        assert run.spent_seconds < 60
        assert schedule.seats.count() > 0


class TestTakingOver:
    def test_the_best_plan_so_far_is_kept_and_begun_from(
        self, region: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = started(seconds=30)
        kept: list[dict[str, Any]] = []
        write = runs.write

        def die_with_a_plan(*, run: PlanningRun, **fields: Any) -> None:
            write(run=run, **fields)
            if fields.get("incumbent"):
                kept.append(fields["incumbent"])
                raise KeyboardInterrupt

        monkeypatch.setattr(runs, "write", die_with_a_plan)
        with pytest.raises(KeyboardInterrupt):
            perform_run(run_id=run.pk)
        monkeypatch.undo()
        run.refresh_from_db()
        assert run.state == "running"
        assert run.incumbent == kept[0]
        assert not Schedule.objects.exists()
        PlanningRun.objects.filter(pk=run.pk).update(
            lease_until=timezone.now() - LEASE, spent_seconds=29
        )
        schedule = perform_run(run_id=run.pk)
        run.refresh_from_db()
        assert schedule is not None
        assert (run.state, run.fence, run.attempts) == ("done", 2, 2)
        assert run.plan["settings"]["seconds"] == runs.LEAST_SECONDS

    def test_a_worker_that_lost_its_lease_stores_nothing(
        self, region: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = started()
        store = runs.store_plan

        def taken_over_meanwhile(**fields: Any) -> Schedule:
            stored = store(**fields)
            PlanningRun.objects.filter(pk=run.pk).update(
                lease_until=timezone.now() - LEASE
            )
            assert claim(run_id=run.pk, owner="another") is not None
            return stored

        monkeypatch.setattr(runs, "store_plan", taken_over_meanwhile)
        assert perform_run(run_id=run.pk) is None
        assert not Schedule.objects.exists()
        assert not Enrolment.objects.filter(state="held_by_draft").exists()
        run.refresh_from_db()
        assert run.state == "running"


class TestFailing:
    def failed(self, run: PlanningRun) -> str:
        assert perform_run(run_id=run.pk) is None
        run.refresh_from_db()
        assert run.state == "failed"
        assert not Schedule.objects.exists()
        return run.fault

    def test_pins_that_contradict_are_named(self, region: Any) -> None:
        """Two groups pinned to one room at one time."""
        other = running("2026-12-02 10:00", leaders=[a_leader()], members=6)
        room = a_room()
        pins = [
            SeriesPin.objects.create(
                series=series, room=room, first_start=amsterdam("2026-12-03 10:00")
            )
            for series in (region, other)
        ]
        fault = self.failed(started())
        assert all(f"pin{pin.pk}" in fault for pin in pins)

    def test_what_no_plan_can_hold_is_named_alone(self, region: Any) -> None:
        """A seat in a conversation, and nobody to lead one."""
        from people.models import Facilitator

        Facilitator.objects.filter(staff_roles=["ggz_professional"]).update(
            active=False
        )
        asking = asks_for(region.offering)
        series = Series.objects.create(offering=a_conversation())
        pin = SeatPin.objects.create(registration=asking, series=series)
        assert self.failed(started()) == f"seat{pin.pk}"

    def test_a_fault_of_the_facts_names_the_row(self, region: Any) -> None:
        region.size_min, region.size_max = None, 3
        region.save()
        Enrolment.objects.filter(series=region).delete()
        fault = self.failed(started())
        assert f"series {region.pk}: needs at least 6 seats" in fault

    def test_a_session_off_the_grid_is_named(self, region: Any) -> None:
        odd = running("2026-12-03 10:05")
        assert f"session {odd.sessions.get().pk}" in self.failed(started())

    def test_an_error_of_ours_is_told_in_one_word_and_raised(
        self, region: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(**_: Any) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(runs, "load_problem", broken)
        run = started()
        with pytest.raises(ZeroDivisionError):
            perform_run(run_id=run.pk)
        run.refresh_from_db()
        assert (run.state, run.fault) == ("failed", "error")

    def test_a_plan_that_breaks_a_rule_is_not_stored(
        self, region: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace

        solved = runs._solve

        def broken(run: PlanningRun, problem: Any) -> Any:
            plan = solved(run, problem)
            return replace(plan, allocations=plan.allocations * 2)

        monkeypatch.setattr(runs, "_solve", broken)
        run = started()
        with pytest.raises(RuntimeError, match="broke"):
            perform_run(run_id=run.pk)
        assert not Schedule.objects.exists()

    def test_no_plan_in_time_says_so(
        self, region: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace

        solved = runs._solve
        monkeypatch.setattr(
            runs,
            "_solve",
            lambda run, problem: replace(
                solved(run, problem), status=SolveStatus.UNKNOWN
            ),
        )
        assert self.failed(started()) == "no-plan"


class TestFiles:
    def test_keys_of_rows_stand_in_for_ids(self) -> None:
        rows = {
            "series": {"s3": "abc"},
            "rooms": {"r1": "9"},
            "pins": {"pin2": "series abc"},
        }
        text = "series s3: names the unknown room r1 (name a room), series s33"
        assert in_rows(text, rows) == (
            "series abc: names the unknown room 9 (name a room), series s33"
        )
        assert in_rows("pin pin2 and pin pin22", rows) == (
            "pin pin2 (series abc) and pin pin22"
        )

    def test_old_files_are_erased_and_the_schedule_stays(self, region: Any) -> None:
        run = started()
        schedule = perform_run(run_id=run.pk)
        now = timezone.now() + timedelta(seconds=1)
        before = PlanningRun.objects.get(pk=run.pk).asked_at
        assert erase_files(actor=ACTOR, before=before, dry_run=False) == []
        assert erase_files(actor=ACTOR, before=now) == [run.pk]
        run.refresh_from_db()
        assert run.problem is not None
        assert erase_files(actor=ACTOR, before=now, dry_run=False) == [run.pk]
        assert erase_files(actor=ACTOR, before=now, dry_run=False) == []
        run.refresh_from_db()
        assert (run.problem, run.plan, run.rows) == (None, None, {})
        assert list(Schedule.objects.all()) == [schedule]
        assert AuditEvent.objects.filter(event_code="run.files.erase").count() == 1
