"""The catalogue of the demo as the generator uses it."""

from __future__ import annotations

from dataclasses import dataclass

from courses.demo.data import Line, lines, listed
from courses.kinds import LevelOfCare, OfferingPolicy, policy_of


@dataclass(frozen=True)
class Need:
    """So many leaders with one of the roles, and a training."""

    roles: frozenset[str]
    trained: str
    count: int
    from_size: int


@dataclass(frozen=True)
class Offering:
    """An offering with its numbers as numbers, and its habits.

    `parts` of the day and kinds of `houses` are what is usual; a group may be for men
    or for women (m, f), leaders included. Empty means any.
    """

    code: str
    kind: str
    themes: tuple[str, ...]
    format: str
    language: str
    size_min: int
    size_max: int
    sessions: int | None
    minutes: int
    every_weeks: int
    follow_up_weeks: int | None
    skips_school_holidays: bool
    features: frozenset[str]
    prerequisite: str
    age_min: int | None
    age_max: int | None
    needs: tuple[Need, ...]
    parts: tuple[str, ...]
    houses: tuple[str, ...]
    gender: str

    @property
    def policy(self) -> OfferingPolicy:
        return policy_of(self.kind)

    @property
    def is_online(self) -> bool:
        return self.format == "online"

    @property
    def level(self) -> int:
        return int(self.policy.level_of_care or LevelOfCare.INTAKE)

    def leaders_when_full(self) -> int:
        """Leaders of the largest group."""
        return sum(one.count for one in self.needs if one.from_size <= self.size_max)


def catalogue() -> dict[str, Offering]:
    """All offerings by code."""
    needs: dict[str, list[Need]] = {}
    for line in lines("staff_needs"):
        needs.setdefault(line["offering"], []).append(
            Need(
                frozenset(listed(line["roles"])),
                line["qualification"],
                int(line["count"]),
                int(line["from_size"]),
            )
        )
    habits = {line["offering"]: line for line in lines("habits")}
    return {
        line["code"]: _offering(
            line, tuple(needs.get(line["code"], ())), habits.get(line["code"], {})
        )
        for line in lines("offerings")
    }


def _offering(line: Line, needs: tuple[Need, ...], habit: Line) -> Offering:
    def number(name: str) -> int | None:
        return int(line[name]) if line[name] else None

    return Offering(
        code=line["code"],
        kind=line["kind"],
        themes=listed(line["themes"]),
        format=line["format"] or "in_person",
        language=line["language"] or "nl",
        size_min=int(line["size_min"]),
        size_max=int(line["size_max"]),
        sessions=number("sessions_count"),
        minutes=number("session_minutes") or 0,
        every_weeks=number("every_weeks") or 1,
        follow_up_weeks=number("follow_up_weeks"),
        skips_school_holidays=line["skips_school_holidays"] != "no",
        features=frozenset(listed(line["required_features"])),
        prerequisite=line["prerequisite"],
        age_min=number("age_min"),
        age_max=number("age_max"),
        needs=needs,
        parts=listed(habit.get("parts", "")),
        houses=listed(habit.get("houses", "")),
        gender=habit.get("gender", ""),
    )


def offer_tables() -> dict[str, list[Line]]:
    """Sheets about the offer."""
    return {name: lines(name) for name in ("themes", "offerings", "staff_needs")}
