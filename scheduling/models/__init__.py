"""Rows of planning: runs, drafts and what a coordinator fixed."""

from scheduling.models.pin import SeatPin, SeriesPin
from scheduling.models.run import PlanningRun, RunKind, RunState
from scheduling.models.schedule import (
    AcceptedViolation,
    LeftOut,
    Schedule,
    ScheduledLeader,
    ScheduledSeat,
    ScheduledSeries,
    ScheduledSession,
    ScheduleState,
)

__all__ = [
    "AcceptedViolation",
    "LeftOut",
    "PlanningRun",
    "RunKind",
    "RunState",
    "Schedule",
    "ScheduleState",
    "ScheduledLeader",
    "ScheduledSeat",
    "ScheduledSeries",
    "ScheduledSession",
    "SeatPin",
    "SeriesPin",
]
