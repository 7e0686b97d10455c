"""A leader finds a colleague who takes over: judged, asked, the first one leads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from courses.models import Assignment, Session, StandInAsk
from courses.services import ask_leaders, cancel_session, stand_ins
from messaging.models import OutboxMessage
from people.enums import Role
from people.models import Facilitator
from people.services.own_data import everything
from publishing.services import substitutes
from tests.factories import LeaveFactory, PersonFactory, UserFactory, days
from tests.publishing.feed_data import leader_path
from tests.scheduling.rows import a_leader, a_room, running
from tests.web.html import faults

FEASTS = {(1, 1), (4, 26), (4, 27), (5, 5), (12, 25), (12, 26)}


def a_tuesday() -> date:
    """A coming Tuesday on which nothing is closed."""
    day = timezone.localdate() + timedelta(days=7)
    while day.weekday() != 1 or (day.month, day.day) in FEASTS:
        day += timedelta(days=1)
    return day


class World:
    """A group with a leader who has an account; two colleagues could take over."""

    def __init__(self) -> None:
        self.day = a_tuesday()
        self.room = a_room(capacity=20)
        self.user = UserFactory(role=Role.FACILITATOR)
        self.leader = a_leader(person=PersonFactory(user=self.user, call_name="Wim"))
        self.able = [a_leader(person=PersonFactory(call_name=n)) for n in ("Ria", "Bo")]
        for one in self.able:
            one.person.user = UserFactory(role=Role.FACILITATOR)
            one.person.save()
        self.busy = a_leader(person=PersonFactory(call_name="Ida"))
        self.group = running(
            f"{self.day} 10:00", room=self.room, leaders=[self.leader], members=6
        )
        running(f"{self.day} 10:00", leaders=[self.busy], members=6)
        self.session: Session = self.group.sessions.get()
        self.coordinator = PersonFactory(user=UserFactory(role=Role.COORDINATOR))
        self.path = reverse("publishing:stand_ins", args=[self.session.pk])

    def ask(self, *who: Facilitator) -> int:
        return substitutes.ask(
            actor=Actor.of(self.user),
            user=self.user,
            facilitator=self.leader,
            session=self.session,
            facilitator_ids=[one.pk for one in who],
        )

    def row(self, who: Facilitator) -> StandInAsk:
        return StandInAsk.objects.get(facilitator=who)

    def link(self, who: Facilitator) -> str:
        link = OutboxMessage.objects.get(recipient=who.person, secret=True).link
        return "/" + link.split("/", 3)[3]

    def led_by(self) -> set[str]:
        rows = self.session.session_leaders.select_related("facilitator__person")
        return {one.facilitator.person.call_name for one in rows}


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def wim(client: Client, world: World) -> Client:
    client.force_login(world.user)
    return client


def test_only_who_is_fit_and_free_is_shown_by_name_and_organisation(
    wim: Client, world: World
) -> None:
    page = wim.get(world.path).content.decode()
    assert all(one.person.call_name in page for one in world.able)
    assert world.able[0].organisation.name in page
    assert "Ida" not in page
    assert world.able[0].person.contact_address not in page
    line = AuditEvent.objects.get(event_code="person.name")
    assert set(line.subject_ids) == {str(one.person_id) for one in world.able}
    assert line.actor_id == str(world.user.pk)
    judged = AuditEvent.objects.filter(event_code="resident.facts.read").last()
    assert judged is not None
    assert (judged.actor_id, judged.responsible_id) == ("system", str(world.user.pk))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_its_pages_are_sound(wim: Client, world: World, language: str) -> None:
    wim.cookies["django_language"] = language
    assert faults(wim.get(world.path).content.decode(), language) == []
    world.ask(*world.able)
    assert faults(wim.get(world.path).content.decode(), language) == []
    link = wim.get(world.link(world.able[0])).content.decode()
    assert faults(link, language) == []


def test_asking_by_the_page_mails_a_link_once(wim: Client, world: World) -> None:
    who = [one.pk for one in world.able]
    for _press in range(2):
        assert wim.post(world.path, {"who": who}).status_code == 302
    letters = OutboxMessage.objects.filter(secret=True)
    assert {one.recipient_id for one in letters} == {
        one.person_id for one in world.able
    }
    assert {one.state for one in letters} == {"approved"}
    assert all("Wim" not in one.body + one.subject for one in letters)
    assert wim.get(world.path).content.decode().count("Ria") == 1


@pytest.mark.parametrize("who", [[], ["x"], ["0"], ["-1"], ["9" * 30], ["²"]])
def test_odd_choices_ask_nobody(wim: Client, world: World, who: list[str]) -> None:
    assert wim.post(world.path, {"who": who}).status_code == 400
    assert not StandInAsk.objects.exists()


def test_who_is_not_fit_cannot_be_asked(wim: Client, world: World) -> None:
    answer = wim.post(world.path, {"who": [world.able[0].pk, world.busy.pk]})
    assert answer.status_code == 400
    assert not StandInAsk.objects.exists()


def test_looking_at_the_link_answers_nothing_and_tells_no_subject(
    client: Client, world: World
) -> None:
    world.ask(world.able[0])
    page = client.get(world.link(world.able[0]))
    text = page.content.decode()
    assert page.status_code == 200
    assert world.group.offering.title not in text
    assert "Wim" not in text
    assert world.row(world.able[0]).state == "asked"
    assert "no-store" in page["Cache-Control"]


def test_the_first_yes_leads_it_and_feeds_change(client: Client, world: World) -> None:
    first, second = world.able
    world.ask(first, second)
    feeds = [leader_path(one) for one in (world.leader, first)]
    tags = [client.get(path)["ETag"] for path in feeds]
    links = [world.link(one) for one in (first, second)]
    assert client.post(links[0], {"answer": "yes"}).status_code == 200
    assert world.led_by() == {"Ria"}
    world.session.refresh_from_db()
    assert world.session.sequence == 1
    assert [client.get(path)["ETag"] for path in feeds] != tags
    sizes = [client.get(path).content.count(b"BEGIN:VEVENT") for path in feeds]
    assert sizes == [0, 1]
    assert client.post(links[1], {"answer": "yes"}).status_code == 410
    assert client.get(links[0]).status_code == 410
    assert world.led_by() == {"Ria"}
    told = OutboxMessage.objects.filter(secret=False)
    assert {one.recipient_id for one in told} == {
        world.coordinator.pk, world.leader.person_id,
    }  # fmt: skip
    assert all(one.state == "approved" for one in told)
    # Who was asked as well does not get the mail that had not gone yet.
    late = OutboxMessage.objects.get(recipient=second.person)
    assert late.state == "dropped"


def test_a_later_release_does_not_ask_who_said_yes(
    client: Client, world: World
) -> None:
    world.ask(world.able[0])
    client.post(world.link(world.able[0]), {"answer": "yes"})
    again = ask_leaders(actor=Actor.system("test"), series_ids=[world.group.pk])
    assert world.able[0].pk not in {one.assignment.facilitator_id for one in again}
    assert Assignment.objects.get(facilitator=world.able[0]).state == "accepted"


def test_a_yes_is_judged_again(client: Client, world: World) -> None:
    world.ask(world.able[0])
    LeaveFactory(facilitator=world.able[0], days=days(str(world.day)))
    assert client.post(world.link(world.able[0]), {"answer": "yes"}).status_code == 409
    assert world.led_by() == {"Wim"}
    assert world.row(world.able[0]).state == "asked"


def test_who_leads_elsewhere_by_now_is_refused_by_the_database_too(
    world: World,
) -> None:
    world.ask(world.able[0])
    running(f"{world.day} 10:30", leaders=[world.able[0]], members=6)
    with pytest.raises(substitutes.NotFitAnyMore):
        stand_ins.take_over(
            actor=Actor.system("test"), ask=world.row(world.able[0]), fit=lambda _: True
        )
    assert world.led_by() == {"Wim"}


def test_a_meeting_that_moved_or_was_called_off_is_asked_no_more(
    client: Client, world: World
) -> None:
    world.ask(*world.able)
    link = world.link(world.able[0])
    later = world.session.period.lower + timedelta(hours=1)
    period = type(world.session.period)(later, later + timedelta(minutes=90))
    Session.objects.filter(pk=world.session.pk).update(period=period)
    assert client.post(link, {"answer": "yes"}).status_code == 410
    Session.objects.filter(pk=world.session.pk).update(period=world.session.period)
    cancel_session(session=world.session, actor=Actor.system("test"))
    assert client.post(link, {"answer": "yes"}).status_code == 410
    assert world.led_by() == {"Wim"}


def test_when_nobody_can_the_coordinator_and_the_leader_hear_it_once(
    client: Client, world: World
) -> None:
    world.ask(*world.able)
    links = [world.link(one) for one in world.able]
    client.post(links[0], {"answer": "no"})
    assert not OutboxMessage.objects.filter(secret=False).exists()
    client.post(links[1], {"answer": "no"})
    client.post(links[1], {"answer": "no"})
    told = OutboxMessage.objects.filter(secret=False)
    assert sorted(one.recipient_id or 0 for one in told) == sorted(
        [world.coordinator.pk, world.leader.person_id]
    )
    assert world.led_by() == {"Wim"}


def test_taking_the_question_back_ends_the_links(wim: Client, world: World) -> None:
    world.ask(*world.able)
    links = [world.link(one) for one in world.able]
    assert wim.post(world.path, {"act": "stop"}).status_code == 302
    assert {Client().get(link).status_code for link in links} == {410}
    assert {one.state for one in OutboxMessage.objects.all()} == {"dropped"}


def test_the_question_stands_in_the_colleagues_own_agenda(
    client: Client, world: World
) -> None:
    first, second = world.able
    world.ask(first)
    client.force_login(first.person.user)
    path = reverse("publishing:stand_in", args=[world.row(first).pk])
    assert path in client.get(reverse("publishing:my_agenda")).content.decode()
    assert world.group.offering.title in client.get(path).content.decode()
    client.force_login(second.person.user)
    assert client.get(path).status_code == 404
    client.force_login(first.person.user)
    assert client.post(path, {"answer": "yes"}).status_code == 200
    assert world.led_by() == {"Ria"}


def test_a_colleague_reads_the_question_in_the_copy_of_own_data(world: World) -> None:
    world.ask(world.able[0])
    kept = everything(
        actor=Actor.of(world.user), person=world.able[0].person, way="json"
    )
    (asked,) = (one.rows for one in kept if one.part.key == "asked")
    assert len(asked) == 1
    assert "Wim" not in str(asked)


def test_at_most_ten_are_asked(world: World) -> None:
    many = [a_leader() for _number in range(11)]
    with pytest.raises(ValidationError):
        stand_ins.ask_stand_ins(
            actor=Actor.system("test"),
            session=world.session,
            missing=world.leader,
            facilitator_ids=[one.pk for one in many],
        )
    assert not StandInAsk.objects.exists()


def test_the_list_asks_as_many_queries_for_three_as_for_one(
    wim: Client, world: World
) -> None:
    numbers = []
    for _more in range(2):
        wim.get(world.path)
        with CaptureQueriesContext(connection) as caught:
            wim.get(world.path)
        numbers.append(len(caught))
        a_leader(), a_leader()
    assert numbers[0] == numbers[1]
