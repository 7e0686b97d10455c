"""What the words for wishes come to, and what they do not touch."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from scheduling.models import PlanningRun, WishImportance
from scheduling.services.wishes import (
    WEIGHED,
    keep_region_importance,
    region_importance,
    weighed,
    weights_of,
)
from scheduling.solver import snapshot
from tests.factories import WishImportanceFactory
from tests.scheduling.rows import ACTOR
from tests.scheduling.services.test_choosing import Region, beside

DEFAULTS = {wish.id: wish.default_weight for wish in WEIGHED}


def test_what_is_usual_leaves_the_planner_as_it_is() -> None:
    assert weights_of({}) == {}
    assert weights_of(dict.fromkeys(DEFAULTS, "usual")) == {}


def test_one_word_sets_the_measure_of_its_own_tier_alone() -> None:
    weights = weights_of({"short-travel": "more", "room-fit": "less"})
    tiers = {wish.id: wish.tier for wish in WEIGHED}
    assert {tiers[wish] for wish in weights} == {4}
    assert len(weights) == sum(tier == 4 for tier in tiers.values())
    # Twice and half of what the others of the tier count.
    assert weights["ranked-choice"] == 2 * DEFAULTS["ranked-choice"]
    assert weights["short-travel"] == 4 * DEFAULTS["short-travel"]
    assert weights["room-fit"] == DEFAULTS["room-fit"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"seat-every-registration": "less"},
        {"no-such-wish": "more"},
        {"short-travel": "enormous"},
    ],
)
def test_who_gets_a_seat_at_all_is_not_weighed(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        weights_of(wrong)


def test_the_factors_are_a_setting_of_the_region(settings: object) -> None:
    settings.WISH_FACTORS = {"more": 10}  # type: ignore[attr-defined]
    weights = weights_of({"short-travel": "more"})
    assert weights["short-travel"] == 10 * DEFAULTS["short-travel"]


def test_the_preview_says_which_wish_pulls_hardest() -> None:
    costs = {"ranked-choice": 10, "short-travel": 30, "own-district": 1}
    rows = {row.wish: row for row in weighed(costs, {"short-travel": "more"})}
    total = sum(DEFAULTS[wish] * cost for wish, cost in costs.items())
    now = DEFAULTS["ranked-choice"] * 10 / total
    assert rows["ranked-choice"].now == pytest.approx(now)
    assert rows["short-travel"].then > rows["short-travel"].now
    assert rows["short-travel"].dominates
    assert not rows["ranked-choice"].dominates
    assert rows["room-fit"].now == 0
    # A tier that costs nothing has no shares, and nothing in it pulls.
    assert rows["prefer-light-care"].now is None
    assert not rows["prefer-light-care"].dominates


@pytest.mark.django_db
class TestRegion:
    def test_what_the_region_finds_important_is_kept_and_replaced(self) -> None:
        WishImportanceFactory(wish="room-fit", importance="less")
        keep_region_importance(
            actor=ACTOR,
            user=None,
            importance={"short-travel": "more", "own-district": "usual"},
        )
        assert region_importance() == {"short-travel": "more"}
        assert WishImportance.objects.count() == 1

    def test_a_wish_that_exists_no_more_is_not_asked(self) -> None:
        WishImportanceFactory(wish="gone-long-ago")
        assert region_importance() == {}

    def test_a_run_keeps_its_weights_so_that_it_replays(self) -> None:
        Region()
        WishImportanceFactory(wish="short-travel", importance="more")
        usual, other = beside(), beside(importance={"room-fit": "more"})
        assert usual.importance == {"short-travel": "more"}
        assert other.importance == {"room-fit": "more"}
        for run in (usual, other):
            problem = snapshot.problem_from_dict(run.problem)
            assert dict(problem.weights) == run.weights == weights_of(run.importance)
        assert PlanningRun.objects.exclude(weights={}).count() == 2
