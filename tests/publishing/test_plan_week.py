"""`plan_week` and `reconcile_calendar` from the shell: status and one clear line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import load_command_class

from courses.models import Session
from publishing.models import Release
from publishing.services.calendar import differences
from publishing.tasks import reconcile_calendar
from scheduling.models import PlanningRun, Schedule, SeriesPin
from scheduling.services.runs import start_run
from tests.factories import LeaveFactory, amsterdam, days
from tests.publishing.drafts import World
from tests.scheduling.rows import ACTOR, MONDAY, SUNDAY, a_leader, a_room, running

pytestmark = pytest.mark.django_db

Manage = Callable[..., tuple[int, str, str]]
QUICK = ("--week", "2026-W49", "--seconds", "2", "--workers", "1")


@pytest.fixture
def manage(capsys: pytest.CaptureFixture[str]) -> Manage:
    """Run a command as from a shell: exit status, output and errors."""

    def run(name: str, *arguments: str) -> tuple[int, str, str]:
        command = load_command_class("publishing", name)
        # The real door closes all connections, and with them the test's transaction.
        status = 0
        parser = command.create_parser("manage.py", name)
        try:
            options = vars(parser.parse_args(list(arguments)))
            command.execute(**options)
        except SystemExit as end:
            status = int(end.code or 0)
        except Exception as error:
            status = getattr(error, "returncode", -1)
            if status == -1:
                raise
            command.stderr.write(str(error))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def world() -> World:
    return World()


class TestPlanning:
    def test_a_week_is_planned_and_not_published(
        self, manage: Manage, world: World
    ) -> None:
        status, said, _ = manage("plan_week", *QUICK)
        assert (status, said) == (
            0,
            "2026-W49: 2 of 2 seated, 2 of 2 series held, gap 0.00 %.\n",
        )
        assert Schedule.objects.get().state == "draft"
        assert Session.objects.count() == 1

    def test_and_published_when_asked_to(self, manage: Manage, world: World) -> None:
        status, said, _ = manage("plan_week", *QUICK, "--publish")
        assert status == 0
        assert said.splitlines()[1] == "Published, with 3 changes."
        assert Schedule.objects.get().state == "published"
        assert manage("reconcile_calendar") == (
            0,
            "Calendar and sessions agree.\n",
            "",
        )

    def test_as_of_a_day_on_which_the_week_was_half_over(
        self, manage: Manage, world: World
    ) -> None:
        _, said, _ = manage("plan_week", *QUICK, "--as-of", "2026-12-05", "--publish")
        assert said.startswith("2026-W49: 1 of 2 seated")
        assert Session.objects.get() == world.session

    def test_what_is_published_can_be_left_alone(
        self, manage: Manage, world: World
    ) -> None:
        manage("plan_week", *QUICK, "--publish")
        status, said, _ = manage("plan_week", *QUICK, "--publish", "--if-unpublished")
        assert (status, said) == (0, "2026-W49 has been published already.\n")
        assert Release.objects.count() == 1

    def test_a_region_without_anything_has_an_empty_week(self, manage: Manage) -> None:
        status, said, _ = manage("plan_week", *QUICK, "--publish")
        assert status == 0
        assert said.startswith("2026-W49: 0 of 0 seated, 0 of 0 series held")


class TestBadInput:
    @pytest.mark.parametrize(
        "week", ["2026-49", "2026-W54", "W49", "0001-W01", "9999-W52", "now"]
    )
    def test_no_week(self, manage: Manage, week: str) -> None:
        status, said, errors = manage("plan_week", "--week", week)
        assert (status, said) == (2, "")
        assert errors.strip() == f"'{week}' is not a week. Write it as 2026-W49."
        assert not PlanningRun.objects.exists()

    @pytest.mark.parametrize(
        ("option", "value"), [("--seconds", "0"), ("--seconds", "99999")]
    )
    def test_a_time_that_makes_no_sense(
        self, manage: Manage, option: str, value: str
    ) -> None:
        status, _, errors = manage("plan_week", "--week", "2026-W49", option, value)
        assert status == 2
        assert "3600" in errors

    def test_no_workers(self, manage: Manage) -> None:
        status, _, errors = manage("plan_week", "--week", "2026-W49", "--workers", "0")
        assert status == 2
        assert len(errors.strip().splitlines()) == 1
        assert not PlanningRun.objects.exists()

    def test_a_run_of_that_week_that_is_not_finished(
        self, manage: Manage, world: World
    ) -> None:
        start_run(
            actor=ACTOR, user=None, kind="week", first_date=MONDAY, last_date=SUNDAY
        )
        status, said, errors = manage("plan_week", *QUICK)
        assert (status, said) == (2, "")
        assert len(errors.strip().splitlines()) == 1
        assert PlanningRun.objects.count() == 1

    def test_pins_that_contradict_are_named(self, manage: Manage, world: World) -> None:
        other = running("2026-12-02 10:00", leaders=[a_leader()], members=6)
        room = a_room()
        for series in (world.group, other):
            SeriesPin.objects.create(
                series=series, room=room, first_start=amsterdam("2026-12-03 10:00")
            )
        status, said, errors = manage("plan_week", *QUICK, "--publish")
        assert (status, said) == (2, "")
        assert str(world.group.pk) in errors
        assert str(other.pk) in errors
        assert not Schedule.objects.exists()

    def test_a_session_off_the_grid_is_named(
        self, manage: Manage, world: World
    ) -> None:
        odd = running("2026-12-03 10:05")
        status, _, errors = manage("plan_week", *QUICK)
        assert status == 2
        assert f"session {odd.sessions.get().pk}" in errors

    def test_a_release_that_is_refused_says_why(
        self, manage: Manage, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from publishing.management.commands import plan_week

        publish = plan_week.release

        def after_a_leader_fell_ill(**fields: Any) -> Release:
            LeaveFactory(facilitator=world.leader, days=days("2026-12-01"))
            return publish(**fields)

        monkeypatch.setattr(plan_week, "release", after_a_leader_fell_ill)
        status, said, errors = manage("plan_week", *QUICK, "--publish")
        assert status == 1
        assert "2 of 2 seated" in said
        assert "planned, and not published" in errors
        assert "facilitator-availability" in errors
        assert str(world.group.pk) in errors
        assert Schedule.objects.get().state == "draft"


class TestReconciling:
    def test_differences_are_named_and_mended_on_demand(
        self, manage: Manage, world: World
    ) -> None:
        manage("plan_week", *QUICK, "--publish")
        Session.objects.filter(pk=world.session.pk).update(state="cancelled")
        status, said, errors = manage("reconcile_calendar")
        assert status == 1
        assert f"{world.group.pk} 2026-12-01 10:00: only in the calendar" in said
        assert errors.strip() == "1 dates differ."
        assert manage("reconcile_calendar", "--repair")[0] == 0
        assert manage("reconcile_calendar")[0] == 0

    def test_every_night_by_itself(self, manage: Manage, world: World) -> None:
        manage("plan_week", *QUICK, "--publish")
        Session.objects.filter(pk=world.session.pk).update(state="cancelled")
        assert len(differences()) == 1
        reconcile_calendar(0)
        assert differences() == ()
