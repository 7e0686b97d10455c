"""Residents: who is in a group already, with a home, wishes and needs that fit it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from courses.demo.agenda import Group
from courses.demo.clock import AFTERNOON, EVENING, MORNING, HalfDay, window_lines
from courses.demo.data import Line, draws, yes
from courses.demo.offer import Offering
from courses.demo.people import SPEAKS, Names
from courses.demo.region import Region, Spot

MODES = {"bicycle": 50, "car": 22, "public_transport": 16, "walk": 12}
LIMITS = {"bicycle": (20, 25, 30), "car": (15, 20, 30), "walk": (20, 25, 30)}
LIMITS["public_transport"] = (30, 40, 45)
WORKING, DAYTIME, FLEXIBLE = "working", "daytime", "flexible"
LIVES = {WORKING: 30, DAYTIME: 50, FLEXIBLE: 20}
NEEDS = (
    (("step-free",), 0.06),
    (("step-free", "accessible-toilet"), 0.04),
    (("hearing-loop",), 0.02),
    (("quiet",), 0.07),
)
TRIES = 400


@dataclass
class Resident:
    """A resident; `when` empty means that no hours were told."""

    code: str
    name: str
    born: int
    home: Spot
    languages: tuple[str, ...]
    mode: str
    limit: int
    pace: int
    formats: tuple[str, ...]
    half_days: tuple[str, ...]
    needs: frozenset[str]
    companion: bool
    gender: str = ""
    when: list[HalfDay] = field(default_factory=list)

    def line(self) -> Line:
        return {
            "code": self.code,
            "call_name": self.name,
            "contact_channel": "email",
            "contact_address": f"{self.code}@inwoners.example.org",
            "postcode4": self.home.postcode4,
            "home": self.home.name,
            "languages": ";".join(self.languages),
            "birth_year": str(self.born),
            "travel_limit_minutes": str(self.limit),
            "travel_mode": self.mode,
            "pace_per_week": str(self.pace),
            "format_wishes": ";".join(self.formats),
            "preferred_half_days": ";".join(self.half_days),
            "access_needs": ";".join(sorted(self.needs)),
            "with_companion": yes(self.companion),
        }


class Population:
    """Draws residents and keeps them all."""

    def __init__(self, region: Region, seed: int, year: int) -> None:
        self.region, self.year = region, year
        self.rng: Random = draws(seed, "residents")
        self.names = Names(seed, "residents")
        self.residents: list[Resident] = []

    def draw(self, ages: tuple[int, int] = (18, 82)) -> Resident:
        """A person who is not kept yet."""
        rng = self.rng
        age = int(rng.triangular(ages[0], ages[1], min(44, sum(ages) // 2)))
        origin = self.names.origin()
        mode = rng.choices(list(MODES), list(MODES.values()))[0]
        needs: set[str] = set()
        for codes, share in NEEDS:
            if rng.random() < share:
                needs.update(codes)
        life = (
            FLEXIBLE if age > 67 else rng.choices(list(LIVES), list(LIVES.values()))[0]
        )
        return Resident(
            code="",
            name="",
            born=self.year - age,
            home=self.names.home(self.region),
            languages=_languages(rng, origin),
            mode=mode,
            limit=rng.choice(LIMITS[mode]),
            pace=rng.choices((1, 2, 3), (30, 55, 15))[0],
            formats=_formats(rng),
            half_days=_preferred(rng, life),
            needs=frozenset(needs),
            companion=rng.random() < 0.05,
            gender=rng.choice("mffmf"),
            when=_hours(rng, life),
        )

    def keep(self, resident: Resident) -> Resident:
        """Give a drawn person a name and a code."""
        self.residents.append(resident)
        resident.code = f"i-{len(self.residents):04}"
        origin = next(
            (key for key, value in SPEAKS.items() if value in resident.languages), None
        )
        others = ("nl", "nl", "nl", "nl", "nl", "nl", "nl", "sr", "id", "er")
        resident.name = self.names.person(
            resident.born, origin or self.rng.choice(others), resident.gender
        )
        return resident

    def tables(self) -> dict[str, list[Line]]:
        """Sheets about residents."""
        return {
            "residents": [one.line() for one in self.residents],
            "availability": [
                line
                for one in self.residents
                for line in window_lines("person", one.code, one.when)
            ],
        }


def _languages(rng: Random, origin: str) -> tuple[str, ...]:
    own = SPEAKS.get(origin)
    if own is None:
        return ("nl",) if rng.random() < 0.9 else ("nl", "en")
    return (own,) if rng.random() < 0.3 else ("nl", own)


def _formats(rng: Random) -> tuple[str, ...]:
    wish = rng.random()
    if wish < 0.62:
        return ()
    if wish < 0.82:
        return ("in_person",)
    if wish < 0.93:
        return ("in_person", "online", "digital")
    return ("online", "digital")


def _preferred(rng: Random, life: str) -> tuple[str, ...]:
    if life == WORKING:
        return (EVENING,)
    if rng.random() < 0.4:
        return ()
    return (rng.choice((MORNING, MORNING, AFTERNOON)),)


def _hours(rng: Random, life: str) -> list[HalfDay]:
    """Weekly hours; a quarter of the people told none."""
    if rng.random() < 0.25:
        return []
    if life == WORKING:
        free = {(day, EVENING) for day in range(4) if rng.random() < 0.8}
        free |= {(4, part) for part in (MORNING, AFTERNOON) if rng.random() < 0.4}
    else:
        evening = 0.15 if life == DAYTIME else 0.5
        share = {MORNING: 0.6, AFTERNOON: 0.6, EVENING: evening}
        free = {
            (day, part)
            for day in range(5)
            for part in share
            if (day, part) != (4, EVENING) and rng.random() < share[part]
        }
    return sorted(free or {(1, MORNING), (3, AFTERNOON)})


def fits(offering: Offering, resident: Resident, year: int) -> bool:
    """Age, gender where that matters, language and form."""
    age = year - resident.born
    if not resident.gender.startswith(offering.gender):
        return False
    if offering.language not in resident.languages:
        return False
    if age < (offering.age_min or 18) or age > (offering.age_max or 120):
        return False
    return not resident.formats or offering.format in resident.formats


def fill_groups(
    population: Population, groups: list[Group], monday: date
) -> dict[str, list[Line]]:
    """Put members into running groups; returns their registrations and enrolments."""
    rng = population.rng
    asked: list[Line] = []
    seats: list[Line] = []
    for group in groups:
        offering = group.offering
        if not offering.policy.takes_registrations:
            continue
        for number in range(group.wanted):
            member = _member(population, group)
            if member is None:
                break
            group.members.append(member)
            code = f"m-{group.code}-{number + 1}"
            line = _asked(rng, code, member, group, monday)
            asked.append(line)
            seats.append(
                {
                    "registration": code,
                    "series": group.code,
                    "state": "enrolled",
                    "seat_since": _seat_since(line, group, monday),
                }
            )
        group.let_go()
    return {"registrations": asked, "enrolments": seats}


def _member(population: Population, group: Group) -> Resident | None:
    offering = group.offering
    room = group.room
    ages = (offering.age_min or 18, offering.age_max or 82)
    for _try in range(TRIES):
        one = population.draw(ages)
        if offering.language not in one.languages:
            if offering.language == "nl":
                continue
            one.languages = ("nl", offering.language)
        if not fits(offering, one, population.year):
            continue
        if room is not None:
            if not one.needs <= room.features:
                continue
            if not population.region.within_reach(
                one.home, room.centre, one.limit, one.mode
            ):
                continue
        half_day = (group.weekday, group.part)
        if one.when and half_day not in one.when:
            one.when = sorted({*one.when, half_day})
        return population.keep(one)
    return None


def _seat_since(asked: Line, group: Group, monday: date) -> str:
    """A week before the group began, or at once for whoever asked after that."""
    day = date.fromisoformat(asked["registered_on"])
    before = min(group.dates[0], monday) - timedelta(days=7)
    return max(day, before).isoformat()


def _asked(
    rng: Random, code: str, member: Resident, group: Group, monday: date
) -> Line:
    """The registration by which somebody came in, some weeks before."""
    first = min(group.dates[0], monday)
    day = first - timedelta(days=int(min(160, rng.expovariate(1 / 40))) + 3)
    return {
        "code": code,
        "resident": member.code,
        "registered_on": day.isoformat(),
        "offering": group.offering.code,
        "choices": group.offering.code,
        "state": "placed",
        "need_class": str(rng.choices((2, 3, 4), (20, 60, 20))[0]),
        "allowed_levels": "1;2" if group.offering.level == 2 else "1",
    }
