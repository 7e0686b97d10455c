"""Why an agenda cannot be read, as one word; free of Django, for the reader process."""

from __future__ import annotations


class Unreadable(Exception):
    """An agenda that cannot be read; `problem` is one of rooms.enums.SourceProblem."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
