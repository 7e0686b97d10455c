"""Who sits with whom, and one seat at a time."""

from __future__ import annotations

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.pairs import (
    KeepApart,
    KeepTogether,
    OneSeatPerRegistration,
)
from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Allocation, SolveStatus
from scheduling.solver.problem import Format, Person
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    NINE,
    TEN,
    check_judges_agree,
    check_necessary,
    every_plan,
    facilitator,
    model_allows,
    need,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
    with_facts,
)


class TestKeepApart:
    """p and q must be kept apart; f is q when leading."""

    rule = KeepApart()
    facts = problem(
        series=(series("a", staff=(need(),)), series("b", staff=(need(),))),
        rooms=(room("r"), room("s")),
        facilitators=(facilitator("f", person_id="q"), facilitator("g")),
        registrations=(
            registration("n", "a", "b", person_id="p"),
            registration("m", "a", "b", person_id="q"),
        ),
        keep_apart=(("p", "q"),),
    )
    a, b = facts.series

    def test_allows_them_in_two_groups(self) -> None:
        legal = plan(
            [placed(self.a, NINE, "r", "g"), placed(self.b, TEN, "r", "g")],
            [("n", "a"), ("m", "b")],
        )
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_them_in_one_group(self) -> None:
        breach = plan([placed(self.a, NINE, "r", "g")], [("n", "a"), ("m", "a")])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert found.about == (("person", "p"), ("person", "q"), ("series", "a"))

    def test_forbids_one_to_lead_the_other(self) -> None:
        breach = plan([placed(self.a, NINE, "r", "f")], [("n", "a")])
        assert not model_allows(self.facts, [self.rule], breach)
        assert list(self.rule.violations(self.facts, breach))

    def test_encoder_and_judge_agree(self) -> None:
        facts = with_facts(self.facts, rooms=(room("r"),))
        counts = check_judges_agree(facts, self.rule, (NINE,), (0, 1, 2))
        assert counts == (101, 76)
        for fixed, seated in (({"a"}, {"n"}), ({"a", "b"}, {"m"}), ({"a", "b"}, ())):
            check_agree_beside(facts, self.rule, fixed, seated, (NINE,), (0, 1))

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, self.rule, CONSTRAINTS, leader_counts=(1,))

    def test_judges_the_series_asked_for(self) -> None:
        plans = every_plan(self.facts, (NINE,), (1,))
        check_touching(self.facts, self.rule, plans)

    def test_members_and_leaders_count(self) -> None:
        """A member with a seat, with a leader, two leaders: by either of f's ids."""
        for pair in (("p", "f"), ("q", "p"), ("g", "p"), ("f", "g"), ("p", "p")):
            facts = with_facts(
                self.facts,
                series=(series("a", members=("p",)),),
                rooms=(room("r"),),
                registrations=(registration("m", "a", person_id="q"),),
                keep_apart=(pair,),
            )
            for one in every_plan(facts, (NINE,)):
                allowed = model_allows(facts, [self.rule], one)
                judged = not list(self.rule.violations(facts, one))
                assert allowed == judged, (pair, one)
            breaches = sum(
                any(True for _ in self.rule.violations(facts, one))
                for one in every_plan(facts, (NINE,))
            )
            assert bool(breaches) == (pair != ("p", "p"))

    def test_in_a_self_paced_series_only_the_coach_is_met(self) -> None:
        facts = with_facts(
            self.facts,
            series=tuple(
                series(name, format=Format.SELF_PACED, length=0, date_patterns=())
                for name in "ab"
            ),
        )
        legal = plan([placed(facts.series[0], 0, None, "g")], [("n", "a"), ("m", "a")])
        assert model_allows(facts, [self.rule], legal)
        counts = check_judges_agree(facts, self.rule, (), (0, 1))
        assert counts == (84, 22)
        assert check_agree_beside(facts, self.rule, {"a"}, {"m"}, (), (0, 1))


