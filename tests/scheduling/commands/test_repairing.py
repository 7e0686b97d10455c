"""`repair_plan` as from a shell: a lawful plan, what it means, and clear refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.problem_files import TERM, Manage, changed

ILL = Path(__file__).resolve().parents[2] / "data" / "events" / "leader-ill.json"


class TestRepairing:
    def test_writes_a_plan_that_its_facts_allow(
        self, manage: Manage, plan: Path, tmp_path: Path
    ) -> None:
        out, facts = tmp_path / "new.json", tmp_path / "facts.json"
        status, said, errors = manage(
            "repair_plan",
            TERM,
            plan,
            "--event",
            ILL,
            "--out",
            out,
            "--facts",
            facts,
            "--json",
        )
        assert (status, errors) == (0, "")
        assert manage("verify_plan", facts, out)[0] == 0
        told = json.loads(said.splitlines()[-1])
        assert told["problem"] == "small-term+ill-1"
        assert {"series": "morning-course", "date": "2026-12-07"} in told["touched"]
        first = told["alternatives"][0]
        assert first["tiers"][0]["proven"] == "whole"
        assert first["changes"][0]["series"] == "morning-course"
        assert first["sessions_lost"] + len(first["steps_in"]) > 0
        assert "least possible, proven for the whole plan" in said

    def test_a_repaired_plan_can_be_repaired_again(
        self, manage: Manage, plan: Path, tmp_path: Path
    ) -> None:
        out, facts = tmp_path / "new.json", tmp_path / "facts.json"
        again = changed(
            ILL,
            tmp_path / "again.json",
            lambda data: data.update(
                {"id": "ill-2", "from": "2026-12-14", "to": "2026-12-14"}
            ),
        )
        first = (TERM, plan, "--event", ILL, "--out", out, "--facts", facts)
        assert manage("repair_plan", *first)[0] == 0
        second = (facts, out, "--event", again, "--out", out, "--facts", facts)
        assert manage("repair_plan", *second)[0] == 0
        assert manage("verify_plan", facts, out)[0] == 0
        assert "morning-course@2026-12-07" in facts.read_text()
        assert json.loads(facts.read_text())["id"] == "small-term+ill-1+ill-2"

    def test_another_alternative_can_be_chosen(
        self, manage: Manage, plan: Path, tmp_path: Path
    ) -> None:
        out, facts = tmp_path / "new.json", tmp_path / "facts.json"
        rest = ("--event", ILL, "--out", out, "--facts", facts)
        status, said, _ = manage("repair_plan", TERM, plan, *rest, "--json")
        number = len(json.loads(said.splitlines()[-1])["alternatives"])
        if number > 1:
            assert manage("repair_plan", TERM, plan, *rest, "--choose", number)[0] == 0
            assert manage("verify_plan", facts, out)[0] == 0
        beyond = ("--choose", number + 1) if number < 5 else ("--choose", 6)
        status, _, errors = manage("repair_plan", TERM, plan, *rest, *beyond)
        assert status == 2
        assert "--choose" in errors


class TestBadInput:
    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"facilitator": "nobody"}, "unknown facilitator nobody"),
            ({"kind": "flood"}, "cannot be read as an event"),
            ({"to": "2026-12-01"}, "before it begins"),
            ({"from": "2027-12-01", "to": "2027-12-02"}, "outside the days"),
            ({"from": "yesterday"}, "give a date"),
        ],
    )
    def test_a_bad_event_is_named_and_nothing_is_written(
        self,
        manage: Manage,
        plan: Path,
        tmp_path: Path,
        change: dict[str, Any],
        says: str,
    ) -> None:
        event = changed(ILL, tmp_path / "e.json", lambda data: data.update(change))
        out = tmp_path / "new.json"
        status, said, errors = manage(
            "repair_plan", TERM, plan, "--event", event, "--out", out
        )
        assert (status, said) == (2, "")
        assert says in errors
        assert str(event) in errors
        assert "Traceback" not in errors
        assert not out.exists()

    def test_no_event_at_all(self, manage: Manage, plan: Path, tmp_path: Path) -> None:
        event, out = tmp_path / "none.json", tmp_path / "new.json"
        status, _, errors = manage(
            "repair_plan", TERM, plan, "--event", event, "--out", out
        )
        assert status == 2
        assert len(errors.strip().splitlines()) == 1
        assert "cannot be read: No such file" in errors

    def test_a_plan_that_was_broken_before_is_refused(
        self, manage: Manage, plan: Path, tmp_path: Path
    ) -> None:
        def twice(data: Any) -> None:
            data["placements"][0]["meetings"][0]["time"] = "03:00"

        broken, out = changed(plan, tmp_path / "b.json", twice), tmp_path / "new.json"
        status, _, errors = manage(
            "repair_plan", TERM, broken, "--event", ILL, "--out", out
        )
        assert status == 2
        assert len(errors.strip().splitlines()) == 1
        assert "breaks rules before anything has happened" in errors
        assert not out.exists()

    @pytest.mark.parametrize(
        "extra", [("--seconds", -1), ("--alternatives", 6), ("--choose", 0)]
    )
    def test_settings_out_of_range(
        self, manage: Manage, plan: Path, tmp_path: Path, extra: tuple[Any, ...]
    ) -> None:
        out = tmp_path / "new.json"
        status, _, errors = manage(
            "repair_plan", TERM, plan, "--event", ILL, "--out", out, *extra
        )
        assert status == 2
        assert extra[0] in errors


def test_without_time_nothing_is_said_to_be_proven(
    manage: Manage, plan: Path, tmp_path: Path
) -> None:
    out, facts = tmp_path / "new.json", tmp_path / "facts.json"
    rest = ("--event", ILL, "--out", out, "--facts", facts, "--seconds", 0)
    status, _, errors = manage("repair_plan", TERM, plan, *rest)
    assert (status, errors) == (0, "")
    assert manage("verify_plan", facts, out)[0] == 0
