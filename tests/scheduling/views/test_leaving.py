"""Somebody left: who it is and what would end is shown first, and ended after that."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from audit.models import AuditEvent
from courses import words as offer_words
from courses.models import Registration
from people.enums import Role
from people.models import RoleMembership
from scheduling.models import PlanningRun, Repair, RepairKind
from scheduling.services.runs import perform_run
from scheduling.views.happened import ADDRESSES
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
WHERE = "/herstel/gestopt/"
OFFERED_ON = (
    "A free seat in a group that goes on is offered to the next in turn at once."
)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def leaver(world: World) -> Registration:
    """In a group, and waiting for another."""
    person = resident()
    seat = EnrolmentFactory(
        series=world.group, registration=RegistrationFactory(resident=person)
    )
    Registration.objects.filter(pk=seat.registration_id).update(state="placed")
    asks_for(running("2026-12-03 10:00", leaders=[a_leader()]), resident=person)
    return Registration.objects.get(pk=seat.registration_id)


def sent(registration: Registration) -> dict[str, Any]:
    return {"about": registration.pk, "reason": "moved"}


def states(registration: Registration) -> set[str]:
    mine = Registration.objects.filter(resident=registration.resident_id)
    return set(mine.values_list("state", flat=True))


def title(html: str) -> str:
    (found,) = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    return str(found)


def test_the_first_press_shows_who_it_is_and_ends_nothing(
    signed_in: Client, world: World, leaver: Registration
) -> None:
    answer = signed_in.post(WHERE, sent(leaver))
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (200, [])
    assert SECRET in html
    (seat,) = answer.context["seats"]
    assert seat["title"] == world.group.offering.title
    assert seat["when"]
    assert seat["when"] in html
    assert gettext(OFFERED_ON) in html
    (waits,) = answer.context["waiting"]
    assert waits.asked_for in html
    assert str(leaver.pk) not in title(html)
    assert f'href="{answer.context["back"].replace("&", "&amp;")}"' in html
    assert (
        'value="moved" selected'
        in signed_in.get(answer.context["back"]).content.decode()
    )
    assert states(leaver) == {"placed", "waiting"}
    assert not PlanningRun.objects.exists()
    codes = set(AuditEvent.objects.values_list("event_code", flat=True))
    assert {"person.contact.read", "registration.list"} <= codes
    assert not {one for one in codes if one.startswith("registration.withdraw")}


def test_a_conversation_is_shown_with_its_date(signed_in: Client, world: World) -> None:
    talk = Talk(world)
    EnrolmentFactory(
        series=world.group,
        registration=RegistrationFactory(
            resident=talk.registration.resident, state="placed"
        ),
    )
    shown = signed_in.post(WHERE, sent(talk.registration)).context["seats"]
    when = {one["title"]: one["when"] for one in shown}
    begins = talk.series.sessions.get().period.lower
    assert when[talk.offering.title] == offer_words.moment(begins)
    assert when[world.group.offering.title] == offer_words.usual_time(world.group)


def test_the_second_press_ends_what_was_shown(
    signed_in: Client, leaver: Registration
) -> None:
    shown = signed_in.post(WHERE, sent(leaver)).context["shown"]
    both = [signed_in.post(WHERE, sent(leaver) | {"shown": shown}) for _twice in "12"]
    run = PlanningRun.objects.get(task="repair")
    assert [one["Location"] for one in both] == [f"/herstel/bezig/{run.pk}/"] * 2
    assert states(leaver) == {"withdrawn"}
    assert signed_in.post(WHERE, sent(leaver)).status_code == 422


def test_what_changed_meanwhile_is_shown_and_not_ended(
    signed_in: Client, leaver: Registration
) -> None:
    shown = signed_in.post(WHERE, sent(leaver)).context["shown"]
    new = asks_for(running(), resident=leaver.resident)
    answer = signed_in.post(WHERE, sent(leaver) | {"shown": shown})
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert 'role="alert"' in html
    assert new.pk in {one.pk for one in answer.context["waiting"]}
    assert states(leaver) == {"placed", "waiting"}
    assert not PlanningRun.objects.exists()
    newer = answer.context["shown"]
    assert newer != shown
    # The mark of somebody else's page ends nothing either.
    other = RegistrationFactory(state="waiting", resident=resident())
    mixed = signed_in.post(WHERE, sent(other) | {"shown": newer})
    assert (mixed.status_code, states(other)) == (409, {"waiting"})
    assert signed_in.post(WHERE, sent(leaver) | {"shown": newer}).status_code == 302
    assert states(leaver) == {"withdrawn"}


@pytest.mark.parametrize("shown", ["", "made-up"])
def test_a_number_of_nobody_or_of_what_is_closed_is_told_at_the_form(
    signed_in: Client, world: World, shown: str
) -> None:
    closed = RegistrationFactory(resident=resident(), state="withdrawn")
    for number in (closed.pk, 999_999):
        answer = signed_in.post(
            WHERE, {"about": number, "reason": "moved", "shown": shown}
        )
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (422, [])
        assert answer.context["form"].errors
        assert SECRET not in html
    assert not PlanningRun.objects.exists()


def test_it_is_for_who_coordinates_the_whole_region(
    client: Client, leaver: Registration
) -> None:
    user = UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR)
    organisation = leaver.resident.person.organisation or OrganisationFactory()
    leaver.resident.person.organisation = organisation
    leaver.resident.person.save()
    RoleMembership.objects.create(
        user=user, role=Role.COORDINATOR, organisation=organisation
    )
    client.force_login(user)
    for also in ({}, {"shown": "x"}, {"after": "1"}):
        assert client.post(WHERE, sent(leaver) | also).status_code == 403
    assert client.get(WHERE).status_code == 403
    assert AuditEvent.objects.filter(event_code="planning.page").count() == 4
    came = reverse("scheduling:report", args=[ADDRESSES[RepairKind.RESIDENT_JOINED]])
    html = client.get(came).content.decode()
    assert WHERE not in html
    assert states(leaver) == {"placed", "waiting"}


def test_who_does_not_coordinate_sees_no_number(
    client: Client, signed_in: Client, world: World
) -> None:
    new = asks_for(world.group, resident=resident())
    came = reverse("scheduling:report", args=[ADDRESSES[RepairKind.RESIDENT_JOINED]])
    run_page = signed_in.post(came, {"about": new.pk, "first": "2026-12-01"})[
        "Location"
    ]
    PlanningRun.objects.update(state="cancelled")
    assert str(new.pk) not in title(signed_in.get(run_page).content.decode())
    PlanningRun.objects.update(state="queued")
    perform_run(run_id=PlanningRun.objects.get(task="repair").pk)
    repair = Repair.objects.get()
    page, named = f"/herstel/{repair.pk}/", re.compile(rf"\b{new.pk}\b")
    seen = signed_in.get(page)
    assert named.search(seen.context["title"])
    assert named.search(seen.context["ways"][0]["means"][0])
    assert not named.search(title(seen.content.decode()))
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    for where in (page, reverse("scheduling:report", args=["ziek"])):
        answer = client.get(where)
        html = answer.content.decode()
        assert faults(html) == []
        told = [
            answer.context["title"],
            *(one["title"] for one in answer.context.get("repairs", ())),
            *(text for way in answer.context.get("ways", ()) for text in way["means"]),
        ]
        assert not [one for one in told if named.search(str(one))]
        assert 'id="again"' not in html
        assert came not in html
    assert (
        seen.context["ways"][0]["means"] != client.get(page).context["ways"][0]["means"]
    )
    PlanningRun.objects.update(state="cancelled", found={})
    answer = client.get(run_page)
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (200, [])
    assert not named.search(str(answer.context["title"]))
    assert 'id="again"' not in html
    assert came not in html


def test_what_would_end_takes_as_many_queries_for_three_as_for_one(
    signed_in: Client, world: World
) -> None:
    talk, counts = Talk(world), []
    signed_in.get(WHERE)
    for more in (0, 2):
        for _ in range(more):
            series = running("2026-12-04 10:00", leaders=[a_leader()])
            EnrolmentFactory(
                series=series,
                registration=RegistrationFactory(
                    resident=talk.registration.resident, state="placed"
                ),
            )
            asks_for(series, resident=talk.registration.resident)
        with CaptureQueriesContext(connection) as asked:
            answer = signed_in.post(WHERE, sent(talk.registration))
        assert len(answer.context["seats"]) == 1 + more
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("part", ["", "wijzigen/", "beeindigen/"])
def test_a_title_that_a_browser_keeps_has_no_number(
    signed_in: Client, leaver: Registration, part: str
) -> None:
    html = signed_in.get(f"/aanmeldingen/{leaver.pk}/{part}").content.decode()
    assert f" {leaver.pk}" in html
    assert str(leaver.pk) not in title(html)
