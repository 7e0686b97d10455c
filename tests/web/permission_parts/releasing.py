"""What a release changes for each person: for coordinators of the whole region."""

from typing import Any

from people.enums import Role
from tests.factories import ChangedGroupFactory, ChangedSeatFactory, EnrolmentFactory
from tests.web.permission_row import LOOKED_AT, PLANNED, Row, only

WHO = (Role.COORDINATOR.value,)
PAGE = "publishing:release_people"

ROWS: list[Row] = [
    only(WHO, PAGE, "hand_draft", otherwise=403),
    # A press for nobody: there is no such person on the page.
    only(WHO, PAGE, "hand_draft", otherwise=403, answer=404, method="post"),
]
ADMIN = {"publishing_changedgroup": PLANNED, "publishing_changedseat": LOOKED_AT}


def bring(world: Any) -> None:
    """Add what these rows ask about: a release of long ago, and what it changed."""
    seat = EnrolmentFactory()
    group = ChangedGroupFactory(series=seat.series)
    changed = ChangedSeatFactory(registration=seat.registration, was=seat)
    world.things |= {
        "publishing_changedgroup": group.pk,
        "publishing_changedseat": changed.pk,
    }
