"""A leader's pages: own meetings only, odd presses, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Attendance, Session
from courses.services import ask_leaders
from messaging.models import OutboxMessage
from people.enums import Role
from people.models import Leave
from tests.factories import (
    EnrolmentFactory,
    PersonFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.publishing.feed_data import ACTOR
from tests.web.html import faults
from tests.web.offer_data import Region, a_region

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_X_REQUESTED_WITH": "gem"}


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def wim(client: Client, region: Region) -> Client:
    client.force_login(region.leader.person.user)
    return client


@pytest.fixture
def coordinator(region: Region) -> Any:
    """A coordinator who can be written to."""
    return PersonFactory(user=UserFactory(role=Role.COORDINATOR))


@pytest.fixture
def today(region: Region) -> Session:
    session = region.series["money"].sessions.order_by("number")[0]
    begin = timezone.now() - timedelta(minutes=20)
    Session.objects.filter(pk=session.pk).update(
        period=DateTimeTZRange(begin, begin + timedelta(minutes=120))
    )
    session.refresh_from_db()
    return session


def member(session: Any, name: str, alias: str = "") -> Any:
    person = PersonFactory(call_name=name, alias=alias)
    return EnrolmentFactory(
        registration=RegistrationFactory(resident__person=person), series=session.series
    )


def page_of(name: str, session: Any) -> str:
    return reverse(f"publishing:{name}", args=[session.pk])


def told() -> list[tuple[int, str, str]]:
    """Who was told, whether it waits for review, and where the button leads."""
    rows = OutboxMessage.objects.exclude(secret=True).order_by("pk")
    return [(one.recipient_id or 0, one.state, one.link) for one in rows]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", ["my_times", "ill", "ask_room"])
def test_own_pages_are_sound(wim: Client, name: str, language: str) -> None:
    wim.cookies["django_language"] = language
    page = wim.get(reverse(f"publishing:{name}"))
    assert faults(page.content.decode(), language) == []


@pytest.mark.parametrize("name", ["meeting", "attendance"])
def test_a_meeting_shows_names_as_used_in_groups_and_is_logged(
    wim: Client, today: Session, name: str
) -> None:
    seen = [member(today, "Truus", alias="Merel"), member(today, "Bas")]
    text = wim.get(page_of(name, today)).content.decode()
    assert faults(text) == []
    assert "Merel" in text
    assert "Bas" in text
    assert "Truus" not in text
    for one in seen:
        assert one.resident.person.contact_address not in text
    event = AuditEvent.objects.filter(event_code="attendance.read").latest("pk")
    assert set(event.subject_ids) == {str(one.resident.person_id) for one in seen}
    assert event.object_id == str(today.pk)


def test_a_meeting_of_others_is_not_found_and_that_is_logged(
    wim: Client, region: Region
) -> None:
    other = region.series["care"].sessions.first()
    for name in ("meeting", "attendance"):
        for ask in (wim.get, wim.post):
            assert ask(page_of(name, other)).status_code == 404
    assert AuditEvent.objects.filter(result="refused").count() == 4


def test_queries_do_not_grow_with_who_comes(wim: Client, today: Session) -> None:
    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            wim.get(page_of(name, today))
        return len(seen)

    for name in ("meeting", "attendance"):
        member(today, "Een")
        one = queries(name)
        for _ in range(2):
            member(today, "Meer")
        assert queries(name) == one <= 14


def test_odd_marks_do_no_harm(wim: Client, today: Session) -> None:
    one = member(today, "<script>alert(1)</script>")
    address = page_of("attendance", today)
    assert "<script>alert" not in wim.get(address).content.decode()
    answer = wim.post(
        address,
        {
            "version": "0",
            "who": [str(one.pk), "x", "-1", "9" * 40, "²"],
            "there": [f"{one.pk}:0", "1:99", "nonsense"],
            "visitors": "",
        },
    )
    assert answer.status_code == 302
    assert [row.there for row in Attendance.objects.all()] == [[True]]


@pytest.mark.parametrize("version", ["", "-1", "one", "9" * 50])
def test_an_odd_version_is_a_conflict_and_not_a_fault(
    wim: Client, today: Session, version: str
) -> None:
    one = member(today, "Bas")
    answer = wim.post(
        page_of("attendance", today), {"version": version, "who": [one.pk]}, **SCRIPT
    )
    assert answer.status_code == 409
    assert not Attendance.objects.exists()


def test_a_script_gets_a_bare_answer(wim: Client, today: Session) -> None:
    one = member(today, "Bas")
    marks = {"version": "0", "who": [one.pk], "there": [f"{one.pk}:0"]}
    for _press in range(2):
        answer = wim.post(page_of("attendance", today), marks, **SCRIPT)
        assert (answer.status_code, answer.content) == (204, b"")


def test_marks_too_early_are_refused_with_the_marks_still_there(
    wim: Client, region: Region
) -> None:
    session = region.series["money"].sessions.order_by("number")[1]
    one = member(session, "Bas")
    answer = wim.post(page_of("attendance", session), {"version": "0", "who": [one.pk]})
    assert answer.status_code == 400
    assert faults(answer.content.decode()) == []
    assert not answer.context["rows"][0].boxes[0].ticked


def test_the_worker_is_a_script_below_the_leader_s_pages() -> None:
    answer = Client().get(reverse("publishing:attendance_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"gem-attendance" in answer.content
    path = reverse("publishing:attendance_worker")
    assert path.startswith(reverse("publishing:my_agenda"))


def test_illness_is_leave_and_the_coordinator_is_told_once(
    wim: Client, region: Region, coordinator: Any
) -> None:
    first = region.series["full"].first_date
    days = {"first": first, "last": first + timedelta(days=1)}
    for _press in range(2):
        assert wim.post(reverse("publishing:ill"), days).status_code == 302
    leave = Leave.objects.get()
    assert (leave.days.lower, leave.days.upper) == (first, first + timedelta(days=2))
    ((who, state, link),) = told()
    assert (who, state) == (coordinator.pk, "approved")
    assert "/week/" in link
    message = OutboxMessage.objects.get()
    for word in ("rouw", "Wim", "ziek", "ill"):
        assert word not in f"{message.subject} {message.body} {message.key}"


def test_days_without_meetings_tell_nobody(wim: Client, coordinator: Any) -> None:
    day = timezone.localdate() + timedelta(days=300)
    wim.post(reverse("publishing:ill"), {"first": day, "last": ""})
    assert Leave.objects.count() == 1
    assert told() == []


@pytest.mark.parametrize(
    "data", [{}, {"first": "soon"}, {"first": "2020-01-01"}, {"first": "9999-12-31"}]
)
def test_impossible_days_are_refused_in_words(
    wim: Client, data: dict[str, str]
) -> None:
    for name, more in (("ill", {}), ("my_times", {"act": "away"})):
        answer = wim.post(reverse(f"publishing:{name}"), data | more)
        assert answer.status_code == 400
        assert faults(answer.content.decode()) == []
    assert not Leave.objects.exists()


def test_asking_for_a_substitute_tells_the_coordinator_once(
    wim: Client, region: Region, coordinator: Any
) -> None:
    session = region.series["full"].sessions.order_by("number")[1]
    for _press in range(2):
        wim.post(page_of("meeting", session), {"act": "help"})
    assert [(who, link.rsplit("/", 2)[1]) for who, _state, link in told()] == [
        (coordinator.pk, str(session.pk))
    ]


def test_a_refusal_on_the_page_tells_the_coordinator(
    wim: Client, region: Region, coordinator: Any
) -> None:
    ask_leaders(actor=ACTOR, series_ids=[region.series["full"].pk])
    asked = wim.get("/mijn-agenda/").context["asked"]
    address = reverse("publishing:assignment", args=[asked[0].pk])
    assert wim.post(address, {"answer": "no"}).status_code == 400
    assert told() == []
    assert wim.post(address, {"answer": "no", "reason": "time"}).status_code == 302
    assert [who for who, _state, _link in told()] == [coordinator.pk]
    assert wim.get("/mijn-agenda/").context["asked"] == []


def test_a_link_shows_no_subject_no_name_and_is_not_kept(region: Region) -> None:
    asked = ask_leaders(actor=ACTOR, series_ids=[region.series["full"].pk])
    address = reverse("publishing:assignment_link", args=[asked[0].token])
    answer = Client().get(address)
    text = answer.content.decode()
    assert faults(text) == []
    for word in ("rouw", "Wim", "Sanne"):
        assert word not in text.partition("<main")[2]
    assert "no-store" in answer["Cache-Control"]
    # Not to other sites; without any the press itself would be refused (CSRF).
    assert answer["Referrer-Policy"] == "same-origin"
    over = Client().get(reverse("publishing:assignment_link", args=["A" * 22]))
    assert over.status_code == 410
    assert faults(over.content.decode()) == []


def test_the_grid_of_a_centre_says_that_a_drop_in_is_open_to_all(
    client: Client, region: Region
) -> None:
    client.force_login(UserFactory(role=Role.CENTRE_MANAGER))
    week = region.series["walk in"].first_date.isocalendar()
    page = client.get(f"/locaties/de-kade/?week={week.year}-W{week.week:02}")
    assert (
        "0 deelnemers" not in page.content.decode().partition("Inloop De Kade")[2][:400]
    )
