"""Rows of planning: runs, drafts and what a coordinator fixed."""

from scheduling.models.edit import EditKind, EditState, ScheduleEdit
from scheduling.models.pin import SeatPin, SeriesPin
from scheduling.models.repair import Repair, RepairAlternative, RepairKind
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
    "EditKind",
    "EditState",
    "LeftOut",
    "PlanningRun",
    "Repair",
    "RepairAlternative",
    "RepairKind",
    "RunKind",
    "RunState",
    "Schedule",
    "ScheduleEdit",
    "ScheduleState",
    "ScheduledLeader",
    "ScheduledSeat",
    "ScheduledSeries",
    "ScheduledSession",
    "SeatPin",
    "SeriesPin",
]
