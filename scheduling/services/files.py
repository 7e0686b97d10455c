"""The files of a run, which are pseudonymous data about health.

Reading one is logged for everybody in it, and they do not outlive their use: what a
run decided stays in its schedule, the facts it decided on are erased.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet

from audit.actor import Actor
from audit.record import OVERSIGHT, PLANNING, record_event
from courses.selectors.registrations import registration_ids_of
from scheduling.models import (
    PlanningRun,
    Repair,
    RepairAlternative,
    RepairKind,
    RunTask,
)
from scheduling.models.run import UNFINISHED

if TYPE_CHECKING:
    from people.models import Person

TABLES = {
    "series": "series",
    "room": "rooms",
    "facilitator": "facilitators",
    "person": "persons",
    "registration": "registrations",
}
_NAMED = re.compile(rf"\b({'|'.join(TABLES)}) ([a-z]\d+)\b")
_PINNED = re.compile(r"\b(?:pin|seat)\d+\b")


def in_rows(text: str, rows: Mapping[str, Any]) -> str:
    """A text about things of a run ("series s3") with the keys of their rows instead.

    A pin is named with what it pins. What is not in the run's table stays as it is.
    """

    def keyed(found: re.Match[str]) -> str:
        kind, ident = found.groups()
        return f"{kind} {rows.get(TABLES[kind], {}).get(ident, ident)}"

    def pinned(found: re.Match[str]) -> str:
        what = rows.get("pins", {}).get(found[0])
        return f"{found[0]} ({what})" if what else found[0]

    return _PINNED.sub(pinned, _NAMED.sub(keyed, text))


def read_files(*, actor: Actor, run: PlanningRun) -> dict[str, Any]:
    """Problem and plan of a run, to replay it or to answer a complaint; one log line.

    Both are ``None`` when the run has not made them, or when they were erased.
    """
    record_event(
        actor=actor,
        code="run.files.read",
        action="R",
        purpose=OVERSIGHT,
        subjects=run.rows.get("persons", {}).values(),
        object_kind="run",
        object_id=run.pk,
    )
    return {"problem": run.problem, "plan": run.plan}


def read_together(*, actor: Actor, runs: Iterable[PlanningRun]) -> None:
    """Log that the plans of several runs are read side by side, with one line."""
    runs = sorted(runs, key=lambda one: one.pk)
    persons = (one.rows.get("persons", {}).values() for one in runs)
    record_event(
        actor=actor,
        code="run.files.read",
        action="R",
        purpose=PLANNING,
        subjects=chain.from_iterable(persons),
        object_kind="run",
        object_id=", ".join(str(one.pk) for one in runs),
    )


@transaction.atomic
def erase_files(*, actor: Actor, before: datetime, dry_run: bool = True) -> list[int]:
    """Erase the facts and plans of runs that were asked for before a moment.

    Of what happened to a week (a leader was ill) it also goes who or what it was, and
    what the ways out of it meant for whom. Keeps the run itself, its figures and its
    schedule. Returns the numbers of the runs; with ``dry_run`` nothing is erased.
    """
    asked = Q(task=RunTask.REPAIR) & ~Q(changes=[])
    happened = Q(repair__isnull=False) & ~Q(repair__about="")
    old = PlanningRun.objects.filter(
        Q(problem__isnull=False) | asked | happened, asked_at__lt=before
    )
    found = list(
        old.exclude(state__in=UNFINISHED).order_by("pk").values_list("pk", flat=True)
    )
    if dry_run or not found:
        return found
    _erase(found)
    for key in found:
        record_event(
            actor=actor,
            code="run.files.erase",
            action="D",
            purpose=OVERSIGHT,
            object_kind="run",
            object_id=key,
        )
    return found


def _erase(keys: Collection[int]) -> None:
    """Erase all that runs with these numbers know of people."""
    PlanningRun.objects.filter(pk__in=keys).update(
        problem=None, plan=None, incumbent=None, told=None, rows={}
    )
    PlanningRun.objects.filter(pk__in=keys, task=RunTask.REPAIR).update(changes=[])
    Repair.objects.filter(run__in=keys).update(about="", touched=[])
    RepairAlternative.objects.filter(repair__run__in=keys).update(
        plan=None, means={}, proofs=[]
    )


@transaction.atomic
def erase_files_of(*, actor: Actor, person: Person) -> list[int]:
    """Erase the facts and plans of every run that this person is in, as resident or as
    leader, and that he or she was ill, came in or left; the numbers of those runs.

    The schedules stay. A run that is being made is left to end, and erased with the
    old ones (`erase_files`).
    """
    leads = getattr(person, "facilitator", None)
    leader = None if leads is None else str(leads.pk)
    runs = PlanningRun.objects.exclude(state__in=UNFINISHED)
    made = runs.filter(problem__isnull=False).values_list(
        "pk", "rows__persons", "rows__facilitators"
    )
    found = {
        pk
        for pk, persons, leaders in made
        if str(person.pk) in map(str, (persons or {}).values())
        or (leader is not None and leader in map(str, (leaders or {}).values()))
    }
    found |= _about(runs, _happened_to(person, leader))
    _erase(found)
    for key in sorted(found):
        record_event(
            actor=actor,
            code="run.files.erase",
            action="D",
            purpose=OVERSIGHT,
            subjects=[person.pk],
            object_kind="run",
            object_id=key,
        )
    return sorted(found)


def _happened_to(person: Person, leader: str | None) -> list[tuple[RepairKind, str]]:
    """What can have happened to a person: kinds, with the key that each is about."""
    found = [] if leader is None else [(RepairKind.LEADER_ILL, leader)]
    return found + [
        (kind, str(key))
        for key in registration_ids_of(person_id=person.pk)
        for kind in (RepairKind.RESIDENT_JOINED, RepairKind.RESIDENT_LEFT)
    ]


def _about(
    runs: QuerySet[PlanningRun], happened: Iterable[tuple[RepairKind, str]]
) -> set[int]:
    """Numbers of the runs in which one of these happened; two queries."""
    asked, mended = Q(), Q()
    for kind, about in happened:
        asked |= Q(changes__contains=[{"kind": kind.value, "about": about}])
        mended |= Q(repair__kind=kind, repair__about=about)
    if not asked:
        return set()
    of_repair = runs.filter(asked, task=RunTask.REPAIR)
    return {
        *of_repair.values_list("pk", flat=True),
        *runs.filter(mended).values_list("pk", flat=True),
    }
