"""Whatever the generator is asked for: a plan of it breaks no rule and claims nothing
untrue."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.solver.generate import Mode, Regime, generate
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.verify import judge


@pytest.mark.parametrize("mode", Mode)
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    regime=st.sampled_from(Regime),
    seed=st.integers(0, 10**6),
    scale=st.sampled_from((0.1, 0.15, 0.2)),
    steps=st.integers(0, 2),
)
def test_a_plan_of_any_generated_problem_is_fair(
    mode: Mode, regime: Regime, seed: int, scale: float, steps: int
) -> None:
    facts = generate(scale, seed, mode, regime)
    found = solve(facts, SolveSettings(seconds=60, steps=steps, strict=True))
    judgement = judge(facts, found)
    assert judgement.violations == ()
    assert judgement.disputed == ()
    assert found.placements
    for tier in found.tiers:
        assert tier.bound is None or tier.bound >= tier.value
    named = [item.registration_id for item in (*found.allocations, *found.unplaced)]
    assert sorted(named) == sorted(item.id for item in facts.registrations)
