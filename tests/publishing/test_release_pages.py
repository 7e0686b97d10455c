"""Publishing on the screen: what changes, refusals by name, going back, dropping."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actor import Actor
from courses.models import Enrolment, Session
from people.enums import Role
from people.models import User
from publishing.models import Release
from publishing.releases import HEADINGS, breaches_in_words, sections
from publishing.services.release import Breach
from scheduling.messages import fault_words
from scheduling.models import Schedule, SeriesPin
from scheduling.services.runs import perform_run, start_run
from tests.factories import (
    AvailabilityWindowFactory,
    LeaveFactory,
    PersonFactory,
    UserFactory,
    days,
)
from tests.scheduling.rows import (
    MONDAY,
    SUNDAY,
    a_conversation,
    a_group,
    a_leader,
    a_room,
    asks_for,
    running,
)
from tests.web.html import faults

pytestmark = pytest.mark.django_db
SECRET = "Zilverlinde"


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


def waits_for(*things: Any) -> Any:
    """Someone who waits and can come on any weekday from 9 to 17."""
    registration = asks_for(*things, allowed_levels=[0, 1])
    person = registration.resident.person
    person.call_name = SECRET
    person.save()
    for weekday in range(1, 6):
        AvailabilityWindowFactory(
            person=person, weekday=weekday, start="09:00", end="17:00"
        )
    return registration


@pytest.fixture
def region() -> Any:
    """A group that runs, with a free seat, and someone who waits for it."""
    group = running(
        "2026-12-01 10:00",
        room=a_room(name="Huiskamer"),
        leaders=[a_leader(person=PersonFactory(call_name="Anneke"))],
        members=6,
        offering=a_group(title_nl="Stemmen horen"),
    )
    waits_for(group)
    return group


def plan() -> Schedule:
    run = start_run(
        actor=Actor.system("test"),
        user=None,
        kind="week",
        first_date=MONDAY,
        last_date=SUNDAY,
        seconds=2,
        workers=1,
    )
    schedule = perform_run(run_id=run.pk)
    assert schedule is not None, run.fault
    return schedule


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


def address(schedule: Schedule) -> str:
    return f"/rooster/{schedule.pk}/publiceren/"


def press(client: Client, schedule: Schedule, **fields: Any) -> Any:
    """Open the page, and send its form."""
    found = re.search(
        r'name="version" value="(\w*)"', client.get(address(schedule)).content.decode()
    )
    version = found[1] if found else ""
    return client.post(address(schedule), {"version": version} | fields)


def test_a_draft_shows_seats_it_gives_and_is_published_by_a_press(
    signed_in: Client, region: Any
) -> None:
    schedule = plan()
    html = page(signed_in, address(schedule))
    assert str(HEADINGS["seat"]) in html
    assert "Stemmen horen" in html
    assert 'id="publish"' in html
    answer = press(signed_in, schedule)
    release = Release.objects.get()
    assert answer["Location"] == f"/publicaties/{release.pk}/"
    assert Enrolment.objects.filter(series=region, state="enrolled").count() == 7
    told = page(signed_in, f"/publicaties/{release.pk}/")
    assert "Stemmen horen" in told
    assert str(HEADINGS["seat"]) in told
    assert "Stemmen horen" in page(signed_in, "/week/2026-W49/")


def test_publishing_while_a_plan_is_made_is_refused_with_words_and_a_link(
    signed_in: Client, region: Any
) -> None:
    schedule = plan()
    run = start_run(
        actor=Actor.system("test"), user=None, kind="week", first_date=MONDAY,
        last_date=SUNDAY,
    )  # fmt: skip
    html = page(signed_in, address(schedule))
    assert 'id="publish"' not in html
    assert f'href="/plannen/{run.pk}/"' in html
    answer = press(signed_in, schedule)
    assert answer.status_code == 409
    assert answer.context["refused"].why.endswith(".")
    assert not Release.objects.exists()
    assert Enrolment.objects.filter(series=region, state="held_by_draft").count() == 1


def test_publishing_twice_releases_once(signed_in: Client, region: Any) -> None:
    schedule = plan()
    press(signed_in, schedule)
    again = press(signed_in, schedule)
    assert again["Location"] == "/week/2026-W49/"
    assert Release.objects.count() == 1


def test_a_group_that_changed_meanwhile_is_named_and_nothing_changes(
    signed_in: Client, region: Any
) -> None:
    schedule = plan()
    region.save()  # a coordinator mended something
    html = page(signed_in, address(schedule))
    assert 'id="publish"' not in html
    answer = press(signed_in, schedule)
    assert answer.status_code == 409
    told = answer.content.decode()
    assert faults(told) == []
    assert "Stemmen horen" in told.split('role="alert"')[2]
    assert not Release.objects.exists()
    schedule.refresh_from_db()
    assert schedule.state == "draft"


def test_a_broken_rule_is_named_with_room_and_group(
    signed_in: Client, region: Any
) -> None:
    schedule = plan()
    session = schedule.sessions.get()
    leader = session.leader_rows.get().facilitator
    leader.person.windows.all().delete()
    html = page(signed_in, address(schedule))
    assert 'name="accept"' in html
    assert "Anneke, Stemmen horen" in html
    assert press(signed_in, schedule).status_code == 409


def test_a_broken_rule_is_accepted_by_name_and_published(
    signed_in: Client, region: Any
) -> None:
    schedule = plan()
    leader = schedule.sessions.get().leader_rows.get().facilitator
    LeaveFactory(facilitator=leader, days=days("2026-12-01"))
    html = page(signed_in, address(schedule))
    (key,) = [part.split('"')[0] for part in html.split('name="accept" value="')[1:]]
    assert "Anneke" in html
    refused = press(signed_in, schedule)
    assert refused.status_code == 409
    assert not Release.objects.exists()
    done = press(signed_in, schedule, accept=key)
    assert done.status_code == 302
    assert Release.objects.get().schedule == schedule
    assert schedule.accepted_violations.get().rule == "facilitator-availability"


def test_a_pin_made_later_stands_in_the_way_by_name(
    signed_in: Client, region: Any
) -> None:
    schedule = plan()
    SeriesPin.objects.create(series=region, room=a_room())
    html = page(signed_in, address(schedule))
    assert 'name="accept"' in html
    assert "Stemmen horen" in html
    assert press(signed_in, schedule).status_code == 409


def test_faulty_facts_stand_in_the_way_in_their_own_words() -> None:
    fault = "room r1: has no place (give one)"
    breach = Breach(rule=fault, about=())
    (words,) = breaches_in_words([breach], actor=Actor.system("test"))
    assert words.abouts == (fault,)
    assert words.sentence == fault_words(fault).sentence


def test_conversations_are_new_sessions_with_their_time(
    signed_in: Client, region: Any
) -> None:
    a_leader("ggz_professional")
    a_leader("social_worker")
    waits_for(a_conversation(title_nl="Verkennend gesprek"))
    schedule = plan()
    html = page(signed_in, address(schedule))
    assert str(HEADINGS["added"]) in html
    press(signed_in, schedule)
    session = Session.objects.get(series__offering__kind="exploratory_conversation")
    assert session.state == "published"
    assert str(session.pk) in page(signed_in, "/week/2026-W49/")


def test_going_back_releases_the_archived_schedule(
    signed_in: Client, region: Any
) -> None:
    first = plan()
    press(signed_in, first)
    second = plan()
    press(signed_in, second)
    first.refresh_from_db()
    assert first.state == "archived"
    assert f'href="{address(first)}"' in page(signed_in, "/publicaties/")
    html = page(signed_in, address(first))
    assert 'id="publish"' in html
    assert 'id="drop"' not in html
    press(signed_in, first)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("published", "archived")


def test_a_dropped_draft_frees_its_seats(signed_in: Client, region: Any) -> None:
    schedule = plan()
    assert Enrolment.objects.filter(state="held_by_draft").count() == 1
    assert signed_in.get(f"/rooster/{schedule.pk}/weg/").status_code == 405
    answer = signed_in.post(f"/rooster/{schedule.pk}/weg/", {"version": 0})
    assert answer["Location"] == "/week/2026-W49/"
    assert not Schedule.objects.exists()
    assert not Enrolment.objects.filter(state="held_by_draft").exists()


def test_what_is_published_cannot_be_dropped(signed_in: Client, region: Any) -> None:
    schedule = plan()
    press(signed_in, schedule)
    assert signed_in.post(f"/rooster/{schedule.pk}/weg/").status_code == 404
    assert Schedule.objects.count() == 1


def test_the_list_has_a_fixed_number_of_queries(signed_in: Client) -> None:
    counts = []
    for many in (1, 2):
        for _ in range(many):
            schedule = Schedule.objects.create(
                first_date=MONDAY, last_date=SUNDAY, state="archived"
            )
            Release.objects.create(schedule=schedule)
        with CaptureQueriesContext(connection) as seen:
            page(signed_in, "/publicaties/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_nothing_published_yet_says_so(signed_in: Client) -> None:
    assert "gem-empty" in page(signed_in, "/publicaties/")


def test_changes_of_each_sort_are_told_with_two_reads_at_most(region: Any) -> None:
    room = a_room(name="Zolder")
    when, later = "2026-12-01T10:00:00+01:00", "2026-12-02T14:00:00+01:00"
    base = {"series": str(region.pk), "session": "", "persons": [1, 2]}
    changes = [
        {**base, "what": "added", "was": "", "now": when},
        {**base, "what": "moved", "was": when, "now": later},
        {**base, "what": "room", "was": "", "now": str(room.pk)},
        {**base, "what": "leaders", "was": "", "now": when},
        {**base, "what": "cancelled", "was": when, "now": ""},
        {**base, "what": "seat", "was": "", "now": "", "persons": [1]},
        {**base, "what": "seat", "was": "", "now": "", "persons": [2]},
        {**base, "what": "group", "was": "", "now": "", "persons": [3]},
        {**base, "what": "online", "was": "", "now": when},
        {**base, "what": "ended", "was": when, "now": ""},
        {**base, "what": "waits", "was": "", "now": "", "persons": []},
        {**base, "what": "back", "was": "", "now": ""},
        {**base, "what": "roomed", "was": "", "now": ""},
        {**base, "what": "seat_back", "was": "", "now": "", "persons": [4]},
    ]
    with CaptureQueriesContext(connection) as seen:
        found = sections(changes)
    assert len(seen) == 2
    assert [one.heading for one in found] == [str(words) for words in HEADINGS.values()]
    assert "di 1 dec 10.00" in found[1].lines[0].what
    assert "wo 2 dec 14.00" in found[1].lines[0].what
    assert "Zolder" in found[2].lines[0].what
    assert len(found[5].lines) == 1
    assert found[5].lines[0].people.startswith("2 ")


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.RESIDENT, Role.REFERRER])
def test_other_roles_are_refused(client: Client, role: str, region: Any) -> None:
    schedule = Schedule.objects.create(first_date=MONDAY, last_date=SUNDAY)
    client.force_login(UserFactory(role=role))
    for method, path in (
        ("get", address(schedule)),
        ("post", address(schedule)),
        ("post", f"/rooster/{schedule.pk}/weg/"),
        ("get", "/publicaties/"),
    ):
        assert getattr(client, method)(path).status_code == 403


def test_a_coordinator_of_one_organisation_looks_but_does_not_publish(
    client: Client, region: Any
) -> None:
    schedule = plan()
    user: User = UserFactory(
        role=Role.COORDINATOR, organisation=region.offering.organisation
    )
    client.force_login(user)
    assert client.get("/publicaties/").status_code == 200
    assert client.get(address(schedule)).status_code == 403
    assert client.post(address(schedule)).status_code == 403
    assert not Release.objects.exists()
