"""A single conversation for each who waits for one: rows the planner can place.

Exploratory and one-to-one conversations are series of one seat that belong to nobody
until they are planned, so there must be as many as people wait for them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction

from audit.actor import Actor
from courses.selectors import (
    planned_single_series,
    spare_series,
    waiting_for_single,
)
from courses.services import create_series
from scheduling.models import ScheduledSeries, ScheduleState

if TYPE_CHECKING:
    from courses.models import Offering, Series


@transaction.atomic
def prepare_conversations(*, actor: Actor) -> int:
    """Make the planned conversations that are missing; how many were made."""
    waiting = waiting_for_single()
    there = Counter(planned_single_series())
    made = 0
    for offering, number in waiting:
        for _ in range(number - there[offering.pk]):
            create_series(actor=actor, offering=offering)
            made += 1
    return made


@transaction.atomic
def series_to_hold(*, actor: Actor, offering: Offering) -> Series:
    """A conversation of nobody and of no draft; made when there is none."""
    drafted = ScheduledSeries.objects.filter(
        schedule__state=ScheduleState.DRAFT, held=True
    ).values_list("series_id", flat=True)
    spare = spare_series(offering_id=offering.pk, without=drafted)
    return spare or create_series(actor=actor, offering=offering)
