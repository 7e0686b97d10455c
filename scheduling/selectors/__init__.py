"""The reads of planning. What shows persons is logged; ids of residents stay ids."""

from scheduling.selectors.counted import Counted, changes_in, week_counted
from scheduling.selectors.edits import (
    accepted_counts,
    accepted_in,
    drafts_of_periods,
    edit_counts,
)
from scheduling.selectors.left_out import (
    LeftOutPerson,
    LeftOutReason,
    SeriesNotHeld,
    left_out_of,
    series_not_held,
    words_of_ways,
)
from scheduling.selectors.load import LeaderLoad, RoomLoad, leader_loads, room_loads
from scheduling.selectors.periods import draft_schedule, published_schedule
from scheduling.selectors.runs import (
    is_unfinished,
    pin_rows,
    plan_being_made,
    run_by_id,
    schedule_by_id,
    schedule_of_run,
    unfinished_runs,
)
from scheduling.selectors.scenarios import (
    Standing,
    explorations,
    figures_now,
    latest_standings,
    standing_beside,
    standings,
)
from scheduling.selectors.week import (
    Leader,
    WeekSession,
    draft_week,
    drafts_in,
    one_session,
    other_dates,
    published_in,
    published_week,
)

__all__ = [
    "Counted",
    "Leader",
    "LeaderLoad",
    "LeftOutPerson",
    "LeftOutReason",
    "RoomLoad",
    "SeriesNotHeld",
    "Standing",
    "WeekSession",
    "accepted_counts",
    "accepted_in",
    "changes_in",
    "draft_schedule",
    "draft_week",
    "drafts_in",
    "drafts_of_periods",
    "edit_counts",
    "explorations",
    "figures_now",
    "is_unfinished",
    "latest_standings",
    "leader_loads",
    "left_out_of",
    "one_session",
    "other_dates",
    "pin_rows",
    "plan_being_made",
    "published_in",
    "published_schedule",
    "published_week",
    "room_loads",
    "run_by_id",
    "schedule_by_id",
    "schedule_of_run",
    "series_not_held",
    "standing_beside",
    "standings",
    "unfinished_runs",
    "week_counted",
    "words_of_ways",
]
