"""Conversations for one person, and consultations: which there are, and spare rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from courses.enums import (
    SEAT_HOLDING,
    EnrolmentState,
    SeriesState,
    SessionState,
)
from courses.kinds import LevelOfCare, WayIn, kinds_where
from courses.models import Enrolment, Offering, Series, Session, SessionLeader


def conversation_offering() -> Offering | None:
    """The region's exploratory conversation; the first one when there are several."""
    kinds = kinds_where(level_of_care=LevelOfCare.INTAKE)
    return (
        Offering.objects.filter(kind__in=kinds)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )


def consultation_offering() -> Offering | None:
    """What a helper asks for who wants to think along with a professional."""
    kinds = kinds_where(way_in=WayIn.HELPER)
    return Offering.objects.filter(kind__in=kinds).order_by("pk").first()


def spare_series(*, offering_id: int, without: Iterable[object] = ()) -> Series | None:
    """A planned series of an offering that belongs to nobody, locked for the caller.

    Rows that another program has locked at this moment are passed over.
    """
    taken = Enrolment.objects.filter(state__in=SEAT_HOLDING).values("series")
    return (
        Series.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(offering=offering_id, state=SeriesState.PLANNED)
        .exclude(pk__in=list(without))
        .exclude(pk__in=taken)
        .order_by("pk")
        .first()
    )


def seated_session(*, registration_id: int) -> Session | None:
    """The published session of the seat that a registration has; its leaders loaded."""
    return (
        Session.objects.filter(
            state=SessionState.PUBLISHED,
            series__enrolments__registration=registration_id,
            series__enrolments__state=EnrolmentState.ENROLLED,
        )
        .prefetch_related("session_leaders")
        .order_by("period")
        .first()
    )


def led_periods(
    *, facilitator_id: int, first: date, last: date
) -> list[DateTimeTZRange]:
    """When a facilitator leads published sessions on these days; no names."""
    zone = timezone.get_default_timezone()
    start = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    return list(
        SessionLeader.objects.filter(
            facilitator=facilitator_id,
            state=SessionState.PUBLISHED,
            period__overlap=DateTimeTZRange(start, end),
        ).values_list("period", flat=True)
    )
