"""Making plans, choosing one, and asking what if: for who plans the whole region."""

from typing import Any

from tests.factories import WishImportanceFactory
from tests.web.permission_row import PLANNED, Row

ROWS: list[Row] = []
ADMIN = {"scheduling_wishimportance": PLANNED}


def bring(world: Any) -> None:
    world.things["scheduling_wishimportance"] = WishImportanceFactory().pk
