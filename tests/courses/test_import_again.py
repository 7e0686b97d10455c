"""The same sheets again change nothing, and changes never touch the agenda."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.imports.loading import load_region
from courses.imports.running import session_dates
from courses.models import Enrolment, Registration, Series, Session
from rooms.models import Room
from tests.courses.region_tables import as_tables, example

pytestmark = pytest.mark.django_db


def test_a_second_import_changes_nothing(actor) -> None:
    first = load_region(tables=as_tables(example()), actor=actor)
    before = list(Session.objects.values_list("pk", "sequence", "last_modified"))
    again = load_region(tables=as_tables(example()), actor=actor)
    assert (again.added, again.changed) == (0, 0)
    assert sum(one.same for one in again.counts.values()) == first.added
    assert again.series_ids == ()
    assert before == list(
        Session.objects.values_list("pk", "sequence", "last_modified")
    )


@pytest.mark.parametrize(
    ("sheet", "column", "text"),
    [
        ("rooms", "capacity", "18"),
        ("rooms", "features", "quiet"),
        ("rooms", "features", ""),
        ("centres", "priority_organisation", "de-brug"),
        ("facilitators", "call_name", "Marije"),
        ("facilitators", "max_sessions_per_day", ""),
        ("residents", "access_needs", "step-free"),
        ("availability", "end", "13:00"),
        ("certificates", "valid_until", "2027-12-31"),
        ("offerings", "themes", ""),
        ("offerings", "title_nl", "Slaap lekker"),
        ("staff_needs", "count", "2"),
        ("registrations", "need_class", "1"),
        ("registrations", "choices", ""),
        ("room_bookings", "state", "lapsed"),
    ],
)
def test_one_other_cell_changes_one_row(
    actor, sheet: str, column: str, text: str
) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = example()
    lines[sheet][0][column] = text
    outcome = load_region(tables=as_tables(lines), actor=actor)
    # Hours and certificates are replaced as a whole, so a row may come anew.
    touched = {
        name for name, count in outcome.counts.items() if count.added or count.changed
    }
    assert touched == {sheet}
    again = load_region(tables=as_tables(lines), actor=actor)
    assert (again.added, again.changed) == (0, 0)


def test_a_column_that_is_not_there_leaves_what_was(actor) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = {"rooms": [{"centre": "de-linde", "name": "Tuinkamer", "capacity": "20"}]}
    outcome = load_region(tables=as_tables(lines), actor=actor)
    room = Room.objects.get()
    assert (outcome.changed, room.capacity, room.changeover_minutes) == (1, 20, 15)
    assert room.features.count() == 2


def test_what_is_in_the_agenda_stays_there(actor) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    lines = example()
    lines["series"][0] |= {"weekday": "friday", "first_date": "2027-01-15"}
    outcome = load_region(tables=as_tables(lines), actor=actor)
    assert outcome.changed == 0
    assert Series.objects.get().weekday == 2
    assert {one.period.lower.isoweekday() for one in Session.objects.all()} == {2}


def test_a_seat_given_up_is_not_given_again(actor) -> None:
    load_region(tables=as_tables(example()), actor=actor)
    Enrolment.objects.update(state="withdrawn")
    load_region(tables=as_tables(example()), actor=actor)
    assert Enrolment.objects.get().state == "withdrawn"


def test_a_state_left_empty_is_left_alone(actor) -> None:
    lines = example()
    lines["registrations"][0]["state"] = ""
    lines["enrolments"] = []
    load_region(tables=as_tables(lines), actor=actor)
    assert Registration.objects.get().state == "waiting"
    Registration.objects.update(state="withdrawn")
    load_region(tables=as_tables(lines), actor=actor)
    assert Registration.objects.get().state == "withdrawn"


def test_a_planned_series_may_start_to_run(actor) -> None:
    lines = example()
    lines["enrolments"] = []
    lines["series"][0] |= {
        "state": "planned",
        "leaders": "",
        "former_leaders": "p-marijke",
    }
    load_region(tables=as_tables(lines), actor=actor)
    planned = Series.objects.get()
    assert (planned.state, planned.sessions.count()) == ("planned", 0)
    assert planned.preferred_leaders.count() == 1
    outcome = load_region(tables=as_tables(example()), actor=actor)
    assert outcome.series_ids == (planned.pk,)
    assert planned.sessions.count() == 6


def many(number: int) -> dict[str, list[dict[str, str]]]:
    """The examples, with more residents, rooms, askings and leaders."""
    lines = example()
    for extra in range(1, number):
        lines["rooms"].append(lines["rooms"][0] | {"name": f"Zaal {extra}"})
        for sheet in ("residents", "facilitators"):
            one = lines[sheet][0]
            lines[sheet].append(one | {"code": f"{one['code']}-{extra}"})
        lines["registrations"].append(
            lines["registrations"][0]
            | {"code": f"b-{extra}", "resident": f"p-noor-{extra}", "state": ""}
        )
        lines["series"].append(
            lines["series"][0]
            | {
                "code": f"slapen-{extra}",
                "room": f"de-linde/Zaal {extra}",
                "leaders": f"p-marijke-{extra}",
            }
        )
    return lines


def queries_for(number: int, actor) -> tuple[int, int]:
    """Queries of a first and a second import; nothing of them is kept."""
    lines = many(number)
    with transaction.atomic():
        with CaptureQueriesContext(connection) as first:
            load_region(tables=as_tables(lines), actor=actor)
        with CaptureQueriesContext(connection) as second:
            load_region(tables=as_tables(lines), actor=actor)
        transaction.set_rollback(True)
    return len(first), len(second)


def test_queries_do_not_grow_with_the_rows(actor) -> None:
    assert queries_for(1, actor) == queries_for(3, actor)


def test_dates_skip_closed_days_and_run_on() -> None:
    first = date(2026, 12, 8)
    closed = {date(2026, 12, 22), date(2026, 12, 29)}
    dates = session_dates(
        first=first,
        every_weeks=1,
        count=4,
        follow_up_weeks=6,
        until=None,
        is_closed=closed.__contains__,
    )
    assert dates == [
        date(2026, 12, 8),
        date(2026, 12, 15),
        date(2027, 1, 5),
        date(2027, 1, 12),
        date(2027, 2, 23),
    ]
    open_ended = session_dates(
        first=first,
        every_weeks=2,
        count=None,
        follow_up_weeks=None,
        until=first + timedelta(weeks=4),
        is_closed=closed.__contains__,
    )
    assert open_ended == [date(2026, 12, 8), date(2027, 1, 5)]
