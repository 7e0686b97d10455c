"""What a coordinator fixed, as pins of the problem."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from scheduling.adapters.resources import Vocabulary
from scheduling.models import SeatPin as SeatPinRow
from scheduling.models import SeriesPin
from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import Pin, Registration, SeatPin


def pins_of(
    horizon: Horizon,
    words: Vocabulary,
    known: Collection[str],
    registrations: Iterable[Registration],
) -> tuple[tuple[Pin, ...], tuple[SeatPin, ...]]:
    """Pins on the series and registrations of this problem; two queries."""
    pins = []
    for row in SeriesPin.objects.order_by("pk"):
        key = (row.series_id, 0)
        if key not in words.series or words.series.of(key) not in known:
            continue
        pins.append(
            Pin(
                id=f"pin{row.pk}",
                series_id=words.series.of(key),
                first_slot=horizon.slot_of(row.first_start)
                if row.first_start
                else None,
                room_id=words.rooms.of(row.room_id) if row.room_id else None,
                facilitator_ids=(
                    words.facilitators.all_of(row.facilitators)
                    if row.facilitators
                    else None
                ),
                closed=row.closed,
            )
        )
    present = {item.id for item in registrations}
    seats = []
    for seat in SeatPinRow.objects.order_by("pk"):
        if seat.registration_id not in words.registrations:
            continue
        ident = words.registrations.of(seat.registration_id)
        wanted = (seat.series_id, 0)
        if ident in present and (seat.series_id is None or wanted in words.series):
            series_id = None if seat.series_id is None else words.series.of(wanted)
            seats.append(SeatPin(f"seat{seat.pk}", ident, series_id))
    return tuple(pins), tuple(seats)
