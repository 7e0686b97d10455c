"""A complete timetable for groups whose members are known: insert, and send others out.

The timetable never breaks a rule; what is not in it waits. A waiting group goes where
it sends out the least that is hard to place, and counts as harder each time (ejection
search with counters, Nagata and Braysy 2009); some others are moved about meanwhile.
When all are in, the same moves are made for comfort, and kept when everybody is in
again at no more cost. Measured in docs/explanation/benchmarks.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np

from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.search.carrying import Carrying
from scheduling.solver.search.timetable_facts import Array, Meetable, Timetabled

OUT = 10**7
NEVER = np.float32(1e9)
SHAKES = 4
CHAIN = 6


@dataclass(frozen=True, slots=True)
class Move:
    """Where a series would go, and whom it sends out."""

    spot: int
    room: int
    leads: tuple[int, ...]
    out: frozenset[int]
    soft: float


class Timetable:
    """The timetable while it is made."""

    def __init__(self, facts: Timetabled, seed: int) -> None:
        self.facts, self.dice = facts, Random(seed)  # noqa: S311 - not a secret
        count = len(facts.meetable)
        self.begin = np.full(count, OUT, np.int64)
        self.end = np.full(count, OUT, np.int64)
        self.place = np.zeros(count, np.int64)
        self.in_room = np.zeros((count, len(facts.room_ids)), np.float32)
        self.led_by = np.zeros((count, len(facts.lead_ids)), np.float32)
        days = facts.problem.horizon.day_count
        self.carrying = Carrying(facts.loads, days)
        self.came = np.zeros((len(facts.person_days), days), np.int64)
        self.hard = np.ones(count, np.float32)
        self.at: dict[int, Move] = {}
        self.waiting = list(range(count))
        self.several = len(facts.place_ids) > 2

    @property
    def soft(self) -> float:
        return sum(move.soft for move in self.at.values())

    # Moving. -------------------------------------------------------------------------
    def put(self, number: int, move: Move) -> None:
        """Put a series where it sends nobody out (any more)."""
        item = self.facts.meetable[number]
        slot = int(item.slots[move.spot])
        day = slot // SLOTS_PER_DAY
        self.begin[number], self.end[number] = slot, slot + item.series.length
        self.place[number] = item.places[move.spot]
        self.in_room[number, move.room] = 1
        for lead in move.leads:
            self.led_by[number, lead] = 1
            self.carrying.add(lead, number, slot, int(self.end[number]))
        self.came[item.members, day] += 1
        self.at[number] = move

    def take(self, number: int) -> Move:
        """Take a series out."""
        item, move = self.facts.meetable[number], self.at.pop(number)
        day = int(self.begin[number]) // SLOTS_PER_DAY
        self.begin[number] = self.end[number] = OUT
        self.in_room[number] = 0
        for lead in move.leads:
            self.led_by[number, lead] = 0
            self.carrying.drop(lead, number)
        self.came[item.members, day] -= 1
        return move

    # Looking. ------------------------------------------------------------------------
    def best(self, number: int, price: Array, comfort: float) -> Move | None:
        """The cheapest move of a waiting series; ``None``: it can meet nowhere.

        ``price`` of sending out each other; ``comfort``: how much soft cost counts.
        """
        item = self.facts.meetable[number]
        if not len(item.slots):
            return None
        length, shares = item.series.length, self.facts.shares[number]
        start = item.slots[:, None]
        gap = self._gaps(item)
        over = (start < self.end + gap) & (start + length + gap > self.begin)
        hit = over & shares
        spots = hit @ price + self._ordered(number, item, price)
        spots += self._crowded(item)
        rooms = self._rooms(item, length, hit, price)
        leads = self._leads(item, over & ~hit, price) + comfort * item.lead_soft
        spots += self._team_cost(item, leads)
        cost = spots[:, None] + rooms + comfort * item.soft
        cost += np.float32(1e-3) * self._noise(cost.shape)
        choice = int(np.argmin(cost))
        spot, room = divmod(choice, cost.shape[1])
        if cost[spot, room] >= NEVER:
            return None
        team = self._team(item, leads[spot])
        if team is None:
            return None
        soft = float(item.soft[spot, room] + sum(item.lead_soft[one] for one in team))
        out = self._sent_out(number, item, spot, room, team, hit[spot])
        return Move(spot, room, team, out, soft)

    def _noise(self, shape: tuple[int, ...]) -> Array:
        if not hasattr(self, "_pool"):
            generator = np.random.default_rng(self.dice.randrange(2**32))
            self._pool = generator.random(1 << 17).astype(np.float32)
        size = shape[0] * shape[1]
        if size >= len(self._pool):
            return np.zeros(shape, np.float32)
        first = self.dice.randrange(len(self._pool) - size)
        return self._pool[first : first + size].reshape(shape)

    def _gaps(self, item: Meetable) -> Array:
        if not self.several:
            return np.zeros((1, 1), np.int64)
        return self.facts.travel[item.places[:, None], self.place[None, :]]

    def _ordered(self, number: int, item: Meetable, price: Array) -> Array:
        cost = np.zeros(len(item.slots), np.float32)
        for other in self.facts.before.get(number, ()):
            if other in self.at:
                cost += price[other] * (item.slots < self.end[other])
        for other in self.facts.after.get(number, ()):
            if other in self.at:
                late = item.slots + item.series.length > self.begin[other]
                cost += price[other] * late
        return cost

    def _crowded(self, item: Meetable) -> Array:
        """About what a day costs on which members have as many meetings as they can."""
        limit = self.facts.person_days[item.members, None]
        full = (self.came[item.members] >= limit).sum(axis=0)
        cost: Array = full[item.slots // SLOTS_PER_DAY].astype(np.float32)
        return cost

    def _rooms(self, item: Meetable, length: int, hit: Array, price: Array) -> Array:
        """What each room costs at each spot; changeover counts in the same room."""
        start = item.slots[:, None]
        cost = np.full(item.rooms.shape, NEVER, np.float32)
        weights = self.in_room * price[:, None]
        for changeover in np.unique(self.facts.changeover):
            mine = self.facts.changeover == changeover
            over = (start < self.end + changeover) & (
                start + length + changeover > self.begin
            )
            cost[:, mine] = (over & ~hit).astype(np.float32) @ weights[:, mine]
        if self.facts.room_ids[0] is None:
            cost[:, 0] = 0  # online takes no room
        return np.where(item.rooms, cost, NEVER)

    def _leads(self, item: Meetable, over: Array, price: Array) -> Array:
        """What each leader costs at each spot, one who can carry no more a series."""
        weights = self.led_by * price[:, None]
        cost = over.astype(np.float32) @ weights
        full = self.carrying.full(item.series.length)
        cheapest = np.where(self.led_by > 0, weights, NEVER / 8).min(axis=0)
        cost += full[:, item.slots // SLOTS_PER_DAY].T * cheapest
        return np.where(item.leads, cost, NEVER)

    def _team_cost(self, item: Meetable, leads: Array) -> Array:
        total = np.zeros(len(leads), np.float32)
        for count, able in item.needs:
            some = np.where(able, leads, NEVER)
            if count == 1:
                total += some.min(axis=1)
            elif some.shape[1] >= count:
                total += np.partition(some, count - 1, axis=1)[:, :count].sum(axis=1)
            else:
                total += NEVER
        return total

    def _team(self, item: Meetable, leads: Array) -> tuple[int, ...] | None:
        """Different people for all needs, of different organisations where asked."""
        chosen: list[int] = []
        for count, able in sorted(item.needs, key=lambda need: int(need[1].sum())):
            for _ in range(count):
                cost = np.where(able, leads, NEVER)
                for other in chosen:
                    cost[other] = NEVER
                    if item.series.different_organisations:
                        home = self.facts.homes[other]
                        same = [one == home for one in self.facts.homes]
                        cost[np.array(same)] = NEVER
                lead = int(np.argmin(cost))
                if cost[lead] >= NEVER:
                    return None
                chosen.append(lead)
        return tuple(sorted(chosen))

    def _sent_out(
        self,
        number: int,
        item: Meetable,
        spot: int,
        room: int,
        team: tuple[int, ...],
        hit: Array,
    ) -> frozenset[int]:
        slot = int(item.slots[spot])
        end, day = slot + item.series.length, slot // SLOTS_PER_DAY
        out = {int(one) for one in np.flatnonzero(hit)}
        if self.facts.room_ids[room] is not None:
            gap = int(self.facts.changeover[room])
            over = (slot < self.end + gap) & (end + gap > self.begin)
            out.update(map(int, np.flatnonzero(over & (self.in_room[:, room] > 0))))
        gaps = self.facts.travel[item.places[spot], self.place]
        over = (slot < self.end + gaps) & (end + gaps > self.begin)
        for lead in team:
            out.update(map(int, np.flatnonzero(over & (self.led_by[:, lead] > 0))))
            out |= self.carrying.too_much(
                lead, slot, end, out, lambda one: float(self.hard[one])
            )
        for other in self.facts.before.get(number, ()):
            if other in self.at and slot < self.end[other]:
                out.add(other)
        for other in self.facts.after.get(number, ()):
            if other in self.at and end > self.begin[other]:
                out.add(other)
        self._thin_out(number, day, out)
        return frozenset(out)

    def _thin_out(self, number: int, day: int, out: set[int]) -> None:
        """Send out more where members would have too many meetings that day."""
        mine = self.facts.meetable[number].members
        left = self.came[:, day].copy()
        for one in out:
            if self.begin[one] // SLOTS_PER_DAY == day:
                left[self.facts.meetable[one].members] -= 1
        limit = self.facts.person_days
        full = set(mine[left[mine] >= limit[mine]].tolist())
        if not full:
            return
        today = np.flatnonzero(
            (self.begin // SLOTS_PER_DAY == day) & self.facts.shares[number]
        )
        for one in sorted(today.tolist(), key=lambda other: self.hard[other]):
            members = self.facts.meetable[one].members
            if one not in out and full.intersection(members.tolist()):
                out.add(one)
                left[members] -= 1
                full = {who for who in full if left[who] >= limit[who]}
                if not full:
                    return

    # Searching. ----------------------------------------------------------------------
    def insert(self, number: int, comfort: float = 0.0) -> bool:
        """Put one waiting series in, and send out what is in its way."""
        move = self.best(number, self.hard, comfort)
        self.hard[number] += 1
        if move is None:
            return False
        for other in move.out:
            self.take(other)
            self.waiting.append(other)
        self.waiting.remove(number)
        self.put(number, move)
        return True

    def shake(self) -> None:
        """Move one series to another place where it is in nobody's way."""
        if not self.at:
            return
        number = self.dice.choice(list(self.at))
        before = self.take(number)
        fence = np.full(len(self.hard), NEVER / 8, np.float32)
        move = self.best(number, fence, 0.0)
        self.put(number, before if move is None or move.out else move)

    def complete(self, over: Callable[[], bool]) -> bool:
        """Go on until everybody is in, or it is over."""
        hopeless: set[int] = set()
        while not over():
            able = [one for one in self.waiting if one not in hopeless]
            if not able:
                return not self.waiting
            number = self.dice.choice(able)
            if not self.insert(number):
                hopeless.add(number)
            for _ in range(SHAKES):
                self.shake()
        return not self.waiting

    def polish(self, over: Callable[[], bool], warmth: float = 40.0) -> None:
        """Lower the soft cost: a chain of moves, kept when all are in again."""
        fence = np.full(len(self.hard), NEVER / 8, np.float32)
        best, kept = self.soft, dict(self.at)
        while not over() and self.at:
            number = self.dice.choice(list(self.at))
            undo = self._chain(number, fence)
            change = sum(move.soft for move in self._moved(undo)) - sum(
                move.soft for move in undo.values()
            )
            cold = change > 0 and self.dice.random() >= math.exp(-change / warmth)
            if self.waiting or cold:
                self._undo(undo)
            elif self.soft < best:
                best, kept = self.soft, dict(self.at)
            warmth = max(0.5, warmth * 0.9999)
        self._set(kept)

    def _moved(self, undo: dict[int, Move]) -> list[Move]:
        return [self.at[one] for one in undo if one in self.at]

    def _chain(self, number: int, fence: Array) -> dict[int, Move]:
        """Move one where it is better off; who is sent out looks for a free place."""
        undo = {number: self.take(number)}
        self.waiting.append(number)
        price = np.full(len(self.hard), 150.0 * self.dice.random(), np.float32)
        for step in range(CHAIN):
            if not self.waiting:
                break
            one = self.waiting.pop()
            move = self.best(one, price if step < 2 else fence, 1.0)
            if move is None or (step >= 2 and move.out):
                self.waiting.append(one)
                break
            for other in move.out:
                taken = self.take(other)
                undo.setdefault(other, taken)
                self.waiting.append(other)
            self.put(one, move)
        return undo

    def _undo(self, undo: dict[int, Move]) -> None:
        for one in undo:
            if one in self.at:
                self.take(one)
        for one, move in undo.items():
            self.put(one, move)
        self.waiting.clear()

    def _set(self, kept: dict[int, Move]) -> None:
        for one in list(self.at):
            self.take(one)
        for one, move in kept.items():
            self.put(one, move)
        self.waiting = [one for one in range(len(self.hard)) if one not in kept]

    def placements(self) -> list[Placement]:
        """What is in, as placements."""
        facts, found = self.facts, []
        for number, move in sorted(self.at.items()):
            item = facts.meetable[number]
            meeting = Meeting(
                int(item.slots[move.spot]),
                facts.room_ids[move.room],
                tuple(sorted(facts.lead_ids[lead] for lead in move.leads)),
            )
            found.append(Placement(item.series.id, (meeting,)))
        return found
