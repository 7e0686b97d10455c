"""What a professional decided about a registration: one-to-one, and group first.

The reason is a code from the list, kept with who wrote it and when. Nobody's place in
turn changes by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import save_checked
from courses.log import log_registrations
from courses.models import ReasonCode, Registration
from courses.services.register import set_group_first_aside, set_one_to_one_reason
from courses.services.wishes import open_one

if TYPE_CHECKING:
    from people.models import User

KEPT = (
    "one_to_one_reason_id",
    "reason_by_id",
    "reason_at",
    "group_first_set_aside_by_id",
    "group_first_set_aside_at",
    "allowed_levels",
)


@transaction.atomic
def decide_one_to_one(
    *, actor: Actor, user: User, registration_id: int, reason: str, aside: bool = False
) -> dict[str, Any]:
    """Allow one-to-one for a reason; ``aside`` also sets group first aside at once.

    Gives back how it was, for ``put_reason_back``.

    Raises
    ------
    django.core.exceptions.ValidationError
        For a reason that cannot be chosen, or a registration that was closed.
    """
    registration = open_one(registration_id)
    code = ReasonCode.objects.filter(pk=reason, active=True).first()
    if code is None:
        raise ValidationError(_("Choose a reason from the list."))
    was = _kept(registration)
    if registration.one_to_one_reason_id != code.pk:
        set_one_to_one_reason(
            registration=registration, reason=code, user=user, actor=actor
        )
    if aside and registration.group_first_set_aside_at is None:
        set_group_first_aside(
            registration=registration, aside=True, user=user, actor=actor
        )
    return {"was": was, "now": _kept(registration)}


@transaction.atomic
def put_reason_back(
    *, actor: Actor, registration_id: int, was: Mapping[str, Any]
) -> None:
    """Put reason, group first and levels back, with who wrote them and when.

    Raises
    ------
    django.core.exceptions.ValidationError
        When one of them was changed meanwhile, or the registration was closed.
    """
    registration = open_one(registration_id)
    if _kept(registration) != was["now"]:
        raise ValidationError(
            _("This was changed meanwhile. Look at it again before you change it.")
        )
    for name, value in was["was"].items():
        moment = name.endswith("_at") and value is not None
        setattr(registration, name, datetime.fromisoformat(value) if moment else value)
    save_checked(registration)
    log_registrations(
        actor=actor,
        code="registration.one_to_one_reason",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )


def _kept(registration: Registration) -> dict[str, Any]:
    found = {name: getattr(registration, name) for name in KEPT}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in found.items()
    } | {"allowed_levels": sorted(map(int, registration.allowed_levels))}
