"""How large a group may be: changed by a coordinator, also while it runs."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from audit.rows import save_checked
from courses.models import Series
from courses.seats import lock_one
from courses.services.promote import promote

LARGEST = 500


@transaction.atomic
def set_largest(*, series: Series, size_max: int, actor: Actor) -> Series:
    """Let a series take more or fewer people; new seats are offered at once.

    Nobody loses a seat when it becomes smaller: no seat is given out until there is
    one again. The room and the leaders still bind.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the number is not between the smallest group and 500.
    """
    locked = lock_one(series)
    if not 1 <= size_max <= LARGEST:
        raise ValidationError(
            _("Write a number of people from 1 to %(most)d.") % {"most": LARGEST}
        )
    locked.size_max = size_max
    save_checked(locked)
    _log(actor, locked)
    promote(series_ids=[locked.pk], actor=actor)
    return locked


@transaction.atomic
def set_smallest(*, series: Series, size_min: int, actor: Actor) -> Series:
    """Let a series start with more or fewer people.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the number is not between 1 and the largest group.
    """
    locked = lock_one(series)
    if not 1 <= size_min <= locked.largest:
        raise ValidationError(
            _("Write a number of people from 1 to %(most)d.") % {"most": locked.largest}
        )
    locked.size_min = size_min
    save_checked(locked)
    _log(actor, locked)
    return locked


@transaction.atomic
def put_size(
    *, actor: Actor, series: Series, field: str, was: int | None, now: int | None
) -> Series:
    """Put the smallest or largest group back to what it was; empty is the offering's.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it is no longer ``was``: somebody else changed it.
    """
    if field not in ("size_min", "size_max"):
        raise ValueError(f"{field!r} is no size of a series")
    locked = lock_one(series)
    if getattr(locked, field) != was:
        raise ValidationError(
            _("This was changed meanwhile. Look at it again before you change it.")
        )
    setattr(locked, field, now)
    save_checked(locked)
    _log(actor, locked)
    return locked


def _log(actor: Actor, series: Series) -> None:
    record_event(
        actor=actor,
        code="series.size",
        action="U",
        purpose=PLANNING,
        object_kind="series",
        object_id=series.pk,
    )
