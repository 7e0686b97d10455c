"""One thing at a time: how a room, a leader or a person is kept from two meetings.

Pairs that clash whatever their start become at-most-one sets, which the engine's
linear relaxation sees; pairs that clash at some starts become intervals that must not
overlap; a gap that differs by pair (travel) is an order between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling.solver.candidates import date_cliques

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables, Stay

    Gap = Callable[[Stay, Stay], int]


def never_together(variables: PlanVariables, stays: Sequence[Stay], gap: Gap) -> None:
    """Forbid two of the stays at once, ``gap(first, second)`` slots kept between.

    Stays of one series exclude each other already and are not compared.
    """
    always: set[tuple[int, int]] = set()
    sometimes: set[tuple[int, int]] = set()
    cliques = date_cliques({number: stay.days for number, stay in enumerate(stays)})
    for clique in cliques:
        for first, second in combinations(clique, 2):
            pair = (first, second)
            if pair in always or pair in sometimes:
                continue
            clash = _clash(stays[first], stays[second], gap)
            if clash is True:
                always.add(pair)
            elif clash is None:
                sometimes.add(pair)
    for group in _cover(always, len(stays)):
        variables.model.add_at_most_one(stays[number].literal for number in group)
    _keep_apart(variables, stays, sometimes, gap)


def _clash(first: Stay, second: Stay, gap: Gap) -> bool | None:
    """True: at every start, False: at none, None: at some."""
    if first.series_id == second.series_id:
        return False
    one, other = gap(first, second), gap(second, first)
    first_low, first_high = _range(first)
    second_low, second_high = _range(second)
    first_can_lead = first_low + first.length + one <= second_high
    second_can_lead = second_low + second.length + other <= first_high
    if not first_can_lead and not second_can_lead:
        return True
    if first_high + first.length + one <= second_low:
        return False
    if second_high + second.length + other <= first_low:
        return False
    return None


def _range(stay: Stay) -> tuple[int, int]:
    mask = stay.starts
    return (mask & -mask).bit_length() - 1, mask.bit_length() - 1


def _cover(pairs: set[tuple[int, int]], count: int) -> Iterable[list[int]]:
    """At-most-one sets that cover the pairs, found greedily."""
    left = set(pairs)
    neighbours: list[set[int]] = [set() for _ in range(count)]
    for first, second in pairs:
        neighbours[first].add(second)
        neighbours[second].add(first)
    while left:
        first, second = min(left)
        group = [first, second]
        for other in sorted(neighbours[first] & neighbours[second]):
            if all(other in neighbours[member] for member in group):
                group.append(other)
        for pair in combinations(sorted(group), 2):
            left.discard(pair)
        yield group


def _keep_apart(
    variables: PlanVariables,
    stays: Sequence[Stay],
    pairs: set[tuple[int, int]],
    gap: Gap,
) -> None:
    model = variables.model
    for first, second in sorted(pairs):
        one, other = stays[first], stays[second]
        before = model.new_bool_var("before")
        model.add(
            one.start + one.length + gap(one, other) <= other.start
        ).only_enforce_if(before, one.literal, other.literal)
        model.add(
            other.start + other.length + gap(other, one) <= one.start
        ).only_enforce_if(before.negated(), one.literal, other.literal)
