"""The waiting list of a series as a coordinator sees it: numbers and turns, no name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from audit.actor import Actor
from audit.record import CARE, record_read
from courses.enums import RUNNING_STATES, EnrolmentState, RegistrationState
from courses.models import Enrolment, Registration, Series, TurnChange
from courses.seats import seats_for, with_open_seats
from courses.selectors.queue import queues
from courses.selectors.waiting import waiting_queue
from courses.suitability import apart_in, cautions, objections


@dataclass(frozen=True, kw_only=True)
class SeriesQueue:
    """A running series with its seats, and how many seats are waited for."""

    series: Series
    waiting: int


@dataclass(frozen=True, kw_only=True)
class SeatOwners:
    """Whose the seats of a series are; every seat has one owner."""

    total: int
    enrolled: int
    offered: int
    held: int
    free: int


def series_with_queues(
    *, organisation_ids: Iterable[int] | None = None
) -> list[SeriesQueue]:
    """Running series that somebody waits for, most first; eight reads, no person."""
    found = with_open_seats(
        Series.objects.filter(state__in=RUNNING_STATES)
        .select_related("offering__organisation", "room__centre")
        .order_by("pk")
    )
    if organisation_ids is not None:
        found = found.filter(offering__organisation__in=list(organisation_ids))
    rows = list(found)
    waiting = queues(series_ids=[one.pk for one in rows])
    lines = [
        SeriesQueue(series=one, waiting=waiting[one.pk].seats)
        for one in rows
        if waiting[one.pk].seats
    ]
    return sorted(lines, key=lambda line: (-line.waiting, line.series.offering.title))


def running_series(
    *, series_id: uuid.UUID, organisation_ids: Iterable[int] | None = None
) -> Series | None:
    """One running series with its counted seats, in the reach of an account."""
    found = with_open_seats(
        Series.objects.filter(pk=series_id, state__in=RUNNING_STATES).select_related(
            "offering__organisation", "room__centre"
        )
    )
    if organisation_ids is not None:
        found = found.filter(offering__organisation__in=list(organisation_ids))
    return found.first()


def seat_owners(*, series: Series) -> SeatOwners:
    """Whose the seats are; `series` comes with its counted seats. One read."""
    counted = Enrolment.objects.filter(series=series).aggregate(
        **{
            state.value: Count("pk", filter=Q(state=state))
            for state in (
                EnrolmentState.ENROLLED,
                EnrolmentState.OFFERED,
                EnrolmentState.HELD_BY_DRAFT,
            )
        }
    )
    return SeatOwners(
        total=series.seats_total,
        enrolled=counted["enrolled"],
        offered=counted["offered"],
        held=counted["held_by_draft"],
        free=max(series.seats_open, 0),
    )


def turns_of(*, actor: Actor, series: Series) -> list[Registration]:
    """Who waits for the series, first in turn first; one read and one log line."""
    found = list(waiting_queue(series=series).select_related("resident"))
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in found],
        purpose=CARE,
        code="waiting.list",
        object_kind="registration",
        object_id=series.pk,
    )
    return found


def open_offers(*, series: Series) -> list[Enrolment]:
    """Offers that wait for an answer, soonest to lapse first; no person."""
    found = Enrolment.objects.filter(series=series, state=EnrolmentState.OFFERED)
    return list(found.order_by("offer_expires_at", "pk"))


def why_the_head_waits(*, series: Series, head: Registration) -> list[str]:
    """Why a free seat does not go to who is first in turn; [] if it would."""
    needs = seats_for(head, series)
    found = objections(
        resident_id=head.resident_id,
        series=series,
        registration=head,
        for_planner=True,
    )
    if not found and not head.choices.filter(series=series).exists():
        found = cautions(resident_id=head.resident_id, series=series)
    if not found and needs > series.seats_open:
        return [""]
    return found


def kept_away_from(*, registration: Registration) -> list[Series]:
    """Groups it waits for and is not offered: somebody there must be kept apart.

    For who plans, never for the resident. `registration` comes with its choices and
    their series. At most four reads.
    """
    chosen = [one.series for one in registration.choices.all() if one.series]
    if registration.state != RegistrationState.WAITING or not chosen:
        return []
    found = apart_in(
        resident_id=registration.resident_id, series_ids=[one.pk for one in chosen]
    )
    return [one for one in chosen if one.pk in found]


def turn_changes(*, series: Series, limit: int = 20) -> list[TurnChange]:
    """What was changed by hand in this list, newest first: seats and classes."""
    waiting = waiting_queue(series=series).order_by().values("pk")
    found = TurnChange.objects.filter(
        Q(series=series) | Q(series__isnull=True, registration__in=waiting)
    ).select_related("changed_by")
    return list(found[:limit])
