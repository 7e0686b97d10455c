"""Who leads together: counts, roles, skills, organisations, growth."""

from __future__ import annotations

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.staffing import StaffingMix
from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Meeting, Placement, SolveStatus
from scheduling.solver.problem import Format
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
)

ONLINE = Format.ONLINE
rule = StaffingMix()


class TestRoles:
    """One guide, and one who is a host or an expert; f could be either."""

    facts = problem(
        series=(
            series(
                "a", format=ONLINE, staff=(need(1, "guide"), need(1, "host", "expert"))
            ),
        ),
        facilitators=(
            facilitator("f", "guide", "host"),
            facilitator("g", "guide"),
            facilitator("h", "expert"),
            facilitator("i", "other"),
        ),
    )
    (one,) = facts.series

    def test_allows_one_leader_in_each_role(self) -> None:
        for team in (("f", "g"), ("g", "h"), ("f", "h")):
            legal = plan([placed(self.one, NINE, None, *team)])
            assert model_allows(self.facts, [rule], legal)

    def test_forbids_too_few_too_many_and_the_wrong_ones(self) -> None:
        for team in (("f",), ("f", "g", "h"), ("g", "i"), ("f", "i"), ()):
            breach = plan([placed(self.one, NINE, None, *team)])
            assert not model_allows(self.facts, [rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(
            self.facts, rule, (NINE,), leader_counts=(0, 1, 2, 3, 4)
        )
        assert counts == (1 + 3, 16 - 3)

    def test_nobody_leads_what_asks_for_nobody(self) -> None:
        facts = problem(
            series=(series("a", format=ONLINE), series("b", staff=(need(0),))),
            rooms=(room("r"),),
            facilitators=(facilitator("f"),),
        )
        assert check_judges_agree(facts, rule, (NINE,)) == (4, 5)

    def test_each_of_alike_needs_is_filled_and_skills_count(self) -> None:
        skilled = frozenset({"k"})
        facts = problem(
            series=(
                series("a", format=ONLINE, staff=(need(2), need(1, skills=skilled))),
            ),
            facilitators=(
                facilitator("f", skills=skilled),
                facilitator("g", skills=skilled),
                facilitator("h"),
                facilitator("i"),
            ),
        )
        counts = check_judges_agree(facts, rule, (NINE, TEN), leader_counts=(2, 3))
        # Three of the four, whichever: f or g is always among them.
        assert counts == (1 + 2 * 4, 2 * 6)

    def test_coaches_too(self) -> None:
        facts = problem(
            series=(series("a", format=Format.SELF_PACED, staff=(need(),)),),
            facilitators=(facilitator("f"), facilitator("g"), facilitator("h", "no")),
        )
        assert check_judges_agree(facts, rule) == (3, 5)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, (NINE,)))

    def test_is_necessary(self) -> None:
        found = check_necessary(self.facts, rule, CONSTRAINTS, (NINE,), (1, 2))
        assert found.placements


