"""My wishes, a copy of my data, and having them erased."""

from __future__ import annotations

import csv
import io
import json
from datetime import time, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from courses.models import Enrolment, Registration
from people.enums import Role
from people.models import ErasureRequest, Person, Resident, User
from people.services.erasure import ask_erasure, erase
from people.services.own_data import parts
from scheduling.models import PlanningRun
from tests.factories import (
    AvailabilityWindowFactory,
    EnrolmentFactory,
    ErasureRequestFactory,
    FacilitatorFactory,
    OutboxMessageFactory,
    PersonFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    UserFactory,
)
from tests.locking import locked_at_one_go
from tests.web.html import faults

pytestmark = pytest.mark.django_db
OFFICER = Actor(user_id="9", role="privacy_officer")


@pytest.fixture
def noor() -> Resident:
    user = UserFactory(email="noor@example.org", role=Role.RESIDENT)
    return ResidentFactory(person=PersonFactory(user=user, call_name="Noor"))


@pytest.fixture
def page(client: Client, noor: Resident) -> Client:
    client.force_login(noor.person.user)
    return client


WISHES: dict[str, Any] = {
    "travel_limit_minutes": "45",
    "travel_mode": "car",
    "pace_per_week": "1",
}


def test_wishes_are_kept_as_the_planner_reads_them(
    page: Client, noor: Resident
) -> None:
    assert faults(page.get("/mijn-gegevens/wensen/").content.decode()) == []
    form = {
        **WISHES,
        "hours": ["2-morning", "2-afternoon", "4-evening"],
        "format_wishes": ["online"],
        "access_needs": ["lift"],
        "with_companion": "on",
    }
    assert page.post("/mijn-gegevens/wensen/", form).status_code == 302
    noor.refresh_from_db()
    assert (noor.travel_limit_minutes, noor.travel_mode, noor.pace_per_week) == (
        45, "car", 1,
    )  # fmt: skip
    assert (noor.format_wishes, noor.access_needs) == (["online"], ["lift"])
    assert noor.with_companion
    windows = noor.person.windows.order_by("weekday", "start")
    assert list(windows.values_list("weekday", "start", "end")) == [
        (2, time(8), time(17, 30)),
        (4, time(17, 30), time(22)),
    ]
    shown = page.get("/mijn-gegevens/wensen/").context["form"]
    assert set(shown.initial["hours"]) == set(form["hours"])


def test_more_precise_hours_stay_when_the_ticks_do(
    page: Client, noor: Resident
) -> None:
    AvailabilityWindowFactory(person=noor.person, weekday=2, start=time(9))
    page.post("/mijn-gegevens/wensen/", {**WISHES, "hours": ["2-morning"]})
    assert noor.person.windows.get().start == time(9)
    page.post("/mijn-gegevens/wensen/", WISHES)
    assert noor.person.windows.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"travel_limit_minutes": "100000"},
        {"travel_mode": "rocket"},
        {"hours": ["9-night"]},
        {"access_needs": ["<script>"]},
    ],
)
def test_wishes_that_are_not_there_are_refused(
    page: Client, noor: Resident, wrong: dict[str, Any]
) -> None:
    answer = page.post("/mijn-gegevens/wensen/", {**WISHES, **wrong})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    noor.refresh_from_db()
    assert noor.travel_limit_minutes == 30


def test_the_copy_has_everything_of_mine_and_nothing_of_others(
    page: Client, noor: Resident
) -> None:
    series = SeriesFactory(published=True)
    registration = RegistrationFactory(resident=noor, state="placed")
    EnrolmentFactory(registration=registration, series=series)
    other = EnrolmentFactory(series=series).resident.person
    OutboxMessageFactory(recipient=noor.person, body="Een bericht voor u")
    OutboxMessageFactory(recipient=other, body="Een bericht voor een ander")
    answer = page.post("/mijn-gegevens/downloaden/", {"way": "json"})
    data = json.loads(answer.content)
    assert set(data["parts"]) == {part.key for part in parts()}
    text = answer.content.decode()
    assert "Noor" in text
    assert series.offering.title in text
    assert "Een bericht voor u" in text
    assert other.call_name not in text
    assert "voor een ander" not in text
    assert answer.headers["Cache-Control"] == "no-store"
    shown = page.get("/mijn-gegevens/").content.decode()
    assert faults(shown) == []
    assert series.offering.title in shown
    codes = AuditEvent.objects.filter(subject_ids=[str(noor.person_id)])
    assert {"own_data.json", "own_data.page"} <= set(
        codes.values_list("event_code", flat=True)
    )


def test_formulas_in_the_copy_are_words(page: Client, noor: Resident) -> None:
    noor.person.alias = '=HYPERLINK("http://example.org")'
    noor.person.save()
    text = page.post("/mijn-gegevens/downloaden/", {"way": "csv"}).content.decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert all(len(row) == 4 for row in rows)
    cells = [cell for row in rows for cell in row]
    assert "'" + noor.person.alias in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


# --- Erasure ---------------------------------------------------------------------


