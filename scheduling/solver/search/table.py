"""Every mode of every free series as arrays: what prices and greedy start read.

A *mode* is a series in one timing at one place. The table relaxes the problem: rules
that take more than one resource at a time, or exact quarters, are left out, so what it
says can be had is never less than what can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduling.solver.candidates import SELF_PACED, Candidates, Filters, Mode, Timing
from scheduling.solver.constraints.room_fit import needs_of
from scheduling.solver.context import Context
from scheduling.solver.objectives.per_seat import Sitting
from scheduling.solver.problem import Format, Registration, Series, StaffNeed
from scheduling.solver.search.modes import Floats, Ints, Key, ModeTable, key_of
from scheduling.solver.search.rows import Entry, Usage, resource_rows, union
from scheduling.solver.search.trial import kept_together
from scheduling.solver.search.variants import Masks, Variant, variants
from scheduling.solver.search.worth import Worth
from scheduling.solver.variables import GIVEN

__all__ = ["Floats", "Ints", "Key", "ModeTable", "TableMaker", "key_of"]


@dataclass
class _Draft:
    """One mode while the table is made."""

    series: int
    key: Key
    mode: Mode | None
    held: int
    least: int
    most: int
    seats: list[int]
    values: list[float]
    rooms: dict[str, int]
    blocks: list[tuple[int, int, list[int]]]


class TableMaker:
    """Makes the table of what a context leaves free.

    ``rules`` are the ids of the rules that hold: a count is used only if its rule is
    among them, so that the bound is one of the problem as it is asked.
    """

    def __init__(
        self,
        filters: Filters,
        context: Context,
        worth: Worth,
        rules: frozenset[str],
    ) -> None:
        self.problem, self.context, self.rules = filters.problem, context, rules
        self.worth = worth
        self.candidates = Candidates(filters, context)
        self.number = {
            item.id: number for number, item in enumerate(self.candidates.registrations)
        }
        self.person_of = {
            item.id: self.problem.person_by_id[item.person_id]
            for item in self.candidates.registrations
        }
        together = kept_together(self.problem) if "keep-together" in rules else {}
        self.together = {
            name: frozenset(one for one in group if one in self.number)
            for name, group in together.items()
        }
        self.leads: dict[tuple[int, Timing, str], int] = {}
        self.entries: list[Entry] = []

    def make(self, should_stop: Callable[[], bool] | None = None) -> ModeTable:
        """The table; modes without room, leaders or enough people are left out.

        ``should_stop`` is asked before each series and each kind of row; the table is
        then empty and ``cut_short``: who wants to stop waits for no prices.
        """
        stopped = should_stop or (lambda: False)
        free = self.candidates.series
        wanting = self._wanting()
        drafts: list[_Draft] = []
        for number, item in enumerate(free):
            if stopped():
                return ModeTable((), (), cut_short=True)
            drafts.extend(self._free_modes(number, item, wanting.get(item.id, [])))
        given = [
            self.problem.series_by_id[series_id]
            for series_id in self.context.placements
            if series_id in wanting
        ]
        for number, item in enumerate(given, len(free)):
            drafts.extend(self._given_mode(number, item, wanting[item.id]))
        table = self._arrays((*free, *given), drafts, stopped)
        return ModeTable((), (), cut_short=True) if stopped() else table

    def _wanting(self) -> dict[str, list[Registration]]:
        wanting: dict[str, list[Registration]] = {}
        for item in self.candidates.registrations:
            for series_id in dict.fromkeys(one.series_id for one in item.choices):
                wanting.setdefault(series_id, []).append(item)
        return wanting

    def _free_modes(
        self, number: int, series: Series, wanting: Sequence[Registration]
    ) -> list[_Draft]:
        whole: dict[tuple[int, str | None], list[Mode]] = {}
        for mode in self.candidates.modes[series.id]:
            whole.setdefault((mode.timing.pattern, mode.place_id), []).append(mode)
        drafts = []
        for (_, place_id), modes in whole.items():
            starts = 0
            for mode in modes:
                starts |= mode.starts
            day = Mode(modes[0].timing, place_id, starts)
            rooms = self.candidates.rooms_for(series, day)
            if series.needs_room and not rooms:
                continue
            leads = {
                lead.id: mask
                for lead in self.candidates.filters.leaders(series)
                if (mask := self.candidates.leader_starts(series, day, lead))
            }
            seats = {
                item.id: mask
                for item in wanting
                if (mask := self.candidates.seat_starts(item, series, day))
            }
            for mode in modes:
                for one in self._variants(series, mode, rooms, leads, seats):
                    draft = self._draft(number, series, mode, one)
                    if draft is not None:
                        drafts.append(draft)
        return drafts

    def _variants(
        self, series: Series, mode: Mode, rooms: Masks, leads: Masks, seats: Masks
    ) -> list[Variant]:
        """A mode told apart by its rooms and starts, where that matters."""
        rooms, leads, seats = (
            {name: mask & mode.starts for name, mask in masks.items()}
            for masks in (rooms, leads, seats)
        )
        known, person_of = self.problem.room_by_id, self.person_of
        needs = {name: needs_of(series, person_of[name]) for name in seats}
        if "room-features" not in self.rules:
            needs = {}
        enough = series.size_max + series.guests + _leaders_at_most(series)

        def suits(name: str, room: str) -> bool:
            wanted = needs.get(name)
            return not wanted or wanted <= known[room].features

        starts = mode.starts
        if series.needs_room:
            rooms = {name: mask for name, mask in rooms.items() if mask}
            starts = union(rooms.values())
        if mode.timing == SELF_PACED:
            return [Variant(starts, {}, leads, seats, 0)]
        return variants(
            starts,
            rooms,
            leads,
            seats,
            lambda room: min(known[room].capacity, enough),
            suits,
        )

    def _draft(
        self, number: int, series: Series, mode: Mode, variant: Variant
    ) -> _Draft | None:
        here, open_starts = variant.rooms, variant.starts
        if series.needs_room and not here:
            return None
        least, most = self._size(series, here)
        fitting = self._with_partners(
            name for name, mask in variant.seats.items() if mask
        )
        sitting = self.worth.sitting(series, mode)
        people, values = self._people(fitting, series, sitting)
        taken = len(series.members)
        blocks = []
        for need in series.staff if "staffing-mix" in self.rules else ():
            able = self._able(number, series, mode, need, variant.leads, open_starts)
            if len(able) < need.count:
                if need.from_seats <= taken + least:
                    return None
                most = min(most, need.from_seats - taken - 1)
                continue
            blocks.append((max(0, need.from_seats - taken), need.count, able))
        if len(people) < least or most < least:
            return None
        return _Draft(
            number,
            (mode.timing, mode.place_id),
            Mode(mode.timing, mode.place_id, open_starts),
            self.worth.held(series),
            least,
            most,
            people,
            values,
            here,
            blocks,
        )

    def _with_partners(self, names: Iterable[str]) -> list[str]:
        """Those of whom everybody they must be kept together with is there too."""
        found = list(names)
        there = set(found)
        return [
            name
            for name in found
            if name not in self.together or self.together[name] <= there
        ]

    def _size(self, series: Series, rooms: dict[str, int]) -> tuple[int, int]:
        """Least and most newly seated people, by the rules that hold."""
        taken, least, most = (
            len(series.members),
            0,
            sum(item.seats for item in self.candidates.registrations),
        )
        if "group-size" in self.rules:
            most = min(most, series.size_max - taken)
            if not series.is_running:
                least = max(0, series.size_min - taken)
        # Of a hybrid series only those who come need a chair: no limit is known here.
        chairs = "room-capacity" in self.rules and series.format is Format.IN_PERSON
        if chairs and rooms:
            largest = max(self.problem.room_by_id[one].capacity for one in rooms)
            leaders = 0
            if "staffing-mix" in self.rules:
                leaders = sum(
                    need.count for need in series.staff if need.from_seats <= 0
                )
            most = min(most, largest - taken - series.guests - leaders)
        return least, most

    def _people(
        self, names: Iterable[str], series: Series, sitting: Sitting
    ) -> tuple[list[int], list[float]]:
        people: list[int] = []
        values: list[float] = []
        for name in names:
            item = self.problem.registration_by_id[name]
            value = self.worth.seat(item, series, sitting) / item.seats
            people.extend([self.number[name]] * item.seats)
            values.extend([value] * item.seats)
        return people, values

    def _able(
        self,
        number: int,
        series: Series,
        mode: Mode,
        need: StaffNeed,
        leads: dict[str, int],
        open_starts: int,
    ) -> list[int]:
        """Numbers of those who could fill a need in a mode; new ones are entered."""
        able = []
        for lead_id, mask in leads.items():
            lead = self.problem.facilitator_by_id[lead_id]
            starts = mask & open_starts
            if not starts or not (need.roles & lead.roles):
                continue
            if not need.skills <= lead.skills:
                continue
            key = (number, mode.timing, lead_id)
            if key not in self.leads:
                self.leads[key] = len(self.entries)
                self.entries.append(Entry(lead_id, series, mode.timing, {}))
            spots = self.entries[self.leads[key]].spots
            spots[mode.place_id] = spots.get(mode.place_id, 0) | starts
            able.append(self.leads[key])
        return able

    def _given_mode(
        self, number: int, series: Series, wanting: Sequence[Registration]
    ) -> list[_Draft]:
        joining = self._with_partners(
            one.id for one in wanting if self.candidates.can_join(one, series.id)
        )
        sitting = self.worth.sitting_given(self.context, series.id)
        people, values = self._people(joining, series, sitting)
        placement = self.context.placements[series.id]
        rooms = {one.room_id: 1 for one in placement.meetings if one.room_id}
        _, most = self._size(series, rooms)
        most -= sum(item.seats for item in self.context.seats.get(series.id, ()))
        if not people or most <= 0:
            return []
        key = (GIVEN, self.candidates.place_of(series.id))
        return [_Draft(number, key, None, 0, 0, most, people, values, {}, [])]

    def _arrays(
        self,
        series: tuple[Series, ...],
        drafts: list[_Draft],
        stopped: Callable[[], bool],
    ) -> ModeTable:
        registrations = self.candidates.registrations
        table = ModeTable(series, registrations)
        table.keys = [one.key for one in drafts]
        table.modes = [one.mode for one in drafts]
        table.series_of = np.array([one.series for one in drafts], np.int32)
        table.held = np.array([one.held for one in drafts], float)
        table.least = np.array([one.least for one in drafts], np.int32)
        table.most = np.array(
            [min(one.most, len(one.seats)) for one in drafts], np.int32
        )
        table.seats = _padded([one.seats for one in drafts], len(registrations))
        table.values = np.zeros(table.seats.shape)
        for number, one in enumerate(drafts):
            table.values[number, : len(one.values)] = one.values
        self._pair(table, drafts)
        blocks = [
            (number, *block)
            for number, one in enumerate(drafts)
            for block in one.blocks
        ]
        table.block_mode = np.array([one[0] for one in blocks], np.int32)
        table.block_from = np.array([one[1] for one in blocks], np.int32)
        table.block_count = np.array([one[2] for one in blocks], np.int32)
        table.block_leads = _padded([one[3] for one in blocks], len(self.entries))
        table.leads = sorted(self.leads, key=self.leads.__getitem__)
        usages = [
            Usage(number, series[one.series], one.mode, one.rooms, one.seats)
            for number, one in enumerate(drafts)
            if one.mode is not None and one.mode.timing != SELF_PACED
        ]
        table.rows = resource_rows(
            self.context,
            self.rules,
            self.entries,
            usages,
            registrations,
            table.seats.shape[1],
            stopped,
        )
        return table

    def _pair(self, table: ModeTable, drafts: Sequence[_Draft]) -> None:
        """Seats of a mode that are taken together, several of one asker included."""
        width = table.seats.shape[1]
        paired: list[int] = []
        pair_of: list[int] = []
        groups: dict[tuple[int, frozenset[str]], int] = {}
        for number, draft in enumerate(drafts):
            for position, seat in enumerate(draft.seats):
                item = table.registrations[seat]
                group = self.together.get(item.id, frozenset((item.id,)))
                if len(group) > 1 or item.seats > 1:
                    paired.append(number * width + position)
                    key = (number, group)
                    pair_of.append(groups.setdefault(key, len(groups)))
        table.paired = np.array(paired, np.int32)
        table.pair_of = np.array(pair_of, np.int32)


def _leaders_at_most(series: Series) -> int:
    return sum(need.count for need in series.staff)


def _padded(lists: Sequence[Sequence[int]], filler: int) -> Any:
    width = max((len(one) for one in lists), default=0)
    table = np.full((len(lists), max(1, width)), filler, np.int32)
    for number, one in enumerate(lists):
        table[number, : len(one)] = one
    return table
