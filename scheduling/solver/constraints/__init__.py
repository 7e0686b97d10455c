"""The catalogue of hard rules: one tuple, in the order of the design."""

from __future__ import annotations

from scheduling.solver.constraints.facilitator_load import FacilitatorLoad
from scheduling.solver.constraints.facilitators import (
    FacilitatorAvailability,
    FacilitatorConflict,
    FacilitatorQualification,
    LeaderNotMember,
)
from scheduling.solver.constraints.pairs import (
    KeepApart,
    KeepTogether,
    OneSeatPerRegistration,
)
from scheduling.solver.constraints.pins import PinnedPlacement, PublishedPlacement
from scheduling.solver.constraints.resident_conflict import ResidentConflict
from scheduling.solver.constraints.resident_pace import ResidentPace
from scheduling.solver.constraints.residents import (
    Prerequisite,
    ResidentAvailability,
    ResidentSuitability,
    ResidentTravel,
)
from scheduling.solver.constraints.room_fit import (
    RoomCapacity,
    RoomFeatures,
    RoomPlace,
)
from scheduling.solver.constraints.rooms import RoomBooking, RoomConflict, RoomOpen
from scheduling.solver.constraints.series import (
    ClosedGroup,
    GroupSize,
    SeriesOrder,
    SeriesRhythm,
)
from scheduling.solver.constraints.staffing import StaffingMix
from scheduling.solver.rule import Constraint

CONSTRAINTS: tuple[Constraint, ...] = (
    RoomConflict(),
    RoomOpen(),
    RoomBooking(),
    RoomCapacity(),
    RoomFeatures(),
    RoomPlace(),
    FacilitatorConflict(),
    FacilitatorAvailability(),
    FacilitatorQualification(),
    StaffingMix(),
    FacilitatorLoad(),
    LeaderNotMember(),
    ResidentConflict(),
    ResidentAvailability(),
    ResidentTravel(),
    ResidentPace(),
    ResidentSuitability(),
    Prerequisite(),
    KeepApart(),
    KeepTogether(),
    OneSeatPerRegistration(),
    SeriesRhythm(),
    GroupSize(),
    ClosedGroup(),
    SeriesOrder(),
    PinnedPlacement(),
    PublishedPlacement(),
)
