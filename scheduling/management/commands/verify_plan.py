"""`verify_plan`: judge a plan from the facts alone, without the engine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scheduling.management.files import invalid, load_plan_file, load_problem_file
from scheduling.solver import verify
from scheduling.solver.plan import TierResult
from scheduling.solver.problem import InvalidProblem
from scheduling.solver.validate import check
from scheduling.solver.verify import Judgement


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
        judged = verify.judge(problem, plan)
        for violation in judged.violations:
            self.stdout.write(str(violation))
        claimed = {item.tier: item for item in plan.tiers}
        true = {item.tier: item for item in judged.tiers}
        for tier in judged.disputed:
            self.stdout.write(_disputed(claimed[tier], true.get(tier)))
        if not judged.holds:
            raise CommandError(_sum(judged), returncode=1)
        self.stdout.write(
            f"0 violations: {len(plan.placements)} series held, "
            f"{len(plan.allocations)} seats."
        )


def _disputed(claim: TierResult, true: TierResult | None) -> str:
    if true is None:
        return f"tier {claim.tier}: there is no such tier"
    if claim.value != true.value:
        return f"tier {claim.tier}: claims the value {claim.value}, it is {true.value}"
    return f"tier {claim.tier}: claims the bound {claim.bound}, and is beyond it"


def _sum(judged: Judgement) -> str:
    number, untrue = len(judged.violations), len(judged.disputed)
    found = f"{number} {'violation' if number == 1 else 'violations'}"
    return f"{found}, {untrue} untrue claims." if untrue else f"{found}."
