"""Tiny problems and every plan of them: the bench on which rules are tested alone.

Enumeration knows the facts only and uses none of the solver's filters, so a filter
that hides too much or too little is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, combinations, product
from typing import Any

from scheduling.solver.horizon import SLOTS_PER_DAY, Horizon, WeeklyWindow
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Allocation, Meeting, Placement, Plan, SolveStatus
from scheduling.solver.problem import (
    Choice,
    DatePattern,
    Facilitator,
    Person,
    Place,
    PlanningProblem,
    Registration,
    Room,
    Series,
    StaffNeed,
)
from scheduling.solver.rule import Constraint

MONDAY = date(2026, 11, 30)
ALL_WEEK = tuple(WeeklyWindow(day, 0, SLOTS_PER_DAY) for day in range(7))
NINE, TEN, ELEVEN, TWO, SEVEN = 36, 40, 44, 56, 76
HOUR = 4


def series(name: str, **facts: Any) -> Series:
    """A series of one hour on day 0, any quarter of the day that is a whole hour."""
    defaults: dict[str, Any] = {
        "length": HOUR,
        "date_patterns": (DatePattern((0,)),),
        "windows": ALL_WEEK,
        "staff": (),
        "size_min": 0,
        "size_max": 8,
        "start_step": HOUR,
    }
    return Series(id=name, **{**defaults, **facts})


def registration(name: str, *choices: str, **facts: Any) -> Registration:
    """A registration of person ``p-<name>`` for the series named, in that order."""
    person_id = facts.pop("person_id", f"p-{name}")
    ranked = tuple(Choice(item, rank) for rank, item in enumerate(choices, 1))
    return Registration(id=name, person_id=person_id, choices=ranked, **facts)


def facilitator(name: str, *roles: str, **facts: Any) -> Facilitator:
    """A facilitator of organisation ``o1`` who is always free."""
    facts.setdefault("organisation_id", "o1")
    return Facilitator(id=name, roles=frozenset(roles or ("guide",)), **facts)


def need(count: int = 1, *roles: str, **facts: Any) -> StaffNeed:
    return StaffNeed(roles=frozenset(roles or ("guide",)), count=count, **facts)


def room(name: str, place_id: str = "x", capacity: int = 10, **facts: Any) -> Room:
    return Room(id=name, place_id=place_id, capacity=capacity, **facts)


def problem(**facts: Any) -> PlanningProblem:
    """A problem of two weeks; persons that registrations name are added as needed.

    Places ``x`` and ``y`` lie 30 minutes apart unless ``places`` says otherwise.
    """
    facts.setdefault("id", "tiny")
    facts.setdefault("horizon", Horizon(MONDAY, 14))
    if "places" not in facts:
        facts["places"] = (Place("x", "east"), Place("y", "west"))
        facts["travel_minutes"] = ((0, 30), (30, 0))
    persons = {item.id: item for item in facts.pop("persons", ())}
    for item in facts.get("registrations", ()):
        persons.setdefault(item.person_id, Person(item.person_id))
    for item in facts.get("series", ()):
        for member in item.members:
            persons.setdefault(member, Person(member))
    return PlanningProblem(persons=tuple(persons.values()), **facts)


def placed(
    item: Series,
    quarter: int,
    room_id: str | None = None,
    *leaders: str,
    pattern: int = 0,
) -> Placement:
    """A placement of a series at a quarter of the day, on a date pattern's days."""
    if item.is_self_paced:
        return Placement(item.id, (), leaders)
    return Placement(
        item.id,
        tuple(
            Meeting(day * SLOTS_PER_DAY + quarter, room_id, tuple(sorted(leaders)))
            for day in item.date_patterns[pattern].days
        ),
    )


def plan(
    placements: Iterable[Placement] = (), seats: Iterable[tuple[str, str]] = ()
) -> Plan:
    """A plan from placements and (registration, series) pairs."""
    return Plan(
        "tiny", tuple(placements), tuple(Allocation(one, other) for one, other in seats)
    )


def every_plan(
    facts: PlanningProblem,
    quarters: Sequence[int] = (NINE, TEN),
    leader_counts: Sequence[int] = (0, 1, 2),
) -> Iterator[Plan]:
    """Every plan: each series unplaced or on any pattern, quarter, room and leaders,
    each registration unseated or in any placed series it chose."""
    for placements in product(
        *(_placements(facts, item, quarters, leader_counts) for item in facts.series)
    ):
        held = [item for item in placements if item is not None]
        names = {item.series_id for item in held}
        seats = [
            [None, *(c.series_id for c in item.choices if c.series_id in names)]
            for item in facts.registrations
        ]
        for chosen in product(*seats):
            yield plan(
                held,
                [
                    (item.id, series_id)
                    for item, series_id in zip(facts.registrations, chosen, strict=True)
                    if series_id is not None
                ],
            )


def _placements(
    facts: PlanningProblem,
    item: Series,
    quarters: Sequence[int],
    leader_counts: Sequence[int],
) -> list[Placement | None]:
    names = [lead.id for lead in facts.facilitators]
    teams = list(
        chain.from_iterable(combinations(names, size) for size in leader_counts)
    )
    if item.is_self_paced:
        return [None, *(placed(item, 0, None, *team) for team in teams)]
    rooms = [one.id for one in facts.rooms] if item.needs_room else [None]
    return [
        None,
        *(
            placed(item, quarter, room_id, *team, pattern=number)
            for number in range(len(item.date_patterns))
            for quarter in quarters
            for room_id in rooms
            for team in teams
        ),
    ]


def model_allows(
    facts: PlanningProblem, constraints: Sequence[Constraint], one: Plan
) -> bool:
    """Whether the model with these rules can take exactly this plan.

    Fails loudly when the engine proves neither.
    """
    model = PlanningModel(facts, constraints)
    model.fix(one)
    status = model.solve(seconds=10).status
    assert status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), status
    return status is SolveStatus.OPTIMAL


def check_judges_agree(
    facts: PlanningProblem,
    rule: Constraint,
    quarters: Sequence[int] = (NINE, TEN),
    leader_counts: Sequence[int] = (0, 1, 2),
) -> tuple[int, int]:
    """Compare encoder and judge on every plan; (allowed, refused) counts, both > 0."""
    counts = {True: 0, False: 0}
    for one in every_plan(facts, quarters, leader_counts):
        judged = not list(rule.violations(facts, one))
        allowed = model_allows(facts, [rule], one)
        assert allowed == judged, (
            f"{rule.id}: model {'allows' if allowed else 'refuses'}, "
            f"judge {'allows' if judged else 'refuses'} {one}"
        )
        counts[judged] += 1
    assert min(counts.values()) > 0, f"{rule.id}: the problem tests nothing"
    return counts[True], counts[False]


def check_necessary(
    facts: PlanningProblem,
    rule: Constraint,
    others: Iterable[Constraint],
    quarters: Sequence[int] = (NINE, TEN),
    leader_counts: Sequence[int] = (0, 1, 2),
) -> Plan:
    """A plan that breaks this rule and no other; fails when there is none."""
    rest = [other for other in others if other.id != rule.id]
    for one in every_plan(facts, quarters, leader_counts):
        if any(True for _ in rule.violations(facts, one)) and not any(
            True for other in rest for _ in other.violations(facts, one)
        ):
            return one
    raise AssertionError(f"{rule.id} forbids nothing that no other rule forbids")


def with_facts(facts: PlanningProblem, **changes: Any) -> PlanningProblem:
    """The problem with some facts changed."""
    return replace(facts, **changes)
