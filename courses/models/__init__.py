"""The catalogue, the series that run, and who asked for or has a seat."""

from courses.models.catalogue import Offering, OfferingStaffNeed, Theme
from courses.models.enrolment import (
    SEAT_HOLDING,
    Enrolment,
    EnrolmentState,
)
from courses.models.registration import (
    OPEN_STATES,
    ReasonCode,
    Registration,
    RegistrationChoice,
    RegistrationState,
)
from courses.models.series import (
    RUNNING_STATES,
    Series,
    SeriesLeader,
    SeriesState,
    SeriesWindow,
)
from courses.models.session import Session, SessionLeader, SessionState

__all__ = [
    "OPEN_STATES",
    "RUNNING_STATES",
    "SEAT_HOLDING",
    "Enrolment",
    "EnrolmentState",
    "Offering",
    "OfferingStaffNeed",
    "ReasonCode",
    "Registration",
    "RegistrationChoice",
    "RegistrationState",
    "Series",
    "SeriesLeader",
    "SeriesState",
    "SeriesWindow",
    "Session",
    "SessionLeader",
    "SessionState",
    "Theme",
]
