"""New series for the next term, and the conversations to be planned this week."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from courses.demo.agenda import Agenda
from courses.demo.clock import AFTERNOON, DAYS, EVENING, MORNING, window_lines
from courses.demo.data import Line, draws
from courses.demo.offer import Offering
from courses.demo.running import mix, scaled

CONVERSATION, CONVERSATIONS = "verkennend-gesprek", 26
CONSULTATION, CONSULTATIONS = "meedenken", 15
TERM_STARTS_AFTER = timedelta(weeks=7)
EVENING_ONLY, DAY_ONLY = 0.2, 0.25


def term_start(monday: date) -> date:
    """The Monday on which the next term begins."""
    return monday + TERM_STARTS_AFTER


def new_series(
    agenda: Agenda, offers: dict[str, Offering], scale: float, seed: int
) -> dict[str, list[Line]]:
    """Sheets of series still to be planned."""
    rng = draws(seed, "term")
    series: list[Line] = []
    hours: list[Line] = []
    numbers: dict[str, int] = {}
    for name in scaled(mix("new"), scale):
        numbers[name] = numbers.get(name, 0) + 1
        code = f"{name}-nieuw-{numbers[name]}"
        offering = offers[name]
        line = {"code": code, "offering": name, "state": "planned"}
        if not offering.policy.self_paced:
            line["earliest_start"] = term_start(agenda.monday).isoformat()
            line["former_leaders"] = _former(agenda, name, rng)
            hours += _hours(code, rng)
        series.append(line)
    for name, number in (
        (CONVERSATION, CONVERSATIONS),
        (CONSULTATION, CONSULTATIONS),
    ):
        series += [
            {
                "code": f"{name}-{agenda.monday:%G-W%V}-{one}",
                "offering": name,
                "state": "planned",
                "earliest_start": agenda.monday.isoformat(),
            }
            for one in range(1, max(1, round(number * scale)) + 1)
        ]
    return {"series": series, "series_hours": hours}


def _former(agenda: Agenda, offering: str, rng: Random) -> str:
    """Leaders of a run that ends before the term, for about half of the new ones."""
    runs = [
        group
        for group in agenda.groups
        if group.offering.code == offering and group.offering.sessions
    ]
    if not runs or rng.random() < 0.5:
        return ""
    return ";".join(one.code for one in rng.choice(runs).leaders)


def _hours(code: str, rng: Random) -> list[Line]:
    draw = rng.random()
    if draw < EVENING_ONLY:
        parts: tuple[str, ...] = (EVENING,)
    elif draw < EVENING_ONLY + DAY_ONLY:
        parts = (MORNING, AFTERNOON)
    else:
        return []
    # Nobody meets on a Friday evening.
    when = [(day, part) for day in range(len(DAYS)) for part in parts]
    return window_lines("series", code, [one for one in when if one != (4, EVENING)])
