"""A room that others have booked is theirs: nothing is put there by hand or by release.

What was published there before they booked it may stay, by name: else a booking by the
centre would keep the whole week from being published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from courses.enums import SessionState
from courses.selectors.coordinator import sessions_by_id
from scheduling.adapters.load_problem import Loaded
from scheduling.messages import LENT
from scheduling.models import Schedule
from scheduling.solver.plan import Violation

BOOKED = "room-booking"


def put_in_lent_rooms(
    *, schedule: Schedule, violations: Iterable[Violation], loaded: Loaded
) -> tuple[Violation, ...]:
    """The violations, with ``LENT`` for the rule of bookings where a session is new in
    the room, or at that time; two queries when there is any booking in the way."""
    found = tuple(violations)
    if not any(one.rule == BOOKED for one in found):
        return found
    stands = _published(schedule)
    return tuple(
        replace(one, rule=LENT)
        if one.rule == BOOKED and _place(one, loaded) not in stands
        else one
        for one in found
    )


def _published(schedule: Schedule) -> set[tuple[str, str, object]]:
    """Series, room and start of what is published of the sessions of a schedule."""
    keys = schedule.sessions.values_list("session_id", flat=True)
    return {
        (str(one.series_id), str(one.room_id), one.period.lower)
        for one in sessions_by_id(session_ids=list(keys))
        if one.state == SessionState.PUBLISHED
    }


def _place(violation: Violation, loaded: Loaded) -> tuple[str, str, object]:
    about = dict(violation.about)
    start = None
    if violation.slot is not None:
        start = loaded.problem.horizon.moment(violation.slot)
    rows = loaded.rows
    return rows["series"][about["series"]], rows["rooms"][about["room"]], start
