"""People and organisations: who lives here, who helps, and when they can."""

from people.models.availability import (
    AvailabilityException,
    AvailabilityWindow,
    Leave,
    Weekday,
)
from people.models.facilitator import (
    Certificate,
    Facilitator,
    Qualification,
    StaffRole,
)
from people.models.organisation import (
    FormOfAddress,
    Municipality,
    Organisation,
    OrganisationKind,
    Place,
    SchoolRegion,
)
from people.models.person import (
    AccessNeed,
    ContactChannel,
    FormatWish,
    HalfDay,
    KeepPair,
    Language,
    PairKind,
    Person,
    Relative,
    Resident,
    TravelMode,
)
from people.models.user import STAFF_ROLES, Role, RoleMembership, User

__all__ = [
    "STAFF_ROLES",
    "AccessNeed",
    "AvailabilityException",
    "AvailabilityWindow",
    "Certificate",
    "ContactChannel",
    "Facilitator",
    "FormOfAddress",
    "FormatWish",
    "HalfDay",
    "KeepPair",
    "Language",
    "Leave",
    "Municipality",
    "Organisation",
    "OrganisationKind",
    "PairKind",
    "Person",
    "Place",
    "Qualification",
    "Relative",
    "Resident",
    "Role",
    "RoleMembership",
    "SchoolRegion",
    "StaffRole",
    "TravelMode",
    "User",
    "Weekday",
]
