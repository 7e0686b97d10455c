"""Two plans side by side, for who plans the whole region."""

from tests.web.permission_row import Row, planners

# Without two runs in the address there is nothing to compare.
ROWS: list[Row] = [planners("scheduling:compare", answer=404)]
