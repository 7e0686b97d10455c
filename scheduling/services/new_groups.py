"""The group that a split makes lives and dies with its change in the draft."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.services.splitting import drop_proposed
from scheduling.models import (
    EditKind,
    EditState,
    Schedule,
    ScheduledSeries,
    ScheduleEdit,
)

UNDONE = (EditState.UNDONE, EditState.DISCARDED)


def decide_on_half(edit: ScheduleEdit) -> None:
    """Let the draft decide on the new group of a split, or no longer, as it stands."""
    half = edit.series
    if edit.kind != EditKind.SPLIT or half is None:
        return
    rows = ScheduledSeries.objects.filter(schedule=edit.schedule_id, series=half)
    rows.delete()
    if edit.state == EditState.DONE:
        ScheduledSeries.objects.create(
            schedule_id=edit.schedule_id, series=half, seen_at=half.last_modified
        )


def must_not_be_new(*, schedule: Schedule, series_id: UUID) -> None:
    """``ValidationError`` for the new group of a split that stands in this draft.

    People are told that they go there, so it cannot be without its first session.
    """
    splits = schedule.edits.filter(kind=EditKind.SPLIT, state=EditState.DONE)
    if splits.filter(series=series_id).exists():
        raise ValidationError(
            _("People go to this new group. Take the split back first.")
        )


def halves_of(*, schedule: Schedule, states: Collection[EditState]) -> list[UUID]:
    """The new groups of splits in these states; one query."""
    edits = schedule.edits.filter(kind=EditKind.SPLIT, state__in=states)
    keys = edits.exclude(series=None).values_list("series_id", flat=True)
    return [key for key in keys if key is not None]


def drop_halves(
    *,
    actor: Actor,
    schedule: Schedule,
    states: Collection[EditState] = tuple(EditState),
) -> None:
    """Delete the new groups of splits in these states: nothing brings them back.

    The changes themselves stay, with whom and when.
    """
    keys = halves_of(schedule=schedule, states=states)
    if keys:
        edits = schedule.edits.filter(kind=EditKind.SPLIT, state__in=states)
        edits.update(series=None)
        drop_proposed(actor=actor, series_ids=keys)
