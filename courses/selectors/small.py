"""Groups with fewer people than they need, and the day on which that is decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.enums import RUNNING_STATES, EnrolmentState, SessionState
from courses.fitting import Reading, Together
from courses.kinds import kinds_where
from courses.models import Enrolment, Series
from courses.seats import with_open_seats
from courses.selectors.queue import NOBODY, Queue, queues
from courses.suitability import cautions, objections


@dataclass(frozen=True, kw_only=True)
class SmallGroup:
    """A series below its smallest size, with sessions to come.

    ``people``: seats that are taken; ``asked``: seats that are offered or held.
    ``decide_on``: some days before the first session, as its offering says; today when
    the group has begun.
    """

    series: Series
    people: int
    asked: int
    first: datetime
    next: datetime
    begun: bool
    decide_on: date
    queue: Queue

    @property
    def missing(self) -> int:
        """How many people short it is."""
        return self.series.smallest - self.people


def small_groups(
    *, today: date, organisation_ids: Collection[int] | None = None
) -> list[SmallGroup]:
    """Groups below their smallest size, the nearest decision first.

    A fixed number of queries; numbers only, no person.
    """
    now = timezone.now()
    held = Q(sessions__state=SessionState.PUBLISHED)
    coming = held & Q(sessions__period__startswith__gt=now)
    found = (
        Series.objects.filter(
            state__in=RUNNING_STATES,
            offering__kind__in=kinds_where(takes_registrations=True),
            offering__session_minutes__isnull=False,
        )
        .select_related("offering", "room__centre__place")
        .annotate(
            first=Min("sessions__period__startswith", filter=held),
            next=Min("sessions__period__startswith", filter=coming),
            people=seats_in(EnrolmentState.ENROLLED),
            asked=seats_in(EnrolmentState.OFFERED, EnrolmentState.HELD_BY_DRAFT),
        )
        .filter(next__isnull=False)
        .filter(people__lt=Coalesce("size_min", "offering__size_min"))
        .exclude(offering__size_max=1)
    )
    if organisation_ids is not None:
        found = found.filter(offering__organisation__in=list(organisation_ids))
    rows = [one for one in found if one.largest > 1]
    waiting = queues(series_ids=[one.pk for one in rows])
    groups = [_group(one, waiting.get(one.pk, NOBODY), now, today) for one in rows]
    return sorted(groups, key=lambda one: (one.decide_on, one.next, str(one.series.pk)))


def seats_in(*states: str) -> Coalesce:
    taken = (
        Enrolment.objects.filter(series=OuterRef("pk"), state__in=states)
        .order_by()
        .values("series")
        .annotate(number=Sum("seats"))
        .values("number")
    )
    return Coalesce(Subquery(taken), Value(0))


def _group(series: Series, queue: Queue, now: datetime, today: date) -> SmallGroup:
    first: datetime = series.first  # type: ignore[attr-defined]
    begun = first <= now
    before = timedelta(days=series.offering.decision_days)
    return SmallGroup(
        series=series,
        people=series.people,  # type: ignore[attr-defined]
        asked=series.asked,  # type: ignore[attr-defined]
        first=first,
        next=series.next,  # type: ignore[attr-defined]
        begun=begun,
        decide_on=today if begun else timezone.localdate(first) - before,
        queue=queue,
    )


def groups_beside(*, series: Series) -> list[Series]:
    """Other groups of the same offering that take place, with their free seats.

    Each has `seats_total`, `seats_taken`, `seats_open`, its room, and `coming`: how
    many sessions are still to come. One query, no person.
    """
    coming = Q(
        sessions__state=SessionState.PUBLISHED,
        sessions__period__startswith__gt=timezone.now(),
    )
    found = with_open_seats(
        Series.objects.filter(offering=series.offering_id, state__in=RUNNING_STATES)
    ).exclude(pk=series.pk)
    return list(
        found.select_related("offering__prerequisite", "room__centre__place")
        .annotate(coming=Count("sessions", filter=coming, distinct=True))
        .filter(coming__gt=0)
        .order_by(F("first_date").asc(nulls_last=True), "pk")
    )


def members_of(*, series_id: UUID) -> list[Enrolment]:
    """Seats that are taken in a series, in order of turn, with registration and
    resident; whoever shows them logs that."""
    return list(
        Enrolment.objects.filter(series=series_id, state=EnrolmentState.ENROLLED)
        .select_related("registration", "resident")
        .order_by("registration__need_class", "registration__registered_at", "pk")
    )


def persons_of_seats(*, enrolment_ids: Iterable[int]) -> dict[int, int]:
    """Person by enrolment, of seats that are taken now; ids only, one query."""
    found = Enrolment.objects.filter(
        pk__in=list(enrolment_ids), state=EnrolmentState.ENROLLED
    )
    return dict(found.values_list("pk", "resident__person_id"))


def seat_numbers(
    *, person_ids: Iterable[int], series_ids: Iterable[UUID]
) -> dict[int, list[int]]:
    """Numbers of the registrations behind seats that are taken or held, by person.

    Of seats in these series; of who has none there, of any seat. One query; whoever
    shows them logs that.
    """
    wanted = set(series_ids)
    here: dict[int, list[int]] = {}
    anywhere: dict[int, list[int]] = {}
    for person_id, series_id, number in (
        Enrolment.objects.filter(
            resident__person__in=list(person_ids),
            state__in=[EnrolmentState.ENROLLED, EnrolmentState.HELD_BY_DRAFT],
        )
        .order_by("registration")
        .values_list("resident__person_id", "series_id", "registration_id")
    ):
        anywhere.setdefault(person_id, []).append(number)
        if series_id in wanted:
            here.setdefault(person_id, []).append(number)
    return anywhere | here


Fit = tuple[list[str], list[str]]
"""Why somebody cannot go to another group, and what does not suit; as sentences."""


def fits_of(
    *, seats: Sequence[Enrolment], targets: Sequence[Series]
) -> dict[tuple[int, UUID], Fit]:
    """Why the owner of each seat cannot go to each group, and what does not suit.

    By (enrolment id, series id), in the sentences of `courses.suitability`; the seat
    that he has now is given up for it. Seats come with their registration, groups with
    offering and room. A fixed number of queries, however many of both.
    """
    together = Together(
        resident_ids=[seat.resident_id for seat in seats],
        series_ids=[target.pk for target in targets],
    )
    return {
        (seat.pk, target.pk): _fit(seat, target, together)
        for seat in seats
        for target in targets
    }


def _fit(seat: Enrolment, target: Series, reading: Reading) -> Fit:
    common: dict[str, Any] = {
        "resident_id": seat.resident_id,
        "series": target,
        "leaving": seat.series_id,
        "reading": reading,
    }
    no = objections(registration=seat.registration, for_planner=True, **common)
    return no, [] if no else cautions(**common)
