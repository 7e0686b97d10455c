"""Every rule and wish is whole: an id, a sentence, tests, a line on the page, words."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from scheduling.solver.catalogue import (
    FAMILIES,
    TIERS,
    family_of,
    remarks,
    rules_page,
    sentence,
)
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.rule import Constraint, Objective

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference" / "rules.md"
TESTS = Path(__file__).parent
KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")
HEALTH_WORDS = re.compile(
    r"\b(diagnos\w*|patient\w*|disorder\w*|illness\w*|depress\w*|anxi\w*|therap\w*)\b",
    re.IGNORECASE,
)
ALL = (*CONSTRAINTS, *OBJECTIVES)
by_id = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)


@cache
def count_by_rule(folder: str) -> Counter[str]:
    """Number of tests by the name of the class they are about.

    A class of tests is about what it is named after, and about the rules it names or
    that a variable of its file stands for.
    """
    found: Counter[str] = Counter()
    for path in sorted((TESTS / folder).glob("test_*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        stands_for = {
            target.id: names_in(node.value)
            for node in body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in body:
            if isinstance(node, ast.ClassDef):
                named = names_in(node)
                about = {node.name.removeprefix("Test"), *named}.union(
                    *(stands_for.get(name, ()) for name in named)
                )
                found.update(dict.fromkeys(about, count_in(node)))
    return found


def names_in(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}


def count_in(node: ast.ClassDef) -> int:
    return sum(
        isinstance(item, ast.FunctionDef) and item.name.startswith("test_")
        for item in node.body
    )


def folder_of(rule: Constraint | Objective) -> str:
    return "constraints" if isinstance(rule, Constraint) else "objectives"


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in ALL}) == len(ALL)


def test_every_rule_written_is_in_the_catalogue() -> None:
    listed = {type(rule) for rule in ALL}
    for base in (Constraint, Objective):
        for kind in subclasses(base):
            own = kind.__module__.startswith("scheduling.solver.")
            # A repair has an order of its own, which stands beside the catalogue.
            own = own and not kind.__module__.startswith("scheduling.solver.repair.")
            if own and "id" in vars(kind):
                assert kind in listed, kind


def subclasses(base: type) -> set[type]:
    return {base}.union(*(subclasses(kind) for kind in base.__subclasses__()))


@by_id
def test_id_is_in_kebab_case(rule: Constraint | Objective) -> None:
    assert KEBAB.fullmatch(rule.id)


@by_id
def test_description_begins_with_one_sentence(rule: Constraint | Objective) -> None:
    first = sentence(rule)
    assert re.fullmatch(r"[A-Z][^.!?]*\.", first.replace("a.m.", "")), first
    assert len(first) < 260
    assert HEALTH_WORDS.search(first + remarks(rule)) is None


@by_id
def test_has_a_class_of_tests(rule: Constraint | Objective) -> None:
    least = 4 if isinstance(rule, Constraint) else 2
    assert count_by_rule(folder_of(rule))[type(rule).__name__] >= least


def test_a_rule_without_tests_is_seen() -> None:
    assert count_by_rule("constraints")["RoomColour"] == 0
    assert count_by_rule("objectives")["RoomConflict"] == 0


@by_id
def test_is_on_the_page(rule: Constraint | Objective) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"| `{rule.id}` | {sentence(rule)}" in page


@pytest.mark.parametrize("rule", CONSTRAINTS, ids=lambda rule: rule.id)
def test_a_rule_says_how_the_bound_holds_it_and_has_a_judge(rule: Constraint) -> None:
    assert rule.bound in ("exact", "relaxed")
    assert type(rule).violations is not Constraint.violations
    assert family_of(rule) in FAMILIES


@pytest.mark.parametrize("wish", OBJECTIVES, ids=lambda wish: wish.id)
def test_a_wish_has_a_tier_a_small_weight_and_a_cost(wish: Objective) -> None:
    assert wish.tier in TIERS
    assert 0 < wish.default_weight < 100
    assert type(wish).cost is not Objective.cost
    assert remarks(wish), "say what it costs"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page(), (
        "write it anew: python -m scheduling.solver.catalogue > docs/reference/rules.md"
    )


def test_the_page_leaves_out_what_is_not_there() -> None:
    page = rules_page([], OBJECTIVES[:1])
    assert "room-conflict" not in page
    assert "seat-every-registration" in page
    assert "Tier 2" not in page


def test_every_rule_and_wish_has_words_for_the_screen() -> None:
    from scheduling.messages import RULES
    from scheduling.wish_words import WISHES

    assert [rule.id for rule in CONSTRAINTS if rule.id not in RULES] == []
    assert list(WISHES) == [wish.id for wish in OBJECTIVES]
    assert set(RULES).isdisjoint(wish.id for wish in OBJECTIVES)


def test_words_of_a_wish_that_is_gone_are_its_id() -> None:
    from scheduling.wish_words import WISHES, wish_words

    assert wish_words("own-district") is WISHES["own-district"]
    assert wish_words("gone").tag == "gone"
