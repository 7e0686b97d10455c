"""What a draft lets go is locked first, so that of two programs one waits for the other
and never both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from courses.services import lock_series
from courses.services.promote import lock_turns
from scheduling.models import EditState, Schedule, ScheduledSeat
from scheduling.services.new_groups import halves_of

if TYPE_CHECKING:
    from scheduling.adapters.store_plan import Pair


def lock_held(
    drafts: Collection[Schedule],
    *,
    halves: Collection[EditState] = tuple(EditState),
    then: Sequence[Pair] = (),
    offered: bool = True,
) -> None:
    """Lock the groups in which drafts hold seats, and then all whom that concerns.

    Series before registrations, each at one go and in one order, as everywhere: seats
    that are let go are ``offered`` to who waits for those groups. ``halves``: the new
    groups of splits in these states may go as well; ``then``: pairs of registration and
    series that get a seat in the same transaction. Locks until that ends.
    """
    held = ScheduledSeat.objects.filter(
        schedule__in=drafts, enrolment__state="held_by_draft"
    )
    seats = list(held.order_by().values_list("registration_id", "series_id"))
    free = {series for _registration, series in seats}
    going = {key for one in drafts for key in halves_of(schedule=one, states=halves)}
    rows = lock_series(ids={*free, *going, *(series for _asks, series in then)})
    lock_turns(
        [row for row in rows if offered and row.pk in free],
        own={registration for registration, _series in (*seats, *then)},
    )
