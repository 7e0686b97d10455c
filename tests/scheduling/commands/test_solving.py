"""From a problem file to a plan file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.problem_files import RUNNING, TERM, Manage, changed


class TestSolving:
    @pytest.mark.parametrize("source", [TERM, RUNNING])
    def test_the_plan_is_judged_clean(
        self, manage: Manage, tmp_path: Path, source: Path
    ) -> None:
        out = tmp_path / "plan.json"
        solved = manage(
            *("solve_problem", source, "--out", out),
            *("--seconds", 3, "--workers", 1, "--json"),
        )
        assert solved[0] == 0
        last = json.loads(solved[1].strip().splitlines()[-1])
        assert set(last) == {
            "status",
            "tiers",
            "first_plan_seconds",
            "seconds",
            "placed",
            "unplaced",
            "seed",
            "versions",
            "settings",
        }
        assert [tier["id"] for tier in last["tiers"]] == [1, 2, 3, 4]
        assert last["tiers"][0]["gap"] == 0.0
        status, said, _ = manage("verify_plan", source, out)
        assert status == 0
        assert said.startswith("0 violations")

    def test_progress_is_told_beside_the_answer(
        self, manage: Manage, tmp_path: Path
    ) -> None:
        _, said, told = manage(
            *("solve_problem", TERM, "--out", tmp_path / "p.json"),
            *("--seconds", 3, "--workers", 1, "--progress"),
        )
        assert re.search(r"\d\.\d s  value .* placed \d+  unplaced \d+", told)
        assert "value None" not in said

    def test_steps_give_the_same_file_again_but_for_the_time(
        self, manage: Manage, tmp_path: Path
    ) -> None:
        plans = []
        for name in ("one", "two"):
            out = tmp_path / f"{name}.json"
            asked = ("--out", out, "--steps", 3, "--seed", 5)
            assert manage("solve_problem", TERM, *asked)[0] == 0
            plan = json.loads(out.read_text())
            for clock in ("seconds", "first_plan_seconds"):
                del plan[clock]
            plans.append(json.dumps(plan))
        assert plans[0] == plans[1]
        record = json.loads(plans[0])
        assert record["seed"] == 5
        assert record["settings"]["steps"] == 3
        assert record["versions"]["ortools"]

    def test_a_number_of_steps_that_is_none_is_refused(
        self, manage: Manage, tmp_path: Path
    ) -> None:
        out = tmp_path / "p.json"
        status, _, said = manage("solve_problem", TERM, "--out", out, "--steps", -1)
        assert (status, out.exists()) == (2, False)
        assert "--steps must be from 0" in said

    def test_the_doctor_says_what_stands_in_the_way(
        self, manage: Manage, tmp_path: Path
    ) -> None:
        def lock_out(data: Any) -> None:
            data["rooms"][1]["opening"] = {"weekly": []}

        shut = changed(TERM, tmp_path / "in.json", lock_out)
        asked = ("--out", tmp_path / "p.json", "--seconds", 1, "--workers", 1)
        _, said, _ = manage("solve_problem", shut, *asked, "--doctor")
        assert (
            "warning room-without-opening: room kitchen. A room has no opening hours "
            "in these weeks."
        ) in said.splitlines()
        _, unasked, _ = manage("solve_problem", shut, *asked)
        assert "room-without-opening" not in unasked

    def test_generated_problems_are_equal_for_equal_seeds(
        self, manage: Manage, tmp_path: Path
    ) -> None:
        one, other = tmp_path / "one.json", tmp_path / "other.json"
        for path in (one, other):
            status, said, _ = manage(
                "generate_problem", "--mode", "week", "--seed", 3, "--out", path
            )
            assert status == 0
            assert "registrations" in said
        assert one.read_bytes() == other.read_bytes()
        assert one.stat().st_mode & 0o077 == 0
