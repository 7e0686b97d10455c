"""Registrations, for coordinators only."""

from tests.web.permission_row import coordinators, posted

ROWS = [
    coordinators("scheduling:registrations"),
    coordinators("scheduling:registration", "waiting"),
    posted("scheduling:registration-name", "waiting"),
    coordinators("scheduling:registration-name", "waiting", method="post"),
    posted("scheduling:registration-urgency", "waiting"),
    coordinators(
        "scheduling:registration-urgency", "waiting", answer=409, method="post"
    ),
    coordinators("scheduling:registration-change", "waiting"),
    coordinators(
        "scheduling:registration-change", "waiting", answer=400, method="post"
    ),
    coordinators("scheduling:registration-end", "waiting"),
]
