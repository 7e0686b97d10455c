"""Invented facilitators: 60 experts with one or two half-days, 28 social workers and
27 clinicians a region, each with a few skills and the area they work in."""

from __future__ import annotations

from random import Random

from scheduling.solver.generate.region import (
    HALF_DAYS,
    HalfDay,
    Site,
    draws,
    neighbours,
    window,
)
from scheduling.solver.generate.subjects import (
    CLINIC,
    EXPERT,
    SOCIAL,
    Subject,
    area,
)
from scheduling.solver.horizon import SLOTS_PER_DAY, Availability, Span
from scheduling.solver.problem import Facilitator, LoadLimits

STAFF = ((EXPERT, 60), (SOCIAL, 28), (CLINIC, 27))
CONVERSATION = "skill-conversation"
_ORGANISATIONS = {EXPERT: 2, SOCIAL: 4, CLINIC: 2}
_HALF_DAYS = {EXPERT: (1, 2), SOCIAL: (4, 6), CLINIC: (3, 5)}
_SKILLS = {EXPERT: (1, 3), SOCIAL: (0, 1), CLINIC: (1, 2)}
_PART_WEIGHTS = {
    EXPERT: (1.0, 1.1, 0.8),
    SOCIAL: (1.0, 1.0, 0.45),
    CLINIC: (1.0, 1.0, 0.3),
}
_LOADS = {
    EXPERT: LoadLimits(300, 2, None, 2, 240, 15),
    SOCIAL: LoadLimits(600, 3, 600, 4, 240, 15),
    CLINIC: LoadLimits(540, 3, 600, 4, 240, 15),
}


def make_staff(
    seed: str,
    sites: tuple[Site, ...],
    cluster: int,
    clusters: int,
    day_count: int,
    share: float,
    subjects: tuple[Subject, ...],
) -> list[Facilitator]:
    """Facilitators of a cluster. With a ``share`` under 1 every role keeps as many."""
    rng = draws(seed, "staff", cluster)
    found: list[Facilitator] = []
    number = cluster * sum(count for _, count in STAFF)
    homes = [site for site in sites if site.cluster == cluster]
    for role, count in STAFF:
        kept = set(rng.sample(range(count), round(count * share)))
        for position in range(count):
            number += 1
            lead = _make_one(
                rng,
                f"lead-{number:04}",
                role,
                homes,
                cluster,
                clusters,
                day_count,
                subjects,
            )
            if position in kept:
                found.append(lead)
    return found


def _make_one(
    rng: Random,
    ident: str,
    role: str,
    homes: list[Site],
    cluster: int,
    clusters: int,
    day_count: int,
    subjects: tuple[Subject, ...],
) -> Facilitator:
    half_days = _draw_half_days(rng, role)
    own = [item for item in subjects if item.leads == role]
    known = rng.sample(own, min(len(own), rng.randint(*_SKILLS[role])))
    skills = {subject.skill for subject in known} | {area(cluster)}
    if clusters > 1 and rng.random() < 0.2:
        skills.add(area(rng.choice(neighbours(cluster, clusters))))
    if rng.random() < 0.6:
        skills.add(CONVERSATION)
    blocked: tuple[Span, ...] = ()
    if day_count > 7 and rng.random() < 0.08:
        first = rng.randrange(day_count - 7) * SLOTS_PER_DAY
        blocked = (Span(first, first + 5 * SLOTS_PER_DAY),)
    organisation = rng.randrange(_ORGANISATIONS[role])
    return Facilitator(
        ident,
        f"org-{role[-1]}{organisation + 1}",
        frozenset({role}),
        frozenset(skills),
        Availability(tuple(window(item) for item in half_days), (), blocked),
        _LOADS[role],
        rng.choice(homes).place.id,
    )


def _draw_half_days(rng: Random, role: str) -> list[HalfDay]:
    weights = [
        _PART_WEIGHTS[role][part] * (0.4 if weekday == 5 else 1)
        for weekday, part in HALF_DAYS
    ]
    wanted: set[HalfDay] = set()
    goal = rng.randint(*_HALF_DAYS[role])
    while len(wanted) < goal:
        wanted.add(rng.choices(HALF_DAYS, weights)[0])
    return sorted(wanted)
