"""`explain_plan`: why a plan leaves somebody or something out, and what would help."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from scheduling.management.files import (
    check_place,
    invalid,
    load_changes_file,
    load_plan_file,
    load_problem_file,
    refused,
    save_plan,
)
from scheduling.messages import NOTHING_ASKED, group_sentences, why_sentences
from scheduling.solver import verify
from scheduling.solver.plan import Plan, Reason, Unplaced, Verified
from scheduling.solver.problem import InvalidProblem, PlanningProblem
from scheduling.solver.validate import check

if TYPE_CHECKING:
    from scheduling.solver.compare import Comparison
    from scheduling.solver.explain import Told, Way

LABELS = {
    Verified.BY_FACTS: "by the facts alone",
    Verified.PLAN_FIXED: "with the plan as it is",
    Verified.PART_FREED: "with this series free to be held anywhere",
    Verified.UNDECIDED: "time was up",
}
NOT_REDUCED = "; time was up before it was known that every rule is needed"
MOST_SECONDS = 3600.0


class Command(BaseCommand):
    help = (
        "Say for each registration without a seat and each series that is not held "
        "which rules stand in the way, and what would help."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("problem", metavar="IN.json")
        parser.add_argument("plan", metavar="PLAN.json")
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--registration", metavar="ID", help="Only this registration."
        )
        what.add_argument(
            "--bottlenecks",
            action="store_true",
            help="What one more room or leader would bring, best first.",
        )
        what.add_argument(
            "--what-if",
            metavar="CHANGE.json",
            help="Plan with these changes too, and compare the two.",
        )
        parser.add_argument(
            "--seconds",
            type=float,
            default=40.0,
            help="For --bottlenecks and --what-if: how long to solve in all (40).",
        )
        parser.add_argument(
            "--workers", type=int, default=1, help="For --what-if: processes (1)."
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="For --what-if: the seed (1)."
        )
        parser.add_argument(
            "--out", metavar="NEW.json", help="For --what-if: write the plan here."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        problem, plan = _facts(options)
        if not 0 < options["seconds"] <= MOST_SECONDS:
            raise refused(f"--seconds: give a number above 0, at most {MOST_SECONDS}.")
        with override("en"):
            if options["bottlenecks"]:
                self._bottlenecks(problem, plan, options["seconds"])
            elif options["what_if"]:
                self._what_if(problem, plan, options)
            else:
                self._reasons(problem, plan, options["registration"])

    # Reasons and ways. ---------------------------------------------------------------
    def _reasons(
        self, problem: PlanningProblem, plan: Plan, wanted: str | None
    ) -> None:
        if wanted is not None and wanted not in problem.registration_by_id:
            raise refused(f"{problem.id} has no registration {wanted}.")
        seats = {one.registration_id: one.series_id for one in plan.allocations}
        if wanted in seats:
            self.stdout.write(f"{wanted} has a seat in {seats[wanted]}.")
            return
        # The engine takes most of a second to load: only now is it needed.
        from scheduling.solver.explain import tell

        began = time.process_time()
        told = tell(
            problem, plan, registration_ids=None if wanted is None else [wanted]
        )
        spent = time.process_time() - began
        for item in told.plan.unplaced:
            if wanted in (None, item.registration_id):
                self._unplaced(item, told)
        for reason in told.plan.unheld if wanted is None else ():
            words = _words(reason, group_sentences(reason.rules))
            self.stdout.write(f"{reason.series_id} is not held: {words}")
            self._ways(told.of_series.get(reason.series_id, ()))
        if not told.plan.unplaced:
            self.stdout.write("Every registration has a seat.")
        if wanted is None and (told.plan.unplaced or told.plan.unheld):
            self.stdout.write(_summary(told, spent))

    def _unplaced(self, item: Unplaced, told: Told) -> None:
        self.stdout.write(f"{item.registration_id} has no seat.")
        if not item.reasons:
            self.stdout.write(f"  {NOTHING_ASKED}")
        for reason in item.reasons:
            told_of = group_sentences if reason.for_all else why_sentences
            words = _words(reason, told_of(reason.rules))
            self.stdout.write(f"  {reason.series_id}: {words}")
            key = (item.registration_id, reason.series_id)
            self._ways(told.of_choice.get(key, ()))
        self._ways(told.elsewhere.get(item.registration_id, ()))

    def _ways(self, ways: Iterable[Way]) -> None:
        for way in ways:
            changes = " and ".join(map(_change, way.changes))
            gain = f"seats {len(way.seats)}" if way.seats else "it is held"
            self.stdout.write(f"    would help: {changes}; {gain}, tried")

    # Bottlenecks. --------------------------------------------------------------------
    def _bottlenecks(
        self, problem: PlanningProblem, plan: Plan, seconds: float
    ) -> None:
        from scheduling.solver.explain.bottlenecks import bottlenecks

        found = bottlenecks(problem, plan, seconds=seconds)
        for number, one in enumerate(found, 1):
            sure = "proven for the part freed" if one.proven else "as far as solved"
            opens = f", opens {', '.join(one.opens)}" if one.opens else ""
            self.stdout.write(
                f"{number}. {_change(one.change)}: {one.seats:+d} seats, "
                f"{one.value:+d} value{opens} ({sure}, {len(one.freed)} series freed)"
            )
        if not found:
            self.stdout.write(
                "No single room, leader or hour that was tried brings anybody a seat."
            )

    # What if. ------------------------------------------------------------------------
    def _what_if(
        self, problem: PlanningProblem, plan: Plan, options: dict[str, Any]
    ) -> None:
        changes = load_changes_file(options["what_if"])
        if options["out"]:
            check_place(options["out"])
        from scheduling.solver.solve import SolveSettings
        from scheduling.solver.what_if import what_if

        try:
            settings = SolveSettings(
                seconds=options["seconds"] / 2,
                workers=options["workers"],
                seed=options["seed"],
            )
        except ValueError as error:
            raise refused(f"{error}.") from error
        try:
            found = what_if(problem, plan, changes, settings)
        except InvalidProblem as error:
            raise invalid(options["what_if"], error) from error
        if not found.possible:
            names = ", ".join(found.after.contradiction) or "no plan was found in time"
            raise CommandError(f"The changes leave no plan: {names}.")
        for line in _compared(found.comparison):
            self.stdout.write(line)
        if options["out"]:
            save_plan(options["out"], found.after, found.problem)


def _facts(options: dict[str, Any]) -> tuple[PlanningProblem, Plan]:
    """Problem and plan of the two files, both sound."""
    problem = load_problem_file(options["problem"])
    try:
        check(problem)
    except InvalidProblem as error:
        raise invalid(options["problem"], error) from error
    plan = load_plan_file(options["plan"], problem)
    broken = verify.violations(problem, plan)
    if broken:
        raise refused(
            f"{Path(options['plan'])} breaks rules, so nothing can be verified beside "
            f"it: {broken[0]}. See verify_plan."
        )
    return problem, plan


def _summary(told: Told, seconds: float) -> str:
    unplaced = told.plan.unplaced
    reasons = [reason for item in unplaced for reason in item.reasons]
    unsure = sum(reason.verified is Verified.UNDECIDED for reason in reasons)
    ways = {key for key, _ in told.of_choice} | told.elsewhere.keys()
    return (
        f"{len(unplaced)} without a seat, {len(reasons)} reasons, {unsure} undecided, "
        f"{len(ways)} could be helped; {len(told.plan.unheld)} series not held, "
        f"{len(told.of_series)} could be helped; {seconds:.1f} s of processor, "
        f"{told.asked_engine} questions to the engine."
    )


def _change(change: Any) -> str:
    from scheduling.solver.change.file import change_to_dict

    facts = change_to_dict(change)
    kind = facts.pop("kind")
    told = (f"{name} {_short(value)}" for name, value in facts.items() if value)
    return " ".join((kind, *told))


def _short(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _compared(found: Comparison) -> Iterable[str]:
    """Every figure that differs, and who is better or worse off."""
    for name, (before, after) in found.differences().items():
        yield f"{name}: {_figure(before)} -> {_figure(after)}"
    for word in ("gained", "lost", "opened", "closed", "moved"):
        names = sorted(getattr(found, word))
        if names:
            yield f"{word} ({len(names)}): {', '.join(names)}"
    if found.same:
        yield "Nothing differs for anybody."


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, frozenset):
        return str(len(value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    return str(value)


def _words(reason: Reason, sentences: list[str]) -> str:
    """Rules with their sentences, and what was held fixed when it was verified."""
    label = LABELS[reason.verified]
    if reason.verified is Verified.UNDECIDED:
        return f"it could not be said what stands in the way ({label})"
    if not reason.rules:
        return f"nothing stands in the way ({label}); a longer solve may seat them"
    told = [
        f"{rule}: {sentence}"
        for rule, sentence in zip(reason.rules, sentences, strict=True)
    ]
    sure = "" if reason.irreducible else NOT_REDUCED
    return f"{' '.join(told)} (verified {label}{sure})"
