"""Timefold, an open local-search solver, on the same problem from our greedy start.

Timefold needs Java 17 and Python 3.10 to 3.12, so it has an environment of its own in
``var/timefold`` (``make timefold``) and runs as a program beside ours. Its open edition
uses one core: with more workers as many run with seeds of their own, and the best
answer counts. Loading Java is not counted: the seconds are those of its search.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.reference.answer import Answer, main
from benchmarks.reference.facts import ANYWHERE, Choices, Facts, Spot
from scheduling.solver.horizon import SLOT_MINUTES, SLOTS_PER_DAY, quarters_in
from scheduling.solver.plan import Allocation, Meeting, Placement, Plan
from scheduling.solver.problem import PlanningProblem, Series
from scheduling.solver.solve import SolveSettings
from scheduling.solver.solve import solve as plan_of

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "var" / "timefold" / "bin" / "python"
MODEL = Path(__file__).with_name("timefold_model.py")
NO_LIMIT = 10**6
SEATS_AT = 9


class Task:
    """The problem in Timefold's terms, and the way back."""

    def __init__(self, facts: Facts, start: Plan) -> None:
        self.facts, self.problem = facts, facts.problem
        self.start = start
        self.lead_ids = [item.id for item in self.problem.facilitators]
        self.lead_number = {name: place for place, name in enumerate(self.lead_ids)}
        self.room_number = {
            item.id: place for place, item in enumerate(self.problem.rooms)
        }
        self.group_number: dict[str, int] = {}
        self.groups: list[dict[str, Any]] = []
        self.keys: list[list[tuple[Spot, int, str | None]]] = []
        self.choices: list[Choices | None] = []
        self.posts: list[dict[str, Any]] = []
        self.wanting: list[dict[str, int]] = []
        for choices in facts.free:
            self._group(choices)
        for series_id, joining in facts.joining.items():
            self._joined(series_id, [item.id for item in joining])
        self.bundles = self._bundles()
        self.seats = [self._seat(names) for names in self.bundles]

    def _group(self, choices: Choices) -> None:
        series, number = choices.series, len(self.groups)
        self.group_number[series.id] = number
        leads = {name: bit for bit, name in enumerate(choices.lead_ids)}
        seats = {name: bit for bit, name in enumerate(choices.seat_ids)}
        rows, keys = [], []
        for spot, quarter, room_id in _options(choices):
            rows.append(self._option(choices, spot, quarter, room_id, leads, seats))
            keys.append((spot, quarter, room_id))
        placement = self.start.placement_of.get(series.id)
        self.groups.append(
            {
                "least": 0
                if series.is_running
                else max(0, series.size_min - len(series.members)),
                "taken": len(series.members),
                "held": self.facts.worth.held(series),
                "spread": series.different_organisations,
                "options": rows,
                "start": None if placement is None else _find(choices, keys, placement),
            }
        )
        self.keys.append(keys)
        self.choices.append(choices)
        self.wanting.append(seats)
        self._posts(number, choices, leads, placement)

    def _option(
        self,
        choices: Choices,
        spot: Spot,
        quarter: int,
        room_id: str | None,
        leads: dict[str, int],
        seats: dict[str, int],
    ) -> list[Any]:
        series, days = choices.series, choices.days(spot)
        room = self.problem.room_by_id[room_id] if room_id else None
        most = series.size_max - len(series.members)
        if room is not None:
            most = min(most, _chairs(series, room.capacity))
        return [
            sum(1 << day for day in days),
            self.problem.horizon.weekday(days[0]) if days else -1,
            quarter,
            quarter + series.length,
            self.room_number[room_id] if room_id else -1,
            room.changeover if room else 0,
            most,
            self.problem.place_index[room.place_id] if room else -1,
            _bits(choices.leads[spot], leads, quarter),
            sum(
                1 << seats[name]
                for name, mask in choices.seats[spot].items()
                if mask >> quarter & 1
                and not (room is not None and self.facts.lacks(name, room))
            ),
            [
                1000 * week + minutes
                for week, minutes in self.facts.minutes_by_week(choices, spot).items()
            ],
        ]

    def _posts(
        self,
        number: int,
        choices: Choices,
        leads: dict[str, int],
        placement: Placement | None,
    ) -> None:
        people = self.problem.facilitator_by_id
        ours = sorted(placement.leader_ids) if placement is not None else []
        for need in sorted(choices.series.staff, key=lambda one: len(one.skills) < 2):
            able = [
                name
                for name in leads
                if need.roles & people[name].roles
                and need.skills <= people[name].skills
            ]
            for _ in range(need.count):
                first = next((name for name in ours if name in able), None)
                if first is not None:
                    ours.remove(first)
                self.posts.append(
                    {
                        "group": number,
                        "from_seats": need.from_seats,
                        "bits": [
                            (self.lead_number[name], leads[name]) for name in able
                        ],
                        "start": None if first is None else self.lead_number[first],
                    }
                )

    def _joined(self, series_id: str, names: list[str]) -> None:
        """What is fixed and can be joined: a group with one option."""
        seats = {name: bit for bit, name in enumerate(names)}
        most = self.facts.seats_left(series_id)
        if not names or not most:
            return
        self.group_number[series_id] = len(self.groups)
        everybody = (1 << len(names)) - 1
        row = [0, -1, 0, 0, -1, 0, most, -1, 0, everybody, []]
        self.groups.append(
            {"least": 0, "taken": 0, "held": 0, "spread": False, "options": [row],
             "start": 0}
        )  # fmt: skip
        self.keys.append([])
        self.choices.append(None)
        self.wanting.append(seats)

    def _bundles(self) -> list[list[str]]:
        """Registrations that must sit together as one; each in one bundle.

        Who belongs with somebody that can sit nowhere gets no choice by it.
        """
        bundle = {name: [name] for seats in self.wanting for name in seats}
        for one, other in self.problem.keep_together:
            first = bundle.setdefault(one, [one])
            second = bundle.setdefault(other, [other])
            if first is not second:
                first.extend(second)
                bundle.update(dict.fromkeys(second, first))
        return list({id(names): names for names in bundle.values()}.values())

    def _seat(self, names: list[str]) -> dict[str, Any]:
        seated = {
            item.registration_id: item.series_id for item in self.start.allocations
        }
        worth, bits = [], []
        for number, seats in enumerate(self.wanting):
            if all(name in seats for name in names):
                worth.append((number, sum(self._worth(number, one) for one in names)))
                bits.append((number, sum(1 << seats[name] for name in names)))
        at = self.group_number.get(seated.get(names[0], ""))
        return {
            "size": sum(self.problem.registration_by_id[one].seats for one in names),
            "worth": worth,
            "bits": bits,
            "start": at if at in dict(worth) else None,
        }

    def _worth(self, number: int, name: str) -> int:
        choices = self.choices[number]
        item = self.problem.registration_by_id[name]
        if choices is None:
            series_id = next(
                one for one, place in self.group_number.items() if place == number
            )
            return self.facts.joining_value(item, series_id)
        return max(
            self.facts.value(choices, spot, name)
            for spot, seats in choices.seats.items()
            if name in seats
        )

    def leads(self) -> list[list[Any]]:
        """By leader: minutes, days and meetings a day left; organisation."""
        homes = sorted({item.organisation_id for item in self.problem.facilitators})
        weeks = range(self.problem.horizon.week(self.problem.horizon.day_count - 1) + 1)
        rows = []
        for item in self.problem.facilitators:
            left = [self.facts.minutes_left(item.id, week) for week in weeks]
            minutes = [NO_LIMIT if one is None else one for one in left]
            days = item.load.days_per_week
            meetings = item.load.sessions_per_day
            rows.append(
                [
                    minutes,
                    NO_LIMIT if days is None else days,
                    NO_LIMIT if meetings is None else meetings,
                    homes.index(item.organisation_id),
                ]
            )
        return rows

    def as_json(self, seconds: float, seed: int) -> dict[str, Any]:
        return {
            "seconds": seconds,
            "seed": seed,
            "away": [
                [-(-minutes // SLOT_MINUTES) for minutes in row]
                for row in self.problem.travel_minutes
            ],
            "leads": self.leads(),
            "groups": self.groups,
            "posts": self.posts,
            "seats": self.seats,
        }

    def read(self, said: dict[str, Any]) -> tuple[list[Placement], list[Allocation]]:
        """Placements and seats of an answer; who cannot come then has none."""
        seats: list[list[str]] = [[] for _ in self.groups]
        for names, number in zip(self.bundles, said["seats"], strict=True):
            chosen = None if number is None else said["options"][number]
            if chosen is None:
                continue
            mask = self.groups[number]["options"][chosen][SEATS_AT]
            if all(mask >> self.wanting[number][name] & 1 for name in names):
                seats[number].extend(names)
        placements: list[Placement] = []
        series_ids = list(self.group_number)
        for number, choices in enumerate(self.choices):
            chosen = said["options"][number]
            if choices is None or chosen is None:
                continue
            if seats[number] or choices.series.held_weight:
                placements.append(
                    self._placement(choices, number, chosen, len(seats[number]), said)
                )
        return placements, [
            Allocation(name, series_ids[number])
            for number, names in enumerate(seats)
            for name in names
        ]

    def _placement(
        self,
        choices: Choices,
        number: int,
        chosen: int,
        size: int,
        said: dict[str, Any],
    ) -> Placement:
        spot, quarter, room_id = self.keys[number][chosen]
        leads = tuple(
            sorted(
                self.lead_ids[lead]
                for post, lead in zip(self.posts, said["leads"], strict=True)
                if post["group"] == number
                and lead is not None
                and post["from_seats"] <= size + len(choices.series.members)
            )
        )
        if spot == ANYWHERE:
            return Placement(choices.series.id, (), leads)
        meetings = tuple(
            Meeting(day * SLOTS_PER_DAY + quarter, room_id, leads)
            for day in choices.days(spot)
        )
        return Placement(choices.series.id, meetings)


def _chairs(series: Series, capacity: int) -> int:
    """Most new seats in a room, with the leaders that so many ask for."""
    left = capacity - len(series.members) - series.guests
    for most in range(left, 0, -1):
        taken = most + len(series.members)
        leaders = sum(need.count for need in series.staff if need.from_seats <= taken)
        if most + leaders <= left:
            return most
    return 0


def _options(choices: Choices) -> Iterator[tuple[Spot, int, str | None]]:
    for spot, starts in choices.starts.items():
        if spot == ANYWHERE:
            yield spot, 0, None
            continue
        if not choices.series.needs_room:
            yield from ((spot, quarter, None) for quarter in quarters_in(starts))
        for room_id, mask in choices.rooms[spot].items():
            yield from ((spot, quarter, room_id) for quarter in quarters_in(mask))


def _bits(masks: dict[str, int], bits: dict[str, int], quarter: int) -> int:
    return sum(1 << bits[name] for name, mask in masks.items() if mask >> quarter & 1)


def _find(
    choices: Choices,
    keys: list[tuple[Spot, int, str | None]],
    placement: Placement,
) -> int | None:
    """Number of the option that a placement is."""
    if not placement.meetings:
        return 0
    first = placement.meetings[0]
    days = tuple(one.slot // SLOTS_PER_DAY for one in placement.meetings)
    for number, (spot, quarter, room_id) in zip(count(), keys, strict=False):
        if (
            quarter == first.slot % SLOTS_PER_DAY
            and room_id == first.room_id
            and choices.days(spot) == days
        ):
            return number
    return None


def solve(problem: PlanningProblem, seconds: float, workers: int, seed: int) -> Answer:
    """The best answer of as many Timefolds as there are workers."""
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} is not there: run make timefold (it needs Java 17).")
    facts = Facts(problem)
    began = time.monotonic()
    start = plan_of(problem, SolveSettings(seconds=0.0, workers=1, seed=seed))
    first = time.monotonic() - began
    task = Task(facts, start)
    with tempfile.TemporaryDirectory(prefix="gem-timefold-") as name:
        folder = Path(name)
        programs = []
        for number in range(workers):
            given, told = folder / f"task-{number}", folder / f"answer-{number}"
            given.write_text(json.dumps(task.as_json(seconds, seed + number)), "utf-8")
            words = [str(PROGRAM), "-P", str(MODEL), str(given), str(told)]
            programs.append((subprocess.Popen(words, stdout=sys.stderr), told))  # noqa: S603
        for program, _ in programs:
            if program.wait():
                sys.exit("Timefold ended with an error.")
        answers = [json.loads(told.read_text("utf-8")) for _, told in programs]
    for one in answers:
        print(f"timefold: {one['score']} in {one['seconds']:.1f} s", file=sys.stderr)
    best = max(answers, key=lambda one: _score(one["score"]))
    return Answer(facts, *task.read(best), None, first, start, best["versions"])


def _score(text: str) -> tuple[int, int]:
    """``-2hard/345soft`` as numbers that can be compared."""
    hard, _, soft = text.partition("hard/")
    return int(hard), int(soft.removesuffix("soft"))


if __name__ == "__main__":
    main(solve, __doc__ or "")
