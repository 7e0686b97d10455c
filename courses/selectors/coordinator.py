"""What a coordinator's pages need: seats by series, and who waits, without names."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet, Sum

from audit.actor import Actor
from audit.record import PLANNING, record_read
from courses.enums import SEAT_HOLDING, EnrolmentState, RegistrationState
from courses.models import (
    Enrolment,
    Offering,
    Registration,
    RegistrationChoice,
    Series,
    Session,
    SessionLeader,
)


@dataclass(frozen=True)
class SeatCount:
    """Seats of a series given out, and of these held by a draft only."""

    taken: int = 0
    held: int = 0

    @property
    def sure(self) -> int:
        """Seats given out apart from any draft."""
        return self.taken - self.held


def seat_counts(*, series_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, SeatCount]:
    """Seats given out by series; one query, numbers only."""
    rows = (
        Enrolment.objects.filter(series__in=list(series_ids), state__in=SEAT_HOLDING)
        .order_by()
        .values("series_id")
        .annotate(
            taken=Sum("seats"),
            held=Sum("seats", filter=Q(state=EnrolmentState.HELD_BY_DRAFT), default=0),
        )
    )
    return {row["series_id"]: SeatCount(row["taken"], row["held"]) for row in rows}


def series_with_offering(*, series_ids: Iterable[object]) -> dict[uuid.UUID, Series]:
    """Series by id with offering and room; one query, no person."""
    found = Series.objects.select_related("offering", "room__centre__place")
    return found.in_bulk(list(series_ids))


def sessions_by_id(*, session_ids: Iterable[object]) -> QuerySet[Session]:
    """Sessions in any state with the ids of their leaders; shows no person."""
    leaders = SessionLeader.objects.all()
    return Session.objects.filter(pk__in=list(session_ids)).prefetch_related(
        Prefetch("session_leaders", queryset=leaders)
    )


def registrations_by_id(
    *,
    actor: Actor,
    registration_ids: Iterable[int],
    organisation_ids: Iterable[int] | None = None,
) -> list[Registration]:
    """These registrations with place and wishes, longest waiting first; one log line.

    Loaded: resident (with person and place), offering, theme, reason for one-to-one,
    and `choices` with what they ask for. `organisation_ids` are those that keep the
    person's data. Names are loaded with the rows; a page that shows one logs that.
    """
    choices = RegistrationChoice.objects.select_related("offering", "series__offering")
    found = Registration.objects.filter(pk__in=list(registration_ids))
    if organisation_ids is not None:
        found = found.filter(resident__person__organisation__in=list(organisation_ids))
    registrations = list(
        found.select_related(
            "resident__person__place", "offering", "theme", "one_to_one_reason"
        )
        .defer(
            "resident__person__call_name",
            "resident__person__alias",
            "resident__person__contact_address",
        )
        .prefetch_related(Prefetch("choices", queryset=choices))
        .order_by("registered_at", "pk")
    )
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in registrations],
        purpose=PLANNING,
        code="registration.list",
        object_kind="registration",
    )
    return registrations


def reason_counts(*, registration_ids: Iterable[int]) -> dict[str, int]:
    """How many of these registrations carry each reason, by its code; one query."""
    codes = Registration.objects.filter(
        pk__in=list(registration_ids), one_to_one_reason__isnull=False
    ).values_list("one_to_one_reason__code", flat=True)
    return dict(Counter(codes).most_common())


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """How many wait for an offering, how many beyond their norm, and the longest."""

    offering: Offering
    waiting: int
    beyond_norm: int
    longest_days: int


def waiting_lines(
    *, on: date, organisation_ids: Iterable[int] | None = None
) -> list[WaitingLine]:
    """Waiting registrations by offering, most first; numbers only, three queries.

    A registration counts for the offering it asks for, for each offering and each
    series' offering among its choices, and for those of its theme.
    """
    waits = Registration.objects.filter(state=RegistrationState.WAITING).order_by()
    facts = {
        pk: ((on - registered.date()).days, norm < on)
        for pk, registered, norm in waits.values_list(
            "pk", "registered_at", "norm_date"
        )
    }
    wishes: dict[int, set[int]] = defaultdict(set)
    asked = waits.values_list(
        "pk",
        "offering_id",
        "theme__offerings__pk",
        "choices__offering_id",
        "choices__series__offering_id",
    )
    for pk, *offering_ids in asked:
        for offering_id in offering_ids:
            if offering_id is not None:
                wishes[offering_id].add(pk)
    found = Offering.objects.filter(pk__in=wishes).select_related("organisation")
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    lines = [
        WaitingLine(
            offering=one,
            waiting=len(wishes[one.pk]),
            beyond_norm=sum(facts[pk][1] for pk in wishes[one.pk]),
            longest_days=max(facts[pk][0] for pk in wishes[one.pk]),
        )
        for one in found
    ]
    return sorted(lines, key=lambda line: (-line.waiting, line.offering.title))


def waiting_total() -> int:
    """How many registrations wait; a number only."""
    return Registration.objects.filter(state=RegistrationState.WAITING).count()
