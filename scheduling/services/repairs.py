"""When something happens to a published week: write it down, and ask for ways out.

A leader who is ill, a room that is lost, a centre that is shut, a holiday and somebody
who left are written at once where such facts belong (leave, a booking, closures, what
was asked), together with a run that a worker does (``ways_out``): for each week that is
touched it looks for the least change, and keeps up to five really different ways out.
Who came in is written down already: groups with a seat are looked for. A room that
others booked stands in the agenda too, and is lost at those hours alone. Choosing one
(``redrafts.choose_alternative``) makes a draft like any other: it is looked at, changed
by hand and released as always, and the release leaves neutral messages in the outbox
for those whom it concerns.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import SEAT_HOLDING, RegistrationState
from courses.selectors.came_free import last_talk_of
from courses.services.leaving import end_all
from people.services import add_leave
from rooms.selectors import centres
from rooms.services import add_closure, add_closures, lose_room_for
from scheduling.adapters.load_problem import week_dates
from scheduling.models import PlanningRun, RepairKind, RunKind, RunState, RunTask
from scheduling.models.run import UNFINISHED
from scheduling.services.happenings import WHOLE_REGION, Question
from scheduling.services.jobs import hand_to_worker

if TYPE_CHECKING:
    from courses.models import Registration
    from people.models import Facilitator, Municipality, User
    from rooms.models import Centre, Room

SECONDS = 5.0
MORE_SECONDS = 15.0
"""A week, where a whole day moves, or several groups are tried one after the other."""
MOST_WEEKS = 26
ONE_PRESS = timedelta(seconds=10)
"""So long after it was asked, the same question is the same press once more."""
ZONE = ZoneInfo("Europe/Amsterdam")


def report_ill(*, facilitator: Facilitator, **asked: Any) -> PlanningRun:
    """Write leave for a facilitator, and ask for ways to mend every week it touches.

    ``asked``: ``actor``, ``user`` who asks, ``first`` and ``last`` day; ``after`` the
    number of a run whose answer was seen and is asked for anew; ``today`` and
    ``seconds`` a week when they are not as usual. The same for those below.

    The run that answers it: a press more of the same question gives the same run.
    Raises ``ValidationError`` for days that make no sense; nothing is written then.
    """
    return _ask(
        RepairKind.LEADER_ILL,
        facilitator.pk,
        lambda actor, first, last: add_leave(
            actor=actor, facilitator=facilitator, first=first, last=last
        ),
        **asked,
    )


def lose_room(*, room: Room, **asked: Any) -> PlanningRun:
    """Book a room for others on whole days, and ask for ways to mend every week that
    it touches."""

    def write(actor: Actor, first: date, last: date) -> object:
        period = DateTimeTZRange(
            datetime.combine(first, time(), tzinfo=ZONE),
            datetime.combine(last + timedelta(days=1), time(), tzinfo=ZONE),
        )
        return lose_room_for(actor=actor, room=room, period=period)

    return _ask(RepairKind.ROOM_LOST, room.pk, write, **asked)


def room_taken(*, room: Room, **asked: Any) -> PlanningRun:
    """Ask for ways to mend what is in a room when it is booked by others or not open,
    as the agenda has it. Nothing is written: at other hours the room can be used."""
    return _ask(RepairKind.ROOM_TAKEN, room.pk, _nothing, **asked)


def close_centre(*, centre: Centre, **asked: Any) -> PlanningRun:
    """Close a centre on whole days, and ask for ways to mend every week that it
    touches."""
    return _ask(
        RepairKind.CENTRE_CLOSED,
        centre.pk,
        lambda actor, first, last: add_closure(
            actor=actor, centre=centre, first=first, last=last
        ),
        **asked,
    )


def forget_holiday(*, municipality: Municipality | None, **asked: Any) -> PlanningRun:
    """Close every centre, of the region or of one municipality, on whole days, and ask
    for ways to mend every week that it touches."""
    shut = centres()
    if municipality is not None:
        shut = shut.filter(place__municipality=municipality)
    return _ask(
        RepairKind.HOLIDAY,
        WHOLE_REGION if municipality is None else municipality.pk,
        lambda actor, first, last: add_closures(
            actor=actor, centres=shut, first=first, last=last
        ),
        **{"seconds": MORE_SECONDS} | asked,
    )


def seat_newcomer(
    *, registration: Registration, first: date, **asked: Any
) -> PlanningRun:
    """Ask in which groups of one published week somebody who waits could have a seat,
    without a change for anybody else.

    ``first``: a day of that week. Raises ``ValidationError`` for who does not wait.
    """
    today = asked.get("today") or timezone.localdate()
    pauses = registration.paused_until
    if registration.state != RegistrationState.WAITING or (pauses and pauses > today):
        raise ValidationError(_("This person does not wait for a seat now."))
    if registration.enrolments.filter(state__in=SEAT_HOLDING).exists():
        raise ValidationError(_("A draft or an offer keeps a seat for this person."))
    first = max(first, today)
    return _ask(
        RepairKind.RESIDENT_JOINED,
        registration.pk,
        _nothing,
        first=first,
        last=first + timedelta(days=6 - first.weekday()),
        **{"seconds": MORE_SECONDS} | asked,
    )


@transaction.atomic
def resident_left(
    *,
    registration: Registration,
    reason: str = "",
    shown: str | None = None,
    last: date | None = None,
    **asked: Any,
) -> PlanningRun:
    """End all that the resident of a registration asks, and ask what becomes of the
    conversations in which nobody is left.

    Seats in groups are offered to the next in turn at once. ``shown``: the mark of what
    a page said would end; raises ``StaleEnding`` when that changed. With ``after`` it
    was ended before: then ``first`` and ``last`` are those of that question, and
    nothing is written. Otherwise they are found here.
    """
    kind, key = RepairKind.RESIDENT_LEFT, registration.pk
    if asked.get("after"):
        return _ask(kind, key, _nothing, last=last or asked["first"], **asked)
    today = asked.get("today") or timezone.localdate()
    talk = last_talk_of(registration=registration)
    until = timezone.localdate(talk) if talk is not None else today
    try:
        end_all(
            actor=asked["actor"], registration=registration, reason=reason, shown=shown
        )
    except ValidationError as refused:
        standing = _standing(_about(kind, key), 0)
        if getattr(refused, "code", None) != "closed" or standing is None:
            raise
        return standing
    days = {"first": today, "last": min(until, today + timedelta(weeks=MOST_WEEKS))}
    return _ask(kind, key, _nothing, **asked | days)


def _nothing(_actor: Actor, _first: date, _last: date) -> None:
    """Write nothing: what happened is written down already."""


@transaction.atomic
def _ask(
    kind: RepairKind,
    about: object,
    write: Callable[[Actor, date, date], object],
    *,
    actor: Actor,
    user: User | None,
    first: date,
    last: date,
    after: int = 0,
    today: date | None = None,
    seconds: float = SECONDS,
) -> PlanningRun:
    """Write the fact and the question, unless the question stands already."""
    today = today or timezone.localdate()
    if last < first:
        raise ValidationError(_("The last day must not come before the first day."))
    if last > max(first, today) + timedelta(weeks=MOST_WEEKS):
        raise ValidationError(
            _("Choose at most %(weeks)d weeks at a time.") % {"weeks": MOST_WEEKS}
        )
    question = Question(kind, str(about), first, last, today)
    standing = _standing(_same(question), after)
    if standing is not None:
        return standing
    begin, end = week_dates(question.monday)
    number = max(1, len(question.weeks))
    run = PlanningRun(
        task=RunTask.REPAIR,
        as_draft=False,
        kind=RunKind.WEEK,
        first_date=begin,
        last_date=end + timedelta(weeks=number - 1),
        changes=[question.as_json()],
        asked_by=user,
        seconds=max(1, math.ceil(seconds * number)),
        workers=1,
    )
    run.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            # Of two presses at once the second waits here for the first.
            run.save(force_insert=True)
    except IntegrityError:
        return _same(question).latest("pk")
    write(actor, first, last)
    record_event(
        actor=actor,
        code="repair.report",
        action="C",
        purpose=PLANNING,
        object_kind="run",
        object_id=run.pk,
    )
    hand_to_worker(run)
    return run


def _standing(same: QuerySet[PlanningRun], after: int) -> PlanningRun | None:
    """The run of these that is not over, or was asked for a moment ago."""
    lately = Q(state=RunState.DONE, asked_at__gte=timezone.now() - ONE_PRESS)
    runs = same.filter(Q(state__in=UNFINISHED) | lately, pk__gt=after)
    return runs.order_by("-pk").first()


def _same(question: Question) -> QuerySet[PlanningRun]:
    return PlanningRun.objects.filter(task=RunTask.REPAIR, changes=[question.as_json()])


def _about(kind: RepairKind, key: object) -> QuerySet[PlanningRun]:
    asked = [{"kind": kind.value, "about": str(key)}]
    return PlanningRun.objects.filter(task=RunTask.REPAIR, changes__contains=asked)
