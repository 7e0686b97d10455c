"""The page says what the rows say, and a promise is kept only where it was measured."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import page
from benchmarks.chart import bars, chart
from benchmarks.promises import Row, matches, verdicts
from benchmarks.rows import COLUMNS, append, rows_of

ROOT = Path(__file__).resolve().parents[2]


def row(**values: object) -> Row:
    base = dict.fromkeys(COLUMNS, "")
    base |= {
        "code": "abc",
        "solver": "gem",
        "mode": "term",
        "regime": "base",
        "scale": "1",
        "seed": "1",
        "seconds_allowed": "60",
        "workers": "2",
        "outcome": "planned",
        "tier1_value": "990",
        "tier1_bound": "1000",
        "tier1_gap": "0.01",
        "first_plan_seconds": "0.9",
        "seconds": "60",
        "move_p95_ms": "10",
        "peak_mb": "300",
        "series": "60",
        "held": "60",
        "best_seconds": "20",
        "tier2_value": "1",
        "tier3_value": "2",
        "tier4_value": "3",
    }
    return {**base, **{name: str(value) for name, value in values.items()}}


def said(rows: list[Row], start: str) -> tuple[bool | None, bool | None]:
    (found,) = (one for one in verdicts(rows) if one.what.startswith(start))
    return found.kept, found.aim_kept


def test_the_committed_page_and_chart_are_those_of_the_newest_file() -> None:
    assert page.main(["--check"]) == 0


def test_nothing_is_kept_that_was_not_measured() -> None:
    assert all(one.kept is None and one.aim_kept is None for one in verdicts([]))
    short = row(seconds_allowed=10)
    assert said([short], "proven gap, term of one region") == (None, None)
    assert said([row(scale=3)], "proven gap, term of 3 regions") == (None, None)


@pytest.mark.parametrize(
    ("gaps", "kept"),
    [
        ((0.004, 0.005), (True, True)),
        ((0.01, 0.03), (False, False)),
        ((0.001, 0.01, 0.03), (True, False)),
        ((0.001, 0.001, 0.031), (False, False)),
    ],
)
def test_every_seed_and_the_median_count(
    gaps: tuple[float, ...], kept: tuple[bool, bool]
) -> None:
    rows = [row(seed=seed, tier1_gap=gap) for seed, gap in enumerate(gaps)]
    assert said(rows, "proven gap, term of one region") == kept


def test_a_failed_run_breaks_a_promise() -> None:
    rows = [row(), row(seed=2, outcome="failed: no word", tier1_gap="")]
    assert said(rows, "proven gap, term of one region") == (False, False)


def test_a_repair_must_be_proven_as_well_as_quick() -> None:
    quick = row(mode="repair", seconds=0.5, proven="whole part not not")
    assert said([quick], "repair") == (True, True)
    slow = row(mode="repair", seed=2, seconds=4, proven="whole whole")
    assert said([quick, slow], "repair") == (True, False)
    unproven = row(mode="repair", seed=3, seconds=0.5, proven="whole not")
    assert said([quick, unproven], "repair") == (False, False)
    (told,) = (one for one in verdicts([quick, slow]) if one.what.startswith("repair"))
    assert "least proven in 2 of 2, for the whole week in 1 of 2" in told.measured


def test_others_are_compared_on_the_same_problem_and_seconds_only() -> None:
    ours = row()
    other = row(solver="plain", tier1_value="900")
    longer = row(solver="timefold", tier1_value="999", seconds_allowed="120")
    (match,) = matches([ours, other, longer])
    assert match.lead == pytest.approx(0.1)
    assert said([ours, other, longer], "against") == (True, True)
    near = row(solver="timefold", tier1_value="985")
    assert said([ours, other, near], "against") == (True, False)
    nothing = row(solver="plain", tier1_value="0", tier1_bound="", tier1_gap="")
    assert said([ours, nothing], "against") == (True, True)
    failed = row(outcome="failed: no word", tier1_value="", tier1_gap="")
    assert said([failed, other], "against") == (False, False)
    best = row(tier1_value="1000", tier1_gap="0")
    equal = row(solver="timefold", tier1_value="1000")
    assert said([best, equal], "against") == (True, True)
    better = row(solver="timefold", tier1_value="991")
    assert said([ours, other, better], "against") == (False, False)


def test_known_members_must_all_be_in() -> None:
    full = row(mode="known-members")
    assert said([full], "groups of known") == (True, None)
    crowded = row(mode="known-members", regime="scarce-rooms", held="59")
    assert said([full, crowded], "groups of known") == (True, False)


def test_the_chart_shows_each_solver_by_the_lowest_bound() -> None:
    rows = [
        row(),
        row(solver="plain", tier1_value="500", tier1_bound="2000"),
        row(seed=2, tier1_bound="", tier1_gap=""),
        row(mode="week"),
    ]
    assert bars(rows) == [("base, 1x, seed 1", [("gem", 0.99), ("plain", 0.5)])]
    drawn = ET.fromstring(chart(rows))
    texts = [one.text for one in drawn.iter() if one.tag.endswith("text")]
    assert "99.0 %" in texts
    assert "50.0 %" in texts


def test_a_page_that_is_out_of_date_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / "2026-01-01.csv"
    append(source, row())
    assert rows_of(source) == [row()]
    text = page.PAGE.read_text("utf-8")
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr(page, "CHART", tmp_path / "benchmarks.svg")
    page.PAGE.write_text(text, "utf-8")
    assert page.main([str(source), "--check"]) == 1
    assert "benchmarks.md" in capsys.readouterr().out
    assert page.main([str(source)]) == 0
    assert "| base, 1x, seed 1 | the planner | 60 s |" in page.PAGE.read_text("utf-8")
    assert page.main([str(source), "--check"]) == 0
    assert page.main([str(tmp_path / "none.csv"), "--check"]) == 1


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="known"):
        page.filled("<!-- begin terms -->\n<!-- end terms -->", [], Path("x.csv"))
