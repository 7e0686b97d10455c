"""Times at which one conversation could be held, beside all that is published.

The planner plans a week at once; here somebody waits for an answer. So the facts are
loaded for the few who are asked for, what is published and drafted is taken as given,
and each time that is found was judged by the same rules as a plan. Nothing is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from audit.actor import Actor
from courses.selectors.coordinator import series_with_offering
from scheduling.adapters.hours import moment_span
from scheduling.adapters.load_problem import ZONE, Loaded, load_problem
from scheduling.models import RunKind, ScheduledSession, ScheduleState
from scheduling.services.finding import Finder, Option, Taken
from scheduling.solver.horizon import Span
from scheduling.solver.problem import Choice, Registration, Series


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One conversation to find times for.

    ``registration_id`` is who waits for it; without one (a consultation) ``series_id``
    names the series itself. ``refused`` are starts that were declined before,
    ``without`` facilitators who said no, and ``busy`` periods of who asked.
    """

    registration_id: int | None = None
    series_id: UUID | None = None
    refused: frozenset[datetime] = frozenset()
    without: frozenset[int] = frozenset()
    busy: tuple[DateTimeTZRange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Occupied:
    """Room and facilitators that are spoken for in a period, though not published."""

    period: DateTimeTZRange
    room_id: int | None
    facilitator_ids: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class FoundTime:
    """A time that breaks no rule today; ``room_id`` is None online."""

    period: DateTimeTZRange
    room_id: int | None
    facilitator_ids: tuple[int, ...]


def find_times(
    *,
    actor: Actor,
    wanted: Sequence[Wanted],
    first: date,
    last: date,
    occupied: Iterable[Occupied] = (),
    number: int = 3,
) -> list[tuple[FoundTime, ...]]:
    """Up to ``number`` times for each conversation, in the order of ``wanted``.

    On different days, where that can be in different parts of the day; soonest and
    nearest first. Two of ``wanted`` never get the same people or room at one hour.

    Raises
    ------
    InvalidProblem
        When what is published does not lie on the planner's grid.
    """
    loaded = _load(actor, wanted, first, last)
    horizon = loaded.problem.horizon
    taken = [*_drafted(loaded), *_all_taken(loaded, occupied)]
    finder = Finder(loaded.problem, taken, (first - horizon.first_date).days)
    answers: list[tuple[FoundTime, ...]] = []
    for one in wanted:
        series, registration = _ids(loaded, one)
        if series is None:
            answers.append(())
            continue
        found = finder.find(
            series,
            registration,
            number,
            last_day=(last - horizon.first_date).days,
            refused={horizon.slot_of(start) for start in one.refused},
            without={
                ident
                for ident, key in loaded.rows["facilitators"].items()
                if int(key) in one.without
            },
            busy=[span for period in one.busy if (span := _span(loaded, period))],
        )
        for option in found:
            finder.take(option)
        answers.append(tuple(_in_rows(loaded, option) for option in found))
    return answers


def still_fits(
    *,
    actor: Actor,
    wanted: Wanted,
    time: FoundTime,
    occupied: Iterable[Occupied] = (),
) -> bool:
    """Whether a time that was found earlier breaks no rule now."""
    day = time.period.lower.astimezone(ZONE).date()
    loaded = _load(actor, [wanted], day, day)
    series, registration = _ids(loaded, wanted)
    rooms = {int(key): ident for ident, key in loaded.rows["rooms"].items()}
    leaders = {int(key): ident for ident, key in loaded.rows["facilitators"].items()}
    if series is None or not set(time.facilitator_ids) <= set(leaders):
        return False
    if time.room_id is not None and time.room_id not in rooms:
        return False
    return Finder(loaded.problem, _all_taken(loaded, occupied)).holds(
        series,
        registration,
        loaded.problem.horizon.slot_of(time.period.lower),
        None if time.room_id is None else rooms[time.room_id],
        tuple(sorted(leaders[pk] for pk in time.facilitator_ids)),
    )


def _load(actor: Actor, wanted: Sequence[Wanted], first: date, last: date) -> Loaded:
    """Whole weeks, because what someone can carry is counted by the week."""
    loaded = load_problem(
        actor=actor,
        kind=RunKind.WEEK,
        first_date=first - timedelta(days=first.weekday()),
        last_date=last + timedelta(days=6 - last.weekday()),
        registration_ids=[
            one.registration_id for one in wanted if one.registration_id is not None
        ],
    )
    return _without_hours(loaded)


def _without_hours(loaded: Loaded) -> Loaded:
    """With a conversation that has no hour yet for each who was set aside one that has:
    it stands in the agenda, and nobody comes to it any more."""
    problem, told = loaded.problem, loaded.rows["sessions"]
    chosen = {one.series_id for row in problem.registrations for one in row.choices}
    if chosen.isdisjoint(told):
        return loaded
    keys = {ident: UUID(key) for ident, key in loaded.rows["series"].items()}
    offered = series_with_offering(series_ids=keys.values())
    of = {ident: offered[key].offering_id for ident, key in keys.items()}
    spare: dict[int, list[str]] = defaultdict(list)
    for one in problem.series:
        if one.id not in told and one.id not in chosen and not one.members:
            spare[of[one.id]].append(one.id)

    def own(row: Registration) -> Registration:
        if not row.choices or row.choices[0].series_id not in told:
            return row
        free = spare[of[row.choices[0].series_id]]
        return replace(row, choices=(Choice(free.pop()),) if free else ())

    waiting = tuple(own(row) for row in problem.registrations)
    return replace(loaded, problem=replace(problem, registrations=waiting))


def _ids(loaded: Loaded, wanted: Wanted) -> tuple[Series | None, Registration | None]:
    """The series and registration of the problem that are meant; None if not there."""
    problem, rows = loaded.problem, loaded.rows
    if wanted.registration_id is None:
        named = (
            ident
            for ident, key in rows["series"].items()
            if key == str(wanted.series_id) and ident not in rows["sessions"]
        )
        return problem.series_by_id.get(next(named, "")), None
    for registration in problem.registrations:
        if int(rows["registrations"][registration.id]) == wanted.registration_id:
            if not registration.choices:
                return None, registration
            return problem.series_by_id[registration.choices[0].series_id], registration
    return None, None


def _drafted(loaded: Loaded) -> Iterator[Taken]:
    """What drafts would use: a coordinator is still busy with it."""
    horizon = loaded.problem.horizon
    start, end = horizon.moment(0), horizon.moment(horizon.slot_count - 1)
    rows = ScheduledSession.objects.filter(
        schedule__state=ScheduleState.DRAFT,
        period__overlap=DateTimeTZRange(start, end),
    ).prefetch_related("leader_rows")
    yield from _all_taken(
        loaded,
        (
            Occupied(
                period=row.period,
                room_id=row.room_id,
                facilitator_ids=frozenset(
                    one.facilitator_id for one in row.leader_rows.all()
                ),
            )
            for row in rows
        ),
    )


def _all_taken(loaded: Loaded, occupied: Iterable[Occupied]) -> list[Taken]:
    rooms = {int(key): ident for ident, key in loaded.rows["rooms"].items()}
    leaders = {int(key): ident for ident, key in loaded.rows["facilitators"].items()}
    return [
        Taken(
            span,
            rooms.get(one.room_id or 0),
            frozenset(leaders[pk] for pk in one.facilitator_ids if pk in leaders),
        )
        for one in occupied
        if (span := _span(loaded, one.period)) is not None
    ]


def _span(loaded: Loaded, period: DateTimeTZRange) -> Span | None:
    return moment_span(loaded.problem.horizon, period.lower, period.upper)


def _in_rows(loaded: Loaded, option: Option) -> FoundTime:
    horizon, rows = loaded.problem.horizon, loaded.rows
    room = rows["rooms"].get(option.room_id or "")
    return FoundTime(
        period=DateTimeTZRange(
            horizon.moment(option.span.start), horizon.moment(option.span.end)
        ),
        room_id=None if room is None else int(room),
        facilitator_ids=tuple(
            sorted(int(rows["facilitators"][one]) for one in option.facilitator_ids)
        ),
    )
