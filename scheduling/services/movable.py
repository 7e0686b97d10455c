"""What of the published schedule a run may place elsewhere, in keys of series."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from courses.selectors.movable import MovableGroup, groups_published, movable_groups
from scheduling.models import MayMove, PlanningRun

if TYPE_CHECKING:
    from courses.models import Series

ZONE = ZoneInfo("Europe/Amsterdam")


def groups_between(first_date: date, last_date: date) -> list[MovableGroup]:
    """Groups that meet on these days as published; one query."""
    start, end = _moments(first_date, last_date)
    return movable_groups(start=start, end=end)


def groups_to_choose(first_date: date, last_date: date) -> list[Series]:
    """Series that meet on these days as published, with their usual hour and centre."""
    start, end = _moments(first_date, last_date)
    return groups_published(start=start, end=end)


def _moments(first_date: date, last_date: date) -> tuple[datetime, datetime]:
    start = datetime.combine(first_date, time(), tzinfo=ZONE)
    return start, datetime.combine(last_date + timedelta(days=1), time(), tzinfo=ZONE)


def freed_by(run: PlanningRun) -> frozenset[str]:
    """Keys of the series that the run may move, as they are published now."""
    if run.may_move == MayMove.NOTHING:
        return frozenset()
    groups = groups_between(run.first_date, run.last_date)
    chosen = {str(key) for key in run.may_move_of}
    return frozenset(
        str(one.series_id) for one in groups if _may(run.may_move, one, chosen)
    )


def _may(what: str, group: MovableGroup, chosen: Collection[str]) -> bool:
    return {
        MayMove.EVERYTHING: True,
        MayMove.GROUPS: str(group.series_id) in chosen,
        MayMove.CENTRES: any(str(key) in chosen for key in group.centres),
        MayMove.KINDS: group.kind in chosen,
    }[MayMove(what)]
