"""The ways out of what happened to a published week, looked for by a worker.

What happened is written down already (``repairs``), so the facts of each week are taken
back to how they were before it: only then is seen what it touches. Each week that was
looked at is kept at once, with its ways; a worker that takes the run over goes on with
the next, and who stops it keeps what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from audit.actor import Actor
from audit.record import PLANNING, record_event
from scheduling.adapters.events import (
    means_of,
    proofs_of,
    rows_after,
    seats_of,
    touched_of,
)
from scheduling.adapters.load_problem import Loaded
from scheduling.models import PlanningRun, Repair, RepairAlternative, RunState
from scheduling.services.happenings import (
    EventInWeek,
    Question,
    as_rows,
    event_in_week,
    to_come,
)
from scheduling.services.lease import end, stop_asked, write
from scheduling.services.not_held import why_not_held, with_reasons
from scheduling.services.redrafts import kept_run, load_week, published_alone
from scheduling.services.taken import less_proven, rows_of
from scheduling.solver import snapshot
from scheduling.solver.plan import Plan, Unplaced
from scheduling.solver.problem import PlanningProblem, Registration
from scheduling.solver.repair.answer import Alternative, Mended, Scope, consequences
from scheduling.solver.repair.event import Event, ResidentJoined
from scheduling.solver.repair.order import NewSeats

MOST_SEATS = 5
"""So many groups are looked for in which who is new could have a seat."""


def look_for_ways(*, actor: Actor, run: PlanningRun) -> None:
    """Look at each week, keep its ways, and end the run; for a worker with its lease.

    Raises ``LeaseLost``, and ``InvalidProblem`` when a week cannot be planned with;
    what was found in the weeks before it is kept.
    """
    question = Question.of(run)
    looked = _Looked(run)
    for monday in question.weeks:
        if monday.isoformat() in looked.weeks:
            continue
        looked.tell()
        if looked.stopped:
            break
        loaded = load_week(actor=actor, monday=monday)
        # A repair opens no group, so what was never published is left out.
        loaded = replace(loaded, problem=to_come(published_alone(loaded.problem)))
        what = event_in_week(question, loaded)
        mended = what and _mended(what, looked, len(question.weeks))
        reasons = _reasons(mended[1], looked) if mended else []
        with transaction.atomic():
            repair = None
            if mended:
                repair = _kept(actor, run, question, monday, loaded, mended, reasons)
            looked.keep(monday, repair)
    stopped = stop_asked(run=run)
    end(run=run, state=RunState.CANCELLED if stopped else RunState.DONE)


class _Looked:
    """What was found so far, written with the run; and whether to stop.

    ``time_up``: no seat was found, and there was no time to know that there is none.
    """

    def __init__(self, run: PlanningRun) -> None:
        self.run, self.stopped = run, False
        self.weeks: list[str] = list(run.found.get("weeks", ()))
        self.repairs: list[int] = list(run.found.get("repairs", ()))
        self.time_up: bool = run.found.get("time_up", False)
        self.before = run.spent_seconds

    def tell(self, seconds: float = 0.0, doing: str = "facts") -> None:
        """Write how far it is; raises ``LeaseLost`` when another has the run."""
        spent = self.before + seconds
        write(run=self.run, doing=doing, spent_seconds=spent)
        self.stopped = stop_asked(run=self.run)

    def asked_to_stop(self) -> bool:
        """Whether to stop; tells that work goes on, as ``tell``."""
        self.tell(doing="ways")
        return self.stopped

    def keep(self, monday: date, repair: Repair | None) -> None:
        """This week was looked at; in one transaction with what was found."""
        self.weeks.append(monday.isoformat())
        self.repairs += [] if repair is None else [repair.pk]
        found: dict[str, Any] = {"weeks": self.weeks, "repairs": self.repairs}
        if self.time_up:
            found["time_up"] = True
        write(run=self.run, found=found)


def _mended(
    what: EventInWeek, looked: _Looked, weeks: int
) -> tuple[PlanningProblem, Mended] | None:
    """The ways out of one week; ``None`` when nothing of it is touched."""
    event, told = what
    seconds = looked.run.seconds / weeks
    if isinstance(event, ResidentJoined):
        found = _seats(told, event, looked, seconds)
    else:
        found = _ways(told, event, looked, seconds)
        found = found if found.happened.touched else None
    return (told, found) if found else None


def _ways(
    told: PlanningProblem, event: Event, looked: _Looked, seconds: float
) -> Mended:
    # The engine takes most of a second to load: only who mends pays for it.
    from scheduling.solver.repair.mend import MendSettings, mend

    mended = mend(
        told,
        Plan(told.id, told.published.placements),
        event,
        MendSettings(seconds=seconds),
        progress=lambda now: looked.tell(now.seconds, "ways"),
        should_stop=lambda: looked.stopped,
    )
    looked.before += mended.seconds
    return less_proven(mended)


def _seats(
    told: PlanningProblem, event: ResidentJoined, looked: _Looked, seconds: float
) -> Mended | None:
    """Groups in which who is new could have a seat, the best first; ``None`` if none.

    Nothing is moved for it, so each way after the first is the best without the groups
    of those before it.
    """
    (new,) = event.registrations
    first: Mended | None = None
    ways: list[Alternative] = []
    while new.choices and len(ways) < MOST_SEATS and not looked.stopped:
        asked = replace(event, registrations=(new,))
        mended = _ways(told, asked, looked, seconds / MOST_SEATS)
        first = first or mended
        way = _for_one(first, mended, new)
        if way is None:
            looked.time_up = looked.time_up or not _best_is_proven(mended)
            break
        ways.append(way)
        (seat,) = way.plan.allocations
        left = tuple(one for one in new.choices if one.series_id != seat.series_id)
        new = replace(new, choices=left)
    return replace(first, alternatives=tuple(ways)) if first and ways else None


def _best_is_proven(mended: Mended) -> bool:
    """Whether it is certain that no more seats can be given than by the best way."""
    best = mended.alternatives[0]
    return all(one.scope != Scope.NOT for one in best.proofs if one.wish == NewSeats.id)


def _for_one(first: Mended, mended: Mended, new: Registration) -> Alternative | None:
    """The best way with the seat of who is new alone; ``None`` when others who wait
    for it come first. Theirs are given by the waiting list, or by the next plan."""
    best = mended.alternatives[0]
    seats = tuple(one for one in best.plan.allocations if one.registration_id == new.id)
    if not seats:
        return None
    others = (one.id for one in first.problem.registrations if one.id != new.id)
    plan = replace(
        best.plan,
        allocations=seats,
        unplaced=tuple(Unplaced(one) for one in others),
        tiers=(),
        costs={},
    )
    # What new seats cost was counted with those of others.
    proofs = tuple(one for one in best.proofs if one.wish != NewSeats.id)
    if mended is not first:
        proofs = tuple(replace(one, bound=None, scope=Scope.NOT) for one in proofs)
    return Alternative(plan, proofs, consequences(first.happened, plan))


def _reasons(mended: Mended, looked: _Looked) -> list[list[tuple[str, ...]]]:
    """Of each way, for each change, why the session is not held."""
    return why_not_held(
        mended.problem,
        mended.alternatives,
        beat=lambda: None,
        stopped=looked.asked_to_stop,
    )


def _kept(
    actor: Actor,
    run: PlanningRun,
    question: Question,
    monday: date,
    loaded: Loaded,
    found: tuple[PlanningProblem, Mended],
    reasons: Sequence[Sequence[Sequence[str]]],
) -> Repair:
    """The ways of one week as rows, with the facts that a draft is made from."""
    told, mended = found
    problem = as_rows(mended.problem)
    rows = rows_after(loaded.rows, told, mended.happened)
    names = rows_of(rows, told)
    facts = kept_run(
        actor=actor, user=run.asked_by, monday=monday, problem=problem, rows=rows
    )
    repair = Repair.objects.create(
        kind=question.kind,
        about=question.about,
        first_day=question.first,
        last_day=question.last,
        run=facts,
        reported_by=run.asked_by,
        touched=touched_of(mended.happened, rows),
    )
    RepairAlternative.objects.bulk_create(
        [
            RepairAlternative(
                repair=repair,
                rank=rank,
                plan=snapshot.plan_to_dict(one.plan, problem.horizon),
                means=with_reasons(means_of(problem, one.consequences, names), why)
                | {"seats": seats_of(problem, one, rows)},
                proofs=proofs_of(one),
            )
            for rank, (one, why) in enumerate(
                zip(mended.alternatives, reasons, strict=True), start=1
            )
        ]
    )
    record_event(
        actor=actor,
        code="repair.report",
        action="C",
        purpose=PLANNING,
        object_kind="repair",
        object_id=repair.pk,
    )
    return repair