def test_erasure_is_asked_thought_over_and_taken_back(
    page: Client, noor: Resident
) -> None:
    where = "/mijn-gegevens/wissen/"
    assert faults(page.get(where).content.decode()) == []
    page.post(where, {})  # not sure yet
    assert ErasureRequest.objects.count() == 0
    for _press in range(2):
        page.post(where, {"sure": "on"})
    request = ErasureRequest.objects.get()
    assert request.due_on == timezone.localdate() + timedelta(days=14)
    assert faults(page.get(where).content.decode()) == []
    page.post(where, {"act": "stop"})
    request.refresh_from_db()
    assert request.state == "withdrawn"
    page.post(where, {"act": "stop"})  # the back button
    assert ErasureRequest.objects.count() == 1


def due(person: Person) -> ErasureRequest:
    return ErasureRequestFactory(person=person, due_on=timezone.localdate())


def test_a_dry_run_counts_and_changes_nothing(noor: Resident) -> None:
    EnrolmentFactory(registration=RegistrationFactory(resident=noor, state="placed"))
    request = due(noor.person)
    events = AuditEvent.objects.count()
    counts = erase(actor=OFFICER, request=request, dry_run=True)
    assert counts["people.Person"] == counts["courses.Enrolment"] == 1
    assert Person.objects.filter(pk=noor.person_id).exists()
    assert AuditEvent.objects.count() == events
    request.refresh_from_db()
    assert request.state == "asked"


def test_erasing_takes_all_away_and_keeps_the_log(noor: Resident) -> None:
    number, user = noor.person_id, noor.person.user
    seat = EnrolmentFactory(
        registration=RegistrationFactory(resident=noor, state="placed")
    )
    next_in_turn = RegistrationChoiceFactory(series=seat.series).registration
    OutboxMessageFactory(recipient=noor.person)
    run = PlanningRun.objects.create(
        first_date=timezone.localdate(), last_date=timezone.localdate(),
        state="done", problem={"facts": 1}, rows={"persons": {"o1": number}},
    )  # fmt: skip
    other = PlanningRun.objects.create(
        first_date=timezone.localdate(), last_date=timezone.localdate(),
        state="done", problem={"facts": 1}, rows={"persons": {"o1": number + 1}},
    )  # fmt: skip
    ask_erasure(actor=OFFICER, person=noor.person)
    request = ErasureRequest.objects.get()
    counts = erase(actor=OFFICER, request=request, dry_run=False)
    assert not Person.objects.filter(pk=number).exists()
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Registration.objects.filter(resident=noor.pk).exists()
    assert not Enrolment.objects.filter(resident=noor.pk).exists()
    assert Registration.objects.filter(pk=next_in_turn.pk).exists()
    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.problem, run.rows) == (None, {})
    assert other.problem == {"facts": 1}
    request.refresh_from_db()
    assert (request.state, request.person, request.person_number) == (
        "done", None, number,
    )  # fmt: skip
    assert request.erased == counts
    assert AuditEvent.objects.filter(
        event_code="erasure.done", subject_ids=[str(number)]
    ).exists()
    assert erase(actor=OFFICER, request=request, dry_run=False) == {}


def test_what_is_erased_is_locked_at_one_go(noor: Resident) -> None:
    """Two programs that end what the same people ask never wait for each other."""
    seats = [
        EnrolmentFactory(
            series=SeriesFactory(published=True),
            registration=RegistrationFactory(resident=noor, state="placed"),
        )
        for _ in range(2)
    ]
    waits = [RegistrationChoiceFactory(series=one.series).registration for one in seats]
    wanted = RegistrationChoiceFactory(
        registration__resident=noor, series=SeriesFactory(published=True)
    )
    request = due(noor.person)
    with CaptureQueriesContext(connection) as seen:
        erase(actor=OFFICER, request=request, dry_run=False)
    series, people = locked_at_one_go(seen.captured_queries)
    assert {one.series.pk.hex for one in (*seats, wanted)} == series
    own = {*(one.registration_id for one in seats), wanted.registration_id}
    assert {str(key) for key in (*own, *(one.pk for one in waits))} <= people


def test_who_also_leads_stays_known_as_a_leader(noor: Resident) -> None:
    leader = FacilitatorFactory(person=noor.person)
    erase(actor=OFFICER, request=due(noor.person), dry_run=False)
    leader.refresh_from_db()
    assert leader.person.call_name == "Noor"
    assert not Resident.objects.filter(pk=noor.pk).exists()


def test_the_command_says_first_and_erases_when_told(
    noor: Resident, capsys: pytest.CaptureFixture[str]
) -> None:
    due(noor.person)
    later = ErasureRequestFactory(due_on=timezone.localdate() + timedelta(days=1))
    call_command("erase_people")
    assert "would erase" in capsys.readouterr().out
    assert Person.objects.filter(pk=noor.person_id).exists()
    call_command("erase_people", "--really")
    assert not Person.objects.filter(pk=noor.person_id).exists()
    later.refresh_from_db()
    assert later.state == "asked"
    call_command("erase_people")
    assert capsys.readouterr().out.endswith("no request is due\n")


def test_the_privacy_officer_sees_numbers_and_no_names(
    client: Client, noor: Resident
) -> None:
    due(noor.person)
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER))
    text = client.get("/verzoeken-tot-wissen/").content.decode()
    assert faults(text) == []
    assert str(noor.person_id) in text
    assert "Noor" not in text
