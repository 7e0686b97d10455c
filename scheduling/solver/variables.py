"""The model's variables, and the questions rules ask about them.

For every free series: whether it opens, its mode (timing and place), its starting
quarter, room and leaders; for every free registration a seat in a mode. What a filter
refuses has no variable. True by construction: one mode, room and start for a series
that opens and none for one that does not; the start lies in the mask of the mode, the
room, every leader and every seat; a registration has at most one seat; all meetings of
a series share weekday, time, room and leaders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar

from ortools.sat.python import cp_model

from scheduling.solver.candidates import SELF_PACED, Candidates, Mode, Timing
from scheduling.solver.horizon import SLOTS_PER_DAY, quarters_in
from scheduling.solver.plan import Placement
from scheduling.solver.problem import Registration, Series
from scheduling.solver.rule import Days
from scheduling.solver.stays import Seat, Stay

GIVEN = Timing(-2, -2)
"""Timing of a series that is already fixed and that people may still join."""

Literal = cp_model.IntVar
Key = tuple[Timing, str | None]
Made = TypeVar("Made")
__all__ = ["GIVEN", "Key", "Literal", "PlanVariables", "Seat", "Stay"]


class PlanVariables:
    """Variables over some candidates, in a model."""

    def __init__(self, model: cp_model.CpModel, candidates: Candidates) -> None:
        self.model = model
        self.candidates = candidates
        self.problem = candidates.problem
        self.context = candidates.context
        self.series = candidates.series
        self.registrations = candidates.registrations
        self.costs: dict[str, list[cp_model.LinearExprT]] = defaultdict(list)
        self._open: dict[str, Literal] = {}
        self._modes: dict[str, dict[Key, tuple[Mode, Literal]]] = {}
        self._at: dict[str, dict[Timing, Literal]] = {}
        self._start_at: dict[str, dict[Timing, dict[int, Literal]]] = {}
        self._start: dict[str, cp_model.IntVar] = {}
        self._rooms: dict[str, dict[tuple[Timing, str], Literal]] = {}
        self._room_masks: dict[tuple[str, Timing, str], int] = {}
        self._leads: dict[str, dict[tuple[Timing, str], Literal]] = {}
        self._lead_masks: dict[tuple[str, Timing, str], int] = {}
        self._seats: dict[str, list[Seat]] = defaultdict(list)
        self._seats_of: dict[str, list[Seat]] = defaultdict(list)
        self._seat_masks: dict[int, int] = {}
        self._before: dict[tuple[object, ...], Literal] = {}
        self._pairs: dict[tuple[int, int], Literal] = {}
        self._shared: dict[Hashable, object] = {}
        for item in self.series:
            candidates.beat()
            self._make_modes(item)
            self._make_leads(item)
        for registration in self.registrations:
            candidates.beat()
            self._make_seats(registration)

    # Making ----------------------------------------------------------------------
    def _make_modes(self, series: Series) -> None:
        model, name = self.model, series.id
        opens = self._open[name] = model.new_bool_var(f"open {name}")
        self._rooms[name], self._modes[name] = {}, {}
        for mode in self.candidates.modes[name]:
            rooms = self.candidates.rooms_for(series, mode)
            if series.needs_room and not rooms:
                continue
            literal = model.new_bool_var(f"mode {name} {mode.timing} {mode.place_id}")
            self._modes[name][mode.timing, mode.place_id] = (mode, literal)
            if rooms:
                chosen = []
                for room_id, mask in rooms.items():
                    here = model.new_bool_var(f"room {name} {mode.timing} {room_id}")
                    self._rooms[name][mode.timing, room_id] = here
                    self._room_masks[name, mode.timing, room_id] = mask
                    chosen.append(here)
                model.add(sum(chosen) == literal)
        model.add(sum(lit for _, lit in self._modes[name].values()) == opens)
        self._make_starts(series)
        for key, (mode, literal) in self._modes[name].items():
            self.start_in(name, key[0], mode.starts, literal)
        for (timing, room_id), literal in self._rooms[name].items():
            self.start_in(
                name, timing, self._room_masks[name, timing, room_id], literal
            )

    def _make_starts(self, series: Series) -> None:
        model, name = self.model, series.id
        by_timing: dict[Timing, list[tuple[Mode, Literal]]] = defaultdict(list)
        for (timing, _), pair in self._modes[name].items():
            by_timing[timing].append(pair)
        self._at[name], self._start_at[name] = {}, {}
        for timing, pairs in by_timing.items():
            if len(pairs) == 1:
                at = pairs[0][1]
            else:
                at = model.new_bool_var(f"at {name} {timing}")
                model.add(sum(literal for _, literal in pairs) == at)
            self._at[name][timing] = at
            if timing == SELF_PACED:
                continue
            mask = 0
            for mode, _ in pairs:
                mask |= mode.starts
            quarters = list(quarters_in(mask))
            starts = self._start_at[name][timing] = {
                quarter: model.new_bool_var(f"start {name} {timing} {quarter}")
                for quarter in quarters
            }
            model.add(sum(starts.values()) == at)
        if not series.is_self_paced:
            start = model.new_int_var(0, SLOTS_PER_DAY, f"start {name}")
            self._start[name] = start
            model.add(
                start
                == sum(
                    quarter * literal
                    for starts in self._start_at[name].values()
                    for quarter, literal in starts.items()
                )
            )

    def _make_leads(self, series: Series) -> None:
        name = series.id
        self._leads[name] = {}
        leaders = self.candidates.filters.leaders(series)
        for timing, at in self._at[name].items():
            modes = [
                pair for key, pair in self._modes[name].items() if key[0] == timing
            ]
            for lead in leaders:
                masks = [
                    self.candidates.leader_starts(series, mode, lead)
                    for mode, _ in modes
                ]
                if not any(masks):
                    continue
                leads = self.model.new_bool_var(f"lead {name} {timing} {lead.id}")
                self._leads[name][timing, lead.id] = leads
                self.model.add_implication(leads, at)
                union = 0
                for mask, (mode, literal) in zip(masks, modes, strict=True):
                    union |= mask
                    if mask != mode.starts:
                        self.start_in(name, timing, mask, leads, literal)
                self._lead_masks[name, timing, lead.id] = union

    def _make_seats(self, registration: Registration) -> None:
        literals: list[Literal] = []
        for choice in registration.choices:
            if choice.series_id in self.context.placements:
                seats = self._given_seat(registration, choice.series_id)
            else:
                seats = self._free_seats(registration, choice.series_id)
            for seat in seats:
                self._seats[seat.series_id].append(seat)
                self._seats_of[registration.id].append(seat)
                literals.append(seat.literal)
        if len(literals) > 1:
            self.model.add_at_most_one(literals)

    def _free_seats(self, registration: Registration, series_id: str) -> Iterable[Seat]:
        series = self.problem.series_by_id[series_id]
        for (timing, place_id), (mode, literal) in self._modes.get(
            series_id, {}
        ).items():
            mask = self.candidates.seat_starts(registration, series, mode)
            if not mask:
                continue
            sits = self.model.new_bool_var(
                f"seat {registration.id} {series_id} {timing} {place_id}"
            )
            self._seat_masks[sits.index] = mask
            self.model.add_implication(sits, literal)
            if mask != mode.starts:
                self.start_in(series_id, timing, mask, sits)
            yield Seat(registration, series_id, timing, place_id, sits)

    def _given_seat(self, registration: Registration, series_id: str) -> Iterable[Seat]:
        if self.candidates.can_join(registration, series_id):
            sits = self.model.new_bool_var(f"seat {registration.id} {series_id}")
            place_id = self.candidates.place_of(series_id)
            yield Seat(registration, series_id, GIVEN, place_id, sits)

    def start_in(
        self, series_id: str, timing: Timing, mask: int, *literals: Literal
    ) -> None:
        """When all literals hold, the series' start in the timing is in the mask."""
        starts = self._start_at[series_id].get(timing)
        if starts is None:
            return
        allowed = [lit for quarter, lit in starts.items() if mask >> quarter & 1]
        if len(allowed) == len(starts):
            return
        if len(literals) == 1:
            self.model.add(literals[0] <= sum(allowed))
        else:
            self.model.add_bool_or(*allowed, *(lit.negated() for lit in literals))

    # Asking ----------------------------------------------------------------------
    def opens(self, series_id: str) -> Literal:
        """The series is held."""
        return self._open[series_id]

    def timings(self, series_id: str) -> tuple[Timing, ...]:
        return tuple(self._at[series_id])

    def at(self, series_id: str, timing: Timing) -> Literal:
        """The series meets in the timing."""
        return self._at[series_id][timing]

    def modes(self, series_id: str) -> Iterable[tuple[Mode, Literal]]:
        """The series' modes that can be chosen."""
        return self._modes[series_id].values()

    def starts(self, series_id: str, timing: Timing) -> dict[int, Literal]:
        """Literal of each starting quarter of the series in the timing."""
        return self._start_at[series_id].get(timing, {})

    def rooms(self, series_id: str) -> dict[tuple[Timing, str], Literal]:
        """By timing and room id: the series meets there and then."""
        return self._rooms.get(series_id, {})

    def leads(self, series_id: str) -> dict[tuple[Timing, str], Literal]:
        """By timing and facilitator id: who leads the series then."""
        return self._leads.get(series_id, {})

    def seats(self, series_id: str) -> Sequence[Seat]:
        """Seats that free registrations may get in the series, free or given."""
        return self._seats.get(series_id, [])

    def seats_of(self, registration_id: str) -> Sequence[Seat]:
        return self._seats_of.get(registration_id, [])

    @cached_property
    def given(self) -> tuple[Series, ...]:
        """Fixed series that somebody may still join."""
        return tuple(
            self.problem.series_by_id[series_id]
            for series_id in self._seats
            if series_id in self.context.placements
        )

    def days(self, series_id: str, timing: Timing) -> Days:
        if timing == SELF_PACED:
            return ()
        return self.problem.series_by_id[series_id].date_patterns[timing.pattern].days

    def room_stays(self, series_id: str) -> Iterable[tuple[str, Stay]]:
        """Each room the series may use, with the stay."""
        for (timing, room_id), literal in self.rooms(series_id).items():
            place_id = self.problem.room_by_id[room_id].place_id
            mask = self._room_masks[series_id, timing, room_id]
            yield room_id, self._stay(series_id, timing, place_id, literal, mask)

    def lead_stays(self, series_id: str) -> Iterable[tuple[str, Timing, Stay]]:
        """Each facilitator who may lead, with the stay, wherever it is held.

        The stay has no place; ``mode_stays`` has the places of the timing.
        """
        for (timing, lead_id), literal in self.leads(series_id).items():
            if timing != SELF_PACED:
                mask = self._lead_masks[series_id, timing, lead_id]
                yield (
                    lead_id,
                    timing,
                    self._stay(series_id, timing, None, literal, mask),
                )

    def mode_stays(self, series_id: str, timing: Timing) -> list[Stay]:
        """The series in the timing, at each place it may be."""
        if timing == SELF_PACED:
            return []
        return [
            self._stay(series_id, timing, key[1], literal, mode.starts)
            for key, (mode, literal) in self._modes[series_id].items()
            if key[0] == timing
        ]

    def person_stays(self, series_id: str) -> Iterable[tuple[str, Stay]]:
        """Each person who may take part, members included, with the stay."""
        series = self.problem.series_by_id[series_id]
        for (timing, place_id), (mode, literal) in self._modes.get(
            series_id, {}
        ).items():
            if timing != SELF_PACED:
                for person_id in series.members:
                    yield (
                        person_id,
                        self._stay(series_id, timing, place_id, literal, mode.starts),
                    )
        for seat in self.seats(series_id):
            if seat.timing == GIVEN:
                for stay in self._given_stays(seat):
                    yield seat.registration.person_id, stay
            elif seat.timing != SELF_PACED:
                yield (
                    seat.registration.person_id,
                    self._stay(
                        series_id,
                        seat.timing,
                        seat.place_id,
                        seat.literal,
                        self._seat_masks[seat.literal.index],
                    ),
                )

    def _stay(
        self,
        series_id: str,
        timing: Timing,
        place_id: str | None,
        literal: Literal,
        starts: int,
    ) -> Stay:
        series = self.problem.series_by_id[series_id]
        return Stay(
            literal,
            series_id,
            self.days(series_id, timing),
            self._start[series_id],
            starts,
            series.length,
            place_id,
        )

    def _given_stays(self, seat: Seat) -> Iterable[Stay]:
        placement: Placement = self.context.placements[seat.series_id]
        by_stretch: dict[tuple[int, int, str | None], list[int]] = defaultdict(list)
        for day, busy in self.context.meetings(placement):
            by_stretch[busy.start, busy.end, busy.place_id].append(day)
        for (start, end, place_id), days in by_stretch.items():
            yield Stay(
                seat.literal,
                seat.series_id,
                tuple(days),
                start,
                1 << start,
                end - start,
                place_id,
            )

    def before(self, first: Stay, second: Stay, gap: int) -> Literal:
        """A literal that implies: ``first`` ends ``gap`` slots before ``second``.

        One for two series and a gap, whoever or whatever asks.
        """
        fixed = tuple(
            None if stay.series_id in self._start else stay.start
            for stay in (first, second)
        )
        key = (first.series_id, second.series_id, gap, *fixed)
        if key not in self._before:
            literal = self._before[key] = self.model.new_bool_var("before")
            self.model.add(
                first.start + first.length + gap <= second.start
            ).only_enforce_if(literal)
        return self._before[key]

    def both(self, first: Literal, second: Literal) -> Literal:
        """A literal that says that both hold."""
        key = (first.index, second.index)
        if key in self._pairs:
            return self._pairs[key]
        both = self._pairs[key] = self.model.new_bool_var("both")
        self.model.add(both >= first + second - 1)
        self.model.add_implication(both, first)
        self.model.add_implication(both, second)
        return both

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Literals that several wishes share, made by the first that asks."""
        if key not in self._shared:
            self._shared[key] = make()
        return self._shared[key]  # type: ignore[return-value]

    def add_cost(self, objective_id: str, cost: cp_model.LinearExprT) -> None:
        """Add to a wish's cost: the change against the context alone."""
        self.costs[objective_id].append(cost)
