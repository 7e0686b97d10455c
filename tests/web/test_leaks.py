"""No page, feed, mail, export or error shows one participant another.

Somebody with names, addresses and numbers found nowhere else takes part in everything;
then every page that another participant can reach is read, from the table of
permissions and along every link, also where the answer is a refusal.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.actor import Actor
from courses import services
from courses.models import Absence, Series
from messaging.models import OutboxMessage
from messaging.services import approve, send_approved
from people.enums import Role
from publishing.models import FeedKind
from publishing.services.feeds import make_address
from tests.factories import (
    EnrolmentFactory,
    KeepPairFactory,
    PersonFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
)
from tests.web.permission_table import ROWS
from tests.web.permission_world import World

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")
LINK = re.compile(r"""(?:href|hx-get|data-url)=["'](/[^"'#]*)["']""")
ELSEWHERE = ("/static/", "/admin/", "/i18n/", "/accounts/logout")
MOST_PAGES = 250


@dataclass
class Other:
    """A participant whose every name and number is found nowhere else."""

    call_name: str = "Quibusander"
    alias: str = "Zwartmerel"
    address: str = "ander-adres@elders.example"
    number: int = 987654300
    row: Any = None
    seats: list[Any] = field(default_factory=list)

    def secrets(self) -> list[str]:
        """What must not be seen: names, address, and the numbers of all own rows."""
        numbers = [str(self.number + step) for step in range(60)]
        return [self.call_name, self.alias, self.address, *numbers]

    def take_part(self, every: Iterable[Series]) -> None:
        """A seat in each series, a wish for each, and a date missed."""
        user = UserFactory(pk=self.number, email=self.address, role=Role.RESIDENT)
        person = PersonFactory(
            pk=self.number + 1,
            user=user,
            call_name=self.call_name,
            alias=self.alias,
            contact_address=self.address,
        )
        self.row = ResidentFactory(pk=self.number + 2, person=person)
        for step, series in enumerate(every):
            asking = RegistrationFactory(
                pk=self.number + 10 + step, resident=self.row, state="placed"
            )
            RegistrationChoiceFactory(registration=asking, series=series)
            seat = EnrolmentFactory(
                pk=self.number + 30 + step, registration=asking, series=series
            )
            self.seats.append(seat)
            session = series.sessions.order_by("period").first()
            if session is not None:
                Absence.objects.create(enrolment=seat, session=session)


def leaks(text: str, other: Other) -> list[str]:
    """Which of the other's names and numbers are in a text."""
    low = text.lower()
    return [secret for secret in other.secrets() if secret.lower() in low]


def words_of(answer: Any) -> str:
    """Everything an answer tells: headers and body, streamed or not."""
    body = answer.getvalue() if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{headers}\n{body.decode('utf-8', 'replace')}"


def crawl(client: Any, starts: Iterable[str]) -> dict[str, str]:
    """Every page from these on, along its links; what each one told."""
    told: dict[str, str] = {}
    waiting = list(dict.fromkeys(starts))
    while waiting and len(told) < MOST_PAGES:
        path = waiting.pop(0)
        if path in told or path.startswith(ELSEWHERE):
            continue
        told[path] = words_of(client.get(path))
        # The same page with another query is read up to three times.
        for found in LINK.findall(told[path]):
            link = found.replace("&amp;", "&")
            again = [one for one in told if one.split("?")[0] == link.split("?")[0]]
            if len(again) < 3:
                waiting.append(link)
    return told


def paths(world: World) -> list[str]:
    """Every page of the table, asked for the things of the world."""
    return [
        reverse(row.name, args=[world.things[name] for name in row.args])
        for row in ROWS
        if not row.name.startswith("admin:")
    ]


def a_world(account: str, *, led: bool | None = None) -> tuple[World, Other]:
    """The other takes part in every group; or only in those (not) led by the leader."""
    world = World(account)
    running = Series.objects.filter(state__in=["published", "running"])
    running.update(size_max=40)
    if led is not None:
        mine = world.region.leader.led_series.values("pk")
        running = running.filter(pk__in=mine) if led else running.exclude(pk__in=mine)
    other = Other()
    other.take_part(running.order_by("pk"))
    assert other.seats
    return world, other