class TestKeepTogether:
    rule = KeepTogether()
    facts = problem(
        series=(series("a"), series("b"), series("c")),
        rooms=(room("r"), room("s", "y"), room("t")),
        registrations=(registration("n", "a", "b"), registration("m", "b", "c")),
        keep_together=(("n", "m"),),
    )
    a, b, c = facts.series

    def test_allows_both_or_neither(self) -> None:
        held = [placed(self.a, NINE, "r"), placed(self.b, NINE, "s")]
        for seats in ((), (("n", "b"), ("m", "b"))):
            assert model_allows(self.facts, [self.rule], plan(held, seats))

    def test_forbids_one_without_the_other(self) -> None:
        held = [placed(self.a, NINE, "r"), placed(self.b, NINE, "s")]
        for seats in (("n", "a"), ("n", "b"), ("m", "b")):
            breach = plan(held, (seats,))
            assert not model_allows(self.facts, [self.rule], breach)
            (found,) = self.rule.violations(self.facts, breach)
            assert found.about == (
                ("registration", "n"),
                ("registration", "m"),
                ("series", seats[1]),
            )

    def test_encoder_and_judge_agree(self) -> None:
        facts = with_facts(self.facts, rooms=(room("r"),))
        assert check_judges_agree(facts, self.rule, (NINE,)) == (12, 22)
        for fixed, seated in (
            ({"b"}, {"n"}),
            ({"b"}, {"m"}),
            ({"a", "b", "c"}, {"n"}),
            ({"a", "b", "c"}, ()),
        ):
            check_agree_beside(facts, self.rule, fixed, seated, (NINE,))

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, self.rule, CONSTRAINTS, (NINE,))

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_who_is_not_free_and_has_no_seat_keeps_the_other_out(self) -> None:
        model = PlanningModel(
            self.facts,
            [self.rule],
            series_ids={"b"},
            registration_ids={"n"},
            context=Context(self.facts, [placed(self.a, NINE, "r")]),
        )
        seated = plan([placed(self.b, NINE, "s")], [("n", "b")])
        model.fix(seated)
        assert model.solve(seconds=10).status is SolveStatus.INFEASIBLE

    def test_a_seat_beside_a_fixed_partner_must_be_there(self) -> None:
        """Nobody can follow n into a, so no plan mends what is fixed."""
        context = Context(
            self.facts, [placed(self.a, NINE, "r")], [Allocation("n", "a")]
        )
        model = PlanningModel(self.facts, [self.rule], context=context)
        assert model.solve(seconds=10).status is SolveStatus.INFEASIBLE


class TestOneSeatPerRegistration:
    """n and m are one person's; p is a member of b already."""

    rule = OneSeatPerRegistration()
    facts = problem(
        series=(series("a"), series("b", members=("p",))),
        rooms=(room("r"),),
        persons=(Person("p"),),
        registrations=(
            registration("n", "a", "b", person_id="p"),
            registration("m", "a", person_id="p"),
        ),
    )
    a, b = facts.series

    def test_allows_one_seat(self) -> None:
        legal = plan([placed(self.a, NINE, "r")], [("n", "a")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_two_seats_of_one_person_in_one_series(self) -> None:
        breach = plan([placed(self.a, NINE, "r")], [("n", "a"), ("m", "a")])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert found.facts == (("places", 2),)

    def test_has_no_seat_for_a_member(self) -> None:
        breach = plan([placed(self.b, NINE, "r")], [("n", "b")])
        assert not model_allows(self.facts, [self.rule], breach)
        seats = PlanningModel(self.facts, [self.rule]).variables.seats_of("n")
        assert {seat.series_id for seat in seats} == {"a"}
        assert list(self.rule.violations(self.facts, breach))

    def test_forbids_two_seats_for_one_registration(self) -> None:
        facts = with_facts(
            self.facts,
            series=(self.a, series("b")),
            rooms=(room("r"), room("s")),
        )
        held = [placed(self.a, NINE, "r"), placed(self.b, TEN, "s")]
        breach = plan(held, [("n", "a"), ("n", "b")])
        assert not model_allows(facts, [self.rule], breach)
        found = list(self.rule.violations(facts, breach))
        assert [item.facts for item in found] == [(("seats", 2),)] * 2
        check_touching(facts, self.rule, [breach])
        same = plan(held, [("n", "a"), ("n", "a")])
        assert list(self.rule.violations(facts, same))

    def test_a_seat_in_a_series_that_is_not_held_is_none(self) -> None:
        breach = plan([], [("n", "a")])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert found.facts == (("not_held", 1),)

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, self.rule, (NINE,)) == (8, 5)
        for seated in ((), {"n"}, {"m"}):
            check_agree_beside(self.facts, self.rule, {"a"}, seated, (NINE,))

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, self.rule, CONSTRAINTS, (NINE,))

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))
