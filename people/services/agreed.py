"""What a person agreed to after a talk: a longer journey, more hours, another limit.

Each write says what it expects to find and gives back what it takes to undo it, so that
a change made meanwhile by somebody else is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from audit.rows import save_checked
from people.models import (
    AvailabilityWindow,
    Certificate,
    Facilitator,
    KeepPair,
    Person,
    Resident,
)
from people.models.availability import always

Numbers = Mapping[str, int | None]
LIMITS = frozenset({"travel_limit_minutes", "pace_per_week", "pace_per_day"})
LOADS = frozenset(
    {
        "max_minutes_per_week",
        "max_sessions_per_day",
        "max_span_minutes_per_day",
        "max_days_per_week",
        "max_block_minutes",
    }
)


@transaction.atomic
def put_limits(*, actor: Actor, person_id: int, was: Numbers, now: Numbers) -> None:
    """Set how far or how often a resident comes, from ``was`` to ``now``.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it is no longer as it was, or out of range; nothing has changed then.
    """
    rows = Resident.objects.filter(person=person_id)
    _put(rows, was, now, LIMITS)
    _log(actor, "resident.update", person_id)


@transaction.atomic
def put_load(*, actor: Actor, facilitator_id: int, was: Numbers, now: Numbers) -> None:
    """Set what a leader can carry, from ``was`` to ``now``; raises as above."""
    row = _put(Facilitator.objects.filter(pk=facilitator_id), was, now, LOADS)
    _log(actor, "facilitator.update", row.person_id)  # type: ignore[attr-defined]


def _put(
    rows: QuerySet[Resident] | QuerySet[Facilitator],
    was: Numbers,
    now: Numbers,
    known: frozenset[str],
) -> Model:
    if not set(was) == set(now) <= known:
        raise ValueError(f"not limits: {sorted({*was, *now} - known)}")
    row = rows.select_for_update(of=("self",), no_key=True).get()
    if any(getattr(row, name) != value for name, value in was.items()):
        raise ValidationError(
            _("This was changed meanwhile. Look at it again before you change it.")
        )
    for name, value in now.items():
        setattr(row, name, value)
    save_checked(row)
    return row


@transaction.atomic
def add_hours(
    *, actor: Actor, person_id: int, hours: Iterable[tuple[int, time, time]]
) -> list[int]:
    """Let a person come in more weekly hours (ISO weekday, from, until) from now on.

    Hours there are already stay as they are: only what lies between them is added, and
    hours that touch are joined by the planner. The keys of the windows that were made.

    Raises
    ------
    django.core.exceptions.ValidationError
        When an end does not come after its start.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    today = timezone.localdate()
    made: list[int] = []
    for weekday, start, end in hours:
        if end <= start:
            raise ValidationError(_("The end must come after the start."))
        there = [
            one
            for one in person.windows.filter(weekday=weekday).order_by("start")
            if one.valid.upper is None or one.valid.upper > today
        ]
        for begin, over in _left(start, end, there):
            window = AvailabilityWindow(
                person=person, weekday=weekday, start=begin, end=over, valid=always()
            )
            made.append(save_checked(window).pk)
    _log(actor, "availability.update", person_id)
    return made


def _left(
    start: time, end: time, there: Iterable[AvailabilityWindow]
) -> list[tuple[time, time]]:
    """The parts of a stretch that no window has yet."""
    found, begin = [], start
    for one in there:
        if one.end <= begin or one.start >= end:
            continue
        if begin < one.start:
            found.append((begin, one.start))
        begin = max(begin, one.end)
    if begin < end:
        found.append((begin, end))
    return found


@transaction.atomic
def take_hours_back(*, actor: Actor, person_id: int, window_ids: Iterable[int]) -> None:
    """Take weekly hours back that ``add_hours`` made; what is gone stays gone."""
    AvailabilityWindow.objects.filter(
        person=person_id, pk__in=list(window_ids)
    ).delete()
    _log(actor, "availability.update", person_id)


@transaction.atomic
def let_lead(
    *,
    actor: Actor,
    facilitator_id: int,
    roles: Iterable[str] = (),
    qualification_ids: Iterable[int] = (),
) -> None:
    """Write down roles and trainings of a leader that were missing; from always on."""
    rows = Facilitator.objects.select_for_update(of=("self",), no_key=True)
    leader = rows.get(pk=facilitator_id)
    leader.staff_roles = list(dict.fromkeys([*leader.staff_roles, *roles]))
    save_checked(leader)
    today = timezone.localdate()
    for key in dict.fromkeys(qualification_ids):
        held = leader.certificates.filter(qualification=key, valid__contains=today)
        if not held.exists():
            # What ran out before is over now: two may not hold at one time.
            leader.certificates.filter(qualification=key).delete()
            save_checked(
                Certificate(facilitator=leader, qualification_id=key, valid=always())
            )
    _log(actor, "facilitator.update", leader.person_id)


@transaction.atomic
def drop_pair(*, actor: Actor, kind: str, person_ids: Iterable[int]) -> None:
    """Let two persons no longer be kept apart, or together.

    Raises
    ------
    django.core.exceptions.ValidationError
        When they are not kept so any more; nothing is done then.
    """
    ids = sorted(set(person_ids))
    pairs = KeepPair.objects.filter(kind=kind, person_a__in=ids, person_b__in=ids)
    gone, _rows = pairs.delete()
    if not gone:
        raise ValidationError(_("These two are no longer kept so. Look again."))
    record_event(
        actor=actor,
        code="pair.delete",
        action="D",
        purpose=PLANNING,
        subjects=ids,
        object_kind="pair",
    )


@transaction.atomic
def stop_leading(*, actor: Actor, facilitator_id: int) -> None:
    """Let a leader no longer be planned; what was done stays in the books."""
    rows = Facilitator.objects.select_for_update(of=("self",), no_key=True)
    leader = rows.get(pk=facilitator_id)
    leader.active = False
    leader.save(update_fields=["active"])
    _log(actor, "facilitator.update", leader.person_id)


def _log(actor: Actor, code: str, person_id: int) -> None:
    record_event(
        actor=actor,
        code=code,
        action="U",
        purpose=PLANNING,
        subjects=[person_id],
        object_kind=code.partition(".")[0],
        object_id=person_id,
    )
