"""What is said of a problem that cannot be planned as it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: which thing, what is wrong with it, what would be right."""

    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}: {self.wrong} ({self.right})"


class InvalidProblem(ValueError):
    """A problem that cannot be planned as it stands; lists every fault at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
