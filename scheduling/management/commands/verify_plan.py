"""`verify_plan`: judge a plan from the facts alone, without the engine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scheduling.management.files import invalid, load_plan_file, load_problem_file
from scheduling.solver import verify
from scheduling.solver.problem import InvalidProblem
from scheduling.solver.validate import check


class Command(BaseCommand):
    help = "Name every violation of a plan; exit status 1 when there is one."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("problem", metavar="IN.json")
        parser.add_argument("plan", metavar="PLAN.json")

    def handle(self, *args: Any, **options: Any) -> None:
        problem = load_problem_file(options["problem"])
        try:
            check(problem)
        except InvalidProblem as error:
            raise invalid(options["problem"], error) from error
        plan = load_plan_file(options["plan"], problem)
        found = verify.violations(problem, plan)
        for violation in found:
            self.stdout.write(str(violation))
        if found:
            number = len(found)
            raise CommandError(
                f"{number} {'violation' if number == 1 else 'violations'}.",
                returncode=1,
            )
        self.stdout.write(
            f"0 violations: {len(plan.placements)} series held, "
            f"{len(plan.allocations)} seats."
        )
