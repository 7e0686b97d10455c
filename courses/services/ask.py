"""Asking for an offering that has no fitting group yet: the wish that makes a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.enums import OPEN_STATES
from courses.kinds import LevelOfCare, WayIn
from courses.models import Offering, Registration
from courses.services.promote import turns_move
from courses.services.register import Choice, register

if TYPE_CHECKING:
    from people.models import Resident


@transaction.atomic
def ask_for_offering(
    *, resident: Resident, offering: Offering, actor: Actor
) -> Registration:
    """Let a resident wait for the next group of an offering; asking twice is once.

    The row of the offering is locked, so that two presses make one registration.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the offering takes no registrations, or only after a referral.
    """
    locked = Offering.objects.select_for_update(no_key=True).get(pk=offering.pk)
    policy = locked.policy
    if not policy.takes_registrations:
        raise ValidationError(_("You can walk in here. You do not need to enrol."))
    if policy.way_in != WayIn.FREE:
        raise ValidationError(
            _("You need a referral for this. Ask your doctor or social worker.")
        )
    mine = Registration.objects.filter(resident=resident, state__in=OPEN_STATES)
    for wish in ({"offering": locked}, {"choices__offering": locked}):
        known = mine.filter(**wish).order_by("registered_at", "pk").first()
        if known is not None:
            return known
    made = register(
        resident=resident,
        actor=actor,
        choices=[Choice(offering=locked)],
        allowed_levels=[policy.level_of_care or LevelOfCare.LIGHT],
    )
    turns_move(registrations=[made], actor=actor)  # a group may fit at once
    return made