def test_a_resident_sees_nothing_of_another_on_any_page(caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")
    world, other = a_world(Role.RESIDENT)
    # Others' objects too: refusals must not tell more than pages do.
    theirs = [
        reverse(name, args=[number])
        for name, number in [
            ("courses:leave", other.seats[0].pk),
            ("courses:stop_waiting", other.seats[0].registration_id),
        ]
    ]
    _row, token = make_address(
        actor=ACTOR,
        kind=FeedKind.RESIDENT,
        person_id=world.region.resident.person_id,
        shows_details=True,
    )
    feed = reverse("publishing:feed", args=[token])
    told = crawl(world.client, ["/", feed, *paths(world), *theirs])
    assert "BEGIN:VEVENT" in told[feed]
    for path in theirs:
        # The page may say again what it was asked for, and nothing else.
        told[path] = told[path].replace(path, "")
    found = {path: leaks(text, other) for path, text in told.items()}
    assert {path: what for path, what in found.items() if what} == {}
    assert len(told) > 30
    assert leaks(caplog.text, other) == []


def test_presses_tell_nothing_of_another(caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")
    world, other = a_world(Role.RESIDENT)
    for row in ROWS:
        if row.method == "post" and row.expected(Role.RESIDENT) in {200, 302, 400}:
            path = reverse(row.name, args=[world.things[name] for name in row.args])
            answer = world.client.post(path, dict(row.data), follow=True)
            assert leaks(words_of(answer), other) == [], path


CHANGES = re.compile(
    r"""(name="csrfmiddlewaretoken" value=|nonce=|"X-CSRFToken": ?)"[^"]*"|/\d+/"""
)


def without_tokens(answer: Any) -> str:
    """A page without what differs at every look."""
    return CHANGES.sub("", answer.content.decode())


def test_no_page_tells_where_somebody_is_who_must_be_kept_apart() -> None:
    """Each group is looked at and pressed, with and without the other in it."""
    world, other = a_world(Role.RESIDENT)
    mine = world.region.resident.person
    groups = [world.region.series[name] for name in ("money", "sleep", "care", "full")]
    paths = [reverse("courses:join", args=[one.pk]) for one in groups]
    before = [without_tokens(world.client.get(path)) for path in paths]
    KeepPairFactory(person_a=mine, person_b=other.row.person)
    assert [without_tokens(world.client.get(path)) for path in paths] == before
    assert leaks("".join(before), other) == []


def press(world: World, series: Series) -> list[str]:
    """What is told after pressing to join, and on the pages that show it later."""
    path = reverse("courses:join", args=[series.pk])
    about = reverse("courses:offering", args=[series.offering.code])
    answers = [
        world.client.post(path, {"expects": "seat"}, follow=True),
        *(world.client.get(page) for page in (path, "/mijn-afspraken/", about)),
    ]
    assert {answer.status_code for answer in answers} <= {200, 302}
    return [without_tokens(answer) for answer in answers]


def test_who_must_be_kept_apart_reads_what_is_told_when_a_group_is_full() -> None:
    world, other = a_world(Role.RESIDENT)
    series = world.region.series["money"]
    taken = series.enrolments.filter(state="enrolled").count()
    Series.objects.filter(pk=series.pk).update(size_min=0, size_max=taken + 1)
    mark = transaction.savepoint()
    EnrolmentFactory(series=series)
    full = press(world, series)
    transaction.savepoint_rollback(mark)
    KeepPairFactory(person_a=other.row.person, person_b=world.region.resident.person)
    assert press(world, series) == full
    assert not series.enrolments.filter(resident=world.region.resident).exists()


def test_a_leader_sees_own_groups_only(caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")
    world, outsider = a_world(Role.FACILITATOR, led=False)
    _row, token = make_address(
        actor=ACTOR,
        kind=FeedKind.FACILITATOR,
        person_id=world.region.leader.person_id,
    )
    feed = reverse("publishing:feed", args=[token])
    told = crawl(world.client, ["/", feed, *paths(world)])
    found = {path: leaks(text, outsider) for path, text in told.items()}
    assert {path: what for path, what in found.items() if what} == {}


def test_the_crawl_finds_a_name_where_there_is_one(caplog: Any) -> None:
    """The same reading, where the leader may see the names of an own group."""
    caplog.set_level(logging.CRITICAL, "django.request")
    world, member = a_world(Role.FACILITATOR, led=True)
    told = crawl(world.client, ["/", *paths(world)])
    seen = {name for text in told.values() for name in leaks(text, member)}
    assert member.alias in seen
    assert member.address not in seen


def test_mail_tells_nothing_of_another(django_capture_on_commit_callbacks: Any) -> None:
    world, other = a_world(Role.RESIDENT)
    person = world.region.resident.person
    person.contact_channel, person.contact_address = "email", "ik@hier.example"
    person.save()
    # What the other does makes messages for this resident.
    full = world.region.series["full"]
    Series.objects.filter(pk=full.pk).update(size_max=2)
    full.enrolments.exclude(resident=other.row).update(state="withdrawn")
    Series.objects.filter(pk=full.pk).update(size_max=1)
    mine = world.region.resident.registrations.filter(choices__series=full).get()
    mine.need_class = 1
    mine.save()
    seat = next(one for one in other.seats if one.series_id == full.pk)
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(enrolment=seat, actor=ACTOR)
    offer = mine.enrolments.get(state="offered")
    late = timezone.now() + timedelta(hours=60)
    services.remind_offers(actor=ACTOR, now=late)
    services.accept_offer(enrolment=offer, actor=ACTOR)
    soon = full.sessions.order_by("period").first().period.lower - timedelta(days=1)
    services.remind_of_sessions(actor=ACTOR, now=soon)
    approve(actor=ACTOR, message_ids=OutboxMessage.objects.values_list("pk", flat=True))
    send_approved(actor=ACTOR)
    to_me = [one for one in mail.outbox if one.to == ["ik@hier.example"]]
    assert len(to_me) >= 2
    for one in to_me:
        read = message_from_bytes(one.message().as_bytes(), policy=policy.default)
        parts = [part.get_content() for part in read.walk() if not part.is_multipart()]
        text = "\n".join([*read.values(), *map(str, parts)])
        assert leaks(text, other) == []
        # Neutral, too: no group and no centre, in text, HTML or calendar.
        for word in (full.offering.title, full.room.centre.name):
            assert word not in text
