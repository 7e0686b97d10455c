"""Places, houses and rooms of the demo region, and how far they lie apart."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

from courses.demo.clock import DAYS, minutes
from courses.demo.data import Line, draws, lines, listed, without, yes
from rooms.selectors import SPEEDS_KMH, START_MINUTES, estimated_minutes

CENTRES_AT_SCALE_1 = 36
LABELS = {
    "self-direction-centre": "Zelfregiepunt",
    "ggz-site": "IJsselstroom, locatie",
    "health-centre": "Gezondheidscentrum",
    "library": "Bibliotheek",
    "neighbourhood-centre": "Buurtcentrum",
    "culture-house": "Kulturhus",
    "village-hall": "Dorpshuis",
}
WORDS = (
    "De Populier De Iepenhof Het Bruggetje De Kievit De Grutto Het Klokhuis De Haven "
    "De Meent De Brink De Esch De Boomgaard Het Sluisje De Wetering De Leeuwerik "
    "De Ooievaar Het Molenhuis De Wagenmaker De Kruidentuin De Zandkuil De Waterlelie"
)
"""Names for the houses that a larger region has beside the first ones."""
EASY = "step-free;accessible-toilet"
ROOM_KINDS: dict[str, tuple[tuple[str, int, str], ...]] = {
    "self-direction-centre": (
        ("Huiskamer", 16, "step-free;accessible-toilet;private;kitchen;internet"),
        ("Atelier|Werkplaats", 14, "step-free;private;open-floor"),
        ("Stille kamer", 12, "step-free;quiet;private;internet"),
        ("Gesprekskamer", 6, "step-free;quiet;private"),
    ),
    "ggz-site": (
        ("Groepsruimte A", 14, "step-free;accessible-toilet;private;screen;quiet"),
        ("Groepsruimte B", 16, "step-free;private;screen;quiet;open-floor"),
        ("Spreekkamer 1", 6, "step-free;accessible-toilet;private;quiet;internet"),
        ("Spreekkamer 2", 5, "step-free;private;quiet;internet"),
    ),
    "health-centre": (
        ("Vergaderkamer", 12, "step-free;accessible-toilet;lift;private;screen"),
        ("Spreekkamer 3", 5, "step-free;accessible-toilet;lift;private;quiet"),
    ),
    "library": (
        ("Leerzaal", 18, "step-free;accessible-toilet;lift;screen;internet"),
        ("Studiekamer", 8, "step-free;lift;quiet;private;internet"),
    ),
    "neighbourhood-centre": (
        (
            "Grote zaal|Zaal 1|Speelzaal|Wijkzaal",
            40,
            EASY + ";open-floor;hearing-loop",
        ),
        (
            "Tuinkamer|Zonnekamer|Zaal 2|Leeskamer|Serre",
            14,
            "step-free;accessible-toilet;private;quiet",
        ),
        ("Keuken|Buurtkeuken|Kookhoek", 14, "step-free;accessible-toilet;kitchen"),
        ("Overlegkamer|Spreekkamer", 8, "step-free;private;screen;quiet"),
    ),
    "culture-house": (
        (
            "Theaterzaal|Grote zaal|Foyer",
            80,
            EASY + ";lift;hearing-loop;open-floor",
        ),
        ("Bovenzaal|Muziekzaal|Raadzaal", 18, "lift;step-free;private;screen;quiet"),
        ("Vergaderkamer", 10, "lift;step-free;private;quiet;screen"),
        ("Kookstudio", 14, "step-free;accessible-toilet;kitchen"),
    ),
    "village-hall": (
        ("Dorpszaal|Grote zaal", 60, "step-free;accessible-toilet;open-floor;kitchen"),
        ("Opkamer|Bestuurskamer|Jachtkamer|Haardkamer", 14, "private;quiet"),
        ("Vergaderhoek", 8, "step-free;screen"),
    ),
}
PRICES = {
    "village-hall": 2500,
    "culture-house": 4500,
    "library": 3500,
    "health-centre": 3000,
    "neighbourhood-centre": 2000,
}
"""Euro cents per half-day; own rooms of ggz and self-direction centres cost nothing."""


@dataclass(frozen=True)
class Spot:
    """A point on the map; `pk` as `rooms.travel` asks for."""

    pk: int
    name: str
    municipality: str
    lat: float
    lon: float
    postcode4: str = ""
    people: int = 0


@dataclass(frozen=True)
class Centre:
    """A house with rooms; `hours` are (from, until) in minutes by weekday 0-4."""

    code: str
    name: str
    kind: str
    organisation: str
    priority: str
    place: Spot
    spot: Spot
    bookable: str
    hours: dict[int, list[tuple[int, int]]] = field(hash=False)
    keeps_school_holidays: bool = False

    def is_open(self, weekday: int, start: int, end: int) -> bool:
        return any(
            first <= start and end <= last
            for first, last in self.hours.get(weekday, ())
        )


@dataclass(frozen=True)
class Room:
    """A room of a centre."""

    centre: Centre
    name: str
    capacity: int
    features: frozenset[str]

    @property
    def code(self) -> str:
        return f"{self.centre.code}/{self.name}"


class Region:
    """The ground of the demo: its tables, and questions about it."""

    def __init__(self, scale: float, seed: int) -> None:
        self.places = [
            Spot(
                number,
                line["name"],
                line["municipality"],
                float(line["lat"]),
                float(line["lon"]),
                line["postcode4"],
                int(line["people"]),
            )
            for number, line in enumerate(lines("places"), start=1)
        ]
        self.place_of = {one.name: one for one in self.places}
        self.written: dict[tuple[str, str], int] = {}
        for line in lines("travel_times"):
            pair = (line["from_place"], line["to_place"])
            self.written[pair] = self.written[pair[::-1]] = int(line["minutes"])
        rng = draws(seed, "region")
        self.hours = _hours()
        self.centre_lines = _centre_lines(scale, rng)
        self.centres = [
            self._centre(number, line, rng)
            for number, line in enumerate(self.centre_lines, start=1)
        ]
        self.rooms = [
            room
            for centre, line in zip(self.centres, self.centre_lines, strict=True)
            for room in _rooms(centre, int(line["rooms"]), rng)
        ]
        self._car: dict[tuple[int, int], int] = {}

    def _centre(self, number: int, line: Line, rng: Random) -> Centre:
        place = self.place_of[line["place"]]
        spot = Spot(
            -number,
            line["name"],
            place.municipality,
            round(place.lat + rng.uniform(-0.003, 0.003), 5),
            round(place.lon + rng.uniform(-0.005, 0.005), 5),
        )
        return Centre(
            line["code"],
            line["name"],
            line["kind"],
            line["organisation"],
            line["priority_organisation"],
            place,
            spot,
            line["bookable"],
            self.hours[line["hours"]],
            line["closes_on_school_holidays"] == "yes",
        )

    def car_minutes(self, home: Spot, centre: Centre) -> int:
        """Minutes by car from a place to a centre, as the planner counts them."""
        key = (home.pk, centre.spot.pk)
        if key not in self._car:
            estimate = estimated_minutes(home, centre.spot, "car")
            self._car[key] = self.written.get((home.name, centre.place.name), estimate)
        return self._car[key]

    def between(self, one: Centre, other: Centre) -> int:
        """Minutes by car between two centres; none within a house."""
        if one.code == other.code:
            return 0
        return self.written.get(
            (one.place.name, other.place.name),
            estimated_minutes(one.spot, other.spot, "car"),
        )

    def within_reach(
        self, home: Spot, centre: Centre, limit_minutes: int, mode: str
    ) -> bool:
        """Whether a resident can travel there, with two minutes to spare."""
        moving = max(0, limit_minutes - START_MINUTES.get(mode, 0))
        by_car = int(moving * SPEEDS_KMH[mode] / SPEEDS_KMH["car"])
        return self.car_minutes(home, centre) + 2 <= by_car + START_MINUTES["car"]

    def kilometres(self, one: Spot, other: Spot) -> float:
        """Roughly, on the flat."""
        north = (one.lat - other.lat) * 111.2
        east = (one.lon - other.lon) * 111.2 * math.cos(math.radians(one.lat))
        return math.hypot(north, east)

    def tables(self) -> dict[str, list[Line]]:
        """Sheets about the ground."""
        return {
            "organisations": lines("organisations"),
            "municipalities": lines("municipalities"),
            "places": [without(one, "people") for one in lines("places")],
            "travel_times": lines("travel_times"),
            "centres": [
                without(line, "hours", "rooms")
                | {
                    "lat": str(centre.spot.lat),
                    "lon": str(centre.spot.lon),
                    "closes_on_school_holidays": yes(centre.keeps_school_holidays),
                }
                for centre, line in zip(self.centres, self.centre_lines, strict=True)
            ],
            "opening_hours": [
                without(one, "pattern") | {"centre": line["code"]}
                for line in self.centre_lines
                for one in lines("hours")
                if one["pattern"] == line["hours"]
            ],
            "rooms": [
                {
                    "centre": room.centre.code,
                    "name": room.name,
                    "capacity": str(room.capacity),
                    "features": ";".join(sorted(room.features)),
                    "price_per_half_day_cents": str(PRICES.get(room.centre.kind, 0)),
                    "changeover_minutes": "15",
                }
                for room in self.rooms
            ],
        }


def _hours() -> dict[str, dict[int, list[tuple[int, int]]]]:
    found: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for line in lines("hours"):
        days = found.setdefault(line["pattern"], {})
        if line["weekday"] in DAYS:
            day = DAYS.index(line["weekday"])
            span = (minutes(line["start"]), minutes(line["end"]))
            days.setdefault(day, []).append(span)
    return found


def _centre_lines(scale: float, rng: Random) -> list[Line]:
    """The hand-written houses; fewer, or more with other names, as the scale asks."""
    base = lines("centres")
    wanted = max(5, round(CENTRES_AT_SCALE_1 * scale))
    if wanted <= len(base):
        return [base[number * len(base) // wanted] for number in range(wanted)]
    names = WORDS.replace(" De ", "|De ").replace(" Het ", "|Het ").split("|")
    found = list(base)
    while len(found) < wanted:
        model = base[len(found) % len(base)]
        number = len(found) // len(base) + 1
        word = names[(len(found) * 7) % len(names)].strip()
        found.append(
            model
            | {
                "code": f"{model['code']}-{number}",
                "name": f"{LABELS[model['kind']]} {word} {model['place']} {number}",
                "address": f"{word.split()[-1]}laan {rng.randint(2, 60)}",
            }
        )
    return found


def _rooms(centre: Centre, number: int, rng: Random) -> list[Room]:
    kinds = ROOM_KINDS[centre.kind]
    found = []
    for name, capacity, features in kinds[:number]:
        # No two houses are quite alike.
        have = {one for one in listed(features) if rng.random() < 0.93}
        if rng.random() < 0.7:
            have.add("internet")
        if centre.place.people > 5000 or rng.random() < 0.3:
            have.add("public-transport")
        size = capacity if capacity < 8 else capacity + rng.choice((-2, 0, 0, 2))
        named = rng.choice(name.split("|"))
        found.append(Room(centre, named, size, frozenset(have)))
    return found
