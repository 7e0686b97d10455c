"""Which meetings one facilitator cannot both lead: worked out once for everybody.

Whether two series' timings clash depends on their dates, starts and places and hardly
on who leads, so each pair is looked at once and told to the model once; a leader adds
one clause for each pair. Pairs that clash at every start are at-most-one sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from scheduling.solver.sequencing import clash_of, cover

if TYPE_CHECKING:
    from scheduling.solver.candidates import Timing
    from scheduling.solver.variables import Literal, PlanVariables, Stay

    Gaps = tuple[int, int]


@dataclass(slots=True)
class _Rival:
    """A timing beside another one: travel there and back, by the places of both."""

    gaps: dict[Gaps, list[tuple[Stay, Stay]]] = field(default_factory=dict)
    both: Literal | None = None


class RivalMeetings:
    """All timings of the free series, and those pairs of them that can clash."""

    def __init__(self, variables: PlanVariables) -> None:
        self.variables = variables
        self._numbers: dict[tuple[str, Timing], int] = {}
        self._at_places: list[list[Stay]] = []
        bits: list[int] = []
        for series in variables.series:
            for timing in variables.timings(series.id):
                stays = variables.mode_stays(series.id, timing)
                if stays:
                    self._numbers[series.id, timing] = len(bits)
                    self._at_places.append(stays)
                    bits.append(sum(1 << day for day in stays[0].days))
        self._rivals: list[dict[int, _Rival]] = [{} for _ in bits]
        for first, days in enumerate(bits):
            name = self._at_places[first][0].series_id
            for second in range(first + 1, len(bits)):
                if not days & bits[second]:
                    continue
                if self._at_places[second][0].series_id == name:
                    continue
                rival = self._compare(first, second)
                if rival.gaps:
                    self._rivals[first][second] = rival

    def number(self, series_id: str, timing: Timing) -> int:
        """The number by which ``keep_apart`` knows a timing of a series."""
        return self._numbers[series_id, timing]

    def _compare(self, first: int, second: int) -> _Rival:
        """Empty when the two cannot clash, whoever leads them."""
        travel = self.variables.problem.travel_slots
        rival, clash = _Rival(), False
        for one, other in product(self._at_places[first], self._at_places[second]):
            gaps = (
                travel(one.place_id, other.place_id),
                travel(other.place_id, one.place_id),
            )
            rival.gaps.setdefault(gaps, []).append((one, other))
            clash = clash or clash_of(one, other, *gaps) is not False
        return rival if clash else _Rival()

    def keep_apart(self, stays: dict[int, Stay]) -> None:
        """One facilitator leads no two of these at once; by number of the timing."""
        numbers = sorted(stays)
        always: set[tuple[int, int]] = set()
        for index, first in enumerate(numbers):
            rivals, one = self._rivals[first], stays[first]
            if not rivals:
                continue
            for later in range(index + 1, len(numbers)):
                rival = rivals.get(numbers[later])
                if rival is None:
                    continue
                other = stays[numbers[later]]
                clashes = {clash_of(one, other, *gaps) for gaps in rival.gaps}
                if clashes == {True}:
                    always.add((index, later))
                elif clashes != {False}:
                    self._take_turns(rival, one, other)
        for group in cover(always, len(numbers)):
            self.variables.model.add_at_most_one(
                stays[numbers[index]].literal for index in group
            )

    def _take_turns(self, rival: _Rival, one: Stay, other: Stay) -> None:
        """Who leads both has time between the two."""
        variables = self.variables
        neither = (one.literal.negated(), other.literal.negated())
        if len(rival.gaps) == 1:
            (gaps,) = rival.gaps
            variables.model.add_bool_or(*neither, *self._orders(one, other, gaps))
            return
        if rival.both is None:
            rival.both = variables.model.new_bool_var("led by one")
            for gaps, pairs in rival.gaps.items():
                for here, there in pairs:
                    clash = clash_of(here, there, *gaps)
                    if clash is not False:
                        variables.model.add_bool_or(
                            rival.both.negated(),
                            here.literal.negated(),
                            there.literal.negated(),
                            *(self._orders(here, there, gaps) if clash is None else ()),
                        )
        variables.model.add_bool_or(*neither, rival.both)

    def _orders(self, one: Stay, other: Stay, gaps: Gaps) -> tuple[Literal, Literal]:
        return (
            self.variables.before(one, other, gaps[0]),
            self.variables.before(other, one, gaps[1]),
        )
