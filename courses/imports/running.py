"""Series that run already: their rows, and every session with its leaders.

Dates follow the rhythm of the offering; a date on a holiday, or on a day on which the
centre is closed, is skipped and the series runs on longer.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import Error, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import SeriesState, SessionState
from courses.imports.cells import ZONE
from courses.imports.loading import field_values, set_many
from courses.imports.putting import (
    Complain,
    Result,
    Wanted,
    constraint_name,
    put,
    refusal,
    sheet_complaint,
)
from courses.imports.sheet import Row, Sheet
from courses.imports.under_way import Loading
from courses.kinds import Format
from courses.models import Offering, Series, SeriesLeader, Session, SessionLeader
from rooms.selectors import closed_dates, holiday_dates

NAMES = uuid.UUID("6c2f1f5e-6d0a-5f0e-9b53-0d2b6a3b7c11")
"""Namespace of the ids of imported series and sessions (RFC 9562, version 5)."""
AGENDA_WEEKS = 26
"""How far an open-ended series is put into the agenda when nothing is said."""
LONGEST = timedelta(weeks=160)
RUNNING_NEEDS = ("weekday", "start_time", "first_date", "leaders")


@dataclass(frozen=True)
class Run:
    """A series to be put into the agenda."""

    number: int
    series: Series
    leader_ids: tuple[int, ...]
    until: date | None


def load_series(loading: Loading, sheet: Sheet) -> set[Any]:
    """Series; one that is in people's agendas already is left as it is."""
    complain, column_of = sheet_complaint(sheet, loading.faults)
    offerings = {one.pk: one for one in Offering.objects.all()}
    columns = [
        one
        for one in sheet.columns
        if one.name not in {"code", "until", "leaders", "former_leaders", "follows"}
    ]
    wanted = []
    for row in loading.rows(sheet):
        values = field_values(loading, sheet, row, Series, columns)
        if values is None:
            continue
        if not _makes_sense(row, offerings[values["offering_id"]], complain):
            continue
        code = row.get("code")
        wanted.append(
            Wanted(
                number=row.number,
                key={"reference": code},
                fields=values,
                only_new={"id": uuid.uuid5(NAMES, code)},
            )
        )
    in_agenda = _in_agenda([one.key["reference"] for one in wanted])
    result = put(
        sheet.model,
        wanted,
        complain=complain,
        column_of=column_of,
        frozen=lambda row: row.reference in in_agenda,
    )
    loading.learn(sheet, loading.rows(sheet), result)
    linked = _link(loading, sheet, result, in_agenda)
    runs = _runs(loading, sheet, result, in_agenda)
    _put_into_agenda(runs, offerings, complain)
    loading.touched_series.extend(run.series.pk for run in runs)
    loading.count(sheet, result, linked)
    leaders = {pk for run in runs for pk in run.leader_ids}
    people = apps.get_model("people.Facilitator")._default_manager
    return set(people.filter(pk__in=leaders).values_list("person_id", flat=True))


def _makes_sense(row: Row, offering: Offering, complain: Complain) -> bool:
    """Whether a running series says when and by whom, and a planned one does not."""
    good = True

    def wrong(column: str, what: str, right: str) -> None:
        nonlocal good
        good = False
        complain(row.number, column, what, right)

    if row.get("state") != SeriesState.RUNNING:
        if row.get("leaders"):
            wrong(
                "leaders",
                _("A group that is still to be planned has no leaders yet."),
                _("Name those of the former run in the column former_leaders."),
            )
        return good
    for name in RUNNING_NEEDS:
        if not row.get(name):
            wrong(name, _("A running group needs this."), "")
    if offering.session_minutes is None:
        wrong(
            "offering",
            _("This offering has no meetings, so no group of it can run."),
            _("Leave the row out, or give the offering minutes a session."),
        )
    if not row.get("room") and offering.format == Format.IN_PERSON:
        wrong(
            "room",
            _("A group that meets on site needs a room."),
            _("Name the room, like de-linde/Tuinkamer."),
        )
    first, weekday = row.get("first_date"), row.get("weekday")
    if first and weekday and first.isoweekday() != weekday:
        wrong(
            "first_date",
            _("This date is not on the weekday of the group."),
            _("Give the date of the first session, or the other weekday."),
        )
    return good


