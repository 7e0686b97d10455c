"""What a rule and a wish are: the two base classes that every one of them fills in.

A **Constraint** exists in three ways that a test makes agree: *filters* (what is never
generated: yes or no without time, masks of starting quarters with time, and the same
beside what is already fixed), an *encoder* (``add_to``: what only several free choices
together can break) and a *judge* (``violations``: plain Python over any plan). A filter
left as it is admits everything. An **Objective** has an expression for the engine and a
cost for the judge, which are equal for every plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from scheduling.solver.horizon import FULL_DAY

if TYPE_CHECKING:
    from scheduling.solver.context import Context
    from scheduling.solver.plan import Plan, Violation
    from scheduling.solver.problem import (
        DatePattern,
        Facilitator,
        Person,
        PlanningProblem,
        Registration,
        Room,
        Series,
    )
    from scheduling.solver.variables import PlanVariables

Days = tuple[int, ...]


class Constraint:
    """A hard rule. Filters answer for one resource; masks have one bit a quarter."""

    id: ClassVar[str]
    bound: ClassVar[Literal["exact", "relaxed"]]
    any_place: ClassVar[bool] = False
    """Its masks beside a context are the same at every place: asked once for all."""

    # Filters that know the facts alone. ------------------------------------------
    def fits_room(self, problem: PlanningProblem, series: Series, room: Room) -> bool:
        """Whether the series could ever meet in the room."""
        return True

    def fits_leader(
        self, problem: PlanningProblem, series: Series, facilitator: Facilitator
    ) -> bool:
        """Whether the facilitator could ever lead the series."""
        return True

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        """Whether the registration could ever get a seat in the series."""
        return True

    def fits_seat_at(
        self, problem: PlanningProblem, person: Person, place_id: str | None
    ) -> bool:
        """Whether the person could go to the place; ``None`` is online."""
        return True

    def starts(
        self, problem: PlanningProblem, series: Series, pattern: DatePattern
    ) -> int:
        """Quarters at which the series may start on every day of the pattern."""
        return FULL_DAY

    def room_starts(
        self, problem: PlanningProblem, room: Room, days: Days, length: int
    ) -> int:
        """Quarters at which the room is usable for ``length`` slots on all days."""
        return FULL_DAY

    def leader_starts(
        self,
        problem: PlanningProblem,
        facilitator: Facilitator,
        days: Days,
        length: int,
    ) -> int:
        """Quarters at which the facilitator can lead for ``length`` on all days."""
        return FULL_DAY

    def person_starts(
        self, problem: PlanningProblem, person: Person, days: Days, length: int
    ) -> int:
        """Quarters at which the person can take part for ``length`` on all days."""
        return FULL_DAY

    # The same beside what is fixed. ----------------------------------------------
    def room_starts_beside(
        self, context: Context, room: Room, days: Days, length: int
    ) -> int:
        """As ``room_starts``, given the fixed placements in ``context``."""
        return FULL_DAY

    def leader_starts_beside(
        self,
        context: Context,
        facilitator: Facilitator,
        place_id: str | None,
        days: Days,
        length: int,
    ) -> int:
        """As ``leader_starts``, for a meeting at ``place_id`` beside ``context``."""
        return FULL_DAY

    def person_starts_beside(
        self,
        context: Context,
        person: Person,
        place_id: str | None,
        days: Days,
        length: int,
    ) -> int:
        """As ``person_starts``, for a meeting at ``place_id`` beside ``context``."""
        return FULL_DAY

    def fits_seat_beside(
        self, context: Context, registration: Registration, series: Series
    ) -> bool:
        """As ``fits_seat``, given the fixed seats and leaders in ``context``."""
        return True

    def fits_leader_beside(
        self, context: Context, series: Series, facilitator: Facilitator
    ) -> bool:
        """As ``fits_leader``, given the fixed seats and leaders in ``context``."""
        return True

    def starts_beside(
        self, context: Context, series: Series, pattern: DatePattern
    ) -> int:
        """As ``starts``, given the fixed placements in ``context``."""
        return FULL_DAY

    # Encoder and judge. ----------------------------------------------------------
    def add_to(self, variables: PlanVariables) -> None:
        """Forbid in the model what several free choices together would break."""

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        """Every breach in the plan, or those in which a series of ``touching`` is."""
        raise NotImplementedError(f"{type(self).__name__} has no judge")


class Objective:
    """A wish: a cost to lower, an integer of at least 0.

    ``default_weight`` multiplies the cost inside its tier; 0 switches it off.
    """

    id: ClassVar[str]
    tier: ClassVar[int]
    default_weight: ClassVar[int]

    def weight(self, problem: PlanningProblem) -> int:
        return problem.weights.get(self.id, self.default_weight)

    def add_to(self, variables: PlanVariables) -> None:
        """Give the model this wish's terms through ``variables.add_cost``."""
        raise NotImplementedError(f"{type(self).__name__} has no encoder")

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        """Unweighted cost of the plan."""
        raise NotImplementedError(f"{type(self).__name__} has no cost")
