"""What somebody tells a helper by telephone, at a desk or in writing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Absence, Enrolment, Registration
from courses.services import sweep
from messaging.models import OutboxMessage
from people.enums import Role
from tests.factories import (
    EnrolmentFactory,
    MandateFactory,
    OrganisationFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
)
from tests.web.html import faults
from tests.web.offer_data import Region, a_region, a_series, next_weekday
from tests.web.test_joining_for_somebody import PAGE, helper
from tests.web.test_mine import COORDINATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return a_region()


def offered(region: Region, name: str = "money", **more: Any) -> Enrolment:
    """A place that is kept for Noor, who asked for nothing else."""
    mine = RegistrationFactory(resident=region.resident, state="offered", **more)
    RegistrationChoiceFactory(registration=mine, series=region.series[name])
    return EnrolmentFactory(
        registration=mine,
        series=region.series[name],
        state="offered",
        offered_at=timezone.now(),
        offer_expires_at=timezone.now() + timedelta(days=3),
    )


def taken(region: Region, series: Any) -> Enrolment:
    mine = RegistrationFactory(resident=region.resident, state="placed")
    return EnrolmentFactory(registration=mine, series=series)


def seat_page(seat: Enrolment) -> str:
    return reverse("courses:seat_for_somebody", args=[seat.pk])


def wait_page(registration: Registration) -> str:
    return reverse("courses:wait_for_somebody", args=[registration.pk])


def tell(client: Client, path: str, act: str, how: str = "phone", **more: Any) -> Any:
    return client.post(path, {"act": act, "how": how, **more})


def test_a_yes_by_telephone_takes_the_place(client: Client, region: Region) -> None:
    person = region.resident.person
    person.contact_channel, person.contact_address = "phone", "0570 123456"
    person.save()
    mine = RegistrationFactory(resident=region.resident)
    RegistrationChoiceFactory(registration=mine, series=region.series["money"])
    sweep(actor=COORDINATOR)
    seat = mine.enrolments.get()
    message = OutboxMessage.objects.get(kind="offer")
    assert message.channel == "hand"
    user = helper(client, Role.COORDINATOR, region)
    to_call = client.get(reverse("publishing:outbox_message", args=[message.pk]))
    assert seat_page(seat) in to_call.content.decode()
    back = reverse("scheduling:registration", args=[mine.pk])
    assert seat_page(seat) in client.get(back).content.decode()
    assert faults(client.get(seat_page(seat)).content.decode()) == []
    assert tell(client, seat_page(seat), "accept").url == back
    seat.refresh_from_db()
    assert seat.state == "enrolled"
    told = AuditEvent.objects.get(event_code="registration.told.phone")
    assert (told.actor_id, told.subject_ids) == (str(user.pk), [str(person.pk)])
    page = client.get(back)
    assert faults(page.content.decode()) == []
    assert any("telefoon" in x.what or "telephone" in x.what
               for x in page.context["history"])  # fmt: skip
    assert tell(client, seat_page(seat), "accept").status_code == 409  # pressed twice
    assert mine.enrolments.count() == 1


def test_a_no_gives_the_place_to_the_next(client: Client, region: Region) -> None:
    seat = offered(region)
    helper(client, Role.COORDINATOR, region)
    assert tell(client, seat_page(seat), "refuse", "in_person").status_code == 302
    seat.refresh_from_db()
    assert seat.state == "withdrawn"
    assert AuditEvent.objects.filter(event_code="registration.told.in_person").exists()
    again = client.get(seat_page(seat))
    assert again.status_code == 302  # it is over: back to the registration


def test_a_yes_that_comes_too_late_is_told_so(client: Client, region: Region) -> None:
    seat = offered(region)
    now = timezone.now()
    seat.offered_at, seat.offer_expires_at = now - timedelta(days=3), now
    seat.save()
    helper(client, Role.COORDINATOR, region)
    answer = tell(client, seat_page(seat), "accept")
    assert (answer.status_code, faults(answer.content.decode())) == (409, [])
    seat.refresh_from_db()
    assert seat.state == "offered"
    assert not AuditEvent.objects.filter(event_code__startswith="registration.told")


@pytest.mark.parametrize(
    "wrong", [{"how": ""}, {"how": "pigeon"}, {"act": ""}, {"act": "fly"}]
)
def test_bad_input_changes_nothing(
    client: Client, region: Region, wrong: dict[str, str]
) -> None:
    seat = offered(region)
    helper(client, Role.COORDINATOR, region)
    answer = client.post(seat_page(seat), {"act": "accept", "how": "phone"} | wrong)
    assert (answer.status_code, faults(answer.content.decode())) == (400, [])
    seat.refresh_from_db()
    assert seat.state == "offered"


def test_dates_that_are_missed(client: Client, region: Region) -> None:
    series = region.series["money"]
    seat = taken(region, series)
    user = helper(client, Role.COORDINATOR, region)
    first, *_others, last = series.sessions.order_by("number")
    for missed in ([first], [first, last], [last]):
        tell(client, seat_page(seat), "absent", sessions=[one.pk for one in missed])
        found = Absence.objects.filter(enrolment=seat)
        assert {one.session for one in found} == set(missed)
        assert {one.said_by for one in found} == {user}
    shown = client.get(seat_page(seat)).context["form"]
    assert shown["sessions"].value() == [str(last.pk)]
    other = region.series["full"].sessions.first()
    answer = tell(client, seat_page(seat), "absent", sessions=[other.pk])
    assert answer.status_code == 400


def test_a_pause_and_back_and_stopping(client: Client, region: Region) -> None:
    series = a_series(
        region.series["full"].offering,
        region.rooms["Deventer Bovenzaal"],
        first=next_weekday(5),
        hour=10,
    )
    seat = taken(region, series)
    mine = seat.registration
    helper(client, Role.COORDINATOR, region)
    assert tell(client, seat_page(seat), "pause").status_code == 400
    assert tell(client, seat_page(seat), "pause", weeks="4").status_code == 302
    mine.refresh_from_db()
    assert mine.paused_until == timezone.localdate() + timedelta(weeks=4)
    back = reverse("scheduling:registration", args=[mine.pk])
    assert wait_page(mine) in client.get(back).content.decode()
    assert faults(client.get(wait_page(mine)).content.decode()) == []
    assert tell(client, wait_page(mine), "rejoin").url == back
    mine.refresh_from_db()
    assert mine.paused_until is None
    again = mine.enrolments.get(state="offered")
    tell(client, seat_page(again), "accept", "writing")
    assert tell(client, seat_page(again), "stop").status_code == 302
    mine.refresh_from_db()
    assert mine.state == "withdrawn"
    assert client.get(wait_page(mine)).status_code == 302


def test_only_for_who_helps_this_person(client: Client, region: Region) -> None:
    seat = offered(region)
    paths = [seat_page(seat), wait_page(seat.registration)]
    elsewhere = UserFactory(role=Role.COORDINATOR, organisation=OrganisationFactory())
    supporter = UserFactory(role=Role.CLIENT_SUPPORTER)
    MandateFactory(resident=region.resident, supporter=supporter)
    for user, status in (
        (elsewhere, 404),
        (UserFactory(role=Role.REFERRER), 404),
        (supporter, 404),  # what the resident asked is not the supporter's to see
        (region.resident.person.user, 403),
    ):
        client.force_login(user)
        for path in paths:
            assert client.get(path).status_code == status
            assert tell(client, path, "accept").status_code == status
    seat.refresh_from_db()
    assert seat.state == "offered"
    assert AuditEvent.objects.filter(event_code="enrolment.told", result="refused")


def test_a_supporter_answers_what_the_supporter_asked(
    client: Client, region: Region
) -> None:
    user = helper(client, Role.CLIENT_SUPPORTER, region)
    mandate = MandateFactory(resident=region.resident, supporter=user)
    seat = offered(region, made_by=user)
    shown = client.get(PAGE)
    assert faults(shown.content.decode()) == []
    (line,) = shown.context["arranged"]
    assert (line.name, line.address) == ("Noor", seat_page(seat))
    assert tell(client, seat_page(seat), "accept").url == PAGE
    waiting = RegistrationFactory(resident=region.resident, made_by=user)
    RegistrationChoiceFactory(registration=waiting, series=region.series["full"])
    addresses = [one.address for one in client.get(PAGE).context["arranged"]]
    assert set(addresses) == {wait_page(waiting), seat_page(seat)}
    assert tell(client, wait_page(waiting), "leave").url == PAGE
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    mandate.ended_at = timezone.now()
    mandate.save()
    assert client.get(seat_page(seat)).status_code == 404
    assert client.get(PAGE).context["arranged"] == []


def test_what_was_arranged_costs_the_same_for_one_and_three(
    client: Client, region: Region
) -> None:
    user = helper(client, Role.CLIENT_SUPPORTER, region)
    counts = []
    for number in (1, 2):
        for _one in range(number):
            resident = ResidentFactory()
            MandateFactory(resident=resident, supporter=user)
            for state in ("waiting", "placed"):
                made = RegistrationFactory(resident=resident, made_by=user, state=state)
                RegistrationChoiceFactory(
                    registration=made, series=region.series["money"]
                )
                if state == "placed":
                    EnrolmentFactory(registration=made, series=region.series["money"])
        client.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            shown = client.get(PAGE)
        counts.append(len(seen))
    assert len(shown.context["arranged"]) == 6
    assert counts[0] == counts[1]
