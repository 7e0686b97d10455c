"""A single week: conversations and consultations beside groups with free seats."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from scheduling.solver.generate.cluster import Cluster
from scheduling.solver.generate.people import make_person, make_registration, ranked
from scheduling.solver.generate.region import (
    HOURS,
    PARTS,
    HalfDay,
    Site,
    travel,
    window,
)
from scheduling.solver.generate.staff import CONVERSATION
from scheduling.solver.generate.subjects import CLINIC, EXPERT, SOCIAL, area
from scheduling.solver.generate.term import add_pairs
from scheduling.solver.problem import (
    DatePattern,
    Format,
    Person,
    Registration,
    Series,
    StaffNeed,
)

EACH_DAY = tuple(DatePattern((day,)) for day in range(5))
_BY_DAY: tuple[HalfDay, ...] = tuple((day, part) for day in range(5) for part in (0, 1))
_EVENINGS: tuple[HalfDay, ...] = tuple((day, 2) for day in range(4))
_DOORS = {part[0]: hours[0] for part, hours in zip(PARTS, HOURS, strict=True)}
CONSULTATION_WEIGHT = 150
"""Worth of a consultation: that of a seat in the middle need class."""


def add_conversations(rng: Random, cluster: Cluster, count: int) -> None:
    """One-off conversations, each with its own registration and two leaders of
    different organisations."""
    here = frozenset({area(cluster.number)})
    staff = (
        StaffNeed(frozenset({CLINIC}), 1, here),
        StaffNeed(frozenset({SOCIAL, EXPERT}), 1, here | {CONVERSATION}),
    )
    for number in range(1, count + 1):
        home = rng.choice(cluster.own_sites)
        person = make_person(
            rng, f"{cluster.word}talker-{number:03}", home, cluster.habits, 7
        )
        cluster.members.append(person)
        half_days = _BY_DAY + (_EVENINGS if rng.random() < 0.4 else ())
        ident = f"{cluster.word}talk-{number:03}"
        sites = _near(rng, cluster, home, rng.randint(4, 7))
        cluster.series.append(
            Series(
                ident,
                5,
                EACH_DAY,
                tuple(window(item, HOURS) for item in half_days),
                staff,
                1,
                1,
                place_ids=frozenset(site.place.id for site in sites),
                different_organisations=True,
                guests=1,
            )
        )
        cluster.registrations.append(_conversation(rng, cluster, person, ident))


def _conversation(
    rng: Random, cluster: Cluster, person: Person, series_id: str
) -> Registration:
    waiting = rng.randint(3, 40)
    registration = make_registration(
        rng, f"{cluster.word}asks-{series_id[-3:]}", person, ranked([series_id]), 1
    )
    return replace(
        registration,
        levels=frozenset({1}),
        urgency=rng.choice((3, 4, 4, 5)),
        waiting_days=waiting,
        target_day=28 - waiting,
        wishes_digital=False,
    )


def _near(rng: Random, cluster: Cluster, home: Site, count: int) -> tuple[Site, ...]:
    around = sorted(cluster.own_sites, key=lambda site: (home.km(site), site.place.id))
    return tuple(rng.sample(around[:12], count))


def add_consultations(rng: Random, cluster: Cluster, count: int) -> None:
    """Talks of half an hour between helpers, without a resident."""
    need = StaffNeed(frozenset({CLINIC}), 1, frozenset({area(cluster.number)}))
    for number in range(1, count + 1):
        online = rng.random() < 0.6
        sites = () if online else _near(rng, cluster, rng.choice(cluster.own_sites), 5)
        cluster.series.append(
            Series(
                f"{cluster.word}advice-{number:03}",
                2,
                EACH_DAY,
                tuple(window(item, HOURS) for item in _BY_DAY),
                (need,),
                0,
                0,
                Format.ONLINE if online else Format.IN_PERSON,
                guests=1,
                place_ids=frozenset(site.place.id for site in sites) or None,
                held_weight=CONSULTATION_WEIGHT,
            )
        )


def add_waiting(rng: Random, cluster: Cluster, groups: list[Series]) -> None:
    """A registration for each asker, for running groups that still take people."""
    taking = [
        series
        for series in groups
        if not series.is_closed
        and series.level == 1
        and len(series.members) < series.size_max
    ]
    wanting: dict[frozenset[str], list[str]] = {}
    for number, person in enumerate(cluster.askers, start=1):
        offered = taking or groups
        if not offered:
            return
        skill = rng.choice(offered).staff[0].skills
        chosen = _draw_groups(rng, cluster, person, offered, skill)
        ident = f"{cluster.word}reg-{number:04}"
        cluster.registrations.append(
            make_registration(rng, ident, person, ranked(chosen), 1)
        )
        wanting.setdefault(skill, []).append(ident)
    add_pairs(rng, cluster, list(wanting.values()))


def _draw_groups(
    rng: Random,
    cluster: Cluster,
    person: Person,
    taking: list[Series],
    skill: frozenset[str],
) -> list[str]:
    """Groups of a subject or near home, most of them at a time that suits."""
    home = cluster.site(person.home_place_id)
    limit = person.travel_limit_minutes or 60
    times = {(item.weekday, item.start) for item in person.availability.weekly}
    scored: list[tuple[float, str]] = []
    for series in taking:
        if person.id in series.members:
            continue
        journey = min(
            (travel(home, cluster.site(ident)) for ident in series.place_ids or ()),
            default=0,
        )
        when = series.windows[0]
        suits = (when.weekday, _DOORS[when.start]) in times
        chance = 1.0 if suits else 0.3
        chance *= 1.0 if journey <= limit else 0.1
        chance *= 1.0 if series.staff[0].skills == skill else 0.9
        if rng.random() < chance:
            scored.append((journey + rng.uniform(0, 20), series.id))
    if not scored:
        scored.append((0.0, rng.choice(taking).id))
    return [ident for _, ident in sorted(scored)][:9]
