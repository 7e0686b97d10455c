"""The page about scenarios lists every kind of change with the keys that it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduling.solver.change.file import RECORDS, read_changes

PAGE = (
    Path(__file__).resolve().parents[2] / "docs" / "how-to" / "explain-a-plan.md"
).read_text()


@pytest.mark.parametrize("kind", sorted(RECORDS))
def test_every_kind_has_its_row_with_all_its_keys(kind: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` ")]
    keys = [key.strip() for key in row.split("|")[2].split(",")]
    assert keys == [*RECORDS[kind].keys]


def test_the_example_can_be_read() -> None:
    begin = PAGE.index('    {"format"')
    text = PAGE[begin : PAGE.index("\n    ]}", begin) + 7]
    assert [one.kind for one in read_changes(text)] == [
        "new-room",
        "fewer-leaders",
        "weights",
    ]
