"""The sheet by which referrals come in with a region; no letter and no story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from courses.kinds import OfferingKind, policy_of
from courses.services.importing import Day, OneOf, Ref, Sheet, add_sheet, column, needed
from intake.enums import ReferralState


def due(values: Mapping[str, Any]) -> dict[str, Any]:
    """The day on which the conversation is due, by the policy of its kind."""
    policy = policy_of(OfferingKind.EXPLORATORY_CONVERSATION)
    days = timedelta(days=policy.norm_days)
    return {"target_date": values["received_on"] + days}


REFERRALS = Sheet(
    name="referrals",
    model="intake.Referral",
    nl="Verwijzingen naar een verkennend gesprek. Geen brief, geen verhaal.",
    en="Referrals to an exploratory conversation. No letter, no story.",
    columns=(
        needed("resident", Ref("residents"), "Inwoner", "Resident", "p-noor"),
        needed("received_on", Day(), "Ontvangen op", "Received on", "2026-10-05"),
        needed("organisation", Ref("organisations"), "Verwezen door", "By", "de-brug"),
        column(
            "registration",
            Ref("registrations"),
            "Aanmelding voor het gesprek",
            "Registration for the conversation",
        ),
        column(
            "state",
            OneOf(lambda: dict(ReferralState.choices)),
            "Staat (leeg: received)",
            "State (empty: received)",
            ReferralState.RECEIVED,
        ),
    ),
    key=("resident", "received_on"),
    derive=due,
    about_people=True,
)


def add_sheets() -> None:
    """Called when the app starts."""
    add_sheet(REFERRALS)
