"""Who lets the seats of a draft go locks groups, and then people, at one go: nobody
waits for who waits for him."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import PlanningRun
from scheduling.services.choosing import choose_run
from scheduling.services.drafts import drop_drafts
from scheduling.services.runs import perform_run, start_run
from tests.locking import locked_at_one_go
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    SUNDAY,
    a_conversation,
    a_leader,
    asks_for,
    running,
)
from tests.scheduling.services.test_came_and_went import Talk
from tests.scheduling.services.test_repairs import World, answered, choose

pytestmark = pytest.mark.django_db


def asked_for(*, as_draft: bool = True) -> PlanningRun:
    return start_run(
        actor=ACTOR,
        user=None,
        kind="week",
        first_date=MONDAY,
        last_date=SUNDAY,
        seconds=2,
        workers=1,
        as_draft=as_draft,
    )


def seats_of(run: PlanningRun) -> set[tuple[str, str]]:
    """Registrations and series of the draft, as the queries name them."""
    seats = run.schedules.get().seats.values_list("registration_id", "series_id")
    return {(str(registration), series.hex) for registration, series in seats}


class Drafted:
    """A draft that gives a seat in a group, and a talk, and who waits for that seat."""

    def __init__(self) -> None:
        self.group = running("2026-12-01 10:00", leaders=[a_leader()], members=6)
        talk = a_conversation()
        a_leader("ggz_professional")
        a_leader("social_worker")
        asks_for(self.group)
        asks_for(talk, allowed_levels=[0])
        self.run = asked_for()
        perform_run(run_id=self.run.pk)
        self.seats = seats_of(self.run)
        assert len(self.seats) == 2
        self.waits = asks_for(self.group, need_class=1)


@pytest.fixture
def drafted() -> Drafted:
    return Drafted()


def test_throwing_it_away(drafted: Drafted) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert drop_drafts(actor=ACTOR, kind="week", first_date=MONDAY) == 1
    series, people = locked_at_one_go(seen.captured_queries)
    for registration, group in drafted.seats:
        assert registration in people
        assert group in series
    assert str(drafted.waits.pk) in people
    assert drafted.waits.enrolments.get().state == "offered"


def test_a_plan_that_takes_its_place(drafted: Drafted) -> None:
    """With the groups and people of the new plan: it holds its seats after that."""
    another = asked_for()
    with CaptureQueriesContext(connection) as seen:
        perform_run(run_id=another.pk)
    series, people = locked_at_one_go(seen.captured_queries)
    for registration, group in drafted.seats | seats_of(another):
        assert registration in people
        assert group in series
    assert str(drafted.waits.pk) in people
    assert drafted.waits.enrolments.get().state == "held_by_draft"


def test_a_plan_that_is_chosen_instead(drafted: Drafted) -> None:
    beside = asked_for(as_draft=False)
    perform_run(run_id=beside.pk)
    with CaptureQueriesContext(connection) as seen:
        choose_run(actor=ACTOR, run_id=beside.pk)
    series, people = locked_at_one_go(seen.captured_queries)
    for registration, group in drafted.seats | seats_of(beside):
        assert registration in people
        assert group in series
    assert drafted.waits.enrolments.get().state == "held_by_draft"


def test_another_way_to_mend() -> None:
    """Nobody has to wait for the way before it, in which one gets a seat."""
    talk = Talk(World())
    waits = asks_for(talk.offering, allowed_levels=[0])
    (repair,) = answered(talk.left())
    (seat,) = choose(talk.world, repair).seats.all()
    assert (seat.registration, seat.series) == (waits, talk.series)
    with CaptureQueriesContext(connection) as seen:
        schedule = choose(talk.world, repair)
    series, people = locked_at_one_go(seen.captured_queries)
    assert (series, people) == ({talk.series.pk.hex}, {str(waits.pk)})
    assert schedule.seats.get().registration == waits
