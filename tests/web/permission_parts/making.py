"""Making plans, choosing one, and asking what if: for who plans the whole region."""

from datetime import date
from typing import Any

from scheduling.models import PlanningRun
from tests.factories import WishImportanceFactory
from tests.web.permission_row import PLANNED, Row, planners, posted

# The run of the table waits for a worker: pressing says so on its own page.
ROWS: list[Row] = [
    posted("scheduling:run-choose", "run"),
    planners("scheduling:run-choose", "run", method="post", answer=302),
    posted("scheduling:run-weigh"),
    planners("scheduling:run-weigh", method="post", answer=422),
    # A plan that is not ready has nothing to ask about.
    planners("scheduling:what-if", "run", answer=404),
    planners("scheduling:tried", "tried_run"),
    posted("scheduling:run-drop", "run"),
    planners("scheduling:run-drop", "run", method="post", answer=302),
]
ADMIN = {"scheduling_wishimportance": PLANNED}


def bring(world: Any) -> None:
    world.things |= {
        "scheduling_wishimportance": WishImportanceFactory().pk,
        "tried_run": PlanningRun.objects.create(
            task="what_if",
            as_draft=False,
            state="cancelled",
            first_date=date(2027, 6, 7),
            last_date=date(2027, 6, 13),
        ).pk,
    }
