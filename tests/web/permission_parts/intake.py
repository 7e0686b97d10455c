"""Referral, exploratory conversation, consultation, and a resident's own page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from intake.services.proposals import make_link
from people.enums import Role
from tests.factories import (
    ConsultationFactory,
    ErasureRequestFactory,
    OutcomeFactory,
    ProposedTimeFactory,
    ReferralFactory,
    TalkRequestFactory,
)
from tests.web.permission_row import (
    COORDINATOR,
    LEADER,
    LOOK,
    LOOKED_AT,
    OFFICER,
    RESIDENT,
    RESIDENTS,
    Row,
    everyone,
    only,
    planners,
    posted,
)

REFERRER = Role.REFERRER.value
SUPPORTER = Role.CLIENT_SUPPORTER.value
# The accounts of this test hold their roles in the whole region, so these forms have
# no organisation to ask for: the page says so, with 403.
NOBODYS = {REFERRER: 403}
HELPERS = dict.fromkeys((REFERRER, SUPPORTER, LEADER, COORDINATOR), 403)

ADMIN = {
    "intake_proposedtime": LOOKED_AT,
    "intake_outcome": LOOKED_AT,
    "intake_talkrequest": LOOKED_AT,
    "people_erasurerequest": {OFFICER: LOOK},
}
ROWS = [
    Row("intake:refer", NOBODYS),
    only((REFERRER,), "intake:referred"),
    only((REFERRER,), "intake:own_referrals"),
    only((), "intake:own_referral", "intake_referral"),
    only((LEADER,), "intake:conversations"),
    only((LEADER,), "intake:outcome", "talk_referral"),
    Row("intake:think_along", HELPERS),
    posted("intake:stop_thinking", "intake_consultation"),
    only((), "intake:stop_thinking", "intake_consultation", method="post"),
    only(RESIDENTS, "intake:talk"),
    only((COORDINATOR,), "intake:talks"),
    posted("intake:talk_done", "intake_talkrequest"),
    only((COORDINATOR,), "intake:talk_done", "intake_talkrequest", method="post",
         answer=302),
    only(RESIDENTS, "publishing:own_times"),
    everyone("publishing:link_times", "talk_link"),
    only((LEADER,), "publishing:asked"),
    posted("publishing:answer", "asked_time"),
    only((LEADER,), "publishing:answer", "asked_time", method="post", answer=302),
    only(RESIDENTS, "courses:letters"),
    only((RESIDENT,), "scheduling:why", "waiting"),
    only((*RESIDENTS, LEADER), "people:own"),
    posted("people:download"),
    only((*RESIDENTS, LEADER), "people:download", method="post"),
    only(RESIDENTS, "people:wishes"),
    only((*RESIDENTS, LEADER), "people:erase"),
    only((OFFICER,), "people:erasures"),
    planners("publishing:referrals"),
    planners("publishing:referral", "talk_referral"),
]  # fmt: skip


def bring(world: Any) -> None:
    """A conversation that was held, a consultation asked, and a request for a talk."""
    now = timezone.now()
    held = ReferralFactory(state="held", resident=world.region.resident)
    time = ProposedTimeFactory(
        referral=held,
        state="chosen",
        period=DateTimeTZRange(now - timedelta(hours=3), now - timedelta(hours=2)),
    )
    time.leaders.add(world.region.leader)
    asked = ProposedTimeFactory(
        referral=None,
        consultation=ConsultationFactory(),
        period=DateTimeTZRange(now + timedelta(days=3), now + timedelta(days=4)),
    )
    asked.leaders.add(world.region.leader)
    waits = ReferralFactory(state="proposed")
    world.things |= {
        "intake_proposedtime": time.pk,
        "intake_outcome": OutcomeFactory().pk,
        "intake_talkrequest": TalkRequestFactory().pk,
        "people_erasurerequest": ErasureRequestFactory().pk,
        "talk_referral": held.pk,
        "talk_link": make_link(referral=waits)[0],
        "asked_time": asked.pk,
    }
