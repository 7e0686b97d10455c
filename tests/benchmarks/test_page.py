"""The page says what the rows say, and a promise is kept only where it was measured."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import cancel, page, reasons
from benchmarks.chart import bars, chart
from benchmarks.promises import Row, matches, verdicts
from benchmarks.rows import COLUMNS, append, rows_of
from benchmarks.tables import TABLES, Measured, Rows

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


def stop(**values: object) -> Row:
    base = {
        "code": "abc",
        "mode": "term",
        "scale": "1",
        "seed": "1",
        "asked_at": "1",
        "doing": "search",
        "answer_seconds": "0.40",
        "longest_silence": "0.60",
        "told_value": "990",
        "kept_value": "990",
        "violations": "0",
    }
    return {**base, **{name: str(value) for name, value in values.items()}}


def said(
    rows: list[Row], start: str, stops: list[Row] | None = None
) -> tuple[bool | None, bool | None]:
    found = verdicts(rows, stops or [])
    (one,) = (one for one in found if one.what.startswith(start))
    return one.kept, one.aim_kept


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the page, with no results yet; the folder of all."""
    text = page.PAGE.read_text("utf-8")
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr(page, "CHART", tmp_path / "benchmarks.svg")
    monkeypatch.setattr(page, "RESULTS", tmp_path / "results")
    page.PAGE.write_text(text, "utf-8")
    return tmp_path


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
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert page.main(["--check"]) == 2
    assert "no dated file of rows" in capsys.readouterr().err
    source = site / "results" / "2026-01-01.csv"
    append(source, row())
    assert rows_of(source) == [row()]
    assert page.main(["--check"]) == 1
    assert "benchmarks.md" in capsys.readouterr().out
    assert page.main([]) == 0
    assert "| base, 1x, seed 1 | the planner | 60 s |" in page.PAGE.read_text("utf-8")
    assert page.main(["--check"]) == 0


def test_a_run_is_kept_as_the_file_of_its_last_day(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = site / "abc.csv"
    append(run, row(when="2026-01-01T23:59:00+00:00"))
    append(run, row(when="2026-01-02T00:01:00+00:00", seed=2))
    append(site / "results" / "2026-01-01.csv", row(code="aaa"))
    assert page.main(["--rows", str(run)]) == 0
    kept = site / "results" / "2026-01-02.csv"
    assert kept.read_text("utf-8") == run.read_text("utf-8")
    text = page.PAGE.read_text("utf-8")
    assert "| code | abc |" in text
    assert "| rows | 2 in `2026-01-02.csv`, 0 without a lawful plan |" in text
    assert page.main(["--check"]) == 0
    assert page.main(["--rows", str(kept)]) == 0
    assert rows_of(kept) == rows_of(run)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), "has no rows"),
        (("abc", "abd"), "mixes rows of code abc, abd"),
        (("abc+",), "differ from commit abc, so nobody can measure it again"),
    ],
)
def test_rows_that_nobody_can_measure_again_are_not_kept(
    codes: tuple[str, ...],
    words: str,
    site: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = page.PAGE.read_text("utf-8")
    run = site / "rows.csv"
    for code in codes:
        append(run, row(code=code, when="2026-01-01T10:00:00+00:00"))
    assert page.main(["--rows", str(run)]) == 2
    assert words in capsys.readouterr().err
    assert not (site / "results").exists()
    assert page.PAGE.read_text("utf-8") == before


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("2026-01-01.csv", COLUMNS),
        ("2026-01-01-cancel.csv", cancel.COLUMNS),
        ("2026-01-01-reasons.csv", reasons.COLUMNS),
    ],
)
def test_rows_of_two_codes_never_stand_on_the_page(
    name: str,
    columns: tuple[str, ...],
    site: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = page.PAGE.read_text("utf-8")
    append(site / "results" / "2025-01-01.csv", row())
    for code in ("abc", "abd"):
        append(site / "results" / name, {"code": code}, columns)
    assert page.main([]) == 2
    assert f"{name} mixes rows of code abc, abd" in capsys.readouterr().err
    assert page.PAGE.read_text("utf-8") == before


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="known"):
        page.filled("<!-- begin terms -->\n<!-- end terms -->", Measured(Rows()))


def test_more_regions_are_promised_for_some_regimes_only() -> None:
    far = row(scale=3, regime="evening-heavy", seconds_allowed=300, tier1_gap=0.2)
    assert said([far], "proven gap, term of 3 regions, base and scarce leaders") == (
        None,
        None,
    )
    near = row(scale=3, regime="scarce-leaders", seconds_allowed=300, tier1_gap=0.02)
    assert said([far, near], "proven gap, term of 3 regions") == (True, False)
    one = row(regime="evening-heavy", tier1_gap=0.2, first_plan_seconds=6)
    assert said([row(), one], "proven gap, term of one region") == (True, False)
    assert said([row(), one], "first plan, term of one region, every") == (False, False)
    large = row(scale=10, regime="scarce-rooms", seconds_allowed=200, peak_mb=7000)
    assert said([large], "memory, term of 10 regions, every") == (False, False)


