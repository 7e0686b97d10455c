"""Faults of registrations, of pairs, and of the order between series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scheduling.solver.problem import Fault, PlanningProblem
from scheduling.solver.validate.facts import at_least, check_windows, unknown


def check_registrations(problem: PlanningProblem) -> Iterator[Fault]:
    for item in problem.registrations:
        where = f"registration {item.id}"
        if item.person_id not in problem.person_by_id:
            yield unknown(where, "person", item.person_id)
        for series_id, count in Counter(
            choice.series_id for choice in item.choices
        ).items():
            if series_id not in problem.series_by_id:
                yield unknown(where, "series", series_id)
            if count > 1:
                yield Fault(
                    where,
                    f"has the series {series_id} {count} times among its choices",
                    "name each series once",
                )
        for choice in item.choices:
            yield from at_least(where, 1, rank=choice.rank)
        if not 1 <= item.urgency <= 5:
            yield Fault(where, f"has urgency {item.urgency}", "give 1 to 5")
        yield from at_least(where, 0, waiting_days=item.waiting_days)
        yield from at_least(where, 1, norm_days=item.norm_days, seats=item.seats)
        for level in sorted(item.levels):
            yield from at_least(where, 0, level=level)
        yield from check_windows(where, item.preferred)


def check_pairs(problem: PlanningProblem) -> Iterator[Fault]:
    people = problem.person_by_id.keys() | problem.facilitator_by_id.keys()
    both = problem.person_by_id.keys() & problem.facilitator_by_id.keys()
    for pair in problem.keep_apart:
        where = f"keep apart {pair[0]} and {pair[1]}"
        for ident in pair:
            if ident not in people:
                yield unknown(where, "person or facilitator", ident)
            elif ident in both:
                yield Fault(
                    where,
                    f"does not say which {ident}: a person and a facilitator have it",
                    "give them different ids",
                )
        yield from _not_itself(where, pair)
    for pair in problem.keep_together:
        where = f"keep together {pair[0]} and {pair[1]}"
        for ident in pair:
            if ident not in problem.registration_by_id:
                yield unknown(where, "registration", ident)
        yield from _not_itself(where, pair)


def check_series_order(problem: PlanningProblem) -> Iterator[Fault]:
    for pair in problem.series_order:
        where = f"order of {pair[0]} before {pair[1]}"
        for ident in pair:
            if ident not in problem.series_by_id:
                yield unknown(where, "series", ident)
        yield from _not_itself(where, pair)
    ring = _ring(problem.series_order)
    if ring:
        yield Fault(
            "order of series",
            f"goes round: {' before '.join((*ring, ring[0]))}",
            "take one of these pairs out",
        )


def _not_itself(where: str, pair: tuple[str, str]) -> Iterator[Fault]:
    if pair[0] == pair[1]:
        yield Fault(where, "pairs something with itself", "name two different ids")


def _ring(pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Series that lie in a ring of the order, at least two; none when it has none.

    What has no follower that is left cannot be in a ring, and is taken out until
    everything left has one; following those must come back to where it was.
    """
    after: dict[str, set[str]] = {}
    for first, second in pairs:
        if first != second:
            after.setdefault(first, set()).add(second)
    left = set(after)
    while True:
        ends = {ident for ident in left if not after[ident] & left}
        if not ends:
            break
        left -= ends
    if not left:
        return ()
    path = [min(left)]
    while True:
        following = min(after[path[-1]] & left)
        if following in path:
            return tuple(path[path.index(following) :])
        path.append(following)
