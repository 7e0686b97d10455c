"""What a coordinator fixed, as pins of the problem."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scheduling.adapters.resources import Vocabulary
from scheduling.models import SeatPin as SeatPinRow
from scheduling.models import SeriesPin
from scheduling.solver.horizon import Horizon
from scheduling.solver.plan import Placement
from scheduling.solver.problem import (
    Choice,
    Fault,
    InvalidProblem,
    Pin,
    Registration,
    SeatPin,
)


@dataclass(frozen=True)
class PinRows:
    """All that is pinned now."""

    series: Sequence[SeriesPin]
    seats: Sequence[SeatPinRow]

    def named(self) -> dict[str, str]:
        """What each pin is about, by its id in a problem."""
        series = {f"pin{row.pk}": f"series {row.series_id}" for row in self.series}
        seats = {
            f"seat{row.pk}": f"registration {row.registration_id}" for row in self.seats
        }
        return series | seats


def pinned_rows() -> PinRows:
    """All pins; two queries."""
    return PinRows(
        list(SeriesPin.objects.order_by("pk")), list(SeatPinRow.objects.order_by("pk"))
    )


def pinned_elsewhere(horizon: Horizon, rows: Iterable[SeriesPin]) -> frozenset[Any]:
    """Keys of series that are pinned to begin outside the horizon: not for now."""
    return frozenset(
        row.series_id for row in rows if row.first_start and _slot(horizon, row) is None
    )


def pins_of(
    horizon: Horizon,
    words: Vocabulary,
    known: Collection[str],
    rows: Iterable[SeriesPin],
) -> tuple[Pin, ...]:
    """Pins on the series of this problem.

    A first meeting outside the horizon says nothing about the meetings inside it.
    """
    pins = []
    for row in rows:
        key = (row.series_id, 0)
        if key not in words.series or words.series.of(key) not in known:
            continue
        pins.append(
            Pin(
                id=f"pin{row.pk}",
                series_id=words.series.of(key),
                first_slot=_slot(horizon, row) if row.first_start else None,
                room_id=words.rooms.of(row.room_id) if row.room_id else None,
                facilitator_ids=(
                    words.facilitators.all_of(row.facilitators)
                    if row.facilitators
                    else None
                ),
                closed=row.closed,
            )
        )
    return tuple(pins)


def seat_pins_of(
    words: Vocabulary,
    known: Collection[str],
    registrations: Iterable[Registration],
    rows: Iterable[SeatPinRow],
) -> tuple[SeatPin, ...]:
    """Pinned seats of who waits now.

    Who is to sit in a series that is planned another time gets no seat this time.
    """
    present = {item.id for item in registrations}
    pins = []
    for row in rows:
        if row.registration_id not in words.registrations:
            continue
        ident = words.registrations.of(row.registration_id)
        wanted = (row.series_id, 0)
        series_id = words.series.of(wanted) if wanted in words.series else None
        if ident in present:
            pins.append(
                SeatPin(
                    f"seat{row.pk}", ident, series_id if series_id in known else None
                )
            )
    return tuple(pins)


def with_pinned_choices(
    registrations: Sequence[Registration], pins: Iterable[SeatPin]
) -> tuple[Registration, ...]:
    """Registrations that would also take the series they are pinned to."""
    pinned = {pin.registration_id: pin.series_id for pin in pins if pin.series_id}

    def extended(item: Registration) -> Registration:
        series_id = pinned.get(item.id)
        if series_id is None or series_id in {one.series_id for one in item.choices}:
            return item
        return replace(item, choices=(*item.choices, Choice(series_id)))

    return tuple(extended(item) for item in registrations)


def pinned_otherwise(
    placements: Iterable[Placement], pins: Iterable[Pin]
) -> frozenset[str]:
    """Series that were published one way and are pinned to be another: they move."""
    pin_of = {pin.series_id: pin for pin in pins}
    return frozenset(
        placement.series_id
        for placement in placements
        if (pin := pin_of.get(placement.series_id)) and not _as_pinned(placement, pin)
    )


def _as_pinned(placement: Placement, pin: Pin) -> bool:
    return (
        not pin.closed
        and pin.first_slot in (None, *(one.slot for one in placement.meetings[:1]))
        and all(pin.room_id in (None, one.room_id) for one in placement.meetings)
        and pin.facilitator_ids in (None, placement.leader_ids)
    )


def _slot(horizon: Horizon, row: SeriesPin) -> int | None:
    """First slot of a pinned start; ``None`` outside the horizon.

    Raises ``InvalidProblem`` where it does not lie on the grid.
    """
    assert row.first_start is not None  # noqa: S101 (asked for by who calls)
    try:
        slot = horizon.slot_of(row.first_start)
    except ValueError as error:
        raise InvalidProblem(
            (
                Fault(
                    f"pin {row.pk} of series {row.series_id}",
                    f"starts off the grid: {error}",
                    "let it start on a quarter of an hour",
                ),
            )
        ) from error
    return slot if 0 <= slot < horizon.slot_count else None
