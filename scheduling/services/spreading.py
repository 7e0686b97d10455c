"""Who of a small group goes to which other group when it is divided over several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from courses.models import Series
    from scheduling.services.decisions import Comes, Merger


@dataclass(frozen=True, kw_only=True)
class Portion:
    """Who goes to one of the groups; ``people`` in order of turn."""

    series: Series
    people: tuple[Comes, ...]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A group divided over others: who goes where, and who would wait again."""

    portions: tuple[Portion, ...]
    staying: tuple[Comes, ...]

    @property
    def going(self) -> int:
        return sum(len(one.people) for one in self.portions)

    @property
    def moves(self) -> dict[int, UUID]:
        """Series to go to, by key of the enrolment."""
        return {
            one.seat_row.pk: portion.series.pk
            for portion in self.portions
            for one in portion.people
        }


def spread_of(mergers: Sequence[Merger]) -> Spread | None:
    """A division that seats many people; ``None`` where one group takes all.

    ``mergers``: the other groups with everybody beside each, as ``mergers`` gives them.
    Nobody goes where somebody has an objection, and no group gets more than its free
    seats. People choose in order of turn, first among groups without a caution; who
    finds a group full makes room by letting others of them go elsewhere (augmenting
    paths, Kuhn 1955), so who comes first in turn never loses the seat. Where everybody
    needs one seat no division seats more people; with somebody who needs two, that is
    not looked for to the end.
    """
    search = _Search(mergers)
    for pk in search.order:
        search.settle(pk, set(), frozenset())
    portions = [
        Portion(
            series=one.series,
            people=tuple(
                search.beside[pk][one.series.pk]
                for pk in search.order
                if search.where.get(pk) == one.series.pk
            ),
        )
        for one in mergers
    ]
    used = tuple(one for one in portions if one.people)
    if len(used) < 2:
        return None
    staying = [pk for pk in search.order if pk not in search.where]
    return Spread(
        portions=used,
        staying=tuple(next(iter(search.beside[pk].values())) for pk in staying),
    )


class _Search:
    """``beside``: each person beside each group; ``where``: who has which group."""

    def __init__(self, mergers: Sequence[Merger]) -> None:
        self.free = {one.series.pk: one.free for one in mergers}
        self.beside: dict[int, dict[UUID, Comes]] = defaultdict(dict)
        for merger in mergers:
            for one in merger.people:
                self.beside[one.seat_row.pk][merger.series.pk] = one
        self.order = list(self.beside)
        self.where: dict[int, UUID] = {}

    def wishes(self, pk: int) -> list[UUID]:
        """Groups this person can go to, those without a caution first."""
        able = [key for key, one in self.beside[pk].items() if not one.objections]
        return sorted(able, key=lambda key: bool(self.beside[pk][key].cautions))

    def seats(self, pk: int) -> int:
        return next(iter(self.beside[pk].values())).seat_row.seats

    def room_in(self, key: UUID) -> int:
        taken = sum(self.seats(pk) for pk, there in self.where.items() if there == key)
        return self.free[key] - taken

    def settle(
        self, pk: int, failed: set[tuple[UUID, int]], path: frozenset[UUID]
    ) -> bool:
        """Give a person a group, moving others if need be.

        ``failed``: groups in which no room could be made for so many seats; ``path``:
        groups that people are moved out of now, where nobody goes back to.
        """
        seats = self.seats(pk)
        wishes = [
            key
            for key in self.wishes(pk)
            if key not in path and (key, seats) not in failed
        ]
        for key in wishes:
            if self.room_in(key) >= seats:
                self.where[pk] = key
                return True
        for key in wishes:
            if (key, seats) in failed:
                continue  # by who was asked to move for the group before
            if self._makes_room(seats, key, failed, path | {key}):
                self.where[pk] = key
                return True
            failed.add((key, seats))
        return False

    def _makes_room(
        self,
        seats: int,
        key: UUID,
        failed: set[tuple[UUID, int]],
        path: frozenset[UUID],
    ) -> bool:
        """Whether people of a full group can go elsewhere, until so many seats are
        free; that then happens, or nothing at all."""
        before = dict(self.where)
        for other in [one for one, there in before.items() if there == key]:
            if self.room_in(key) >= seats:
                break
            del self.where[other]
            if not self.settle(other, failed, path):
                self.where[other] = key
        if self.room_in(key) >= seats:
            return True
        self.where = before
        return False
