"""Leaders of the demo: experts by experience, social workers and ggz professionals."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from courses.demo.clock import (
    AFTERNOON,
    EVENING,
    MORNING,
    HalfDay,
    half_days,
    window_lines,
)
from courses.demo.data import Line, draws, lines
from courses.demo.people import SPEAKS, Names
from courses.demo.region import Region, Spot

EXPERT, SOCIAL, TRAINER, HOST = (
    "expert_by_experience",
    "social_worker",
    "trainer",
    "host",
)
GGZ, PRACTITIONER, COACH = "ggz_professional", "practitioner", "coach"
EXPERTS, SOCIAL_WORKERS, CARERS = 60, 28, 27
VOLUNTEER_PARTS = {MORNING: 36, AFTERNOON: 36, EVENING: 28}
WORKER_PARTS = {MORNING: 42, AFTERNOON: 42, EVENING: 16}
WELFARE = {
    "samenwel": "GM0150",
    "raalte-verbindt": "GM0177",
    "dorpskracht": "GM1773",
    "voorst-samen": "GM0285",
}
PAIRED = (("wrap", 8), ("hdjz", 8), ("hop", 4))
"""Trainings that always come with a partner, and how many experts have them."""


@dataclass
class Leader:
    """A leader, what he or she may do, and what is asked already each week.

    `load` holds, by weekday, (start, end, centre code or "") of what is led.
    """

    code: str
    name: str
    organisation: str
    roles: frozenset[str]
    home: Spot
    birth_year: int
    when: list[HalfDay]
    limits: dict[str, int]
    gender: str = ""
    languages: tuple[str, ...] = ("nl",)
    trained: set[str] = field(default_factory=set)
    load: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)

    @property
    def minutes_a_week(self) -> int:
        return sum(
            end - start for day in self.load.values() for start, end, _where in day
        )


def make_leaders(region: Region, scale: float, seed: int) -> list[Leader]:
    """All leaders, in the proportions of the region."""
    rng = draws(seed, "leaders")
    names = Names(seed, "leaders")
    found = [
        *(
            _expert(region, rng, names, n)
            for n in range(max(8, round(EXPERTS * scale)))
        ),
        *(
            _social_worker(region, rng, names, n)
            for n in range(max(4, round(SOCIAL_WORKERS * scale)))
        ),
        *(_carer(region, rng, names, n) for n in range(max(5, round(CARERS * scale)))),
    ]
    for number, leader in enumerate(found, start=1):
        leader.code = f"b-{number:03}"
    _train(found, rng, scale)
    return found


def _expert(region: Region, rng: Random, names: Names, number: int) -> Leader:
    home = names.home(region)
    born = rng.randint(1952, 1999)
    # Groups in Turkish and Arabic are led by who speaks it.
    origin = {7: "tr", 16: "ar"}.get(number % 20) or names.origin()
    roles = {EXPERT}
    if number % 6 == 0:
        roles.add(HOST)
    days = half_days(rng, rng.choice((1, 2, 2)), VOLUNTEER_PARTS)
    limits = {
        "max_minutes_per_week": 360,
        "max_sessions_per_day": 2,
        "max_span_minutes_per_day": 510,
        "max_days_per_week": 2,
    }
    name = names.person(born, origin)
    return Leader(
        "",
        name,
        "de-overhaal",
        frozenset(roles),
        home,
        born,
        days,
        limits,
        names.gender_of(name),
        ("nl", SPEAKS[origin]) if origin in SPEAKS else ("nl",),
    )


def _social_worker(region: Region, rng: Random, names: Names, number: int) -> Leader:
    organisation = list(WELFARE)[(0, 0, 0, 1, 1, 2, 3)[number % 7]]
    home = names.home(region, WELFARE[organisation])
    born = rng.randint(1962, 2000)
    roles = {SOCIAL, TRAINER} if number % 3 == 0 else {SOCIAL}
    limits = {
        "max_minutes_per_week": 720,
        "max_sessions_per_day": 3,
        "max_span_minutes_per_day": 600,
        "max_days_per_week": 4,
        "max_block_minutes": 300,
    }
    return Leader(
        "",
        names.person(born),
        organisation,
        frozenset(roles),
        home,
        born,
        half_days(rng, rng.randint(4, 6), WORKER_PARTS),
        limits,
    )


def _carer(region: Region, rng: Random, names: Names, number: int) -> Leader:
    home = names.home(region)
    born = rng.randint(1960, 1998)
    # A few work in the community team: they join conversations, not treatment.
    roles = {GGZ} if number % 5 == 4 else {GGZ, PRACTITIONER}
    if number % 9 == 0:
        roles.add(COACH)
    limits = {
        "max_minutes_per_week": 960,
        "max_sessions_per_day": 4,
        "max_span_minutes_per_day": 600,
        "max_days_per_week": 4,
        "max_block_minutes": 300,
    }
    return Leader(
        "",
        names.person(born),
        "ijsselstroom",
        frozenset(roles),
        home,
        born,
        half_days(rng, rng.randint(5, 8), WORKER_PARTS),
        limits,
    )


def _train(leaders: list[Leader], rng: Random, scale: float) -> None:
    """Hand out certificates; partners in a training share a half-day."""
    experts = [one for one in leaders if EXPERT in one.roles]
    rng.shuffle(experts)
    place = 0
    for course, number in PAIRED:
        for _pair in range(max(1, round(number * scale / 2))):
            one, other = (experts[(place + step) % len(experts)] for step in (0, 1))
            place += 2
            one.trained.add(course)
            other.trained.add(course)
            shared = one.when[0]
            if shared not in other.when:
                other.when = sorted({shared, *other.when[1:]})
    for one in experts[: max(1, round(4 * scale))]:
        one.trained.add("zingeving")
    carers = [one for one in leaders if PRACTITIONER in one.roles]
    for course in ("mbct", "vers", "schema", "mbt"):
        for one in rng.sample(carers, max(2, round(7 * scale))):
            one.trained.add(course)


def leader_tables(leaders: list[Leader]) -> dict[str, list[Line]]:
    """Sheets about leaders."""
    return {
        "qualifications": lines("qualifications"),
        "facilitators": [
            {
                "code": one.code,
                "organisation": one.organisation,
                "call_name": one.name,
                "contact_channel": "email",
                "contact_address": f"{one.code}@begeleiders.example.org",
                "postcode4": one.home.postcode4,
                "home": one.home.name,
                "languages": ";".join(one.languages),
                "birth_year": str(one.birth_year),
                "staff_roles": ";".join(sorted(one.roles)),
                "travel_base": one.home.name,
                **{name: str(value) for name, value in one.limits.items()},
            }
            for one in leaders
        ],
        "certificates": [
            {"facilitator": one.code, "qualification": course}
            for one in leaders
            for course in sorted(one.trained)
        ],
        "availability": [
            line
            for one in leaders
            for line in window_lines("person", one.code, one.when)
        ],
    }
