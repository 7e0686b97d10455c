"""The check before planning, for whoever plans the region."""

from tests.web.permission_row import Row, planners

ROWS: list[Row] = [planners("scheduling:checkup")]
