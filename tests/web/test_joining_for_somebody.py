"""A place asked for somebody else, with a mandate or by telephone; and choosing."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from courses.models import Enrolment, Registration
from people.enums import Role
from people.models import Mandate, Person, Resident
from tests.factories import (
    MandateFactory,
    PersonFactory,
    UserFactory,
)
from tests.web.html import faults
from tests.web.offer_data import Region, a_region

PAGE = "/aanmelden-voor-iemand/"
NEW = {
    "call_name": "Ed",
    "contact_channel": "phone",
    "contact_address": "0570 12 34 56",
    "half_days": ["1-morning", "1-afternoon"],
    "asked": "on",
    "once": str(uuid.uuid4()),
}


def mark() -> dict[str, str]:
    """The mark of a page that was opened anew."""
    return {"once": str(uuid.uuid4())}


@pytest.fixture
def region(db: Any) -> Region:
    return a_region()


def helper(client: Client, role: Role, region: Region) -> Any:
    brug = region.series["money"].offering.organisation
    user = UserFactory(role=role, organisation=brug)
    PersonFactory(user=user, organisation=brug, call_name="Hulp")
    client.force_login(user)
    return user


def choose(client: Client, region: Region, *names: str) -> None:
    for name in names:
        path = reverse("courses:choose_for_somebody", args=[region.series[name].pk])
        assert client.post(path).url == PAGE


def test_what_the_telephone_form_asks_is_kept(client: Client, region: Region) -> None:
    helper(client, Role.COORDINATOR, region)
    choose(client, region, "money")
    named = {
        "travel_limit_minutes": "45",
        "travel_mode": "public_transport",
        "pace_per_week": "1",
        "format_wishes": ["in_person", "online"],
    }
    assert client.post(PAGE, NEW | named).status_code == 200
    made = Resident.objects.get(person__call_name="Ed")
    assert (made.travel_limit_minutes, made.travel_mode) == (45, "public_transport")
    assert (made.pace_per_week, made.format_wishes) == (1, ["in_person", "online"])


@pytest.mark.parametrize(
    "role", [Role.COORDINATOR, Role.REFERRER, Role.CLIENT_SUPPORTER]
)
def test_helpers_ask_for_somebody_new(
    client: Client, region: Region, role: Role
) -> None:
    user = helper(client, role, region)
    text = client.get("/aanbod/omgaan-met-geld/").content.decode()
    series = region.series["money"]
    assert reverse("courses:choose_for_somebody", args=[series.pk]) in text
    choose(client, region, "full", "money")
    shown = client.get(PAGE)
    assert faults(shown.content.decode()) == []
    done = client.post(PAGE, NEW)
    assert (done.status_code, faults(done.content.decode())) == (200, [])
    asking = Registration.objects.get(resident__person__call_name="Ed")
    assert asking.made_by == user
    assert asking.enrolments.get().series == series  # the first with a place
    windows = asking.resident.person.windows.all()
    assert [(str(one.start), str(one.end)) for one in windows] == [
        ("08:00:00", "17:30:00")
    ]
    given = Mandate.objects.filter(supporter=user, resident=asking.resident)
    assert given.count() == (role == Role.CLIENT_SUPPORTER)
    assert client.get(PAGE).context["cards"] == []  # the list is empty again


def test_all_full_is_a_wait_for_all_in_that_order(
    client: Client, region: Region
) -> None:
    helper(client, Role.COORDINATOR, region)
    choose(client, region, "full")
    client.post(PAGE, NEW | {"next_group": "on", "companion": "on"})
    asking = Registration.objects.get(resident__person__call_name="Ed")
    assert (asking.state, asking.seats) == ("waiting", 2)
    first, later = asking.choices.all()
    assert first.series == region.series["full"]
    assert later.offering == region.series["full"].offering


def test_a_mandate_stands_for_the_name(client: Client, region: Region) -> None:
    user = helper(client, Role.CLIENT_SUPPORTER, region)
    mandate = MandateFactory(resident=region.resident, supporter=user)
    other = MandateFactory()
    choose(client, region, "money")
    refused = client.post(PAGE, {"mandate": str(other.pk)} | mark())
    assert refused.status_code == 400
    client.post(PAGE, {"mandate": str(mandate.pk)} | mark())
    (seat,) = region.series["money"].enrolments.all()
    assert seat.resident == region.resident
    event = AuditEvent.objects.filter(event_code="enrolment.enrol").last()
    assert (event.actor_id, event.subject_ids) == (
        str(user.pk),
        [str(region.resident.person_id)],
    )


def test_who_helps_with_a_mandate_chooses_the_same_as_for_somebody_new(
    client: Client, region: Region
) -> None:
    user = helper(client, Role.CLIENT_SUPPORTER, region)
    mandate = MandateFactory(resident=region.resident, supporter=user)
    choose(client, region, "full")
    text = client.get(PAGE).content.decode()
    assert faults(text) == []
    form = text.partition('name="mandate"')[2].partition("</form>")[0]
    for name in ("companion", "next_group"):
        (field,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', form)
        assert 'type="checkbox"' in field
        assert ("checked" in field) == (name == "next_group")
    client.post(PAGE, {"mandate": str(mandate.pk), "companion": "on"} | mark())
    asking = Registration.objects.get(resident=region.resident)
    assert asking.seats == 2
    assert [one.series for one in asking.choices.all()] == [region.series["full"]]


def test_asking_again_leaves_the_seat_of_who_comes_along(
    client: Client, region: Region
) -> None:
    user = helper(client, Role.CLIENT_SUPPORTER, region)
    mandate = MandateFactory(resident=region.resident, supporter=user)
    for ticks in ({"companion": "on"}, {}):
        choose(client, region, "full")
        client.post(PAGE, {"mandate": str(mandate.pk)} | ticks | mark())
    assert Registration.objects.get(resident=region.resident).seats == 2


def test_a_resident_gives_and_ends_it(client: Client, region: Region) -> None:
    user = helper(client, Role.CLIENT_SUPPORTER, region)
    client.force_login(region.resident.person.user)
    page = reverse("courses:help_with")
    for _twice in range(2):
        client.post(page, {"supporter": str(user.pk)})
    mandate = Mandate.objects.get()
    shown = client.get(page).content.decode()
    assert faults(shown) == []
    assert "Hulp" in shown
    others = MandateFactory()
    assert client.post(reverse("courses:end_help", args=[others.pk])).status_code == 404
    client.post(reverse("courses:end_help", args=[mandate.pk]))
    mandate.refresh_from_db()
    assert mandate.ended_at is not None
    for wrong in ("", "999999", "x", str(region.resident.person.user_id)):
        client.post(page, {"supporter": wrong})
    assert Mandate.objects.filter(ended_at=None).count() == 1  # the other resident's
    client.force_login(user)
    assert client.get(PAGE).context["helped"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"asked": ""}, "asked"),
        ({"call_name": ""}, "call_name"),
        ({"call_name": "x" * 200}, "call_name"),
        ({"contact_address": ""}, "contact_address"),
        ({"contact_channel": "email"}, "contact_address"),
        ({"contact_channel": "pigeon"}, "contact_channel"),
        ({"postcode4": "0123"}, "postcode4"),
        ({"half_days": ["8-night"]}, "half_days"),
    ],
)
def test_bad_input_keeps_nothing(
    client: Client, region: Region, wrong: dict[str, Any], field: str
) -> None:
    helper(client, Role.COORDINATOR, region)
    choose(client, region, "money")
    people = Person.objects.count()
    answer = client.post(PAGE, NEW | wrong)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert faults(answer.content.decode()) == []
    assert Person.objects.count() == people


def test_nothing_chosen_or_too_much_is_refused(client: Client, region: Region) -> None:
    helper(client, Role.COORDINATOR, region)
    people = Person.objects.count()
    assert client.post(PAGE, NEW).status_code == 400
    assert Person.objects.count() == people
    for name in ("care", "walk in"):
        path = reverse("courses:choose_for_somebody", args=[region.series[name].pk])
        assert client.post(path).status_code == 404
    choose(client, region, "money", "money in Olst", "full", "sleep", "money")
    shown = [card.series for card in client.get(PAGE).context["cards"]]
    assert shown == [region.series[n] for n in ("money in Olst", "full", "money")]


def test_who_is_no_helper_is_told_so_and_it_is_logged(
    client: Client, region: Region
) -> None:
    client.force_login(region.resident.person.user)
    assert client.get(PAGE).status_code == 403
    assert AuditEvent.objects.filter(event_code="behalf.page", result="refused")
    assert Enrolment.objects.filter(resident=region.resident).count() == 0


# --- Help me choose -----------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_five_questions_and_then_what_fits(
    client: Client, region: Region, language: str
) -> None:
    client.cookies["django_language"] = language
    for step in range(1, 6):
        answer = client.get("/kiezen/", {"step": step, "kind": "peer_group"})
        assert faults(answer.content.decode(), language) == []
        assert answer.context["total"] == 5
    found = client.get("/kiezen/?step=6&kind=recovery_course&half_day=evening&free=on")
    assert faults(found.content.decode(), language) == []
    assert [card.offering.code for card in found.context["cards"]] == [
        "omgaan-met-geld"
    ]
    assert "half_day=evening" in found.context["everything"]


@pytest.mark.parametrize("step", ["0", "-1", "x", "99999999999", "²", "6<script>"])
def test_a_wrong_step_is_a_page(client: Client, region: Region, step: str) -> None:
    answer = client.get("/kiezen/", {"step": step, "place": "\x00", "kind": "<b>"})
    assert answer.status_code == 200
    assert faults(answer.content.decode()) == []


def test_nothing_that_fits_is_said(client: Client, region: Region) -> None:
    home = region.places["Den Nul"].pk
    answer = client.get(f"/kiezen/?step=6&place={home}&half_day=evening")
    assert answer.context["cards"] == []
    assert faults(answer.content.decode()) == []
