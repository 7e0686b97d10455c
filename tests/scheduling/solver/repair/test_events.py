"""Event files: read as strictly as problems, and what each event does to the facts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema
import pytest

from scheduling.solver.horizon import SLOTS_PER_DAY, Horizon, WeeklyWindow
from scheduling.solver.plan import Allocation, Plan
from scheduling.solver.problem import (
    DatePattern,
    InvalidProblem,
    Person,
    Pin,
    PlanningProblem,
    SeatPin,
)
from scheduling.solver.repair.event import (
    EVENTS,
    CentreClosed,
    Event,
    HolidayForgotten,
    LeaderIll,
    OneSession,
    ResidentJoined,
    ResidentLeft,
    RoomLost,
)
from scheduling.solver.repair.event_format import (
    RECORDS,
    event_schema,
    read_event,
    write_event,
)
from scheduling.solver.repair.happen import happen
from scheduling.solver.repair.mend import MendSettings, mend
from scheduling.solver.snapshot import UnreadableFile
from scheduling.solver.validate import faults
from scheduling.solver.verify import violations
from tests.builders import (
    MONDAY,
    NINE,
    facilitator,
    need,
    placed,
    problem,
    registration,
    room,
    series,
)

HORIZON = Horizon(MONDAY, 28)
DAYS = (0, 7, 14, 21)
OWN = (WeeklyWindow(0, NINE, NINE + 8),)


def course(**facts: Any) -> tuple[PlanningProblem, Plan]:
    """Four Mondays of a course with two members and a seat; a second leader is free."""
    item = series(
        "course",
        date_patterns=(DatePattern(DAYS),),
        windows=OWN,
        staff=(need(),),
        members=("m1", "m2"),
        size_min=1,
    )
    known = problem(
        horizon=HORIZON,
        series=(item,),
        rooms=(room("q"), room("s", "y")),
        facilitators=(facilitator("lead"), facilitator("spare")),
        registrations=(registration("asks", "course"),),
        **facts,
    )
    told = Plan(known.id, (placed(item, NINE, "q", "lead"),))
    return known, replace(told, allocations=(Allocation("asks", "course"),))


EXAMPLES: tuple[Event, ...] = (
    LeaderIll(
        id="1",
        facilitator_id="lead",
        first_day=1,
        last_day=8,
        sessions=(OneSession("course", 7),),
        today=2,
        also_in=(WeeklyWindow(1, 40, 48),),
    ),
    RoomLost(id="2", room_id="q", first_day=0),
    RoomLost(id="3", room_id="q", first_day=0, last_day=3),
    CentreClosed(id="4", place_id="x", first_day=0, last_day=0),
    HolidayForgotten(id="5", first_day=7, last_day=7, place_ids=frozenset("x")),
    ResidentJoined(
        id="6", registrations=(registration("new", "course"),), person=Person("p-new")
    ),
    ResidentLeft(id="7", person_id="m1"),
)


class TestFormat:
    @pytest.mark.parametrize("event", EXAMPLES, ids=lambda one: one.id)
    def test_what_is_written_is_read_and_is_in_the_schema(self, event: Event) -> None:
        text = write_event(event, HORIZON)
        assert read_event(text, HORIZON) == event
        jsonschema.Draft202012Validator(event_schema()).validate(json.loads(text))

    def test_every_kind_has_a_form(self) -> None:
        assert {kind.kind for kind in EVENTS} == set(RECORDS)
        assert {type(one) for one in EXAMPLES} == set(EVENTS)
        jsonschema.Draft202012Validator.check_schema(event_schema())

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"format": "gem-planner/plan"}, '"format" is'),
            ({"version": 2}, '"version" is 2'),
            ({"kind": "flood"}, "give one of leader-ill"),
            ({"kind": ["leader-ill"]}, "give one of leader-ill"),
        ],
    )
    def test_another_file_is_refused(self, change: dict[str, Any], says: str) -> None:
        data = json.loads(write_event(EXAMPLES[0], HORIZON)) | change
        with pytest.raises(UnreadableFile, match=says):
            read_event(json.dumps(data), HORIZON)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(event_schema()).validate(data)

    def test_every_fault_is_named_at_once(self) -> None:
        data = json.loads(write_event(EXAMPLES[0], HORIZON))
        data |= {"from": "soon", "facilitater": "x"}
        with pytest.raises(InvalidProblem) as caught:
            read_event(json.dumps(data), HORIZON)
        told = str(caught.value)
        assert "did you mean 'facilitator'?" in told
        assert "from: is 'soon'" in told


class TestFaults:
    @pytest.mark.parametrize(
        ("event", "says"),
        [
            (replace(EXAMPLES[0], facilitator_id="x"), "unknown facilitator x"),
            (replace(EXAMPLES[0], last_day=0), "before it begins"),
            (replace(EXAMPLES[0], first_day=28, last_day=30), "outside the days"),
            (replace(EXAMPLES[0], first_day=8), "not on the dates of the event"),
            (replace(EXAMPLES[1], room_id="x"), "unknown room x"),
            (replace(EXAMPLES[3], place_id="z"), "unknown place z"),
            (replace(EXAMPLES[4], place_ids=frozenset("z")), "unknown place z"),
            (replace(EXAMPLES[6], person_id="z"), "unknown person z"),
            (replace(EXAMPLES[5], registrations=()), "has no registration"),
            (replace(EXAMPLES[5], person=Person("m1")), "has already"),
            (replace(EXAMPLES[5], person=None), "unknown person p-new"),
            (
                replace(
                    EXAMPLES[5],
                    registrations=(registration("asks", "none", person_id="p-new"),),
                ),
                "asks twice",
            ),
        ],
    )
    def test_an_event_that_makes_no_sense_is_named(
        self, event: Event, says: str
    ) -> None:
        with pytest.raises(InvalidProblem, match=says):
            happen(*course(), event)


class TestOneDate:
    """An event on one date changes the session of that date alone."""

    def test_the_rest_of_the_series_keeps_its_rhythm(self) -> None:
        ill = LeaderIll(id="e", facilitator_id="lead", first_day=7, last_day=9)
        facts, plan = course()
        answer = mend(facts, plan, ill, MendSettings(seconds=30))
        best = answer.alternatives[0]
        assert faults(answer.problem) == ()
        assert violations(answer.problem, best.plan) == ()
        held = best.plan.placement_of
        assert [one.slot // SLOTS_PER_DAY for one in held["course"].meetings] == [
            0,
            14,
            21,
        ]
        assert held["course"].leader_ids == {"lead"}
        (meeting,) = held["course@2026-12-07"].meetings
        assert (meeting.slot, meeting.room_id) == (7 * SLOTS_PER_DAY + NINE, "q")
        assert meeting.facilitator_ids == ("spare",)
        (change,) = best.consequences.changes
        assert (change.was, change.minutes) == ("course", 0)
        # Who is ill and who steps in: the others find the same hour and room.
        assert best.consequences.people == 2
        assert best.consequences.seats_lost == ()
        assert {seat.series_id for seat in best.plan.allocations} == {"course"}

    def test_who_has_a_seat_is_there_on_that_date_too(self) -> None:
        ill = LeaderIll(id="e", facilitator_id="lead", first_day=7, last_day=7)
        part = happen(*course(), ill).problem.series_by_id["course@2026-12-07"]
        assert part.members == ("m1", "m2", "p-asks")
        assert part.is_closed

    def test_some_sessions_leave_the_rest_of_the_day_free(self) -> None:
        ill = LeaderIll(
            id="e",
            facilitator_id="lead",
            first_day=0,
            last_day=27,
            sessions=(OneSession("course", 7), OneSession("course", 21)),
        )
        happened = happen(*course(), ill)
        assert [one.slot for one in happened.touched] == [
            day * SLOTS_PER_DAY + NINE for day in (7, 21)
        ]

    def test_all_dates_at_once_free_the_series_itself(self) -> None:
        lost = RoomLost(id="e", room_id="q", first_day=0)
        answer = mend(*course(), lost, MendSettings(seconds=30))
        best = answer.alternatives[0]
        assert answer.freed == {"course"}
        rooms = {one.room_id for one in best.plan.placement_of["course"].meetings}
        assert rooms == {"s"}
        assert best.costs[:5] == (0, 4, 4, 0, 3)

    def test_a_forgotten_holiday_moves_one_date_inside_its_week(self) -> None:
        event = HolidayForgotten(id="e", first_day=14, last_day=14)
        facts, plan = course()
        answer = mend(facts, plan, event, MendSettings(seconds=30))
        held = answer.alternatives[0].plan.placement_of["course@2026-12-14"]
        (meeting,) = held.meetings
        assert meeting.slot == 15 * SLOTS_PER_DAY + NINE
        assert answer.alternatives[0].consequences.minutes_moved == 24 * 60

    def test_nothing_is_put_in_the_past(self) -> None:
        event = HolidayForgotten(id="e", first_day=14, last_day=14, today=17)
        held = mend(*course(), event, MendSettings(seconds=30)).alternatives[0]
        (meeting,) = held.plan.placement_of["course@2026-12-14"].meetings
        assert meeting.slot // SLOTS_PER_DAY == 17


class TestPins:
    def test_pins_on_what_is_touched_are_set_aside_and_named(self) -> None:
        facts, plan = course(
            pins=(Pin("p", "course", room_id="q"),),
            seat_pins=(SeatPin("sp", "asks", "course"),),
        )
        happened = happen(facts, plan, RoomLost(id="e", room_id="q", first_day=0))
        assert happened.set_aside == ("p", "sp")
        assert happened.problem.pins == happened.problem.seat_pins == ()

    def test_a_pinned_start_that_moves_is_the_next_date(self) -> None:
        facts, plan = course(pins=(Pin("p", "course", first_slot=NINE),))
        ill = LeaderIll(id="e", facilitator_id="lead", first_day=0, last_day=0)
        happened = happen(facts, plan, ill)
        assert happened.problem.pins[0].first_slot == 7 * SLOTS_PER_DAY + NINE
        assert faults(happened.problem) == ()


class TestClockChange:
    def test_a_session_moved_over_a_change_of_the_clock_keeps_its_hour(self) -> None:
        """On 25 October 2026 the clock goes back; that Sunday is no day to move to,
        and the Monday after counts a day of 1,440 minutes on the clock."""
        item = series(
            "one",
            date_patterns=(DatePattern((0,)), DatePattern((2,))),
            windows=tuple(WeeklyWindow(day, NINE, NINE + 4) for day in range(7)),
            staff=(need(),),
            members=("m",),
        )
        facts = problem(
            horizon=Horizon(date(2026, 10, 24), 4),
            series=(item,),
            rooms=(room("q"),),
            facilitators=(facilitator("lead"),),
        )
        plan = Plan(facts.id, (placed(item, NINE, "q", "lead"),))
        ill = LeaderIll(id="e", facilitator_id="lead", first_day=0, last_day=0)
        best = mend(facts, plan, ill, MendSettings(seconds=30)).alternatives[0]
        (meeting,) = best.plan.placement_of["one"].meetings
        moment = facts.horizon.moment(meeting.slot)
        assert (moment.day, moment.hour) == (26, 9)
        assert best.consequences.minutes_moved == 2 * 24 * 60

    def test_the_hour_that_comes_twice_is_never_used(self) -> None:
        """The only hour left lies in the night of the change: the session is lost."""
        item = series(
            "one",
            length=4,
            start_step=1,
            date_patterns=(DatePattern((0,)), DatePattern((1,))),
            windows=(WeeklyWindow(5, NINE, NINE + 4), WeeklyWindow(6, 8, 12)),
            staff=(need(),),
            members=("m",),
        )
        facts = problem(
            horizon=Horizon(date(2026, 10, 24), 2),
            series=(item,),
            rooms=(room("q"),),
            facilitators=(facilitator("lead"),),
        )
        plan = Plan(facts.id, (placed(item, NINE, "q", "lead"),))
        ill = LeaderIll(id="e", facilitator_id="lead", first_day=0, last_day=0)
        best = mend(facts, plan, ill, MendSettings(seconds=30)).alternatives[0]
        assert best.consequences.sessions_lost == 1
        assert best.consequences.people_without == 1


class TestComingAndGoing:
    def test_a_seat_that_came_free_goes_to_who_waits_longest(self) -> None:
        facts, plan = course()
        asks = (
            registration("asks", "course"),
            registration("late", "course", waiting_days=1),
            registration("long", "course", waiting_days=90),
        )
        full = replace(facts.series[0], size_max=3)
        facts = replace(
            facts,
            series=(full,),
            registrations=asks,
            persons=(*facts.persons, Person("p-late"), Person("p-long")),
        )
        gone = ResidentLeft(id="e", person_id="m1")
        best = mend(facts, plan, gone, MendSettings(seconds=30)).alternatives[0]
        assert best.consequences.seats_new == ("long",)
        assert best.costs[:5] == (0, 0, 0, 0, 0)
        assert best.proofs[1].scope == "whole"

    def test_who_moves_in_never_passes_who_waits(self) -> None:
        facts, plan = course()
        waits = registration("waits", "course", waiting_days=60)
        facts = replace(
            facts,
            series=(replace(facts.series[0], size_max=4),),
            registrations=(*facts.registrations, waits),
            persons=(*facts.persons, Person("p-waits")),
        )
        new = ResidentJoined(
            id="e",
            registrations=(registration("new", "course"),),
            person=Person("p-new"),
        )
        best = mend(facts, plan, new, MendSettings(seconds=30)).alternatives[0]
        assert best.consequences.seats_new == ("waits",)

    def test_a_conversation_that_nobody_is_left_for_is_given_back(self) -> None:
        item = series("talk", size_min=1, size_max=1, staff=(need(),))
        facts = problem(
            series=(item,),
            rooms=(room("q"),),
            facilitators=(facilitator("lead"),),
            registrations=(registration("one", "talk"),),
        )
        told = Plan(
            facts.id,
            (placed(item, NINE, "q", "lead"),),
            (Allocation("one", "talk"),),
        )
        gone = ResidentLeft(id="e", person_id="p-one")
        best = mend(facts, told, gone, MendSettings(seconds=30)).alternatives[0]
        assert best.plan.placements == ()
        assert best.costs[0] == 0
