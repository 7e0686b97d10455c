"""Runs and schedules by number; they hold no person data by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from scheduling.models import (
    PlanningRun,
    RunState,
    RunTask,
    Schedule,
    SeatPin,
    SeriesPin,
)
from scheduling.models.run import UNFINISHED

# What a page never shows and what weighs the most: the whole problem and its plans.
HEAVY = ("problem", "rows", "plan", "incumbent", "told")


def run_by_id(*, run_id: int) -> PlanningRun | None:
    """One run without its problem and plans."""
    return PlanningRun.objects.defer(*HEAVY).filter(pk=run_id).first()


def unfinished_runs() -> list[PlanningRun]:
    """Runs that wait or work now."""
    return list(
        PlanningRun.objects.defer(*HEAVY, "progress").filter(state__in=UNFINISHED)
    )


def plan_being_made(*, kind: str, first_date: date) -> int | None:
    """Number of the run that makes a plan of the period now, if there is one."""
    found = PlanningRun.objects.filter(
        task=RunTask.PLAN, kind=kind, first_date=first_date, state__in=UNFINISHED
    )
    return found.values_list("pk", flat=True).first()


def is_unfinished(run: PlanningRun) -> bool:
    """Whether the run still waits or works."""
    return RunState(run.state) in UNFINISHED


def schedule_by_id(*, schedule_id: int) -> Schedule | None:
    """One schedule with its run's own numbers."""
    return (
        Schedule.objects.select_related("run")
        .defer(*(f"run__{name}" for name in HEAVY))
        .filter(pk=schedule_id)
        .first()
    )


def schedule_of_run(*, run: PlanningRun) -> Schedule | None:
    """What the run made, as long as it was not dropped."""
    return Schedule.objects.filter(run=run).first()


_PIN = re.compile(r"(pin|seat)(\d+)")


def pin_rows(*, idents: Iterable[str]) -> tuple[list[SeriesPin], list[SeatPin]]:
    """The pins that ids of a problem stand for, as far as they are still there.

    Two queries; seats come with their registration, without a person.
    """
    keys: dict[str, list[int]] = {"pin": [], "seat": []}
    for ident in idents:
        found = _PIN.fullmatch(ident)
        if found:
            keys[found[1]].append(int(found[2]))
    series = SeriesPin.objects.select_related("series__offering", "room__centre")
    seats = SeatPin.objects.select_related("registration", "series__offering")
    return (
        list(series.filter(pk__in=keys["pin"])),
        list(seats.filter(pk__in=keys["seat"])),
    )
