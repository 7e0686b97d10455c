"""Seats of a draft in groups that run, on the dates outside the draft's own period.

Who gets such a seat comes to all meetings of the group. When the seat was held he was
free at all of them; days may go by before the release, in which he got another one.
"""

from __future__ import annotations

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from courses.enums import EnrolmentState
from courses.selectors.elsewhere import Elsewhere
from scheduling.models import Schedule
from scheduling.services.decisions import ending
from scheduling.services.drafts import Judged, transfers_of
from scheduling.solver.horizon import Horizon
from scheduling.solver.plan import Violation

SURE = (EnrolmentState.ENROLLED, EnrolmentState.OFFERED)
"""Seats that somebody knows of. What another draft holds is judged with that draft."""


def seats_elsewhere(*, schedule: Schedule) -> Judged:
    """Whom a draft seats in a group that meets in another period when he is elsewhere.

    What people leave by the draft itself does not count. Eight queries at most, however
    many seats; one when the draft holds none.
    """
    seats = list(
        schedule.seats.filter(enrolment__state=EnrolmentState.HELD_BY_DRAFT)
        .order_by("pk")
        .values_list(
            "registration__resident_id",
            "registration__resident__person_id",
            "series_id",
        )
    )
    if not seats:
        return Judged((), {})
    stops = ending(schedule)
    days = (schedule.last_date - schedule.first_date).days + 1
    horizon = Horizon(schedule.first_date, days)
    elsewhere = Elsewhere(
        resident_ids=[resident for resident, _person, _series in seats],
        series_ids=[series for _resident, _person, series in seats],
        judged=DateTimeTZRange(horizon.moment(0), horizon.moment(horizon.slot_count)),
        without_seats=transfers_of(schedule),
        without_series=stops,
        states=SURE,
    )
    found = []
    for resident, person, series in seats:
        if series in stops:
            continue
        if elsewhere.clash(resident, series) is not None:
            about = (("person", str(person)), ("series", str(series)))
            found.append(Violation("resident-conflict", about))
        elsewhere.take(resident, series)
    return Judged(tuple(found), {})
