"""Checks of referrers, retention, and colleagues who take over."""

from typing import Any

from tests.factories import (
    RetentionPeriodFactory,
    RetentionRunFactory,
    StandInAskFactory,
    VerificationFactory,
)
from tests.web.permission_row import ADMINISTRATOR, LOOK, LOOKED_AT, OFFICER

ROWS: list[Any] = []
ADMIN = {
    "courses_standinask": LOOKED_AT,
    "people_verification": {ADMINISTRATOR: LOOK},
    "people_retentionperiod": {OFFICER: LOOK},
    "people_retentionrun": {OFFICER: LOOK},
}


def bring(world: Any) -> None:
    """One row of each new table."""
    world.things |= {
        "courses_standinask": StandInAskFactory().pk,
        "people_verification": VerificationFactory().pk,
        "people_retentionperiod": RetentionPeriodFactory().pk,
        "people_retentionrun": RetentionRunFactory().pk,
    }
