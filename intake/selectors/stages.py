"""Days between the stages of a referral, against the norm; numbers only.

Whoever shows these hides small numbers: a stage of three referrals in a village is
three people.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.utils import timezone

from intake.models import Referral


@dataclass(frozen=True, kw_only=True)
class StageDays:
    """One stage: how many came through, in how many days, how many within the norm.

    `median` and `p90` are whole days (None when nobody came through); `within_norm`
    is None for a stage that has no norm of its own.
    """

    stage: str
    count: int
    median: int | None
    p90: int | None
    within_norm: int | None = None


STAGES = (
    ("referral-proposed", "received_on", "proposed_at"),
    ("proposed-chosen", "proposed_at", "chosen_at"),
    ("chosen-held", "chosen_at", "held_on"),
    ("held-advised", "held_on", "advised_at"),
    ("referral-held", "received_on", "held_on"),
)
"""Each stage: its name, and the fields at which it begins and ends."""
WHOLE = "referral-held"
"""The stage that has the norm: until the conversation, within the days promised."""


def stage_days(
    *, first: date, last: date, organisation_ids: Iterable[int] | None = None
) -> list[StageDays]:
    """Every stage of the referrals received on these days, both included; one read.

    `organisation_ids` are those of the referrers; None for the whole region.
    """
    found = Referral.objects.filter(received_on__range=(first, last))
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    rows = list(
        found.order_by().values(
            "received_on",
            "target_date",
            "proposed_at",
            "chosen_at",
            "held_on",
            "advised_at",
        )
    )
    return [_stage(*stage, rows) for stage in STAGES]


def _stage(
    name: str, begin: str, end: str, rows: Sequence[Mapping[str, Any]]
) -> StageDays:
    through = [row for row in rows if row[begin] is not None and row[end] is not None]
    days = sorted(max(0, (_day(row[end]) - _day(row[begin])).days) for row in through)
    in_time = None
    if name == WHOLE:
        in_time = sum(_day(row[end]) <= row["target_date"] for row in through)
    return StageDays(
        stage=name,
        count=len(days),
        median=math.ceil(median(days)) if days else None,
        p90=days[math.ceil(0.9 * len(days)) - 1] if days else None,
        within_norm=in_time,
    )


def _day(moment: date | datetime) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
