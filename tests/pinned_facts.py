"""Four series, two rooms, two leaders: what pins and placements are tried on."""

from __future__ import annotations

from typing import Any

from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    Availability,
    WeeklyWindow,
)
from scheduling.solver.plan import Placement
from scheduling.solver.problem import (
    DatePattern,
    Format,
    Pin,
    PlanningProblem,
    Published,
    SeatPin,
)
from tests import builders

WEEKLY = (DatePattern((0, 7)),)
GUIDED = (builders.need(),)
S = builders.series("s", date_patterns=WEEKLY, staff=GUIDED, members=("m",), size_max=3)
T = builders.series("t", date_patterns=(DatePattern((0, 7)), DatePattern((1, 8))))
ONLINE = builders.series("o", format=Format.ONLINE, date_patterns=WEEKLY)
PACED = builders.series("p", format=Format.SELF_PACED, length=0, date_patterns=())
DAYTIME = Availability((WeeklyWindow(0, 36, 68), WeeklyWindow(1, 36, 68)))
NEXT_MONDAY = 7 * SLOTS_PER_DAY


def facts(**given: Any) -> PlanningProblem:
    """Two series with a room, the others without; nothing pinned or published."""
    base: dict[str, Any] = {
        "series": (S, T, ONLINE, PACED),
        "rooms": (
            builders.room("r", opening=DAYTIME),
            builders.room("q", "y", capacity=2),
        ),
        "facilitators": (
            builders.facilitator("f", availability=DAYTIME),
            builders.facilitator("g", "other"),
        ),
        "registrations": (
            builders.registration("a", "s", "t"),
            builders.registration("b", "s", "t"),
            builders.registration("c", "s", "t", person_id="p-b"),
        ),
    }
    return builders.problem(**{**base, **given})


def told(*placements: Placement, **given: Any) -> Published:
    return Published(placements, **given)


def pins(*given: Pin, **more: Any) -> PlanningProblem:
    return facts(pins=given, **more)


def seats(*given: tuple[str, str | None], **more: Any) -> PlanningProblem:
    numbered = tuple(
        SeatPin(f"k{number}", *one) for number, one in enumerate(given, start=1)
    )
    return facts(seat_pins=numbered, **more)
