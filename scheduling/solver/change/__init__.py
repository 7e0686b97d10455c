"""What could be otherwise: pure functions from a problem to another problem.

A relaxation ("one more evening room in Raalte"), a bottleneck and a "what if" are all
one or more of these. ``apply`` gives a whole new problem, so that what a change brings
is never guessed: the new problem is solved, and the plans are compared.
"""

from scheduling.solver.change.base import Change, apply_all
from scheduling.solver.change.people import HalfDay, OtherChoice, Pace, Travel
from scheduling.solver.change.resources import (
    FewerLeaders,
    FewerRooms,
    LeaderHours,
    LeaderMinutes,
    NewLeader,
    NewRoom,
)
from scheduling.solver.change.series import (
    MoreSeats,
    OtherWeights,
    Repeat,
    SmallerStart,
    Unpin,
)

__all__ = [
    "Change",
    "FewerLeaders",
    "FewerRooms",
    "HalfDay",
    "LeaderHours",
    "LeaderMinutes",
    "MoreSeats",
    "NewLeader",
    "NewRoom",
    "OtherChoice",
    "OtherWeights",
    "Pace",
    "Repeat",
    "SmallerStart",
    "Travel",
    "Unpin",
    "apply_all",
]
