"""Small problems on which the checks of the doctor are tried."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scheduling.solver.horizon import Availability, Span, WeeklyWindow
from scheduling.solver.plan import Allocation
from scheduling.solver.problem import (
    DatePattern,
    Format,
    LoadLimits,
    Person,
    Place,
    PlanningProblem,
    Published,
)
from tests.builders import (
    NINE,
    facilitator,
    need,
    placed,
    problem,
    registration,
    room,
    series,
)

Case = tuple[PlanningProblem, PlanningProblem, dict[str, Any]]

MONDAY = Availability((WeeklyWindow(0, 36, 50),))
TUESDAY = Availability((WeeklyWindow(1, 36, 50),))
HALF_AN_HOUR = Availability((WeeklyWindow(0, 36, 38),))
NEVER = Availability()
ON_LEAVE = Availability(MONDAY.weekly, (), (Span(0, 96),))
MORNING = (WeeklyWindow(0, 36, 50),)
GUIDED = series("s", staff=(need(),))
ONLINE = series("s", format=Format.ONLINE)
IN_A_ROOM = placed(series("s"), NINE, "r", "f")


def about(*things: tuple[str, str], **numbers: int) -> dict[str, Any]:
    return {"about": things, **numbers}


def led(*leaders: Any, **given: Any) -> PlanningProblem:
    """One series that needs a guide, and these facilitators."""
    return problem(
        series=(replace(GUIDED, **given),), rooms=(room("r"),), facilitators=leaders
    )


def rooms(*given: Any, **facts: Any) -> PlanningProblem:
    """One series and these rooms."""
    return problem(series=(series("s", **facts),), rooms=given)


def asks(
    *given: Any, person: dict[str, Any] | None = None, **facts: Any
) -> PlanningProblem:
    """One registration of person ``p-a`` for these series, held in one room."""
    who = Person("p-a", **(person or {}))
    names = [item.id for item in given]
    return problem(
        series=given,
        rooms=(room("r"),),
        persons=(who,),
        registrations=(registration("a", *names, **facts),),
    )


def published(*given: Any, **facts: Any) -> PlanningProblem:
    """The series published on Monday at nine in room r, led by f."""
    base: dict[str, Any] = {
        "series": (series("s", **facts.pop("of_series", {})),),
        "rooms": (room("r"),),
        "facilitators": (facilitator("f"),),
        "published": Published((IN_A_ROOM,), *given),
    }
    return problem(**{**base, **facts})


def two(first: Any, second: Any, **facts: Any) -> PlanningProblem:
    """Registrations a and b of p-a and p-b for these series."""
    given = {item.id: item for item in (first, second)}
    return problem(
        series=tuple(given.values()),
        rooms=(room("r"),),
        registrations=(registration("a", first.id), registration("b", second.id)),
        **facts,
    )


S, T = series("s"), series("t")
EARLY = series("s", date_patterns=(DatePattern((0,)),))
LATE = series("t", date_patterns=(DatePattern((7,)),))
LONG = series("s", date_patterns=(DatePattern((0, 7)),))
SEATED = (Allocation("a", "s"),)
PACED = {"sessions_per_week": 1}


def busy(pace: int) -> PlanningProblem:
    """Person m is a member of two published groups in one week."""
    first = series("s", members=("m",))
    second = series("t", members=("m",), date_patterns=(DatePattern((1,)),))
    return problem(
        series=(first, second),
        rooms=(room("r"),),
        persons=(Person("m", sessions_per_week=pace),),
        published=Published((placed(first, NINE, "r"), placed(second, NINE, "r"))),
    )


def in_one_group(*members: str) -> PlanningProblem:
    return problem(
        series=(series("s", members=members),),
        rooms=(room("r"),),
        persons=(Person("m"), Person("n")),
        keep_apart=(("m", "n"),),
    )


def living_in(home: str) -> PlanningProblem:
    """Three people who live at ``home`` ask for a series in place x, district east."""
    people = [Person(f"p-{name}", home_place_id=home) for name in "abc"]
    return problem(
        places=(Place("x", "east"), Place("y", "west")),
        travel_minutes=((0, 30), (30, 0)),
        series=(S,),
        rooms=(room("r"),),
        persons=people,
        registrations=tuple(registration(name, "s") for name in "abc"),
    )


def hours(count: int) -> PlanningProblem:
    """Two meetings of two hours for a guide with ``count`` minutes a week."""
    guide = facilitator("f", load=LoadLimits(minutes_per_week=count))
    item = series("s", length=8, date_patterns=(DatePattern((0, 7)),), staff=(need(),))
    return problem(series=(item,), rooms=(room("r"),), facilitators=(guide,))
