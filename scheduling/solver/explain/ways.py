"""What it would take: the cheapest changes that give somebody a seat, each tried.

Candidates come from where a single obstacle is left; none is told before it was
applied to the problem and the part it frees was solved anew: the series, and whoever
waits for it, with the rest of the plan as it is. How many people it seats is therefore
a number that was reached; a better one may exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scheduling.solver.candidates import Candidates, Filters
from scheduling.solver.change import (
    Change,
    HalfDay,
    MoreSeats,
    OtherChoice,
    Pace,
    Repeat,
    Travel,
    apply_all,
)
from scheduling.solver.change.people import max_rank
from scheduling.solver.context import Context
from scheduling.solver.explain.alone import Alone
from scheduling.solver.explain.grid import Rules
from scheduling.solver.explain.hand import Held
from scheduling.solver.explain.obstacles import (
    MOST_FURTHER,
    further,
    half_day,
    obstacles,
)
from scheduling.solver.explain.reasons import Explainer
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Allocation, Placement, Violation
from scheduling.solver.problem import Choice, PlanningProblem, Registration, Series
from scheduling.solver.search.trial import Judge

MOST_TOLD = 3
MOST_TRIED = 8
MOST_OTHER = 2
MOST_LOOKED_AT = 40
MOST_HALVES = 2
MOST_PACE = 1


@dataclass(frozen=True)
class Way:
    """Changes that were tried together, and what they bring at least.

    ``seats`` are the registrations that get one, ``opens`` the series that are held by
    it. ``freed``: the series that were free to move; all else stayed as it is.
    """

    changes: tuple[Change, ...]
    seats: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[object, ...]:
        """Cheap before dear, then much before little."""
        said = tuple(change.said for change in self.changes)
        return self.burden, -len(self.seats), said

    @property
    def burden(self) -> int:
        """Of all its changes together."""
        return sum(change.burden for change in self.changes)


class Ways:
    """The ways to a seat beside one explained plan; each series is worked out once."""

    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        self.problem, self.plan = explainer.problem, explainer.plan
        self._of_series: dict[str, tuple[Way, ...]] = {}
        self._repeats: dict[str, Way | None] = {}
        self._open_to: dict[str, tuple[Series, ...]] | None = None
        self._last: tuple[tuple[Change, ...], Context, Judge] | None = None

    def of_series(self, series: Series) -> tuple[Way, ...]:
        """The cheapest changes by which a series that is not held can be."""
        return _cheapest(self.tried(series))

    def tried(self, series: Series) -> tuple[Way, ...]:
        """All changes that were tried on a series that is not held, and helped."""
        if series.id not in self._of_series:
            if self.explainer.beat():
                return ()
            alone = self.explainer.alone(series)
            found = []
            for change in _first(obstacles(alone), MOST_TRIED):
                if self.explainer.beat():
                    break
                way = self.try_to_hold(change, series.id)
                if way is not None:
                    found.append(way)
            self._of_series[series.id] = tuple(found)
        return self._of_series[series.id]

    def of_choice(self, item: Registration, series: Series) -> tuple[Way, ...]:
        """The cheapest changes by which a registration gets a seat in one choice."""
        if self.explainer.beat():
            return ()
        refused = {
            rule.id
            for rule in self.explainer.rules.having("fits_seat")
            if not rule.fits_seat(self.problem, item, series)
        }
        if refused - {"group-size"}:
            return ()  # who somebody is or what was decided: not for us to change
        if series.id not in self.plan.placement_of:
            return self._into_unheld(item, series)
        return _cheapest(self._into_held(item, series))

    def elsewhere(self, item: Registration) -> tuple[Way, ...]:
        """Series that are held and have a seat for somebody who did not choose them."""
        if self.explainer.beat():
            return ()
        return tuple(
            way
            for series in self._others(item)
            if (
                way := self._try_to_join(
                    [OtherChoice(item.id, series.id)], item, series
                )
            )
        )

    # Trying. -------------------------------------------------------------------------
    def try_to_hold(
        self, change: Change, series_id: str, item: Registration | None = None
    ) -> Way | None:
        """The change applied, and the series held with as many as were found to fit."""
        problem = change.apply(self.problem)
        held = self._hold(problem, series_id, item)
        if held is None:
            return None
        seats = tuple(one.registration_id for one in held.allocations)
        return Way((change,), seats, (series_id,), (series_id,))

    def _hold(
        self, problem: PlanningProblem, series_id: str, item: Registration | None
    ) -> Held | None:
        context = self.explainer.context.seen_by(problem)
        series = problem.series_by_id[series_id]
        same_pins = problem.pins == self.problem.pins
        like = self.explainer.known(series_id) if same_pins else None
        waiting = [
            one
            for one in problem.registrations_by_series[series_id]
            if one.id not in context.seated
        ]
        rules = Rules(self.explainer.rules.all)
        alone = Alone(rules, context, series, waiting, like=like)
        return alone.best(item and problem.registration_by_id[item.id])

    def _try_to_join(
        self, changes: Iterable[Change], item: Registration, series: Series
    ) -> Way | None:
        changes = tuple(changes)
        if self._last is None or self._last[0] != changes:
            # A full group has the same way for everybody who asks for it in turn.
            problem = apply_all(self.problem, changes)
            context = self.explainer.context.seen_by(problem)
            judge = Judge(problem, self.explainer.rules.all)
            self._last = changes, context, judge
        _, context, judge = self._last
        seat = Allocation(item.id, series.id)
        if judge.breaches(context, (), (seat,)):
            return None
        return Way(changes, (item.id,))

    # A series that is not held. ------------------------------------------------------
    def _into_unheld(self, item: Registration, series: Series) -> tuple[Way, ...]:
        general = [way for way in self.of_series(series) if item.id in way.seats]
        if general:
            return _cheapest(general)
        alone = self.explainer.alone(series)
        found = []
        for change in _first(obstacles(alone, item), MOST_TRIED):
            if self.explainer.beat():
                break
            way = self.try_to_hold(change, series.id, item)
            if way is not None and item.id in way.seats:
                found.append(way)
        return _cheapest(found)

    # A series that is held. ----------------------------------------------------------
    def _into_held(self, item: Registration, series: Series) -> Iterator[Way]:
        seat = Allocation(item.id, series.id)
        broken = self.explainer.judge.breaches(self.explainer.context, (), (seat,))
        changes = self._against(item, series, broken)
        if changes:
            way = self._try_to_join(changes, item, series)
            if way is not None:
                yield way
        if {one.rule for one in broken} == {"group-size"}:
            again = self._repeat(series)
            if again is not None and item.id in again.seats:
                yield again

    def _against(
        self, item: Registration, series: Series, broken: list[Violation]
    ) -> list[Change]:
        """A change for each broken rule; none when there is one without."""
        found: dict[Change, None] = {}
        for one in broken:
            changes = self._for_one(item, series, one)
            if not changes:
                return []
            found.update(dict.fromkeys(changes))
        return list(found)

    def _for_one(
        self, item: Registration, series: Series, one: Violation
    ) -> list[Change]:
        facts, person_id = dict(one.facts), item.person_id
        if one.rule == "group-size":
            return [MoreSeats(series.id, item.seats)]
        if one.rule == "resident-travel":
            over = further(facts["minutes"] - facts["limit"])
            return [Travel(person_id, over)] if over <= MOST_FURTHER else []
        if one.rule == "resident-availability":
            placement = self.plan.placement_of[series.id]
            halves = sorted(_halves(self.problem, placement, series))
            if len(halves) > MOST_HALVES:
                return []
            return [*(HalfDay(person_id, *half) for half in halves)]
        if one.rule == "resident-pace":
            week = facts.get("sessions_per_week", facts["limit"]) - facts["limit"]
            day = facts.get("sessions_per_day", facts["limit"]) - facts["limit"]
            return [Pace(person_id, week, day)] if week + day <= MOST_PACE else []
        return []

    def _repeat(self, series: Series) -> Way | None:
        """The same series once more, for those who found it full."""
        if series.id not in self._repeats:
            change = Repeat(series.id)
            fresh = change.apply(self.problem).series[-1].id
            self._repeats[series.id] = self.try_to_hold(change, fresh)
        return self._repeats[series.id]

    # Another course with room. -------------------------------------------------------
    def _others(self, item: Registration) -> list[Series]:
        """Held series open to somebody who did not choose them, likeliest first."""
        if self._open_to is None:
            self._open_to = self._all_open()
        return list(self._open_to.get(item.id, ())[:MOST_OTHER])

    def _all_open(self) -> dict[str, tuple[Series, ...]]:
        """For each who waits the series that no filter keeps them out of, as if they
        had chosen the likeliest ones; what the judges say comes after."""
        roomy = self._roomy()
        looked_at = {
            item.id: self._likeliest(item, roomy) for item in self.explainer.waiting
        }
        problem = replace(
            self.problem,
            registrations=tuple(
                _asking_also(item, looked_at.get(item.id, ()))
                for item in self.problem.registrations
            ),
        )
        context = self.explainer.context.seen_by(problem)
        filters = Filters(problem, self.explainer.rules.all)
        candidates = Candidates(filters, context, (), ())
        found = {}
        for name, series_list in looked_at.items():
            if self.explainer.beat():
                break
            item = problem.registration_by_id[name]
            found[name] = tuple(
                series for series in series_list if candidates.can_join(item, series.id)
            )
        return found

    def _roomy(self) -> dict[str, tuple[Series, str | None]]:
        """Groups that are held and have a seat left, with the place they meet at."""
        context, found = self.explainer.context, {}
        for name, placement in self.plan.placement_of.items():
            series = self.problem.series_by_id[name]
            taken = sum(item.seats for item in context.seats.get(name, ()))
            left = series.size_max - len(series.members) - taken
            if left > 0 and series.size_max > 1:
                place_id = None
                for meeting in placement.meetings[:1]:
                    if meeting.room_id is not None:
                        place_id = self.problem.room_by_id[meeting.room_id].place_id
                found[name] = (series, place_id)
        return found

    def _likeliest(
        self, item: Registration, roomy: dict[str, tuple[Series, str | None]]
    ) -> tuple[Series, ...]:
        """Some that suit by level: led by people with the same skills, then near."""
        chosen = {one.series_id for one in item.choices}
        skills = {
            need.skills
            for name in chosen
            for need in self.problem.series_by_id[name].staff
        }
        home = self.problem.person_by_id[item.person_id].home_place_id

        def far(pair: tuple[Series, str | None]) -> tuple[bool, int, str]:
            alike = any(need.skills in skills for need in pair[0].staff)
            return not alike, self.problem.travel(home, pair[1]), pair[0].id

        suited = (
            pair
            for name, pair in roomy.items()
            if name not in chosen and pair[0].level in item.levels
        )
        return tuple(series for series, _ in sorted(suited, key=far)[:MOST_LOOKED_AT])


def _asking_also(item: Registration, series: Iterable[Series]) -> Registration:
    last = max_rank(item.choices) + 1
    more = tuple(Choice(one.id, last) for one in series)
    return replace(item, choices=(*item.choices, *more)) if more else item


def _halves(
    problem: PlanningProblem, placement: Placement, series: Series
) -> set[tuple[int, int, int]]:
    """Weekday, start and end of each half-day that the meetings fall in."""
    found = set()
    for meeting in placement.meetings:
        day, quarter = divmod(meeting.slot, SLOTS_PER_DAY)
        found.add(half_day(problem, day, quarter, series.length))
    return found


def _cheapest(ways: Iterable[Way]) -> tuple[Way, ...]:
    return tuple(sorted(ways, key=lambda way: way.order)[:MOST_TOLD])


def _first(changes: Iterable[Change], most: int) -> list[Change]:
    """So many changes, each once, the cheapest first.

    Of each kind the cheapest is among them before a second of another, so that many
    people who could come at another time do not keep a room from its try.
    """
    ranked = sorted(dict.fromkeys(changes), key=lambda one: one.burden)
    kinds = {one.kind: one for one in reversed(ranked)}
    first = [one for one in ranked if one is kinds[one.kind]]
    more = [one for one in ranked if one is not kinds[one.kind]]
    return sorted([*first, *more][:most], key=lambda one: one.burden)
