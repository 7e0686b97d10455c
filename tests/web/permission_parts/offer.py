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
    everyone("courses:join_by_mail", "open_series"),
    everyone("courses:wait_by_mail", "offering_number"),
    everyone("courses:sign_in_by_mail"),
    everyone("courses:link_sent"),
    everyone("courses:link", "key", answer=404),
    everyone("courses:link", "key", answer=404, method="post"),
]


def bring(world: Any) -> None:
    """Add what these rows ask about."""
    world.things |= {
        "courses_absence": AbsenceFactory().pk,
        "courses_maillink": MailLinkFactory().pk,
        "offering_number": world.region.series["money"].offering.pk,
        "people_mandate": MandateFactory().pk,
    }
