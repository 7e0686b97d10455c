"""Plans of a period beside each other, in numbers; no file of a run is read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduling.models import PlanningRun, RunTask, Schedule, ScheduleState
from scheduling.selectors.runs import HEAVY


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A run with what became of its plan.

    ``schedule`` is the draft, the published or the archived schedule that it is, or
    ``None``: it stands beside them, or was thrown away (``kept`` is False).
    """

    run: PlanningRun
    schedule: Schedule | None

    @property
    def kept(self) -> bool:
        """Whether its figures are kept, so that it can stand beside others."""
        return bool(self.run.figures)

    @property
    def beside(self) -> bool:
        """Whether it is a plan that nobody chose (yet)."""
        return self.kept and self.schedule is None


def standings(*, run_ids: Iterable[int]) -> list[Standing]:
    """These runs in the order asked for, those that exist; two queries."""
    wanted = list(dict.fromkeys(run_ids))
    runs = PlanningRun.objects.defer(*HEAVY, "progress").in_bulk(wanted)
    return _standing([runs[key] for key in wanted if key in runs])


def latest_standings(*, limit: int = 12) -> list[Standing]:
    """The newest runs that make plans; two queries."""
    runs = PlanningRun.objects.defer(*HEAVY, "progress").filter(
        task=RunTask.PLAN, repair=None
    )
    return _standing(list(runs[:limit]))


def standing_beside(*, run: PlanningRun, limit: int = 4) -> list[Standing]:
    """Other plans of the period of a run that can be compared with it; two queries."""
    runs = (
        PlanningRun.objects.defer(*HEAVY, "progress")
        .filter(task=RunTask.PLAN, kind=run.kind, first_date=run.first_date)
        .exclude(figures={})
        .exclude(pk=run.pk)
    )
    return _standing(list(runs[:limit]))


def _standing(runs: list[PlanningRun]) -> list[Standing]:
    schedules = Schedule.objects.filter(run__in=[one.pk for one in runs])
    by_run = {one.run_id: one for one in schedules}
    return [Standing(run=one, schedule=by_run.get(one.pk)) for one in runs]


def figures_now(*, kind: str, first_date: date) -> tuple[str, Mapping[str, Any]]:
    """Figures of the plan a period has now: "draft", "published", "run" (the newest
    beside them), or "" and nothing; two queries at most."""
    schedules = {
        one.state: one.figures
        for one in Schedule.objects.filter(
            kind=kind,
            first_date=first_date,
            state__in=[ScheduleState.DRAFT, ScheduleState.PUBLISHED],
        )
    }
    for state in (ScheduleState.DRAFT, ScheduleState.PUBLISHED):
        if schedules.get(state, {}).get("costs"):
            return state.value, schedules[state]
    runs = PlanningRun.objects.filter(
        task=RunTask.PLAN, kind=kind, first_date=first_date
    ).exclude(figures={})
    figures = runs.values_list("figures", flat=True).first()
    return ("run", figures) if figures else ("", {})


def explorations(
    *, run: PlanningRun, limit: int = 8
) -> tuple[PlanningRun | None, list[PlanningRun]]:
    """Of a plan: the newest search for what it lacks, and the newest what-ifs; two
    queries."""
    about = PlanningRun.objects.defer(*HEAVY, "progress").filter(based_on=run)
    lacks = about.filter(task=RunTask.LACKS).first()
    return lacks, list(about.filter(task=RunTask.WHAT_IF)[:limit])
