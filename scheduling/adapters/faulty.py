"""Faults that show as the rows of a period become facts, with that period."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from scheduling.solver.faults import Fault, InvalidProblem


class InvalidPeriod(InvalidProblem):
    """Facts of a period that cannot be right; the dates say where to look for them."""

    def __init__(
        self, faults: tuple[Fault, ...], first_date: date, last_date: date
    ) -> None:
        super().__init__(faults)
        self.first_date, self.last_date = first_date, last_date


@contextmanager
def of_period(first_date: date, last_date: date) -> Iterator[None]:
    """Whatever is found to be wrong inside is raised as ``InvalidPeriod``."""
    try:
        yield
    except InvalidProblem as error:
        raise InvalidPeriod(error.faults, first_date, last_date) from error
