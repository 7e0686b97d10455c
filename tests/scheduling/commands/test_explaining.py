"""`explain_plan` says how sure it is of a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduling.solver.snapshot import write_plan, write_problem
from tests.builders import plan
from tests.problem_files import Manage
from tests.undecided import foes, knows_the_whole_alone

NOT_KNOWN = "time was up before it was known that every rule is needed"


@pytest.mark.parametrize("in_time", [True, False])
def test_a_reason_of_which_not_every_rule_is_known_to_be_needed(
    in_time: bool, manage: Manage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, files = foes(), (tmp_path / "in.json", tmp_path / "plan.json")
    files[0].write_text(write_problem(facts))
    files[1].write_text(write_plan(plan(), facts.horizon))
    if not in_time:
        knows_the_whole_alone(monkeypatch)
    status, said, errors = manage("explain_plan", *files, "--registration", "n")
    assert (status, errors) == (0, "")
    assert "with this series free to be held anywhere" in said
    assert (NOT_KNOWN in said) is not in_time
