"""A region's sheets: every fault is named with its place; nothing is half loaded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from audit.models import AuditEvent
from courses.imports.faults import Fault, FaultyRegion
from courses.imports.loading import load_region
from courses.imports.sheets import SHEETS
from courses.imports.table import Table, table_of
from courses.models import Enrolment, Registration, Series, Session
from people.models import Organisation, Person, Resident
from rooms.models import OpeningHours, Room
from tests.courses.region_tables import as_tables, example, one_more, spoiled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def faults_of(tables: list[Table], actor) -> list[Fault]:
    """The faults of tables that must not load; nothing may be left of them."""
    with pytest.raises(FaultyRegion) as refused:
        load_region(tables=tables, actor=actor)
    assert not Organisation.objects.exists()
    assert not Person.objects.exists()
    assert not AuditEvent.objects.exists()
    return refused.value.faults


def test_the_examples_of_the_template_load(actor) -> None:
    outcome = load_region(tables=as_tables(example()), actor=actor)
    assert outcome.counts.keys() == {sheet.name for sheet in SHEETS}
    series = Series.objects.get()
    assert (series.state, series.weekday, series.leaders.count()) == ("running", 2, 1)
    dates = [one.period.lower.date() for one in Session.objects.order_by("number")]
    assert [day.isoformat() for day in dates] == [
        "2027-01-12",
        "2027-01-19",
        "2027-01-26",
        "2027-02-02",
        "2027-02-09",
        "2027-02-16",
    ]
    assert Enrolment.objects.get().resident.person.call_name == "Noor"
    assert set(Room.objects.get().features.values_list("pk", flat=True)) == {
        "step-free",
        "quiet",
    }
    assert outcome.series_ids == (series.pk,)


def test_persons_are_logged_once_for_each_sheet(actor) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    about_people = {f"import.{one.name}" for one in SHEETS if one.about_people}
    logged = AuditEvent.objects.filter(event_code__startswith="import.")
    assert {one.event_code for one in logged} == about_people
    assert logged.count() == len(about_people)
    noor = Person.objects.get(reference="p-noor")
    event = logged.get(event_code="import.residents")
    assert (event.action, event.subject_ids) == ("C", [str(noor.pk)])


CELLS = [
    ("organisations", "code", "de brug!", "de brug!"),
    ("organisations", "name", "", "empty"),
    ("organisations", "name", "x" * 121, "121"),
    ("organisations", "kind", "circus", "circus"),
    ("municipalities", "code", "0150", "0150"),
    ("places", "lat", "91.5", "91.5"),
    ("places", "lon", "oost", "oost"),
    ("centres", "closes_on_public_holidays", "soms", "soms"),
    ("centres", "place", "Lutjebroek", "Lutjebroek"),
    ("centres", "priority_organisation", "nobody", "nobody"),
    ("opening_hours", "weekday", "doomsday", "doomsday"),
    ("opening_hours", "start", "9 uur", "9 uur"),
    ("opening_hours", "end", "08:00", "start"),
    ("closures", "first_day", "24/12/2026", "24/12/2026"),
    ("closures", "last_day", "2026-12-01", "first_day"),
    ("rooms", "capacity", "0", "0"),
    ("rooms", "features", "quiet; swimming-pool", "swimming-pool"),
    ("room_bookings", "start", "morgen", "morgen"),
    ("room_bookings", "room", "de-linde/Kelder", "de-linde/Kelder"),
    ("facilitators", "postcode4", "0123", "0123"),
    ("facilitators", "staff_roles", "expert_by_experience; clown", "clown"),
    ("facilitators", "max_days_per_week", "8", "8"),
    ("certificates", "qualification", "diving", "diving"),
    ("availability", "person", "p-nobody", "p-nobody"),
    ("residents", "languages", "nl; klingon", "klingon"),
    ("pairs", "person_b", "p-nobody", "p-nobody"),
    ("offerings", "session_minutes", "twee uur", "twee uur"),
    ("offerings", "session_minutes", "100", "100"),
    ("offerings", "prerequisite", "nothing", "nothing"),
    ("series", "start_time", "09:10", "09:10"),
    ("registrations", "state", "waiting", ""),
    ("residents", "call_name", "No\x00or", ""),
    ("rooms", "capacity", "1_0", "1_0"),
    ("staff_needs", "count", "7", "7"),
    ("series", "leaders", "p-noor", "p-noor"),
    ("series", "first_date", "2027-01-13", ""),
    ("series", "room", "", ""),
    ("series", "start_time", "", ""),
    ("series", "state", "planned", ""),
    ("registrations", "need_class", "0", "0"),
    ("registrations", "allowed_levels", "1; 9", "9"),
    ("enrolments", "series", "ander", "ander"),
    ("referrals", "received_on", "", "empty"),
]


@pytest.mark.parametrize(("sheet", "column", "text", "named"), CELLS)
def test_a_faulty_cell_is_named_with_its_place(
    actor, sheet: str, column: str, text: str, named: str
) -> None:
    faults = faults_of(spoiled(sheet, column, text), actor)
    told = {(one.sheet, one.row, one.column) for one in faults}
    # A group still to be planned is told that it has leaders, and a seat that its
    # registration still waits.
    elsewhere = {
        ("series", "state"): ("series", "leaders"),
        ("registrations", "state"): ("enrolments", "registration"),
    }
    sheet, column = elsewhere.get((sheet, column), (sheet, column))
    assert (sheet, 2, column) in told
    fault = next(one for one in faults if one.column == column)
    assert named in fault.wrong
    assert fault.right


@pytest.mark.parametrize(
    "sheet", [one.name for one in SHEETS if any(c.required for c in one.columns)]
)
def test_every_required_column_is_asked_for(actor, sheet: str) -> None:
    lines = example()
    columns = next(one.columns for one in SHEETS if one.name == sheet)
    required = {one.name for one in columns if one.required}
    lines[sheet] = [
        {name: text for name, text in row.items() if name not in required}
        for row in lines[sheet]
    ]
    told = {
        (one.row, one.column)
        for one in faults_of(as_tables(lines), actor)
        if one.sheet == sheet
    }
    assert {(1, name) for name in required} <= told


def test_all_faults_are_told_at_once(actor) -> None:
    lines = example()
    lines["rooms"][0]["capacity"] = "many"
    lines["offerings"][0]["kind"] = "circus"
    lines["leave"][0]["last_day"] = "never"
    told = {(one.sheet, one.column) for one in faults_of(as_tables(lines), actor)}
    assert told == {
        ("rooms", "capacity"),
        ("offerings", "kind"),
        ("leave", "last_day"),
    }


def test_pointing_to_a_faulty_row_is_no_second_fault(actor) -> None:
    faults = faults_of(spoiled("facilitators", "birth_year", "lang geleden"), actor)
    assert [(one.sheet, one.column) for one in faults] == [
        ("facilitators", "birth_year")
    ]


def test_unknown_sheets_and_columns_are_named(actor) -> None:
    lines = example()
    lines["rooms"][0]["colour"] = "blue"
    tables = [*as_tables(lines), table_of("kitchens", [{"name": "Keuken"}])]
    faults = faults_of(tables, actor)
    assert {(one.sheet, one.row, one.column) for one in faults} == {
        ("kitchens", 0, ""),
        ("rooms", 1, "colour"),
    }
    assert all("rooms" in one.right or "capacity" in one.right for one in faults)


def test_a_column_twice_is_named(actor) -> None:
    table = Table(
        "themes",
        ("code", "name_nl", "code"),
        ((2, {"code": "rust", "name_nl": "Rust"}),),
    )
    faults = faults_of([table], actor)
    assert [(one.row, one.column) for one in faults] == [(1, "code")]


def test_a_seat_ends_the_waiting(actor) -> None:
    lines = example()
    lines["registrations"][0]["state"] = ""
    load_region(tables=as_tables(lines), actor=actor)
    assert Registration.objects.get().state == "placed"
    again = load_region(tables=as_tables(lines), actor=actor)
    assert (again.added, again.changed) == (0, 0)


def test_members_may_wait_for_their_group_to_be_planned(actor) -> None:
    lines = example()
    lines["series"][0] = {
        "code": "slapen-voorjaar",
        "offering": "beter-slapen",
        "state": "planned",
    }
    load_region(tables=as_tables(lines), actor=actor)
    assert Series.objects.get().enrolments.count() == 1
    assert not Session.objects.exists()


def test_the_same_row_twice_is_named(actor) -> None:
    faults = faults_of(as_tables(one_more("rooms", capacity="20")), actor)
    assert [(one.sheet, one.row, one.column) for one in faults] == [
        ("rooms", 3, "centre")
    ]
    assert "2" in faults[0].wrong


def test_places_of_one_name_must_be_told_apart(actor) -> None:
    lines = example()
    lines["municipalities"].append(
        {"code": "GM0285", "name": "Voorst", "school_region": "Midden"}
    )
    lines["places"].append(lines["places"][0] | {"municipality": "GM0285"})
    faults = faults_of(as_tables(lines), actor)
    assert ("centres", 2, "place") in {(f.sheet, f.row, f.column) for f in faults}
    for rows in lines.values():
        for row in rows:
            for name in ("place", "home", "travel_base", "from_place"):
                if row.get(name) == "Colmschate":
                    row[name] = "Colmschate (GM0150)"
    load_region(tables=as_tables(lines), actor=actor)
    assert Resident.objects.get().person.place.municipality_id == "GM0150"


def test_hours_that_overlap_are_refused_by_the_database_and_named(actor) -> None:
    faults = faults_of(
        as_tables(one_more("opening_hours", start="16:00", end="18:00")), actor
    )
    assert [(one.sheet, one.row) for one in faults] == [("opening_hours", 3)]
    assert "overlap" in faults[0].wrong


def test_two_groups_in_one_room_are_named(actor) -> None:
    lines = one_more("series", code="slapen-twee", leaders="p-tweede")
    lines["facilitators"].append(lines["facilitators"][0] | {"code": "p-tweede"})
    faults = faults_of(as_tables(lines), actor)
    assert [(one.sheet, one.row, one.column) for one in faults] == [
        ("series", 3, "room")
    ]


def test_a_leader_in_two_groups_at_once_is_named(actor) -> None:
    lines = one_more("series", code="slapen-twee", room="de-linde/Zaal 2")
    lines["rooms"].append(lines["rooms"][0] | {"name": "Zaal 2"})
    faults = faults_of(as_tables(lines), actor)
    assert [(one.sheet, one.row, one.column) for one in faults] == [
        ("series", 3, "leaders")
    ]


def test_more_people_than_seats_are_named(actor) -> None:
    lines = example()
    lines["rooms"][0]["capacity"] = "2"
    lines["residents"].append(lines["residents"][0] | {"code": "p-tim"})
    lines["registrations"].append(
        lines["registrations"][0] | {"code": "a-2", "resident": "p-tim"}
    )
    lines["enrolments"].append(lines["enrolments"][0] | {"registration": "a-2"})
    faults = faults_of(as_tables(lines), actor)
    assert [(one.sheet, one.row, one.column) for one in faults] == [
        ("enrolments", 3, "series")
    ]


def test_asking_for_nothing_is_named(actor) -> None:
    lines = example()
    lines["registrations"][0] |= {"offering": "", "choices": ""}
    faults = faults_of(as_tables(lines), actor)
    assert faults[0].column == "choices"


def test_a_fault_reads_as_a_sentence(actor) -> None:
    (fault,) = faults_of(spoiled("rooms", "capacity", "0"), actor)
    text = str(fault)
    assert text.startswith("rooms, row 2, column capacity: ")
    assert "1000" in text


def test_who_leads_and_takes_part_is_one_person(actor) -> None:
    lines = example()
    lines["residents"].append(
        lines["residents"][0] | {"code": "p-marijke", "call_name": "Iemand anders"}
    )
    load_region(tables=as_tables(lines), actor=actor)
    person = Person.objects.get(reference="p-marijke")
    assert person.call_name == "Marijke"
    assert person.resident.pk
    assert person.facilitator.pk


def test_what_is_left_empty_comes_from_the_kind(actor) -> None:
    lines = example()
    for name in ("size_min", "size_max", "norm_days", "closed_after_session"):
        lines["offerings"][0][name] = ""
    load_region(tables=as_tables(lines), actor=actor)
    offering = Registration.objects.get().offering
    assert (offering.size_min, offering.size_max) == (6, 12)
    assert (offering.norm_days, offering.closed_after_session) == (70, 2)


def test_hours_of_a_house_are_replaced_as_a_whole(actor) -> None:
    lines = one_more("opening_hours", weekday="friday")
    load_region(tables=as_tables(lines), actor=actor)
    del lines["opening_hours"][0]
    outcome = load_region(tables=as_tables(lines), actor=actor)
    assert [one.weekday for one in OpeningHours.objects.all()] == [5]
    assert outcome.counts["opening_hours"].changed == 1
