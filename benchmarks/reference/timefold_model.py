"""The problem as a Timefold model; runs where Timefold is installed and nothing else.

Reads a task that ``timefold.py`` wrote and answers with what it chose. A group has an
option (dates, hours, room), a post its leader, a seat its group. A seat in a group that
is not held, or at a time its owner cannot come, costs nothing and is worth almost
nothing: so people gather before a group opens, and a group opens in one move.
"""

# Constraint streams name what flows through them, used or not.
# ruff: noqa: ARG005, PLW0108

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    EnvironmentMode,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    TerminationConfig,
)
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

SCALE = 10
"""A seat held counts its worth so often, a seat that waits in a group counts 1."""

SEARCH = """<solver xmlns="https://timefold.ai/xsd/solver">
  <localSearch><localSearchType>TABU_SEARCH</localSearchType></localSearch>
</solver>
"""
"""From the start of a term, seed 1, 30 s: tabu search raised 45,073 to 46,332, late
acceptance (the default) to 45,076."""


@dataclass(eq=False)
class Option:
    """Dates (a bit a day), hours and room for one group.

    ``weeks`` are numbers, 1000 times the week and the minutes in it. ``leads`` and
    ``seats`` have a bit for each who could lead or come then; ``away`` slots of travel
    to each place.
    """

    days: int
    weekday: int
    begin: int
    end: int
    room: int
    changeover: int
    most: int
    place: int
    away: list[int]
    leads: int
    seats: int
    weeks: list[int]


@dataclass(eq=False)
class Series:
    """Where a seat can be: by number."""

    number: int


@planning_entity
@dataclass
class Group:
    """A series, worth ``held`` by itself; ``taken`` seats before anybody new."""

    number: Annotated[int, PlanningId]
    least: int
    taken: int
    held: int
    spread: bool
    options: Annotated[list[Option], ValueRangeProvider(id="options")]
    option: Annotated[
        Option | None,
        PlanningVariable(value_range_provider_refs=["options"], allows_unassigned=True),
    ] = field(default=None)


@dataclass(eq=False)
class Lead:
    """A leader, with minutes left by week, days a week and meetings a day."""

    number: int
    minutes: list[int]
    days: int
    meetings: int
    organisation: int


@planning_entity
@dataclass
class Post:
    """A leader's place in a group, wanted from so many seats on; a bit by leader."""

    number: Annotated[int, PlanningId]
    group: int
    spread: bool
    from_seats: int
    bits: dict[int, int]
    leads: Annotated[list[Lead], ValueRangeProvider(id="leads")]
    lead: Annotated[
        Lead | None,
        PlanningVariable(value_range_provider_refs=["leads"], allows_unassigned=True),
    ] = field(default=None)


@planning_entity
@dataclass
class Seat:
    """A registration, or some that sit together; worth and bits by group."""

    number: Annotated[int, PlanningId]
    size: int
    worth: dict[int, int]
    bits: dict[int, int]
    choices: Annotated[list[Series], ValueRangeProvider(id="choices")]
    where: Annotated[
        Series | None,
        PlanningVariable(value_range_provider_refs=["choices"], allows_unassigned=True),
    ] = field(default=None)


