"""`repair_plan`: mend a published plan after an event, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scheduling.management.files import (
    check_place,
    invalid,
    load_plan_file,
    load_problem_file,
    refused,
    save_plan,
    save_problem,
)
from scheduling.management.repairs import as_json, lines_of
from scheduling.solver import verify
from scheduling.solver.plan import Plan
from scheduling.solver.problem import InvalidProblem, PlanningProblem
from scheduling.solver.repair.event import Event
from scheduling.solver.repair.event_format import read_event
from scheduling.solver.snapshot import UnreadableFile
from scheduling.solver.validate import check

LONGEST = 3600
MOST_ALTERNATIVES = 5
SHOWN = 5


class Command(BaseCommand):
    help = "Mend a published plan after an event, with the least change."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("problem", metavar="IN.json")
        parser.add_argument("plan", metavar="PLAN.json")
        parser.add_argument("--event", required=True, metavar="EVENT.json")
        parser.add_argument("--out", required=True, metavar="NEW.json")
        parser.add_argument(
            "--facts",
            metavar="NEW-IN.json",
            help="Also write the problem after the event, which NEW.json is a plan of.",
        )
        parser.add_argument("--seconds", type=float, default=5)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--alternatives", type=int, default=MOST_ALTERNATIVES, metavar="N"
        )
        parser.add_argument(
            "--choose",
            type=int,
            default=1,
            metavar="N",
            help="Write the alternative of this number; 1 is the best.",
        )
        parser.add_argument(
            "--json", action="store_true", help="End with one line of JSON."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _check(options)
        problem = load_problem_file(options["problem"])
        try:
            check(problem)
        except InvalidProblem as error:
            raise invalid(options["problem"], error) from error
        plan = load_plan_file(options["plan"], problem)
        _check_lawful(options["plan"], problem, plan)
        event = _event_file(options["event"], problem)
        # The engine takes most of a second to load: only who mends pays for it.
        from scheduling.solver.repair.mend import MendSettings, mend

        try:
            mended = mend(
                problem,
                plan,
                event,
                MendSettings(
                    seconds=options["seconds"],
                    seed=options["seed"],
                    alternatives=max(options["alternatives"], options["choose"]),
                ),
            )
        except InvalidProblem as error:
            raise invalid(options["event"], error) from error
        number = len(mended.alternatives)
        if options["choose"] > number:
            raise refused(
                f"There are {number} alternatives: --choose is from 1 to {number}."
            )
        if options["facts"]:
            save_problem(options["facts"], mended.problem)
        chosen = mended.alternatives[options["choose"] - 1]
        save_plan(options["out"], chosen.plan, mended.problem)
        for line in lines_of(mended):
            self.stdout.write(line)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(mended), sort_keys=True))


def _check(options: dict[str, Any]) -> None:
    if not 0 <= options["seconds"] <= LONGEST:
        raise refused(f"--seconds must be from 0 to {LONGEST}.")
    if not 0 <= options["seed"] < 2**31:
        raise refused(f"--seed must be from 0 to {2**31 - 1}.")
    for name in ("alternatives", "choose"):
        if not 1 <= options[name] <= MOST_ALTERNATIVES:
            raise refused(f"--{name} must be from 1 to {MOST_ALTERNATIVES}.")
    check_place(options["out"])
    if options["facts"]:
        check_place(options["facts"])


def _check_lawful(path: str, problem: PlanningProblem, plan: Plan) -> None:
    """Refuse a plan that is broken before anything has happened."""
    broken = verify.violations(problem, plan)
    if not broken:
        return
    shown = "; ".join(str(one) for one in broken[:SHOWN])
    more = f", and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
    raise refused(
        f"{path} breaks rules before anything has happened, mend it first: "
        f"{shown}{more}."
    )


def _event_file(path: str, problem: PlanningProblem) -> Event:
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise refused(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return read_event(text, problem.horizon)
    except UnreadableFile as error:
        raise refused(f"{path} cannot be read as an event: {error}") from error
    except InvalidProblem as error:
        raise invalid(path, error) from error
