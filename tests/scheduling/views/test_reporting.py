"""Something happened: the same place for all of it, and what came free by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Enrolment, Registration
from people.enums import Role
from people.models import RoleMembership
from rooms.models import Closure
from scheduling.models import PlanningRun, Repair, RepairKind
from scheduling.services.runs import perform_run
from scheduling.views.happened import ABOUT_SOMEBODY, ADDRESSES
from tests.factories import (
    EnrolmentFactory,
    OrganisationFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.scheduling.rows import a_leader, asks_for, running
from tests.scheduling.services.test_came_and_went import Talk
from tests.scheduling.services.test_repairs import World
from tests.scheduling.views.conftest import SECRET, resident
from tests.web.html import faults

pytestmark = pytest.mark.django_db
DAY = {"first": "2026-12-01", "last": "2026-12-01"}


@pytest.fixture
def world() -> World:
    return World()


def page(kind: RepairKind) -> str:
    return reverse("scheduling:report", args=[ADDRESSES[kind]])


def free(registration: Registration) -> str:
    return reverse("scheduling:came-free", args=[registration.pk])


def ended(client: Client, registration: Registration) -> Any:
    """The answer of both presses that end all of somebody."""
    where, sent = (
        page(RepairKind.RESIDENT_LEFT),
        {"about": registration.pk, "reason": "moved"},
    )
    shown = client.post(where, sent).context["shown"]
    return client.post(where, sent | {"shown": shown})


def looked(client: Client, asked: Any) -> Any:
    """The page after a worker looked for the ways."""
    assert asked.status_code == 302, asked.context["form"].errors
    run = PlanningRun.objects.filter(task="repair").latest("pk")
    assert asked["Location"] == reverse("scheduling:looking", args=[run.pk])
    assert faults(client.get(asked["Location"]).content.decode()) == []
    perform_run(run_id=run.pk)
    return client.get(asked["Location"], follow=True)


@pytest.mark.parametrize("kind", list(RepairKind))
def test_all_that_can_happen_is_found_in_one_place(
    signed_in: Client, world: World, kind: RepairKind
) -> None:
    answer = signed_in.get(page(kind))
    html = answer.content.decode()
    assert faults(html) == []
    for other in RepairKind:
        assert f'href="{page(other)}"' in html
    assert html.count('aria-current="page"') >= 1
    empty = signed_in.post(page(kind), {})
    assert empty.status_code == 422
    assert faults(empty.content.decode()) == []
    assert not PlanningRun.objects.exists()


def test_what_is_about_somebody_is_for_coordinators(
    client: Client, world: World
) -> None:
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    html = client.get(page(RepairKind.HOLIDAY)).content.decode()
    for kind in RepairKind:
        cares = kind in ABOUT_SOMEBODY
        assert (page(kind) in html) is not cares
        assert client.get(page(kind)).status_code == (403 if cares else 200)
    new = asks_for(world.group)
    sent = {"about": new.pk, "first": "2026-12-01"}
    assert client.post(page(RepairKind.RESIDENT_JOINED), sent).status_code == 403
    assert not PlanningRun.objects.exists()


def test_who_coordinates_one_organisation_reaches_its_own_people(
    client: Client, world: World
) -> None:
    user = UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR)
    RoleMembership.objects.create(
        user=user, role=Role.COORDINATOR, organisation=OrganisationFactory()
    )
    client.force_login(user)
    new = asks_for(world.group)
    for number in (new.pk, 999_999):
        sent = {"about": number, "first": "2026-12-01"}
        came = client.post(page(RepairKind.RESIDENT_JOINED), sent)
        assert came.status_code == 422
    new.refresh_from_db()
    assert new.state == "waiting"
    assert client.get(free(new)).status_code == 403


def test_a_holiday_shuts_the_centres_and_gives_ways(
    signed_in: Client, world: World
) -> None:
    sent = DAY | {"about": "region"}
    answer = looked(signed_in, signed_in.post(page(RepairKind.HOLIDAY), sent))
    repair = Repair.objects.get()
    assert answer.redirect_chain[-1][0] == f"/herstel/{repair.pk}/"
    assert faults(answer.content.decode()) == []
    assert answer.context["again"]["action"] == page(RepairKind.HOLIDAY)
    assert Closure.objects.count() == 1


def test_who_came_in_gets_a_seat_in_a_draft(signed_in: Client, world: World) -> None:
    new = asks_for(world.group, resident=resident())
    where = page(RepairKind.RESIDENT_JOINED)
    html = signed_in.get(f"{where}?wie={new.pk}").content.decode()
    assert f'value="{new.pk}"' in html
    sent = {"about": new.pk, "first": "2026-12-01"}
    answer = looked(signed_in, signed_in.post(where, sent))
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    (way,) = answer.context["ways"]
    assert str(new.pk) in way["means"][0]
    assert world.group.offering.title in way["means"][0]
    chosen = signed_in.post(f"/herstel/{Repair.objects.get().pk}/", {"rank": "1"})
    assert "/publiceren/" in chosen["Location"]
    assert new.enrolments.get().state == "held_by_draft"


def test_without_a_seat_the_registration_says_so(
    signed_in: Client, world: World
) -> None:
    new = asks_for(running(), resident=resident())
    sent = {"about": new.pk, "first": "2026-12-01"}
    answer = looked(signed_in, signed_in.post(page(RepairKind.RESIDENT_JOINED), sent))
    assert answer.redirect_chain[-1][0] == f"/aanmeldingen/{new.pk}/"
    assert len(answer.context["messages"]) == 1
    html = answer.content.decode()
    assert f"{page(RepairKind.RESIDENT_JOINED)}?wie={new.pk}" in html


def test_who_left_gives_what_came_free_and_what_to_decide(
    signed_in: Client, world: World
) -> None:
    seat = world.group.enrolments.first()
    where = page(RepairKind.RESIDENT_LEFT)
    html = signed_in.get(f"/aanmeldingen/{seat.registration_id}/beeindigen/")
    assert f"{where}?wie={seat.registration_id}" in html.content.decode()
    answer = looked(signed_in, ended(signed_in, seat.registration))
    assert answer.redirect_chain[-1][0] == free(seat.registration)
    html = answer.content.decode()
    assert faults(html) == []
    assert reverse("scheduling:decide", args=[world.group.pk]) in html
    assert answer.context["repairs"] == []
    assert Enrolment.objects.get(pk=seat.pk).state == "withdrawn"


def test_a_conversation_without_anybody_leads_to_its_ways(
    signed_in: Client, world: World
) -> None:
    talk = Talk(world)
    where = page(RepairKind.RESIDENT_LEFT)
    answer = looked(signed_in, ended(signed_in, talk.registration))
    repair = Repair.objects.get()
    html = answer.content.decode()
    assert faults(html) == []
    assert free(talk.registration) in html
    line = signed_in.get(free(talk.registration))
    assert faults(line.content.decode()) == []
    assert f"/herstel/{repair.pk}/" in line.content.decode()
    # Looking anew ends nothing twice, and asks for no reason.
    again = answer.context["again"]
    assert again["action"] == where
    newer = looked(signed_in, signed_in.post(where, again["fields"]))
    other = Repair.objects.latest("pk")
    assert other != repair
    assert newer.redirect_chain[-1][0] == f"/herstel/{other.pk}/"


def test_what_came_free_takes_as_many_queries_for_three_as_for_one(
    signed_in: Client, world: World
) -> None:
    person, counts = resident(), []
    closed = RegistrationFactory(resident=person, state="withdrawn")
    for more in (1, 2):
        for _ in range(more):
            EnrolmentFactory(
                series=running("2026-12-04 10:00", leaders=[a_leader()]),
                registration=RegistrationFactory(resident=person, state="withdrawn"),
                state="withdrawn",
            )
        with CaptureQueriesContext(connection) as asked:
            html = signed_in.get(free(closed)).content.decode()
        assert faults(html) == []
        assert SECRET not in html
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_nothing_came_free_is_said(signed_in: Client, world: World) -> None:
    html = signed_in.get(free(asks_for(world.group))).content.decode()
    assert faults(html) == []
    assert "<table" not in html
