"""The reads of courses. What shows a person is logged; the catalogue is public."""

from courses.selectors.agenda import (
    agenda_changed_at,
    has_sessions,
    meeting_outside,
    session_by_id,
    session_shapes,
    sessions_between,
    sessions_of_series,
)
from courses.selectors.assignments import assignments_of, sessions_asked
from courses.selectors.catalogue import (
    catalogue_offerings,
    open_series,
    reason_codes,
    series_by_id,
    themes,
    waiting_counts,
)
from courses.selectors.concerns import (
    Concern,
    Trouble,
    closed_out,
    concerns_between,
    displaced,
    planned_at,
)
from courses.selectors.feeds import FeedSession, feed_sessions
from courses.selectors.houses import (
    enrolled_counts,
    session_uids_in,
    sessions_in_centres,
)
from courses.selectors.mine import (
    enrolments_of,
    registration_of,
    registrations_of,
    sessions_of,
)
from courses.selectors.planning import (
    finished_offerings,
    participants_of,
    planned_single_series,
    planning_registrations,
    planning_series,
    planning_sessions,
    waiting_for_single,
)
from courses.selectors.single import (
    consultation_offering,
    conversation_offering,
    led_periods,
    seated_session,
    spare_series,
)
from courses.selectors.waiting import waiting_position, waiting_queue

__all__ = [
    "Concern",
    "FeedSession",
    "Trouble",
    "agenda_changed_at",
    "assignments_of",
    "catalogue_offerings",
    "closed_out",
    "concerns_between",
    "consultation_offering",
    "conversation_offering",
    "displaced",
    "enrolled_counts",
    "enrolments_of",
    "feed_sessions",
    "finished_offerings",
    "has_sessions",
    "led_periods",
    "meeting_outside",
    "open_series",
    "participants_of",
    "planned_at",
    "planned_single_series",
    "planning_registrations",
    "planning_series",
    "planning_sessions",
    "reason_codes",
    "registration_of",
    "registrations_of",
    "seated_session",
    "series_by_id",
    "session_by_id",
    "session_shapes",
    "session_uids_in",
    "sessions_asked",
    "sessions_between",
    "sessions_in_centres",
    "sessions_of",
    "sessions_of_series",
    "spare_series",
    "themes",
    "waiting_counts",
    "waiting_for_single",
    "waiting_position",
    "waiting_queue",
]
