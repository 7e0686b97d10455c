"""The programs that measure stopping and reasons tell good from bad."""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import cancel, reasons
from scheduling.solver.plan import Plan, TierResult, Verified
from scheduling.solver.search.leader import ProgressEvent


def event(value: int) -> ProgressEvent:
    return ProgressEvent(0.0, value, None, 0, 0, "search")


def work_that(answer: float, kept: int) -> cancel.Work:
    """Work that answers a stop so late, with a plan of that value."""

    def work(caller: cancel.Caller) -> Plan:
        while not caller.wants_to_stop():
            caller.hears(event(7))
            time.sleep(0.02)
        time.sleep(answer)
        return Plan("p", tiers=(TierResult(1, kept),))

    return work


@pytest.mark.parametrize(
    ("answer", "kept", "bad"), [(0.0, 7, False), (0.0, 6, True), (1.2, 7, True)]
)
def test_a_lost_plan_and_a_silence_are_seen(
    answer: float, kept: int, bad: bool
) -> None:
    row = cancel.measured(work_that(answer, kept), "term", 0.1)
    assert cancel.is_bad(row) is bad
    assert (row["doing"], row["told_value"], row["kept_value"]) == ("search", 7, kept)
    assert answer <= float(row["answer_seconds"]) < answer + 0.5


def test_a_late_answer_is_bad_without_any_silence() -> None:
    row = cancel.measured(work_that(0.0, 7), "term", 0.1)
    assert not cancel.is_bad(row)
    assert cancel.is_bad({**row, "answer_seconds": "2.01"})


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
