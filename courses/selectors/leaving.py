"""What ends when somebody stops with everything: all that is asked, and each seat."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from audit.actor import Actor
from audit.rows import version_of
from courses.enums import OPEN_STATES, SEAT_HOLDING, SessionState
from courses.models import Enrolment, Registration
from courses.selectors.registrations import asked_by


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What is asked and not closed, and by registration the seat that there is.

    A registration has one seat at most. ``begins``: when the first session of each
    series that is in the agenda begins, by its key.
    """

    asked: Sequence[Registration]
    seats: Mapping[int, Enrolment]
    begins: Mapping[uuid.UUID, datetime]

    @property
    def waiting(self) -> list[Registration]:
        """What has no seat."""
        return [one for one in self.asked if one.pk not in self.seats]

    @property
    def mark(self) -> str:
        """What a page was made from, in short; another mark: other things would end."""
        return version_of(
            {
                "asked": [(one.pk, one.state) for one in self.asked],
                "seats": [
                    (key, seat.pk, seat.state, seat.series_id)
                    for key, seat in sorted(self.seats.items())
                ],
            }
        )


def would_end(*, actor: Actor, resident_id: int) -> Ending:
    """What would end if this resident stopped with everything, to be shown; logged.

    Loaded as the list of registrations has it; seats with series, room and centre. A
    fixed number of queries.
    """
    return _ending(asked_by(actor=actor, resident_id=resident_id))


def open_of(*, resident_id: int) -> Ending:
    """The same for the program itself, without what only a page shows; two queries."""
    found = Registration.objects.filter(resident=resident_id, state__in=OPEN_STATES)
    return _ending(list(found.select_related("resident").order_by("pk")))


def _ending(asked: Sequence[Registration]) -> Ending:
    seats = Enrolment.objects.filter(registration__in=asked, state__in=SEAT_HOLDING)
    loaded = seats.select_related(
        "series__offering", "series__room__centre__place"
    ).annotate(
        begins=Min(
            "series__sessions__period__startswith",
            filter=Q(series__sessions__state=SessionState.PUBLISHED),
        )
    )
    return Ending(
        asked=asked,
        seats={one.registration_id: one for one in loaded},
        begins={one.series_id: one.begins for one in loaded if one.begins},
    )
