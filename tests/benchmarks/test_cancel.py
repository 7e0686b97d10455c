"""The programs that measure stopping and reasons tell good from bad."""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import cancel, reasons
from benchmarks.rows import append, rows_of
from scheduling.solver.generate import generate
from scheduling.solver.plan import Plan, TierResult, Verified
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.happen import plan_told
from scheduling.solver.search.watcher import ProgressEvent


@cache
def problem() -> PlanningProblem:
    return generate(0.1, 1, "term")


def published(value: int) -> Plan:
    """What is published, which breaks no rule, with a claim of what it is worth."""
    return replace(plan_told(problem()), tiers=(TierResult(1, value),))


def event(value: int) -> ProgressEvent:
    return ProgressEvent(0.0, value, None, 0, 0, "search")


def work_that(answer: float, plan: Plan) -> cancel.Work:
    """Work that answers a stop so late, with that plan."""

    def work(caller: cancel.Caller) -> tuple[PlanningProblem, Plan]:
        while not caller.wants_to_stop():
            caller.hears(event(7))
            time.sleep(0.02)
        time.sleep(answer)
        return problem(), plan

    return work


@pytest.mark.parametrize(
    ("answer", "kept", "bad"), [(0.0, 7, False), (0.0, 6, True), (1.2, 7, True)]
)
def test_a_lost_plan_and_a_silence_are_seen(
    answer: float, kept: int, bad: bool
) -> None:
    row = cancel.measured(work_that(answer, published(kept)), "term", 0.1)
    assert cancel.is_bad(row) is bad
    assert (row["doing"], row["told_value"], row["kept_value"]) == ("search", 7, kept)
    assert answer <= float(row["answer_seconds"]) < answer + 0.5


def test_a_late_answer_is_bad_without_any_silence() -> None:
    row = cancel.measured(work_that(0.0, published(7)), "term", 0.1)
    assert not cancel.is_bad(row)
    assert cancel.is_bad({**row, "answer_seconds": "2.01"})


def test_a_plan_that_breaks_a_rule_is_bad_in_time_too() -> None:
    # Nobody comes to what is published: the judge finds that of each series.
    unlawful = Plan(problem().id, tiers=(TierResult(1, 7),))
    row = cancel.measured(work_that(0.0, unlawful), "term", 0.1)
    assert int(row["violations"]) > 0
    assert float(row["answer_seconds"]) <= cancel.LONGEST_ANSWER
    assert cancel.is_bad(row)


@pytest.mark.parametrize("mode", ["term", "repair", "explain"])
def test_what_each_work_gives_is_judged(mode: str, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    words = ["--modes", mode, "--scale", "0.1", "--at", "0.1", "--workers", "1"]
    cancel.main([*words, "--out", str(out)])
    (row,) = rows_of(out, cancel.COLUMNS)
    assert (row["mode"], row["violations"]) == (mode, "0")


@pytest.mark.parametrize("program", [cancel, reasons])
def test_a_file_of_another_code_is_left_alone(
    program: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.csv"
    append(out, {"code": "abc"}, program.COLUMNS)
    before = out.read_text("utf-8")
    assert program.main(["--out", str(out)]) == 2
    assert "has rows of code abc" in capsys.readouterr().err
    assert out.read_text("utf-8") == before


def test_the_reasons_of_a_small_term_are_a_row(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    words = ["--scale", "0.2", "--seeds", "1", "--seconds", "1", "--workers", "1"]
    assert reasons.main([*words, "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert int(row["unplaced"]) > 0
    assert row["verified"] == row["unplaced"]
    assert row["missing"] == row["denied"] == "0"
    labels = sum(int(row[one.value]) for one in Verified)
    assert labels == int(row["reasons"]) > 0


def test_a_reason_that_the_judge_does_not_confirm_is_denied() -> None:
    problem = reasons.generate(0.2, 1, "term")
    plan = reasons.planned(problem, 1, 1)
    from scheduling.solver.explain import tell

    told = [
        (item.registration_id, one)
        for item in tell(problem, plan).plan.unplaced
        for one in item.reasons
        if one.verified is Verified.PLAN_FIXED
    ]
    assert told
    name, reason = told[0]
    wrong = replace(reason, rules=("published-placement",))
    assert list(reasons._denied(problem, plan, [(name, reason)])) == []
    assert list(reasons._denied(problem, plan, [(name, wrong)])) == [name]
