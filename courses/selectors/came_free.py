"""What came free when somebody stopped asking: groups with a seat less taken, and
conversations in which nobody is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

from courses.enums import (
    RUNNING_STATES,
    SEAT_HOLDING,
    EnrolmentState,
    SessionState,
)
from courses.models import Enrolment, Registration, Series, Session
from courses.selectors.queue import NOBODY, Queue, queues
from courses.selectors.small import seats_in

GIVEN_UP = (EnrolmentState.WITHDRAWN, EnrolmentState.STOPPED)


@dataclass(frozen=True, kw_only=True)
class CameFree:
    """A series that goes on without somebody, and who is in it by now.

    ``people``: seats that are taken; ``asked``: seats that are offered or held.
    """

    series: Series
    people: int
    asked: int
    next: datetime
    queue: Queue

    @property
    def is_talk(self) -> bool:
        """Whether it is for one person at a time."""
        return self.series.largest == 1

    @property
    def is_empty(self) -> bool:
        """Whether nobody is left in it, nor was asked to come."""
        return not self.people and not self.asked

    @property
    def is_small(self) -> bool:
        """Whether it is a group with fewer people than it needs."""
        return not self.is_talk and self.people < self.series.smallest


def came_free(*, registration_id: int, since: datetime | None = None) -> list[CameFree]:
    """What goes on of all that the resident of a registration gave up (``since``),
    soonest first.

    Without what this person has a seat in again. A fixed number of queries; whoever
    shows it has read, and logged, the registration.
    """
    mine = Enrolment.objects.filter(
        series=OuterRef("pk"), resident__registrations=registration_id
    )
    given_up = mine.filter(state__in=GIVEN_UP)
    if since is not None:
        given_up = given_up.filter(changed_at__gte=since)
    coming = Q(
        sessions__state=SessionState.PUBLISHED,
        sessions__period__startswith__gt=timezone.now(),
    )
    found = (
        Series.objects.filter(
            Exists(given_up),
            ~Exists(mine.filter(state__in=SEAT_HOLDING)),
            state__in=RUNNING_STATES,
        )
        .select_related("offering", "room__centre__place")
        .annotate(
            next=Min("sessions__period__startswith", filter=coming),
            people=seats_in(EnrolmentState.ENROLLED),
            asked=seats_in(EnrolmentState.OFFERED, EnrolmentState.HELD_BY_DRAFT),
        )
        .filter(next__isnull=False)
        .order_by("next", "pk")
    )
    waiting = queues(series_ids=[one.pk for one in found])
    return [
        CameFree(
            series=one,
            people=one.people,
            asked=one.asked,
            next=one.next,
            queue=waiting.get(one.pk, NOBODY),
        )
        for one in found
    ]


def last_talk_of(*, registration: Registration) -> datetime | None:
    """When the last conversation to come begins in which the resident of a
    registration has the only seat; one query. Part of reading the registration."""
    own = Enrolment.objects.filter(
        resident=registration.resident_id, state__in=SEAT_HOLDING
    )
    talks = (
        Session.objects.filter(
            state=SessionState.PUBLISHED,
            period__startswith__gt=timezone.now(),
            series__in=own.values("series"),
        )
        .filter(
            Q(series__size_max=1)
            | Q(series__size_max=None, series__offering__size_max=1)
        )
        .order_by("-period__startswith")
    )
    return talks.values_list("period__startswith", flat=True).first()
