"""The words of planning that other apps may use too."""

from scheduling.models.run import RunKind, RunState
from scheduling.models.schedule import ScheduleState

__all__ = ["RunKind", "RunState", "ScheduleState"]
