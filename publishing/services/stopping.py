"""A series that is stopped, now or by a date: agendas follow, and people are told.

The messages wait in the outbox to be looked over, as after a release.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from audit.actor import Actor
from courses.enums import SEAT_HOLDING, EnrolmentState
from courses.services import cancel_series
from courses.services.offerings import end_series
from messaging.enums import MessageKind
from messaging.services import letter, queue_letters
from people.selectors import persons_by_id
from publishing.services.calendar import mirror_series
from publishing.services.notices import CHANGED

if TYPE_CHECKING:
    from courses.models import Series, Session


@transaction.atomic
def stop_series(*, actor: Actor, series: Series, last: date | None = None) -> int:
    """Cancel a series with all that is to come, or let it end by a date.

    Who had a seat in a cancelled one waits for the next, with the old date. Returns
    how many people are told; nobody is when no meeting of theirs goes.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it ran out already, or the date cannot be.
    """
    persons = _concerned(series)
    if last is None:
        gone: Sequence[Session] = cancel_series(series=series, actor=actor).cancelled
    else:
        gone = end_series(actor=actor, series=series, last=last)
    mirror_series(series_ids=[series.pk])
    if not gone:
        return 0
    return _tell(actor, series, persons, [one.pk for one in gone])


def _concerned(series: Series) -> list[int]:
    seats = series.enrolments.filter(state__in=SEAT_HOLDING).exclude(
        state=EnrolmentState.HELD_BY_DRAFT
    )
    members = seats.values_list("resident__person_id", flat=True)
    leaders = series.leaders.values_list("person_id", flat=True)
    return sorted({*members, *leaders})


def _tell(
    actor: Actor, series: Series, persons: Iterable[int], gone: Sequence[uuid.UUID]
) -> int:
    letters = [
        letter(
            CHANGED,
            recipient=person,
            key=f"stop-{series.pk}-{gone[0]}-{person.pk}",
            kind=MessageKind.RELEASE,
            # The first page leads everybody to what is theirs.
            link=f"{settings.GEM_SITE_URL}/",
            sessions=tuple(gone),
        )
        for person in persons_by_id(actor=actor, person_ids=persons)
        if person.contact_channel != "none"
    ]
    return len(queue_letters(actor=actor, letters=letters))
