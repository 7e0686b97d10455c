"""Who goes to another group by a change in a draft: written down, and only once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from scheduling.models import EditState, Schedule, ScheduleEdit, ScheduleTransfer


def must_not_be_split(schedule: Schedule, series_id: UUID) -> None:
    """``ValidationError`` when people of a group go elsewhere by a change that stands
    in this draft; one query."""
    if ScheduleTransfer.objects.filter(
        edit__schedule=schedule,
        edit__state=EditState.DONE,
        enrolment__series=series_id,
    ).exists():
        raise ValidationError(
            _(
                "In this draft people of this group go to another group already. Take "
                "that back first, or publish it and decide again."
            )
        )


def keep_transfers(edit: ScheduleEdit, moves: Mapping[int, UUID]) -> None:
    """Write down who goes where by a change: series by key of the enrolment."""
    ScheduleTransfer.objects.bulk_create(
        [
            ScheduleTransfer(edit=edit, enrolment_id=pk, series_id=key)
            for pk, key in moves.items()
        ]
    )
