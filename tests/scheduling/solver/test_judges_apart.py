"""Judges share no code with filters and encoders: a slip in one is seen by the other.

Whoever finds the same mistake twice has written it once. What both may ask are facts:
dates, the clock, who a person is. Wishes are told once, as the cost of a seat; that
model and judge agree on them is tried plan by plan elsewhere.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.rule import Constraint

FOLDER = Path(__file__).resolve().parents[3] / "scheduling/solver/constraints"
FACTS = {
    "goes_out",  # whether a person comes to a room or joins from home
    "_comes",  # the same, in a series of some format
    "_irregular",  # quarters at which the clock is changed; held to an oracle
    "_begin",  # of what is placed, the first slot
    "_end",  # and the last
    "_goes_on",  # whether a series is held already
    "_last_week",  # of the horizon
    "_leading_persons",  # who leads under another id
}
JUDGE = "violations"


class Code:
    """The functions of a file of rules, and the names that each one uses."""

    def __init__(self, path: Path) -> None:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        self.functions: dict[str, ast.FunctionDef | None] = {
            node.name: node for node in body if isinstance(node, ast.FunctionDef)
        }
        self.functions |= {
            alias.asname or alias.name: None
            for node in body
            if isinstance(node, ast.ImportFrom) and ".constraints." in str(node.module)
            for alias in node.names
            if alias.name[0].islower()
        }
        self.methods = {
            node.name: {
                item.name: item
                for item in node.body
                if isinstance(item, ast.FunctionDef)
            }
            for node in body
            if isinstance(node, ast.ClassDef)
        }

    def reached(self, rule: str, starts: Iterable[str]) -> set[str]:
        """Functions, and methods as `self.name`, that some methods come to use."""
        found: set[str] = set()
        waiting = [f"self.{name}" for name in starts]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            own = self.methods[rule].get(name.removeprefix("self."))
            node = own if name.startswith("self.") else self.functions.get(name)
            waiting += [] if node is None else uses(node)
        return found & (
            self.functions.keys() | {f"self.{name}" for name in self.methods[rule]}
        )


def uses(node: ast.AST) -> list[str]:
    names = [item.id for item in ast.walk(node) if isinstance(item, ast.Name)]
    return names + [
        f"self.{item.attr}"
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
    ]


def shared(rule: Constraint) -> set[str]:
    """What the judge of a rule and its filters or encoder both use."""
    kind = type(rule)
    code = Code(FOLDER / f"{kind.__module__.rpartition('.')[2]}.py")
    own = code.methods[kind.__name__]
    others = [name for name in own if hasattr(Constraint, name) and name != JUDGE]
    return code.reached(kind.__name__, [JUDGE]) & code.reached(kind.__name__, others)


@pytest.mark.parametrize("rule", CONSTRAINTS, ids=lambda rule: rule.id)
def test_judge_and_encoder_share_facts_alone(rule: Constraint) -> None:
    assert shared(rule) <= FACTS


def test_what_is_shared_is_seen() -> None:
    """The test above would prove nothing if it found nothing."""
    assert {name for rule in CONSTRAINTS for name in shared(rule)} == FACTS
