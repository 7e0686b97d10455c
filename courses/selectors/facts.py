"""Offerings and series to keep up to date: all of an organisation's, hidden ones too.

There is no person in these lists, so nothing is logged.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from courses.enums import RUNNING_STATES, SeriesState
from courses.models import Offering, Series

AT_WORK = (SeriesState.PLANNED, SeriesState.PROPOSED, *RUNNING_STATES)
"""States of series that are still to come or going on."""


def offerings_kept(*, organisation_ids: Iterable[int] | None) -> QuerySet[Offering]:
    """Offerings of these organisations (None: all), by title, with their owner.

    `running` and `planned` count their series. One query.
    """
    found = Offering.objects.select_related("organisation").annotate(
        running=Count("series", filter=Q(series__state__in=RUNNING_STATES)),
        planned=Count("series", filter=Q(series__state=SeriesState.PLANNED)),
    )
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    return found.order_by("title_nl", "pk")


def offerings_found(found: QuerySet[Offering], text: str) -> QuerySet[Offering]:
    """Those with the text in a title or the code."""
    return found.filter(
        Q(title_nl__icontains=text)
        | Q(title_en__icontains=text)
        | Q(code__icontains=text)
    )


def series_kept(*, organisation_ids: Iterable[int] | None) -> QuerySet[Series]:
    """Series of these organisations' offerings with offering, room and centre.

    Those still to be planned come first, then by first date. One query.
    """
    found = Series.objects.select_related(
        "offering__organisation", "room__centre", "centre"
    )
    if organisation_ids is not None:
        found = found.filter(offering__organisation__in=list(organisation_ids))
    return found.order_by("-first_date", "offering__title_nl", "pk")


def series_to_keep(
    *, series_id: uuid.UUID, organisation_ids: Iterable[int] | None
) -> Series | None:
    """One of those series; None for another's, or none."""
    return series_kept(organisation_ids=organisation_ids).filter(pk=series_id).first()


def features_of_offerings(*, offering_ids: Iterable[int]) -> dict[int, list[str]]:
    """Codes of what each of these offerings asks of a room; one query."""
    found: dict[int, list[str]] = {pk: [] for pk in offering_ids}
    asked = Offering.required_features.through.objects.filter(offering__in=found)
    rows = asked.order_by("roomfeature").values_list("offering_id", "roomfeature_id")
    for offering, feature in rows:
        found[offering].append(feature)
    return found
