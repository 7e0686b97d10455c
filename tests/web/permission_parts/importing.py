"""Importing a region in the browser."""

from typing import Any

from tests.factories import ImportWorkFactory, RegionImportFactory
from tests.web.permission_row import LOOKED_AT, PLANNERS, Row, planners, posted

REGION = dict.fromkeys(PLANNERS, 302)
ROWS = [
    planners("scheduling:import"),
    Row("scheduling:import", dict.fromkeys(PLANNERS, 400), otherwise=403,
        method="post"),
    planners("scheduling:import-template", "template"),
    Row("scheduling:import-preview", REGION, otherwise=403, args=("region_import",)),
    posted("scheduling:import-load", "region_import"),
    Row("scheduling:import-load", REGION, otherwise=403, args=("region_import",),
        method="post"),
    posted("scheduling:import-drop", "region_import"),
    Row("scheduling:import-drop", REGION, otherwise=403, args=("region_import",),
        method="post"),
    Row("scheduling:import-working", REGION, otherwise=403, args=("import_work",)),
    posted("scheduling:import-stop", "import_work"),
    Row("scheduling:import-stop", REGION, otherwise=403, args=("import_work",),
        method="post"),
]  # fmt: skip
ADMIN = {"courses_regionimport": LOOKED_AT, "courses_importwork": LOOKED_AT}


def bring(world: Any) -> None:
    """Add what these rows ask about: a file of somebody else."""
    made, work = RegionImportFactory().pk, ImportWorkFactory().pk
    world.things |= {
        "template": "xlsx",
        "region_import": made,
        "courses_regionimport": made,
        "import_work": work,
        "courses_importwork": work,
    }
