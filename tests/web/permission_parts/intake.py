"""Referral, exploratory conversation, consultation, and a resident's own page."""

from __future__ import annotations

from typing import Any

from tests.factories import OutcomeFactory, ProposedTimeFactory, TalkRequestFactory
from tests.web.permission_row import LOOKED_AT

ADMIN = {
    "intake_proposedtime": LOOKED_AT,
    "intake_outcome": LOOKED_AT,
    "intake_talkrequest": LOOKED_AT,
}


def bring(world: Any) -> None:
    """A referral with a proposed time, an outcome, and a request for a talk."""
    world.things |= {
        "intake_proposedtime": ProposedTimeFactory().pk,
        "intake_outcome": OutcomeFactory().pk,
        "intake_talkrequest": TalkRequestFactory().pk,
    }
