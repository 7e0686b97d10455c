"""The offer, read by anyone: complete, honest about places, and without any name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from courses.cards import Act
from courses.models import Enrolment, Series, Session, Theme
from people.enums import Role
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ThemeFactory,
    UserFactory,
    feature,
)
from tests.web.html import faults
from tests.web.offer_data import Region, a_region, a_series, next_weekday

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return a_region()


def acts(answer: Any) -> dict[str, Act]:
    return {card.offering.code: card.act for card in answer.context["cards"]}


def codes(answer: Any) -> list[str]:
    return [shown.offering.code for shown in answer.context["shown"]]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/aanbod/",
        "/aanbod/?half_day=evening&group=on&postcode=7411",
        "/aanbod/omgaan-met-geld/",
        "/aanbod/praten-over-rouw/",
        "/aanbod/beter-slapen/",
        "/aanbod/inloop/",
        "/aanbod/mindfulness-ggz/",
        "/aanbod/wrap/",
    ],
)
def test_pages_are_sound_in_both_languages_without_an_account(
    client: Client, region: Region, path: str, language: str
) -> None:
    client.cookies["django_language"] = language
    before = AuditEvent.objects.count()
    answer = client.get(path)
    assert answer.status_code == 200
    assert faults(answer.content.decode(), language) == []
    assert AuditEvent.objects.count() == before  # nobody's data were read


def test_nobody_is_named(client: Client, region: Region) -> None:
    people = type(region.resident.person).objects
    members = Enrolment.objects.values("resident__person")
    assert people.filter(pk__in=members).update(call_name="Quirijn", alias="Quin") == 1
    people.filter(pk=region.leader.person_id).update(call_name="Wilhelmina")
    for path in ("/", "/aanbod/", "/aanbod/omgaan-met-geld/", "/aanbod/inloop/",
                 "/aanbod/praten-over-rouw/"):  # fmt: skip
        text = client.get(path).content.decode()
        for name in ("Quirijn", "Quin", "Wilhelmina", "@example.org"):
            assert name not in text


def test_each_group_says_what_one_can_do(client: Client, region: Region) -> None:
    found = {}
    for code in ("omgaan-met-geld", "praten-over-rouw", "beter-slapen", "inloop",
                 "mindfulness-ggz"):  # fmt: skip
        found |= acts(client.get(f"/aanbod/{code}/"))
    assert found == {
        "omgaan-met-geld": Act.JOIN,
        "praten-over-rouw": Act.WAIT,
        "beter-slapen": Act.JOIN,
        "inloop": Act.WALK_IN,
        "mindfulness-ggz": Act.REFERRAL,
    }


def test_a_full_group_tells_the_number_one_would_have(
    client: Client, region: Region
) -> None:
    (card,) = client.get("/aanbod/praten-over-rouw/").context["cards"]
    assert "2" in card.pill  # one person waits already
    urgent = RegistrationFactory(need_class=1)
    RegistrationChoiceFactory(registration=urgent, series=region.series["full"])
    (card,) = client.get("/aanbod/praten-over-rouw/").context["cards"]
    assert "3" in card.pill


def test_a_free_seat_that_others_wait_for_is_not_promised(
    client: Client, region: Region
) -> None:
    series = region.series["money"]
    Series.objects.filter(pk=series.pk).update(size_max=4)
    for _ in range(4):
        RegistrationChoiceFactory(registration=RegistrationFactory(), series=series)
    cards = client.get("/aanbod/omgaan-met-geld/").context["cards"]
    assert [card.act for card in cards if card.series.pk == series.pk] == [Act.WAIT]


def test_a_closed_group_that_has_begun_takes_nobody(
    client: Client, region: Region
) -> None:
    series = region.series["money"]
    for session in series.sessions.order_by("number")[:2]:
        Session.objects.filter(pk=session.pk).update(
            period=(
                session.period.lower - timedelta(weeks=4),
                session.period.upper - timedelta(weeks=4),
            )
        )
    cards = client.get("/aanbod/omgaan-met-geld/").context["cards"]
    assert [card.act for card in cards if card.series.pk == series.pk] == [Act.LATER]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", {"omgaan-met-geld", "praten-over-rouw", "beter-slapen", "inloop",
              "mindfulness-ggz", "wrap"}),
        ("theme={geld}", {"omgaan-met-geld"}),
        ("theme={stress}", {"beter-slapen", "mindfulness-ggz", "wrap"}),
        ("theme={wonen}", set()),
        ("half_day=morning&half_day=evening", {"omgaan-met-geld", "praten-over-rouw"}),
        ("language=nl&group=on", {"omgaan-met-geld", "praten-over-rouw", "inloop",
                                  "mindfulness-ggz", "wrap"}),
        ("language=ar", {"omgaan-met-geld", "praten-over-rouw", "beter-slapen",
                         "inloop", "mindfulness-ggz", "wrap"}),
        ("beside=on", {"omgaan-met-geld", "praten-over-rouw", "beter-slapen",
                       "inloop", "wrap"}),
        ("step_free=on", {"praten-over-rouw", "beter-slapen", "mindfulness-ggz"}),
        ("postcode=8121&half_day=morning", {"omgaan-met-geld", "praten-over-rouw"}),
        ("postcode=8125&half_day=evening", set()),
        ("kind=peer_group", {"praten-over-rouw"}),
        ("half_day=evening", {"omgaan-met-geld"}),
        ("half_day=morning", {"omgaan-met-geld", "praten-over-rouw"}),
        ("online=on", {"beter-slapen", "mindfulness-ggz"}),
        ("free=on", {"omgaan-met-geld", "beter-slapen", "inloop"}),
        ("place=gm:GM1773", {"omgaan-met-geld", "praten-over-rouw", "beter-slapen",
                             "mindfulness-ggz"}),
        ("half_day=evening&place=gm:GM1773", set()),
        ("theme=no-such&kind=nor-this&page=99", {"omgaan-met-geld", "praten-over-rouw",
            "beter-slapen", "inloop", "mindfulness-ggz", "wrap"}),
    ],
)  # fmt: skip
def test_choices_narrow_the_catalogue(
    client: Client, region: Region, question: str, found: set[str]
) -> None:
    region.rooms["Olst Bovenzaal"].features.add(feature("step-free"))
    type(region.places["Olst"]).objects.filter(name="Olst").update(postcode4="8121")
    numbers = {code: theme.pk for code, theme in region.themes.items()}
    answer = client.get(f"/aanbod/?{question.format(**numbers)}")
    assert set(codes(answer)) == found
    assert answer.context["number"] == len(found)


def test_a_place_brings_what_is_near_first_and_says_how_far(
    client: Client, region: Region
) -> None:
    home = region.places["Den Nul"].pk
    answer = client.get(f"/aanbod/?place={home}&half_day=morning")
    shown = {one.offering.code: one.best for one in answer.context["shown"]}
    assert set(shown) == {"omgaan-met-geld", "praten-over-rouw"}
    assert {card.series.room.centre.place.name for card in shown.values()} == {"Olst"}
    assert all(card.minutes and card.minutes <= 35 for card in shown.values())
    far = client.get(f"/aanbod/?place={home}&half_day=evening")
    assert codes(far) == []


def test_a_resident_sees_what_is_near_home_at_once(
    client: Client, region: Region
) -> None:
    client.force_login(region.resident.person.user)
    answer = client.get("/")
    assert answer.context["home"].name == "Olst"
    towns = [
        card.series.room.centre.place.name
        for card in answer.context["cards"]
        if card.series.room is not None
    ]
    assert towns == ["Olst", "Olst"]


def test_the_first_page_shows_the_themes_that_are_offered_most(
    client: Client, region: Region
) -> None:
    for number in range(10):
        ThemeFactory(code=f"a-{number}")
    context = client.get("/").context
    often = [tile.code for tile in context["tiles"]]
    assert len(often) == 11
    assert {"geld", "rouw", "stress", "alleen-zijn"} <= set(often)
    rare = [tile.code for tile in context["more_tiles"]]
    assert sorted([*often, *rare]) == sorted(
        Theme.objects.values_list("code", flat=True)
    )


def test_staff_go_to_their_own_first_page(client: Client) -> None:
    for role, view in [
        (Role.COORDINATOR, "scheduling:week"),
        (Role.FACILITATOR, "publishing:my_agenda"),
        (Role.CENTRE_MANAGER, "publishing:centres"),
        (Role.REFERRER, "intake:own_referrals"),
    ]:
        client.force_login(UserFactory(role=role))
        answer = client.get("/")
        assert (answer.status_code, answer.url) == (302, reverse(view))
    client.force_login(UserFactory(role=Role.RESIDENT))
    assert client.get("/").status_code == 200


def test_what_is_not_in_the_catalogue_is_not_there(
    client: Client, region: Region
) -> None:
    OfferingFactory(code="intern", in_catalogue=False)
    OfferingFactory(code="meedenken", kind="consultation", session_minutes=30,
                    sessions_count=1)  # fmt: skip
    assert not {"intern", "meedenken"} & set(codes(client.get("/aanbod/")))
    for code in ("intern", "meedenken", "no-such"):
        assert client.get(f"/aanbod/{code}/").status_code == 404
    series = a_series(
        OfferingFactory(in_catalogue=False), None, first=next_weekday(2), hour=9
    )
    assert client.get(f"/meedoen/{series.pk}/").status_code == 404


def test_a_visitor_is_told_how_to_start_and_nothing_is_kept(
    client: Client, region: Region
) -> None:
    url = reverse("courses:join", args=[region.series["money"].pk])
    answer = client.get(url)
    text = answer.content.decode()
    assert faults(text) == []
    assert f"/accounts/login/?next={url}" in text
    assert "Herstelacademie De Brug" in text
    assert "Havenplein 4" in text
    assert client.post(url).url == url
    assert Enrolment.objects.filter(series=region.series["money"]).count() == 0


def three_times(region: Region) -> None:
    """Two more of everything that the pages list."""
    for number in range(2):
        offering = OfferingFactory(code=f"more-{number}", kind="peer_group",
                                   sessions_count=None)  # fmt: skip
        for hour in (9, 11):
            room = region.rooms["Olst Bovenzaal"]
            day = next_weekday(5 + number)
            series = a_series(offering, room, first=day, hour=hour)
            EnrolmentFactory(series=series)
            RegistrationChoiceFactory(registration=RegistrationFactory(), series=series)
    money = region.series["money"].offering
    for hour in (9, 12):
        a_series(
            money, region.rooms["Deventer Huiskamer"], first=next_weekday(6), hour=hour
        )


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("path", ["/", "/aanbod/", "/aanbod/omgaan-met-geld/"])
def test_queries_do_not_grow_with_the_offer(
    client: Client,
    region: Region,
    path: str,
    signed_in: bool,
    django_assert_max_num_queries: Any,
) -> None:
    if signed_in:
        client.force_login(region.resident.person.user)
    with django_assert_max_num_queries(26) as before:
        client.get(path)
    three_times(region)
    with django_assert_max_num_queries(len(before)):
        client.get(path)


def test_a_traveller_by_car_costs_no_more_for_more_places(
    client: Client, region: Region, django_assert_max_num_queries: Any
) -> None:
    type(region.resident).objects.update(travel_mode="car")
    client.force_login(region.resident.person.user)
    with django_assert_max_num_queries(26) as before:
        client.get("/")
    three_times(region)
    with django_assert_max_num_queries(len(before)):
        client.get("/")
