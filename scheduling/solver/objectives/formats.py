"""Wishes about light, shared and digital help, and about professionals' time.

They never say who comes first: that is settled by the tier before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduling.solver.horizon import slots_of_minutes
from scheduling.solver.objectives.per_seat import SeatWish, Sitting, suitable_choices
from scheduling.solver.plan import Plan
from scheduling.solver.problem import Format, PlanningProblem, Registration, Series
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables

PROFESSIONAL_LEVEL = 2


class PreferLightCare(SeatWish):
    """People get the lightest level of care that they may get and chose.

    Costs the levels above it.
    """

    id = "prefer-light-care"
    tier = 2
    default_weight = 40

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        levels = [item.level for item in suitable_choices(problem, registration)]
        return max(0, series.level - min(levels, default=series.level))


class PreferGroupFormat(SeatWish):
    """Who would also take a group does not fill an hour meant for one person.

    Costs 1 for each who does.
    """

    id = "prefer-group-format"
    tier = 2
    default_weight = 30

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        def alone(item: Series) -> bool:
            return item.size_max <= registration.seats

        choices = suitable_choices(problem, registration)
        return int(alone(series) and not all(alone(item) for item in choices))


class PreferDigitalFormat(SeatWish):
    """Who wishes to take part online does not have to come in person.

    Costs 1 for each who does.
    """

    id = "prefer-digital-format"
    tier = 2
    default_weight = 20

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        in_person = series.format is Format.IN_PERSON
        return int(registration.wishes_digital and in_person)


class SpareProfessionalTime(Objective):
    """Professionals' hours help as many people as they can, and no meeting is held
    that another would do as well.

    Costs 1 for each meeting and, from level 2 on, 1 for each quarter of an hour of
    each leader and of a coach.
    """

    id = "spare-professional-time"
    tier = 2
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        terms = []
        for series in variables.series:
            for timing in variables.timings(series.id):
                count = len(variables.days(series.id, timing))
                if count:
                    terms.append(count * variables.at(series.id, timing))
            if series.level < PROFESSIONAL_LEVEL:
                continue
            for (timing, _), leads in variables.leads(series.id).items():
                slots = series.length * len(variables.days(series.id, timing))
                if slots:
                    terms.append(slots * leads)
        for registration in variables.registrations:
            for seat in variables.seats_of(registration.id):
                series = variables.problem.series_by_id[seat.series_id]
                slots = _coach_slots(variables.problem, registration, series)
                if slots:
                    terms.append(slots * seat.literal)
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        total = 0
        for placement in plan.placements:
            series = problem.series_by_id[placement.series_id]
            for meeting in placement.meetings:
                total += 1
                if series.level >= PROFESSIONAL_LEVEL:
                    total += series.length * len(set(meeting.facilitator_ids))
        for series_id, seated in plan.seats_in.items():
            if series_id in plan.placement_of:
                for registration_id in seated:
                    total += _coach_slots(
                        problem,
                        problem.registration_by_id[registration_id],
                        problem.series_by_id[series_id],
                    )
        return total


def _coach_slots(
    problem: PlanningProblem, registration: Registration, series: Series
) -> int:
    """Quarters that a professional coach gives a seat over the horizon."""
    if not series.is_self_paced or series.level < PROFESSIONAL_LEVEL:
        return 0
    weeks = -(-problem.horizon.day_count // 7)
    return slots_of_minutes(series.coach_minutes_per_seat * registration.seats * weeks)
