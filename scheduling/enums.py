"""The words of planning that other apps may use too."""

from scheduling.models.run import MayMove, RunKind, RunState, RunTask
from scheduling.models.schedule import ScheduleState
from scheduling.models.wish import Importance

__all__ = [
    "Importance",
    "MayMove",
    "RunKind",
    "RunState",
    "RunTask",
    "ScheduleState",
]