def test_how_many_cases_have_a_row_is_counted() -> None:
    # A row of the suite, one of other seconds and one of another solver's seed.
    rows = [row(solver_seed=1), row(solver_seed=1, seconds_allowed=5), row(seed=9)]
    told = TABLES["where"](Measured(Rows(Path("x.csv"), rows)))
    assert "| cases of `make bench-full` that have a row | 1 of 69 |" in told


def test_where_the_plain_model_is_not_far_is_said_from_the_rows() -> None:
    plain = [
        row(solver="plain", tier1_gap="0.2501"),
        row(solver="plain", regime="scarce-leaders", tier1_gap="0.25"),
        row(solver="plain", mode="week", tier1_gap="", tier1_value="0"),
        row(solver="plain", seed=2, outcome="failed: no word", tier1_gap=""),
    ]
    told = TABLES["hard"](Measured(Rows(Path("x.csv"), [row(), *plain])))
    assert "above a gap of 25 % on 1 of 4 problems." in told
    assert "| term base, 1x, seed 1 | 60 s | 25.01 % | yes |" in told
    assert "| term scarce-leaders, 1x, seed 1 | 60 s | 25.00 % | **no** |" in told
    assert "| week base, 1x, seed 1 | 60 s | - | no plan or no bound |" in told
    assert "| term base, 1x, seed 2 | 60 s | - | no plan or no bound |" in told
    assert TABLES["hard"](Measured(Rows(Path("x.csv"), [row()]))) == "Not measured.\n"


def test_silence_and_late_answers_break_their_promises() -> None:
    silence, answer = "longest silence", "a stop is answered"
    assert said([], silence) == said([], answer) == (None, None)
    good = stop()
    assert said([], silence, [good]) == said([], answer, [good]) == (True, True)
    silent = stop(longest_silence=1.01)
    assert said([], silence, [good, silent]) == (False, False)
    assert said([], answer, [good, silent]) == (True, True)
    late = stop(answer_seconds=2.01)
    assert said([], answer, [good, late]) == (False, False)
    for lost in (
        stop(kept_value=989),
        stop(kept_value=""),
        stop(violations=1),
        stop(violations=""),
    ):
        assert said([], answer, [good, lost]) == (False, False)
    # What had ended by itself was not stopped.
    ended = stop(doing="done before", answer_seconds="0.00")
    assert said([], answer, [ended]) == (None, None)
    assert said([], silence, [ended]) == (True, True)


def test_stops_are_told_by_work_and_size() -> None:
    rows = [
        stop(),
        stop(doing="greedy", answer_seconds="1.25", told_value="", kept_value="5"),
        stop(doing="done before", answer_seconds="0.00", longest_silence="0.70"),
        stop(mode="repair", scale="3", violations="2"),
    ]
    told = TABLES["stops"](Measured(Rows(), stops=Rows(Path("x-cancel.csv"), rows)))
    assert told.startswith("Rows of `x-cancel.csv`, code abc.\n")
    assert "| term, 1x | 2 | greedy, search | 1.25 s | 0.70 s | 0 |" in told
    assert "| repair, 3x | 1 | search | 0.40 s | 0.60 s | 1 |" in told
    assert TABLES["stops"](Measured(Rows())) == "Not measured.\n"


def test_reasons_are_told_by_seed_and_summed() -> None:
    one = {
        "code": "abc",
        "mode": "term",
        "regime": "base",
        "scale": "1",
        "seed": "1",
        "gap": "0.00500",
        "unplaced": "160",
        "verified": "160",
        "without_choices": "2",
        "missing": "0",
        "denied": "0",
        "reasons": "900",
        "explain_cpu_seconds": "6.5",
    }
    two = {**one, "seed": "2", "verified": "159", "missing": "1", "denied": "3"}
    rows = Rows(Path("x-reasons.csv"), [one, two])
    told = TABLES["reasons"](Measured(Rows(), reasons=rows))
    assert told.startswith("Rows of `x-reasons.csv`, code abc.\n")
    assert "Of 320 people left out of 2 plans, 319 have a verified reason" in told
    assert "1 lack one, and 3 reasons are denied" in told
    line = "| term base, 1x, seed 2 | 0.50 % | 160 | 159 | 2 | 1 | 3 | 900 | 6.5 |"
    assert line in told
    assert TABLES["reasons"](Measured(Rows())) == "Not measured.\n"
