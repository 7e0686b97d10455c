"""Invented names, ages and homes: the mix of the region, nobody in particular."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from courses.demo.data import draws, lines
from courses.demo.region import Region, Spot

ORIGINS = {
    "nl": 80,
    "tr": 6,
    "ar": 4,
    "pl": 3,
    "uk": 1,
    "er": 1,
    "sr": 3,
    "id": 2,
}
"""Shares of origins among invented people, per hundred."""
INITIALS = "ABBBDDEGGHHHJKKLMMNOPRSSTVVVWWZ"
SPEAKS = {"tr": "tr", "ar": "ar", "pl": "pl", "uk": "uk"}


class Names:
    """Draws people; a first name comes back only with another initial."""

    def __init__(self, seed: int, part: str) -> None:
        self.rng: Random = draws(seed, "names", part)
        self.lists: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        self.gender: dict[str, str] = {}
        for line in lines("names"):
            self.lists[line["origin"]].append(
                (line["name"], int(line["born_from"]), int(line["born_until"]))
            )
            self.gender[line["name"]] = line["gender"]
        self.used: set[str] = set()

    def origin(self) -> str:
        return self.rng.choices(list(ORIGINS), list(ORIGINS.values()))[0]

    def person(self, born: int, origin: str | None = None, gender: str = "") -> str:
        """A name to be called by that fits a year of birth, and a gender if given."""
        known = [
            one
            for one in self.lists[origin or self.origin()]
            if self.gender[one[0]].startswith(gender)
        ]
        fitting = [name for name, first, last in known if first <= born <= last]
        names = fitting or [name for name, _first, _last in known]
        for _try in range(60):
            name = f"{self.rng.choice(names)} {self.rng.choice(INITIALS)}."
            if name not in self.used:
                break
        self.used.add(name)
        return name

    def gender_of(self, name: str) -> str:
        """m or f, by the first name."""
        return self.gender[name.partition(" ")[0]]

    def home(self, region: Region, municipality: str = "") -> Spot:
        """A place to live, by how many people live there."""
        places = [
            one
            for one in region.places
            if not municipality or one.municipality == municipality
        ]
        return self.rng.choices(places, [one.people for one in places])[0]
