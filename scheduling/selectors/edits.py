"""Changes by hand in a draft, counted for the buttons that take them back."""

from __future__ import annotations

from django.db.models import Count, Q

from scheduling.models import EditState, Schedule


def edit_counts(draft: Schedule) -> dict[str, int]:
    """How many changes stand (`done`) and how many were taken back (`undone`)."""
    return draft.edits.aggregate(
        done=Count("pk", filter=Q(state=EditState.DONE)),
        undone=Count("pk", filter=Q(state=EditState.UNDONE)),
    )
