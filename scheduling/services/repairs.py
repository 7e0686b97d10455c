"""When something happens to a published week: write it down, and ask for ways out.

A leader who is ill, a room that is lost and a centre that is shut are written at once
where such facts belong (leave, a booking, a closure), together with a run that a worker
does (``ways_out``): for each week that is touched it looks for the least change, and
keeps up to five really different ways out. Choosing one
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
from people.services import add_leave
from rooms.services import add_closure, lose_room_for
from scheduling.adapters.load_problem import week_dates
from scheduling.models import PlanningRun, RepairKind, RunKind, RunState, RunTask
from scheduling.models.run import UNFINISHED
from scheduling.services.jobs import hand_to_worker
from scheduling.services.ways_out import Question

if TYPE_CHECKING:
    from people.models import Facilitator, User
    from rooms.models import Centre, Room

SECONDS = 5.0
MOST_WEEKS = 26
ONE_PRESS = timedelta(seconds=10)
"""So long after it was asked, the same question is the same press once more."""
ZONE = ZoneInfo("Europe/Amsterdam")


def report_ill(*, facilitator: Facilitator, **asked: Any) -> PlanningRun:
    """Write leave for a facilitator, and ask for ways to mend every week it touches.

    ``asked``: ``actor``, ``user`` who asks, ``first`` and ``last`` day; ``after`` the
    number of a run whose answer was seen and is asked for anew; ``today`` and
    ``seconds`` a week when they are not as usual. The same for the two below.

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


@transaction.atomic
def _ask(
    kind: RepairKind,
    about: int,
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
    standing = _standing(question, after)
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


def _standing(question: Question, after: int) -> PlanningRun | None:
    """The run of this question that is not over, or was asked for a moment ago."""
    lately = Q(state=RunState.DONE, asked_at__gte=timezone.now() - ONE_PRESS)
    runs = _same(question).filter(Q(state__in=UNFINISHED) | lately, pk__gt=after)
    return runs.order_by("-pk").first()


def _same(question: Question) -> QuerySet[PlanningRun]:
    return PlanningRun.objects.filter(task=RunTask.REPAIR, changes=[question.as_json()])
