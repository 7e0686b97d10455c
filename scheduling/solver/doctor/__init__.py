"""What a look at the facts tells before anything is planned, and what to mend first.

Nothing here forbids planning: faults do that (``validate``). Every finding names the
record to mend.
"""

from __future__ import annotations

from scheduling.solver.doctor import balance, people, resources, series
from scheduling.solver.doctor.finding import Check, Examination, Finding, Severity
from scheduling.solver.problem import PlanningProblem

CHECKS: tuple[Check, ...] = (
    series.SeriesWithoutLeader(),
    series.SeriesLeadersNeverFree(),
    series.SeriesTooFewOrganisations(),
    series.SeriesWithoutRoom(),
    series.SeriesRoomsNeverOpen(),
    series.SeriesWithoutWindow(),
    series.SeriesOrderCannotFit(),
    series.SeriesTooFewInterested(),
    series.SeriesGroupBelowMinimum(),
    series.SeriesNobodyAsks(),
    series.SeriesOneLeader(),
    resources.RoomWithoutOpening(),
    resources.RoomFullyBooked(),
    resources.RoomNeverSuits(),
    resources.FacilitatorWithoutRole(),
    resources.FacilitatorWithoutAvailability(),
    resources.FacilitatorLoadTooSmall(),
    resources.FacilitatorShiftTooShort(),
    resources.FacilitatorNotNeeded(),
    resources.FacilitatorTwice(),
    people.RegistrationWithoutChoices(),
    people.RegistrationLevelNotAllowed(),
    people.RegistrationChoicesTaken(),
    people.RegistrationChoicesUnsuitable(),
    people.RegistrationNothingFits(),
    people.RegistrationAlreadyMember(),
    people.RegistrationNeverFree(),
    people.RegistrationTooFar(),
    people.RegistrationTargetOutOfReach(),
    people.PersonWithoutAvailability(),
    people.PersonNeedsNoRoomHas(),
    people.PersonOverPace(),
    people.TogetherWithoutCommonChoice(),
    people.TogetherAndApart(),
    people.ApartButInOneGroup(),
    balance.SeatsShort(),
    balance.RoleShort(),
    balance.DistrictWithoutOffer(),
    balance.PublishedRoomClosed(),
    balance.PublishedLeaderAway(),
    balance.PublishedMemberAway(),
    balance.PublishedRoomTooSmall(),
)

_ORDER = tuple(Severity)

__all__ = ["CHECKS", "Check", "Finding", "Severity", "examine"]


def examine(
    problem: PlanningProblem, checks: tuple[Check, ...] = CHECKS
) -> tuple[Finding, ...]:
    """Everything the checks find, errors first.

    The problem must be free of faults (``validate.check``).
    """
    facts = Examination(problem)
    found = [finding for check in checks for finding in check.findings(facts)]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))
