"""What a mode can really be: its starts and rooms, split where they suit other people.

A mode leaves open in which room and at which quarter a series begins. Somebody who
needs a lift and the largest group may each have a room there, but not the same one; two
leaders may each have an hour, but not the same one. So a mode is entered in the table
once for each kind of room and start of which no other kind can do all that it can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Masks = dict[str, int]


@dataclass
class Variant:
    """Starts and rooms of a mode, and who can lead and sit there."""

    starts: int
    rooms: Masks
    leads: Masks
    seats: Masks
    chairs: int

    def does_all_of(self, other: Variant) -> bool:
        return (
            self.chairs >= other.chairs
            and self.seats.keys() >= other.seats.keys()
            and self.leads.keys() >= other.leads.keys()
        )


def variants(
    starts: int,
    rooms: Masks,
    leads: Masks,
    seats: Masks,
    chairs: Callable[[str], int],
    suits: Callable[[str, str], bool],
) -> list[Variant]:
    """The variants of a mode, none of which another could do; masks are of starts.

    ``chairs`` of a room, as far as they can matter; ``suits`` says whether a seat's
    person can be in a room. Without rooms (online) only starts are told apart.
    """
    kinds: dict[tuple[int, frozenset[str]], list[str]] = defaultdict(list)
    for room in rooms:
        barred = frozenset(name for name in seats if not suits(name, room))
        kinds[chairs(room), barred].append(room)
    cells = []
    for part in _classes(starts, (*rooms.values(), *leads.values(), *seats.values())):
        able = _at(leads, part)
        for (places, barred), names in kinds.items():
            here = _at({name: rooms[name] for name in names}, part)
            if here:
                people = {
                    name: mask
                    for name, mask in _at(seats, part).items()
                    if name not in barred
                }
                cells.append(Variant(part, here, able, people, places))
        if not rooms:
            cells.append(Variant(part, {}, able, _at(seats, part), 0))
    return _largest(cells)


def _largest(cells: list[Variant]) -> list[Variant]:
    """Cells that can do what no other can, each joined by those it can stand for."""
    cells.sort(key=lambda one: -(len(one.seats) + len(one.leads) + one.chairs))
    found: list[Variant] = []
    for cell in cells:
        for larger in found:
            if larger.does_all_of(cell):
                _join(larger, cell)
                break
        else:
            found.append(cell)
    return found


def _join(larger: Variant, cell: Variant) -> None:
    larger.starts |= cell.starts
    for mine, its in (
        (larger.rooms, cell.rooms),
        (larger.leads, cell.leads),
        (larger.seats, cell.seats),
    ):
        for name, mask in its.items():
            mine[name] = mine.get(name, 0) | mask


def _at(masks: Masks, part: int) -> Masks:
    return {name: mask & part for name, mask in masks.items() if mask & part}


def _classes(starts: int, masks: Iterable[int]) -> list[int]:
    """Starts apart where some mask tells them apart."""
    parts = [starts] if starts else []
    for mask in dict.fromkeys(masks):
        split = []
        for part in parts:
            inside = part & mask
            split += [one for one in (inside, part ^ inside) if one]
        parts = split
    return parts
