"""One clear line and no half-done work on bad input."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from scheduling.solver.plan import SolveStatus
from scheduling.solver.search.required import Required
from tests.problem_files import RUNNING, TERM, Manage, changed


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

    @pytest.mark.parametrize("pinned", [1, 2])
    def test_pins_that_only_a_search_can_refute_are_named(
        self, manage: Manage, tmp_path: Path, pinned: int
    ) -> None:
        """The only leader of two series has time for one, or for none."""

        def pin(data: Any) -> None:
            lead = data["facilitators"][0] | {
                "availability": {"weekly": []} if pinned == 1 else {},
                "load": {"minutes_per_week": 60},
            }
            data["facilitators"] = [lead]
            (group,) = (one for one in data["series"] if one["id"] == "evening-group")
            group |= {"minutes": 60, "size_min": 0, "dates": group["dates"][:1]}
            del group["windows"]
            data["series"] = [group, group | {"id": "other"}]
            data["registrations"] = []
            data["pins"] = [
                {"id": f"pin-{one['id']}", "series": one["id"]}
                for one in data["series"][:pinned]
            ]

        path = changed(TERM, tmp_path / "in.json", pin)
        line = self.refused(
            manage("solve_problem", path, "--out", tmp_path / "p.json", "--seconds", 3)
        )
        assert "pin-evening-group" in line
        assert ("pin-other" in line) == (pinned == 2)
        assert "cannot" in line
        assert not (tmp_path / "p.json").exists()

    def test_no_plan_in_time_is_no_plan_at_all(
        self, manage: Manage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "scheduling.solver.search.beginning.require",
            lambda *_: Required(SolveStatus.UNKNOWN),
        )
        out = tmp_path / "p.json"
        status, said, errors = manage("solve_problem", TERM, "--out", out, "--json")
        assert status == 1
        assert json.loads(said.strip().splitlines()[-1])["status"] == "unknown"
        assert "none was written" in errors
        assert not out.exists()

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            *(("--seconds", value) for value in (-1, "x", "nan", "inf", 1e9)),
            *(("--workers", value) for value in (0, -1, 65)),
            *(("--seed", value) for value in (-1, 2**31, 10**25)),
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
