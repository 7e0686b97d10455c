"""Which series each waiting registration could take, and who belongs with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scheduling.adapters.persons import registration
from scheduling.adapters.resources import Vocabulary
from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import PlanningProblem, Registration, Series

if TYPE_CHECKING:
    from courses.models import Registration as RegistrationRow
    from courses.models import Series as SeriesRow
    from people.models import Resident

Pairs = tuple[tuple[str, str], ...]


class Offer:
    """The series of a problem by row and by offering.

    Single conversations of one offering are all alike, so each registration is given
    one of its own: a choice between twenty equal ones would only slow the search.
    """

    def __init__(
        self,
        words: Vocabulary,
        series: Sequence[Series],
        rows: Sequence[SeriesRow],
    ) -> None:
        known = {item.id for item in series}
        self.by_row: dict[Any, str] = {}
        self.shared: dict[int, list[str]] = defaultdict(list)
        self.private: dict[int, list[str]] = defaultdict(list)
        for row in rows:
            if (row.pk, 0) not in words.series:
                continue
            ident = words.series.of((row.pk, 0))
            if ident not in known:
                continue
            self.by_row[row.pk] = ident
            alone = row.largest == 1 and row.number_of_sessions == 1
            kept = self.private if alone else self.shared
            kept[row.offering_id].append(ident)

    def choices(self, row: RegistrationRow) -> list[tuple[str, int]]:
        """Series a registration would take, each with its best rank."""
        ranks: dict[str, int] = {}
        for offering_id, series_key, rank in _wishes(row):
            if series_key is not None:
                if series_key in self.by_row:
                    ranks.setdefault(self.by_row[series_key], rank)
                continue
            if self.private.get(offering_id):
                ranks.setdefault(self.private[offering_id].pop(), rank)
            for series_id in self.shared.get(offering_id, ()):
                ranks.setdefault(series_id, rank)
        return sorted(ranks.items(), key=lambda pair: (pair[1], pair[0]))


def registrations(
    horizon: Horizon,
    words: Vocabulary,
    waiting: Sequence[RegistrationRow],
    offer: Offer,
    resident_of: Mapping[int, Resident],
) -> tuple[Registration, ...]:
    """Waiting registrations; one whose seat a draft or an offer holds is left out."""
    return tuple(
        registration(
            horizon,
            words,
            row,
            resident_of[row.resident_id],
            offer.choices(row),
            PlanningProblem.day_parts,
        )
        for row in waiting
        if not row.seats_held
    )


def pairs_of(
    words: Vocabulary,
    rows: Iterable[Any],
    asking: Sequence[Registration],
    leaders: Iterable[Any],
) -> tuple[Pairs, Pairs]:
    """Ids to keep apart, and registrations to keep together.

    Two people who belong together stay so in what both ask for.
    """
    leads = {row.person_id: words.facilitators.of(row.pk) for row in leaders}
    by_person: dict[str, list[Registration]] = defaultdict(list)
    for item in asking:
        by_person[item.person_id].append(item)
    apart, together = [], []
    for row in rows:
        one, other = (
            words.persons.of(key) if key in words.persons else leads[key]
            for key in (row.person_a_id, row.person_b_id)
        )
        if row.kind == "apart":
            apart.append((one, other))
            continue
        together += [
            (first.id, second.id)
            for first in by_person.get(one, ())
            for second in by_person.get(other, ())
            if {choice.series_id for choice in first.choices}
            & {choice.series_id for choice in second.choices}
        ]
    return tuple(apart), tuple(together)


def series_order(rows: Sequence[SeriesRow], offer: Offer) -> Pairs:
    """Series that come one after the other."""
    return tuple(
        (offer.by_row[row.follows_id], offer.by_row[row.pk])
        for row in rows
        if row.follows_id in offer.by_row and row.pk in offer.by_row
    )


def _wishes(row: RegistrationRow) -> Iterable[tuple[int, Any, int]]:
    """Offering or series a registration asks for, with its rank."""
    for choice in row.choices.all():
        if choice.offering_id is not None:
            yield choice.offering_id, None, choice.rank
        elif choice.series_id is not None:
            yield 0, choice.series_id, choice.rank
        elif choice.session is not None:
            yield 0, choice.session.series_id, choice.rank
    if row.offering_id is not None:
        yield row.offering_id, None, 1
    if row.theme is not None:
        for offering in row.theme.offerings.all():
            yield offering.pk, None, 1
