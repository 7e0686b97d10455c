"""What if and what lacks: worked out by a worker, holding nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from procrastinate.contrib.django.models import ProcrastinateJob

from courses.models import Enrolment
from scheduling.models import PlanningRun, Schedule
from scheduling.services import exploring
from scheduling.services.choosing import choose_run
from scheduling.services.exploring import ask_to_explore
from scheduling.services.runs import ask_to_stop, perform_run
from tests.scheduling.rows import ACTOR
from tests.scheduling.services.test_choosing import beside, held
from tests.scheduling.services.test_scenarios import Region

pytestmark = pytest.mark.django_db


def tried(base: PlanningRun, *changes: Any, task: str = "what_if") -> PlanningRun:
    run = ask_to_explore(
        actor=ACTOR, user=None, based_on=base.pk, task=task, changes=changes, seconds=4
    )
    assert perform_run(run_id=run.pk) is None
    run.refresh_from_db()
    return run


def test_a_leader_who_is_gone_costs_the_group() -> None:
    region = Region()
    base = beside()
    run = tried(base, {"kind": "fewer-leaders", "facilitator": region.leader.pk})
    assert (run.state, run.found["closed"]) == ("done", [str(region.group.pk)])
    assert (run.found["gained"], run.found["lost"]) == (0, 0)
    assert run.figures["lost"] == run.found["before"]["lost"] + 1
    assert run.problem is None
    assert run.plan is None


@pytest.mark.parametrize("kind", ["new-room", "leader-hours", "fewer-rooms"])
def test_every_change_of_the_form_can_be_tried(kind: str) -> None:
    region = Region()
    base = beside()
    change = {
        "new-room": {"room": region.group.room_id, "weekday": 1, "part": 2},
        "leader-hours": {"facilitator": region.leader.pk, "weekday": 1, "part": 2},
        "fewer-rooms": {"room": region.group.room_id},
    }[kind]
    run = tried(base, {"kind": kind, **change})
    assert run.state == "done", run.fault
    assert run.found["closed"] == (
        [str(region.group.pk)] if kind == "fewer-rooms" else []
    )


def test_what_lacks_is_listed_and_can_be_tried_on_the_whole_plan() -> None:
    region = Region()
    base = beside()
    run = tried(base, task="lacks")
    (first, *_others) = run.found["lacks"]
    assert (first["change"]["kind"], first["seats"], first["proven"]) == (
        "new-leader",
        1,
        True,
    )
    again = tried(base, {**first["change"], "file": first["file"]})
    assert (again.found["gained"], again.figures["people"]) == (1, 1)
    assert region.talks.enrolments.count() == 0


def test_it_holds_no_seat_and_never_becomes_a_draft() -> None:
    region = Region()
    region.group.size_max = 7
    region.group.save()
    base = beside()
    run = tried(base, {"kind": "fewer-rooms", "room": region.group.room_id})
    assert run.state == "done"
    assert held() == 0
    assert not Schedule.objects.exists()
    assert not Enrolment.objects.filter(registration=region.late).exists()
    with pytest.raises(ValidationError):
        choose_run(actor=ACTOR, run_id=run.pk)


def test_the_job_is_written_with_the_run_and_the_same_is_not_asked_twice() -> None:
    Region()
    base = beside()
    ask: dict[str, Any] = {
        "actor": ACTOR, "user": None, "based_on": base.pk, "task": "lacks",
    }  # fmt: skip
    run = ask_to_explore(**ask)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("scheduling.perform_run", {"run_id": run.pk})
    with pytest.raises(ValidationError):
        ask_to_explore(**ask)
    assert PlanningRun.objects.filter(task="lacks").count() == 1


def test_a_plan_that_is_not_kept_cannot_be_asked_about() -> None:
    Region()
    base = beside()
    ask: dict[str, Any] = {
        "actor": ACTOR, "user": None, "based_on": base.pk, "task": "lacks",
    }  # fmt: skip
    run = ask_to_explore(**ask)
    PlanningRun.objects.filter(pk=base.pk).update(plan=None, problem=None)
    assert perform_run(run_id=run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.fault) == ("failed", "facts-gone")
    with pytest.raises(ValidationError):
        ask_to_explore(**ask)


def test_what_is_not_in_the_plan_is_named() -> None:
    Region()
    run = tried(beside(), {"kind": "fewer-rooms", "room": 999_999})
    assert run.state == "failed"
    assert "999999" in run.fault


@pytest.mark.parametrize("task", ["what_if", "lacks"])
def test_stopping_leaves_nothing_half_compared(
    task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = Region()
    base = beside()
    write = exploring.write

    def stop_then_write(*, run: PlanningRun, **fields: Any) -> None:
        ask_to_stop(actor=ACTOR, run=run)
        write(run=run, **fields)

    monkeypatch.setattr(exploring, "write", stop_then_write)
    change = {"kind": "fewer-leaders", "facilitator": region.leader.pk}
    run = tried(base, *([change] if task == "what_if" else []), task=task)
    assert (run.state, run.found, run.figures) == ("cancelled", {}, {})


def test_signs_of_life_are_few_however_often_the_engine_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Region()
    base = beside()
    written: list[str] = []
    write = exploring.write

    def counted(*, run: PlanningRun, **fields: Any) -> None:
        written.append(fields.get("doing", ""))
        write(run=run, **fields)

    def asks_often(*, beat: Callable[[], None], **_: Any) -> tuple[()]:
        for _number in range(200):
            beat()
        return ()

    monkeypatch.setattr(exploring, "write", counted)
    monkeypatch.setattr(exploring, "EVERY", 600.0)
    monkeypatch.setattr(exploring, "bottlenecks_of", asks_often)
    assert tried(base, task="lacks").state == "done"
    assert written.count("lacks") == 1
