"""What happened to published weeks, without the facts and plans that weigh the most."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db.models import QuerySet

from scheduling.models import PlanningRun, Repair, RepairKind, RunTask
from scheduling.models.run import UNFINISHED
from scheduling.selectors.runs import HEAVY

SHOWN = 10


def _light(*also: str) -> QuerySet[Repair]:
    """Repairs with their run, but for its heavy columns; `also` are read too."""
    left = (name for name in (*HEAVY, "progress") if name not in also)
    return Repair.objects.select_related("run").defer(*(f"run__{one}" for one in left))


def repair_or_none(*, repair_id: int) -> Repair | None:
    """One repair; its run has when each group had changed, to see what did since."""
    return _light("rows").filter(pk=repair_id).first()


def latest_repairs() -> list[Repair]:
    """What was reported last and is kept, the newest ways of each week; one query."""
    return _newest(_light().exclude(about=""))


def repairs_about(*, kind: str, about: str) -> list[Repair]:
    """The same of what happened to one thing or somebody; one query."""
    return _newest(_light().filter(kind=kind, about=about))


def is_asked_about(*, series_id: uuid.UUID, since: datetime) -> bool:
    """Whether a coordinator has ways to choose from, or gets them, for what became of a
    conversation when somebody left (since a moment); two queries."""
    left = RepairKind.RESIDENT_LEFT
    looked_for = PlanningRun.objects.filter(
        task=RunTask.REPAIR,
        state__in=UNFINISHED,
        changes__contains=[{"kind": left.value}],
    )
    found = Repair.objects.filter(
        kind=left,
        reported_at__gte=since,
        touched__contains=[{"series": str(series_id)}],
    )
    return looked_for.exists() or found.exists()


def _newest(found: QuerySet[Repair]) -> list[Repair]:
    newest: dict[tuple[object, ...], Repair] = {}
    for one in found[: 3 * SHOWN]:
        week = one.run.first_date
        newest.setdefault((one.kind, one.about, one.first_day, one.last_day, week), one)
    return list(newest.values())[:SHOWN]


def same_happening(*, repair: Repair) -> dict[date, Repair]:
    """By Monday the newest ways of each week that the same thing touches; one query."""
    same = _light().filter(
        kind=repair.kind,
        about=repair.about,
        first_day=repair.first_day,
        last_day=repair.last_day,
    )
    return {one.run.first_date: one for one in same.order_by("run__first_date", "pk")}


def repairs_found(*, run: PlanningRun) -> list[Repair]:
    """The weeks for which a run found ways (so far), in order; one query."""
    found = _light().filter(pk__in=run.found.get("repairs", ()))
    return list(found.order_by("run__first_date", "pk"))
