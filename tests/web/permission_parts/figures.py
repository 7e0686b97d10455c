"""The figures of the region, for whoever plans."""

from tests.web.permission_row import Row, planners

ROWS: list[Row] = [
    planners("publishing:figures"),
    planners("publishing:figures_export", "figures_kind"),
]


def bring(world) -> None:
    world.things["figures_kind"] = "csv"
