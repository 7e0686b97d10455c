"""Counting seats: what there is, what is taken, what is free.

The same sums as the trigger on enrolments: the group's largest size with
over-enrolment, but never more than the room holds beside its leaders, nor more than
those leaders may lead.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from courses.enums import SEAT_HOLDING
from courses.models import (
    Enrolment,
    OfferingStaffNeed,
    Registration,
    Series,
    SeriesLeader,
)


def with_seats(series: QuerySet[Series]) -> QuerySet[Series]:
    """Annotate `seats_total`, `seats_taken` and `seats_free` (may be negative)."""
    taken = (
        Enrolment.objects.filter(series=OuterRef("pk"), state__in=SEAT_HOLDING)
        .order_by()
        .values("series")
        .annotate(number=Sum("seats"))
        .values("number")
    )
    leading = (
        SeriesLeader.objects.filter(series=OuterRef("pk"))
        .order_by()
        .values("series")
        .annotate(number=Count("pk"))
        .values("number")
    )
    whole = IntegerField()
    # As dictionaries: the model already declares these names for the type checker.
    counted = {
        "seats_total": Least(
            Coalesce("size_max", "offering__size_max") + F("offering__over_enrolment"),
            F("room__capacity")
            - Coalesce(Subquery(leading, output_field=whole), Value(0)),
            output_field=whole,
        ),
        "seats_taken": Coalesce(Subquery(taken, output_field=whole), Value(0)),
    }
    free = {"seats_free": F("seats_total") - F("seats_taken")}
    return series.annotate(**counted).annotate(**free)


class StaffedSize(Func):
    """How large the group may grow with its leaders (a function of migration 0006)."""

    function = "courses_staffed_size"
    output_field = IntegerField()


def with_open_seats(series: QuerySet[Series]) -> QuerySet[Series]:
    """As `with_seats`, and `seats_open`: what can be given out today.

    A larger group may need another leader. A draft may hold seats beyond its leaders,
    because the release brings them along; nobody else gets one before that.
    """
    growing = OfferingStaffNeed.objects.filter(
        offering=OuterRef("offering"), from_size__gt=1
    )
    staffed = Case(When(Exists(growing), then=StaffedSize("pk")))
    open_ = Least("seats_total", staffed, output_field=IntegerField()) - F(
        "seats_taken"
    )
    # A name of its own: the model already declares it for the type checker.
    counted = {"seats_open": open_}
    return with_seats(series).annotate(**counted)


def lock_one(series: Series) -> Series:
    """Lock the row of the series until the transaction ends, and read it afresh.

    Locking a row without changing its key leaves readers and foreign keys alone.
    """
    return (
        Series.objects.select_for_update(no_key=True, of=("self",))
        .select_related("offering")
        .get(pk=series.pk)
    )


def lock_series(*, ids: Iterable[uuid.UUID]) -> list[Series]:
    """Lock series rows, always in the same order, until the transaction ends."""
    return list(
        Series.objects.select_for_update(no_key=True, of=("self",))
        .select_related("offering")
        .filter(pk__in=list(ids))
        .order_by("pk")
    )


def free_seats(series: Series) -> int:
    """Seats to give out now; only certain while the row of the series is locked."""
    return with_open_seats(Series.objects.filter(pk=series.pk)).get().seats_open


def seats_for(registration: Registration, series: Series) -> int:
    """Seats that a registration takes in a series; who comes along takes one too.

    In a conversation of one person who comes along does not.
    """
    return 1 if series.largest == 1 else registration.seats


def lock_registrations(ids: Iterable[int]) -> list[Registration]:
    """Lock registrations in order of turn until the transaction ends; read afresh.

    Lock series first, and then registrations in this order: everybody who gives out
    seats does, so that nobody waits for each other.
    """
    return list(
        Registration.objects.select_for_update(no_key=True, of=("self",))
        .select_related("resident")
        .filter(pk__in=list(ids))
        .order_by("need_class", "registered_at", "pk")
    )
