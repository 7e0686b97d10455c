"""People and organisations: who lives here, who helps, and when they can."""

from people.models.availability import (
    AvailabilityException,
    AvailabilityWindow,
    HalfDayWish,
    Leave,
)
from people.models.erasure import ErasureRequest
from people.models.facilitator import Certificate, Facilitator, Qualification
from people.models.mandate import Mandate, MandateOrigin
from people.models.organisation import Municipality, Organisation, Place
from people.models.person import KeepPair, Person, Relative, Resident
from people.models.retention import RetentionPeriod, RetentionRun
from people.models.user import RoleMembership, User
from people.models.verification import Verification

__all__ = [
    "AvailabilityException",
    "AvailabilityWindow",
    "Certificate",
    "ErasureRequest",
    "Facilitator",
    "HalfDayWish",
    "KeepPair",
    "Leave",
    "Mandate",
    "MandateOrigin",
    "Municipality",
    "Organisation",
    "Person",
    "Place",
    "Qualification",
    "Relative",
    "Resident",
    "RetentionPeriod",
    "RetentionRun",
    "RoleMembership",
    "User",
    "Verification",
]
