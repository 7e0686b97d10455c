"""Checks of referrers, retention, and colleagues who take over."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from courses.services.assignments import token_hash
from people.enums import Role
from tests.factories import (
    ErasureRequestFactory,
    OrganisationFactory,
    RetentionPeriodFactory,
    RetentionRunFactory,
    SessionFactory,
    SessionLeaderFactory,
    StandInAskFactory,
    UserFactory,
    VerificationFactory,
)
from tests.web.permission_row import (
    ADMINISTRATOR,
    COORDINATOR,
    LEADER,
    LOOK,
    LOOKED_AT,
    OFFICER,
    everyone,
    only,
)

ROWS: list[Any] = [
    only((LEADER,), "publishing:stand_ins", "session"),
    only((LEADER,), "publishing:stand_ins", "session", method="post", answer=400),
    only((LEADER,), "publishing:stand_ins", "other_session", answer=404),
    only((LEADER,), "publishing:stand_in", "stand_in_of_leader"),
    only((LEADER,), "publishing:stand_in", "courses_standinask", answer=404),
    everyone("publishing:stand_in_link", "stand_in_token"),
    everyone("publishing:stand_in_link", "no_link", answer=410),
    only((LEADER,), "publishing:own_attendance", "session"),
    only((LEADER,), "publishing:own_attendance", "other_session", answer=404),
    only((COORDINATOR,), "publishing:group_attendance", "open_series"),
    only((COORDINATOR,), "publishing:group_attendance", "no_series", answer=404),
    only((OFFICER,), "people:retention"),
    only((OFFICER,), "people:retention", method="post", data={"act": "look"}),
    only((OFFICER,), "people:erasure", "open_erasure"),
    only((OFFICER,), "people:erasure", "one", answer=404),
    only((ADMINISTRATOR,), "people:referrers"),
    only((ADMINISTRATOR,), "people:check_referrer", "referrer"),
    only(
        (ADMINISTRATOR,), "people:check_referrer", "referrer", method="post", answer=422
    ),
    only((ADMINISTRATOR,), "people:check_referrer", "one", answer=404),
]
ADMIN = {
    "courses_standinask": LOOKED_AT,
    "people_verification": {ADMINISTRATOR: LOOK},
    "people_retentionperiod": {OFFICER: LOOK},
    "people_retentionrun": {OFFICER: LOOK},
}


def in_days(number: int) -> DateTimeTZRange:
    """An hour and a half, so many days from now."""
    start = timezone.now() + timedelta(days=number)
    return DateTimeTZRange(start, start + timedelta(minutes=90))


def bring(world: Any) -> None:
    """One row of each new table; a question to the leader, and one with a link."""
    helper = StandInAskFactory(
        facilitator=world.region.leader,
        session=SessionFactory(period=in_days(9)),
    )
    SessionLeaderFactory(session=helper.session, facilitator=helper.missing)
    referrer = UserFactory(role=Role.REFERRER, organisation=OrganisationFactory())
    linked = StandInAskFactory(
        session=helper.session,
        missing=helper.missing,
        token_hash=token_hash("B" * 22),
    )
    world.things |= {
        "courses_standinask": linked.pk,
        "stand_in_of_leader": helper.pk,
        "stand_in_token": "B" * 22,
        "open_erasure": ErasureRequestFactory(pk=9001).pk,
        "no_series": uuid.uuid4(),
        "referrer": referrer.memberships.get().pk,
        "people_verification": VerificationFactory().pk,
        "people_retentionperiod": RetentionPeriodFactory().pk,
        "people_retentionrun": RetentionRunFactory().pk,
    }
