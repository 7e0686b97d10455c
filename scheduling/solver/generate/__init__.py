"""Invented problems of the size and hardness of real ones, the same for the same seed.

They are what benchmarks and tests are made from: figures follow the region that the
planner was made for, and no person, place or organisation in them exists. ``scale``
joins so many regions, 32 to 36 km apart, whose people and leaders cross the borders.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from random import Random

from scheduling.solver.generate.cluster import Cluster
from scheduling.solver.generate.known import Crowd, make_known
from scheduling.solver.generate.people import (
    ACCOMMODATIONS,
    BASE,
    EVENING_HEAVY,
    make_person,
)
from scheduling.solver.generate.region import (
    ROOMS,
    Site,
    draws,
    make_rooms,
    make_sites,
    neighbours,
    travel_minutes,
)
from scheduling.solver.generate.running import add_running
from scheduling.solver.generate.staff import make_staff
from scheduling.solver.generate.subjects import EXPERT, subjects_for
from scheduling.solver.generate.term import (
    COMPLETED,
    WEEKS,
    Offer,
    add_registrations,
    make_offers,
)
from scheduling.solver.generate.week import (
    add_consultations,
    add_conversations,
    add_waiting,
)
from scheduling.solver.horizon import Horizon
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem, Published

FIRST_DATE = date(2026, 11, 30)
MOST_SCALE = 100


class Mode(StrEnum):
    """What is planned: a term of new series, one week around running groups, or a
    week of groups whose members are known and that only need a time and a room."""

    TERM = "term"
    WEEK = "week"
    KNOWN_MEMBERS = "known-members"


class Regime(StrEnum):
    """What is scarce. Half the leaders, half the rooms, people who only come in the
    evening, people with needs; everything else as in the base."""

    BASE = "base"
    SCARCE_LEADERS = "scarce-leaders"
    SCARCE_ROOMS = "scarce-rooms"
    EVENING_HEAVY = "evening-heavy"
    ACCOMMODATIONS = "accommodations"


MODES = tuple(mode.value for mode in Mode)
REGIMES = tuple(regime.value for regime in Regime)


@dataclass(frozen=True, slots=True)
class _Size:
    """Numbers of one region. Running groups: courses, peer groups, clinical ones."""

    running: tuple[int, int, int]
    askers: int
    conversations: int = 0
    consultations: int = 0


_SIZES = {
    Mode.TERM: _Size((24, 20, 16), 400),
    Mode.WEEK: _Size((21, 28, 28), 370, 26, 15),
}
_HABITS = {
    Regime.EVENING_HEAVY: EVENING_HEAVY,
    Regime.ACCOMMODATIONS: ACCOMMODATIONS,
}
_CROWDS = {
    Regime.SCARCE_ROOMS: Crowd(occupation=0.92),
    Regime.SCARCE_LEADERS: Crowd(leaders=0.6),
    Regime.EVENING_HEAVY: Crowd(windows=0.25),
    Regime.ACCOMMODATIONS: Crowd(features=0.8),
}


def generate(
    scale: float = 1,
    seed: int = 1,
    mode: str = Mode.TERM,
    regime: str = Regime.BASE,
) -> PlanningProblem:
    """An invented problem.

    Parameters: ``scale`` 1 is one region (60 new series and 400 registrations a term,
    118 items a week), n is n regions; between 0 and 1 it is that part of one region.
    ``seed``, ``mode`` and ``regime`` decide the rest; the same four give the same
    problem everywhere. Raises ``ValueError`` for values that are none of these.
    """
    kind, scarcity = Mode(mode), Regime(regime)
    if not 0 < scale <= MOST_SCALE or (scale > 1 and scale != int(scale)):
        raise ValueError(
            f"scale {scale} should be a whole number up to {MOST_SCALE}, or a part of 1"
        )
    if kind is Mode.KNOWN_MEMBERS:
        return generate_known(scale, seed, regime)[0]
    clusters, share = max(1, int(scale)), min(1.0, scale)
    key = f"{seed}/{kind.value}"
    days = 7 if kind is Mode.WEEK else 7 * WEEKS
    sites = make_sites(key, clusters, 2 if share < 0.5 else None)
    made = [
        _make_cluster(key, sites, number, clusters, days, share, kind, scarcity)
        for number in range(clusters)
    ]
    if kind is Mode.TERM:
        _add_term(key, made)
    else:
        for cluster in made:
            _add_week(key, cluster, share)
    ident = f"{kind.value}-{scale:g}x-{scarcity.value}-seed-{seed}"
    return _joined(ident, Horizon(FIRST_DATE, days), sites, made)


def generate_known(
    scale: float = 1, seed: int = 1, regime: str = Regime.BASE
) -> tuple[PlanningProblem, Plan]:
    """Some 300 groups a region with known members, and a timetable that holds them all.

    Parameters: as of ``generate``. Every rule holds in the timetable, so nobody can say
    of the problem that it has no answer; nothing is said of how comfortable one is.
    """
    clusters, share = max(1, int(scale)), min(1.0, scale)
    ident = f"{Mode.KNOWN_MEMBERS.value}-{scale:g}x-{regime}-seed-{seed}"
    key = f"{seed}/{Mode.KNOWN_MEMBERS.value}/{regime}"
    crowd = _CROWDS.get(Regime(regime), Crowd())
    return make_known(key, ident, Horizon(FIRST_DATE, 7), clusters, share, crowd)


def _make_cluster(
    key: str,
    sites: tuple[Site, ...],
    number: int,
    clusters: int,
    days: int,
    share: float,
    mode: Mode,
    regime: Regime,
) -> Cluster:
    """A region with its rooms, staff, askers and running groups."""
    # A small part of a region has few who know each subject: give it some more.
    stock = min(1.0, 2 * share) if share < 0.5 else share
    rooms = stock * (0.5 if regime is Regime.SCARCE_ROOMS else 1)
    leaders = stock * (0.5 if regime is Regime.SCARCE_LEADERS else 1)
    size, habits = _SIZES[mode], _HABITS.get(regime, BASE)
    subjects = subjects_for(share)
    pairs = make_rooms(key, sites, number, days, max(2, round(ROOMS * rooms)))
    cluster = Cluster(
        number,
        f"c{number + 1}-",
        Horizon(FIRST_DATE, days),
        habits,
        sites,
        tuple(room for room, _ in pairs),
        make_staff(key, sites, number, clusters, days, leaders, subjects),
        subjects,
    )
    _add_askers(draws(key, "askers", number), cluster, round(size.askers * share))
    courses, peers, clinical = (round(count * share) for count in size.running)
    add_running(draws(key, "running", number), cluster, courses, peers, clinical)
    return cluster


def _add_askers(rng: Random, cluster: Cluster, count: int) -> None:
    """People who wait; a few of them lead groups themselves."""
    for number in range(1, count + 1):
        ident = f"{cluster.word}person-{number:04}"
        home = rng.choice(cluster.own_sites)
        person = make_person(rng, ident, home, cluster.habits, cluster.day_count)
        if rng.random() < 0.8:
            person = replace(person, completed=frozenset({COMPLETED}))
        cluster.askers.append(person)
    experts = [
        index for index, lead in enumerate(cluster.facilitators) if EXPERT in lead.roles
    ]
    both = min(3, len(experts), len(cluster.askers))
    for index, person in zip(
        rng.sample(experts, both), rng.sample(cluster.askers, both), strict=True
    ):
        lead = cluster.facilitators[index]
        cluster.facilitators[index] = replace(lead, person_id=person.id)
        cluster.busy.add(person.id)


def _add_term(key: str, made: list[Cluster]) -> None:
    offers: list[list[Offer]] = []
    for cluster in made:
        rng = draws(key, "series", cluster.number)
        offers.append(make_offers(rng, cluster))
        cluster.series.extend(offer.series for offer in offers[-1])
    for cluster in made:
        rng = draws(key, "registrations", cluster.number)
        within = sorted({cluster.number, *neighbours(cluster.number, len(made))})
        add_registrations(
            rng, cluster, [offer for number in within for offer in offers[number]]
        )


def _add_week(key: str, cluster: Cluster, share: float) -> None:
    rng, size = draws(key, "week", cluster.number), _SIZES[Mode.WEEK]
    groups = list(cluster.series)
    add_conversations(rng, cluster, max(1, round(size.conversations * share)))
    add_consultations(rng, cluster, max(1, round(size.consultations * share)))
    add_waiting(rng, cluster, groups)


def _joined(
    ident: str, horizon: Horizon, sites: tuple[Site, ...], made: list[Cluster]
) -> PlanningProblem:
    return PlanningProblem(
        ident,
        horizon,
        tuple(site.place for site in sites),
        travel_minutes(sites),
        tuple(room for one in made for room in one.rooms),
        tuple(lead for one in made for lead in one.facilitators),
        tuple(person for one in made for person in (*one.askers, *one.members)),
        tuple(series for one in made for series in one.series),
        tuple(item for one in made for item in one.registrations),
        tuple(pair for one in made for pair in one.keep_apart),
        tuple(pair for one in made for pair in one.keep_together),
        tuple(pair for one in made for pair in one.series_order),
        published=Published(
            tuple(placement for one in made for placement in one.placements)
        ),
    )
