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
