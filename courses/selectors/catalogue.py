"""The offer, readable without an account: no person data, so nothing is logged."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from courses.enums import RUNNING_STATES, RegistrationState, SessionState
from courses.kinds import LevelOfCare, kinds_where
from courses.models import Offering, ReasonCode, Series, Session, Theme
from courses.seats import with_open_seats

# Declared on the model for the type checker, so not spelled out again below.
_COMING: str = "coming_sessions"


def themes() -> QuerySet[Theme]:
    """All themes residents can ask for."""
    return Theme.objects.all()


def reason_codes() -> QuerySet[ReasonCode]:
    """Reasons for one-to-one that can be chosen now."""
    return ReasonCode.objects.filter(active=True)


def open_series(*, offering_id: int | None = None) -> QuerySet[Series]:
    """Published series with seats counted (see `seats.with_open_seats`).

    `coming_sessions` holds the sessions that are still to come, in order. Series
    whose last session is over are left out; a closed group shows
    `sessions_held`, to be compared with the offering's `closed_after_session`.
    Three queries, however many series.
    """
    now = timezone.now()
    published = Q(sessions__state=SessionState.PUBLISHED)
    coming = Session.objects.filter(
        state=SessionState.PUBLISHED, period__endswith__gt=now
    ).order_by("period")
    counts = {
        "sessions_held": Count(
            "sessions", filter=published & Q(sessions__period__endswith__lte=now)
        ),
        "sessions_coming": Count(
            "sessions", filter=published & Q(sessions__period__endswith__gt=now)
        ),
    }
    found = (
        with_open_seats(Series.objects.filter(state__in=RUNNING_STATES))
        .annotate(**counts)
        .filter(Q(sessions_coming__gt=0) | Q(offering__session_minutes__isnull=True))
        .select_related("offering__organisation", "room__centre__place")
        .prefetch_related(
            Prefetch("sessions", queryset=coming, to_attr=_COMING),
            "offering__themes",
        )
        .order_by("first_date", "pk")
    )
    return found if offering_id is None else found.filter(offering=offering_id)


def catalogue_offerings(*, theme: str = "") -> QuerySet[Offering]:
    """Offerings shown in the catalogue, with themes, organisation and `open_count`.

    `theme` is the code of a theme, or empty for all. Two queries.
    """
    found = (
        Offering.objects.filter(in_catalogue=True)
        .select_related("organisation", "prerequisite")
        .prefetch_related("themes")
        .annotate(
            open_count=Count("series", filter=Q(series__state__in=RUNNING_STATES))
        )
    )
    if theme:
        chosen = Theme.objects.filter(code=theme).values("offerings__pk")
        found = found.filter(pk__in=chosen)
    return found


def series_by_id(*, series_id: uuid.UUID | str) -> Series | None:
    """One series with its offering, room and counted seats; None if there is none."""
    return (
        with_open_seats(Series.objects.filter(pk=series_id))
        .select_related("offering__organisation", "room__centre__place")
        .first()
    )


def offering_by_id(*, offering_id: int) -> Offering | None:
    """One offering, also when it is not in the catalogue."""
    return Offering.objects.filter(pk=offering_id).first()


def offerings_to_plan(*, needs_reason: bool) -> QuerySet[Offering]:
    """What a registration can ask for, by title: with a reason code only, or without.

    The way in (exploratory conversations) and what asks no registration are left out.
    """
    kinds = kinds_where(takes_registrations=True, needs_reason_code=needs_reason)
    way_in = kinds_where(level_of_care=LevelOfCare.INTAKE)
    return Offering.objects.filter(kind__in=set(kinds) - set(way_in))


def waiting_counts() -> dict[int, int]:
    """How many registrations wait, by offering id; numbers only."""
    rows = (
        Offering.objects.annotate(
            waiting=Count(
                "registrations",
                filter=Q(registrations__state=RegistrationState.WAITING),
            )
        )
        .filter(waiting__gt=0)
        .values_list("pk", "waiting")
    )
    return dict(rows)


def offering_titles(offering_ids: Iterable[int]) -> dict[int, str]:
    """Titles of offerings by key, in the language of the screen; no read for none."""
    wanted = list(offering_ids)
    if not wanted:
        return {}
    return {one.pk: one.title for one in Offering.objects.filter(pk__in=wanted)}
