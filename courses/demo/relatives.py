"""Invented relatives: about half of those who are referred bring one along."""

from __future__ import annotations

from collections.abc import Collection

from courses.demo.data import Line, draws
from courses.demo.members import Resident
from courses.demo.people import Names

SHARE = 0.5


def relative_lines(
    residents: list[Resident], referred: Collection[str], seed: int
) -> list[Line]:
    """A partner, parent or grown child of some of the referred (their codes)."""
    rng, names = draws(seed, "relatives"), Names(seed, "relatives")
    found: list[Line] = []
    for resident in residents:
        if resident.code not in referred or rng.random() > SHARE:
            continue
        born = min(2005, max(1936, resident.born + rng.choice((-27, -2, 1, 3, 28))))
        code = f"n-{len(found) + 1:04}"
        found.append(
            {
                "code": code,
                "call_name": names.person(born),
                "contact_channel": "email",
                "contact_address": f"{code}@naasten.example.org",
                "postcode4": resident.home.postcode4,
                "home": resident.home.name,
                "birth_year": str(born),
                "resident": resident.code,
            }
        )
    return found
