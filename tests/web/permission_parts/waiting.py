"""The waiting lists and the outbox."""

from typing import Any

from tests.factories import TurnChangeFactory
from tests.web.permission_row import LOOKED_AT

ADMIN = {"courses_turnchange": LOOKED_AT}


def bring(world: Any) -> None:
    """Add what these rows ask about."""
    world.things |= {"courses_turnchange": TurnChangeFactory().pk}
