"""Before everything ends for somebody: who it is, and what would end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses import words as offer_words
from courses.enums import AmendReason, EnrolmentState
from courses.selectors.leaving import would_end
from people.selectors import persons_by_resident
from scheduling.models import RepairKind
from scheduling.registration_words import line_of
from scheduling.views.happened import ADDRESSES

if TYPE_CHECKING:
    from datetime import datetime

    from courses.models import Enrolment, Registration


def leaving_context(
    actor: Actor, registration: Registration, reason: str, *, stale: bool
) -> dict[str, Any]:
    """What the page says: the name, each seat with its time, and what only waits.

    ``shown`` is the mark of what is said, for the press that ends it. Raises
    ``ValidationError`` when all was closed already: then no name is read either.
    """
    resident = registration.resident_id
    ending = would_end(actor=actor, resident_id=resident)
    if not ending.asked:
        raise ValidationError(_("All that this person asked was closed already."))
    person = persons_by_resident(actor=actor, resident_ids=[resident])[resident]
    today = timezone.localdate()
    address = reverse("scheduling:report", args=[ADDRESSES[RepairKind.RESIDENT_LEFT]])
    asked = urlencode({"wie": registration.pk, "waarom": reason})
    return {
        "registration": registration,
        "name": person.call_name,
        "seats": [
            _seat(seat, ending.begins.get(seat.series_id))
            for one in ending.asked
            if (seat := ending.seats.get(one.pk)) is not None
        ],
        "waiting": [line_of(one, on=today) for one in ending.waiting],
        "reason": reason,
        "why": AmendReason(reason).label,
        "shown": ending.mark,
        "stale": stale,
        "back": f"{address}?{asked}",
    }


def _seat(seat: Enrolment, begins: datetime | None) -> dict[str, str]:
    """One seat in words; what meets once, such as a conversation, with its date."""
    series, when = seat.series, offer_words.usual_time(seat.series)
    if begins is not None and series.number_of_sessions == 1:
        when = offer_words.moment(begins)
    return {
        "title": series.offering.title,
        "when": when,
        "place": offer_words.place(series),
        "state": str(seat.get_state_display()).capitalize(),
        "tone": "ok" if seat.state == EnrolmentState.ENROLLED else "plain",
    }
