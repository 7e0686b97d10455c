"""What has begun, and what a draft would have at a moment that has gone by."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from courses.selectors.coordinator import sessions_by_id
from scheduling.messages import GONE_BY
from scheduling.models import Schedule, ScheduleState
from scheduling.services import clock
from scheduling.solver.plan import Violation

HAS_BEGUN = gettext_lazy("This session has begun, or is over. It stays as it was.")


def must_be_to_come(*, session: UUID) -> None:
    """Raise ``ValidationError`` when a published session has begun; one query."""
    found = sessions_by_id(session_ids=[session]).first()
    if found is not None and found.period.lower <= clock.now():
        raise ValidationError(HAS_BEGUN)


def gone_by(*, schedule: Schedule) -> tuple[Violation, ...]:
    """Groups of a draft with a session that is new, or was moved, to a moment that has
    gone by; what was published there has begun, and stays. Three queries at most.

    Going back to an archived schedule brings back nothing that is over, so there is
    nothing of this kind in one.
    """
    now = clock.now()
    if schedule.state != ScheduleState.DRAFT:
        return ()
    late = dict(
        schedule.sessions.filter(period__startswith__lte=now).values_list(
            "session_id", "series_id"
        )
    )
    if not late:
        return ()
    begun = {
        one.pk for one in sessions_by_id(session_ids=late) if one.period.lower <= now
    }
    series = {str(key) for session, key in late.items() if session not in begun}
    return tuple(Violation(GONE_BY, (("series", key),)) for key in sorted(series))
