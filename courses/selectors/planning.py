"""Facts for the planner, in bulk: a fixed number of queries and one log line each."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Prefetch, Q
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_read
from courses.enums import (
    SEAT_HOLDING,
    EnrolmentState,
    RegistrationState,
    SeriesState,
    SessionState,
)
from courses.kinds import kinds_where
from courses.models import (
    Enrolment,
    Offering,
    OfferingStaffNeed,
    Registration,
    RegistrationChoice,
    Series,
    Session,
    SessionLeader,
)

# Declared on the models for the type checker, so not spelled out again below.
_MEMBERS: str = "members"
_SEATS_HELD: str = "seats_held"

PLANNABLE = (
    SeriesState.PLANNED,
    SeriesState.PROPOSED,
    SeriesState.PUBLISHED,
    SeriesState.RUNNING,
)


def planning_series(
    *,
    actor: Actor,
    states: Iterable[str] = PLANNABLE,
    without_seats: Iterable[int] = (),
    with_series: Iterable[uuid.UUID] = (),
    with_seats: Iterable[int] = (),
) -> list[Series]:
    """Series with all the planner needs of them.

    Loaded with each series: `offering` (with `staff_needs`, each with its
    qualification, and `required_features`), `room`, `windows`, `series_leaders`,
    `preferred_leaders`, and `enrolments` that hold a seat, as `members` (each with
    resident and registration), but for `without_seats`: ids of enrolments that count as
    free. The policy is `series.offering.policy`. `with_series` are read in any state,
    and `with_seats` count as taken: what would be brought back.
    """
    members = (
        Enrolment.objects.filter(Q(state__in=SEAT_HOLDING) | Q(pk__in=list(with_seats)))
        .exclude(pk__in=list(without_seats))
        .select_related("resident", "registration")
    )
    needs = OfferingStaffNeed.objects.select_related("qualification")
    offerings = Offering.objects.select_related("organisation").prefetch_related(
        Prefetch("staff_needs", queryset=needs), "required_features"
    )
    found: list[Series] = list(
        Series.objects.filter(Q(state__in=list(states)) | Q(pk__in=list(with_series)))
        .select_related("room")
        .prefetch_related(
            Prefetch("offering", queryset=offerings),
            "windows",
            "series_leaders",
            "preferred_leaders",
            Prefetch("enrolments", queryset=members, to_attr=_MEMBERS),
        )
        .order_by("pk")
    )
    record_read(
        actor=actor,
        subjects=[seat.resident.person_id for one in found for seat in one.members],
        purpose=PLANNING,
        code="series.members.read",
        object_kind="series",
    )
    return found


def planning_sessions(*, start: datetime, end: datetime) -> list[Session]:
    """Published sessions that overlap the period, with `session_leaders` (ids only).

    Facilitators appear as ids; persons are read, and logged, by `people.selectors`.
    """
    return list(
        Session.objects.filter(
            state=SessionState.PUBLISHED, period__overlap=DateTimeTZRange(start, end)
        )
        .select_related("series")
        .prefetch_related(
            Prefetch("session_leaders", queryset=SessionLeader.objects.all())
        )
        .order_by("period", "pk")
    )


def planning_registrations(
    *,
    actor: Actor,
    states: Iterable[str] = (RegistrationState.WAITING,),
    registration_ids: Iterable[int] | None = None,
    without_seats: Iterable[int] = (),
) -> list[Registration]:
    """Waiting registrations in order of need class and time.

    ``registration_ids``: these only, and then also those to whom something is offered.

    Loaded with each: `resident` (id and person id), `choices` by rank with offering,
    series and session, `theme` with the ids of its offerings (`theme.offerings`),
    and `seats_held`: seats that a draft or an offer holds for it, but for
    `without_seats`: ids of enrolments that count as free.
    """
    choices = RegistrationChoice.objects.select_related(
        "offering", "series", "session"
    ).order_by("rank")
    held = Enrolment.objects.filter(state__in=SEAT_HOLDING).exclude(
        pk__in=list(without_seats)
    )
    wanted = Registration.objects.filter(state__in=list(states))
    if registration_ids is not None:
        wanted = Registration.objects.filter(
            pk__in=list(registration_ids),
            state__in=[*states, RegistrationState.OFFERED],
        )
    found: list[Registration] = list(
        wanted.exclude(paused_until__gt=timezone.localdate())
        .select_related("resident", "theme")
        .prefetch_related(
            Prefetch("choices", queryset=choices),
            Prefetch("theme__offerings", queryset=Offering.objects.only("pk")),
            Prefetch("enrolments", queryset=held, to_attr=_SEATS_HELD),
        )
        .order_by("need_class", "registered_at", "pk")
    )
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in found],
        purpose=PLANNING,
        code="registration.read",
        object_kind="registration",
    )
    return found


def finished_offerings(*, resident_ids: Iterable[int]) -> dict[int, set[int]]:
    """Offering ids that each resident has finished, for prerequisites (two queries).

    Part of the same reading as `planning_registrations`, which logs it.
    """
    ids = list(resident_ids)
    done: dict[int, set[int]] = defaultdict(set)
    completed = Enrolment.objects.filter(
        resident__in=ids, state=EnrolmentState.COMPLETED
    ).values_list("resident_id", "series__offering_id")
    written = Registration.objects.filter(
        resident__in=ids,
        state=RegistrationState.FINISHED,
        offering__isnull=False,
    ).values_list("resident_id", "offering_id")
    for resident_id, offering_id in [*completed, *written]:
        if offering_id is not None:
            done[resident_id].add(offering_id)
    return dict(done)


def _single() -> Q:
    """Offerings of one seat and one session, planned for one person at a time."""
    return Q(size_max=1, sessions_count=1) & Q(
        kind__in=kinds_where(takes_registrations=True)
    )


def waiting_for_single() -> list[tuple[Offering, int]]:
    """Offerings of single conversations with how many people wait for one.

    Counts only: no person is read.
    """
    asked = Counter(
        RegistrationChoice.objects.filter(
            registration__state=RegistrationState.WAITING, offering__isnull=False
        ).values_list("offering_id", "registration_id")
    )
    wished = Registration.objects.filter(
        state=RegistrationState.WAITING, offering__isnull=False
    ).values_list("offering_id", "pk")
    # A theme stands for one-to-one help too, for whom a reason was written.
    by_theme = Registration.objects.filter(
        state=RegistrationState.WAITING,
        one_to_one_reason__isnull=False,
        theme__offerings__kind__in=kinds_where(needs_reason_code=True),
    ).values_list("theme__offerings", "pk")
    per_offering = Counter(pair[0] for pair in {*asked, *wished, *by_theme})
    return [
        (offering, per_offering[offering.pk])
        for offering in Offering.objects.filter(_single(), pk__in=per_offering)
    ]


def planned_single_series() -> list[int]:
    """Offering id of each single conversation that waits to be planned."""
    offerings = Offering.objects.filter(_single())
    return list(
        Series.objects.filter(
            offering__in=offerings,
            state__in=[SeriesState.PLANNED, SeriesState.PROPOSED],
        ).values_list("offering_id", flat=True)
    )


def participants_of(
    *, actor: Actor, series_ids: Iterable[object]
) -> dict[uuid.UUID, tuple[int, ...]]:
    """Person ids of who is enrolled in each of these series; one log line."""
    found: dict[uuid.UUID, list[int]] = defaultdict(list)
    for series_id, person_id in (
        Enrolment.objects.filter(
            series__in=list(series_ids), state=EnrolmentState.ENROLLED
        )
        .order_by("pk")
        .values_list("series_id", "resident__person_id")
    ):
        found[series_id].append(person_id)
    record_read(
        actor=actor,
        subjects=[pk for persons in found.values() for pk in persons],
        purpose=PLANNING,
        code="series.members.read",
        object_kind="series",
    )
    return {key: tuple(persons) for key, persons in found.items()}
