"""What happens in centres and groups, as their houses need it: no person in it.

Numbers and rooms only, so reading it is not logged.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Sum

from courses.enums import EnrolmentState
from courses.models import Enrolment, Session


def sessions_in_centres(
    *, centre_ids: Iterable[int], start: datetime, end: datetime
) -> list[Session]:
    """Sessions (cancelled ones too) in these centres, with offering and organisation.

    One query; leaders and participants are not loaded.
    """
    return list(
        Session.objects.filter(
            room__centre__in=list(centre_ids),
            period__overlap=DateTimeTZRange(start, end),
        )
        .select_related("series__offering__organisation", "room__centre__place")
        .order_by("period", "pk")
    )


def session_uids_in(*, room_id: int) -> list[str]:
    """Ids of all sessions of a room, as calendars know them; one query."""
    return [
        str(key)
        for key in Session.objects.filter(room=room_id)
        .order_by()
        .values_list("pk", flat=True)
    ]


def enrolled_counts(*, series_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many seats are taken for certain, by series id; one query."""
    rows = (
        Enrolment.objects.filter(
            series__in=list(series_ids), state=EnrolmentState.ENROLLED
        )
        .order_by()
        .values_list("series_id")
        .annotate(number=Sum("seats"))
    )
    return dict(rows)
