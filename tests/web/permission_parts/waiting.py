"""The waiting lists and the outbox."""

from typing import Any

from tests.factories import OutboxMessageFactory, TurnChangeFactory
from tests.web.permission_row import (
    LOOKED_AT,
    PLANNERS,
    Row,
    coordinators,
    planners,
    posted,
)

ROWS = [
    planners("scheduling:queues"),
    planners("scheduling:queue", "open_series"),
    coordinators("scheduling:queue", "open_series", method="post",
                 data={"act": "turn"}, answer=400),
    planners("scheduling:queue", "open_series", method="post", data={"act": "size"},
             answer=400),
    planners("publishing:outbox"),
    planners("publishing:outbox_message", "message"),
    planners("publishing:outbox_message", "message", method="post",
             data={"act": "key"}, answer=404),
    posted("publishing:outbox_many"),
    Row("publishing:outbox_many", dict.fromkeys(PLANNERS, 404), otherwise=403,
        method="post"),
]  # fmt: skip
ADMIN = {"courses_turnchange": LOOKED_AT}


def bring(world: Any) -> None:
    """Add what these rows ask about."""
    world.things |= {
        "courses_turnchange": TurnChangeFactory().pk,
        "message": OutboxMessageFactory().pk,
    }
