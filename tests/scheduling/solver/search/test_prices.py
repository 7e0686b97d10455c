"""The bound is a bound: never below the best plan, whatever the prices."""

from __future__ import annotations

import numpy as np
import pytest

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.generate import generate
from scheduling.solver.horizon import Availability, WeeklyWindow
from scheduling.solver.objectives import OBJECTIVES, tier_one_value
from scheduling.solver.problem import (
    DatePattern,
    Format,
    LoadLimits,
    Person,
    PlanningProblem,
    Published,
)
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.incumbent import Incumbent
from scheduling.solver.search.prices import Prices, Relaxation
from scheduling.solver.search.table import TableMaker
from scheduling.solver.search.worth import Worth
from scheduling.solver.verify import violations
from tests.builders import (
    NINE,
    TEN,
    every_plan,
    facilitator,
    need,
    placed,
    problem,
    registration,
    room,
    series,
    with_facts,
)

RULES = frozenset(rule.id for rule in CONSTRAINTS)
MORNING = Availability(weekly=(WeeklyWindow(0, NINE, TEN + 4),))
ONE_HOUR = Availability(weekly=(WeeklyWindow(0, NINE, TEN),))


def relaxation_of(facts: PlanningProblem) -> tuple[Relaxation, float]:
    """The relaxation, and the first-tier value of what is fixed."""
    context = fixed_context(facts)
    table = TableMaker(
        Filters(facts, CONSTRAINTS), context, Worth(facts, OBJECTIVES), RULES
    ).make()
    fixed = Incumbent.of_context(context).plan(facts)
    return Relaxation(table), float(tier_one_value(facts, fixed))


def best_value(facts: PlanningProblem) -> int:
    """The first tier's best value over every plan that breaks nothing."""
    return max(
        tier_one_value(facts, one)
        for one in every_plan(facts)
        if not violations(facts, one)
    )


def one_leader() -> PlanningProblem:
    """Two series, one leader with one hour: only one can be held."""
    return problem(
        series=(
            series("a", staff=(need(),), size_min=1),
            series("b", staff=(need(),), size_min=1),
        ),
        rooms=(room("r"), room("s")),
        facilitators=(facilitator("lead", availability=ONE_HOUR),),
        registrations=(
            registration("one", "a", urgency=5),
            registration("two", "b", urgency=1),
        ),
    )


def one_seat() -> PlanningProblem:
    """Three people for one seat; two of them may also start late elsewhere."""
    return problem(
        series=(
            series("a", size_max=1),
            series(
                "b",
                size_min=2,
                size_max=2,
                date_patterns=(DatePattern((7,)),),
                held_weight=7,
            ),
        ),
        rooms=(room("r"),),
        registrations=(
            registration("one", "a", "b", target_day=3, urgency=4),
            registration("two", "a", "b", target_day=3, seats=1),
            registration("three", "a", waiting_days=60),
        ),
    )


def one_person_twice() -> PlanningProblem:
    """A person who asked for two series that are held at one hour."""
    return problem(
        series=(series("a"), series("b", format=Format.ONLINE)),
        rooms=(room("r"),),
        persons=(Person("p", availability=ONE_HOUR),),
        registrations=(
            registration("one", "a", person_id="p"),
            registration("two", "b", person_id="p"),
        ),
    )


def tired_leader() -> PlanningProblem:
    """A leader who may do one hour a week, and somebody for two seats."""
    return problem(
        series=(
            series("a", staff=(need(),), size_max=2),
            series("b", staff=(need(),), size_max=3),
        ),
        rooms=(room("r"), room("s")),
        facilitators=(
            facilitator(
                "lead", availability=MORNING, load=LoadLimits(minutes_per_week=60)
            ),
        ),
        registrations=(
            registration("one", "a", "b", seats=2),
            registration("two", "a", "b"),
            registration("three", "b"),
        ),
    )


def joining() -> PlanningProblem:
    """A published series with one seat left, that two people want."""
    held = series("a", size_max=3, members=("m",))
    return problem(
        series=(held, series("b", size_min=2)),
        rooms=(room("r"), room("s")),
        registrations=(
            registration("in", "a"),
            registration("one", "a", urgency=5),
            registration("two", "a", "b"),
            registration("three", "b"),
        ),
        published=Published((placed(held, NINE, "r"),), ()),
    )


