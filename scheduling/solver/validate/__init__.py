"""What must be true of a problem before it is planned; names every fault at once.

The types cannot say that an id exists, that days are in order or that two pins agree.
Faults here are mistakes in the data; what is merely unwise is for the doctor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scheduling.solver.problem import Fault, InvalidProblem, PlanningProblem
from scheduling.solver.validate.demand import (
    check_pairs,
    check_registrations,
    check_series_order,
)
from scheduling.solver.validate.facts import (
    check_facilitators,
    check_horizon,
    check_ids,
    check_persons,
    check_places,
    check_rooms,
    check_weights,
)
from scheduling.solver.validate.holds import check_double_use
from scheduling.solver.validate.pins import check_pins
from scheduling.solver.validate.published import check_published
from scheduling.solver.validate.seat_pins import check_seat_pins
from scheduling.solver.validate.series import check_series

CHECKS: tuple[Callable[[PlanningProblem], Iterator[Fault]], ...] = (
    check_ids,
    check_places,
    check_rooms,
    check_facilitators,
    check_persons,
    check_series,
    check_registrations,
    check_pairs,
    check_series_order,
    check_published,
    check_pins,
    check_seat_pins,
    check_double_use,
    check_weights,
)


def faults(problem: PlanningProblem) -> tuple[Fault, ...]:
    """Every fault of the problem; none when it can be planned.

    Without a sound horizon nothing that has a date can be judged, so its faults stand
    alone.
    """
    found = tuple(check_horizon(problem))
    if found:
        return found
    return tuple(
        dict.fromkeys(fault for check_part in CHECKS for fault in check_part(problem))
    )


def check(problem: PlanningProblem) -> None:
    """Raise ``InvalidProblem`` with every fault of the problem, if it has any."""
    found = faults(problem)
    if found:
        raise InvalidProblem(found)
