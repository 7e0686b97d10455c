"""The offer, taking part, helping someone, and links by mail."""

from typing import Any

from tests.factories import AbsenceFactory, MailLinkFactory, MandateFactory
from tests.web.permission_row import ADMINISTRATOR, LOOK, LOOKED_AT

ADMIN = {
    "courses_absence": LOOKED_AT,
    "courses_maillink": {ADMINISTRATOR: LOOK},
    "people_mandate": LOOKED_AT,
}


def bring(world: Any) -> None:
    """Add what these rows ask about."""
    world.things |= {
        "courses_absence": AbsenceFactory().pk,
        "courses_maillink": MailLinkFactory().pk,
        "people_mandate": MandateFactory().pk,
    }
