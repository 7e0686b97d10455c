"""Somebody is asked for once: pressed twice, described twice, or known already."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Enrolment, Registration
from people.enums import Role
from people.models import Mandate, Person
from tests.factories import (
    EnrolmentFactory,
    OrganisationFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.web.html import faults
from tests.web.offer_data import Region, a_region
from tests.web.test_joining_for_somebody import NEW, PAGE, choose, helper, mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return a_region()


def noor(region: Region, **more: str) -> dict[str, Any]:
    """What a helper writes of a resident who is known already."""
    known = region.resident.person
    described = {
        "call_name": "NOOR",
        "birth_year": str(known.birth_year),
        "contact_channel": "email",
        "contact_address": f"{known.contact_address.upper()} ",
    }
    return NEW | described | mark() | more


def test_the_same_form_again_is_the_same_answer(client: Client, region: Region) -> None:
    helper(client, Role.COORDINATOR, region)
    choose(client, region, "money")
    first = client.post(PAGE, NEW)
    people = Person.objects.count()
    choose(client, region, "money in Olst")  # the second press saw the groups still
    again = client.post(PAGE, NEW)
    assert [one.status_code for one in (first, again)] == [200, 200]
    assert again.context["seat"] == first.context["seat"]
    assert Person.objects.count() == people
    assert Registration.objects.filter(resident__person__call_name="Ed").count() == 1


def test_the_mark_of_another_helper_is_no_way_in(
    client: Client, region: Region
) -> None:
    helper(client, Role.COORDINATOR, region)
    choose(client, region, "money")
    client.post(PAGE, NEW)
    helper(client, Role.REFERRER, region)
    choose(client, region, "money in Olst")
    other = NEW | {"call_name": "Bo", "contact_address": "0570 65 43 21"}
    assert client.post(PAGE, other).status_code == 200
    assert Registration.objects.filter(resident__person__call_name="Bo").count() == 1


@pytest.mark.parametrize("once", ["", "x", "7"])
def test_a_form_without_its_mark_keeps_nothing(
    client: Client, region: Region, once: str
) -> None:
    helper(client, Role.CLIENT_SUPPORTER, region)
    choose(client, region, "money")
    people = Person.objects.count()
    answer = client.post(PAGE, NEW | {"once": once})
    assert (answer.status_code, faults(answer.content.decode())) == (400, [])
    assert Person.objects.count() == people


def test_who_is_known_is_not_written_down_again(client: Client, region: Region) -> None:
    helper(client, Role.COORDINATOR, region)
    choose(client, region, "money")
    people = Person.objects.count()
    done = client.post(PAGE, noor(region))
    assert done.context["seat"].resident == region.resident
    assert Person.objects.count() == people
    assert not region.resident.person.windows.exists()  # what is known stays as it is


def test_another_year_or_name_is_somebody_else(client: Client, region: Region) -> None:
    helper(client, Role.COORDINATOR, region)
    for different in ({"birth_year": "1961"}, {"call_name": "Ada"}):
        choose(client, region, "money")
        people = Person.objects.count()
        assert client.post(PAGE, noor(region) | different).status_code == 200
        assert Person.objects.count() == people + 1


def test_one_number_written_in_two_ways_is_one_person(
    client: Client, region: Region
) -> None:
    helper(client, Role.REFERRER, region)
    for name, number in (
        ("money", "0570 12 34 56"),
        ("money in Olst", "+31 570-123456"),
    ):
        choose(client, region, name)
        told = NEW | {"contact_address": number} | mark()
        assert client.post(PAGE, told).status_code == 200
    ed = Person.objects.get(call_name="Ed")
    assert Registration.objects.filter(resident__person=ed).count() == 2


def test_a_helper_does_not_learn_that_there_is_a_place_already(
    client: Client, region: Region
) -> None:
    helper(client, Role.REFERRER, region)
    seat = EnrolmentFactory(
        registration=RegistrationFactory(resident=region.resident, state="placed"),
        series=region.series["money"],
    )
    choose(client, region, "money")
    done = client.post(PAGE, noor(region))
    assert (done.status_code, done.context["refused"]) == (200, {})
    assert done.context["seat"] == seat
    assert Enrolment.objects.filter(resident=region.resident).count() == 1
    assert Registration.objects.filter(resident=region.resident).count() == 1


def test_what_keeps_a_known_person_out_is_not_told(
    client: Client, region: Region
) -> None:
    user = helper(client, Role.CLIENT_SUPPORTER, region)
    series = region.series["money"]
    series.offering.prerequisite = region.series["full"].offering
    series.offering.save()
    choose(client, region, "money")
    done = client.post(PAGE, noor(region))
    assert (done.status_code, done.context["seat"]) == (200, None)
    assert done.context["refused"] == {}
    (asking,) = Registration.objects.filter(resident=region.resident)
    assert (asking.state, asking.made_by) == ("waiting", user)
    assert Mandate.objects.filter(supporter=user, resident=region.resident).exists()


def test_who_waits_goes_on_with_the_same_registration(
    client: Client, region: Region
) -> None:
    helper(client, Role.COORDINATOR, region)
    for _twice in range(2):
        choose(client, region, "full")
        client.post(PAGE, noor(region, next_group="on"))
    (asking,) = Registration.objects.filter(resident=region.resident)
    assert asking.choices.count() == 2  # the group, and a later one


def test_a_coordinator_asks_something_more_for_the_same_person(
    client: Client, region: Region
) -> None:
    helper(client, Role.COORDINATOR, region)
    first = RegistrationFactory(resident=region.resident)
    more = reverse("courses:more_for_somebody", args=[first.pk])
    page = client.get(reverse("scheduling:registration", args=[first.pk]))
    assert more in page.content.decode()
    assert client.post(more).url == PAGE
    choose(client, region, "money")
    shown = client.get(PAGE)
    assert faults(shown.content.decode()) == []
    assert "Noor" not in shown.content.decode()
    other = RegistrationFactory()
    guessed = client.post(PAGE, {"same": str(other.pk)} | mark())
    assert guessed.status_code == 400
    people = Person.objects.count()
    done = client.post(PAGE, {"same": str(first.pk)} | mark())
    assert done.context["seat"].resident == region.resident
    assert Person.objects.count() == people
    assert client.get(PAGE).context["same"] is None  # the next one is somebody else
    client.post(more)
    client.post(more, {"act": "remove"})
    assert client.get(PAGE).context["same"] is None


def test_not_for_who_is_kept_elsewhere(client: Client, region: Region) -> None:
    first = RegistrationFactory(resident=region.resident)
    more = reverse("courses:more_for_somebody", args=[first.pk])
    client.force_login(
        UserFactory(role=Role.COORDINATOR, organisation=OrganisationFactory())
    )
    assert client.post(more).status_code == 404
    helper(client, Role.REFERRER, region)
    assert client.post(more).status_code == 404
    assert client.get(PAGE).context["same"] is None
