"""The check before planning, for whoever plans the region."""

from typing import Any

from tests.web.permission_row import Row, coordinators, planners

ROWS: list[Row] = [planners("scheduling:checkup")]
ROWS += [
    planners("scheduling:mend", "mend_week", "mend_check", "one"),
    coordinators("scheduling:mend", "mend_week", "mend_care", "one"),
    planners(
        "scheduling:mend", "mend_week", "mend_check", "one", method="post", answer=422
    ),
]


def bring(world: Any) -> None:
    """A week, and a check that can be mended."""
    world.things |= {"mend_week": "2027-W18", "mend_check": "room-never-suits"}
    world.things["mend_care"] = "registration-never-free"
