"""Each fault of the facts is named alone, and all of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduling.solver.horizon import Availability, Horizon, Span, WeeklyWindow
from scheduling.solver.problem import (
    Continuity,
    DatePattern,
    Fault,
    Format,
    InvalidProblem,
    LoadLimits,
    Person,
    Place,
    PlanningProblem,
)
from scheduling.solver.validate import check, faults
from tests import builders
from tests.full_facts import full_problem

BACKWARDS = Availability((WeeklyWindow(0, 40, 36),))
OFF_THE_WEEK = Availability((WeeklyWindow(7, 36, 40),))


def sound() -> PlanningProblem:
    """A small problem without a fault."""
    return builders.problem(
        rooms=(builders.room("r"),),
        facilitators=(builders.facilitator("f"),),
        series=(
            builders.series("s", staff=(builders.need(),)),
            builders.series("t", date_patterns=(DatePattern((1, 8)),)),
        ),
        registrations=(
            builders.registration("a", "s", "t"),
            builders.registration("b", "s"),
        ),
    )


def changed(kind: str, **facts: Any) -> PlanningProblem:
    """The sound problem with other facts for the first thing of a kind."""
    problem = sound()
    first, *rest = getattr(problem, kind)
    return replace(problem, **{kind: (replace(first, **facts), *rest)})


def with_series(**facts: Any) -> PlanningProblem:
    return changed("series", **facts)


def with_facts(**facts: Any) -> PlanningProblem:
    return replace(sound(), **facts)


def twice(kind: str) -> PlanningProblem:
    problem = sound()
    first, *rest = getattr(problem, kind)
    return replace(problem, **{kind: (first, *rest, first)})


def test_sound_problem_has_no_fault() -> None:
    assert faults(sound()) == ()
    check(sound())


CASES: dict[str, tuple[PlanningProblem, str, str]] = {
    "no days": (
        with_facts(horizon=Horizon(builders.MONDAY, 0)),
        "horizon",
        "has 0 days",
    ),
    "zone": (
        with_facts(horizon=Horizon(builders.MONDAY, 14, "Europe/Deventer")),
        "horizon",
        "unknown time zone",
    ),
    "zone that is a folder": (
        with_facts(horizon=Horizon(builders.MONDAY, 14, "Europe")),
        "horizon",
        "unknown time zone",
    ),
    "day parts out of order": (
        with_facts(day_parts=(0, 70, 50)),
        "day parts",
        "begin at ",
    ),
    "day parts not from midnight": (
        with_facts(day_parts=(36, 50)),
        "day parts",
        "begin at ",
    ),
    "day parts after the day": (with_facts(day_parts=(0, 96)), "day parts", "over"),
    "place twice": (
        with_facts(places=(Place("x"), Place("x")), travel_minutes=((0, 0), (0, 0))),
        "place x",
        "is there 2 times",
    ),
    "room twice": (twice("rooms"), "room r", "is there 2 times"),
    "facilitator twice": (twice("facilitators"), "facilitator f", "2 times"),
    "person twice": (twice("persons"), "person p-a", "2 times"),
    "series twice": (twice("series"), "series s", "2 times"),
    "registration twice": (twice("registrations"), "registration a", "2 times"),
    "empty id": (changed("rooms", id=""), "room", "has an empty id"),
    "travel rows": (
        with_facts(travel_minutes=((0, 30),)),
        "travel minutes",
        "1 rows of [2] numbers for 2 places",
    ),
    "travel row length": (
        with_facts(travel_minutes=((0, 30), (30,))),
        "travel minutes",
        "2 rows of [1, 2]",
    ),
    "travel negative": (
        with_facts(travel_minutes=((0, -1), (30, 0))),
        "travel minutes x to y",
        "are -1",
    ),
    "travel too long": (
        with_facts(travel_minutes=((0, 30), (241, 0))),
        "travel minutes y to x",
        "are 241",
    ),
    "travel to itself": (
        with_facts(travel_minutes=((5, 30), (30, 0))),
        "travel minutes x to x",
        "are 5",
    ),
    "room's place": (changed("rooms", place_id="z"), "room r", "unknown place z"),
    "room of nobody": (changed("rooms", capacity=0), "room r", "capacity 0"),
    "opening backwards": (
        changed("rooms", opening=BACKWARDS),
        "room r",
        "from 10:00 to 09:00",
    ),
    "opening off the week": (
        changed("rooms", opening=OFF_THE_WEEK),
        "room r",
        "on weekday 7",
    ),
    "booking backwards": (
        changed("rooms", booked=(Span(9, 9),)),
        "room r",
        "is booked from 2026-11-30 at 02:15 to 2026-11-30 at 02:15",
    ),
    "leave backwards": (
        changed("facilitators", availability=Availability(blocked=(Span(9, 5),))),
        "facilitator f",
        "is blocked from 2026-11-30 at 02:15 to 2026-11-30 at 01:15",
    ),
    "facilitator's base": (
        changed("facilitators", base_place_id="z"),
        "facilitator f",
        "unknown place z",
    ),
    "facilitator's person": (
        changed("facilitators", person_id="z"),
        "facilitator f",
        "unknown person z",
    ),
    "load": (
        changed("facilitators", load=LoadLimits(minutes_per_week=-60)),
        "facilitator f",
        "minutes per week -60",
    ),
    "home": (changed("persons", home_place_id="z"), "person p-a", "unknown place z"),
    "pace": (changed("persons", sessions_per_week=-1), "person p-a", "per week -1"),
    "windows": (
        with_series(windows=(WeeklyWindow(0, 0, 97),)),
        "series s",
        "on Monday from 00:00 to 24:15",
    ),
    "sizes": (with_series(size_min=9, size_max=8), "series s", "at least 9 seats"),
    "negative size": (with_series(size_min=-1), "series s", "size min -1"),
    "too many members": (
        with_series(members=("p-a", "p-b"), size_max=1),
        "series s",
        "has 2 members and at most 1",
    ),
    "member twice": (with_series(members=("p-a", "p-a")), "series s", "2 times"),
    "unknown member": (with_series(members=("z",)), "series s", "unknown person z"),
    "level": (with_series(level=-1), "series s", "level -1"),
    "ages": (with_series(age_min=30, age_max=18), "series s", "ages from 30 to 18"),
    "staff without roles": (
        with_series(staff=(replace(builders.need(), roles=frozenset()),)),
        "series s, staff need 1",
        "names no role",
    ),
    "staff of nobody": (
        with_series(staff=(builders.need(), builders.need(0))),
        "series s, staff need 2",
        "count 0",
    ),
    "series' place": (
        with_series(place_ids=frozenset({"x", "z"})),
        "series s",
        "unknown place z",
    ),
    "pattern's place": (
        with_series(date_patterns=(DatePattern((0,), frozenset({"z"})),)),
        "series s, dates 1",
        "unknown place z",
    ),
    "continuity's room": (
        with_series(continuity=Continuity(room_id="z")),
        "series s, continuity",
        "unknown room z",
    ),
    "continuity's leader": (
        with_series(continuity=Continuity(facilitator_ids=frozenset({"z"}))),
        "series s, continuity",
        "unknown facilitator z",
    ),
    "continuity's weekday": (
        with_series(continuity=Continuity(weekday=7)),
        "series s, continuity",
        "weekday 7",
    ),
    "longer than a day": (with_series(length=97), "series s", "of 1455 minutes"),
    "no length": (with_series(length=0), "series s", "of 0 minutes"),
    "start step": (with_series(start_step=0), "series s", "multiples of 0"),
    "no dates": (with_series(date_patterns=()), "series s", "has no dates"),
    "self-paced with dates": (
        with_series(format=Format.SELF_PACED),
        "series s",
        "is self-paced and has dates",
    ),
    "empty pattern": (
        with_series(date_patterns=(DatePattern(()),)),
        "series s, dates 1",
        "is empty",
    ),
    "days out of order": (
        with_series(date_patterns=(DatePattern((7, 0)),)),
        "series s, dates 1",
        "not in order",
    ),
    "day twice": (
        with_series(date_patterns=(DatePattern((0, 0)),)),
        "series s, dates 1",
        "comes twice",
    ),
    "day after the horizon": (
        with_series(date_patterns=(DatePattern((0,)), DatePattern((7, 14)))),
        "series s, dates 2",
        "2026-12-14, which is outside the horizon",
    ),
    "day before the horizon": (
        with_series(date_patterns=(DatePattern((-7, 0)),)),
        "series s, dates 1",
        "2026-11-23, which is outside",
    ),
    "several weekdays": (
        with_series(date_patterns=(DatePattern((0, 1, 7)),)),
        "series s, dates 1",
        "several weekdays",
    ),
    "registration's person": (
        changed("registrations", person_id="z"),
        "registration a",
        "unknown person z",
    ),
    "choice": (
        with_facts(registrations=(builders.registration("a", "z"),)),
        "registration a",
        "unknown series z",
    ),
    "choice twice": (
        with_facts(registrations=(builders.registration("a", "s", "s"),)),
        "registration a",
        "2 times among its choices",
    ),
    "urgency": (changed("registrations", urgency=6), "registration a", "urgency 6"),
    "seats": (changed("registrations", seats=0), "registration a", "seats 0"),
    "norm": (changed("registrations", norm_days=0), "registration a", "norm days 0"),
    "waiting": (
        changed("registrations", waiting_days=-1),
        "registration a",
        "waiting days -1",
    ),
    "registration's level": (
        changed("registrations", levels=frozenset({-1, 1})),
        "registration a",
        "level -1",
    ),
    "preferred": (
        changed("registrations", preferred=BACKWARDS.weekly),
        "registration a",
        "from 10:00 to 09:00",
    ),
    "apart from nobody": (
        with_facts(keep_apart=(("p-a", "z"),)),
        "keep apart p-a and z",
        "unknown person or facilitator z",
    ),
    "apart from itself": (
        with_facts(keep_apart=(("f", "f"),)),
        "keep apart f and f",
        "with itself",
    ),
    "apart from which": (
        with_facts(persons=(*sound().persons, Person("f")), keep_apart=(("f", "p-a"),)),
        "keep apart f and p-a",
        "does not say which f",
    ),
    "together with nobody": (
        with_facts(keep_together=(("a", "z"),)),
        "keep together a and z",
        "unknown registration z",
    ),
    "together with itself": (
        with_facts(keep_together=(("a", "a"),)),
        "keep together a and a",
        "with itself",
    ),
    "order of nothing": (
        with_facts(series_order=(("s", "z"),)),
        "order of s before z",
        "unknown series z",
    ),
    "order with itself": (
        with_facts(series_order=(("s", "s"),)),
        "order of s before s",
        "with itself",
    ),
    "order goes round": (
        with_facts(
            series=tuple(builders.series(name) for name in "stuv"),
            series_order=(("v", "s"), ("s", "t"), ("t", "u"), ("u", "s")),
        ),
        "order of series",
        "goes round: s before t before u before s",
    ),
    "weight": (with_facts(weights={"room-fit": -1}), "weight room-fit", "value -1"),
}


@pytest.mark.parametrize("case", CASES, ids=CASES.keys())
def test_fault_is_named_alone(case: str) -> None:
    problem, where, wrong = CASES[case]
    found = faults(problem)
    assert [fault.where for fault in found] == [where]
    assert wrong in found[0].wrong
    assert found[0].right


def test_order_that_branches_and_joins_is_no_ring() -> None:
    problem = with_facts(
        series=tuple(builders.series(name) for name in "stuv"),
        series_order=(("s", "t"), ("s", "u"), ("t", "v"), ("u", "v")),
    )
    assert faults(problem) == ()


def test_last_date_may_lie_on_another_weekday() -> None:
    assert faults(with_series(date_patterns=(DatePattern((0, 7, 9)),))) == ()


def test_every_fault_is_raised_at_once() -> None:
    problem = replace(
        sound(),
        rooms=(builders.room("r", "z", capacity=0),),
        weights={"room-fit": -2},
        keep_together=(("a", "a"),),
    )
    with pytest.raises(InvalidProblem) as caught:
        check(problem)
    assert [fault.where for fault in caught.value.faults] == [
        "room r",
        "room r",
        "keep together a and a",
        "weight room-fit",
    ]
    assert str(caught.value).count("\n") == 3


def test_fault_says_what_would_be_right() -> None:
    (fault,) = faults(with_series(size_min=9))
    assert isinstance(fault, Fault)
    assert str(fault) == (
        "series s: needs at least 9 seats and has at most 8 "
        "(let size_min be at most size_max)"
    )


def test_hopeless_facts_are_named_and_do_not_crash() -> None:
    """References to nothing everywhere: still a list of faults."""
    problem = replace(
        full_problem(), places=(), rooms=(), facilitators=(), persons=(), series=()
    )
    assert len(faults(problem)) > 10
    far = with_series(date_patterns=(DatePattern((10**7,)),))
    assert [fault.where for fault in faults(far)] == ["series s, dates 1"]
