"""Reading CSV files or one workbook, with limits on what is taken in.

They come from a folder, or from a browser: then as a workbook, as CSV files, or as
one zip of CSV files, and are read in memory, so that none stays behind on a disk.

A workbook is a zip of XML: its size unpacked is limited before it is opened, and
openpyxl reads it through defusedxml, which refuses entities. Formulas are refused,
because what they give depends on the program that opened the file last.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from courses.imports.faults import Fault, UnreadableRegion
from courses.imports.table import Table

MEGABYTE = 1024 * 1024
MOST_BYTES = 25 * MEGABYTE
MOST_UNPACKED = 250 * MEGABYTE
MOST_PARTS = 300
MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 4000


def read_region(path: Path) -> list[Table]:
    """The tables of a folder or workbook.

    Raises
    ------
    UnreadableRegion
        When it is neither, too large, or broken.
    """
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        if not files:
            raise UnreadableRegion(
                _("%(path)s holds no CSV files. Each sheet is a file, like rooms.csv.")
                % {"path": path}
            )
        return [_read_csv(one.name, _contents(one)) for one in files]
    if path.suffix.lower() == ".xlsx" and path.is_file():
        return list(_read_workbook(path.name, _contents(path)))
    if not path.exists():
        raise UnreadableRegion(_("%(path)s does not exist.") % {"path": path})
    raise UnreadableRegion(
        _("%(path)s is neither a folder with CSV files nor an .xlsx workbook.")
        % {"path": path}
    )


def read_files(files: Mapping[str, bytes]) -> list[Table]:
    """The tables of files by name: one workbook, one zip of CSV files, or CSV files.

    Raises
    ------
    UnreadableRegion
        When they are none of these, too large together, or broken.
    """
    if sum(len(data) for data in files.values()) > MOST_BYTES:
        raise too_large(_("What you chose together"))
    kinds = {PurePosixPath(name).suffix.lower() for name in files}
    if kinds == {".csv"}:
        return [_read_csv(name, data) for name, data in sorted(files.items())]
    if len(files) == 1:
        name, data = next(iter(files.items()))
        if kinds == {".xlsx"}:
            return list(_read_workbook(name, data))
        if kinds == {".zip"}:
            return list(_read_packed(name, data))
    raise UnreadableRegion(
        _("Choose one .xlsx workbook, one .zip with CSV files, or only CSV files.")
    )


def too_large(name: str) -> UnreadableRegion:
    """What is said of a file over the limit."""
    return UnreadableRegion(
        _("%(path)s is larger than %(most)d MB. Split it into smaller files.")
        % {"path": name, "most": MOST_BYTES // MEGABYTE}
    )


def _contents(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise too_large(path.name)
    return path.read_bytes()


def _read_csv(name: str, data: bytes) -> Table:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableRegion(
            _("%(path)s is not in UTF-8. Save it as “CSV UTF-8”.") % {"path": name}
        ) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    stream = io.StringIO(text, newline=None)  # as a text file: every line ends alike
    lines = csv.reader(stream, delimiter=delimiter, strict=True)
    try:
        return make_table(PurePosixPath(name).stem, iter(enumerate(lines, start=1)))
    except csv.Error as error:
        raise UnreadableRegion(
            _("%(path)s breaks off in line %(line)d: check the quotation marks there.")
            % {"path": name, "line": lines.line_num}
        ) from error


def _check_parts(name: str, packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts of a zip, once their number and size unpacked are known.

    A part that says less than it holds is broken: zipfile reads no more than said.
    """
    parts = packed.infolist()
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise UnreadableRegion(
            _("%(path)s is too large when unpacked. Leave out what is not for import.")
            % {"path": name}
        )
    return parts


