"""Rows of planning: runs, drafts and what a coordinator fixed."""

from scheduling.models.edit import (
    EditKind,
    EditState,
    ScheduleEdit,
    ScheduleTransfer,
)
from scheduling.models.pin import SeatPin, SeriesPin
from scheduling.models.repair import Repair, RepairAlternative, RepairKind
from scheduling.models.run import MayMove, PlanningRun, RunKind, RunState, RunTask
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
from scheduling.models.step import Consent, HelpStep, StepKind, StepState
from scheduling.models.wish import Importance, WishImportance

__all__ = [
    "AcceptedViolation",
    "Consent",
    "EditKind",
    "EditState",
    "HelpStep",
    "Importance",
    "LeftOut",
    "MayMove",
    "PlanningRun",
    "Repair",
    "RepairAlternative",
    "RepairKind",
    "RunKind",
    "RunState",
    "RunTask",
    "Schedule",
    "ScheduleEdit",
    "ScheduleState",
    "ScheduleTransfer",
    "ScheduledLeader",
    "ScheduledSeat",
    "ScheduledSeries",
    "ScheduledSession",
    "SeatPin",
    "SeriesPin",
    "StepKind",
    "StepState",
    "WishImportance",
]
