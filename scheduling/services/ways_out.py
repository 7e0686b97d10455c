"""The ways out of what happened to a published week, looked for by a worker.

What happened is written down already (``repairs``), so the facts of each week are taken
back to how they were before it: only then is seen what it touches. Each week that was
looked at is kept at once, with its ways; a worker that takes the run over goes on with
the next, and who stops it keeps what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_event
from rooms.selectors import rooms_of
from scheduling.adapters.events import means_of, proofs_of, rows_after, touched_of
from scheduling.adapters.load_problem import Loaded
from scheduling.models import (
    PlanningRun,
    Repair,
    RepairAlternative,
    RepairKind,
    RunState,
)
from scheduling.services import clock
from scheduling.services.lease import end, stop_asked, write
from scheduling.services.redrafts import kept_run, load_week, published_alone
from scheduling.solver import snapshot
from scheduling.solver.horizon import (
    SLOT_MINUTES,
    SLOTS_PER_DAY,
    Availability,
    Horizon,
    Span,
)
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem, Series
from scheduling.solver.repair.answer import Mended
from scheduling.solver.repair.event import CentreClosed, Event, LeaderIll, RoomLost
from scheduling.solver.repair.facts import days_of


@dataclass(frozen=True)
class Question:
    """What happened, to whom or what (a key), from the first to the last day.

    ``today``: the day on which it was asked; what lies before it is not touched.
    """

    kind: RepairKind
    about: str
    first: date
    last: date
    today: date

    @classmethod
    def of(cls, run: PlanningRun) -> Question:
        """The question of a run that looks for ways to mend."""
        (asked,) = run.changes
        days = (date.fromisoformat(asked[name]) for name in ("first", "last", "today"))
        return cls(RepairKind(asked["kind"]), asked["about"], *days)

    def as_json(self) -> dict[str, str]:
        """As a run keeps it."""
        return {
            "kind": self.kind.value,
            "about": self.about,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "today": self.today.isoformat(),
        }

    @property
    def monday(self) -> date:
        """Monday of the first week that can be touched."""
        begin = max(self.first, self.today)
        return begin - timedelta(days=begin.weekday())

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of the weeks to look at; none when all of it is over."""
        if self.last < self.today:
            return ()
        number = (self.last - self.monday).days // 7 + 1
        return tuple(self.monday + timedelta(weeks=step) for step in range(number))


class When(NamedTuple):
    """Days of the horizon: the first and the last of the event, and the first on which
    something may be put instead (``today``)."""

    first: int
    last: int
    today: int


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
        event = _event(question, loaded)
        mended = event and _mended(loaded, event, looked, len(question.weeks))
        with transaction.atomic():
            repair = None
            if mended:
                repair = _kept(actor, run, question, monday, loaded, mended)
            looked.keep(monday, repair)
    stopped = stop_asked(run=run)
    end(run=run, state=RunState.CANCELLED if stopped else RunState.DONE)


class _Looked:
    """What was found so far, written with the run; and whether to stop."""

    def __init__(self, run: PlanningRun) -> None:
        self.run, self.stopped = run, False
        self.weeks: list[str] = list(run.found.get("weeks", ()))
        self.repairs: list[int] = list(run.found.get("repairs", ()))
        self.before = run.spent_seconds

    def tell(self, seconds: float = 0.0, doing: str = "facts") -> None:
        """Write how far it is; raises ``LeaseLost`` when another has the run."""
        spent = self.before + seconds
        write(run=self.run, doing=doing, spent_seconds=spent)
        self.stopped = stop_asked(run=self.run)

    def keep(self, monday: date, repair: Repair | None) -> None:
        """This week was looked at; in one transaction with what was found."""
        self.weeks.append(monday.isoformat())
        self.repairs += [] if repair is None else [repair.pk]
        found = {"weeks": self.weeks, "repairs": self.repairs}
        write(run=self.run, found=found)


def _mended(
    loaded: Loaded, event: Event, looked: _Looked, weeks: int
) -> tuple[PlanningProblem, Mended] | None:
    """The ways out of one week; ``None`` when nothing of it is touched."""
    # The engine takes most of a second to load: only who mends pays for it.
    from scheduling.solver.repair.mend import MendSettings, mend

    over = _over(loaded.problem.horizon)
    told = published_alone(_to_come(_before(loaded.problem, event, over), over))
    mended = mend(
        told,
        Plan(told.id, told.published.placements),
        event,
        MendSettings(seconds=looked.run.seconds / weeks),
        progress=lambda now: looked.tell(now.seconds, "ways"),
        should_stop=lambda: looked.stopped,
    )
    looked.before += mended.seconds
    return (told, mended) if mended.happened.touched else None


def _kept(
    actor: Actor,
    run: PlanningRun,
    question: Question,
    monday: date,
    loaded: Loaded,
    found: tuple[PlanningProblem, Mended],
) -> Repair:
    """The ways of one week as rows, with the facts that a draft is made from."""
    told, mended = found
    rows = rows_after(loaded.rows, told, mended.happened)
    facts = kept_run(
        actor=actor, user=run.asked_by, monday=monday, problem=mended.problem, rows=rows
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
                plan=snapshot.plan_to_dict(one.plan, mended.problem.horizon),
                means=means_of(mended.problem, one.consequences, rows),
                proofs=proofs_of(one),
            )
            for rank, one in enumerate(mended.alternatives, start=1)
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


# --- What happened, in the ids of a week's problem ------------------------------------


