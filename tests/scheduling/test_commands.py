"""Commands on problem files: what they answer, and one clear line on bad input.

No test here may use a database: asking for one would raise.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class

DATA = Path(__file__).resolve().parent.parent / "data" / "problems"
TERM, RUNNING = DATA / "small-term.json", DATA / "running-groups.json"

Manage = Callable[..., tuple[int, str, str]]


@pytest.fixture
def manage(capsys: pytest.CaptureFixture[str]) -> Manage:
    """Run a command as from a shell: exit status, output and errors."""

    def run(name: str, *arguments: object) -> tuple[int, str, str]:
        command = load_command_class("scheduling", name)
        status = 0
        try:
            command.run_from_argv(["manage.py", name, *map(str, arguments)])
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def plan(manage: Manage, tmp_path: Path) -> Path:
    """A plan of the small term."""
    path = tmp_path / "plan.json"
    status, _, errors = manage(
        "solve_problem", TERM, "--out", path, "--seconds", 3, "--workers", 1
    )
    assert (status, errors) == (0, "")
    return path


def changed(source: Path, target: Path, change: Callable[[Any], None]) -> Path:
    """A copy of a file with something else in it."""
    data = json.loads(source.read_text())
    change(data)
    target.write_text(json.dumps(data))
    return target


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


class TestBadInput:
    def refused(self, answer: tuple[int, str, str]) -> str:
        """The one line of a refusal."""
        status, said, errors = answer
        assert (status, said) == (2, "")
        assert "Traceback" not in errors
        (line,) = errors.strip().splitlines()
        return line

    @pytest.mark.parametrize("name", ["solve_problem", "verify_plan", "explain_plan"])
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (None, "cannot be read: No such file"),
            ("{", "the file is not JSON"),
            ("[]", "is no JSON object"),
            ('{"format": "other", "version": 1}', "\"format\" is 'other'"),
            ('{"format": "%s", "version": 9}', '"version" is 9'),
            ("\x00\xff", "the file is not JSON"),
        ],
    )
    def test_a_file_that_is_no_problem(
        self, manage: Manage, tmp_path: Path, name: str, text: str | None, says: str
    ) -> None:
        path = tmp_path / "in.json"
        if text is not None:
            form = json.loads(TERM.read_text())["format"]
            path.write_text(text.replace("%s", form), encoding="latin-1")
        rest = ("--out", tmp_path / "out.json") if name == "solve_problem" else (path,)
        line = self.refused(manage(name, path, *rest))
        assert says in line
        assert str(path) in line
        assert not (tmp_path / "out.json").exists()

    def test_every_fault_of_the_facts_is_named(
        self, manage: Manage, tmp_path: Path
    ) -> None:
        def spoil(data: Any) -> None:
            data["series"][0]["size_min"] = 99
            data["registrations"][0]["person"] = "nobody"

        path = changed(TERM, tmp_path / "in.json", spoil)
        status, _, errors = manage("solve_problem", path, "--out", tmp_path / "p.json")
        assert status == 2
        assert "has 3 faults:" in errors
        assert "needs at least 99 seats" in errors
        assert "unknown person nobody" in errors

    def test_pins_that_contradict_are_named(
        self, manage: Manage, tmp_path: Path
    ) -> None:
        def pin(data: Any) -> None:
            ident = data["series"][0]["id"]
            asks = data["registrations"]
            name = next(
                one["id"]
                for one in asks
                if ident in {choice["series"] for choice in one["choices"]}
            )
            data["pins"] = [{"id": "shut", "series": ident, "closed": True}]
            data["seat_pins"] = [{"id": "sit", "registration": name, "series": ident}]

        path = changed(TERM, tmp_path / "in.json", pin)
        status, _, errors = manage("solve_problem", path, "--out", tmp_path / "p.json")
        assert status == 2
        assert "shut" in errors
        assert "sit" in errors
        assert not (tmp_path / "p.json").exists()

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            *(("--seconds", value) for value in (-1, "x", "nan", "inf", 1e9)),
            *(("--workers", value) for value in (0, -1, 65)),
            *(("--seed", value) for value in (-1, 2_000_001, 10**25)),
        ],
    )
    def test_settings_that_make_no_sense(
        self, manage: Manage, tmp_path: Path, option: str, value: object
    ) -> None:
        out = tmp_path / "p.json"
        status, _, errors = manage("solve_problem", TERM, "--out", out, option, value)
        assert status == 2
        assert option in errors

    @pytest.mark.parametrize("name", ["solve_problem", "verify_plan", "explain_plan"])
    def test_a_folder_in_place_of_a_file(
        self, manage: Manage, tmp_path: Path, name: str
    ) -> None:
        rest = ("--out", tmp_path / "o.json") if name == "solve_problem" else (TERM,)
        line = self.refused(manage(name, tmp_path, *rest))
        assert line.endswith(f"{tmp_path} cannot be read: Is a directory.")

    @pytest.mark.parametrize("place", ["", "nowhere/plan.json"])
    def test_nothing_is_solved_that_cannot_be_kept(
        self, manage: Manage, tmp_path: Path, place: str
    ) -> None:
        out = tmp_path / place
        line = self.refused(manage("solve_problem", TERM, "--out", out))
        assert f"{out} cannot be written" in line

    def test_a_pipe_is_written_to_and_stays_one(
        self, manage: Manage, tmp_path: Path
    ) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with ThreadPoolExecutor(1) as reader:
            text = reader.submit(pipe.read_text)
            status, _, _ = manage(
                "solve_problem", RUNNING, "--out", pipe, "--seconds", 0
            )
        assert status == 0
        assert json.loads(text.result())["problem"] == "running-groups"
        assert pipe.is_fifo()

    def test_a_folder_that_is_not_there(self, manage: Manage, tmp_path: Path) -> None:
        out = tmp_path / "nowhere" / "p.json"
        line = self.refused(
            manage("generate_problem", "--scale", 1, "--mode", "week", "--out", out)
        )
        assert f"{out} cannot be written" in line

    @pytest.mark.parametrize("scale", [0, -3])
    def test_a_scale_that_is_none(
        self, manage: Manage, tmp_path: Path, scale: int
    ) -> None:
        line = self.refused(
            manage("generate_problem", "--scale", scale, "--out", tmp_path / "x.json")
        )
        assert "--scale" in line


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
        assert said.splitlines() == [
            "late has no seat.",
            (
                "  morning-course: resident-availability: This person cannot be there "
                "on every date of the group. (verified with the plan as it is)"
            ),
            "nothing has no seat.",
            "  There is no group, course or conversation now that was asked for.",
        ]

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
