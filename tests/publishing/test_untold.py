"""Going back on what nobody was told of is told to nobody; nothing is told twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from messaging.models import OutboxMessage
from messaging.services import MAX_ATTEMPTS
from people.enums import Role
from people.models import Person
from publishing.models import Release
from publishing.services.release import preview, release
from publishing.services.untold import to_tell
from scheduling.models import Schedule
from scheduling.services import boards
from scheduling.services.decisions import merge_groups
from scheduling.services.redrafts import draft_of_published
from tests.factories import OrganisationFactory, UserFactory
from tests.publishing.decided import Decided
from tests.scheduling.by_hand import World
from tests.scheduling.rows import ACTOR, MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


class Moved(World):
    """A week that was published, and published again with a group in another room."""

    def __init__(self) -> None:
        super().__init__()
        self.first = self.draft
        self.go(self.first)
        self.draft = draft_of_published(actor=ACTOR, user=self.user, monday=MONDAY)
        self.apply(self.move(room_id=self.other_room.pk))
        self.second = self.draft
        self.done = self.go(self.second)
        self.people = {self.leader.person_id} | {
            one.resident.person_id for one in self.group.enrolments.all()
        }

    def go(self, schedule: Schedule) -> Release:
        schedule.refresh_from_db()
        return release(actor=ACTOR, user=self.user, schedule=schedule)

    def preview(self, schedule: Schedule) -> Any:
        schedule.refresh_from_db()
        changes = preview(actor=ACTOR, schedule=schedule).changes
        return to_tell(schedule=schedule, changes=changes)


@pytest.fixture
def moved() -> Moved:
    return Moved()


def waiting() -> Counter[int]:
    """How many messages about a release wait for each person."""
    rows = OutboxMessage.objects.filter(kind="release", state="draft")
    return Counter(rows.values_list("recipient_id", flat=True))


def once(people: set[int]) -> None:
    """A message waits for each of these, and nobody has two."""
    assert people <= waiting().keys()
    assert set(waiting().values()) == {1}


def sent(**which: Any) -> None:
    rows = OutboxMessage.objects.filter(**which)
    now = timezone.now()
    rows.update(state="sent", sent_at=now, approved_by="1", approved_at=now)


def test_what_nobody_heard_of_is_taken_back_in_silence(
    moved: Moved, client: Client
) -> None:
    assert waiting() == dict.fromkeys(moved.people, 1)
    seen = moved.preview(moved.first)
    assert (seen.sessions, len(seen.outdated)) == ({}, 7)
    assert waiting() == dict.fromkeys(moved.people, 1)
    client.force_login(UserFactory(role=Role.COORDINATOR))
    where = f"/rooster/{moved.first.pk}/publiceren/"
    assert client.get(where).context["concerned"] == gettext(
        "Nobody gets a message: nobody heard yet of what is taken back."
    )
    people = client.get(f"{where}mensen/").context["sheet"].people
    assert {(one.told, one.message) for one in people} == {(False, 0)}
    back = moved.go(moved.first)
    assert back.changes
    assert waiting() == {}
    told = client.get(f"/publicaties/{back.pk}/")
    assert (told.context["told"], told.context["waiting"]) == (0, 0)
    assert f"?publicatie={back.pk}" not in told.content.decode()
    before = client.get(f"/publicaties/{moved.done.pk}/")
    # The leader is still asked whether he will lead it.
    assert (before.context["told"], before.context["waiting"]) == (7 + 1, 1)


def test_who_wants_no_messages_is_not_counted(moved: Moved, client: Client) -> None:
    sent(kind="release")
    client.force_login(UserFactory(role=Role.COORDINATOR))
    where = f"/rooster/{moved.first.pk}/publiceren/"
    group = Person.objects.filter(pk__in=moved.people)
    group.exclude(pk=moved.leader.person_id).update(contact_channel="none")
    assert len(moved.preview(moved.first).sessions) == len(moved.people) > 1
    assert client.get(where).context["concerned"] == ngettext(
        "%(number)s person gets a message. It waits in the outbox until you have "
        "looked at it.",
        "%(number)s people get a message. The messages wait in the outbox until "
        "you have looked at them.",
        1,
    ) % {"number": 1}
    group.update(contact_channel="none")
    nobody = gettext("Nobody gets a message.")
    assert client.get(where).context["concerned"] == nobody
    back = moved.go(moved.first)
    assert not OutboxMessage.objects.filter(kind="release", release=back.pk).exists()


def test_a_message_that_did_not_go_is_not_said_to_be_none(
    moved: Moved, client: Client
) -> None:
    """It is approved and goes later, or went wrong and needs a hand."""
    client.force_login(UserFactory(role=Role.COORDINATOR))
    address = f"/publicaties/{moved.done.pk}/"
    none = gettext("No message about it waits in the outbox.")
    rows = OutboxMessage.objects.all()
    sent()
    assert none in client.get(address).content.decode()
    for state, attempts in (("approved", 0), ("failed", MAX_ATTEMPTS)):
        one = rows.filter(pk=rows.filter(kind="release")[0].pk)
        one.update(state=state, attempts=attempts, sent_at=None)
        told = client.get(address)
        assert (told.context["waiting"], told.context["none_waits"]) == (0, False)
        assert none not in told.content.decode()
        sent()


def test_an_organisation_reads_of_its_own_messages(
    moved: Moved, client: Client
) -> None:
    """As the outbox shows them; whether others wait is not for its planner to know."""
    organisation = OrganisationFactory()
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=organisation))
    address = f"/publicaties/{moved.done.pk}/"
    told = client.get(address)
    assert (told.context["waiting"], told.context["told"]) == (0, 0)
    assert not told.context["none_waits"]
    Person.objects.filter(pk=moved.leader.person_id).update(organisation=organisation)
    mine = OutboxMessage.objects.filter(recipient=moved.leader.person_id, state="draft")
    assert client.get(address).context["waiting"] == mine.count() > 0


def test_who_publishes_is_led_to_the_messages_that_wait(
    moved: Moved, client: Client
) -> None:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    told = client.get(f"/publicaties/{moved.done.pk}/")
    assert told.context["waiting"] == len(moved.people) + 1
    assert f"?publicatie={moved.done.pk}" in told.content.decode()


def test_a_message_takes_over_the_entries_of_the_one_that_it_drops(
    moved: Moved,
) -> None:
    """Also of those that this one had taken over itself."""
    moved.draft = draft_of_published(actor=ACTOR, user=moved.user, monday=MONDAY)
    moved.apply(moved.move(session=moved.other_session, leader_ids=(moved.leader.pk,)))
    third = moved.draft
    moved.go(third)
    for schedule in (moved.second, third):
        moved.go(schedule)
        (message,) = OutboxMessage.objects.filter(
            kind="release", state="draft", recipient=moved.leader.person
        )
        assert set(message.sessions) == {moved.session, moved.other_session}


def test_who_heard_of_it_hears_of_going_back(moved: Moved) -> None:
    heard = min(moved.people)
    sent(recipient=heard, kind="release")
    moved.go(moved.first)
    assert waiting() == {heard: 1}


def test_who_was_told_by_telephone_hears_of_going_back(moved: Moved) -> None:
    """A message that was dropped by hand may have been told in another way."""
    heard = min(moved.people)
    OutboxMessage.objects.filter(recipient=heard).update(state="dropped")
    moved.go(moved.first)
    assert waiting() == {heard: 1}


def test_there_and_back_and_there_again_is_told_once(moved: Moved) -> None:
    moved.go(moved.first)
    moved.go(moved.second)
    assert waiting() == dict.fromkeys(moved.people, 1)
    (message, *_more) = OutboxMessage.objects.filter(kind="release", state="draft")
    assert message.sessions == [moved.session]
    sent(state="draft", kind="release")
    moved.go(moved.first)
    assert waiting() == dict.fromkeys(moved.people, 1)
    moved.go(moved.second)
    assert waiting() == {}


def test_a_leader_who_does_not_lead_it_after_all_is_not_asked(moved: Moved) -> None:
    """Unless the question went; and whoever leads it again is asked again."""

    def asked() -> list[str]:
        rows = OutboxMessage.objects.filter(kind="request", state="draft")
        return list(
            rows.filter(recipient=moved.spare.person).values_list("key", flat=True)
        )

    moved.draft = draft_of_published(actor=ACTOR, user=moved.user, monday=MONDAY)
    moved.apply(moved.move(leader_ids=(moved.spare.pk,)))
    third = moved.draft
    moved.go(third)
    (first,) = asked()
    moved.go(moved.second)
    assert asked() == []
    assert not moved.spare.assignments.exists()
    moved.go(third)
    (again,) = asked()
    assert again != first
    sent(key=again)
    moved.go(moved.second)
    assert moved.spare.assignments.exists()


def test_what_does_not_come_to_nothing_is_told_once() -> None:
    """Groups that are merged and parted again: said with one message, never none."""
    world = Decided()
    movers = {seat.resident.person_id for seat in world.seats(world.group)}
    world.decide(merge_groups, target_id=world.other.pk)
    merged = world.draft
    once(movers)
    world.back()
    once(movers)
    world.go(merged)
    once(movers)


@pytest.mark.parametrize("members", [1, 3])
def test_it_takes_a_fixed_number_of_queries(moved: Moved, members: int) -> None:
    moved.first.refresh_from_db()
    changes = [
        replace(one, persons=one.persons[:members])
        for one in preview(actor=ACTOR, schedule=moved.first).changes
    ]
    with CaptureQueriesContext(connection) as captured:
        found = to_tell(schedule=moved.first, changes=changes)
    assert len(found.outdated) == members
    assert len(captured) == 3
