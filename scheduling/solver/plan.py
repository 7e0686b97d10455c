"""What the planner answers: placements, seats, what was left out and why.

A plan says every meeting in full (slot, room, leaders), so that one written by hand or
by another program can be judged by the same rules as our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """One meeting: its first slot of the horizon, room (``None`` online), leaders."""

    slot: int
    room_id: str | None = None
    facilitator_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """A series that is held. A self-paced one has coaches and no meetings."""

    series_id: str
    meetings: tuple[Meeting, ...] = ()
    coach_ids: tuple[str, ...] = ()

    @property
    def leader_ids(self) -> frozenset[str]:
        """Everybody who leads a meeting or coaches."""
        leaders = {lead for item in self.meetings for lead in item.facilitator_ids}
        return frozenset(leaders.union(self.coach_ids))


@dataclass(frozen=True, slots=True, order=True)
class Allocation:
    """A seat for a registration in a series."""

    registration_id: str
    series_id: str


class Verified(StrEnum):
    """What was held fixed while a reason was verified.

    ``undecided``: time was up before it was known whether anything stands in the way.
    """

    BY_FACTS = "by_facts"
    PLAN_FIXED = "plan_fixed"
    PART_FREED = "part_freed"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Reason:
    """Rules that together keep a registration out of one choice, or a series from being
    held at all; none is superfluous, unless it is not known to be ``irreducible``.

    ``freed_series`` are those that were free to move while it was verified; who waits
    for them was free too. ``for_all``: whoever sits in it, the series cannot be held.
    ``irreducible``: of each rule it is known that the others alone do not suffice; if
    not, they stand in the way together, and time was up before it was known which of
    them do so without the rest.
    """

    series_id: str
    rules: tuple[str, ...]
    verified: Verified
    freed_series: tuple[str, ...] = ()
    for_all: bool = False
    irreducible: bool = True


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A registration without a seat, with a reason for each of its choices."""

    registration_id: str
    reasons: tuple[Reason, ...] = ()


class SolveStatus(StrEnum):
    """How a solve ended. ``optimal`` holds for every tier."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TierResult:
    """Value and proven bound of one tier.

    Tier 1 is a weight to raise (bound above), the others costs to lower (bound below,
    given the tiers before; ``None`` when nothing is proven). ``gap`` is a fraction.
    """

    tier: int
    value: int
    bound: float | None = None

    @property
    def gap(self) -> float | None:
        if self.bound is None:
            return None
        scale = self.bound if self.tier == 1 else self.value
        if scale == 0:
            return 0.0
        return max(0.0, abs(self.bound - self.value) / abs(scale))


@dataclass(frozen=True)
class Plan:
    """A proposal for one problem. ``costs`` by objective id; ``settings`` replay it.

    ``unheld`` says of each series that is not held why, once that was worked out.
    ``contradiction`` names pins that cannot all hold, none superfluous, when the
    status is ``infeasible``.
    """

    problem_id: str
    placements: tuple[Placement, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    status: SolveStatus = SolveStatus.FEASIBLE
    tiers: tuple[TierResult, ...] = ()
    costs: Mapping[str, int] = field(default_factory=dict)
    seed: int = 0
    seconds: float = 0.0
    first_plan_seconds: float | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)
    contradiction: tuple[str, ...] = ()
    unheld: tuple[Reason, ...] = ()

    @cached_property
    def placement_of(self) -> dict[str, Placement]:
        return {item.series_id: item for item in self.placements}

    @cached_property
    def seats_in(self) -> dict[str, tuple[str, ...]]:
        """Registration ids by series."""
        seats: dict[str, list[str]] = {}
        for item in self.allocations:
            seats.setdefault(item.series_id, []).append(item.registration_id)
        return {key: tuple(ids) for key, ids in seats.items()}


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule. ``about`` pairs (kind, id) name the things, ``facts`` numbers.

    Kinds: series, room, facilitator, person, registration, pin. ``slot`` is where it
    happens, when it happens somewhere.
    """

    rule: str
    about: tuple[tuple[str, str], ...]
    slot: int | None = None
    facts: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        things = ", ".join(f"{kind} {ident}" for kind, ident in self.about)
        numbers = "".join(f", {name} {value}" for name, value in self.facts)
        return f"{self.rule}: {things}{numbers}"
