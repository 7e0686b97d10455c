"""Reading files: CSV and workbooks in, with limits; templates out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import Workbook, load_workbook

from courses.imports import reading
from courses.imports.faults import UnreadableRegion
from courses.imports.reading import cell_text, read_region
from courses.imports.sheets import EXPLANATION, SHEETS
from courses.models import Series
from people.models import Person


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def run(path: Path, **options: object) -> str:
    out = io.StringIO()
    call_command(
        "import_region", str(path), stdout=out, stderr=out, language="en", **options
    )
    return out.getvalue()


def refused(path: Path) -> tuple[str, str]:
    """What a command that must fail says, and what it lists; exit status 2."""
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_region", str(path), stdout=out, stderr=out, language="en")
    assert error.value.returncode == 2
    return str(error.value), out.getvalue()


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


ORGANISATION = ["de-brug", "De Brug", "welfare"]
HEADER = ["code", "name", "kind"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["template.xlsx", "template"])
def test_the_template_imports_and_a_second_time_changes_nothing(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    assert str(path) in run(path, template=True)
    first = run(path)
    assert first.splitlines()[-1] == f"{len(SHEETS) + 1} added, 0 changed."
    assert run(path).splitlines()[-1] == "0 added, 0 changed."
    assert Series.objects.get().sessions.count() == 6


def test_the_template_explains_every_column(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    run(path, template=True)
    book = load_workbook(path)
    lines = {(row[0].value, row[1].value) for row in book[EXPLANATION].iter_rows()}
    for sheet in SHEETS:
        header = [cell.value for cell in book[sheet.name][1]]
        assert header == [one.name for one in sheet.columns]
        assert {(sheet.name, one.name) for one in sheet.columns} <= lines


def test_a_template_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError) as error:
        run(path, template=True)
    assert error.value.returncode == 2
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.django_db
def test_faults_are_listed_with_sheet_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "region"
    run(path, template=True)
    rooms = path / "rooms.csv"
    text = rooms.read_text(encoding="utf-8")
    rooms.write_text(text.replace(",12,", ",twelve,"), encoding="utf-8")
    last, listed = refused(path)
    assert last == "Faults: 1. Nothing was loaded."
    assert listed.startswith("rooms, row 2, column capacity: “twelve”")
    assert not Person.objects.exists()


def test_csv_with_semicolons_and_quotes(tmp_path: Path) -> None:
    (tmp_path / "organisations.csv").write_text(
        '\ufeffcode;name;kind\nbrug;"De ""Brug"";\nzuid";welfare\n\n;;\n',
        encoding="utf-8",
    )
    (table,) = read_region(tmp_path)
    assert table.header == ("code", "name", "kind")
    assert [cells for _row, cells in table.rows] == [
        {"code": "brug", "name": 'De "Brug";\nzuid', "kind": "welfare"}
    ]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("code,name\nbrug,caf\xe9\n".encode("cp1252"), "UTF-8"),
        (b'code,name\nbrug,"never closed\n', "line"),
    ],
)
def test_broken_csv_is_refused(tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / "organisations.csv").write_bytes(content)
    with pytest.raises(UnreadableRegion, match=word):
        read_region(tmp_path)


def test_what_is_no_region_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "region.txt"
    text.write_text("x", encoding="utf-8")
    fake = tmp_path / "region.xlsx"
    fake.write_text("x", encoding="utf-8")
    for path, word in (
        (tmp_path, "no CSV files"),
        (tmp_path / "gone", "does not exist"),
        (text, "neither"),
        (fake, "not a workbook"),
    ):
        assert word in refused(path)[0]


def test_cells_of_a_workbook_are_read_as_their_text(tmp_path: Path) -> None:
    from datetime import date, datetime, time

    assert cell_text(None) == ""
    assert cell_text(True) == "yes"
    assert cell_text(12.0) == "12"
    assert cell_text(52.25) == "52.25"
    assert cell_text(datetime(2026, 11, 24)) == "2026-11-24"  # noqa: DTZ001
    assert cell_text(datetime(2026, 11, 24, 9, 30)) == "2026-11-24 09:30"  # noqa: DTZ001
    assert cell_text(date(2026, 11, 24)) == "2026-11-24"
    assert cell_text(time(9, 30)) == "09:30"
    path = workbook(tmp_path / "r.xlsx", organisations=[HEADER, ORGANISATION, [None]])
    (table,) = read_region(path)
    assert table.rows == ((2, dict(zip(HEADER, ORGANISATION, strict=True))),)


@pytest.mark.django_db
def test_formulas_are_refused(tmp_path: Path) -> None:
    rows = [HEADER, ["de-brug", '=HYPERLINK("http://example.org")', "welfare"]]
    _last, listed = refused(workbook(tmp_path / "r.xlsx", organisations=rows))
    assert "organisations, row 2, column name: This cell holds a formula." in listed


def test_a_workbook_that_unpacks_too_large_is_refused(
    tmp_path: Path, monkeypatch
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    monkeypatch.setattr(reading, "MOST_UNPACKED", 2_000_000)
    assert "too large" in refused(path)[0]


def test_a_workbook_of_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "parts.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(reading.MOST_PARTS + 1):
            packed.writestr(f"part{number}", b"")
    assert "too large" in refused(path)[0]


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", organisations=[HEADER, ORGANISATION])
    bad = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/workbook.xml":
                bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
                start = data.index(b"<workbook")
                data = data[:start] + bomb + data[start:]
            target.writestr(name, data)
    assert "cannot be read" in refused(bad)[0]


def test_large_files_are_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    monkeypatch.setattr(reading, "MEGABYTE", 1)
    (tmp_path / "rooms.csv").write_text("name\n" + "x" * 20, encoding="utf-8")
    with pytest.raises(UnreadableRegion, match="larger than 10"):
        read_region(tmp_path)


def test_too_many_rows_and_too_long_cells_are_faults(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 5)
    (tmp_path / "themes.csv").write_text(
        "code,name_nl\na,abcdef\nb,b,too,many\nc,c\nd,d\n", encoding="utf-8"
    )
    (table,) = read_region(tmp_path)
    assert [(one.row, one.column) for one in table.faults] == [
        (2, "name_nl"),
        (3, ""),
        (4, ""),
    ]


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    (tmp_path / "themes.csv").write_text(
        'code,,Name_NL\na,,"two\nlines"\n\nb,stray,c\n', encoding="utf-8"
    )
    (table,) = read_region(tmp_path)
    assert [number for number, _cells in table.rows] == [2, 4]
    assert table.header == ("code", "name_nl")
    assert [(one.row, one.column) for one in table.faults] == [(4, "")]
