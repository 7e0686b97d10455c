"""The pages of leaders and of centre managers."""

from typing import Any

from tests.factories import (
    AssignmentFactory,
    CalendarSourceFactory,
    HalfDayWishFactory,
)
from tests.web.permission_row import (
    LOOKED_AT,
    PLANNED,
)

ROWS: list[Any] = []
ADMIN = {
    "courses_assignment": LOOKED_AT,
    "people_halfdaywish": LOOKED_AT,
    "rooms_calendarsource": PLANNED,
}


def bring(world: Any) -> None:
    """One row of each new table, of the village hall."""
    room = world.region.rooms["Olst Huiskamer"]
    world.things |= {
        "courses_assignment": AssignmentFactory().pk,
        "people_halfdaywish": HalfDayWishFactory().pk,
        "rooms_calendarsource": CalendarSourceFactory(room=room).pk,
    }
