"""The catalogue, the series that run, and who asked for or has a seat."""

from courses.models.assignment import Assignment
from courses.models.attendance import Attendance, AttendanceSheet
from courses.models.catalogue import Offering, OfferingStaffNeed, Theme
from courses.models.coming import Absence, LinkPurpose, MailLink
from courses.models.enrolment import Enrolment
from courses.models.importing import (
    ImportAct,
    ImportState,
    ImportWork,
    RegionImport,
)
from courses.models.registration import ReasonCode, Registration, RegistrationChoice
from courses.models.series import Series, SeriesLeader, SeriesWindow
from courses.models.session import Session, SessionLeader
from courses.models.standin import StandInAsk
from courses.models.turn import TurnChange

__all__ = [
    "Absence",
    "Assignment",
    "Attendance",
    "AttendanceSheet",
    "Enrolment",
    "ImportAct",
    "ImportState",
    "ImportWork",
    "LinkPurpose",
    "MailLink",
    "Offering",
    "OfferingStaffNeed",
    "ReasonCode",
    "RegionImport",
    "Registration",
    "RegistrationChoice",
    "Series",
    "SeriesLeader",
    "SeriesWindow",
    "Session",
    "SessionLeader",
    "StandInAsk",
    "Theme",
    "TurnChange",
]
