"""How long the queues are, for many series in one query; numbers only, no person.

The same queue as `waiting.waiting_queue`, written so that one statement counts it for
every row of an outer query. tests/courses/test_queue.py holds the two together.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TimeField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from courses.enums import RegistrationState
from courses.models import Registration, RegistrationChoice, Series

NEWCOMER = 3
"""Need class of a registration that a resident makes himself."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Who waits for a series: seats they need, and how many come before a newcomer."""

    seats: int = 0
    ahead: int = 0


NOBODY = Queue()


def queues(*, series_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Queue]:
    """The queue of each of these series, by id; one query."""
    waiting = _waiting_for("")
    newcomer = waiting.filter(need_class__lte=NEWCOMER)
    rows = (
        _with_hours(Series.objects.filter(pk__in=list(series_ids)), "")
        .annotate(queue_seats=_total(waiting, Sum("seats")))
        .annotate(queue_ahead=_total(newcomer, Count("pk")))
        .values_list("pk", "queue_seats", "queue_ahead")
        .order_by()
    )
    return {pk: Queue(seats=seats, ahead=ahead) for pk, seats, ahead in rows}


def own_positions(
    *, registration_ids: Iterable[int]
) -> dict[tuple[int, uuid.UUID], int]:
    """Places on waiting lists, by (registration id, series id); 1 is next; one query.

    Only for series that a waiting registration chose itself; it says nothing of others.
    """
    mine = RegistrationChoice.objects.filter(
        registration__in=list(registration_ids),
        registration__state=RegistrationState.WAITING,
        series__isnull=False,
    )
    need, since = OuterRef("registration__need_class"), "registration__registered_at"
    before = _waiting_for("series__").filter(
        Q(need_class__lt=need)
        | Q(need_class=need, registered_at__lt=OuterRef(since))
        | Q(
            need_class=need,
            registered_at=OuterRef(since),
            pk__lt=OuterRef("registration"),
        )
    )
    rows = (
        _with_hours(mine, "series__")
        .annotate(queue_ahead=_total(before, Count("pk")))
        .values_list("registration_id", "series_id", "queue_ahead")
        .order_by()
    )
    return {(one, series): ahead + 1 for one, series, ahead in rows if series}


def _with_hours(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    """Add the end of a session and the day on which a free hour must hold."""
    minutes = ExpressionWrapper(
        F(f"{path}offering__session_minutes") * Value(timedelta(minutes=1)),
        output_field=DurationField(),
    )
    end = ExpressionWrapper(
        F(f"{path}start_time") + minutes, output_field=TimeField(null=True)
    )
    today = Value(timezone.localdate(), output_field=DateField())
    return rows.annotate(
        queue_day=Greatest(F(f"{path}first_date"), today, output_field=DateField()),
        queue_over=end,
        # Past midnight nobody is usually free: the clock's end lies before its start.
        queue_end=Case(When(queue_over__gt=F(f"{path}start_time"), then=end)),
    )


def _waiting_for(path: str) -> QuerySet[Registration]:
    """Registrations that wait for the series at `path` of the outer row."""

    def outer(name: str) -> OuterRef:
        return OuterRef(OuterRef(name))

    choices = RegistrationChoice.objects.order_by()
    chosen = choices.filter(series=outer(f"{path}pk"))
    asked = choices.filter(offering=outer(f"{path}offering"))
    free_then = Registration.objects.order_by().filter(
        resident__person__windows__weekday=outer(f"{path}weekday"),
        resident__person__windows__start__lte=outer(f"{path}start_time"),
        resident__person__windows__end__gte=outer("queue_end"),
        resident__person__windows__valid__contains=outer("queue_day"),
    )
    asks_offering = Q(offering=OuterRef(f"{path}offering")) | Q(
        pk__in=asked.values("registration")
    )
    return Registration.objects.order_by().filter(
        Q(pk__in=chosen.values("registration"))
        | (asks_offering & Q(pk__in=free_then.values("pk"))),
        state=RegistrationState.WAITING,
    )


def _total(queue: QuerySet[Registration], number: Any) -> Coalesce:
    total = queue.annotate(all=Value(1)).values("all").annotate(total=number)
    whole = IntegerField()
    return Coalesce(
        Subquery(total.values("total"), output_field=whole),
        Value(0),
        output_field=whole,
    )
