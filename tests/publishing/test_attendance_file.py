"""Attendance as a file: own meetings for a leader, the group for a coordinator."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from courses.services import cancel_session, save_sheet
from people.enums import Role
from tests.factories import (
    AbsenceFactory,
    EnrolmentFactory,
    FacilitatorFactory,
    OfferingFactory,
    OrganisationFactory,
    PersonFactory,
    RegistrationFactory,
    SeriesFactory,
    SessionFactory,
    SessionLeaderFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
Rows = list[list[str]]


class World:
    """A group treatment of 90 minutes in three parts; an evening course beside it."""

    def __init__(self) -> None:
        self.leader = FacilitatorFactory(
            person=PersonFactory(user=UserFactory(role=Role.FACILITATOR))
        )
        self.organisation = OrganisationFactory()
        offering = OfferingFactory(
            kind="group_treatment", organisation=self.organisation
        )
        self.series = SeriesFactory(published=True, offering=offering)
        self.sessions = [self.session(number) for number in (1, 2, 3)]
        for one in self.sessions[:2]:
            SessionLeaderFactory(session=one, facilitator=self.leader)
        SessionLeaderFactory(session=self.sessions[2])
        self.noor = self.member("Noor")

    def session(self, number: int) -> Any:
        begin = timezone.now() - timedelta(days=20 - 5 * number)
        return SessionFactory(
            series=self.series,
            number=number,
            room=None,
            period=DateTimeTZRange(begin, begin + timedelta(minutes=90)),
        )

    def member(self, name: str, **more: Any) -> Any:
        person = PersonFactory(
            call_name=name, reference=f"K-{name}", organisation=self.organisation
        )
        return EnrolmentFactory(
            registration=RegistrationFactory(resident__person=person),
            series=self.series,
            **more,
        )

    def note(self, there: list[bool]) -> None:
        save_sheet(
            actor=Actor.system("test"),
            facilitator=self.leader,
            session=self.sessions[0],
            version=0,
            marks={self.noor.pk: there},
        )

    @property
    def own(self) -> str:
        return reverse("publishing:own_attendance", args=[self.sessions[0].pk])

    @property
    def group(self) -> str:
        return reverse("publishing:group_attendance", args=[self.series.pk])


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def wim(client: Client, world: World) -> Client:
    client.force_login(world.leader.person.user)
    client.cookies["django_language"] = "en"
    return client


def read(client: Client, path: str) -> Rows:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_a_leader_has_a_line_for_each_half_hour_of_own_meetings(
    wim: Client, world: World
) -> None:
    world.note([True, True, False])
    AbsenceFactory(enrolment=world.noor, session=world.sessions[1])
    head, *rows = read(wim, world.own)
    assert "Reference" not in head
    assert [(row[3], row[4], row[6], row[7]) for row in rows] == [
        ("1", "Noor", "no", "yes"),
        ("1", "Noor", "no", "yes"),
        ("1", "Noor", "no", "no"),
        *[("2", "Noor", "yes", "not noted")] * 3,
    ]
    starts = [row[1] for row in rows[:3]]
    assert starts == sorted(starts)
    assert rows[0][2] == rows[1][1]
    line = AuditEvent.objects.get(event_code="attendance.export")
    assert line.subject_ids == [str(world.noor.resident.person_id)]
    assert line.action == "E"


def test_who_left_stays_where_something_was_noted(wim: Client, world: World) -> None:
    world.note([True, False, False])
    type(world.noor).objects.filter(pk=world.noor.pk).update(state="withdrawn")
    _head, *rows = read(wim, world.own)
    assert {row[3] for row in rows} == {"1"}


def test_a_cancelled_meeting_is_not_in_it(wim: Client, world: World) -> None:
    cancel_session(session=world.sessions[1], actor=Actor.system("test"))
    _head, *rows = read(wim, world.own)
    assert {row[3] for row in rows} == {"1"}


@pytest.mark.parametrize("name", ["=1+1", "+31", "-1", "@SUM(A1)", "\tx"])
def test_formulas_are_words(wim: Client, world: World, name: str) -> None:
    world.member(name)
    _head, *rows = read(wim, world.own)
    assert f"'{name}" in {row[4] for row in rows}
    assert not [x for row in rows for x in row if x.startswith(tuple("=+-@\t"))]


def test_a_coordinator_has_the_group_with_references(
    client: Client, world: World
) -> None:
    client.force_login(
        UserFactory(role=Role.COORDINATOR, organisation=world.organisation)
    )
    _head, *rows = read(client, world.group)
    assert {row[3] for row in rows} == {"1", "2", "3"}
    assert {row[5] for row in rows} == {"K-Noor"}


def test_others_find_nothing_and_that_is_logged(client: Client, world: World) -> None:
    for user in (
        UserFactory(role=Role.COORDINATOR, organisation=OrganisationFactory()),
        UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR),
        UserFactory(role=Role.PRIVACY_OFFICER),
        world.noor.resident.person.user or UserFactory(role=Role.RESIDENT),
    ):
        client.force_login(user)
        assert client.get(world.group).status_code == 404
        assert client.get(world.own).status_code == 404
    refused = AuditEvent.objects.filter(
        result="refused", event_code="attendance.export"
    )
    assert refused.count() == 4


def test_as_many_queries_for_three_as_for_one(wim: Client, world: World) -> None:
    world.note([True, True, True])
    numbers = []
    for more in ("Wil", "Bo"):
        with CaptureQueriesContext(connection) as caught:
            wim.get(world.own)
        numbers.append(len(caught))
        world.member(more), world.member(f"An {more}")
    assert numbers[0] == numbers[1]