def _event(question: Question, loaded: Loaded) -> Event | None:
    """The event of a question; ``None`` when it is not about that week."""
    horizon = loaded.problem.horizon
    when = When(
        max(0, horizon.day_of(max(question.first, question.today))),
        min(horizon.day_count - 1, horizon.day_of(question.last)),
        max(0, horizon.day_of(question.today), _first_whole_day(horizon)),
    )
    return EVENTS[question.kind](question.about, loaded, when)


def _leader_ill(about: str, loaded: Loaded, when: When) -> Event | None:
    ident = _ident(loaded.rows["facilitators"], about)
    if ident is None:
        return None
    return LeaderIll(
        id="repair",
        facilitator_id=ident,
        first_day=when.first,
        last_day=when.last,
        today=when.today,
    )


def _room_lost(about: str, loaded: Loaded, when: When) -> Event | None:
    ident = _ident(loaded.rows["rooms"], about)
    if ident is None:
        return None
    return RoomLost(
        id="repair",
        room_id=ident,
        first_day=when.first,
        last_day=when.last,
        today=when.today,
    )


def _centre_closed(about: str, loaded: Loaded, when: When) -> Event | None:
    rooms = {str(room.pk) for room in rooms_of(centre_ids=[int(about)])}
    for ident, key in loaded.rows["rooms"].items():
        if key in rooms and ident in loaded.problem.room_by_id:
            return CentreClosed(
                id="repair",
                place_id=loaded.problem.room_by_id[ident].place_id,
                first_day=when.first,
                last_day=when.last,
                today=when.today,
            )
    return None


EVENTS: Mapping[RepairKind, Callable[[str, Loaded, When], Event | None]] = {
    RepairKind.LEADER_ILL: _leader_ill,
    RepairKind.ROOM_LOST: _room_lost,
    RepairKind.CENTRE_CLOSED: _centre_closed,
}


def _ident(rows: Mapping[str, Any], key: str) -> str | None:
    """Id in the problem of a row; ``None`` when it is not in use."""
    return next((str(ident) for ident, row in rows.items() if row == key), None)


def _over(horizon: Horizon) -> int:
    """The first quarter of the horizon that did not begin yet, at most its end."""
    now = timezone.localtime(clock.now(), ZoneInfo(horizon.time_zone))
    quarter = (now.hour * 60 + now.minute) // SLOT_MINUTES
    slot = horizon.day_of(now.date()) * SLOTS_PER_DAY + quarter + 1
    return min(max(0, slot), horizon.slot_count)


def _first_whole_day(horizon: Horizon) -> int:
    """The first day of which nothing has gone by; at most the last one."""
    return min(-(-_over(horizon) // SLOTS_PER_DAY), horizon.day_count - 1)


def _to_come(problem: PlanningProblem, over: int) -> PlanningProblem:
    """The problem in which what did not begin yet cannot be put at an hour of today
    that has gone by. A series that began has no hours of its own to be moved to."""
    day, quarter = divmod(over, SLOTS_PER_DAY)
    if not over or not quarter:
        return problem
    begun = {
        one.series_id
        for one in problem.published.placements
        if any(meeting.slot < over for meeting in one.meetings)
    }
    today = problem.horizon.weekday(day)

    def left(series: Series) -> Series:
        kept = tuple(
            replace(one, start=max(one.start, quarter)) if one.weekday == today else one
            for one in series.windows
            if one.weekday != today or one.end > quarter
        )
        return replace(series, windows=kept) if kept else series

    return replace(
        problem,
        series=tuple(one if one.id in begun else left(one) for one in problem.series),
    )


def _before(problem: PlanningProblem, event: Event, over: int) -> PlanningProblem:
    """The problem as it was before anybody wrote down what happened.

    The days count as free again for who is away, as open for a place that is shut, and
    as not taken by others for a room that is lost. So what it touches is within the
    rules before, and a way can be proven the least change of the whole week.

    Up to ``over`` (a quarter of the horizon) it has happened already: what began by
    then is broken before as it is after, so it is not touched and stays as it was.
    """
    days = days_of(problem, event)
    first, end = days.start * SLOTS_PER_DAY, days.stop * SLOTS_PER_DAY
    gone = (Span(first, min(over, end)),) if over > first else ()

    def freed(when: Availability) -> Availability:
        return replace(when, blocked=(*_outside(when.blocked, days), *gone))

    if isinstance(event, LeaderIll):
        return replace(
            problem,
            facilitators=tuple(
                replace(one, availability=freed(one.availability))
                if one.id == event.facilitator_id
                else one
                for one in problem.facilitators
            ),
        )
    if isinstance(event, CentreClosed):
        return replace(
            problem,
            rooms=tuple(
                replace(one, opening=freed(one.opening))
                if one.place_id == event.place_id
                else one
                for one in problem.rooms
            ),
        )
    if isinstance(event, RoomLost):
        return replace(
            problem,
            rooms=tuple(
                replace(
                    one,
                    opening=replace(one.opening, blocked=(*one.opening.blocked, *gone)),
                    booked=_outside(one.booked, days),
                )
                if one.id == event.room_id
                else one
                for one in problem.rooms
            ),
        )
    return problem


def _outside(spans: Iterable[Span], days: range) -> tuple[Span, ...]:
    """What of the spans is not on these days, which follow each other."""
    start, end = days.start * SLOTS_PER_DAY, days.stop * SLOTS_PER_DAY
    return tuple(
        one
        for span in spans
        for one in (
            Span(span.start, min(span.end, start)),
            Span(max(span.start, end), span.end),
        )
        if one.start < one.end
    )
