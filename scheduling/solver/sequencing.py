"""One thing at a time: how a room, a leader or a person is kept from two meetings.

Pairs that clash whatever their start become at-most-one sets, which the engine's
linear relaxation sees; pairs that clash at some starts become an order between the two
series, told once for all rooms, leaders and persons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling.solver.candidates import date_cliques

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables, Stay

    Gap = Callable[[Stay, Stay], int]


def never_together(
    variables: PlanVariables,
    stays: Sequence[Stay],
    gap: Gap,
    owners: Sequence[object] | None = None,
) -> None:
    """Forbid two of the stays at once, ``gap(first, second)`` slots kept between.

    Stays of one series exclude each other already and are not compared, nor are those
    that have the same of ``owners`` (one for each stay, ``None`` is nobody's).
    """
    always: set[tuple[int, int]] = set()
    sometimes: set[tuple[int, int]] = set()
    cliques = date_cliques({number: stay.days for number, stay in enumerate(stays)})
    for clique in cliques:
        for first, second in combinations(clique, 2):
            pair = (first, second)
            if pair in always or pair in sometimes:
                continue
            one, other = stays[first], stays[second]
            if one.series_id == other.series_id:
                continue
            if owners and owners[first] is not None and owners[first] == owners[second]:
                continue
            clash = clash_of(one, other, gap(one, other), gap(other, one))
            if clash is True:
                always.add(pair)
            elif clash is None:
                sometimes.add(pair)
    for group in cover(always, len(stays)):
        variables.model.add_at_most_one(stays[number].literal for number in group)
    _keep_apart(variables, stays, sometimes, gap)


def clash_of(first: Stay, second: Stay, one: int, other: int) -> bool | None:
    """Whether two stays on one day clash. True: at every start, None: at some.

    ``one`` slots are kept when ``first`` comes first, ``other`` when ``second`` does.
    """
    if first.series_id == second.series_id:
        return False
    first_low, first_high = first.range
    second_low, second_high = second.range
    first_can_lead = first_low + first.length + one <= second_high
    second_can_lead = second_low + second.length + other <= first_high
    if not first_can_lead and not second_can_lead:
        return True
    if first_high + first.length + one <= second_low:
        return False
    if second_high + second.length + other <= first_low:
        return False
    return None


def cover(pairs: set[tuple[int, int]], count: int) -> Iterable[list[int]]:
    """At-most-one sets that cover the pairs, found greedily."""
    left = set(pairs)
    neighbours: list[set[int]] = [set() for _ in range(count)]
    for first, second in pairs:
        neighbours[first].add(second)
        neighbours[second].add(first)
    for first, second in sorted(pairs):
        if (first, second) not in left:
            continue
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
    for first, second in sorted(pairs):
        one, other = stays[first], stays[second]
        variables.model.add_bool_or(
            one.literal.negated(),
            other.literal.negated(),
            variables.before(one, other, gap(one, other)),
            variables.before(other, one, gap(other, one)),
        )