def from_home() -> PlanningProblem:
    """A hybrid series in a room with one chair; two of three join from home."""
    at_home = frozenset({Format.ONLINE})
    return problem(
        series=(series("a", format=Format.HYBRID),),
        rooms=(room("r", capacity=1),),
        persons=(Person("p-two", formats=at_home), Person("p-three", formats=at_home)),
        registrations=(
            registration("one", "a"),
            registration("two", "a"),
            registration("three", "a"),
        ),
    )


def pair() -> PlanningProblem:
    """Three seats; two people go together, and one of the others is kept apart."""
    return with_facts(
        problem(
            series=(series("a", size_max=2), series("b", size_max=2)),
            rooms=(room("r"), room("s")),
            registrations=(
                registration("one", "a", "b", urgency=5),
                registration("two", "a", "b"),
                registration("three", "a", urgency=4),
                registration("four", "a", urgency=3),
            ),
        ),
        keep_together=(("one", "two"),),
        keep_apart=(("p-three", "p-four"),),
    )


def one_lift() -> PlanningProblem:
    """A small room with a lift and a large one without."""
    return problem(
        series=(series("a", size_max=3),),
        rooms=(
            room("r", capacity=1, features=frozenset({"lift"})),
            room("s", capacity=3),
        ),
        persons=(Person("p-one", needs=frozenset({"lift"})),),
        registrations=(
            registration("one", "a", urgency=5),
            registration("two", "a"),
            registration("three", "a"),
        ),
    )


TINY = (
    one_leader,
    one_seat,
    one_person_twice,
    tired_leader,
    joining,
    from_home,
    pair,
    one_lift,
)


@pytest.mark.parametrize("make", TINY, ids=lambda make: make.__name__)
class TestTinyBounds:
    def test_never_below_the_best_plan(self, make) -> None:
        facts = make()
        relaxation, fixed = relaxation_of(facts)
        best = best_value(facts)
        dice = np.random.default_rng(3)
        for _ in range(40):
            prices = Prices(
                dice.uniform(0, 300, len(relaxation.table.registrations)),
                dice.uniform(0, 300, len(relaxation.limits)),
            )
            assert relaxation.look(prices).bound + fixed >= best - 1e-6

    def test_walking_the_prices_reaches_the_best_plan_or_stays_above(
        self, make
    ) -> None:
        facts = make()
        relaxation, fixed = relaxation_of(facts)
        best = best_value(facts)
        found = relaxation.walk(400).bound + fixed
        assert (
            best - 1e-6
            <= found
            <= relaxation.look(relaxation.nothing()).bound + (fixed + 1e-6)
        )


class TestTightBounds:
    def test_one_leader_for_two_series_is_priced(self) -> None:
        facts = one_leader()
        relaxation, fixed = relaxation_of(facts)
        assert relaxation.walk(600).bound + fixed == pytest.approx(
            best_value(facts), rel=0.01
        )

    def test_people_for_one_seat_are_priced(self) -> None:
        facts = joining()
        relaxation, fixed = relaxation_of(facts)
        assert relaxation.walk(600).bound + fixed == pytest.approx(
            best_value(facts), rel=0.01
        )

    @pytest.mark.parametrize("make", [pair, one_lift])
    def test_what_people_need_and_whom_they_come_with_is_priced(self, make) -> None:
        facts = make()
        relaxation, fixed = relaxation_of(facts)
        assert relaxation.walk(600).bound + fixed == pytest.approx(
            best_value(facts), rel=0.01
        )

    def test_the_value_of_what_is_fixed_is_part_of_it(self) -> None:
        facts = with_facts(joining(), registrations=())
        relaxation, fixed = relaxation_of(facts)
        assert relaxation.walk(10).bound + fixed == tier_one_value(
            facts, Incumbent.of_context(fixed_context(facts)).plan(facts)
        )


@pytest.mark.parametrize("mode", ["term", "week"])
def test_steps_of_a_walk_only_lower_the_bound(mode: str) -> None:
    relaxation, _ = relaxation_of(generate(scale=1, seed=3, mode=mode))
    told: list[float] = []
    start = relaxation.look(relaxation.nothing()).bound
    found = relaxation.walk(40, tell=told.append)
    assert told
    assert told == sorted(told, reverse=True)
    assert found.bound == told[-1] < start
    assert relaxation.look(found).bound == pytest.approx(found.bound)