class TestGrowth:
    """A second leader from three seats; there is one member."""

    facts = problem(
        series=(
            series(
                "a",
                members=("m",),
                staff=(need(), need(1, "guide", "host", from_seats=3)),
            ),
        ),
        registrations=(registration("r", "a"), registration("s", "a", seats=2)),
        facilitators=(facilitator("f"), facilitator("h", "host")),
        rooms=(room("r", "x"), room("s", "y")),
    )
    (one,) = facts.series

    def test_allows_a_second_leader_for_a_larger_group(self) -> None:
        alone = plan([placed(self.one, NINE, "r", "f")], [("r", "a")])
        both = plan([placed(self.one, NINE, "r", "f", "h")], [("s", "a")])
        assert model_allows(self.facts, [rule], alone)
        assert model_allows(self.facts, [rule], both)

    def test_forbids_it_for_a_smaller_one_and_asks_it_for_a_larger(self) -> None:
        both = plan([placed(self.one, NINE, "r", "f", "h")], [("r", "a")])
        alone = plan([placed(self.one, NINE, "r", "f")], [("s", "a")])
        assert not model_allows(self.facts, [rule], both)
        assert not model_allows(self.facts, [rule], alone)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, rule, (NINE,))
        # In either room: f alone with 1 or 2 seats, both with 3 or 4.
        assert counts == (1 + 2 * 4, 2 * (16 - 4))

    def test_agrees_where_somebody_joins_what_is_fixed(self) -> None:
        # Without anybody joining, h alone or nobody at all stays as it was fixed.
        counts = check_agree_beside(self.facts, rule, {"a"}, quarters=(NINE,))
        assert counts == (1 + 2 * 4, 2 * (16 - 4 - 2))
        seated = check_agree_beside(self.facts, rule, {"a"}, {"r"}, quarters=(NINE,))
        assert min(seated) > 0

    def test_nobody_joins_a_team_that_suits_no_size(self) -> None:
        fixed = placed(self.one, NINE, "r", "h")
        for seats, status in (
            ([], SolveStatus.OPTIMAL),
            ([("r", "a")], SolveStatus.INFEASIBLE),
        ):
            model = PlanningModel(
                self.facts, [rule], context=Context(self.facts, [fixed])
            )
            model.fix(plan([fixed], seats))
            assert model.solve(seconds=5).status is status

    def test_leaders_of_one_role_do_not_make_up_for_another(self) -> None:
        facts = problem(
            series=(
                series(
                    "a",
                    format=ONLINE,
                    members=("m",),
                    staff=(need(), need(1, "expert", from_seats=2)),
                ),
            ),
            registrations=(registration("r", "a"),),
            facilitators=(
                facilitator("f"),
                facilitator("g"),
                facilitator("h", "expert"),
            ),
        )
        counts = check_agree_beside(facts, rule, {"a"}, (), (NINE,), (1, 2))
        # Not held, f or g for the member alone, h beside either of them for two.
        assert counts == (1 + 2 + 2, 3 + 2 + 1)

    def test_seats_can_be_needed_to_keep_a_team(self) -> None:
        """A part that frees seats alone may not leave two leaders with one seat."""
        fixed = placed(self.one, NINE, "r", "f", "h")
        model = PlanningModel(self.facts, [rule], context=Context(self.facts, [fixed]))
        answer = model.solve(seconds=5)
        assert {item.registration_id for item in answer.allocations} >= {"s"}


class TestOrganisations:
    facts = problem(
        series=(
            series("a", format=ONLINE, different_organisations=True, staff=(need(2),)),
        ),
        facilitators=(
            facilitator("f", organisation_id="one"),
            facilitator("g", organisation_id="one"),
            facilitator("h", organisation_id="two"),
        ),
    )
    (one,) = facts.series

    def test_allows_leaders_of_two_organisations(self) -> None:
        legal = plan([placed(self.one, NINE, None, "f", "h")])
        assert model_allows(self.facts, [rule], legal)

    def test_forbids_two_of_one(self) -> None:
        breach = plan([placed(self.one, NINE, None, "f", "g")])
        assert not model_allows(self.facts, [rule], breach)
        (found,) = rule.violations(self.facts, breach)
        assert found.facts == (("of_one_organisation", 2),)

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, rule, (NINE, TEN)) == (1 + 2 * 2, 2 * 5)


def test_the_judge_reads_plans_that_no_model_makes() -> None:
    """Other leaders each time, and a coach beside them: only the judge sees these."""
    facts = problem(
        series=(
            series("a", format=ONLINE, different_organisations=True, staff=(need(),)),
        ),
        facilitators=(facilitator("f"), facilitator("g"), facilitator("h", "no")),
    )
    names = [("f",), ("g",), ("h",), ("f", "f")]
    meetings = tuple(
        Meeting(NINE + 700 * number, None, team) for number, team in enumerate(names)
    )
    found = list(rule.violations(facts, plan([Placement("a", meetings)])))
    assert [item.slot for item in found] == [NINE + 1400, None]
    coached = plan([Placement("a", meetings[:1], ("g",))])
    assert [dict(item.facts).get("leaders") for item in rule.violations(facts, coached)]
