"""When something happens to a published week: write it down, and offer ways out.

A leader who is ill, a room that is lost and a centre that is shut are written where
such facts belong (leave, a booking, a closure). For each week that is touched the least
change is looked for, and up to five really different ways out are kept. Choosing one
(``redrafts.choose_alternative``) makes a draft like any other: it is looked at, changed
by hand and released as always, and the release leaves neutral messages in the outbox
for those whom it concerns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from people.services import add_leave
from rooms.services import add_closure, lose_room_for
from scheduling.adapters.events import means_of, proofs_of, rows_after, touched_of
from scheduling.adapters.load_problem import Loaded
from scheduling.models import (
    Repair,
    RepairAlternative,
    RepairKind,
)
from scheduling.services.redrafts import kept_run, load_week, published_alone
from scheduling.solver import snapshot
from scheduling.solver.horizon import SLOTS_PER_DAY, Span
from scheduling.solver.plan import Plan
from scheduling.solver.problem import Facilitator as Leads
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.event import CentreClosed, Event, LeaderIll, RoomLost

if TYPE_CHECKING:
    from people.models import Facilitator, User
    from rooms.models import Centre, Room

SECONDS = 5.0
MOST_WEEKS = 26
ZONE = ZoneInfo("Europe/Amsterdam")


class When(NamedTuple):
    """Days of the horizon: the first and the last of the event, and today."""

    first: int
    last: int
    today: int


EventOf = Callable[[Loaded, When], Event | None]
"""The event in the ids of a week's problem; ``None`` when it is not about that week."""


def report_ill(
    *,
    actor: Actor,
    user: User | None,
    facilitator: Facilitator,
    first: date,
    last: date,
    today: date | None = None,
    seconds: float = SECONDS,
) -> list[Repair]:
    """Write leave for a facilitator, and mend every week that it touches.

    ``seconds`` for each such week. Raises ``ValidationError`` for days that make no
    sense; nothing is written then.
    """

    def event(loaded: Loaded, when: When) -> Event | None:
        ident = _ident(loaded, "facilitators", facilitator.pk)
        if ident is None:
            return None
        return LeaderIll(
            id="repair",
            facilitator_id=ident,
            first_day=when.first,
            last_day=when.last,
            today=when.today,
        )

    return _happen(
        actor,
        user,
        (RepairKind.LEADER_ILL, facilitator.pk),
        (first, last),
        event,
        lambda: add_leave(actor=actor, facilitator=facilitator, first=first, last=last),
        today,
        seconds,
    )


def lose_room(
    *,
    actor: Actor,
    user: User | None,
    room: Room,
    first: date,
    last: date,
    today: date | None = None,
    seconds: float = SECONDS,
) -> list[Repair]:
    """Book a room for others on whole days, and mend every week that it touches."""

    def event(loaded: Loaded, when: When) -> Event | None:
        ident = _ident(loaded, "rooms", room.pk)
        if ident is None:
            return None
        return RoomLost(
            id="repair",
            room_id=ident,
            first_day=when.first,
            last_day=when.last,
            today=when.today,
        )

    period = DateTimeTZRange(
        datetime.combine(first, time(), tzinfo=ZONE),
        datetime.combine(last + timedelta(days=1), time(), tzinfo=ZONE),
    )
    return _happen(
        actor,
        user,
        (RepairKind.ROOM_LOST, room.pk),
        (first, last),
        event,
        lambda: lose_room_for(actor=actor, room=room, period=period),
        today,
        seconds,
    )


def close_centre(
    *,
    actor: Actor,
    user: User | None,
    centre: Centre,
    first: date,
    last: date,
    today: date | None = None,
    seconds: float = SECONDS,
) -> list[Repair]:
    """Close a centre on whole days, and mend every week that it touches."""

    def event(loaded: Loaded, when: When) -> Event | None:
        rooms = {str(pk) for pk in centre.rooms.values_list("pk", flat=True)}
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

    return _happen(
        actor,
        user,
        (RepairKind.CENTRE_CLOSED, centre.pk),
        (first, last),
        event,
        lambda: add_closure(actor=actor, centre=centre, first=first, last=last),
        today,
        seconds,
    )


