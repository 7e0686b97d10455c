"""The card of a referral on a resident's own page: choose a time, or change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.services.own_page import OwnCard, add_card
from intake.enums import ReferralState
from intake.selectors import open_referral_of

if TYPE_CHECKING:
    from people.models import Resident


def card(resident: Resident) -> OwnCard | None:
    """What the resident can do about a conversation; None when there is none."""
    referral = open_referral_of(resident_id=resident.pk)
    if referral is None:
        return None
    page = reverse("publishing:own_times")
    if referral.state == ReferralState.PROPOSED:
        return OwnCard(
            title=_("Choose a time for your talk"),
            text=_("We have times for you. Choose the one that suits you."),
            url=page,
            label=_("Choose a time"),
        )
    if referral.state == ReferralState.PLANNED:
        return OwnCard(
            title=_("Your talk is planned"),
            text=_("Can you not come? Then change it here."),
            url=page,
            label=_("Look or change"),
        )
    return OwnCard(
        title=_("We look for a time for your talk"),
        text=_("You get a message or a call."),
        url=page,
        label=_("Read more"),
    )


def add_cards() -> None:
    """Called when the app starts."""
    add_card(card)
