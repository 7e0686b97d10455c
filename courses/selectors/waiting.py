"""Who waits for a series, and in which order."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.enums import EnrolmentState, RegistrationState
from courses.models import Enrolment, Registration, RegistrationChoice, Series

REFUSED = Q(state=EnrolmentState.WITHDRAWN, offered_at__isnull=False)
"""A seat that was offered, and not taken or given up again."""


def waiting_queue(*, series: Series) -> QuerySet[Registration]:
    """Registrations that wait for this series, first in turn first.

    Who chose the series itself waits for it; so does who asked for its offering and
    is usually free at its weekday and time, unless a seat in it was refused before.
    Order: need class, then registration time. Who paused is out of it for so long.
    Reads no person data but the order; callers that show persons log that.
    """
    choices = RegistrationChoice.objects.filter(registration=OuterRef("pk"))
    wish = Q(Exists(choices.filter(series=series)))
    asked_offering = Q(offering=series.offering_id) | Exists(
        choices.filter(offering=series.offering_id)
    )
    free_then = _free_at(series)
    if free_then is not None:
        refused = Enrolment.objects.filter(registration=OuterRef("pk"), series=series)
        wish |= asked_offering & free_then & Q(~Exists(refused.filter(REFUSED)))
    return (
        Registration.objects.filter(wish, state=RegistrationState.WAITING)
        .exclude(paused_until__gt=timezone.localdate())
        .order_by("need_class", "registered_at", "pk")
    )


def _free_at(series: Series) -> Q | None:
    minutes = series.offering.session_minutes
    if series.weekday is None or series.start_time is None or minutes is None:
        return None
    on = series.first_date or timezone.localdate()
    start = datetime.combine(on, series.start_time)
    until = start + timedelta(minutes=minutes)
    if until.date() != on:
        return None
    able = Registration.objects.filter(
        resident__person__windows__weekday=series.weekday,
        resident__person__windows__start__lte=start.time(),
        resident__person__windows__end__gte=until.time(),
        resident__person__windows__valid__contains=max(on, timezone.localdate()),
    )
    return Q(pk__in=able.values("pk"))


def seats_before(*, registration: Registration, series: Series) -> int:
    """Seats that people with an older right to this series still wait for."""
    before = _before(registration, waiting_queue(series=series))
    return before.order_by().aggregate(seats=Coalesce(Sum("seats"), 0))["seats"]


def _before(me: Registration, queue: QuerySet[Registration]) -> QuerySet[Registration]:
    return queue.filter(
        Q(need_class__lt=me.need_class)
        | Q(need_class=me.need_class, registered_at__lt=me.registered_at)
        | Q(need_class=me.need_class, registered_at=me.registered_at, pk__lt=me.pk)
    )


def waiting_position(*, registration: Registration, series: Series) -> int | None:
    """Place on the waiting list of the series: 1 is next; None if not waiting for it.

    Two queries; it reveals nothing about the others.
    """
    queue = waiting_queue(series=series)
    me = queue.filter(pk=registration.pk).first()
    if me is None:
        return None
    return _before(me, queue).count() + 1
