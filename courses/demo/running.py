"""Which series run: courses, peer groups, drop-ins and treatment, in their numbers."""

from __future__ import annotations

from courses.demo.agenda import Agenda
from courses.demo.data import lines
from courses.demo.offer import Offering


def fill(agenda: Agenda, offers: dict[str, Offering], scale: float) -> None:
    """Lay the running series; what needs rare leaders goes first."""
    for part, meets in (
        ("course", True),
        ("treatment", True),
        ("drop-in", True),
        ("peers-weekly", True),
        ("peers-fortnightly", True),
        ("peers-fortnightly", False),
    ):
        for name in scaled(mix(part), scale):
            agenda.add(offers[name], meets=meets)


def mix(part: str) -> list[str]:
    """The offerings of one part of the week, each as often as it is held."""
    return [
        line["offering"]
        for line in lines("mix")
        if line["part"] == part
        for _time in range(int(line["number"]))
    ]


def scaled(names: list[str], scale: float) -> list[str]:
    """The list made longer or shorter, keeping its mix."""
    number = max(1, round(len(names) * scale))
    if number <= len(names):
        return [names[place * len(names) // number] for place in range(number)]
    return [names[place % len(names)] for place in range(number)]
