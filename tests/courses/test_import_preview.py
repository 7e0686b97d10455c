"""What an import would do: told row by row, taken back, and loaded as it was seen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from audit.models import AuditEvent
from courses.imports import reading
from courses.imports.differences import as_data, digest_of, from_data
from courses.imports.faults import FaultyRegion, UnreadableRegion
from courses.imports.loading import load_region, rehearse_region
from courses.imports.reading import read_files
from courses.imports.sheets import SHEETS
from courses.imports.template import write_template
from courses.models import Enrolment, RegionImport, Registration, Series
from courses.services import proposals
from courses.tasks import let_imports_go
from people.enums import Role
from people.models import Person
from rooms.models import OpeningHours, Room
from tests.courses.region_tables import as_tables, example
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def user() -> Any:
    return UserFactory(role=Role.COORDINATOR)


def told(outcome: Any, sheet: str) -> list[tuple[str, int, str, dict[str, Any]]]:
    return [
        (
            one.what.value,
            one.row,
            one.key,
            {cell.column: (cell.old, cell.new) for cell in one.cells},
        )
        for one in outcome.differences[sheet]
    ]


def as_files(lines: dict[str, list[dict[str, str]]]) -> dict[str, bytes]:
    return {
        f"{table.name}.csv": "\n".join(
            [
                ",".join(table.header),
                *(
                    ",".join(f'"{cells.get(name, "")}"' for name in table.header)
                    for _row, cells in table.rows
                ),
            ]
        ).encode()
        for table in as_tables(lines)
    }


def test_a_rehearsal_tells_everything_and_leaves_nothing(actor) -> None:
    outcome = rehearse_region(tables=as_tables(example()), actor=actor)
    assert outcome.added == len(SHEETS) + 1
    assert told(outcome, "rooms")[0][:3] == ("added", 2, "de-linde / Tuinkamer")
    assert told(outcome, "rooms")[0][3]["capacity"] == ("", "12")
    assert not Person.objects.exists()
    assert not Series.objects.exists()
    assert [one.event_code for one in AuditEvent.objects.all()] == ["import.preview"]


@pytest.mark.parametrize(
    ("sheet", "column", "text", "old"),
    [
        ("rooms", "capacity", "18", "12"),
        ("rooms", "features", "quiet", "quiet; step-free"),
        ("centres", "priority_organisation", "de-brug", ""),
        ("facilitators", "call_name", "Marije", "Marijke"),
        ("facilitators", "home", "", "Colmschate"),
        ("residents", "access_needs", "step-free", ""),
        ("offerings", "title_nl", "Slaap lekker", "Beter slapen"),
        ("offerings", "themes", "", "slapen"),
        ("registrations", "need_class", "1", "3"),
        ("registrations", "choices", "", "beter-slapen"),
    ],
)
def test_a_changed_cell_is_told_with_what_stood_there(
    actor, sheet: str, column: str, text: str, old: str
) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = example()
    old = old if (sheet, column) != ("offerings", "themes") else lines[sheet][0][column]
    old = old if column != "title_nl" else lines[sheet][0][column]
    lines[sheet][0][column] = text
    outcome = rehearse_region(tables=as_tables(lines), actor=actor)
    changed = {
        name: told(outcome, name) for name in outcome.differences if told(outcome, name)
    }
    assert list(changed) == [sheet]
    ((what, row, _key, cells),) = changed[sheet]
    assert (what, row) == ("changed", 2)
    assert cells[column] == (old, text)


def test_hours_that_go_away_are_told(actor) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = example()
    lines["opening_hours"][0]["weekday"] = "sunday"
    outcome = rehearse_region(tables=as_tables(lines), actor=actor)
    assert [one[0] for one in told(outcome, "opening_hours")] == ["added", "removed"]
    assert told(outcome, "opening_hours")[1][2].startswith("de-linde / ")
    assert OpeningHours.objects.get().weekday != 7


def test_what_is_in_agendas_is_told_and_stays(actor) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = example()
    lines["series"][0]["start_time"] = "13:00"
    lines["enrolments"][0]["state"] = "completed"
    outcome = rehearse_region(tables=as_tables(lines), actor=actor)
    assert told(outcome, "series")[0][0] == "kept"
    assert told(outcome, "series")[0][3] == {"start_time": ("09:30", "13:00")}
    assert told(outcome, "enrolments")[0][3]["state"] == ("enrolled", "completed")
    assert (outcome.added, outcome.changed) == (0, 0)
    assert Enrolment.objects.get().state == "enrolled"


def test_a_rehearsal_is_what_an_import_then_does(actor) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = example()
    lines["rooms"][0]["capacity"] = "18"
    lines["residents"][0]["call_name"] = "Nora"
    seen = as_data(rehearse_region(tables=as_tables(lines), actor=actor).differences)
    done = load_region(tables=as_tables(lines), actor=actor, compared=True)
    assert digest_of(seen) == digest_of(as_data(done.differences))
    assert [one for name in seen for one in from_data(seen[name])] == [
        one for rows in done.differences.values() for one in rows
    ]
    again = load_region(tables=as_tables(lines), actor=actor, compared=True)
    assert digest_of(as_data(again.differences)) != digest_of(seen)


def test_faults_come_from_a_rehearsal_as_from_an_import(actor) -> None:
    lines = example()
    lines["rooms"][0]["capacity"] = "many"
    with pytest.raises(FaultyRegion) as refused:
        rehearse_region(tables=as_tables(lines), actor=actor)
    assert [(one.sheet, one.column) for one in refused.value.faults] == [
        ("rooms", "capacity")
    ]
    assert not Room.objects.exists()


def test_the_command_can_say_what_would_change(tmp_path: Path) -> None:
    path = tmp_path / "region"
    write_template(path)
    out = io.StringIO()
    options: dict[str, Any] = {"stdout": out, "stderr": out, "language": "en"}
    call_command("import_region", str(path), **options)
    rooms = path / "rooms.csv"
    text = rooms.read_text(encoding="utf-8")
    rooms.write_text(text.replace(",12,", ",14,"), encoding="utf-8")
    out.truncate(0)
    call_command("import_region", str(path), dry_run=True, **options)
    said = out.getvalue()
    assert "rooms (row 2, de-linde / Tuinkamer): changed: capacity 12 > 14" in said
    assert "0 added, 1 changed." in said
    assert "Nothing was loaded" in said
    assert Room.objects.get().capacity == 12


# --- In the browser ---------------------------------------------------------------


def test_a_proposal_waits_and_is_loaded_as_it_was_seen(actor, user) -> None:
    proposal = proposals.propose(actor=actor, user=user, files=as_files(example()))
    assert not Person.objects.exists()
    sheets = proposals.previews_of(actor=actor, proposal=proposal)
    assert sum(len(one.differences) for one in sheets) == len(SHEETS) + 1
    done = proposals.confirm(
        actor=actor, user=user, import_id=proposal.pk, digest=proposal.digest
    )
    assert done is not None
    assert Person.objects.filter(reference="p-noor").exists()
    row = RegionImport.objects.get()
    assert (row.tables, row.preview) == (None, None)
    assert row.counts["rooms"]["added"] == 1
    assert AuditEvent.objects.filter(event_code="import.load").count() == 1
    assert [one.pk for one in proposals.loaded_before()] == [row.pk]
    again = proposals.confirm(
        actor=actor, user=user, import_id=proposal.pk, digest=proposal.digest
    )
    assert again is None


def test_who_is_shown_with_stored_facts_is_in_the_log(actor, user) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    known = dict(Person.objects.values_list("reference", "pk"))

    def shown(sheet: str, row: int = 0, **cells: str) -> list[str]:
        lines = example()
        lines[sheet][row] |= cells
        files = as_files(lines)
        proposal = proposals.propose(actor=actor, user=user, files=files)
        proposals.previews_of(actor=actor, proposal=proposal)
        event = AuditEvent.objects.get(object_id=str(proposal.pk))
        return sorted(event.subject_ids)

    noor, marijke = str(known["p-noor"]), str(known["p-marijke"])
    assert shown("residents", call_name="Nora") == [noor]
    assert shown("facilitators", call_name="Marije") == [marijke]
    assert shown("registrations", need_class="1") == [noor]
    assert shown("enrolments", state="completed") == [noor]
    assert shown("pairs", kind="together") == sorted([noor, marijke])
    assert shown("rooms", capacity="18") == []
    # Whoever is new has nothing stored that a preview could show.
    lines = example()
    assert shown("residents", code=f"{lines['residents'][0]['code']}-2") == []


def test_rows_that_changed_meanwhile_stop_it_and_show_the_newer(actor, user) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = example()
    lines["rooms"][0]["capacity"] = "18"
    proposal = proposals.propose(actor=actor, user=user, files=as_files(lines))
    Room.objects.update(capacity=15)
    digest = proposal.digest
    newer = proposals.confirm(
        actor=actor, user=user, import_id=proposal.pk, digest=digest
    )
    assert newer is not None
    assert newer.loaded_at is None
    assert Room.objects.get().capacity == 15
    (rooms,) = [
        one
        for one in proposals.previews_of(actor=actor, proposal=newer)
        if one.differences
    ]
    assert [(one.old, one.new) for one in rooms.differences[0].cells] == [("15", "18")]
    # The old page does not load the newer preview.
    proposals.confirm(actor=actor, user=user, import_id=proposal.pk, digest=digest)
    assert Room.objects.get().capacity == 15
    proposals.confirm(
        actor=actor, user=user, import_id=proposal.pk, digest=newer.digest
    )
    assert Room.objects.get().capacity == 18


def test_what_cannot_be_loaded_any_more_is_thrown_away(actor, user) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = {"registrations": example()["registrations"]}
    lines["registrations"][0]["need_class"] = "1"
    proposal = proposals.propose(actor=actor, user=user, files=as_files(lines))
    Registration.objects.all().delete()
    Person.objects.filter(reference="p-noor").delete()
    with pytest.raises(FaultyRegion):
        proposals.confirm(
            actor=actor, user=user, import_id=proposal.pk, digest=proposal.digest
        )
    assert not RegionImport.objects.exists()


def test_a_file_is_kept_for_its_owner_and_for_two_hours(actor, user) -> None:
    proposal = proposals.propose(actor=actor, user=user, files=as_files(example()))
    other = UserFactory(role=Role.COORDINATOR)
    assert proposals.proposal_of(user=other, import_id=proposal.pk) is None
    assert proposals.proposal_of(user=user, import_id=proposal.pk) == proposal
    assert proposals.forget_old() == 0
    later = timezone.now() + timedelta(hours=2, minutes=1)
    RegionImport.objects.update(expires_at=timezone.now())
    assert proposals.proposal_of(user=user, import_id=proposal.pk) is None
    assert proposals.forget_old(now=later) == 1


def test_the_night_watch_erases_what_nobody_decided_on(actor, user) -> None:
    proposals.propose(actor=actor, user=user, files=as_files(example()))
    let_imports_go(0)
    assert RegionImport.objects.count() == 1
    RegionImport.objects.update(expires_at=timezone.now())
    let_imports_go(0)
    assert not RegionImport.objects.exists()


def test_a_second_file_takes_the_place_of_the_first(actor, user) -> None:
    first = proposals.propose(actor=actor, user=user, files=as_files(example()))
    proposals.propose(actor=actor, user=user, files=as_files(example()))
    assert proposals.proposal_of(user=user, import_id=first.pk) is None
    assert RegionImport.objects.count() == 1
    assert proposals.drop(actor=actor, user=user, import_id=first.pk) is False


# --- Files from a browser -----------------------------------------------------------


def packed(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return stream.getvalue()


def test_templates_without_rows_are_read_and_ask_nothing(actor) -> None:
    for files in (
        {"gem.xlsx": proposals.blank_workbook()},
        {"gem.zip": proposals.blank_folder()},
    ):
        tables = read_files(files)
        assert {one.name for one in tables} >= {one.name for one in SHEETS}
        outcome = rehearse_region(tables=tables, actor=actor)
        assert outcome.counts == {}


def test_a_zip_of_csv_files_is_read_wherever_they_lie() -> None:
    data = packed(
        **{"regio/themes.csv": b"code,name_nl\na,b\n", "__MACOSX/._themes": b""}
    )
    tables = read_files({"Regio.ZIP": data})
    assert [(one.name, one.rows) for one in tables] == [
        ("themes", ((2, {"code": "a", "name_nl": "b"}),))
    ]


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({}, "Choose one"),
        ({"a.xlsx": b"", "b.xlsx": b""}, "Choose one"),
        ({"a.doc": b""}, "Choose one"),
        ({"a.xlsx": b"no zip"}, "not a workbook"),
        ({"a.zip": b"no zip"}, "cannot be unpacked"),
        ({"a.zip": packed()}, "holds no CSV"),
        ({"a.zip": packed(**{"virus.exe": b""})}, "virus.exe"),
        ({"a.zip": packed(**{"a/t.csv": b"", "b/t.csv": b""})}, "t.csv"),
        ({"themes.csv": b"code,name\nbrug,caf\xe9\n"}, "UTF-8"),
    ],
)
def test_other_files_are_refused_in_words(files: dict[str, bytes], word: str) -> None:
    with pytest.raises(UnreadableRegion, match=word):
        read_files(files)


def test_a_zip_that_unpacks_too_large_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(reading, "MOST_UNPACKED", 2_000_000)
    with pytest.raises(UnreadableRegion, match="too large"):
        read_files({"a.zip": packed(**{"rooms.csv": b"0" * 3_000_000})})
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    with pytest.raises(UnreadableRegion, match="larger than"):
        read_files({"rooms.csv": b"0" * 11})
