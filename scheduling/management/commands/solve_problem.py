"""`solve_problem`: plan a problem file, without a database."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scheduling.management.files import (
    check_place,
    invalid,
    load_problem_file,
    refused,
    save_plan,
)
from scheduling.solver.doctor import CHECKS, examine
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import InvalidProblem, PlanningProblem
from scheduling.solver.validate import check

SECONDS, LONGEST = 60, 7 * 24 * 3600
MOST_STEPS = 1_000_000
MOST_WORKERS = 64
MOST_SEED = 2**31 - 1


class Command(BaseCommand):
    help = "Plan the problem in a file and write the plan to another."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("problem", metavar="IN.json")
        parser.add_argument("--out", required=True, metavar="PLAN.json")
        parser.add_argument(
            "--seconds",
            type=float,
            help="Most time to take: 60, or with --steps as much as it needs.",
        )
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--steps",
            type=int,
            metavar="N",
            help="Do N neighbourhoods in one process, counted by work and not by time: "
            "the same seed gives the same plan again.",
        )
        parser.add_argument(
            "--json", action="store_true", help="End with one line of JSON."
        )
        parser.add_argument(
            "--progress", action="store_true", help="Say each second how far it is."
        )
        parser.add_argument(
            "--doctor",
            action="store_true",
            help="Say first what in the facts stands in the way.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check_options(options)
        check_place(options["out"])
        problem = load_problem_file(options["problem"])
        if options["doctor"]:
            self._examine(options["problem"], problem)
        # The engine takes most of a second to load: only who solves pays for it.
        from scheduling.solver.solve import SolveSettings, solve

        try:
            plan = solve(
                problem,
                SolveSettings(
                    seconds=options["seconds"],
                    workers=options["workers"],
                    seed=options["seed"],
                    steps=options["steps"],
                ),
                progress=self._say if options["progress"] else None,
            )
        except InvalidProblem as error:
            raise invalid(options["problem"], error) from error
        if plan.status is SolveStatus.INFEASIBLE:
            raise refused(contradiction(plan.contradiction))
        found = plan.status is not SolveStatus.UNKNOWN
        if found:
            save_plan(options["out"], plan, problem)
        for line in summary(plan):
            self.stdout.write(line)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(plan), sort_keys=True))
        if not found:
            raise CommandError(
                f"No plan was found in {plan.seconds:.0f} s, and none was written: "
                "give it more --seconds.",
                returncode=1,
            )

    def _examine(self, path: str, problem: PlanningProblem) -> None:
        try:
            check(problem)
        except InvalidProblem as error:
            raise invalid(path, error) from error
        words = {one.id: " ".join((one.__doc__ or "").split()) for one in CHECKS}
        for finding in examine(problem):
            self.stdout.write(f"{finding}. {words[finding.check]}")

    def _say(self, event: Any) -> None:
        bound = "-" if event.bound is None else f"{event.bound:.0f}"
        self.stderr.write(
            f"{event.seconds:6.1f} s  value {event.value}  bound {bound}  "
            f"placed {event.placed}  unplaced {event.unplaced}  {event.doing}"
        )


def check_options(options: dict[str, Any]) -> None:
    """Refuse numbers out of range; without seconds, as many as the steps need."""
    if options["seconds"] is None:
        options["seconds"] = SECONDS if options["steps"] is None else LONGEST
    if not 0 <= options["seconds"] <= LONGEST:
        raise refused(f"--seconds must be from 0 to {LONGEST}.")
    if not 1 <= options["workers"] <= MOST_WORKERS:
        raise refused(f"--workers must be from 1 to {MOST_WORKERS}.")
    if not 0 <= options["seed"] <= MOST_SEED:
        raise refused(f"--seed must be from 0 to {MOST_SEED}.")
    if not 0 <= (options["steps"] or 0) <= MOST_STEPS:
        raise refused(f"--steps must be from 0 to {MOST_STEPS}.")


def contradiction(pins: tuple[str, ...]) -> str:
    """What to say of pins that cannot all be kept, none of them superfluous."""
    if len(pins) == 1:
        return (
            f"Pin {pins[0]} cannot be kept whatever else is done: take it out, or see "
            "with --doctor what stands in its way."
        )
    if not pins:
        return "The pins cannot all be kept: take some of them out."
    return f"These pins cannot all be kept, take one of them out: {', '.join(pins)}."


def summary(plan: Plan) -> list[str]:
    """The outcome in a few lines: status, seats, and each tier with its proof."""
    lines = [
        (
            f"status {plan.status}, {len(plan.allocations)} placed, "
            f"{len(plan.unplaced)} unplaced, {len(plan.placements)} series held, "
            f"{plan.seconds:.1f} s"
        )
    ]
    for tier in plan.tiers:
        bound = "-" if tier.bound is None else f"{tier.bound:.0f}"
        gap = "-" if tier.gap is None else f"{100 * tier.gap:.2f} %"
        lines.append(f"tier {tier.tier}: value {tier.value}, bound {bound}, gap {gap}")
    return lines


def as_json(plan: Plan) -> dict[str, Any]:
    """The figures of a plan as one JSON object; gaps as fractions."""
    return {
        "status": plan.status.value,
        "tiers": [
            {
                "id": tier.tier,
                "value": tier.value,
                "bound": tier.bound,
                "gap": tier.gap,
            }
            for tier in plan.tiers
        ],
        "first_plan_seconds": plan.first_plan_seconds,
        "seconds": plan.seconds,
        "placed": len(plan.allocations),
        "unplaced": len(plan.unplaced),
        "seed": plan.seed,
        "versions": dict(plan.versions),
        "settings": dict(plan.settings),
    }
