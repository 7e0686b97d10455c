"""Problem and plan files for the commands: one clear line and status 2 on bad input."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.core.management.base import CommandError

from scheduling.solver.change import Change
from scheduling.solver.change.file import read_changes
from scheduling.solver.plan import Plan
from scheduling.solver.problem import InvalidProblem, PlanningProblem
from scheduling.solver.snapshot import (
    UnreadableFile,
    read_plan,
    read_problem,
    write_plan,
    write_problem,
)

BAD_INPUT = 2
SHOWN_FAULTS = 50


def load_problem_file(path: str) -> PlanningProblem:
    """The problem in a file; ``CommandError`` with status 2 when there is none."""
    text = _text(path)
    try:
        return read_problem(text)
    except UnreadableFile as error:
        raise refused(f"{path} cannot be read as a problem: {error}") from error
    except InvalidProblem as error:
        raise invalid(path, error) from error


def load_plan_file(path: str, problem: PlanningProblem) -> Plan:
    """The plan in a file, for its problem; raises as ``load_problem_file``."""
    text = _text(path)
    try:
        plan = read_plan(text, problem.horizon)
    except UnreadableFile as error:
        raise refused(f"{path} cannot be read as a plan: {error}") from error
    except InvalidProblem as error:
        raise invalid(path, error) from error
    if plan.problem_id != problem.id:
        raise refused(
            f"{path} is a plan of problem {plan.problem_id}, "
            f"not of {problem.id}: give the two files that belong together."
        )
    return plan


def load_changes_file(path: str) -> tuple[Change, ...]:
    """The changes in a file; raises as ``load_problem_file``."""
    text = _text(path)
    try:
        return read_changes(text)
    except UnreadableFile as error:
        raise refused(f"{path} cannot be read as changes: {error}") from error
    except InvalidProblem as error:
        raise invalid(path, error) from error


def save_problem(path: str, problem: PlanningProblem) -> None:
    """Write a problem file whole or not at all."""
    _write(path, write_problem(problem))


def save_plan(path: str, plan: Plan, problem: PlanningProblem) -> None:
    """Write a plan file whole or not at all."""
    _write(path, write_plan(plan, problem.horizon))


def check_place(path: str) -> None:
    """Refuse a file that could not be written later, before the work for it is done."""
    target = Path(path)
    if target.is_dir():
        raise refused(f"{path} cannot be written: it is a directory.")
    if not target.parent.is_dir():
        raise refused(f"{path} cannot be written: there is no {target.parent}.")


def refused(message: str) -> CommandError:
    """Bad input: one line, exit status 2."""
    return CommandError(message, returncode=BAD_INPUT)


def invalid(path: str, error: InvalidProblem) -> CommandError:
    """A file with faults: each on its own line, at most ``SHOWN_FAULTS``."""
    lines = [str(fault) for fault in error.faults[:SHOWN_FAULTS]]
    if len(error.faults) > SHOWN_FAULTS:
        lines.append(f"and {len(error.faults) - SHOWN_FAULTS} more.")
    number = len(error.faults)
    head = f"{path} has {number} {'fault' if number == 1 else 'faults'}:"
    return refused("\n  ".join([head, *lines]))


def _text(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise refused(f"{path} cannot be read: {error.strerror}.") from error


def _write(path: str, text: str) -> None:
    target = Path(path)
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_text(text, encoding="utf-8")  # a device or a pipe stays one
            return
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(name, 0o600)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise refused(f"{path} cannot be written: {error.strerror}.") from error
