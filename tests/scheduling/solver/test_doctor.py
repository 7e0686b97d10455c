"""Each check of the doctor finds the case it is for, and not the one beside it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from scheduling.solver.doctor import CHECKS, Severity, examine
from scheduling.solver.generate import Mode, Regime, generate
from scheduling.solver.problem import Format, PlanningProblem, Published
from scheduling.solver.reach import Reach
from scheduling.solver.validate import faults
from tests.builders import facilitator
from tests.doctor_cases import CASES, SEEN_IN
from tests.doctor_facts import IN_A_ROOM


def _found(check: str, problem: PlanningProblem) -> list[dict[str, Any]]:
    return [
        {"about": finding.about, **dict(finding.facts)}
        for finding in examine(problem)
        if finding.check == check
    ]


def test_every_check_has_its_cases() -> None:
    assert [check.id for check in CHECKS] == list(CASES)
    assert len(CHECKS) >= 20


@pytest.mark.parametrize("check", CASES, ids=CASES.keys())
def test_check_finds_its_case(check: str) -> None:
    bad, _, expected = CASES[check]
    assert faults(bad) == ()
    assert _found(check, bad) == [expected]


@pytest.mark.parametrize("check", CASES, ids=CASES.keys())
def test_check_leaves_the_case_beside_it_alone(check: str) -> None:
    bad, good, _ = CASES[check]
    assert good != bad
    assert faults(good) == ()
    assert _found(check, good) == []


def test_checks_have_names_and_sentences() -> None:
    for check in CHECKS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", check.id)
        assert check.__doc__
        assert check.__doc__.strip().endswith((".", "?"))


def test_errors_come_first() -> None:
    order = list(Severity)
    found = [item.severity for item in examine(generate(0.3, 1))]
    assert found
    assert found == sorted(found, key=order.index)


@pytest.mark.parametrize("regime", Regime)
def test_findings_name_what_is_in_the_problem(regime: Regime) -> None:
    for mode in Mode:
        problem = generate(0.3, 1, mode, regime)
        known: dict[str, Collection[str]] = {
            "series": problem.series_by_id,
            "registration": problem.registration_by_id,
            "person": problem.person_by_id,
            "facilitator": problem.facilitator_by_id,
            "room": problem.room_by_id,
        }
        findings = examine(problem)
        assert findings or mode is Mode.KNOWN_MEMBERS  # planted: all of it fits
        for finding in findings:
            for kind, ident in finding.about:
                assert kind not in known or ident in known[kind]
            assert str(finding).startswith(f"{finding.severity.value} {finding.check}")


@pytest.mark.parametrize("mode", [Mode.TERM, Mode.WEEK])
def test_whoever_has_no_candidate_is_named(mode: Mode) -> None:
    """Nobody is left out in silence: each without a candidate has a finding."""
    for seed, regime in enumerate(Regime, start=1):
        problem = generate(0.5, seed, mode, regime)
        named = {
            ident
            for finding in examine(problem)
            if finding.check in SEEN_IN
            for kind, ident in finding.about
            if kind in ("registration", "person")
        }
        reach = Reach(problem)
        without = [item for item in problem.registrations if not reach.candidates(item)]
        assert without
        assert all(named & {item.id, item.person_id} for item in without)


def test_chairs_are_for_seats_and_not_for_who_joins_from_home() -> None:
    bad = CASES["published-room-too-small"][1]
    (told,) = bad.registrations
    two_seats = replace(bad, registrations=(replace(told, seats=2),))
    assert _found("published-room-too-small", two_seats)
    hybrid = replace(
        two_seats,
        series=tuple(replace(item, format=Format.HYBRID) for item in bad.series),
        persons=tuple(
            replace(item, formats=frozenset({Format.ONLINE})) for item in bad.persons
        ),
    )
    assert _found("published-room-too-small", hybrid) == []


def test_who_leads_under_another_id_is_kept_apart_all_the_same() -> None:
    alone = CASES["apart-but-in-one-group"][1]  # m and n are kept apart, m is in s
    led = replace(
        alone,
        facilitators=(facilitator("f", person_id="n"),),
        published=Published((IN_A_ROOM,)),
    )
    assert [one["about"] for one in _found("apart-but-in-one-group", led)] == [
        (("series", "s"), ("person", "m"), ("person", "n"))
    ]
    other = replace(led, facilitators=(facilitator("f"),))
    assert _found("apart-but-in-one-group", other) == []


def test_freed_placement_is_not_held_against_the_facts() -> None:
    problem = CASES["published-leader-away"][0]
    freed = replace(
        problem,
        published=replace(problem.published, freed_series=frozenset({"s"})),
    )
    assert _found("published-leader-away", problem)
    assert _found("published-leader-away", freed) == []
