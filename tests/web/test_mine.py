"""A resident's own pages: appointments, calendar address, and who looked."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.actor import Actor
from courses.services import cancel_session, move_session
from people.selectors import find_persons, group_names
from people.views.looked import WHAT
from publishing.models import FeedToken
from tests.factories import (
    EnrolmentFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.publishing.feed_data import ACTOR
from tests.web.html import faults
from tests.web.offer_data import Region, a_region, a_series, next_weekday

pytestmark = pytest.mark.django_db
COORDINATOR = Actor(user_id="7", role="coordinator", organisation="de-brug")


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def noor(client: Client, region: Region) -> Client:
    client.force_login(region.resident.person.user)
    return client


def seat(region: Region, series: Any, state: str = "enrolled") -> Any:
    registration = RegistrationFactory(resident=region.resident, state="placed")
    expires = timezone.now() + timedelta(days=3) if state == "offered" else None
    return EnrolmentFactory(
        registration=registration,
        series=series,
        state=state,
        offer_expires_at=expires,
    )


def wait(region: Region, series: Any) -> Any:
    registration = RegistrationFactory(resident=region.resident)
    RegistrationChoiceFactory(registration=registration, series=series)
    return registration


def test_an_empty_page_says_what_one_can_do(noor: Client) -> None:
    page = noor.get("/mijn-afspraken/")
    assert faults(page.content.decode()) == []
    assert reverse("courses:catalogue") in page.content.decode()
    assert "113" in page.content.decode()


def test_what_comes_next_where_one_takes_part_and_waits(
    noor: Client, region: Region
) -> None:
    seat(region, region.series["money"])
    seat(region, region.series["walk in"], "offered")
    wait(region, region.series["full"])
    RegistrationFactory(resident=region.resident, theme=region.themes["geld"])
    page = noor.get("/mijn-afspraken/")
    assert faults(page.content.decode()) == []
    context = page.context
    shown = [*context["soon"], *context["later"]]
    assert [day.date for day in shown] == [
        next_weekday(4) + timedelta(weeks=week) for week in range(4)
    ]
    assert [one.series for one in context["offers"]] == [region.series["walk in"]]
    assert [(one.series, over) for one, over in context["seats"]] == [
        (region.series["money"], False)
    ]
    waits = {(one.title, one.number) for one in context["waiting"]}
    assert waits == {("Lotgenoten: praten over rouw", 2), ("Geld", 1)}


def test_everything_that_one_waits_for_shows_the_own_number(
    noor: Client, region: Region
) -> None:
    theme, money = region.themes["geld"], region.series["money"].offering
    RegistrationFactory(theme=theme, need_class=1, resident__person__call_name="Ander")
    RegistrationFactory(resident=region.resident, theme=theme)
    RegistrationFactory(resident=region.resident, offering=money)
    several = wait(region, region.series["full"])
    RegistrationChoiceFactory(registration=several, offering=money, rank=2)
    page = noor.get("/mijn-afspraken/")
    shown = {(one.title, one.when): one for one in page.context["waiting"]}
    assert len(shown) == 3  # the course twice, each with its own date of asking
    text = page.content.decode()
    assert shown["Geld", ""].number == 2
    assert [one.number for one in page.context["waiting"]].count(None) == 0
    for one in page.context["waiting"]:
        assert one.turn in text
    assert "Ander" not in text


def test_a_pause_is_told_and_ended_from_the_page(noor: Client, region: Region) -> None:
    until = timezone.localdate() + timedelta(days=20)
    mine = RegistrationFactory(
        resident=region.resident, theme=region.themes["geld"], paused_until=until
    )
    page = noor.get("/mijn-afspraken/")
    (one,) = page.context["waiting"]
    assert one.number is None
    assert str(until.year) in one.turn
    back = reverse("courses:rejoin", args=[mine.pk])
    assert f'action="{back}"' in page.content.decode()
    assert noor.post(back, follow=True).context["waiting"][0].number == 1
    assert back not in noor.get("/mijn-afspraken/").content.decode()


def test_one_meeting_of_an_open_group_that_one_waits_for_is_shown(
    noor: Client, region: Region
) -> None:
    session = region.series["walk in"].sessions.order_by("number").first()
    mine = RegistrationFactory(resident=region.resident)
    RegistrationChoiceFactory(registration=mine, session=session, series=None)
    (one,) = noor.get("/mijn-afspraken/").context["waiting"]
    assert one.title == "Inloop De Kade"
    assert str(timezone.localtime(session.period.lower).day) in one.when


def test_a_moved_and_a_cancelled_meeting_are_told(noor: Client, region: Region) -> None:
    seat(region, region.series["money"])
    first, second = region.series["money"].sessions.order_by("number")[:2]
    cancel_session(session=first, actor=ACTOR)
    later = type(second.period)(
        second.period.lower + timedelta(hours=1),
        second.period.upper + timedelta(hours=1),
    )
    move_session(session=second, period=later, room_id=second.room_id, actor=ACTOR)
    text = noor.get("/mijn-afspraken/").content.decode()
    assert text.count("gem-entry--cancelled") == 1
    assert text.count("gem-pill--warn") == 1
    assert "gem-pill--bad" in text


def test_a_group_whose_meetings_are_past_is_over(noor: Client, region: Region) -> None:
    series = region.series["money"]
    enrolled = seat(region, series)
    home = seat(region, region.series["sleep"])
    series.sessions.all().delete()
    page = noor.get("/mijn-afspraken/")
    assert [(one.pk, over) for one, over in page.context["seats"]] == [
        (home.pk, False),
        (enrolled.pk, True),
    ]
    leave = reverse("courses:leave", args=[enrolled.pk])
    assert leave not in page.content.decode()
    joined = noor.get(reverse("courses:joined", args=[series.pk]))
    assert joined.status_code == 404


def test_a_seat_that_only_a_draft_holds_is_no_promise(
    noor: Client, region: Region
) -> None:
    seat(region, region.series["money"], "held_by_draft")
    context = noor.get("/mijn-afspraken/").context
    assert context["seats"] == context["offers"] == context["soon"] == []


def test_others_seats_do_not_show(noor: Client, region: Region) -> None:
    EnrolmentFactory(series=region.series["money"])
    RegistrationChoiceFactory(series=region.series["full"])
    context = noor.get("/mijn-afspraken/").context
    assert context["seats"] == context["soon"] == context["waiting"] == []


def more(region: Region, start: int, number: int) -> None:
    for one in range(start, start + number):
        offering = region.series["full"].offering
        room = region.rooms["Deventer Bovenzaal"]
        seat(region, a_series(offering, room, first=next_weekday(6), hour=7 + one * 2))
        seat(region, SeriesFactory(published=True), "offered")
        wait(region, SeriesFactory(published=True))


def test_queries_do_not_grow_with_the_appointments(
    noor: Client, region: Region, django_assert_num_queries: Any
) -> None:
    more(region, 0, 1)
    with django_assert_num_queries(20):
        noor.get("/mijn-afspraken/")
    more(region, 1, 2)
    with django_assert_num_queries(20):
        noor.get("/mijn-afspraken/")


# --- The address for one's own calendar ---------------------------------------------


def test_an_address_is_shown_once_and_works(noor: Client, region: Region) -> None:
    page = "/mijn-afspraken/agenda/"
    seat(region, region.series["money"])
    assert faults(noor.get(page).content.decode()) == []
    made = noor.post(page, {"act": "make"})
    shown = made.context["shown"]
    assert shown.url in made.content.decode()
    assert shown.webcal.startswith("webcal://testserver/agenda/")
    assert "no-store" in made["Cache-Control"]
    assert faults(made.content.decode()) == []
    path = shown.url.removeprefix("http://testserver")
    assert path not in noor.get(page).content.decode()
    assert Client().get(path).content.count(b"BEGIN:VEVENT") == 4
    assert noor.get(page).context["last"] is not None


def test_a_new_address_replaces_and_a_stop_ends_it(noor: Client) -> None:
    page = "/mijn-afspraken/agenda/"
    first = noor.post(page, {"act": "make"}).context["shown"].url
    second = noor.post(page, {"act": "make", "details": "on"}).context["shown"].url
    visitor = Client()
    assert [visitor.get(one).status_code for one in (first, second)] == [404, 200]
    assert FeedToken.objects.get(revoked_at__isnull=True).shows_details
    assert noor.post(page, {"act": "stop"}).url == page
    assert visitor.get(second).status_code == 404
    assert noor.post(page, {"act": "stop"}).url == page  # nothing left to stop
    assert noor.post(page, {"act": "nonsense"}).url == page


# --- Who looked? ----------------------------------------------------------------------


def test_who_looked_is_told_in_words(noor: Client, region: Region) -> None:
    person = region.resident.person
    group_names(actor=COORDINATOR, person_ids=[person.pk], purpose="planning")
    find_persons(
        actor=Actor(user_id="8", role="privacy_officer"), text="Noor",
        organisation_ids=None, purpose="oversight",
    )  # fmt: skip
    noor.get("/mijn-afspraken/")
    page = noor.get("/mijn-gegevens/inzage/")
    assert faults(page.content.decode()) == []
    looks = page.context["looks"]
    assert len(looks) == 2  # one's own looking is left out
    assert [look.where_from for look in looks] == ["", "Herstelacademie De Brug"]
    assert all(look.who and look.what and look.why for look in looks)
    with_own = noor.get("/mijn-gegevens/inzage/?own=1").context["looks"]
    assert len(with_own) > len(looks)


def test_looks_at_others_are_not_told(noor: Client, region: Region) -> None:
    group_names(
        actor=COORDINATOR, person_ids=[region.leader.person_id], purpose="planning"
    )
    assert noor.get("/mijn-gegevens/inzage/").context["looks"] == []


def test_queries_do_not_grow_with_the_log(
    noor: Client, region: Region, django_assert_num_queries: Any
) -> None:
    def look(times: int) -> None:
        for _ in range(times):
            group_names(
                actor=COORDINATOR,
                person_ids=[region.resident.person_id],
                purpose="planning",
            )

    look(1)
    with django_assert_num_queries(8):
        noor.get("/mijn-gegevens/inzage/")
    look(60)
    with django_assert_num_queries(8):
        page = noor.get("/mijn-gegevens/inzage/")
    assert len(page.context["looks"]) == 25
    assert page.context["page"].paginator.num_pages == 3


def test_every_code_that_is_written_has_words_of_its_own() -> None:
    """The codes in the services of the apps are the ones the page knows."""
    root = Path(__file__).resolve().parents[2]
    code = r'"([a-z]+\.[a-z_.]+)"'
    written = set()
    for app in ("people", "courses", "publishing", "intake", "scheduling", "messaging"):
        for path in (root / app).rglob("*.py"):
            if "views" in path.parts or "migrations" in path.parts:
                continue
            text = path.read_text()
            written |= set(re.findall(f"code={code}", text))
            written |= set(re.findall(rf"_log\(\s*\w+,\s*(?:\w+,\s*)?{code}", text))
    assert {"registration.create", "certificate.create", "run.start"} <= written
    written -= {"planning.page", "figures.read", "wish.weigh"}  # about nobody
    written -= {"offering.create", "offering.update", "offering.delete"}
    assert {one for one in written if not one.startswith(tuple(WHAT))} == set()
