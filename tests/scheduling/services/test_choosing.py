"""Plans beside the draft: they hold no seats, and one of them takes its place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Enrolment, Registration
from scheduling.messages import rule_words
from scheduling.models import PlanningRun, Schedule, ScheduleEdit
from scheduling.services.choosing import choose_run, drop_run
from scheduling.services.runs import perform_run, start_run
from tests.at_once import at_once
from tests.factories import LeaveFactory
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    SUNDAY,
    a_conversation,
    a_leader,
    asks_for,
    running,
)

pytestmark = pytest.mark.django_db


def made(**fields: Any) -> PlanningRun:
    """A finished run of the week over the rows as they are now."""
    wanted: dict[str, Any] = {
        "actor": ACTOR,
        "user": None,
        "kind": "week",
        "first_date": MONDAY,
        "last_date": SUNDAY,
        "seconds": 2,
        "workers": 1,
    }
    run = start_run(**(wanted | fields))
    perform_run(run_id=run.pk)
    run.refresh_from_db()
    return run


def beside(**fields: Any) -> PlanningRun:
    return made(as_draft=False, **fields)


def held() -> int:
    return Enrolment.objects.filter(state="held_by_draft").count()


class Region:
    """One running group with a seat to give, and two who wait for a conversation."""

    def __init__(self) -> None:
        self.leader = a_leader()
        self.group = running("2026-12-01 10:00", leaders=[self.leader], members=6)
        offering = a_conversation()
        a_leader("ggz_professional")
        a_leader("social_worker")
        self.asking = asks_for(self.group)
        self.talks = [asks_for(offering, allowed_levels=[0]) for _ in range(2)]


@pytest.fixture
def region() -> Region:
    return Region()


class TestBeside:
    def test_a_plan_beside_the_draft_holds_no_seat(self, region: Region) -> None:
        run = beside()
        assert (run.state, run.placed, run.figures["people"]) == ("done", 3, 3)
        assert not Schedule.objects.exists()
        assert held() == 0

    def test_it_is_made_as_if_the_draft_held_nothing(self, region: Region) -> None:
        draft = made()
        other = beside()
        assert other.placed == draft.placed == 3
        assert Schedule.objects.get().run == draft
        assert held() == 3

    def test_a_run_that_fails_leaves_the_draft_as_it_was(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = made()

        def broken(*_: Any) -> Any:
            raise RuntimeError("no")

        monkeypatch.setattr("scheduling.services.runs._solve", broken)
        with pytest.raises(RuntimeError):
            made()
        assert Schedule.objects.get().run == draft
        assert held() == 3

    def test_a_draft_that_somebody_worked_on_meanwhile_is_kept(
        self, region: Region
    ) -> None:
        draft = made()
        later = timezone.now() + timedelta(minutes=1)
        ScheduleEdit.objects.create(
            schedule=Schedule.objects.get(), number=1, kind="move", before=[],
            after=[], made_at=later,
        )  # fmt: skip
        other = made()
        assert Schedule.objects.get().run == draft
        assert (other.as_draft, other.found) == (False, {"kept_beside": True})
        assert other.plan is not None
        assert held() == 3


class TestChoosing:
    def test_one_press_puts_it_in_the_place_of_the_draft(self, region: Region) -> None:
        draft = made()
        other = beside()
        chosen = choose_run(actor=ACTOR, run_id=other.pk)
        assert list(Schedule.objects.all()) == [chosen.schedule]
        assert (chosen.schedule.run_id, chosen.gone) == (other.pk, 0)
        assert chosen.schedule.seats.count() == held() == 3
        draft.refresh_from_db()
        assert draft.plan is not None
        assert AuditEvent.objects.filter(event_code="run.choose").count() == 1

    def test_going_back_and_forth_never_gives_a_seat_twice(
        self, region: Region
    ) -> None:
        first, second = made(), beside()
        for run in (second, first, second, second):
            schedule = choose_run(actor=ACTOR, run_id=run.pk).schedule
            assert Schedule.objects.get() == schedule
            assert schedule.run_id == run.pk
            assert held() == schedule.seats.count() == 3
            assert not schedule.left_out.exists()

    def test_reasons_and_ways_come_with_it(self, region: Region) -> None:
        full = running("2026-12-02 10:00", leaders=[a_leader()], members=6)
        full.size_max = 6
        full.save()
        late = asks_for(full)
        made()
        before = Schedule.objects.get().left_out.get(registration=late)
        assert before.reasons[0]["ways"]
        other = beside()
        schedule = choose_run(actor=ACTOR, run_id=other.pk).schedule
        after = schedule.left_out.get(registration=late)
        assert after.reasons == before.reasons

    def test_who_no_longer_asks_gets_no_seat(self, region: Region) -> None:
        run = beside()
        Registration.objects.filter(pk=region.talks[0].pk).update(state="withdrawn")
        chosen = choose_run(actor=ACTOR, run_id=run.pk)
        assert chosen.gone == 1
        seated = set(chosen.schedule.seats.values_list("registration_id", flat=True))
        assert seated == {region.asking.pk, region.talks[1].pk}

    def test_the_others_are_dropped_when_asked(self, region: Region) -> None:
        one, two = beside(), beside()
        choose_run(actor=ACTOR, run_id=one.pk, drop_others=True)
        two.refresh_from_db()
        assert (two.plan, two.problem, two.told, two.rows) == (None, None, None, {})
        assert two.figures == {}
        with pytest.raises(ValidationError, match=r"kept|bewaard"):
            choose_run(actor=ACTOR, run_id=two.pk)


class TestRefusing:
    def refused(self, run: PlanningRun, words: str) -> None:
        before = list(Schedule.objects.values_list("pk", flat=True))
        seats = held()
        with pytest.raises(ValidationError) as error:
            choose_run(actor=ACTOR, run_id=run.pk)
        assert words in " ".join(error.value.messages)
        assert list(Schedule.objects.values_list("pk", flat=True)) == before
        assert held() == seats

    def test_a_group_that_changed_is_named(self, region: Region) -> None:
        made()
        run = beside()
        later = timezone.now() + timedelta(seconds=5)
        region.group.sessions.update(last_modified=later)
        self.refused(run, region.group.offering.title)

    def test_a_leader_who_is_away_by_now(self, region: Region) -> None:
        made()
        run = beside()
        LeaveFactory(facilitator=region.leader)
        self.refused(run, str(rule_words("facilitator-availability").tag))

    def test_a_period_that_was_published_meanwhile(self, region: Region) -> None:
        run = beside()
        Schedule.objects.create(
            first_date=MONDAY, last_date=SUNDAY, state="published",
            published_at=timezone.now() + timedelta(seconds=1),
        )  # fmt: skip
        with pytest.raises(ValidationError):
            choose_run(actor=ACTOR, run_id=run.pk)
        assert held() == 0

    def test_while_a_plan_of_the_period_is_made(self, region: Region) -> None:
        run = beside()
        start_run(
            actor=ACTOR, user=None, kind="week", first_date=MONDAY, last_date=SUNDAY
        )
        with pytest.raises(ValidationError):
            choose_run(actor=ACTOR, run_id=run.pk)
        assert held() == 0

    def test_what_is_no_plan(self, region: Region) -> None:
        waiting = start_run(
            actor=ACTOR, user=None, kind="week", first_date=MONDAY, last_date=SUNDAY
        )
        for ident in (waiting.pk, 999_999):
            with pytest.raises(ValidationError):
                choose_run(actor=ACTOR, run_id=ident)

    def test_the_draft_itself_is_not_thrown_away_here(self, region: Region) -> None:
        run, other = made(), beside()
        with pytest.raises(ValidationError):
            drop_run(actor=ACTOR, run_id=run.pk)
        drop_run(actor=ACTOR, run_id=other.pk)
        other.refresh_from_db()
        run.refresh_from_db()
        assert (other.plan, run.plan is None) == (None, False)
        assert held() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_choices_at_once_one_draft_is_left() -> None:
    """Two coordinators press at the same moment, over two real connections."""
    Region()
    runs = [beside(), beside()]
    results = at_once(
        *(lambda pk=run.pk: choose_run(actor=ACTOR, run_id=pk) for run in runs)
    )
    assert [type(one).__name__ for one in results] == ["Chosen", "Chosen"]
    draft = Schedule.objects.get()
    assert draft.run_id in {run.pk for run in runs}
    assert held() == draft.seats.count() == 3
    owners = Enrolment.objects.filter(state="held_by_draft")
    assert set(owners.values_list("pk", flat=True)) == set(
        draft.seats.values_list("enrolment_id", flat=True)
    )


def test_the_database_keeps_one_draft_of_a_period() -> None:
    week = {"first_date": MONDAY, "last_date": SUNDAY}
    Schedule.objects.create(**week)
    Schedule.objects.create(**week, kind="term")
    Schedule.objects.create(**week, state="archived")
    with pytest.raises(IntegrityError, match="one_draft"):
        Schedule.objects.create(**week)
