"""Invented problems: the same everywhere, sound, and as hard as they should be."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys

import pytest

from scheduling.solver.generate import Mode, Regime, generate
from scheduling.solver.plan import Plan
from scheduling.solver.problem import Format, PlanningProblem
from scheduling.solver.reach import Reach
from scheduling.solver.snapshot import write_problem
from scheduling.solver.validate import faults
from scheduling.solver.verify import violations

FINGERPRINT = """
import hashlib
from scheduling.solver.generate import generate
from scheduling.solver.snapshot import write_problem
for mode in ("term", "week"):
    text = write_problem(generate(2, 5, mode, "accommodations"))
    print(hashlib.sha256(text.encode()).hexdigest())
"""


REGIONAL = (Mode.TERM, Mode.WEEK)


def _published(problem: PlanningProblem) -> Plan:
    return Plan(problem.id, problem.published.placements, problem.published.allocations)


def test_same_seed_gives_the_same_problem_in_another_process() -> None:
    own = [
        hashlib.sha256(
            write_problem(generate(2, 5, mode, "accommodations")).encode()
        ).hexdigest()
        for mode in REGIONAL
    ]
    for hash_seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", FINGERPRINT],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
            text=True,
        )
        assert told.stdout.split() == own


def test_another_seed_gives_another_problem() -> None:
    assert generate(0.2, 1).registrations != generate(0.2, 2).registrations


@pytest.mark.parametrize("mode", REGIONAL)
@pytest.mark.parametrize("regime", Regime)
def test_problem_is_sound_and_what_it_publishes_breaks_no_rule(
    mode: Mode, regime: Regime
) -> None:
    for scale, seed in ((1, 1), (0.2, 2), (0.1, 1078)):
        problem = generate(scale, seed, mode, regime)
        assert faults(problem) == ()
        assert problem.published.placements
        assert list(violations(problem, _published(problem))) == []


def test_term_has_the_size_of_the_region() -> None:
    problem = generate(1, 3)
    published = {item.series_id for item in problem.published.placements}
    fresh = [item for item in problem.series if item.id not in published]
    assert len(published) == 60
    assert len(fresh) == 60
    assert len(problem.registrations) == 400
    assert (len(problem.rooms), len(problem.places)) == (85, 36)
    assert len({place.district for place in problem.places}) == 11
    roles = [next(iter(lead.roles)) for lead in problem.facilitators]
    assert {role: roles.count(role) for role in roles} == {
        "role-a": 60,
        "role-b": 28,
        "role-c": 27,
    }
    assert problem.published.freed_series == frozenset()
    assert sum(item.format is Format.SELF_PACED for item in fresh) == 2
    assert any(item.format is Format.ONLINE for item in fresh)
    for item in fresh:
        if not item.is_self_paced:
            assert 90 <= item.length * 15 <= 150
            assert all(3 <= len(one.days) <= 12 for one in item.date_patterns)
    for item in problem.series:
        if item.id in published:
            assert item.is_running
            assert len(item.members) >= 2
    experts = [lead for lead in problem.facilitators if "role-a" in lead.roles]
    assert all(1 <= len(lead.availability.weekly) <= 2 for lead in experts)


def test_week_has_the_items_of_the_region() -> None:
    problem = generate(1, 3, "week")
    assert problem.horizon.day_count == 7
    assert problem.horizon.weekday(0) == 0
    published = {item.series_id for item in problem.published.placements}
    rest = [item for item in problem.series if item.id not in published]
    talks = [item for item in rest if item.size_max == 1]
    consultations = [item for item in rest if item.size_max == 0]
    assert (len(published), len(talks), len(consultations)) == (77, 26, 15)
    assert len(problem.series) == 118
    assert 300 <= len(problem.registrations) <= 500
    for item in talks:
        assert item.different_organisations
        assert len(problem.registrations_by_series[item.id]) == 1
        assert [len(pattern.days) for pattern in item.date_patterns] == [1] * 5
        assert len(item.staff) == 2
    open_groups = [
        item
        for item in problem.series
        if item.id in published
        and not item.is_closed
        and len(item.members) < item.size_max
    ]
    assert len(open_groups) >= 20


@pytest.mark.parametrize("mode", REGIONAL)
def test_problem_stays_hard(mode: Mode) -> None:
    """Some three candidates each, and up to a quarter have none."""
    for seed in (1, 2, 3):
        problem = generate(1, seed, mode)
        reach = Reach(problem)
        counts = [len(reach.candidates(item)) for item in problem.registrations]
        some = [count for count in counts if count]
        assert 3 <= sum(some) / len(some) <= 4
        assert 0.12 <= counts.count(0) / len(counts) <= 0.26


def test_scarcity_halves_leaders_or_rooms_and_changes_no_asking_person() -> None:
    base = generate(1, 4)
    leaders = generate(1, 4, regime="scarce-leaders")
    rooms = generate(1, 4, regime="scarce-rooms")
    assert abs(len(leaders.facilitators) - len(base.facilitators) / 2) <= 1
    assert abs(len(rooms.rooms) - len(base.rooms) / 2) <= 1
    assert {room.id for room in rooms.rooms} < {room.id for room in base.rooms}
    asking = [item.person_id for item in base.registrations]
    for other in (leaders, rooms):
        assert [item.person_id for item in other.registrations] == asking
        assert [other.person_by_id[one] for one in asking] == [
            base.person_by_id[one] for one in asking
        ]


def _evening_only(problem: PlanningProblem) -> float:
    asking = [problem.person_by_id[item.person_id] for item in problem.registrations]
    late = [
        person
        for person in asking
        if all(window.start >= 70 for window in person.availability.weekly)
    ]
    return len(late) / len(asking)


def test_regimes_are_what_their_names_say() -> None:
    base = generate(1, 4)
    assert _evening_only(generate(1, 4, regime="evening-heavy")) > 2 * _evening_only(
        base
    )
    special = generate(1, 4, regime="accommodations")

    def with_needs(problem: PlanningProblem) -> int:
        return sum(bool(one.needs or one.accommodations) for one in problem.persons)

    assert with_needs(special) > 2 * with_needs(base)
    assert len(special.keep_apart) > len(base.keep_apart)


def test_neighbouring_regions_exchange_people_and_leaders() -> None:
    problem = generate(2, 1)
    across = [
        item
        for item in problem.registrations
        if any(choice.series_id[:3] != item.id[:3] for choice in item.choices)
    ]
    assert 0 < len(across) < len(problem.registrations) / 2
    both = [
        lead for lead in problem.facilitators if {"area-1", "area-2"} <= lead.skills
    ]
    assert 0 < len(both) < len(problem.facilitators) / 2


def test_ids_and_words_say_nothing() -> None:
    problem = generate(0.3, 1)
    words = {
        word
        for lead in problem.facilitators
        for word in lead.roles | lead.skills | {lead.organisation_id}
    } | {word for room in problem.rooms for word in room.features}
    pattern = re.compile(r"(role|skill|feature|area|org)-(\w{1,3}|conversation)")
    assert words
    assert all(pattern.fullmatch(word) for word in words)


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"scale": 0}, "scale 0"),
        ({"scale": 1.5}, "scale 1.5"),
        ({"scale": 101}, "scale 101"),
        ({"mode": "month"}, "month"),
        ({"regime": "easy"}, "easy"),
    ],
)
def test_unknown_settings_are_refused(facts: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(named)):
        generate(**facts)  # type: ignore[arg-type]
