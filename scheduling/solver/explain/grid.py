"""Which rules refuse what, when and where, for one series beside a fixed plan.

A *column* is a date pattern with a starting quarter. For every column (and place) a
row of bits says which rules refuse the series, a room, a leader or a registration
there. Leaving rules out is then one comparison of bits instead of a new model, so that
a hundred sets of rules are tried in the time that a model takes to be built once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.candidates import on_grid
from scheduling.solver.context import Context
from scheduling.solver.horizon import FULL_DAY, SLOTS_PER_DAY
from scheduling.solver.problem import (
    DatePattern,
    Facilitator,
    Person,
    PlanningProblem,
    Registration,
    Room,
    Series,
)
from scheduling.solver.rule import Constraint
from scheduling.solver.search.trial import Judge

Bits = NDArray[np.uint32]
Places = Sequence[str | None]
ALL_RULES = np.uint32(0xFFFFFFFF)
NEVER = 31
"""The bit of what no set of rules leaves out: the given rules, and what is absurd."""

GIVEN_RULES = frozenset(
    {"series-rhythm", "one-seat-per-registration", "published-placement"}
)
"""What a series and a seat are: they are never given as the reason."""

ONLINE = None
DAYLESS = DatePattern(())


@lru_cache(maxsize=8192)
def _refused(mask: int) -> NDArray[np.bool_]:
    """One truth value a quarter: not in the mask."""
    packed = (FULL_DAY & ~mask).to_bytes(SLOTS_PER_DAY // 8, "little")
    row = np.frombuffer(packed, dtype=np.uint8)
    return np.unpackbits(row, bitorder="little").astype(bool)


class Rules:
    """A catalogue of rules with a bit each; the given ones share the last bit."""

    def __init__(self, constraints: Iterable[Constraint]) -> None:
        self.all = tuple(constraints)
        named = [rule for rule in self.all if rule.id not in GIVEN_RULES]
        if len(named) > NEVER:
            raise ValueError(f"{len(named)} rules are more than there are bits")
        self.named = tuple(named)
        self.bit = {rule.id: NEVER for rule in self.all}
        self.bit.update({rule.id: number for number, rule in enumerate(named)})
        self._with: dict[str, tuple[Constraint, ...]] = {}
        self._judges: dict[tuple[int, frozenset[str]], Judge] = {}

    def having(self, name: str) -> tuple[Constraint, ...]:
        """The rules that fill in the filter of that name."""
        if name not in self._with:
            self._with[name] = tuple(
                rule
                for rule in self.all
                if getattr(type(rule), name) is not getattr(Constraint, name)
            )
        return self._with[name]

    def some(self, ids: Iterable[str]) -> tuple[Constraint, ...]:
        """Some rules and the given ones, in the order of the catalogue."""
        wanted = {*ids, *GIVEN_RULES}
        return tuple(rule for rule in self.all if rule.id in wanted)

    def judge(self, problem: PlanningProblem, ids: frozenset[str]) -> Judge:
        """The judges of some rules and of the given ones; made once."""
        key = (id(problem), ids)
        if key not in self._judges:
            self._judges[key] = Judge(problem, self.some(ids))
        return self._judges[key]

    def mask(self, ids: Iterable[str]) -> np.uint32:
        """The bits of some rules, with those that always hold."""
        found = 1 << NEVER
        for ident in ids:
            found |= 1 << self.bit[ident]
        return np.uint32(found)

    def refusals(self, name: str, fits: Callable[[Constraint], bool]) -> int:
        """Bits of the rules with that filter that refuse."""
        found = 0
        for rule in self.having(name):
            if not fits(rule):
                found |= 1 << self.bit[rule.id]
        return found


class Grid:
    """The refusals of one series, its rooms, leaders and those who may sit in it."""

    def __init__(
        self,
        rules: Rules,
        context: Context,
        series: Series,
        like: Grid | None = None,
    ) -> None:
        """``like``: a grid of a problem with the same plan, pins and pairs, from which
        the refusals of all that is the same in both are taken over."""
        self.rules, self.context, self.series = rules, context, series
        self.problem: PlanningProblem = context.problem
        self._like = like if like is not None and _alike(series, like.series) else None
        self.patterns: tuple[DatePattern, ...] = (
            (DAYLESS,) if series.is_self_paced else series.date_patterns
        )
        own = self._own()
        alive = (own & np.uint32(1 << NEVER)) == 0
        self.columns = np.argwhere(alive)
        self.own: Bits = own[alive]
        self._alive = alive
        self._seats: dict[str, Bits] = {}
        self._leads: dict[str, Bits] = {}
        self._room_rows: dict[str, Bits] = {}
        self.rooms, self.room_bits, self.place_of = self._rooms()
        self.places: Places = tuple(dict.fromkeys(self.place_of)) or (ONLINE,)
        self.place_number = {one: number for number, one in enumerate(self.places)}
        self.member_bits = self._members()
        if self._like is not None and self._like.places != self.places:
            self._like = None

    def _empty(self) -> Bits:
        return np.zeros((len(self.patterns), SLOTS_PER_DAY), dtype=np.uint32)

    def _columns(self, table: Bits) -> Bits:
        found: Bits = table[self._alive]
        return found

    def _add(self, table: Bits, number: int, rule: Constraint, mask: int) -> None:
        """Write down where a rule's mask of starts refuses, for one pattern."""
        if mask != FULL_DAY:
            bit = np.uint32(1 << self.rules.bit[rule.id])
            table[number][_refused(mask)] |= bit

    def _own(self) -> Bits:
        table, series = self._empty(), self.series
        if series.is_self_paced:
            table[0, 1:] |= np.uint32(1 << NEVER)  # without time: one column
            return table
        off_grid = _refused(on_grid(series))
        for number, pattern in enumerate(self.patterns):
            table[number][off_grid] |= np.uint32(1 << NEVER)
            for rule in self.rules.having("starts"):
                mask = rule.starts(self.problem, series, pattern)
                self._add(table, number, rule, mask)
            for rule in self.rules.having("starts_beside"):
                mask = rule.starts_beside(self.context, series, pattern)
                self._add(table, number, rule, mask)
        return table

    def _rooms(self) -> tuple[tuple[Room | None, ...], Bits, tuple[str | None, ...]]:
        """Rooms that the given rules leave, their refusals by column, their places."""
        if not self.series.needs_room:
            nowhere = np.zeros((1, len(self.columns)), dtype=np.uint32)
            return (None,), nowhere, (ONLINE,)
        rooms: list[Room | None] = []
        rows = []
        for room in self.problem.rooms:
            row = self._room_rows[room.id] = self._room(room)
            if (row >> np.uint32(NEVER) == 0).any():
                rooms.append(room)
                rows.append(row)
        bits = np.array(rows, dtype=np.uint32).reshape(len(rows), len(self.columns))
        return tuple(rooms), bits, tuple(room.place_id for room in rooms if room)

    def _room(self, room: Room) -> Bits:
        like = self._like
        if like is not None and like.problem.room_by_id.get(room.id) is room:
            return like._room_rows[room.id]
        series, table = self.series, self._empty()
        table |= np.uint32(
            self.rules.refusals(
                "fits_room", lambda rule: rule.fits_room(self.problem, series, room)
            )
        )
        for number, pattern in enumerate(self.patterns):
            if pattern.place_ids is not None and room.place_id not in pattern.place_ids:
                table[number] |= np.uint32(1 << NEVER)
                continue
            days, length = pattern.days, series.length
            for rule in self.rules.having("room_starts"):
                mask = rule.room_starts(self.problem, room, days, length)
                self._add(table, number, rule, mask)
            for rule in self.rules.having("room_starts_beside"):
                mask = rule.room_starts_beside(self.context, room, days, length)
                self._add(table, number, rule, mask)
        return self._columns(table)

    def _members(self) -> Bits:
        """Refusals by place and column, for those who are in the series already."""
        shape = (len(self.places), len(self.columns))
        found: Bits = np.zeros(shape, dtype=np.uint32)
        if self.series.is_self_paced:
            return found
        for person_id in self.series.members:
            person = self.problem.person_by_id[person_id]
            found |= self._person(person, at_place=False)
        return found

    def _person(self, person: Person, *, at_place: bool) -> Bits:
        """When and where a person can take part, by place and column."""
        table = self._empty()
        length = self.series.length
        for number, pattern in enumerate(self.patterns):
            for rule in self.rules.having("person_starts"):
                mask = rule.person_starts(self.problem, person, pattern.days, length)
                self._add(table, number, rule, mask)
        found = self._by_place(table, "person_starts_beside", person)
        if at_place:
            refused = [self._at(person, place_id) for place_id in self.places]
            found |= np.array(refused, dtype=np.uint32)[:, None]
        return found

    def _by_place(self, table: Bits, name: str, who: Person | Facilitator) -> Bits:
        """A table with what the rules beside the context refuse at each place."""
        rules, length = self.rules.having(name), self.series.length

        def add(here: Bits, some: Iterable[Constraint], place_id: str | None) -> None:
            for rule in some:
                asked = getattr(rule, name)
                for number, pattern in enumerate(self.patterns):
                    mask = asked(self.context, who, place_id, pattern.days, length)
                    if mask != FULL_DAY:
                        self._add(here, number, rule, mask)

        add(table, (rule for rule in rules if rule.any_place), ONLINE)
        others = [rule for rule in rules if not rule.any_place]
        rows = []
        for place_id in self.places:
            here = table.copy()
            add(here, others, place_id)
            rows.append(self._columns(here))
        return np.array(rows, dtype=np.uint32)

    def _at(self, person: Person, place_id: str | None) -> int:
        return self.rules.refusals(
            "fits_seat_at",
            lambda rule: rule.fits_seat_at(self.problem, person, place_id),
        )

    def seat(self, registration: Registration) -> Bits:
        """Refusals of a registration's seat, by place and column."""
        if registration.id not in self._seats:
            same = self._same_seat(registration)
            self._seats[registration.id] = (
                self._seat(registration) if same is None else same.seat(registration)
            )
        return self._seats[registration.id]

    def _same_seat(self, registration: Registration) -> Grid | None:
        """The other grid, when it knows the same registration of the same person."""
        like, person_id = self._like, registration.person_id
        if (
            like is None
            or like.series.size_max != self.series.size_max
            or like.problem.registration_by_id.get(registration.id) is not registration
            or like.problem.person_by_id[person_id]
            is not self.problem.person_by_id[person_id]
        ):
            return None
        return like

    def _seat(self, registration: Registration) -> Bits:
        series = self.series
        alone = self.rules.refusals(
            "fits_seat",
            lambda rule: rule.fits_seat(self.problem, registration, series),
        )
        alone |= self.rules.refusals(
            "fits_seat_beside",
            lambda rule: rule.fits_seat_beside(self.context, registration, series),
        )
        if series.is_self_paced:
            shape = (len(self.places), len(self.columns))
            return np.full(shape, alone, dtype=np.uint32)
        person = self.problem.person_by_id[registration.person_id]
        return self._person(person, at_place=True) | np.uint32(alone)

    def lead(self, lead: Facilitator) -> Bits:
        """Refusals of a leader, by place and column."""
        if lead.id not in self._leads:
            like = self._like
            same = like is not None and (
                like.problem.facilitator_by_id.get(lead.id) is lead
            )
            self._leads[lead.id] = (
                like.lead(lead) if like is not None and same else self._lead(lead)
            )
        return self._leads[lead.id]

    def _lead(self, lead: Facilitator) -> Bits:
        series, length = self.series, self.series.length
        alone = self.rules.refusals(
            "fits_leader", lambda rule: rule.fits_leader(self.problem, series, lead)
        ) | self.rules.refusals(
            "fits_leader_beside",
            lambda rule: rule.fits_leader_beside(self.context, series, lead),
        )
        if series.is_self_paced:
            shape = (len(self.places), len(self.columns))
            return np.full(shape, alone, dtype=np.uint32)
        table = self._empty() | np.uint32(alone)
        for number, pattern in enumerate(self.patterns):
            for rule in self.rules.having("leader_starts"):
                mask = rule.leader_starts(self.problem, lead, pattern.days, length)
                self._add(table, number, rule, mask)
        return self._by_place(table, "leader_starts_beside", lead)


def _alike(one: Series, other: Series) -> bool:
    """The same series, but for how many may sit in it."""
    return replace(one, size_min=0, size_max=0) == replace(
        other, size_min=0, size_max=0
    )
