"""Joining, waiting, being asked and stopping, through the pages, also at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Enrolment, Registration, Series
from people.enums import Role
from tests.courses.test_race import at_once
from tests.factories import (
    EnrolmentFactory,
    PersonFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
)
from tests.web.html import faults
from tests.web.offer_data import Region, a_region


@pytest.fixture
def region(db: Any) -> Region:
    return a_region()


@pytest.fixture
def noor(client: Client, region: Region) -> Client:
    client.force_login(region.resident.person.user)
    return client


def join(series: Series) -> str:
    return reverse("courses:join", args=[series.pk])


def joined(series: Series) -> str:
    return reverse("courses:joined", args=[series.pk])


def a_resident() -> Any:
    account = UserFactory(role=Role.RESIDENT)
    return ResidentFactory(person=PersonFactory(user=account))


def states(region: Region) -> list[tuple[str, str]]:
    seats = Enrolment.objects.filter(resident=region.resident).order_by("pk")
    return [(seat.series.offering.code, seat.state) for seat in seats]


def test_a_press_gives_a_place_and_says_so(noor: Client, region: Region) -> None:
    series = region.series["money"]
    assert faults(noor.get(join(series)).content.decode()) == []
    answer = noor.post(join(series), {"expects": "seat"})
    assert (answer.status_code, answer.url) == (302, joined(series))
    page = noor.get(joined(series))
    assert faults(page.content.decode()) == []
    assert page.context["card"].own == "seat"
    assert states(region) == [("omgaan-met-geld", "enrolled")]


def test_a_second_press_ends_on_the_same_page(noor: Client, region: Region) -> None:
    series = region.series["money"]
    answers = [noor.post(join(series)) for _ in range(2)]
    assert [answer.url for answer in answers] == [joined(series)] * 2
    assert noor.get(join(series)).url == joined(series)
    assert len(states(region)) == 1
    assert Registration.objects.filter(resident=region.resident).count() == 1


def test_a_full_group_gives_a_number_on_the_list(noor: Client, region: Region) -> None:
    series = region.series["full"]
    assert noor.post(join(series)).url == joined(series)
    page = noor.get(joined(series))
    assert faults(page.content.decode()) == []
    assert (page.context["card"].own, page.context["position"]) == ("waiting", 2)
    assert noor.post(join(series)).url == joined(series)
    assert Registration.objects.filter(resident=region.resident).count() == 1


def test_who_was_just_too_late_is_told(noor: Client, region: Region) -> None:
    series = region.series["money"]
    noor.get(join(series))
    Series.objects.filter(pk=series.pk).update(size_min=0, size_max=1)
    EnrolmentFactory(series=series)
    answer = noor.post(join(series), {"expects": "seat"}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    assert answer.context["position"] == 1


def test_what_does_not_suit_is_told_with_a_next_step(
    noor: Client, region: Region
) -> None:
    series = region.series["care"]
    page = noor.get(join(series))
    assert len(page.context["reasons"]) == 1
    assert faults(page.content.decode()) == []
    assert (
        'method="post"'
        not in page.content.decode().partition("<h1>")[2].partition("</main>")[0]
    )
    answer = noor.post(join(series))
    assert answer.status_code == 409
    assert reverse("courses:catalogue") in answer.content.decode()
    assert states(region) == []


def test_a_group_that_has_begun_offers_to_wait_for_the_next(
    noor: Client, region: Region
) -> None:
    series = region.series["money"]
    for session in series.sessions.order_by("number")[:2]:
        type(session).objects.filter(pk=session.pk).update(
            period=(
                session.period.lower - timedelta(weeks=4),
                session.period.upper - timedelta(weeks=4),
            )
        )
    page = noor.get(join(series))
    ask = reverse("courses:ask", args=["omgaan-met-geld"])
    assert f'action="{ask}"' in page.content.decode()
    assert noor.post(ask).url == reverse("courses:mine")
    waiting = Registration.objects.get(resident=region.resident)
    assert [choice.offering.code for choice in waiting.choices.all()] == [
        "omgaan-met-geld"
    ]


def test_asking_twice_is_once_and_not_for_what_needs_a_referral(
    noor: Client, region: Region
) -> None:
    for code in ("wrap", "wrap", "mindfulness-ggz", "inloop"):
        noor.post(reverse("courses:ask", args=[code]))
    found = Registration.objects.get(resident=region.resident)
    assert found.choices.get().offering.code == "wrap"
    assert noor.post(reverse("courses:ask", args=["no-such"])).status_code == 404


def test_staff_cannot_take_a_place(client: Client, region: Region) -> None:
    client.force_login(region.leader.person.user)
    series = region.series["money"]
    assert client.get(join(series)).status_code == 200
    assert client.post(join(series)).status_code == 404
    assert AuditEvent.objects.filter(result="refused").count() == 1


def test_stopping_asks_once_more_and_frees_the_place(
    noor: Client, region: Region
) -> None:
    series = region.series["money"]
    noor.post(join(series))
    seat = Enrolment.objects.get(resident=region.resident)
    leave = reverse("courses:leave", args=[seat.pk])
    page = noor.get(leave)
    assert faults(page.content.decode()) == []
    assert states(region)[0][1] == "enrolled"  # looking changes nothing
    assert noor.post(leave).url == reverse("courses:mine")
    assert states(region) == [("omgaan-met-geld", "withdrawn")]
    assert noor.post(leave).status_code == 404
    assert noor.get(joined(series)).status_code == 404


def test_stopping_after_the_first_meeting_is_stopping(
    noor: Client, region: Region
) -> None:
    series = region.series["full"]
    registration = RegistrationFactory(resident=region.resident, state="placed")
    Series.objects.filter(pk=series.pk).update(
        size_max=6, first_date=timezone.localdate() - timedelta(days=20)
    )
    seat = EnrolmentFactory(registration=registration, series=series)
    noor.post(reverse("courses:leave", args=[seat.pk]))
    assert states(region) == [("praten-over-rouw", "stopped")]


def offered(region: Region) -> Enrolment:
    registration = RegistrationFactory(resident=region.resident, state="offered")
    RegistrationChoiceFactory(registration=registration, series=region.series["money"])
    return EnrolmentFactory(
        registration=registration,
        series=region.series["money"],
        state="offered",
        offer_expires_at=timezone.now() + timedelta(days=2),
    )


def test_an_offer_is_taken_with_one_press(noor: Client, region: Region) -> None:
    seat = offered(region)
    page = noor.get(reverse("courses:mine"))
    accept = reverse("courses:accept", args=[seat.pk])
    assert f'action="{accept}"' in page.content.decode()
    assert noor.get(join(region.series["money"])).status_code == 200
    assert noor.post(accept).url == joined(region.series["money"])
    assert noor.post(accept).url == joined(region.series["money"])
    assert states(region) == [("omgaan-met-geld", "enrolled")]


def test_an_offer_that_lapsed_is_told(noor: Client, region: Region) -> None:
    seat = offered(region)
    Enrolment.objects.filter(pk=seat.pk).update(offer_expires_at=timezone.now())
    answer = noor.post(reverse("courses:accept", args=[seat.pk]), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_an_offer_can_be_refused(noor: Client, region: Region) -> None:
    seat = offered(region)
    noor.post(reverse("courses:leave", args=[seat.pk]))
    assert states(region) == [("omgaan-met-geld", "withdrawn")]
    assert Registration.objects.get(resident=region.resident).state == "interest"


def test_waiting_can_be_stopped(noor: Client, region: Region) -> None:
    noor.post(join(region.series["full"]))
    mine = Registration.objects.get(resident=region.resident)
    stop = reverse("courses:stop_waiting", args=[mine.pk])
    assert faults(noor.get(stop).content.decode()) == []
    assert noor.post(stop).url == reverse("courses:mine")
    mine.refresh_from_db()
    assert mine.state == "withdrawn"
    again = noor.post(stop, follow=True)
    tags = [message.level_tag for message in again.context["messages"]]
    assert tags == ["success", "info"]


def test_another_s_things_are_not_there_and_the_try_is_logged(
    noor: Client, region: Region
) -> None:
    other = EnrolmentFactory(series=region.series["money"])
    waits = RegistrationFactory()
    tries = [
        ("get", "courses:leave", other.pk),
        ("post", "courses:leave", other.pk),
        ("post", "courses:accept", other.pk),
        ("get", "courses:stop_waiting", waits.pk),
        ("post", "courses:stop_waiting", waits.pk),
        ("get", "courses:joined", other.series_id),
    ]
    for method, name, pk in tries:
        answer = getattr(noor, method)(reverse(name, args=[pk]))
        assert (name, answer.status_code) == (name, 404)
    other.refresh_from_db()
    waits.refresh_from_db()
    assert (other.state, waits.state) == ("enrolled", "waiting")
    refused = AuditEvent.objects.filter(result="refused").order_by("pk")
    assert [one.object_id for one in refused] == [str(pk) for _m, _n, pk in tries]


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_those_who_press_at_once() -> None:
    region = a_region()
    series = region.series["money"]
    Series.objects.filter(pk=series.pk).update(size_min=0, size_max=1)
    clients = []
    for _ in range(3):
        client = Client()
        client.force_login(a_resident().person.user)
        clients.append(client)
    answers = at_once(
        *(lambda one=one: one.post(join(series)).status_code for one in clients)
    )
    assert answers == [302, 302, 302]
    assert Enrolment.objects.filter(series=series, state="enrolled").count() == 1
    waiting = Registration.objects.filter(choices__series=series, state="waiting")
    assert waiting.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_resident_in_two_windows_gets_one_place() -> None:
    region = a_region()
    series = region.series["money"]
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(region.resident.person.user)
    answers = at_once(*(lambda one=one: one.post(join(series)).url for one in clients))
    assert answers == [joined(series)] * 2
    assert states(region) == [("omgaan-met-geld", "enrolled")]
