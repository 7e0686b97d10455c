"""Every reason is a reason, and no rule in it is superfluous: tried on every plan."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cache

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.explain import GIVEN_RULES, explain
from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    Availability,
    Span,
    WeeklyWindow,
)
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import (
    Allocation,
    Plan,
    Reason,
    SolveStatus,
    Unplaced,
    Verified,
)
from scheduling.solver.problem import InvalidProblem, Person, PlanningProblem
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.validate import faults
from tests.builders import (
    NINE,
    TEN,
    every_plan,
    facilitator,
    need,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)
from tests.strategies import quarters_of, seeded_problem
from tests.undecided import UNKNOWN, foes, knows_the_whole_alone

RULES = {rule.id: rule for rule in CONSTRAINTS}


def reasons_of(facts: PlanningProblem, one: Plan) -> dict[str, Unplaced]:
    return {item.registration_id: item for item in explain(facts, one).unplaced}


class TestHeldSeries:
    held = series("a", size_max=1)
    facts = problem(
        series=(held,),
        rooms=(room("r"),),
        registrations=(registration("n", "a"), registration("m", "a")),
    )
    full = plan([placed(held, NINE, "r")], [("m", "a")])

    def test_a_full_group_is_named(self) -> None:
        assert reasons_of(self.facts, self.full)["n"].reasons == (
            Reason("a", ("group-size",), Verified.PLAN_FIXED),
        )

    def test_what_lasts_is_named_before_a_full_group(self) -> None:
        busy = Person("p-n", Availability(weekly=(WeeklyWindow(0, TEN, 48),)))
        facts = replace(
            self.facts,
            persons=(busy, *(p for p in self.facts.persons if p.id != "p-n")),
        )
        assert reasons_of(facts, self.full)["n"].reasons[0].rules == (
            "resident-availability",
        )

    def test_a_free_seat_is_a_reason_without_rules(self) -> None:
        free = plan([placed(self.held, NINE, "r")])
        assert reasons_of(self.facts, free)["n"].reasons == (
            Reason("a", (), Verified.PLAN_FIXED),
        )


class TestSeriesThatIsNotHeld:
    def test_the_facts_come_before_everything(self) -> None:
        facts = problem(
            series=(series("a", level=3),),
            rooms=(room("r"),),
            registrations=(registration("n", "a"),),
        )
        assert reasons_of(facts, plan())["n"].reasons == (
            Reason("a", ("resident-suitability",), Verified.BY_FACTS),
        )

    def test_nobody_who_can_lead_it_then(self) -> None:
        away = facilitator("f", availability=Availability())
        facts = problem(
            series=(series("a", staff=(need(),)),),
            rooms=(room("r"),),
            facilitators=(away,),
            registrations=(registration("n", "a"),),
        )
        reason = reasons_of(facts, plan())["n"].reasons[0]
        assert set(reason.rules) == {"facilitator-availability", "staffing-mix"}
        assert reason.verified is Verified.PART_FREED
        assert reason.freed_series == ("a",)

    def test_too_few_people_for_the_smallest_group(self) -> None:
        facts = problem(
            series=(series("a", size_min=2),),
            rooms=(room("r"),),
            registrations=(registration("n", "a"),),
        )
        assert reasons_of(facts, plan())["n"].reasons[0].rules == ("group-size",)

    def test_a_series_that_could_be_held_is_a_reason_without_rules(self) -> None:
        facts = problem(
            series=(series("a"),),
            rooms=(room("r"),),
            registrations=(registration("n", "a"),),
        )
        assert reasons_of(facts, plan())["n"].reasons[0].rules == ()


class TestTime:
    """What neither counting nor the judges can say is asked of the engine, which gets a
    few seconds for each question and may not know by then."""

    facts = foes()

    def test_who_must_all_be_kept_apart_cannot_be_a_group(self) -> None:
        reason = reasons_of(self.facts, plan())["n"].reasons[0]
        assert reason.rules == ("keep-apart", "group-size")
        assert reason.for_all
        assert reason.irreducible

    def test_nothing_known_in_time_is_told_as_such(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(PlanningModel, "solve", lambda *_, **__: UNKNOWN)
        assert reasons_of(self.facts, plan())["n"].reasons == (
            Reason("a", (), Verified.UNDECIDED, ("a",)),
        )
        assert explain(self.facts, plan()).unheld == (
            Reason("a", (), Verified.UNDECIDED, ("a",), for_all=True),
        )

    def test_a_rule_not_known_to_be_superfluous_stays(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        knows_the_whole_alone(monkeypatch)
        reason = reasons_of(self.facts, plan())["n"].reasons[0]
        assert reason.verified is Verified.PART_FREED
        # Without either of these two a group is found by hand, so they are needed; the
        # others were asked of an engine that did not know.
        assert set(reason.rules) == RULES.keys() - GIVEN_RULES
        assert not reason.irreducible
        (unheld,) = explain(self.facts, plan()).unheld
        assert not unheld.irreducible


class TestUnheld:
    """Each series that is not held has its own reason, whoever waits for it."""

    def test_nobody_asked_for_it(self) -> None:
        facts = problem(series=(series("a", size_min=1),), rooms=(room("r"),))
        assert explain(facts, plan()).unheld == (
            Reason("a", ("group-size",), Verified.PART_FREED, ("a",), for_all=True),
        )

    def test_a_series_that_could_be_held_is_a_reason_without_rules(self) -> None:
        facts = problem(series=(series("a"),), rooms=(room("r"),))
        assert explain(facts, plan()).unheld[0].rules == ()

    def test_a_running_group_whose_room_is_gone(self) -> None:
        held = series("a", members=("p-n",), meetings_held=3)
        booked = room("r", booked=(Span(0, 14 * SLOTS_PER_DAY),))
        reason = explain(problem(series=(held,), rooms=(booked,)), plan()).unheld[0]
        assert reason.rules == ("room-booking",)

    def test_held_series_have_no_such_reason(self) -> None:
        held = series("a")
        facts = problem(series=(held,), rooms=(room("r"),))
        assert explain(facts, plan([placed(held, NINE, "r")])).unheld == ()


def test_who_asked_for_nothing_has_no_reasons() -> None:
    facts = problem(registrations=(registration("n"),))
    assert reasons_of(facts, plan())["n"] == Unplaced("n")


def test_only_those_asked_for_are_explained() -> None:
    facts = problem(
        series=(series("a", level=3),),
        registrations=(registration("n", "a"), registration("m", "a")),
    )
    found = explain(facts, plan(), registration_ids=["m"]).unplaced
    assert [bool(item.reasons) for item in found] == [False, True]


def freed_plans(facts: PlanningProblem, one: Plan, series_id: str) -> Iterator[Plan]:
    """Every plan with one series and those who wait free, all else as it was."""
    seated = {item.registration_id for item in one.allocations}
    for tried in every_plan(facts, quarters_of(facts), (0, 1, 2)):
        if series_id not in tried.placement_of:
            continue
        others = tuple(p for p in tried.placements if p.series_id != series_id)
        if set(others) != set(one.placements):
            continue
        if {s for s in tried.allocations if s.registration_id in seated} == set(
            one.allocations
        ):
            yield tried


def holds(facts: PlanningProblem, tried: Plan, rule_ids: AbstractSet[str]) -> bool:
    return not any(
        True
        for rule_id in rule_ids | GIVEN_RULES
        for _ in RULES[rule_id].violations(facts, tried)
    )


SEEDS = (*range(60), 64)
"""In the last one somebody's partner does not fit beside a group that fits without."""


