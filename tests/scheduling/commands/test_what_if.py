"""What would the week be with another room, or without a leader: as a command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scheduling.solver.horizon import Horizon
from scheduling.solver.snapshot import read_plan, read_problem
from tests.problem_files import TERM, Manage, changed


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """The small term without anybody who may lead on Tuesday evening."""

    def less(data: Any) -> None:
        for lead in data["facilitators"]:
            hours = lead["availability"]["weekly"]
            lead["availability"]["weekly"] = [
                one for one in hours if one["weekday"] == "mon"
            ]

    return changed(TERM, tmp_path / "short.json", less)


@pytest.fixture
def solved(manage: Manage, short: Path, tmp_path: Path) -> Path:
    out = tmp_path / "short-plan.json"
    status, _, errors = manage(
        "solve_problem", short, "--out", out, "--seconds", 3, "--workers", 1
    )
    assert (status, errors) == (0, "")
    return out


def changes(tmp_path: Path, *items: dict[str, Any]) -> Path:
    path = tmp_path / "changes.json"
    path.write_text(
        json.dumps(
            {"format": "gem-planner/changes", "version": 1, "changes": list(items)}
        )
    )
    return path


EVENING = {
    "kind": "leader-hours",
    "facilitator": "lead-2",
    "weekday": "tue",
    "from": "17:30",
    "to": "22:00",
}


class TestWhatIf:
    def test_a_leader_who_comes_in_the_evening_too(
        self, manage: Manage, short: Path, solved: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "new.json"
        status, said, errors = manage(
            "explain_plan", short, solved, "--what-if", changes(tmp_path, EVENING),
            "--seconds", 4, "--out", out,
        )  # fmt: skip
        assert (status, errors) == (0, "")
        assert "waiting: 1 -> 0" in said
        assert "gained (1): asking-3" in said
        assert "opened (1): evening-group" in said
        horizon: Horizon = read_problem(short.read_text()).horizon
        new = read_plan(out.read_text(), horizon)
        assert "evening-group" in new.placement_of

    def test_what_changes_nothing_says_so(
        self, manage: Manage, short: Path, solved: Path, tmp_path: Path
    ) -> None:
        path = changes(tmp_path, {"kind": "more-seats", "series": "module", "seats": 1})
        status, said, _ = manage(
            "explain_plan", short, solved, "--what-if", path, "--seconds", 4
        )
        assert status == 0
        assert "Nothing differs for anybody." in said

    def test_what_is_not_there_is_named(
        self, manage: Manage, short: Path, solved: Path, tmp_path: Path
    ) -> None:
        path = changes(tmp_path, {"kind": "repeat", "series": "no-such"})
        status, said, errors = manage(
            "explain_plan", short, solved, "--what-if", path, "--seconds", 2
        )
        assert (status, said) == (2, "")
        assert "series no-such: is not in the problem" in errors

    def test_pins_that_forbid_it_are_named(
        self, manage: Manage, short: Path, solved: Path, tmp_path: Path
    ) -> None:
        path = changes(tmp_path, {"kind": "fewer-leaders",
                                  "facilitators": ["lead-1", "lead-2"]})  # fmt: skip
        status, said, errors = manage(
            "explain_plan", short, solved, "--what-if", path, "--seconds", 4
        )
        assert (status, said) == (1, "")
        assert errors.strip().endswith("The changes leave no plan: pin-1.")

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("{", "not JSON"),
            ('{"format": "gem-planner/changes", "version": 1, "changes": []}', "least"),
        ],
    )
    def test_a_file_that_is_no_change(
        self, manage: Manage, short: Path, solved: Path, tmp_path: Path, text: str,
        told: str,
    ) -> None:  # fmt: skip
        path = tmp_path / "bad.json"
        path.write_text(text)
        status, said, errors = manage("explain_plan", short, solved, "--what-if", path)
        assert (status, said) == (2, "")
        assert told in errors

    def test_no_time_is_refused(
        self, manage: Manage, short: Path, solved: Path, tmp_path: Path
    ) -> None:
        status, said, errors = manage(
            "explain_plan", short, solved, "--what-if", changes(tmp_path, EVENING),
            "--seconds", 0,
        )  # fmt: skip
        assert (status, said) == (2, "")
        assert "--seconds" in errors


class TestBottlenecks:
    def test_the_leader_who_is_missing_is_named_with_the_gain(
        self, manage: Manage, short: Path, solved: Path
    ) -> None:
        status, said, errors = manage(
            "explain_plan", short, solved, "--bottlenecks", "--seconds", 5
        )
        assert (status, errors) == (0, "")
        first = said.splitlines()[0]
        assert first.startswith("1. ")
        assert "leader" in first
        assert "+1 seats" in first
        assert "opens evening-group" in first

    def test_where_nothing_helps_that_is_said(self, manage: Manage, plan: Path) -> None:
        status, said, _ = manage(
            "explain_plan", TERM, plan, "--bottlenecks", "--seconds", 5
        )
        assert status == 0
        assert said == (
            "No single room, leader or hour that was tried brings anybody a seat.\n"
        )
