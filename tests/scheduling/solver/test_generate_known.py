"""Groups of known members: an answer is known to exist, and it is not easy to see."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from scheduling.solver.generate import Regime, generate, generate_known
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.snapshot import write_problem
from scheduling.solver.validate import faults
from scheduling.solver.verify import tier_values, violations


@pytest.mark.parametrize("regime", Regime)
def test_the_timetable_it_was_made_around_holds_everybody(regime: Regime) -> None:
    for scale, seed in ((1, 1), (0.3, 2)):
        problem, known = generate_known(scale, seed, regime)
        assert faults(problem) == ()
        assert violations(problem, known) == ()
        assert len(known.placements) == len(problem.series)
        most = sum(item.held_weight for item in problem.series)
        assert tier_values(problem, known)[1] == most > 0


def test_centres_side_by_side_share_nobody() -> None:
    problem, known = generate_known(2, 3)
    assert violations(problem, known) == ()
    assert len(problem.places) == 2
    assert len(problem.rooms) == 24
    for item in problem.series:
        assert {one[:3] for one in item.members} == {item.id[:3]}


def test_it_is_the_problem_that_generate_gives_and_says_nothing_of_the_answer() -> None:
    problem, known = generate_known(0.5, 4)
    assert generate(0.5, 4, "known-members") == problem
    assert problem.published.placements == ()
    assert problem.pins == ()
    text = write_problem(problem)
    assert text == write_problem(generate_known(0.5, 4)[0])
    slots = {item.meetings[0].slot for item in known.placements}
    assert len(slots) > 20


def _sharing(problem: PlanningProblem) -> float:
    members = [frozenset(item.members) for item in problem.series]
    pairs = [bool(one & other) for one, other in combinations(members, 2)]
    return sum(pairs) / len(pairs)


def test_a_few_hundred_groups_overlap_heavily_in_a_dozen_rooms() -> None:
    for seed in (1, 2, 3):
        problem, _ = generate_known(1, seed)
        assert 240 <= len(problem.series) <= 400
        assert len(problem.rooms) == 12
        assert problem.horizon.day_count == 7
        assert _sharing(problem) > 0.12
        assert all(item.members and item.is_running for item in problem.series)
        assert any(item.room_features for item in problem.series)
        assert len(problem.series_order) > 15
        weekly = [len(person.availability.weekly) for person in problem.persons]
        assert sum(weekly) / len(weekly) < 13


def _occupation(problem: PlanningProblem) -> float:
    used = sum(item.length for item in problem.series)
    opened = sum(
        window.end - window.start
        for room in problem.rooms
        for window in room.opening.weekly
    )
    return used / opened


def test_regimes_make_it_tighter() -> None:
    base, _ = generate_known(1, 1)
    rooms, _ = generate_known(1, 1, "scarce-rooms")
    leaders, _ = generate_known(1, 1, "scarce-leaders")
    windows, _ = generate_known(1, 1, "evening-heavy")
    features, _ = generate_known(1, 1, "accommodations")
    assert _occupation(rooms) > 1.15 * _occupation(base)
    assert len(leaders.facilitators) < 0.7 * len(base.facilitators)

    def mean(problem: PlanningProblem, name: str) -> float:
        return sum(len(getattr(item, name)) for item in problem.series) / len(
            problem.series
        )

    assert mean(windows, "windows") < 0.7 * mean(base, "windows")
    assert mean(features, "room_features") > 1.5 * mean(base, "room_features")


def test_ids_and_words_say_nothing() -> None:
    problem, _ = generate_known(0.3, 1)
    words = {
        word
        for lead in problem.facilitators
        for word in lead.roles | lead.skills | {lead.organisation_id}
    } | {word for room in problem.rooms for word in room.features}
    pattern = re.compile(r"(role|skill|feature|org)-\w{1,2}")
    assert words
    assert all(pattern.fullmatch(word) for word in words)
