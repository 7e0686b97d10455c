"""Which series each waiting registration could take, and who belongs with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from courses.enums import RUNNING_STATES
from scheduling.adapters.persons import INTAKE_LEVEL, levels_of, registration
from scheduling.adapters.resources import Vocabulary
from scheduling.adapters.series import is_private
from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import PlanningProblem, Registration, Series

if TYPE_CHECKING:
    from courses.models import Registration as RegistrationRow
    from courses.models import Series as SeriesRow
    from courses.selectors.elsewhere import Elsewhere
    from people.models import Resident

Pairs = tuple[tuple[str, str], ...]


class Wish(NamedTuple):
    """An offering or a series that a registration asks for, by name or by its theme."""

    rank: int
    offering_id: int | None = None
    series_key: Any = None
    by_theme: bool = False


class Offer:
    """The series of a problem by row and by offering.

    Single conversations of one offering are all alike, so each registration is given
    one of its own: a choice between twenty equal ones would only slow the search.

    ``elsewhere``: what people have at the dates to come after (and before) the horizon;
    a group that runs is no choice of who cannot be at all of its meetings. Which those
    were is told in ``not_free``: keys of series by key of the registration.
    """

    def __init__(
        self,
        words: Vocabulary,
        series: Sequence[Series],
        rows: Sequence[SeriesRow],
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self.elsewhere = elsewhere
        self.not_free: dict[str, list[str]] = {}
        self.running: dict[str, Any] = {}
        self.by_row: dict[Any, Series] = {}
        self.shared: dict[int, list[Series]] = defaultdict(list)
        self.private: dict[int, list[Series]] = defaultdict(list)
        known = {item.id: item for item in series}
        for row in rows:
            if (row.pk, 0) not in words.series:
                continue
            item = known.get(words.series.of((row.pk, 0)))
            if item is None:
                continue
            self.by_row[row.pk] = item
            if row.state in RUNNING_STATES:
                self.running[item.id] = row.pk
            if not is_private(row):
                self.shared[row.offering_id].append(item)
            elif not row.members:
                self.private[row.offering_id].append(item)

    def choices(
        self, row: RegistrationRow, levels: frozenset[int]
    ) -> list[tuple[str, int]]:
        """Series a registration would take, each with its best rank.

        A conversation of its own is only set aside for who may have that level, and
        the way in only for who asks for it by name.
        """
        ranks: dict[str, int] = {}
        served: set[int] = set()
        for wish in _wishes(row):
            if wish.series_key in self.by_row:
                ranks.setdefault(self.by_row[wish.series_key].id, wish.rank)
            if wish.offering_id is None or wish.offering_id in served:
                continue
            served.add(wish.offering_id)
            allowed = levels - {INTAKE_LEVEL} if wish.by_theme else levels
            free = self.private.get(wish.offering_id)
            if free and free[-1].level in allowed:
                ranks.setdefault(free.pop().id, wish.rank)
            for item in self.shared.get(wish.offering_id, ()):
                ranks.setdefault(item.id, wish.rank)
        for ident in [one for one in ranks if self._is_elsewhere(row, one)]:
            self.not_free.setdefault(str(row.pk), []).append(str(self.running[ident]))
            del ranks[ident]
        return sorted(ranks.items(), key=lambda pair: (pair[1], pair[0]))

    def _is_elsewhere(self, row: RegistrationRow, ident: str) -> bool:
        key = self.running.get(ident)
        if self.elsewhere is None or key is None:
            return False
        return self.elsewhere.clash(row.resident_id, key) is not None


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
            offer.choices(row, levels_of(row)),
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
        (offer.by_row[row.follows_id].id, offer.by_row[row.pk].id)
        for row in rows
        if row.follows_id in offer.by_row and row.pk in offer.by_row
    )


def _wishes(row: RegistrationRow) -> Iterable[Wish]:
    for choice in row.choices.all():
        if choice.offering_id is not None:
            yield Wish(choice.rank, offering_id=choice.offering_id)
        elif choice.series_id is not None:
            yield Wish(choice.rank, series_key=choice.series_id)
        elif choice.session is not None:
            yield Wish(choice.rank, series_key=choice.session.series_id)
    if row.offering_id is not None:
        yield Wish(1, offering_id=row.offering_id)
    if row.theme is not None:
        for offering in row.theme.offerings.all():
            yield Wish(1, offering_id=offering.pk, by_theme=True)
