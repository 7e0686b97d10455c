"""Keeping the facts: for who plans."""

from typing import Any

from tests.web.permission_row import PLANNERS, Row, coordinators, planners

ONE = (
    ("publishing:facts_offering", "courses_offering"),
    ("publishing:facts_one_series", "courses_series"),
    ("publishing:facts_centre", "rooms_centre"),
    ("publishing:facts_room", "rooms_room"),
    ("publishing:facts_leader", "people_facilitator"),
)
LISTS = (
    "publishing:facts",
    "publishing:facts_offerings",
    "publishing:facts_series",
    "publishing:facts_centres",
    "publishing:facts_rooms",
    "publishing:facts_leaders",
    "publishing:facts_availability",
    "publishing:facts_offering_new",
    "publishing:facts_series_new",
    "publishing:facts_centre_new",
    "publishing:facts_room_new",
)


def changed(name: str, thing: str) -> Row:
    """A press that is not there, and the row of nobody: 404 for who may look."""
    answers = dict.fromkeys(PLANNERS, 404)
    data: dict[str, Any] = {"act": "key"}
    return Row(name, answers, otherwise=403, args=(thing,), method="post", data=data)


ROWS = [
    *(planners(name) for name in LISTS),
    coordinators("publishing:facts_leader_new"),
    *(planners(name, thing) for name, thing in ONE),
    planners("publishing:facts_centre_hours", "rooms_centre"),
    *(changed(name, thing) for name, thing in ONE),
]
