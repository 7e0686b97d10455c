"""Registrations, for coordinators only."""

from people.enums import Role
from tests.web.permission_row import Row, only, posted

COORDINATORS = (Role.COORDINATOR.value,)


def coordinators(name: str, *args: str, answer: int = 200, **more: object) -> Row:
    """A page of the coordinator; others are told that it is not for them."""
    return only(COORDINATORS, name, *args, answer=answer, otherwise=403, **more)


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
