"""Feeds read by programs that are not ours: each shows exactly the leader's sessions.

The year holds both changes of the clock, so a wrong time zone is seen at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import recurring_ical_events
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from icalendar import Calendar

from courses.models import Session
from courses.services import cancel_session, move_session
from publishing.rhythm import ZONE
from tests.publishing.feed_data import ACTOR, a_leader, a_year, leader_path

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = Path(__file__).resolve().parent / "clients"
# Day, start and end as a wall clock shows them, and whether it was cancelled.
Shown = tuple[str, str, str, bool]


def as_shown(start: datetime, end: datetime, *, cancelled: bool) -> Shown:
    begin, over = start.astimezone(ZONE), end.astimezone(ZONE)
    return (
        begin.date().isoformat(),
        f"{begin:%H:%M}",
        f"{over:%H:%M}",
        cancelled,
    )


def expected() -> list[Shown]:
    """What the rows say, by their own wall clock."""
    return sorted(
        as_shown(one.period.lower, one.period.upper, cancelled=one.state == "cancelled")
        for one in Session.objects.all()
    )


def change(sessions: list[Session]) -> None:
    """Move one session to another day and time, and cancel another."""
    period = DateTimeTZRange(
        *(end + timedelta(days=1, hours=4) for end in (
            sessions[2].period.lower, sessions[2].period.upper
        ))
    )  # fmt: skip
    move_session(
        session=sessions[2],
        period=period,
        room_id=sessions[2].room_id,
        actor=ACTOR,
    )
    cancel_session(session=sessions[4], actor=ACTOR)


def feed(client: Client) -> bytes:
    """A leader's feed with a moved and a cancelled session."""
    leader = a_leader()
    change(a_year(leader))
    return client.get(leader_path(leader)).content


def offsets(shown: list[Shown]) -> set[str]:
    return {
        str(datetime.fromisoformat(f"{day}T{start}").replace(tzinfo=ZONE).utcoffset())
        for day, start, _end, _cancelled in shown
    }


@pytest.mark.django_db
def test_recurring_ical_events_sees_every_session(client: Client) -> None:
    calendar = Calendar.from_ical(feed(client))
    span = [one.period for one in Session.objects.order_by("period")]
    found = recurring_ical_events.of(calendar).between(span[0].lower, span[-1].upper)
    shown = sorted(
        as_shown(
            event["dtstart"].dt,
            event["dtend"].dt,
            cancelled=event["status"] == "CANCELLED",
        )
        for event in found
    )
    assert shown == expected()
    assert offsets(shown) == {"1:00:00", "2:00:00"}  # summer and winter are in it


def read_by(command: list[str], data: bytes) -> list[dict[str, Any]]:
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    events: list[dict[str, Any]] = json.loads(done.stdout)
    return events


def same_as_rows(events: list[dict[str, Any]]) -> None:
    shown = sorted(
        as_shown(
            datetime.fromtimestamp(event["start"], ZONE),
            datetime.fromtimestamp(event["end"], ZONE),
            cancelled=event["status"] == "CANCELLED",
        )
        for event in events
    )
    assert shown == expected()
    sequences = {event["uid"]: event["sequence"] for event in events}
    assert sequences == {str(one.pk): one.sequence for one in Session.objects.all()}


@pytest.mark.needs("node")
@pytest.mark.django_db
def test_ical_js_sees_every_session_with_our_time_zone(client: Client) -> None:
    script = CLIENTS / "icaljs.mjs"
    same_as_rows(
        read_by(["node", str(script), str(ROOT / "package.json")], feed(client))
    )


@pytest.mark.needs("libical")
@pytest.mark.django_db
def test_libical_sees_every_session(client: Client) -> None:
    script = CLIENTS / "libical.py"
    same_as_rows(read_by(["/usr/bin/python3", str(script)], feed(client)))


VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair gem]
a = "ours"
b = "theirs"
collections = null
[storage ours]
type = "filesystem"
path = "{folder}/agenda/"
fileext = ".ics"
[storage theirs]
type = "http"
url = "{url}"
"""
KHAL = """
[calendars]
[[gem]]
path = {folder}/agenda/
type = calendar
readonly = True
[locale]
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


class Subscriber:
    """A leader's own computer: vdirsyncer subscribes over HTTP, khal shows."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        (folder / "agenda").mkdir()
        words = {"folder": folder, "url": url}
        (folder / "vdirsyncer.conf").write_text(VDIRSYNCER.format(**words))
        (folder / "khal.conf").write_text(KHAL.format(**words))
        self._run("vdirsyncer", "-c", "vdirsyncer.conf", "discover", "gem")

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(Path(sys.executable).parent / program), *arguments],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sync(self) -> None:
        self._run("vdirsyncer", "-c", "vdirsyncer.conf", "sync", "gem")

    def files(self) -> set[str]:
        """The text of each event; vdirsyncer names its file after the text."""
        return {path.read_text() for path in (self.folder / "agenda").glob("*.ics")}

    def shows(self) -> list[Shown]:
        form = "{start-date}|{start-time}|{end-time}|{status}"
        text = self._run(
            "khal", "-c", "khal.conf", "list", "--day-format", "", "--format", form,
            "today", "400d",
        )  # fmt: skip
        lines = [line.split("|") for line in text.splitlines() if "|" in line]
        return sorted(
            (day, start, end, "CANCELLED" in status)
            for day, start, end, status in lines
        )


@pytest.mark.django_db(transaction=True)
def test_khal_shows_the_leaders_sessions_and_follows_changes(
    live_server: Any, tmp_path: Path
) -> None:
    leader = a_leader()
    sessions = a_year(leader)
    a_year(a_leader())  # someone else's, in other rooms
    others = Session.objects.exclude(pk__in=[one.pk for one in sessions])
    subscriber = Subscriber(tmp_path, live_server.url + leader_path(leader))
    subscriber.sync()
    before = subscriber.files()
    others.delete()  # so that the rows left are what must be shown
    assert subscriber.shows() == expected()
    change(sessions)
    subscriber.sync()
    after = subscriber.files()
    assert subscriber.shows() == expected()
    assert len(before) == len(after) == 50
    assert len(after - before) == 2  # the moved and the cancelled one, no other
