"""Plans of files: judged, and why somebody is left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.problem_files import RUNNING, TERM, Manage, changed


class TestVerifying:
    def test_a_plan_of_another_problem(self, manage: Manage, plan: Path) -> None:
        status, _, errors = manage("verify_plan", RUNNING, plan)
        assert status == 2
        assert "is a plan of problem" in errors or "cannot be read" in errors

    def test_each_violation_is_named_and_the_status_is_1(
        self, manage: Manage, plan: Path, tmp_path: Path
    ) -> None:
        def nobody_leads(data: Any) -> None:
            for meeting in data["placements"][0]["meetings"]:
                meeting["facilitators"] = []

        broken = changed(plan, tmp_path / "broken.json", nobody_leads)
        status, said, errors = manage("verify_plan", TERM, broken)
        assert status == 1
        assert "staffing-mix: series " in said
        assert errors.strip() == "CommandError: 1 violation."

    def test_a_value_that_is_not_true(
        self, manage: Manage, plan: Path, tmp_path: Path
    ) -> None:
        def boast(data: Any) -> None:
            data["tiers"][0]["value"] += 1

        boasting = changed(plan, tmp_path / "boast.json", boast)
        status, said, errors = manage("verify_plan", TERM, boasting)
        assert status == 1
        assert re.search(r"tier 1: claims the value \d+, it is \d+", said)
        assert "1 untrue claim" in errors

    def test_a_bound_below_the_value(
        self, manage: Manage, plan: Path, tmp_path: Path
    ) -> None:
        def too_good(data: Any) -> None:
            data["tiers"][0]["bound"] = 0

        path = changed(plan, tmp_path / "bound.json", too_good)
        status, said, _ = manage("verify_plan", TERM, path)
        assert status == 1
        assert "tier 1: claims the bound 0" in said


class TestExplaining:
    """Of two more who ask, one cannot come then and one asks for nothing on offer."""

    @pytest.fixture
    def problem(self, tmp_path: Path) -> Path:
        def ask_more(data: Any) -> None:
            data["registrations"] += [
                {
                    "id": "late",
                    "person": "person-3",
                    "choices": [{"series": "morning-course"}],
                },
                {"id": "nothing", "person": "person-4", "choices": []},
            ]

        return changed(TERM, tmp_path / "more.json", ask_more)

    @pytest.fixture
    def solved(self, manage: Manage, problem: Path, tmp_path: Path) -> Path:
        out = tmp_path / "more-plan.json"
        manage("solve_problem", problem, "--out", out, "--seconds", 3, "--workers", 1)
        return out

    def test_each_registration_without_a_seat_has_its_reasons(
        self, manage: Manage, problem: Path, solved: Path
    ) -> None:
        status, said, _ = manage("explain_plan", problem, solved)
        assert status == 0
        assert said.splitlines()[:5] == [
            "late has no seat.",
            (
                "  morning-course: resident-availability: This person cannot be there "
                "on every date of the group. (verified with the plan as it is)"
            ),
            "    would help: choice registration late series module; seats 1, tried",
            "nothing has no seat.",
            "  There is no group, course or conversation now that was asked for.",
        ]
        assert said.splitlines()[-1].startswith("2 without a seat, 1 reasons, 0 undec")

    def test_one_registration(
        self, manage: Manage, problem: Path, solved: Path
    ) -> None:
        status, said, _ = manage(
            "explain_plan", problem, solved, "--registration", "nothing"
        )
        assert status == 0
        assert said.startswith("nothing has no seat.")
        assert "late has" not in said

    def test_who_has_a_seat_is_told_so(self, manage: Manage, plan: Path) -> None:
        answer = manage("explain_plan", TERM, plan, "--registration", "asking-1")
        assert answer == (0, "asking-1 has a seat in morning-course.\n", "")

    def test_when_everybody_has_one(self, manage: Manage, plan: Path) -> None:
        answer = manage("explain_plan", TERM, plan)
        assert answer == (0, "Every registration has a seat.\n", "")

    def test_an_unknown_registration(self, manage: Manage, plan: Path) -> None:
        status, said, errors = manage(
            "explain_plan", TERM, plan, "--registration", "nobody"
        )
        assert (status, said) == (2, "")
        assert errors.strip().endswith("has no registration nobody.")

    def test_a_plan_that_breaks_a_rule(
        self, manage: Manage, plan: Path, tmp_path: Path
    ) -> None:
        def nobody_leads(data: Any) -> None:
            for meeting in data["placements"][0]["meetings"]:
                meeting["facilitators"] = []

        path = changed(plan, tmp_path / "broken.json", nobody_leads)
        status, _, errors = manage("explain_plan", TERM, path)
        assert status == 2
        assert "staffing-mix" in errors
