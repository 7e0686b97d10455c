"""Every open group in a few plain values, to choose from before anything is loaded.

A region of two thousand groups is narrowed and ranked from these rows; only the dozen
that a page shows are then read whole (`open_series`). No person data.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from courses.enums import RUNNING_STATES, SessionState
from courses.kinds import Format, WayIn, kinds_where
from courses.models import Offering, Series, Session, Theme
from courses.seats import with_open_seats
from people.enums import AccessNeed


class Run(NamedTuple):
    """One open group; `starts` is its next meeting, `open` the seats to give out."""

    series_id: uuid.UUID
    offering_id: int
    kind: str
    format: str
    closed_after: int | None
    weekday: int | None
    start_time: time | None
    first_date: date | None
    minutes: int | None
    place_id: int | None
    municipality_id: str | None
    town: str | None
    open: int
    held: int
    starts: datetime | None


class Wanted(NamedTuple):
    """What the database narrows by; empty values narrow nothing."""

    theme: str = ""
    kind: str = ""
    language: str = ""
    group: bool = False
    online: bool = False
    beside: bool = False
    step_free: bool = False


EVERYTHING = Wanted()
MINUTES = Run._fields.index("minutes")


def catalogue_kinds() -> list[str]:
    """Kinds that are not in the catalogue: only helpers ask for them."""
    return kinds_where(way_in=WayIn.HELPER)


def shown_offerings(wanted: Wanted = EVERYTHING) -> list[int]:
    """Ids of the offerings in the catalogue that are wanted, by title; one query."""
    found = Offering.objects.filter(_of_offering(wanted, ""), in_catalogue=True)
    return list(
        found.exclude(kind__in=catalogue_kinds())
        .order_by("title_nl", "pk")
        .values_list("pk", flat=True)
    )


def runs(
    wanted: Wanted = EVERYTHING, *, offering_ids: Collection[int] | None = None
) -> list[Run]:
    """Every open group that is wanted; three queries, whatever their number."""
    now = timezone.now()
    found = (
        Series.objects.filter(
            _of_offering(wanted, "offering__"),
            state__in=RUNNING_STATES,
            offering__in_catalogue=True,
        )
        .exclude(offering__kind__in=catalogue_kinds())
        .order_by()
    )
    if offering_ids is not None:
        found = found.filter(offering__in=offering_ids)
    if wanted.online:
        found = found.filter(room=None).exclude(offering__format=Format.IN_PERSON)
    if wanted.step_free:
        features = Series.objects.filter(
            pk=OuterRef("pk"), room__features=AccessNeed.STEP_FREE.value
        )
        found = found.filter(Exists(features) | Q(room=None))
    sessions = Session.objects.order_by().filter(
        state=SessionState.PUBLISHED, series__state__in=RUNNING_STATES
    )
    coming = dict(
        sessions.filter(period__endswith__gt=now)
        .values_list("series_id")
        .annotate(first=Min(Lower("period")))
    )
    held = dict(
        sessions.filter(
            period__endswith__lte=now,
            series__offering__closed_after_session__isnull=False,
        )
        .values_list("series_id")
        .annotate(number=Count("pk"))
    )
    counted: Any = with_open_seats(found)  # knows what is added to a row
    rows = counted.values_list(
        "pk",
        "offering_id",
        "offering__kind",
        "offering__format",
        "offering__closed_after_session",
        "weekday",
        "start_time",
        "first_date",
        "offering__session_minutes",
        "room__centre__place_id",
        "room__centre__place__municipality_id",
        "room__centre__place__name",
        "seats_open",
    )
    return [
        Run._make((*row, held.get(row[0], 0), coming.get(row[0])))
        for row in rows
        if row[MINUTES] is None or row[0] in coming
    ]


def _of_offering(wanted: Wanted, path: str) -> Q:
    """The part of what is wanted that an offering answers."""
    query = Q()
    if wanted.theme:
        query &= Q(**{f"{path}themes": wanted.theme})
    if wanted.kind:
        query &= Q(**{f"{path}kind": wanted.kind})
    if wanted.language:
        query &= Q(**{f"{path}language": wanted.language})
    if wanted.group:
        query &= Q(
            **{f"{path}size_max__gt": 1, f"{path}session_minutes__isnull": False}
        )
    if wanted.beside:
        free = [
            *kinds_where(way_in=WayIn.FREE),
            *kinds_where(way_in=WayIn.WALK_IN),
        ]
        query &= Q(**{f"{path}kind__in": free})
    return query


def themes_by_offer() -> list[Theme]:
    """All themes, each with `groups`: how many open groups it has; one query."""
    groups = (
        Series.objects.filter(
            offering__themes=OuterRef("pk"),
            offering__in_catalogue=True,
            state__in=RUNNING_STATES,
        )
        .order_by()
        .values("offering__themes")
        .annotate(number=Count("pk"))
        .values("number")
    )
    number = {"groups": Coalesce(Subquery(groups, output_field=IntegerField()), 0)}
    return list(Theme.objects.annotate(**number).order_by("code"))


def offered_languages() -> list[str]:
    """Codes of the languages of the catalogue; one query."""
    found = Offering.objects.filter(in_catalogue=True).order_by("language")
    return list(found.values_list("language", flat=True).distinct())
