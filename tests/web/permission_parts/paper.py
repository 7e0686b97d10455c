"""The week on paper, for whoever plans."""

from typing import Any

from tests.web.permission_row import Row, planners

ROWS: list[Row] = [
    planners("scheduling:paper", "week_text"),
    planners("scheduling:week-file", "week_text", "paper_kind"),
    planners("publishing:week_calendar", "week_text"),
]


def bring(world: Any) -> None:
    world.things |= {"week_text": "2026-W49", "paper_kind": "pdf"}
