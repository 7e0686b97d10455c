"""Somebody moved away, or stops with everything: all of it is ended at one go."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.enums import OPEN_STATES, TO_END
from courses.models import Enrolment, Registration
from courses.seats import lock_series
from courses.selectors.leaving import Ending, open_of
from courses.services.promote import lock_turns, waited_for_by
from courses.services.register import withdraw_registration


class StaleEnding(Exception):
    """Other things would end than were shown; nothing was done."""


@transaction.atomic
def end_all(
    *, registration: Registration, reason: str, actor: Actor, shown: str | None = None
) -> list[Registration]:
    """End all that the resident of a registration asks, for a reason that is logged.

    Every seat comes free for the next in turn. What is only waited for goes first, so
    that nothing that comes free is offered to this very person. ``shown`` is the mark
    of what a page said would end; ``None`` stands for who looks at nothing, such as a
    command. Returns what was ended.

    Raises
    ------
    StaleEnding
        When something else would end by now.
    django.core.exceptions.ValidationError
        Without a reason, or when all of it was closed already. Nothing is ended then.
    """
    if reason not in TO_END:
        raise ValidationError(_("Choose a reason from the list."))
    ending = lock_all_of(registration.resident_id)
    if not ending.asked:
        raise ValidationError(
            _("All that this person asked was closed already."), code="closed"
        )
    if shown is not None and shown != ending.mark:
        raise StaleEnding
    return _end(ending, actor, reason)


@transaction.atomic
def give_all_up(*, resident_id: int, actor: Actor) -> list[Registration]:
    """The same for a resident who is erased: for no reason that has to be logged."""
    return _end(lock_all_of(resident_id), actor)


def _end(ending: Ending, actor: Actor, reason: str = "") -> list[Registration]:
    """What is only waited for first."""
    return [
        withdraw_registration(registration=one, actor=actor, reason=reason)
        for one in sorted(
            ending.asked, key=lambda one: (one.pk in ending.seats, one.pk)
        )
    ]


def lock_all_of(resident_id: int) -> Ending:
    """What ends, with all that it touches locked until the transaction ends.

    Series before registrations, each at one go and in one order, as everywhere: also
    series that were given up (`withdraw_registration` locks them too), and those in
    which a seat could be offered meanwhile.
    """
    mine = Registration.objects.filter(resident=resident_id, state__in=OPEN_STATES)
    keys = list(mine.values_list("pk", flat=True))
    had = Enrolment.objects.filter(registration__in=keys).order_by()
    series = lock_series(
        ids={
            *had.values_list("series", flat=True),
            *waited_for_by(registration_ids=keys),
        }
    )
    taken = {one.series_id for one in open_of(resident_id=resident_id).seats.values()}
    lock_turns(
        [one for one in series if one.pk in taken],
        own=mine.values_list("pk", flat=True),
    )
    return open_of(resident_id=resident_id)