def _in_agenda(codes: list[str]) -> set[str]:
    return set(
        Series.objects.filter(reference__in=codes)
        .exclude(state=SeriesState.PLANNED)
        .values_list("reference", flat=True)
    )


def _link(
    loading: Loading, sheet: Sheet, result: Result, in_agenda: set[str]
) -> set[int]:
    """Which series comes after which, and who led the former run."""
    changed = []
    numbers = set()
    for row in loading.rows(sheet):
        series = result.instances.get(row.number)
        if series is None or series.reference in in_agenda:
            continue
        text = row.get("follows")
        pk = loading.id_of("series", text) if text else None
        if "follows" in row.given and series.follows_id != pk:
            loading.note(sheet, row.number, "follows", series.follows_id, pk)
            series.follows_id = pk
            changed.append(series)
            numbers.add(row.number)
    Series.objects.bulk_update(changed, ["follows"], batch_size=500)
    loose = Result(
        instances={
            number: one
            for number, one in result.instances.items()
            if one.reference not in in_agenda
        }
    )
    as_field = {"former_leaders": "preferred_leaders"}
    return numbers | set_many(loading, _renamed(sheet, as_field), loose)


def _renamed(sheet: Sheet, fields: Mapping[str, str]) -> Sheet:
    """The sheet with only these columns, filling these fields."""
    from dataclasses import replace

    return replace(
        sheet,
        columns=tuple(
            replace(one, field=fields[one.name])
            for one in sheet.columns
            if one.name in fields
        ),
    )


def _runs(
    loading: Loading, sheet: Sheet, result: Result, in_agenda: set[str]
) -> list[Run]:
    runs = []
    for row in loading.rows(sheet):
        series = result.instances.get(row.number)
        if series is None or series.reference in in_agenda:
            continue
        if row.get("state") != SeriesState.RUNNING:
            continue
        leaders = [
            loading.id_of("facilitators", text) for text in row.get("leaders") or ()
        ]
        if None not in leaders:
            runs.append(Run(row.number, series, tuple(leaders), row.get("until")))
    return runs


def _put_into_agenda(
    runs: list[Run], offerings: Mapping[Any, Offering], complain: Complain
) -> None:
    """Leaders, sessions and their leaders of all series; refused ones are named."""
    if not runs:
        return
    calendar = _Calendar(runs, offerings)
    sessions = {run.series.pk: calendar.sessions(run) for run in runs}
    SeriesLeader.objects.bulk_create(
        [
            SeriesLeader(series=run.series, facilitator_id=pk)
            for run in runs
            for pk in run.leader_ids
        ],
        batch_size=500,
    )
    try:
        with transaction.atomic():
            _write(runs, sessions)
    except Error:
        for run in runs:
            try:
                with transaction.atomic():
                    _write([run], sessions)
            except Error as error:
                _tell(run, error, complain)


def _write(runs: list[Run], sessions: Mapping[Any, list[Session]]) -> None:
    Session.objects.bulk_create(
        [one for run in runs for one in sessions[run.series.pk]], batch_size=1000
    )
    SessionLeader.objects.bulk_create(
        [
            SessionLeader(
                session=one, facilitator_id=pk, period=one.period, state=one.state
            )
            for run in runs
            for one in sessions[run.series.pk]
            for pk in run.leader_ids
        ],
        batch_size=1000,
    )


def _tell(run: Run, error: Error, complain: Complain) -> None:
    name = constraint_name(error)
    if name == "courses_session_room_free":
        complain(
            run.number,
            "room",
            _("Another group meets in this room at that time."),
            _("Choose another room or another time."),
        )
    elif name == "courses_session_leader_free":
        complain(
            run.number,
            "leaders",
            _("One of the leaders leads another group at that time."),
            _("Name another leader or choose another time."),
        )
    else:
        complain(run.number, "", refusal(error), "")


