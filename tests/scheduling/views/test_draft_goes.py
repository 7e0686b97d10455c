"""Making a plan never throws away changes by hand that who asked did not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from people.models import User
from scheduling.models import PlanningRun, Repair, Schedule, ScheduleEdit
from scheduling.selectors import drafts_of_periods
from scheduling.services.edits import StaleDraft
from scheduling.services.runs import perform_run, start_run
from scheduling.services.shown import mark_of
from scheduling.views.runs import goes_of, period_of
from scheduling.weeks import Week
from tests.scheduling.rows import ACTOR, MONDAY, SUNDAY
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def in_weeks(number: int) -> Week:
    return Week.of(timezone.localdate()).plus(number)


def a_draft(week: Week, changes: int = 2) -> Schedule:
    """A draft that a colleague changed by hand, an hour ago."""
    ago = timezone.now() - timedelta(hours=1)
    draft = Schedule.objects.create(
        first_date=week.monday, last_date=week.sunday, version=changes, made_at=ago
    )
    for number in range(changes):
        ScheduleEdit.objects.create(
            schedule=draft, number=number + 1, version=number + 1, kind="move",
            before=[], after=[], made_at=ago,
        )  # fmt: skip
    return draft


def a_way_out(week: Week) -> Schedule:
    """A draft that is a way to mend the week, as it was chosen."""
    days = {"first_date": week.monday, "last_date": week.sunday}
    run = PlanningRun.objects.create(**days, state="done", problem={})
    Repair.objects.create(
        kind="leader_ill", about="1", first_day=week.monday, last_day=week.monday,
        run=run, touched=[], chosen=1,
    )  # fmt: skip
    draft = a_draft(week, changes=0)
    draft.run = run
    draft.save()
    return draft


def ask(client: Client, week: Week, **more: Any) -> Any:
    asked = {"kind": "week", "week": str(week), "seconds": 30, "after": "draft"}
    return client.post("/plannen/", asked | more)


class TestAsking:
    def run(self, **more: Any) -> PlanningRun:
        return start_run(
            actor=ACTOR, user=None, kind="week", first_date=MONDAY, last_date=SUNDAY,
            seconds=1, workers=1, **more,
        )  # fmt: skip

    def test_work_that_was_not_shown_is_not_replaced(self) -> None:
        draft = a_draft(Week.of(MONDAY))
        for shown in ("", f"{draft.pk}.1", f"{draft.pk + 1}.2"):
            with pytest.raises(StaleDraft) as stale:
                self.run(shown=shown)
            assert stale.value.schedule == draft
        assert not PlanningRun.objects.exists()

    def test_a_plan_beside_it_needs_no_look(self) -> None:
        draft = a_draft(Week.of(MONDAY))
        perform_run(run_id=self.run(as_draft=False).pk)
        assert Schedule.objects.get() == draft

    def test_what_was_shown_goes(self) -> None:
        run = self.run(shown=mark_of(a_draft(Week.of(MONDAY))))
        made = perform_run(run_id=run.pk)
        assert Schedule.objects.get() == made

    def test_what_changed_after_the_asking_stays(self) -> None:
        draft = a_draft(Week.of(MONDAY))
        run = self.run(shown=mark_of(draft))
        edit = draft.edits.first()
        assert edit is not None
        edit.state, edit.changed_at = "undone", timezone.now()
        edit.save()
        assert perform_run(run_id=run.pk) is None
        assert Schedule.objects.get() == draft

    def test_a_command_throws_no_work_away(self) -> None:
        draft = a_draft(Week.of(MONDAY))
        with pytest.raises(CommandError) as refused:
            call_command("plan_week", "--week", "2026-W49", "--seconds", "1")
        assert refused.value.returncode == 2
        assert Schedule.objects.get() == draft


class TestPage:
    def test_it_says_so_and_lets_the_plan_stand_beside(self, signed_in: Client) -> None:
        draft = a_draft(in_weeks(1))
        answer = signed_in.get("/plannen/")
        html = answer.content.decode()
        assert faults(html) == []
        assert f'name="draft" value="{mark_of(draft)}"' in html
        assert answer.context["form"]["after"].value() == "beside"
        assert answer.context["goes"]["changes"] == 2

    def test_without_changes_nothing_is_said(self, signed_in: Client) -> None:
        a_draft(in_weeks(1), changes=0)
        html = signed_in.get("/plannen/").content.decode()
        assert 'name="draft"' not in html
        assert signed_in.get("/plannen/").context["form"]["after"].value() == "draft"
        assert ask(signed_in, in_weeks(1)).status_code == 302

    def test_another_week_than_the_page_showed_is_asked_again(
        self, signed_in: Client, coordinator: User
    ) -> None:
        first, other = a_draft(in_weeks(1)), a_draft(in_weeks(2), changes=3)
        answer = ask(signed_in, in_weeks(2), draft=mark_of(first))
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (409, [])
        assert len(answer.context["since"]) == 3
        assert f'name="draft" value="{mark_of(other)}"' in html
        assert not PlanningRun.objects.exists()
        assert ask(signed_in, in_weeks(2), draft=mark_of(other)).status_code == 302
        assert PlanningRun.objects.get().as_draft

    def test_a_change_since_the_page_was_opened_is_told(
        self, signed_in: Client
    ) -> None:
        draft = a_draft(in_weeks(1))
        answer = ask(signed_in, in_weeks(1), draft=f"{draft.pk}.1")
        assert (answer.status_code, len(answer.context["since"])) == (409, 1)
        beside = ask(signed_in, in_weeks(1), draft=f"{draft.pk}.1", after="beside")
        assert beside.status_code == 302


class TestAWayOut:
    """Chosen to mend what is published, and not changed by hand (yet)."""

    def test_the_page_says_so_and_lets_the_plan_stand_beside(
        self, signed_in: Client
    ) -> None:
        draft = a_way_out(in_weeks(1))
        answer = signed_in.get("/plannen/")
        html = answer.content.decode()
        assert faults(html) == []
        assert f'name="draft" value="{mark_of(draft)}"' in html
        assert answer.context["goes"]["mends"]
        assert answer.context["form"]["after"].value() == "beside"

    def test_it_does_not_go_unseen(self, signed_in: Client) -> None:
        draft = a_way_out(in_weeks(1))
        runs = PlanningRun.objects.count()
        answer = ask(signed_in, in_weeks(1))
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (409, [])
        assert f'name="draft" value="{mark_of(draft)}"' in html
        assert PlanningRun.objects.count() == runs
        assert ask(signed_in, in_weeks(1), draft=mark_of(draft)).status_code == 302
        assert PlanningRun.objects.latest("pk").as_draft

    def test_a_command_leaves_it_alone(self) -> None:
        draft = a_way_out(Week.of(MONDAY))
        with pytest.raises(CommandError):
            call_command("plan_week", "--week", "2026-W49", "--seconds", "1")
        assert Schedule.objects.get() == draft

    def test_a_way_that_was_not_chosen_is_no_work(self, signed_in: Client) -> None:
        a_way_out(in_weeks(1))
        Repair.objects.update(chosen=None)
        assert ask(signed_in, in_weeks(1)).status_code == 302

    def test_choosing_another_plan_names_it(self) -> None:
        draft = a_way_out(in_weeks(1))
        run = draft.run
        assert run is not None
        goes = goes_of(run, drafts_of_periods(periods=[period_of(run)]))
        assert goes == {
            "draft_mark": mark_of(draft), "draft_changes": 0, "draft_mends": True
        }  # fmt: skip
