"""The keys of a plan file, record by record."""

from __future__ import annotations

from typing import Any

from scheduling.solver.horizon import Horizon
from scheduling.solver.plan import (
    Plan,
    Reason,
    SolveStatus,
    TierResult,
    Unplaced,
    Verified,
)
from scheduling.solver.snapshot.codec import (
    FARTHEST,
    ByName,
    Many,
    Nullable,
    Number,
    OneOf,
    Text,
    Truth,
    Whole,
)
from scheduling.solver.snapshot.record import Field, Record
from scheduling.solver.snapshot.shared import ALLOCATION, ID, IDS, PLACEMENT

NUMBER_OR_NULL = Nullable(Number())

REASON = Record(
    Reason,
    "reason",
    [
        Field("series", "series_id", ID, "The choice that it is about."),
        Field("rules", "rules", IDS, "Rules that together keep it out."),
        Field("verified", "verified", OneOf(Verified), "What was held fixed."),
        Field("freed_series", "freed_series", IDS, "Series that were free to move."),
        Field(
            "for_all", "for_all", Truth(), "Nobody could hold it, whoever sits in it."
        ),
        Field(
            "irreducible",
            "irreducible",
            Truth(),
            "No rule is superfluous; `false`: time was up before that was known.",
        ),
    ],
)

UNPLACED = Record(
    Unplaced,
    "unplaced",
    [
        Field("registration", "registration_id", ID, "Who has no seat."),
        Field("reasons", "reasons", Many(REASON), "Why, for each choice."),
    ],
)


class _TierRecord(Record):
    """A tier's result with the gap that follows from it."""

    def write(self, value: Any, horizon: Horizon) -> dict[str, Any]:
        return {**super().write(value, horizon), "gap": value.gap}


TIER = _TierRecord(
    TierResult,
    "tier",
    [
        Field("tier", "tier", Whole(1), "Number of the tier."),
        Field("value", "value", Whole(-FARTHEST, FARTHEST), "Value reached."),
        Field("bound", "bound", NUMBER_OR_NULL, "Proven bound; null is none."),
    ],
    derived_keys=("gap",),
)

PLAN = Record(
    Plan,
    "plan",
    [
        Field("problem", "problem_id", ID, "Id of the problem it answers."),
        Field("status", "status", OneOf(SolveStatus), "How the solve ended."),
        Field("tiers", "tiers", Many(TIER), "Value, bound and gap of each tier."),
        Field("placements", "placements", Many(PLACEMENT), "Series that are held."),
        Field("allocations", "allocations", Many(ALLOCATION), "Seats."),
        Field("unplaced", "unplaced", Many(UNPLACED), "Who has no seat, and why."),
        Field("unheld", "unheld", Many(REASON), "Series not held, and why."),
        Field("costs", "costs", ByName(Whole(most=FARTHEST)), "Cost of each wish."),
        Field("seed", "seed", Whole(most=2**63), "Seed of the solve."),
        Field("seconds", "seconds", Number(), "How long it took."),
        Field(
            "first_plan_seconds",
            "first_plan_seconds",
            NUMBER_OR_NULL,
            "When the first plan was there.",
        ),
        Field(
            "versions",
            "versions",
            ByName(Text()),
            "What made it: `planner` (release and digest of its sources), `ortools`, "
            "`python`, `format`.",
        ),
        Field(
            "contradiction",
            "contradiction",
            IDS,
            "Pins that cannot all hold, none superfluous, when it is `infeasible`.",
        ),
        Field("settings", "settings", ByName(Number()), "Settings, to replay it."),
    ],
)
