"""The suites measure every promise, and a program that hangs is ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import psutil
import pytest

from benchmarks import gauge
from benchmarks.cases import (
    KEY,
    SECONDS,
    SOLVERS,
    Case,
    expected,
    in_words,
    suite,
)
from benchmarks.measure import best_seconds
from benchmarks.rows import RESULTS, append, code_version, rows_of, run_path
from benchmarks.run import run as measure_all
from scheduling.solver.generate import REGIMES

ROOT = Path(__file__).resolve().parents[2]


def test_the_quick_suite_takes_about_25_minutes_and_has_every_promise() -> None:
    cases = suite("bench", None, 2)
    assert 20 * 60 < expected(cases) < 30 * 60
    assert {case.scale for case in cases} == {1}
    assert {case.mode for case in cases} == {"term", "week", "repair", "known-members"}
    for solver in SOLVERS:
        assert any(case.solver == solver and case.mode == "term" for case in cases)
    seeds = {
        case.seed
        for case in cases
        if (case.mode, case.regime, case.solver) == ("term", "base", "gem")
    }
    assert len(seeds) >= 3
    assert {case.regime for case in cases if case.mode == "term"} == set(REGIMES)


def test_the_full_suite_has_every_size_mode_and_regime_once() -> None:
    cases = suite("full", None, 2)
    assert len(set(cases)) == len(cases)
    assert cases[: len(suite("bench", None, 2))] == suite("bench", None, 2)
    ours = {
        (case.mode, case.scale, case.regime, case.seed)
        for case in cases
        if case.solver == "gem"
    }
    for mode, scale, regime in product(("term", "week"), (1, 3, 10), REGIMES):
        assert (mode, scale, regime, 1) in ours
    for scale in (1, 3, 10):
        assert ("repair", scale, "base", 1) in ours
        term = next(
            case for case in cases if case.mode == "term" and case.scale == scale
        )
        assert term.seconds == SECONDS[scale]
    for scale, solver in product((1, 3), SOLVERS):
        assert any(case.solver == solver and case.scale == scale for case in cases)


def test_other_seconds_are_other_rows() -> None:
    one = Case("term", "base", 1, 1, 60.0)
    assert set(one.key("abc")) == set(KEY)
    assert one.key("abc") != Case("term", "base", 1, 1, 5.0).key("abc")
    assert one.key("abc") != one.key("abd")
    assert {case.seconds for case in suite("bench", 5.0, 2)} == {5.0}


def test_a_code_has_a_file_of_its_own_in_this_checkout() -> None:
    assert run_path("abc") != run_path("abd")
    assert RESULTS not in run_path("abc").parents
    ignored = subprocess.run(
        ["git", "check-ignore", "--quiet", str(run_path("abc"))], cwd=ROOT, check=False
    )
    assert ignored.returncode == 0


def test_rows_of_other_code_are_not_added_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.run.measure", lambda _: {"outcome": "planned"})
    path = tmp_path / "rows.csv"
    append(path, {"code": "abc"})
    words = re.escape(f"code abc, and this is {code_version()}")
    with pytest.raises(ValueError, match=words):
        measure_all([Case("term", "base", 1, 1, 5.0)], path)
    assert len(rows_of(path)) == 1


def test_an_error_of_our_own_is_a_row_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Case) -> dict[str, object]:
        raise ImportError("no such module")

    monkeypatch.setattr("benchmarks.run.measure", broken)
    path = tmp_path / "rows.csv"
    cases = [Case("term", "base", 1, seed, 5.0) for seed in (1, 2)]
    added = measure_all(cases, path)
    assert [row["outcome"] for row in added] == [
        "failed: ImportError: no such module"
    ] * 2
    assert len(rows_of(path)) == 2


def test_time_is_told_in_words() -> None:
    assert in_words(10) == "less than a minute"
    assert in_words(1500) == "25 minutes"
    assert in_words(9 * 3600) == "9.0 hours"


def test_what_a_program_takes_is_that_of_all_its_processes(tmp_path: Path) -> None:
    inner = "x = bytearray(60_000_000); sum(range(6_000_000)); time.sleep(0.7)"
    outer = (
        "import subprocess, sys; print('begun', flush=True); "
        f"subprocess.run([sys.executable, '-c', 'import time; {inner}'])"
    )
    taken = gauge.run([sys.executable, "-c", outer], tmp_path, ROOT, 60)
    assert (taken.status, taken.output) == (0, "begun\n")
    assert 60 < taken.peak_mb < 300
    assert taken.cpu_seconds > 0.05
    assert taken.seconds >= 0.7


def test_a_program_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gauge, "LEAST_GRACE", 1.0)
    program = (
        "import subprocess, sys; "
        "inner = subprocess.Popen([sys.executable, '-c', 'import time; "
        "time.sleep(600)']); open('inner', 'w').write(str(inner.pid)); inner.wait()"
    )
    with pytest.raises(gauge.Overtime, match="not over after"):
        gauge.run([sys.executable, "-c", program], tmp_path, ROOT, 1.0)
    number = int((tmp_path / "inner").read_text())
    assert not _lives(number)


def test_a_run_that_is_ended_ends_what_it_measures(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "benchmarks.run", "--modes", "week", "--seeds", "1"]
    words += ["--seconds", "300", "--scale", "1", "--out", str(tmp_path / "rows.csv")]
    run = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    family: list[psutil.Process] = []
    latest = time.monotonic() + 60
    while not family and time.monotonic() < latest:
        family = psutil.Process(run.pid).children(recursive=True)
        time.sleep(0.1)
    assert family
    os.kill(run.pid, signal.SIGTERM)
    assert run.wait(30) == 143
    assert not [one for one in family if _lives(one.pid)]
    assert not (tmp_path / "rows.csv").exists()


def _lives(number: int) -> bool:
    for _ in range(50):
        if not psutil.pid_exists(number):
            return False
        if psutil.Process(number).status() == psutil.STATUS_ZOMBIE:
            return False
        time.sleep(0.1)
    return True


def test_the_last_rise_of_the_first_tier_is_read_from_the_progress() -> None:
    said = (
        "   0.5 s  value None  bound -  placed 0  unplaced 4  facts\n"
        "   1.0 s  value 120  bound 400.0  placed 1  unplaced 3  greedy\n"
        "   2.5 s  value 240  bound 300.0  placed 2  unplaced 2  term\n"
        "   9.0 s  value 240  bound 240.0  placed 2  unplaced 2  done\n"
        "status optimal\n"
    )
    assert best_seconds(said) == "2.5"
    assert best_seconds("no progress") == ""
