"""A leader's own agenda says which of the own groups are not held, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from people.enums import Role
from scheduling.messages import LEADERS_KNOW, RULES, leader_sentences, rule_words
from scheduling.models import PlanningRun, Repair, Schedule, ScheduledSeries
from tests.factories import SeriesFactory, UserFactory
from tests.publishing.drafts import World, planned, publish
from tests.scheduling.rows import MONDAY, SUNDAY, a_leader
from tests.web.html import faults

pytestmark = pytest.mark.django_db
WEEK = "/mijn-agenda/?week=2026-W49"
RULES_BROKEN = ["room-open", "keep-apart", "group-size"]
TERM = {"kind": "term", "last_date": date(2027, 2, 28)}


@pytest.fixture
def leader() -> Any:
    found = a_leader()
    found.person.user = UserFactory(role=Role.FACILITATOR)
    found.person.save()
    return found


@pytest.fixture
def agenda(client: Client, leader: Any) -> Client:
    client.force_login(leader.person.user)
    return client


def a_schedule(**fields: Any) -> Schedule:
    usual = {"first_date": MONDAY, "last_date": SUNDAY, "state": "published",
             "published_at": timezone.now()}  # fmt: skip
    return Schedule.objects.create(**(usual | fields))


def not_held(
    leader: Any, schedule: Schedule, rules: Any = RULES_BROKEN, **series: Any
) -> Any:
    """A group of this leader that a schedule does not hold."""
    group = SeriesFactory(**series)
    group.preferred_leaders.add(leader)
    ScheduledSeries.objects.create(
        schedule=schedule, series=group, held=False, seen_at=timezone.now(),
        why={"rules": list(rules)} if rules else {},
    )  # fmt: skip
    return group


def told(client: Client, page: str = WEEK) -> list[Any]:
    answer = client.get(page)
    assert (answer.status_code, faults(answer.content.decode())) == (200, [])
    return [one for _when, one in answer.context["not_held"]]


def test_why_is_told_and_nothing_of_residents(agenda: Client, leader: Any) -> None:
    every = sorted(RULES)
    group = not_held(leader, a_schedule(), every)
    (one,) = told(agenda)
    assert (one.title, one.runs) == (group.offering.title, False)
    assert one.sentences == tuple(leader_sentences(every))
    html = agenda.get(WEEK).content.decode()
    assert escape(str(rule_words("room-open").why)) in html
    for rule in set(every) - LEADERS_KNOW:
        assert escape(str(rule_words(rule).why)) not in html


def test_only_own_groups_of_what_is_published(agenda: Client, leader: Any) -> None:
    not_held(a_leader(), a_schedule())
    later = {"first_date": date(2026, 12, 7), "last_date": date(2026, 12, 13)}
    not_held(leader, a_schedule(state="draft", published_at=None, **later))
    assert told(agenda) == []


@pytest.mark.parametrize(
    ("kind", "state", "shown"),
    [
        ({}, "running", [True]),
        (TERM, "planned", [False]),
        (TERM, "running", []),  # opened by a later plan
        ({}, "cancelled", []),
    ],
)
def test_what_became_of_the_group_counts(
    agenda: Client, leader: Any, kind: Any, state: str, shown: list[bool]
) -> None:
    not_held(leader, a_schedule(**kind), state=state)
    assert [one.runs for one in told(agenda)] == shown


def test_the_newest_plan_is_told_once(agenda: Client, leader: Any) -> None:
    group = not_held(leader, a_schedule(**TERM))
    newer = a_schedule()
    ScheduledSeries.objects.create(
        schedule=newer, series=group, held=False, seen_at=timezone.now(),
        why={"rules": ["staffing-mix"]},
    )  # fmt: skip
    (one,) = told(agenda)
    assert one.sentences == tuple(leader_sentences(["staffing-mix"]))
    assert told(agenda, "/mijn-agenda/?week=2027-W20") == []


def test_a_week_that_was_mended_says_so(agenda: Client, leader: Any) -> None:
    plain = a_schedule(**TERM)
    not_held(leader, plain, ())
    run = PlanningRun.objects.create(first_date=MONDAY, last_date=SUNDAY, state="done")
    Repair.objects.create(
        kind="leader_ill", about="1", first_day=MONDAY, last_day=MONDAY, run=run,
        touched=[], chosen=1,
    )  # fmt: skip
    not_held(leader, a_schedule(run=run), (), state="running")
    sentences = [one.sentences for one in told(agenda)]
    assert [len(one) for one in sentences] == [1, 1]
    assert sentences[0] != sentences[1]


def test_a_real_plan_keeps_why(agenda: Client, leader: Any) -> None:
    """A conversation that nobody asks for is not held."""
    SeriesFactory.create_batch(2, offering=World().talk)
    schedule = planned()
    publish(schedule)
    row = schedule.series_rows.get(held=False)
    row.series.preferred_leaders.add(leader)
    (one,) = told(agenda)
    assert row.why["rules"]
    assert one.sentences == tuple(leader_sentences(row.why["rules"]))


def test_queries_do_not_grow(agenda: Client, leader: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            agenda.get(WEEK)
        return len(seen)

    schedule = a_schedule()
    not_held(leader, schedule)
    queries()
    one = queries()
    for _number in range(2):
        not_held(leader, schedule)
    assert len(told(agenda)) == 3
    assert queries() == one
