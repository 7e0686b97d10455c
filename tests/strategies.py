"""Tiny problems made at random, small enough that every plan of them can be tried.

One description serves twice: with hypothesis, which looks for the odd one and makes it
smaller, and with a seed, for problems that stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from scheduling.solver.horizon import ALWAYS, Availability, Span, WeeklyWindow
from scheduling.solver.plan import Allocation
from scheduling.solver.problem import (
    Continuity,
    DatePattern,
    Facilitator,
    Format,
    LoadLimits,
    Person,
    Pin,
    PlanningProblem,
    Published,
    Registration,
    Room,
    SeatPin,
    Series,
    StaffNeed,
)
from tests.builders import (
    HOUR,
    NINE,
    SEVEN,
    TEN,
    facilitator,
    need,
    placed,
    problem,
    registration,
    room,
    series,
)

Pick = Callable[[Sequence[Any]], Any]
"""Picks one of some values; the first is the plainest."""


def rarely(pick: Pick, plain: Any, *odd: Any) -> Any:
    """Mostly the plain value: were everything odd, nothing would be possible."""
    return pick((*[plain] * (5 * len(odd)), *odd))


PATTERNS = (
    (DatePattern((0,)),),
    (DatePattern((0, 7)),),
    (DatePattern((0,)), DatePattern((1,))),
    (DatePattern((0,)), DatePattern((0, 7), frozenset("x"))),
)
QUARTERS = ((NINE, TEN), (NINE, SEVEN))
NOT_MONDAY = Availability(ALWAYS.weekly, blocked=(Span(0, 96),))
MORNINGS = Availability(tuple(WeeklyWindow(day, 0, 48) for day in range(7)))
LOADS = (
    LoadLimits(sessions_per_day=1),
    LoadLimits(minutes_per_week=90),
    LoadLimits(days_per_week=1),
    LoadLimits(span_minutes=60),
    LoadLimits(block_minutes=60, break_minutes=30),
)


def tiny_problem(pick: Pick) -> PlanningProblem:
    """A problem with at most two series, two rooms, two leaders and three askers."""
    quarters = pick(QUARTERS)
    windows = tuple(
        WeeklyWindow(day, quarter, quarter + HOUR)
        for day in range(7)
        for quarter in quarters
    )
    rooms = tuple(_room(pick, name) for name in pick(("q", "qs")))
    leaders = tuple(_leader(pick, name) for name in pick(("f", "fg")))
    askers = pick(("ab", "abc"))
    persons = tuple(_person(pick, f"p-{name}") for name in askers)
    series_list = tuple(_series(pick, name, windows) for name in ("one", "two"))
    asked = tuple(_registration(pick, name) for name in askers)
    facts = problem(
        rooms=rooms,
        facilitators=leaders,
        persons=persons,
        series=series_list,
        registrations=asked,
        keep_apart=rarely(pick, (), (("p-a", "p-b"),), (("f", "p-a"),)),
        keep_together=rarely(pick, (), (("a", "b"),)),
        series_order=rarely(pick, (), (("one", "two"),)),
    )
    return _with_pins(pick, facts, quarters)


def quarters_of(facts: PlanningProblem) -> tuple[int, ...]:
    """The quarters at which a series of a tiny problem can start."""
    return tuple(sorted({window.start for window in facts.series[0].windows}))


def seeded_problem(seed: int) -> PlanningProblem:
    """The same tiny problem for the same seed."""
    return tiny_problem(Random(seed).choice)


@st.composite
def tiny_problems(draw: Callable[[Any], Any]) -> PlanningProblem:
    """Tiny problems for hypothesis."""
    return tiny_problem(lambda values: draw(st.sampled_from(list(values))))


def _room(pick: Pick, name: str) -> Room:
    return room(
        name,
        pick("xy"),
        capacity=pick((4, 3, 2)),
        features=frozenset(pick(((), ("ramp",)))),
        opening=rarely(pick, ALWAYS, NOT_MONDAY, MORNINGS),
        booked=rarely(pick, (), (Span(NINE, NINE + 2),)),
        changeover=pick((0, 1)),
        price=pick((0, 2)),
    )


def _leader(pick: Pick, name: str) -> Facilitator:
    return facilitator(
        name,
        *pick((("guide",), ("guide", "expert"), ("expert",))),
        organisation_id=pick(("o1", "o2")),
        availability=rarely(pick, ALWAYS, NOT_MONDAY, MORNINGS),
        skills=frozenset(pick((("craft",), ()))),
        base_place_id=pick((None, "x")),
        load=rarely(pick, LoadLimits(), *LOADS),
        person_id=pick((None, None, "p-a")) if name == "g" else None,
    )


def _person(pick: Pick, name: str) -> Person:
    return Person(
        name,
        availability=rarely(pick, ALWAYS, NOT_MONDAY, MORNINGS),
        home_place_id=pick((None, "x", "y")),
        travel_limit_minutes=rarely(pick, None, 20),
        sessions_per_day=rarely(pick, None, 1),
        sessions_per_week=rarely(pick, None, 1),
        age=rarely(pick, None, 17, 40),
        formats=frozenset(rarely(pick, (), (Format.ONLINE,))),
        needs=frozenset(rarely(pick, (), ("ramp",))),
        languages=frozenset(rarely(pick, (), ("nl",))),
        accommodations=frozenset(rarely(pick, (), ("quiet",))),
        completed=frozenset(pick(((), ("basics",)))),
    )


def _series(pick: Pick, name: str, windows: tuple[WeeklyWindow, ...]) -> Series:
    format_ = pick(
        (Format.IN_PERSON, Format.IN_PERSON, Format.ONLINE, Format.HYBRID)
        if name == "one"
        else (Format.IN_PERSON, Format.ONLINE, Format.SELF_PACED)
    )
    held = pick((0, 0, 2))
    size_min = pick((0, 1, 2))
    patterns = pick(PATTERNS)
    return series(
        name,
        length=0 if format_ is Format.SELF_PACED else HOUR,
        format=format_,
        windows=windows,
        date_patterns=() if format_ is Format.SELF_PACED else patterns,
        staff=_staff(pick),
        different_organisations=rarely(pick, False, True),
        leader_skills=frozenset(rarely(pick, (), ("craft",))),
        room_features=frozenset(rarely(pick, (), ("ramp",))),
        place_ids=rarely(pick, None, frozenset("x")),
        language=rarely(pick, None, "en"),
        accommodations=frozenset(pick((("quiet",), ()))),
        prerequisites=frozenset(rarely(pick, (), ("basics",))),
        size_min=size_min,
        size_max=max(size_min, pick((2, 3, 1))),
        level=pick((1, 2, 3)),
        members=pick(((), (), ("m",))),
        guests=pick((0, 0, 1)),
        meetings_held=held,
        closed_after=rarely(pick, None, 2),
        held_weight=pick((0, 70)),
        age_min=rarely(pick, None, 18),
        coach_minutes_per_seat=20 if format_ is Format.SELF_PACED else 0,
        continuity=pick((None, None, Continuity(0, "q", frozenset("f")))),
    )


def _staff(pick: Pick) -> tuple[StaffNeed, ...]:
    return pick(  # type: ignore[no-any-return]
        (
            (need(1),),
            (),
            (need(1, "guide", "expert"),),
            (need(1), need(1, "expert", from_seats=2)),
        )
    )


def _registration(pick: Pick, name: str) -> Registration:
    return registration(
        name,
        *pick((("one", "two"), ("two", "one"), ("one",), ("two",))),
        person_id=pick(("p-c", "p-c", "p-a")) if name == "c" else f"p-{name}",
        levels=frozenset(pick(((1, 2, 3), (1, 2)))),
        urgency=pick((3, 1, 5)),
        waiting_days=pick((0, 28, 50)),
        seats=pick((1, 1, 2)),
        target_day=pick((None, 0)),
        preferred=pick(((), (WeeklyWindow(0, NINE, TEN),))),
        wishes_digital=pick((False, True)),
    )


def _with_pins(
    pick: Pick, facts: PlanningProblem, quarters: tuple[int, ...]
) -> PlanningProblem:
    """Pins, and something published that may be freed."""
    one = facts.series[0]
    first = one.date_patterns[0].days[0] * 96 + quarters[0]
    pins = pick(
        (
            (),
            (),
            (),
            (Pin("pin", "one", first_slot=first),),
            (Pin("pin", "two", closed=True),),
            (Pin("pin", "one", facilitator_ids=frozenset("f")),),
        )
    )
    seat_pins = pick(
        ((), (), (), (SeatPin("s", "a", "one"),), (SeatPin("s", "b", None),))
    )
    told = placed(one, quarters[0], "q" if one.needs_room else None, "f")
    chosen = any(item.series_id == "one" for item in facts.registrations[0].choices)
    seats = (Allocation("a", "one"),) if chosen else ()
    published = pick(
        (
            Published(),
            Published(),
            Published((told,), seats, frozenset({"one"})),
            Published(
                (told,),
                seats,
                frozenset({"one"}),
                frozenset({"a"}),
            ),
            Published((told,)),
        )
    )
    return replace(facts, pins=pins, seat_pins=seat_pins, published=published)
