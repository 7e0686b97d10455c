"""The offer, taking part, helping someone, and links by mail."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from people.enums import Role
from tests.factories import (
    AbsenceFactory,
    EnrolmentFactory,
    MailLinkFactory,
    MandateFactory,
    RegistrationFactory,
)
from tests.web.permission_row import (
    ADMINISTRATOR,
    LOOK,
    LOOKED_AT,
    RESIDENT,
    RESIDENTS,
    Row,
    everyone,
    only,
    posted,
)

HELPERS = (
    Role.COORDINATOR.value,
    Role.REFERRER.value,
    Role.CLIENT_SUPPORTER.value,
)
ADMIN = {
    "courses_absence": LOOKED_AT,
    "courses_maillink": {ADMINISTRATOR: LOOK},
    "people_mandate": LOOKED_AT,
}


def helped(name: str, of: str, answer: int, **more: str) -> Row:
    """A page about one person: for who helps this person; other helpers find none."""
    answers = dict.fromkeys(HELPERS, 404) | {Role.COORDINATOR.value: answer}
    return Row(name, answers, otherwise=403, args=(of,), **more)


ROWS = [
    everyone("courses:hsds_services"),
    everyone("publishing:series_file", "open_series"),
    everyone("courses:join_by_mail", "open_series"),
    everyone("courses:wait_by_mail", "offering_number"),
    everyone("courses:sign_in_by_mail"),
    everyone("courses:link_sent"),
    everyone("courses:link", "key", answer=404),
    everyone("courses:link", "key", answer=404, method="post"),
    everyone("courses:choose"),
    only(HELPERS, "courses:for_somebody", otherwise=403),
    only(HELPERS, "courses:for_somebody", method="post", answer=400, otherwise=403),
    helped("courses:seat_for_somebody", "kept_seat", 200),
    helped("courses:seat_for_somebody", "kept_seat", 400, method="post"),
    helped("courses:wait_for_somebody", "waiting", 200),
    helped("courses:wait_for_somebody", "waiting", 400, method="post"),
    posted("courses:more_for_somebody", "waiting"),
    helped("courses:more_for_somebody", "waiting", 302, method="post"),
    posted("courses:choose_for_somebody", "open_series"),
    only(HELPERS, "courses:choose_for_somebody", "open_series", method="post",
         answer=302, otherwise=403),
    only(RESIDENTS, "courses:contact"),
    only(RESIDENTS, "courses:contact", method="post", answer=400),
    only(RESIDENTS, "courses:help_with"),
    only(RESIDENTS, "courses:help_with", method="post", answer=302),
    posted("courses:end_help", "own_mandate"),
    only((RESIDENT,), "courses:end_help", "own_mandate", method="post", answer=302),
    only((RESIDENT,), "courses:absent", "kept_seat"),
    only((RESIDENT,), "courses:absent", "kept_seat", method="post", answer=302),
    only((RESIDENT,), "courses:swap", "kept_seat"),
    only((RESIDENT,), "courses:swap", "kept_seat", method="post", answer=302),
    only((RESIDENT,), "courses:pause", "kept_seat"),
    only((RESIDENT,), "courses:pause", "kept_seat", method="post", answer=400),
    posted("courses:rejoin", "paused"),
    only((RESIDENT,), "courses:rejoin", "paused", method="post", answer=302),
]  # fmt: skip


def bring(world: Any) -> None:
    """Add what these rows ask about."""
    resident = world.region.resident
    placed = RegistrationFactory(resident=resident, state="placed")
    paused = RegistrationFactory(
        resident=resident, paused_until=timezone.localdate() + timedelta(weeks=2)
    )
    world.things |= {
        "kept_seat": EnrolmentFactory(
            registration=placed, series=world.region.series["sleep"]
        ).pk,
        "paused": paused.pk,
        "own_mandate": MandateFactory(resident=resident).pk,
        "courses_absence": AbsenceFactory().pk,
        "courses_maillink": MailLinkFactory().pk,
        "offering_number": world.region.series["money"].offering.pk,
        "people_mandate": MandateFactory().pk,
    }
