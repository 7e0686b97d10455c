"""Narrowing and ranking the offer: what one can do at once, near, and soon comes first.

Works on plain rows (`selectors.offer_index`), so that it is as quick for two thousand
groups as for twenty.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf

from courses.cards import Act, Journey, act_of
from courses.kinds import policy_of
from courses.selectors.offer_index import Run
from courses.selectors.queue import Meets, Queue, queues_of
from people.enums import HalfDay

ORDER = {Act.JOIN: 0, Act.WALK_IN: 0, Act.WAIT: 1, Act.REFERRAL: 2, Act.LATER: 3}
"""What one can do at once comes first."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What no query narrows by: hours, the journey, and whether there is a place."""

    half_days: Collection[str] = ()
    municipality: str = ""
    near: bool = False
    most_minutes: int = 0
    free: bool = False


@dataclass(frozen=True, kw_only=True)
class Found:
    """A group that is left, with what one can do there and the minutes to it."""

    run: Run
    act: Act
    minutes: int | None

    @property
    def rank(self) -> tuple[float, ...]:
        """Smaller is better."""
        starts = self.run.starts
        return (
            ORDER[self.act],
            inf if self.minutes is None else self.minutes,
            inf if starts is None else starts.timestamp(),
        )


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The groups of one offering, best first."""

    offering_id: int
    groups: list[Found] = field(default_factory=list)

    @property
    def towns(self) -> list[str]:
        """Where its groups meet, each town once; "" for at home."""
        return sorted({one.run.town or "" for one in self.groups})


def find(
    all_runs: Iterable[Run], limits: Limits, *, journey: Journey | None = None
) -> tuple[list[Found], Mapping[uuid.UUID, Queue]]:
    """Groups that meet the limits, best first, and how long the queue of each is.

    Four queries.
    """
    minutes = journey.minutes if journey is not None else {}
    kept = [run for run in all_runs if _meets(run, limits, minutes)]
    waiting = queues_of(
        [
            Meets(
                run.series_id,
                run.offering_id,
                run.weekday,
                run.start_time,
                run.first_date,
                run.minutes,
            )
            for run in kept
        ]
    )
    found = [
        Found(
            run=run,
            act=_act(run, waiting[run.series_id]),
            minutes=minutes.get(run.place_id) if run.place_id is not None else None,
        )
        for run in kept
    ]
    if limits.free:
        found = [one for one in found if one.act in {Act.JOIN, Act.WALK_IN}]
    return sorted(found, key=lambda one: (one.rank, str(one.run.series_id))), waiting


def _meets(run: Run, limits: Limits, minutes: Mapping[int, int]) -> bool:
    if limits.half_days and (
        run.start_time is None or HalfDay.at(run.start_time) not in limits.half_days
    ):
        return False
    if run.place_id is None:
        return True
    if limits.municipality:
        return run.municipality_id == limits.municipality
    if limits.near:
        return minutes.get(run.place_id, inf) <= limits.most_minutes
    return True


def _act(run: Run, queue: Queue) -> Act:
    return act_of(
        policy_of(run.kind),
        closed_after=run.closed_after,
        held=run.held,
        free=run.open - queue.seats,
    )


def by_offering(found: Iterable[Found]) -> dict[int, Choice]:
    """Groups by offering id; offerings in the order of their best group."""
    choices: dict[int, Choice] = {}
    for one in found:
        choice = choices.setdefault(
            one.run.offering_id, Choice(offering_id=one.run.offering_id)
        )
        choice.groups.append(one)
    return choices
