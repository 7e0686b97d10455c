"""Scenarios by keys of rows: two runs, other facts, and what the week lacks."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from scheduling.models import PlanningRun
from scheduling.services.files import read_files
from scheduling.services.runs import perform_run, start_run
from scheduling.services.scenarios import bottlenecks_of, compare_runs, try_changes
from scheduling.solver.change import FewerLeaders, MoreSeats, Repeat
from scheduling.solver.faults import InvalidProblem
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


def ran() -> PlanningRun:
    """A finished run of the week, over the rows as they are now."""
    run = start_run(
        actor=ACTOR, user=None, kind="week", first_date=MONDAY, last_date=SUNDAY,
        seconds=2, workers=1,
    )  # fmt: skip
    assert perform_run(run_id=run.pk) is not None
    run.refresh_from_db()
    return run


class Region:
    """A full running group that somebody asks for, and a conversation that nobody can
    lead: one of the two who are needed is missing."""

    def __init__(self) -> None:
        self.leader = a_leader()
        self.group = running("2026-12-01 10:00", leaders=[self.leader], members=6)
        self.group.size_max = 6
        self.group.save()
        self.late = asks_for(self.group)
        self.talk = a_conversation()
        self.talks = asks_for(self.talk, allowed_levels=[0])


def ident(run: PlanningRun, table: str, row: Any) -> str:
    return next(key for key, pk in run.rows[table].items() if pk == str(row.pk))


class TestTwoRuns:
    def test_who_gains_is_named_by_row_and_not_by_id_of_a_run(self) -> None:
        region = Region()
        first = ran()
        a_leader("ggz_professional")
        second = ran()
        found = compare_runs(actor=ACTOR, run=first, other=second)
        assert found.gained == {region.talks.pk}
        assert found.lost == frozenset()
        assert (found.before.seats, found.after.seats) == (0, 1)
        assert (len(found.opened), found.closed, found.moved) == (1, set(), set())
        assert found.possible

    def test_a_run_beside_itself_is_the_same(self) -> None:
        Region()
        run = ran()
        found = compare_runs(actor=ACTOR, run=run, other=run)
        assert found.before == found.after
        assert found.gained == frozenset()
        assert found.moved == frozenset()

    def test_the_read_is_logged_for_all_in_the_files(self) -> None:
        region = Region()
        run = ran()
        compare_runs(actor=ACTOR, run=run, other=run)
        (event, _) = AuditEvent.objects.filter(event_code="run.files.read")
        assert str(region.late.resident.person_id) in event.subject_ids

    def test_files_that_are_gone_are_said_to_be(self) -> None:
        Region()
        run = ran()
        PlanningRun.objects.filter(pk=run.pk).update(problem=None, plan=None)
        run.refresh_from_db()
        assert read_files(actor=ACTOR, run=run)["problem"] is None
        with pytest.raises(ValidationError, match=r"kept|bewaard"):
            compare_runs(actor=ACTOR, run=run, other=run)


class TestOtherFacts:
    def test_one_seat_more(self) -> None:
        region = Region()
        run = ran()
        change = MoreSeats(ident(run, "series", region.group), 1)
        found = try_changes(actor=ACTOR, run=run, changes=[change], seconds=2)
        assert found.gained == {region.late.pk}
        assert found.after.seats - found.before.seats == 1
        assert PlanningRun.objects.get(pk=run.pk).plan == run.plan

    def test_a_published_group_without_its_leader_is_lost_or_led_by_another(
        self,
    ) -> None:
        region = Region()
        run = ran()
        gone = FewerLeaders(frozenset({ident(run, "facilitators", region.leader)}))
        found = try_changes(actor=ACTOR, run=run, changes=[gone], seconds=2)
        assert found.possible
        assert found.closed == {str(region.group.pk)}
        assert found.after.lost == 1
        a_leader()
        run = ran()
        gone = FewerLeaders(frozenset({ident(run, "facilitators", region.leader)}))
        found = try_changes(actor=ACTOR, run=run, changes=[gone], seconds=2)
        assert (found.closed, found.moved) == (set(), {str(region.group.pk)})

    def test_what_is_not_there_is_named(self) -> None:
        Region()
        with pytest.raises(InvalidProblem, match="no-such"):
            try_changes(actor=ACTOR, run=ran(), changes=[Repeat("no-such")], seconds=2)


def test_what_the_week_lacks_is_told_with_its_gain() -> None:
    Region()
    found = bottlenecks_of(actor=ACTOR, run=ran(), seconds=10)
    assert found[0].change["kind"] == "new-leader"
    assert found[0].seats == 1
    assert found[0].proven
    assert len(found[0].opens) == 1
