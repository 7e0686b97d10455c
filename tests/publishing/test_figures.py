"""The page of figures: true numbers, nobody to be found, constant queries, logged."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from people.enums import Role
from publishing.figures.page import Asked, figures_for
from publishing.figures.section import Section
from tests.factories import (
    EnrolmentFactory,
    MunicipalityFactory,
    OfferingFactory,
    PersonFactory,
    PlaceFactory,
    ReferralFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    SessionFactory,
    SessionLeaderFactory,
    UserFactory,
    reason_code,
)
from tests.scheduling.views.conftest import room_in_use
from tests.web.html import faults

pytestmark = pytest.mark.django_db
NAME = "Zilverlinde"


def town(code: str, name: str, inhabitants: int | None = None) -> Any:
    municipality = MunicipalityFactory(code=code, name=name, inhabitants=inhabitants)
    return PlaceFactory(municipality=municipality)


def seat(place: Any, *, waited: int, ago: int = 10, norm: int = 28, **more: Any) -> Any:
    """Somebody there who waited so many days for a seat given `ago` days ago."""
    given = timezone.now() - timedelta(days=ago)
    asked = given - timedelta(days=waited)
    person = PersonFactory(call_name=NAME, place=place)
    registration = RegistrationFactory(
        resident=ResidentFactory(person=person),
        state="placed",
        registered_at=asked,
        norm_date=asked.date() + timedelta(days=norm),
        **more.pop("registration", {}),
    )
    series = more.pop("series", None) or SeriesFactory(published=True)
    return EnrolmentFactory(registration=registration, series=series, made_at=given)


def sections(municipality: str = "", weeks: int = 13) -> dict[str, Section]:
    asked = Asked(weeks=weeks, municipality=municipality, today=timezone.localdate())
    found = figures_for(actor=Actor.system("test"), asked=asked)
    return {one.id: one for one in found.sections}


def rows(section: Section) -> dict[str, list[Any]]:
    return {name: list(cells) for name, cells in section.rows}


def test_waits_are_those_of_the_seats_given_in_the_period() -> None:
    place = town("GM0150", "Deventer")
    for days in (10, 20, 30, 40, 50):
        seat(place, waited=days)
    for _number in range(6):
        seat(place, waited=300, ago=200)
    (cells,) = rows(sections()["per-gemeente"]).values()
    assert cells == [5, 30, 50, pytest.approx(0.4)]
    (cells,) = rows(sections(weeks=52)["per-gemeente"]).values()
    assert cells[0] == 11


def test_a_municipality_can_be_looked_at_alone_and_few_people_are_hidden() -> None:
    for _number in range(5):
        seat(town("GM0150", "Deventer"), waited=10)
    for _number in range(3):
        seat(town("GM0177", "Raalte"), waited=90)
    for _number in range(6):
        seat(town("GM0273", "Voorst"), waited=20)
    all_three = rows(sections()["per-gemeente"])
    assert all_three["Voorst"][:2] == [6, 20]
    assert all_three["Raalte"] == [None, None, None, None]
    # Their sum is on the page: 14 less 6 and 5 would be the three of Raalte.
    assert all_three["Deventer"][:2] == [None, 10]
    assert "per-gemeente" not in sections("GM0177")
    steps = rows(sections("GM0150")["per-stap"])
    assert [5, 10, 10, 1.0] in list(steps.values())


def test_a_conversation_counts_from_its_referral() -> None:
    today = timezone.localdate()
    for days in (7, 14, 21, 28, 35):
        given = seat(town("GM0150", "Deventer"), waited=days, ago=5)
        moment = timezone.now() - timedelta(days=2)
        session_on(given.series, moment)
        ReferralFactory(
            resident=given.registration.resident,
            registration=given.registration,
            received_on=today - timedelta(days=days + 2),
            target_date=today + timedelta(days=26 - days),
        )
    first = next(iter(rows(sections()["per-stap"]).values()))
    assert first == [5, 21, 35, pytest.approx(0.8)]


def session_on(series: Any, moment: datetime, **more: Any) -> Any:
    from psycopg.types.range import TimestamptzRange

    return SessionFactory(
        series=series,
        period=TimestamptzRange(moment, moment + timedelta(minutes=90)),
        **more,
    )


def test_group_digital_and_one_to_one_with_their_reasons() -> None:
    place = town("GM0150", "Deventer")
    single = SeriesFactory(published=True, offering=OfferingFactory(kind="one_to_one"))
    why = {"one_to_one_reason": reason_code("language"), "reason_by": UserFactory(),
           "reason_at": timezone.now()}  # fmt: skip
    for _number in range(15):
        seat(place, waited=10)
    for _number in range(5):
        seat(place, waited=10, series=single, registration=why)
    found = sections()
    assert [cells[0] for cells in rows(found["vorm"]).values()] == [15, 0, 5]
    assert list(rows(found["redenen"]).values()) == [[5, 1.0]]


def test_reach_counts_a_person_once_per_thousand_inhabitants() -> None:
    place = town("GM0150", "Deventer", 10_000)
    for _number in range(9):
        seat(place, waited=10)
    again = seat(place, waited=10)
    EnrolmentFactory(
        registration=RegistrationFactory(
            resident=again.registration.resident, state="placed"
        ),
        series=SeriesFactory(published=True),
    )
    assert rows(sections()["bereik"])["Deventer"] == [10, 10_000, 1.0]


def test_rooms_count_our_hours_and_those_of_others_of_the_open_hours() -> None:
    room = room_in_use()
    session_on(
        SeriesFactory(published=True), timezone.now() - timedelta(days=3), room=room
    )
    (cells,) = rows(sections(weeks=4)["ruimtes"]).values()
    assert cells[0] == 2  # an hour and a half, in whole hours
    assert cells[2] > 0
    assert cells[3] == pytest.approx(1.5 / cells[2], rel=0.1)


def test_leaders_are_put_by_their_share_of_what_they_agreed() -> None:
    session = session_on(
        SeriesFactory(published=True), timezone.now() - timedelta(days=3)
    )

    def lead(minutes: int) -> None:
        leader = SessionLeaderFactory(session=session).facilitator
        leader.max_minutes_per_week = minutes
        leader.save()

    def shown() -> Any:
        return rows(sections(weeks=4)["begeleiders"])

    for _number in range(5):
        lead(30)
    assert [cells[0] for cells in shown().values()] == [5]
    lead(3000)
    # One leader with little: neither that row nor the rest says so.
    assert list(shown().values()) == [[None, None], [None, None]]


def test_who_still_waits_in_a_small_place_does_not_follow_from_the_sum() -> None:
    for code, name, number in (
        ("GM0150", "Deventer", 6), ("GM0177", "Raalte", 2), ("GM0273", "Voorst", 9),
    ):  # fmt: skip
        for _number in range(number):
            RegistrationFactory(
                resident=ResidentFactory(person=PersonFactory(place=town(code, name)))
            )
    people = {name: cells[0] for name, cells in rows(sections()["nu"]).items()}
    assert people.pop("Voorst") == 9
    assert people.pop("Deventer") is None
    assert people.pop("Raalte") is None
    assert list(people.values()) == [17]


def test_who_waits_now_is_counted_from_the_day_of_asking() -> None:
    for days in (1, 2, 3, 4, 500):
        RegistrationFactory(
            resident=ResidentFactory(
                person=PersonFactory(place=town("GM0150", "Deventer"))
            ),
            registered_at=timezone.now() - timedelta(days=days),
            norm_date=timezone.localdate() + timedelta(days=30 - days),
        )
    assert rows(sections()["nu"])["Deventer"] == [5, 3, 500, pytest.approx(0.8)]


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


def test_the_page_names_nobody_and_is_logged(signed_in: Client) -> None:
    for days in (10, 20, 30, 40, 50):
        seat(town("GM0150", "Deventer"), waited=days)
    answer = signed_in.get(reverse("publishing:figures"), {"periode": "52"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert faults(html) == []
    assert "Deventer" in html
    assert NAME not in html
    event = AuditEvent.objects.get(event_code="figures.read")
    assert (event.purpose, event.subject_ids) == ("oversight", [])


def test_what_is_not_known_in_the_address_counts_as_not_asked(
    signed_in: Client,
) -> None:
    asked = {"periode": "9999", "gemeente": "GM9999"}
    answer = signed_in.get(reverse("publishing:figures"), asked)
    assert answer.status_code == 200
    assert answer.context["filter"].chosen == {"periode": "13", "gemeente": ""}


def test_queries_do_not_grow(signed_in: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert signed_in.get(reverse("publishing:figures")).status_code == 200
        return len(caught)

    def one_more(number: int) -> None:
        given = seat(town(f"GM015{number}", f"Plaats {number}"), waited=10)
        session = session_on(given.series, timezone.now(), room=room_in_use())
        SessionLeaderFactory(session=session)
        RegistrationFactory()

    one_more(0)
    queries()
    first = queries()
    one_more(1)
    one_more(2)
    assert queries() == first


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_figures_can_be_taken_along(signed_in: Client, kind: str) -> None:
    for days in (10, 20, 30, 40, 50):
        seat(town("GM0150", "=Deventer"), waited=days)
    answer = signed_in.get(reverse("publishing:figures_export", args=[kind]))
    assert answer.status_code == 200
    assert f".{kind}" in answer["Content-Disposition"]
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), delimiter=";"))
        assert ["'=Deventer", "5", "30", "50", "0,4"] in lines
    else:
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(answer.content))
        values = [
            [cell.value for cell in row] for row in book["per-gemeente"].iter_rows()
        ]
        assert ["'=Deventer", 5, 30, 50, 0.4] in values
    assert AuditEvent.objects.filter(event_code="figures.export").count() == 1