def _read_packed(name: str, data: bytes) -> Iterator[Table]:
    """The CSV files of a zip, wherever in it they lie; other files are refused."""
    seen: set[str] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for part in _check_parts(name, packed):
                path = PurePosixPath(part.filename)
                if part.is_dir() or path.parts[:1] == ("__MACOSX",):
                    continue
                if path.suffix.lower() != ".csv" or path.name.lower() in seen:
                    raise UnreadableRegion(
                        _("%(path)s holds %(part)s. Pack CSV files only, each once.")
                        % {"path": name, "part": path.name[:60]}
                    )
                seen.add(path.name.lower())
                yield _read_csv(path.name, packed.read(part))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,  # a password
    ) as error:
        raise UnreadableRegion(
            _("%(path)s cannot be unpacked. Pack the CSV files anew, without password.")
            % {"path": name}
        ) from error
    if not seen:
        raise UnreadableRegion(
            _("%(path)s holds no CSV files. Each sheet is a file, like rooms.csv.")
            % {"path": name}
        )


def _read_workbook(name: str, data: bytes) -> Iterator[Table]:
    # Loaded here only: reading workbooks is rare and openpyxl takes its time.
    import openpyxl
    from defusedxml.common import DefusedXmlException
    from openpyxl.utils.exceptions import InvalidFileException

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("openpyxl does not use defusedxml: install it")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_parts(name, packed)
    except zipfile.BadZipFile as error:
        raise UnreadableRegion(
            _("%(path)s is not a workbook. Save it as .xlsx.") % {"path": name}
        ) from error
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        try:
            for sheet in book.worksheets:
                # A file may lie about how large a sheet is.
                sheet.reset_dimensions()
                yield _sheet_table(sheet)
        finally:
            book.close()
    except (
        DefusedXmlException,
        InvalidFileException,
        KeyError,
        ValueError,
        SyntaxError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
    ) as error:
        raise UnreadableRegion(
            _("%(path)s cannot be read as a workbook. Save it anew as .xlsx.")
            % {"path": name}
        ) from error


def _sheet_table(sheet: Any) -> Table:
    faults: list[Fault] = []

    def lines() -> Iterator[tuple[int, list[str]]]:
        header: list[str] = []
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = []
            for place, cell in enumerate(cells):
                if getattr(cell, "data_type", "") == "f":
                    column = header[place] if place < len(header) else str(place + 1)
                    faults.append(
                        Fault(
                            sheet.title,
                            number,
                            column,
                            _("This cell holds a formula."),
                            _("Paste its value in place of it."),
                        )
                    )
                    texts.append("")
                else:
                    texts.append(cell_text(cell.value))
            header = header or texts
            yield number, texts

    table = make_table(sheet.title, lines())
    return Table(table.name, table.header, table.rows, (*table.faults, *faults))


def cell_text(value: Any) -> str:
    """A cell's value as the text that a CSV file would hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)


def make_table(name: str, lines: Iterator[tuple[int, Sequence[str]]]) -> Table:
    """A table from numbered lines, the first of which names the columns."""
    header: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[Fault] = []
    for number, cells in lines:
        if not header:
            header = tuple(cell.strip().lower() for cell in cells[:MOST_COLUMNS])
            while header and not header[-1]:
                header = header[:-1]
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_ROWS:
            faults.append(
                Fault(
                    name,
                    number,
                    "",
                    _("The sheet has more than %(most)d rows.") % {"most": MOST_ROWS},
                    _("Split it over several imports."),
                )
            )
            break
        faults.extend(_faults_of_line(name, number, header, cells))
        rows.append((number, dict(zip(header, cells, strict=False))))
    return Table(
        name, tuple(title for title in header if title), tuple(rows), tuple(faults)
    )


def _faults_of_line(
    name: str, number: int, header: Sequence[str], cells: Sequence[str]
) -> Iterator[Fault]:
    if any(cell.strip() for cell in cells[len(header) :]):
        yield Fault(
            name,
            number,
            "",
            _("This row has more cells than there are columns."),
            _("Check the separators, and put quotation marks around text with one."),
        )
    for title, cell in zip(header, cells, strict=False):
        if not title and cell.strip():
            yield Fault(
                name,
                number,
                "",
                _("This row has a cell under no column name."),
                _("Give the column its name, or empty the cell."),
            )
        if len(cell) > MOST_CHARACTERS:
            yield Fault(
                name,
                number,
                title,
                _("The text has %(length)d characters.") % {"length": len(cell)},
                _("Use at most %(longest)d.") % {"longest": MOST_CHARACTERS},
            )