class _Calendar:
    """Dates of sessions; holidays and closures of a place are looked up once."""

    def __init__(self, runs: list[Run], offerings: Mapping[Any, Offering]) -> None:
        self.offerings = offerings
        self.first = min(run.series.first_date for run in runs if run.series.first_date)
        room_ids = {run.series.room_id for run in runs if run.series.room_id}
        rooms = apps.get_model("rooms.Room")._default_manager
        self.rooms: dict[Any, Any] = {
            one.pk: one
            for one in rooms.filter(pk__in=room_ids)
            .select_related("centre__place__municipality")
            .prefetch_related("centre__closures")
        }
        municipalities = apps.get_model("people.Municipality")._default_manager
        self.somewhere: Any = municipalities.order_by("pk").first()
        self.known: dict[tuple[Any, bool], set[date]] = {}
        self.now = timezone.now()

    def _closed(self, room: Any, school: bool) -> set[date]:
        key = (room.centre_id if room else None, school)
        if key not in self.known:
            last = self.first + LONGEST
            years = range(self.first.year, last.year + 1)
            place = room.centre.place.municipality if room else self.somewhere
            days = (
                set(holiday_dates(municipality=place, years=years)) if place else set()
            )
            if place and school:
                days |= set(holiday_dates(municipality=place, years=years, school=True))
            if room:
                days |= closed_dates(centre=room.centre, first=self.first, last=last)
            self.known[key] = days
        return self.known[key]

    def sessions(self, run: Run) -> list[Session]:
        """The sessions of a series, ids made from its code and their number."""
        series = run.series
        offering = self.offerings[series.offering_id]
        closed = self._closed(
            self.rooms.get(series.room_id), offering.skips_school_holidays
        )
        dates = session_dates(
            first=_needed(series.first_date),
            every_weeks=offering.every_weeks,
            count=series.sessions_count or offering.sessions_count,
            follow_up_weeks=offering.follow_up_weeks,
            until=run.until,
            is_closed=closed.__contains__,
        )
        length = timedelta(minutes=offering.session_minutes or 0)
        found = []
        for number, day in enumerate(dates, start=1):
            # Wall-clock sums, so that a session keeps its length when clocks change.
            start = datetime.combine(day, _needed(series.start_time))
            found.append(
                Session(
                    id=uuid.uuid5(NAMES, f"{series.reference}/{number}"),
                    series=series,
                    number=number,
                    period=DateTimeTZRange(
                        start.replace(tzinfo=ZONE),
                        (start + length).replace(tzinfo=ZONE),
                    ),
                    room_id=series.room_id,
                    online=series.room_id is None,
                    state=SessionState.PUBLISHED,
                    created_at=self.now,
                    last_modified=self.now,
                )
            )
        return found


def _needed(value: Any) -> Any:
    if value is None:
        raise ValueError("a running series without a first date or start time")
    return value


def session_dates(
    *,
    first: date,
    every_weeks: int,
    count: int | None,
    follow_up_weeks: int | None,
    until: date | None,
    is_closed: Callable[[date], bool],
) -> list[date]:
    """Dates from `first`, each closed date moved up by whole weeks.

    `count` None runs until `until` (included), or `AGENDA_WEEKS` without it.
    """
    last = until or first + timedelta(weeks=AGENDA_WEEKS)
    found: list[date] = []
    day = first
    while (len(found) < count) if count else (day <= last):
        if is_closed(day):
            day += timedelta(weeks=1)
            continue
        found.append(day)
        day += timedelta(weeks=every_weeks)
    if follow_up_weeks is not None and found:
        day = found[-1] + timedelta(weeks=follow_up_weeks)
        while is_closed(day):
            day += timedelta(weeks=1)
        found.append(day)
    return found
