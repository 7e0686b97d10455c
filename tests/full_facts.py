"""A problem and a plan in which no field has its default, for whatever copies them."""

from __future__ import annotations

from scheduling.solver.horizon import Availability, Horizon, Span, WeeklyWindow
from scheduling.solver.plan import (
    Allocation,
    Plan,
    Reason,
    SolveStatus,
    TierResult,
    Unplaced,
    Verified,
)
from scheduling.solver.problem import (
    Continuity,
    DatePattern,
    Format,
    LoadLimits,
    Person,
    Pin,
    PlanningProblem,
    Published,
    SeatPin,
)
from tests import builders
from tests.builders import NINE, TEN


def full_problem() -> PlanningProblem:
    """Every field of every record has another value than its default."""
    series = builders.series(
        "s1",
        date_patterns=(DatePattern((0, 7), frozenset({"x"})), DatePattern((1, 8))),
        windows=(WeeklyWindow(0, NINE, 96), WeeklyWindow(1, 0, TEN)),
        staff=(builders.need(2, "guide", skills=frozenset({"k"}), from_seats=3),),
        format=Format.HYBRID,
        level=2,
        place_ids=frozenset({"x", "y"}),
        room_features=frozenset({"f", "e"}),
        different_organisations=True,
        leader_skills=frozenset({"k"}),
        language="one",
        age_min=18,
        age_max=30,
        accommodations=frozenset({"a"}),
        prerequisites=frozenset({"b"}),
        members=("p2",),
        guests=1,
        meetings_held=3,
        closed_after=5,
        held_weight=7,
        continuity=Continuity(2, "r1", frozenset({"f1"})),
    )
    paced = builders.series(
        "s2",
        format=Format.SELF_PACED,
        length=0,
        date_patterns=(),
        coach_minutes_per_seat=15,
    )
    free = Availability(
        (WeeklyWindow(3, NINE, TEN),), (Span(100, 104),), (Span(-96, 20),)
    )
    person = Person(
        "p1",
        free,
        "x",
        30,
        2,
        1,
        44,
        frozenset({"one"}),
        frozenset({Format.ONLINE}),
        frozenset({"f"}),
        frozenset({"a"}),
        frozenset({"b"}),
    )
    return builders.problem(
        horizon=Horizon(builders.MONDAY, 14, "Europe/London"),
        rooms=(
            builders.room(
                "r1",
                features=frozenset({"f"}),
                opening=free,
                booked=(Span(5, 9),),
                changeover=1,
                price=3,
            ),
        ),
        facilitators=(
            builders.facilitator(
                "f1",
                skills=frozenset({"k"}),
                availability=free,
                load=LoadLimits(600, 3, 480, 4, 240, 20),
                base_place_id="y",
                person_id="p1",
            ),
        ),
        persons=(person, Person("p2", Availability())),
        series=(series, paced),
        registrations=(
            builders.registration(
                "a",
                "s1",
                "s2",
                person_id="p1",
                levels=frozenset({2, 3}),
                urgency=5,
                waiting_days=9,
                norm_days=70,
                seats=2,
                target_day=-4,
                preferred=(WeeklyWindow(6, 0, 4),),
                wishes_digital=True,
            ),
            builders.registration("b", "s1", person_id="p2"),
        ),
        keep_apart=(("p1", "p2"),),
        keep_together=(("a", "b"),),
        series_order=(("s1", "s2"),),
        pins=(
            Pin("n1", "s1", NINE, "r1", frozenset({"f1"})),
            Pin("n2", "s2", closed=True),
            Pin("n3", "s1", facilitator_ids=frozenset()),
        ),
        seat_pins=(SeatPin("n4", "a", "s1"), SeatPin("n5", "b", None)),
        published=Published(
            (
                builders.placed(series, NINE, "r1", "f1"),
                builders.placed(paced, 0, None, "f1"),
            ),
            (Allocation("a", "s1"),),
            frozenset({"s1"}),
            frozenset({"a"}),
        ),
        day_parts=(0, 48),
        weights={"room-fit": 0, "ranked-choice": 9},
    )


def full_plan() -> Plan:
    series = builders.series("s1", date_patterns=(DatePattern((0, 7)),))
    reason = Reason("s1", ("room-open",), Verified.PART_FREED, ("s2",))
    return Plan(
        "tiny",
        (builders.placed(series, NINE, "r1", "f1", "f2"),),
        (Allocation("a", "s1"),),
        (Unplaced("b", (reason,)), Unplaced("c")),
        SolveStatus.OPTIMAL,
        (TierResult(1, 90, 100.5), TierResult(2, 3)),
        {"b-cost": 3, "a-cost": 0},
        7,
        1.5,
        0.25,
        {"solver": "1"},
        {"workers": 2},
        ("n1", "n2"),
        (
            Reason(
                *("s2", ("group-size",), Verified.PART_FREED, ("s2",)),
                for_all=True,
                irreducible=False,
            ),
        ),
    )
