"""`explain_plan`: why registrations of a plan have no seat, rule by rule."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import override

from scheduling.management.files import (
    invalid,
    load_plan_file,
    load_problem_file,
    refused,
)
from scheduling.messages import NOTHING_ASKED, why_sentences
from scheduling.solver import verify
from scheduling.solver.plan import Reason, Unplaced, Verified
from scheduling.solver.problem import InvalidProblem
from scheduling.solver.validate import check

LABELS = {
    Verified.BY_FACTS: "by the facts alone",
    Verified.PLAN_FIXED: "with the plan as it is",
    Verified.PART_FREED: "with this series free to be held anywhere",
    Verified.UNDECIDED: "time was up",
}


class Command(BaseCommand):
    help = "Say for each registration without a seat which rules stand in the way."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("problem", metavar="IN.json")
        parser.add_argument("plan", metavar="PLAN.json")
        parser.add_argument(
            "--registration", metavar="ID", help="Only this registration."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        problem = load_problem_file(options["problem"])
        try:
            check(problem)
        except InvalidProblem as error:
            raise invalid(options["problem"], error) from error
        plan = load_plan_file(options["plan"], problem)
        wanted = options["registration"]
        if wanted is not None and wanted not in problem.registration_by_id:
            raise refused(f"{options['problem']} has no registration {wanted}.")
        broken = verify.violations(problem, plan)
        if broken:
            raise refused(
                f"{options['plan']} breaks rules, so nothing can be verified beside "
                f"it: {broken[0]}. See verify_plan."
            )
        seats = {one.registration_id: one.series_id for one in plan.allocations}
        if wanted in seats:
            self.stdout.write(f"{wanted} has a seat in {seats[wanted]}.")
            return
        # The engine takes most of a second to load: only now is it needed.
        from scheduling.solver.explain import explain

        found = explain(
            problem, plan, registration_ids=None if wanted is None else [wanted]
        )
        with override("en"):
            for item in found.unplaced:
                if wanted in (None, item.registration_id):
                    self._tell(item)
        if not found.unplaced:
            self.stdout.write("Every registration has a seat.")

    def _tell(self, item: Unplaced) -> None:
        self.stdout.write(f"{item.registration_id} has no seat.")
        if not item.reasons:
            self.stdout.write(f"  {NOTHING_ASKED}")
        for reason in item.reasons:
            self.stdout.write(f"  {reason.series_id}: {_words(reason)}")


def _words(reason: Reason) -> str:
    """Rules with their sentences, and what was held fixed when it was verified."""
    label = LABELS[reason.verified]
    if reason.verified is Verified.UNDECIDED:
        return f"it could not be said what stands in the way ({label})"
    if not reason.rules:
        return f"nothing stands in the way ({label}); a longer solve may seat them"
    sentences = why_sentences(reason.rules)
    told = [
        f"{rule}: {sentence}"
        for rule, sentence in zip(reason.rules, sentences, strict=True)
    ]
    return f"{' '.join(told)} (verified {label})"