@cache
def explained(seed: int) -> tuple[PlanningProblem, Plan] | None:
    """A random problem and its best plan, explained; ``None``: it has no plan."""
    facts = seeded_problem(seed)
    if faults(facts):
        return None
    try:
        one = solve(facts, SolveSettings(seconds=5, workers=1))
    except InvalidProblem:
        return None
    if one.status is not SolveStatus.OPTIMAL:
        return None
    return facts, explain(facts, one)


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if explained(seed)])
def test_every_reason_blocks_and_none_of_its_rules_is_superfluous(seed: int) -> None:
    found = explained(seed)
    assert found is not None
    facts, one = found
    for item in one.unplaced:
        for reason in item.reasons:
            assert reason.rules, "the best plan leaves no seat that could be taken"
            assert reason.irreducible
            if reason.verified is not Verified.PART_FREED:
                continue
            rules = frozenset(reason.rules)
            seat = Allocation(item.registration_id, reason.series_id)
            tries = [
                tried
                for tried in freed_plans(facts, one, reason.series_id)
                if seat in tried.allocations
            ]
            assert not any(holds(facts, tried, rules) for tried in tries)
            for rule in rules:
                assert any(holds(facts, tried, rules - {rule}) for tried in tries)


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if explained(seed)])
def test_every_series_not_held_has_an_irreducible_reason(seed: int) -> None:
    found = explained(seed)
    assert found is not None
    facts, one = found
    held = {item.series_id for item in one.placements}
    assert {item.series_id for item in one.unheld} == {
        item.id for item in facts.series if item.id not in held
    }
    for reason in one.unheld:
        assert reason.for_all
        assert reason.irreducible
        rules = frozenset(reason.rules)
        tries = list(freed_plans(facts, one, reason.series_id))
        blocking = rules or RULES.keys()
        assert any(holds(facts, tried, blocking) for tried in tries) is not bool(rules)
        for rule in rules:
            assert any(holds(facts, tried, rules - {rule}) for tried in tries)


def test_the_random_problems_have_reasons_of_every_sort() -> None:
    """The test above would prove nothing if its problems seated everybody."""
    sorts = {
        reason.verified
        for seed in SEEDS
        for found in [explained(seed)]
        if found is not None
        for item in found[1].unplaced
        for reason in item.reasons
    }
    assert sorts == set(Verified) - {Verified.UNDECIDED}
