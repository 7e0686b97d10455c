"""Scenarios by keys of rows: two runs, other facts, and what the week lacks."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from scheduling.models import PlanningRun
from scheduling.services.files import read_files
from scheduling.services.runs import perform_run, start_run
from scheduling.services.scenarios import bottlenecks_of, differences_of, try_changes
from scheduling.solver.change import FewerLeaders, MoreSeats, Repeat
from scheduling.solver.change.file import change_from_dict
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
    def test_each_run_is_told_against_the_first(self) -> None:
        Region()
        first = ran()
        a_leader("ggz_professional")
        second = ran()
        (found,) = differences_of(actor=ACTOR, run_ids=[first.pk, second.pk])
        assert (found.run_id, found.gained, found.lost) == (second.pk, 1, 0)
        assert (len(found.opened), found.closed, found.moved) == (1, set(), set())
        assert second.figures["people"] == first.figures["people"] + 1

    def test_a_run_beside_itself_is_the_same(self) -> None:
        Region()
        run, again = ran(), ran()
        (found,) = differences_of(actor=ACTOR, run_ids=[run.pk, again.pk])
        assert (found.gained, found.lost, found.moved) == (0, 0, frozenset())

    def test_the_read_is_logged_once_for_all_in_the_files(self) -> None:
        region = Region()
        run, other = ran(), ran()
        differences_of(actor=ACTOR, run_ids=[run.pk, other.pk])
        event = AuditEvent.objects.get(event_code="run.files.read")
        assert str(region.late.resident.person_id) in event.subject_ids
        assert event.object_id == f"{run.pk}, {other.pk}"

    def test_files_that_are_gone_are_left_out(self) -> None:
        Region()
        run, other = ran(), ran()
        PlanningRun.objects.filter(pk=other.pk).update(problem=None, plan=None)
        assert differences_of(actor=ACTOR, run_ids=[run.pk, other.pk]) == []
        assert differences_of(actor=ACTOR, run_ids=[other.pk, run.pk]) == []
        other.refresh_from_db()
        assert read_files(actor=ACTOR, run=other)["problem"] is None
        with pytest.raises(ValidationError, match=r"kept|bewaard"):
            try_changes(actor=ACTOR, run=other, changes=[], seconds=1)


class TestOtherFacts:
    def test_one_seat_more(self) -> None:
        region = Region()
        run = ran()
        change = MoreSeats(ident(run, "series", region.group), 1)
        found = try_changes(actor=ACTOR, run=run, changes=[change], seconds=2)
        assert found.gained == {region.late.pk}
        assert found.after["people"] - found.before["people"] == 1
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
        assert found.after["lost"] == 1
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
    assert change_from_dict(found[0].file).kind == "new-leader"
