"""The offer, taking part, helping someone, and links by mail."""

from typing import Any

from tests.factories import AbsenceFactory, MailLinkFactory, MandateFactory
from tests.web.permission_row import ADMINISTRATOR, LOOK, LOOKED_AT, everyone

ADMIN = {
    "courses_absence": LOOKED_AT,
    "courses_maillink": {ADMINISTRATOR: LOOK},
    "people_mandate": LOOKED_AT,
}

ROWS = [
    everyone("courses:hsds_services"),
    everyone("publishing:series_file", "open_series"),
]


def bring(world: Any) -> None:
    """Add what these rows ask about."""
    world.things |= {
        "courses_absence": AbsenceFactory().pk,
        "courses_maillink": MailLinkFactory().pk,
        "people_mandate": MandateFactory().pk,
    }
