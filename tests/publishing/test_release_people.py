"""What a release changes, person by person: numbers, and a name after a press."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from people.enums import Role
from people.models import Person
from publishing.changes import What
from publishing.releases import FOR_ONE, HEADINGS
from tests.browser import axe, show, small_targets, too_wide
from tests.factories import (
    EnrolmentFactory,
    OrganisationFactory,
    RegistrationFactory,
    UserFactory,
    amsterdam,
)
from tests.scheduling.by_hand import World
from tests.web.html import faults

pytestmark = pytest.mark.django_db
SECRET = "Zilverlinde"


@pytest.fixture
def world() -> World:
    made = World()
    Person.objects.update(call_name=SECRET, alias="")
    made.apply(made.move(start=amsterdam("2026-12-01 09:30")))
    return made


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


def address(world: World) -> str:
    return f"/rooster/{world.draft.pk}/publiceren/mensen/"


def look(client: Client, world: World) -> Any:
    answer = client.get(address(world))
    assert answer.status_code == 200
    assert faults(answer.content.decode()) == []
    return answer


def test_each_person_has_a_number_the_changes_and_the_message(
    signed_in: Client, world: World
) -> None:
    seat = world.group.enrolments.first()
    person = seat.resident.person
    person.contact_channel = "none"
    person.contact_address = ""
    person.save()
    release = signed_in.get(f"/rooster/{world.draft.pk}/publiceren/")
    assert f'href="{address(world)}"' in release.content.decode()
    answer = look(signed_in, world)
    html = answer.content.decode()
    assert SECRET not in html
    people = answer.context["sheet"].people
    members = world.group.enrolments.values_list("resident__person_id", flat=True)
    assert [one.pk for one in people] == [*members, world.leader.person_id]
    for one in people:
        ((title, _what, moved),) = one.changes
        assert title == world.group.offering.title
        assert "10.00" in moved
        assert "9.30" in moved
    assert [one.message for one in people] == [0, 1, 1, 1, 1, 1, 1]
    (letter,) = answer.context["sheet"].messages
    assert world.group.offering.title not in letter.subject + letter.body
    assert letter.subject in html
    for one in world.group.enrolments.all():
        assert f"{one.registration_id}</th>" in html
    assert str(people[-1].who) not in {str(one.who) for one in people[:-1]}


def test_each_change_has_words_for_one_person() -> None:
    assert FOR_ONE.keys() == HEADINGS.keys() == set(What)


def test_a_name_is_shown_after_a_press_that_is_logged(
    signed_in: Client, world: World
) -> None:
    person = world.group.enrolments.first().resident.person
    answer = signed_in.post(address(world), {"person": person.pk})
    assert answer.content.decode().count(SECRET) == 1
    line = AuditEvent.objects.get(event_code="person.name.read")
    assert line.subject_ids == [str(person.pk)]
    other = world.other.enrolments.first().resident.person
    assert signed_in.post(address(world), {"person": other.pk}).status_code == 404


def test_only_a_draft_of_the_region_is_looked_at(client: Client, world: World) -> None:
    client.force_login(
        UserFactory(role=Role.COORDINATOR, organisation=OrganisationFactory())
    )
    assert client.get(address(world)).status_code == 403
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    release = client.get(f"/rooster/{world.draft.pk}/publiceren/")
    assert address(world) not in release.content.decode()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    world.draft.state = "published"
    world.draft.save()
    assert client.get(address(world)).status_code == 404


def test_the_queries_do_not_grow_with_the_people(
    signed_in: Client, world: World
) -> None:
    counts = []
    for more in (3, 0):
        with CaptureQueriesContext(connection) as seen:
            look(signed_in, world)
        counts.append(len(seen))
        for _ in range(more):
            registration = RegistrationFactory(state="placed")
            EnrolmentFactory(series=world.group, registration=registration)
    assert counts[0] == counts[1]


@pytest.mark.needs("chromium", "axe")
def test_the_page_has_no_barriers(signed_in: Client, world: World, page: Any) -> None:
    show(page, look(signed_in, world).content.decode())
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert too_wide(page) == []
        assert small_targets(page) == []