@planning_solution
@dataclass
class Term:
    """Everything that is chosen."""

    groups: Annotated[list[Group], PlanningEntityCollectionProperty]
    posts: Annotated[list[Post], PlanningEntityCollectionProperty]
    seats: Annotated[list[Seat], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


def sits(seat: Seat, group: Group) -> bool:
    """The seat counts: its owner can come then and there."""
    return (group.option.seats & seat.bits[group.number]) == seat.bits[group.number]


def share_room(one: Group, other: Group) -> bool:
    a, b = one.option, other.option
    return (
        (a.days & b.days) != 0
        and a.begin < b.end + b.changeover
        and b.begin < a.end + a.changeover
    )


def clash(one: Group, other: Group) -> bool:
    """Nobody can lead both, the way between included."""
    a, b = one.option, other.option
    if (a.days & b.days) == 0:
        return False
    gap = 0
    if a.place >= 0 and b.place >= 0:
        gap = a.away[b.place]
    return a.begin < b.end + gap and b.begin < a.end + gap


@constraint_provider
def constraints(factory: ConstraintFactory) -> list[Any]:
    seated = (
        factory.for_each(Seat)
        .join(Group, Joiners.equal(lambda s: s.where.number, lambda g: g.number))
        .filter(lambda s, g: sits(s, g))
    )
    sizes = seated.group_by(
        lambda s, g: g, ConstraintCollectors.sum(lambda s, g: s.size)
    )
    leading = factory.for_each(Post).join(
        Group, Joiners.equal(lambda p: p.group, lambda g: g.number)
    )
    return [
        seated.reward(
            HardSoftScore.ONE_SOFT, lambda s, g: SCALE * s.worth[g.number]
        ).as_constraint("seats"),
        factory.for_each(Group)
        .reward(HardSoftScore.ONE_SOFT, lambda g: SCALE * g.held)
        .as_constraint("held"),
        factory.for_each(Seat).reward(HardSoftScore.ONE_SOFT).as_constraint("waiting"),
        sizes.filter(lambda g, n: n < g.least or n > g.option.most)
        .penalize(
            HardSoftScore.ONE_HARD,
            lambda g, n: g.least - n if n < g.least else n - g.option.most,
        )
        .as_constraint("size"),
        factory.for_each(Group)
        .filter(lambda g: g.least > 0)
        .if_not_exists(
            Seat,
            Joiners.equal(lambda g: g.number, lambda s: s.where.number),
            Joiners.filtering(lambda g, s: sits(s, g)),
        )
        .penalize(HardSoftScore.ONE_HARD, lambda g: g.least)
        .as_constraint("nobody"),
        sizes.join(
            factory.for_each_including_unassigned(Post),
            Joiners.equal(lambda g, n: g.number, lambda p: p.group),
        )
        .filter(
            lambda g, n, p: (
                g.taken + n >= p.from_seats
                and (p.lead is None or (g.option.leads & p.bits[p.lead.number]) == 0)
            )
        )
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("staff that grows"),
        factory.for_each(Group)
        .join(
            factory.for_each_including_unassigned(Post),
            Joiners.equal(lambda g: g.number, lambda p: p.group),
        )
        .filter(
            lambda g, p: (
                g.taken >= p.from_seats
                and (p.lead is None or (g.option.leads & p.bits[p.lead.number]) == 0)
            )
        )
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("staff at all"),
        factory.for_each_unique_pair(Group, Joiners.equal(lambda g: g.option.room))
        .filter(lambda a, b: a.option.room >= 0 and share_room(a, b))
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("room"),
        factory.for_each_unique_pair(
            Post,
            Joiners.equal(lambda p: p.group),
            Joiners.equal(lambda p: p.lead.number),
        )
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("twice"),
        factory.for_each_unique_pair(
            Post,
            Joiners.equal(lambda p: p.group),
            Joiners.equal(lambda p: p.lead.organisation),
        )
        .filter(lambda a, b: a.spread)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("organisations"),
        factory.for_each_unique_pair(Post, Joiners.equal(lambda p: p.lead.number))
        .filter(lambda a, b: a.group != b.group)
        .join(Group, Joiners.equal(lambda a, b: a.group, lambda g: g.number))
        .join(Group, Joiners.equal(lambda a, b, g: b.group, lambda h: h.number))
        .filter(lambda a, b, g, h: clash(g, h))
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("leader"),
        leading.map(lambda p, g: p.lead, lambda p, g: g.option.weeks)
        .flatten_last(lambda weeks: weeks)
        .group_by(
            lambda lead, one: lead,
            lambda lead, one: one // 1000,
            ConstraintCollectors.sum(lambda lead, one: one % 1000),
        )
        .filter(lambda lead, week, n: n > lead.minutes[week])
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("minutes"),
        leading.group_by(
            lambda p, g: p.lead,
            ConstraintCollectors.count_distinct(lambda p, g: g.option.weekday),
        )
        .filter(lambda lead, n: n > lead.days)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("days"),
        leading.group_by(
            lambda p, g: p.lead,
            lambda p, g: g.option.weekday,
            ConstraintCollectors.count_bi(),
        )
        .filter(lambda lead, day, n: n > lead.meetings)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("meetings"),
    ]


def read(task: dict[str, Any]) -> Term:
    """The task as objects, each at its place in the start."""
    away = task["away"]
    series = [Series(number) for number in range(len(task["groups"]))]
    leads = [Lead(number, *values) for number, values in enumerate(task["leads"])]
    groups = []
    for number, one in enumerate(task["groups"]):
        options = [Option(*row[:8], away[row[7]], *row[8:]) for row in one["options"]]
        start = options[one["start"]] if one["start"] is not None else None
        groups.append(
            Group(
                number,
                one["least"],
                one["taken"],
                one["held"],
                one["spread"],
                options,
                start,
            )
        )
    posts = [
        Post(
            number,
            one["group"],
            groups[one["group"]].spread,
            one["from_seats"],
            {lead: 1 << bit for lead, bit in one["bits"]},
            [leads[lead] for lead, _ in one["bits"]],
            None if one["start"] is None else leads[one["start"]],
        )
        for number, one in enumerate(task["posts"])
    ]
    seats = [
        Seat(
            number,
            one["size"],
            dict(one["worth"]),
            dict(one["bits"]),
            [series[group] for group, _ in one["worth"]],
            None if one["start"] is None else series[one["start"]],
        )
        for number, one in enumerate(task["seats"])
    ]
    return Term(groups, posts, seats)


def _java() -> str:
    from java.lang import System

    return str(System.getProperty("java.version"))


def main(source: str, target: str) -> None:
    with open(source, encoding="utf-8") as file:
        task = json.load(file)
    term = read(task)
    config = SolverConfig(
        solution_class=Term,
        entity_class_list=[Group, Post, Seat],
        environment_mode=EnvironmentMode.NO_ASSERT,
        random_seed=task["seed"],
        score_director_factory_config=ScoreDirectorFactoryConfig(
            constraint_provider_function=constraints
        ),
        termination_config=TerminationConfig(
            spent_limit=Duration(milliseconds=int(1000 * task["seconds"]))
        ),
        xml_source_text=SEARCH,
    )
    solver = SolverFactory.create(config).build_solver()
    began = time.monotonic()
    found = solver.solve(term)
    answer = {
        "versions": f"timefold {version('timefold')}, java {_java()}",
        "score": str(found.score),
        "seconds": time.monotonic() - began,
        "options": [
            None if one.option is None else one.options.index(one.option)
            for one in found.groups
        ],
        "leads": [None if one.lead is None else one.lead.number for one in found.posts],
        "seats": [
            None if one.where is None else one.where.number for one in found.seats
        ],
    }
    with open(target, "w", encoding="utf-8") as file:
        json.dump(answer, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