@transaction.atomic
def _happen(
    actor: Actor,
    user: User | None,
    what: tuple[RepairKind, int],
    days: tuple[date, date],
    event_of: EventOf,
    write: Callable[[], object],
    today: date | None,
    seconds: float,
) -> list[Repair]:
    """Read the weeks as they are, write the fact, and keep the ways out."""
    today = today or timezone.localdate()
    first, last = days
    if last < first:
        raise ValidationError(_("The last day must not come before the first day."))
    if last > max(first, today) + timedelta(weeks=MOST_WEEKS):
        raise ValidationError(
            _("Choose at most %(weeks)d weeks at a time.") % {"weeks": MOST_WEEKS}
        )
    weeks = [
        (monday, load_week(actor=actor, monday=monday))
        for monday in _mondays(max(first, today), last)
    ]
    write()
    found = []
    for monday, loaded in weeks:
        horizon = loaded.problem.horizon
        when = When(
            max(0, horizon.day_of(max(first, today))),
            min(horizon.day_count - 1, horizon.day_of(last)),
            max(0, horizon.day_of(today)),
        )
        event = event_of(loaded, when)
        facts = loaded
        if isinstance(event, LeaderIll):
            facts = replace(loaded, problem=_not_yet_away(loaded.problem, event))
        repair = event and _mended(
            actor, user, what, days, monday, facts, event, seconds
        )
        if repair:
            found.append(repair)
    return found


def _not_yet_away(problem: PlanningProblem, event: LeaderIll) -> PlanningProblem:
    """The problem as it was before anybody wrote down that the leader is away.

    Who is ill often says so himself first; the sessions are touched all the same.
    """
    start = event.first_day * SLOTS_PER_DAY
    end = (event.last_day + 1) * SLOTS_PER_DAY

    def outside(span: Span) -> Iterator[Span]:
        for one in (
            Span(span.start, min(span.end, start)),
            Span(max(span.start, end), span.end),
        ):
            if one.start < one.end:
                yield one

    def there(item: Leads) -> Leads:
        if item.id != event.facilitator_id:
            return item
        blocked = tuple(
            one for span in item.availability.blocked for one in outside(span)
        )
        free = replace(item.availability, blocked=blocked)
        return replace(item, availability=free)

    return replace(problem, facilitators=tuple(map(there, problem.facilitators)))


def _mondays(first: date, last: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield monday
        monday += timedelta(weeks=1)


def _ident(loaded: Loaded, table: str, key: object) -> str | None:
    for ident, row in loaded.rows[table].items():
        if row == str(key):
            return str(ident)
    return None


def _mended(
    actor: Actor,
    user: User | None,
    what: tuple[RepairKind, int],
    days: tuple[date, date],
    monday: date,
    loaded: Loaded,
    event: Event,
    seconds: float,
) -> Repair | None:
    """The ways out of one week, kept; ``None`` when nothing of it is touched."""
    # The engine takes most of a second to load: only who mends pays for it.
    from scheduling.solver.repair.mend import MendSettings, mend

    told = published_alone(loaded.problem)
    plan = Plan(told.id, told.published.placements)
    mended = mend(told, plan, event, MendSettings(seconds=seconds))
    if not mended.happened.touched:
        return None
    rows = rows_after(loaded.rows, told, mended.happened)
    run = kept_run(
        actor=actor, user=user, monday=monday, problem=mended.problem, rows=rows
    )
    kind, about = what
    repair = Repair.objects.create(
        kind=kind,
        about=str(about),
        first_day=days[0],
        last_day=days[1],
        run=run,
        reported_by=user,
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
    _log(actor, "repair.report", "C", "repair", repair.pk)
    return repair


def _log(actor: Actor, code: str, action: str, kind: str, key: object) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=PLANNING,
        object_kind=kind,
        object_id=key,
    )
