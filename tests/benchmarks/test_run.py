"""The measuring program measures, goes on where it was, and says when a plan is bad."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TINY = ("--scale", "0.1", "--seeds", "1", "--modes", "week", "--workers", "1")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.run", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_problem_is_a_row_and_is_not_measured_twice(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    again = ("--seconds", "1", "--explain-seed", "1", "--out", str(out))
    done = run(*TINY, *again)
    assert done.returncode == 0, done.stderr
    (row,) = rows(out)
    assert (row["mode"], row["scale"], row["seed"]) == ("week", "0.1", "1")
    assert (row["outcome"], row["violations"], row["disputed_tiers"]) == (
        "planned",
        "0",
        "",
    )
    assert int(row["placed"]) + int(row["unplaced"]) == int(row["registrations"])
    assert 0 < float(row["first_plan_seconds"]) <= float(row["seconds"])
    assert float(row["explain_seconds"]) >= 0
    assert int(row["tier1_value"]) <= int(row["tier1_bound"])
    second = run(*TINY, *again)
    assert "1 of 1 are in" in second.stdout
    assert rows(out) == [row]


def test_another_solver_is_a_row_of_the_same_problem(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    done = run(*TINY, "--solvers", "gem,plain", "--seconds", "2", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "2 to measure, at most about less than a minute" in done.stdout
    ours, theirs = rows(out)
    assert (ours["solver"], theirs["solver"]) == ("gem", "plain")
    assert ours["registrations"] == theirs["registrations"]
    assert (theirs["outcome"], theirs["violations"]) == ("planned", "0")
    assert int(ours["tier1_value"]) <= int(theirs["tier1_bound"])
    assert int(theirs["tier1_value"]) <= int(ours["tier1_bound"])
    assert 20 < int(theirs["peak_mb"]) < 2000
    assert float(theirs["cpu_seconds"]) > 0
    assert theirs["command"].endswith("--seconds 2 --workers 1 --seed 1")


def test_a_repair_says_what_changed_and_what_is_proven(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    words = ("--modes", "repair", "--scale", "0.2", "--seeds", "1", "--seconds", "20")
    done = run(*words, "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = rows(out)
    assert (row["outcome"], row["violations"]) == ("planned", "0")
    assert int(row["touched"]) >= 1
    assert int(row["changes"]) >= int(row["sessions_lost"])
    assert set(row["proven"].split()) <= {"whole", "part", "not"}
    assert row["command"].startswith("python -m benchmarks.repairing 0.2 1 base && ")


def test_known_members_are_all_in(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    words = ("--modes", "known-members", "--scale", "0.2", "--seeds", "2")
    done = run(*words, "--seconds", "6", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = rows(out)
    assert row["held"] == row["series"]
    assert float(row["tier1_gap"]) == 0
    assert 0 <= float(row["best_seconds"]) <= float(row["seconds"])


def test_a_crash_is_a_row_and_not_the_end(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    done = run(*TINY[:-1], "0", "--seconds", "1", "--out", str(out))
    assert done.returncode == 1
    assert "NOT RIGHT" in done.stderr
    assert rows(out)[0]["outcome"].startswith(
        "failed: ended with status 2: CommandError"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--modes", "month"), "month is unknown; choose from term, week"),
        (("--seeds", "one"), "--seeds"),
    ],
)
def test_wrong_options_end_with_status_2(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    done = run(*arguments, "--out", str(tmp_path / "rows.csv"))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_with_other_columns_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "other.csv"
    out.write_text("a,b\n1,2\n", "utf-8")
    done = run(*TINY, "--out", str(out))
    assert done.returncode == 2
    assert "has other columns" in done.stderr
    assert out.read_text("utf-8") == "a,b\n1,2\n"
