"""Who is left out again and again: counted at every release, with a named reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, override

from people.enums import Role
from scheduling.models import LeftOut, Schedule
from scheduling.selectors.passes import passed_over, passes_of
from scheduling.services.passes import count_passes, named_reason
from tests.factories import RegistrationFactory, SeriesFactory, UserFactory
from tests.publishing.drafts import World, planned, publish
from tests.scheduling.rows import MONDAY, SUNDAY, asks_for

pytestmark = pytest.mark.django_db

UNFOUNDED = (
    "Left out %(count)d times in a row, and nothing is known to stand in the way: "
    "look at this before all else."
)


def plan_of(week: int, *people: Any, state: str = "published", **extra: Any) -> Any:
    """The schedule of a week from 30 November that leaves these people out."""
    schedule = Schedule.objects.create(
        first_date=MONDAY + timedelta(weeks=week),
        last_date=SUNDAY + timedelta(weeks=week),
        state=state,
        published_at=timezone.now() if state == "published" else None,
        **extra,
    )
    why = [{"series": str(SeriesFactory().pk), "rules": ["group-size"]}]
    for person in people:
        LeftOut.objects.create(schedule=schedule, registration=person, reasons=why)
    if state == "published":
        count_passes(schedule=schedule)
    return schedule


def passes(schedule: Any, person: Any) -> int:
    return passes_of(schedule=schedule)[person.pk]


class TestCounting:
    def test_a_release_counts_and_names_the_reason(self) -> None:
        world = World()
        late = asks_for(world.group, allowed_levels=[2])
        before = plan_of(-1, late)
        schedule = planned()
        row = schedule.left_out.get(registration=late)
        assert (row.passes, row.named_reason) == (0, "")
        assert passes_of(schedule=schedule)[late.pk] == 2
        publish(schedule)
        row.refresh_from_db()
        assert row.passes == before.left_out.get().passes + 1 == 2
        assert row.named_reason == row.reasons[0]["rules"][0]
        assert world.joins.pk not in passes_of(schedule=schedule)

    def test_three_weeks_in_a_row_are_three(self) -> None:
        person = RegistrationFactory()
        weeks = [plan_of(week, person) for week in range(3)]
        assert [passes(week, person) for week in weeks] == [1, 2, 3]
        assert [passed_over(schedule=week) for week in weeks] == [0, 0, 1]

    def test_a_seat_in_between_begins_anew(self) -> None:
        person, other = RegistrationFactory(), RegistrationFactory()
        for week, people in enumerate([(person, other), (other,), (person, other)]):
            last = plan_of(week, *people)
        assert (passes(last, person), passes(last, other)) == (1, 3)

    def test_the_same_week_published_twice_counts_once(self) -> None:
        person = RegistrationFactory()
        plan_of(0, person)
        first = plan_of(1, person)
        Schedule.objects.filter(pk=first.pk).update(state="archived")
        assert passes(plan_of(1, person), person) == 2

    def test_terms_and_weeks_are_counted_apart(self) -> None:
        person = RegistrationFactory()
        plan_of(0, person, kind="term")
        assert passes(plan_of(1, person), person) == 1

    def test_a_draft_is_told_as_if_it_were_published(self) -> None:
        person = RegistrationFactory()
        plan_of(0, person)
        plan_of(1, person)
        draft = plan_of(2, person, state="draft")
        assert passed_over(schedule=draft) == 1
        assert draft.left_out.get().passes == 0

    @pytest.mark.parametrize("many", [1, 3])
    def test_a_fixed_number_of_queries(self, many: int) -> None:
        people = [RegistrationFactory() for _ in range(many)]
        plan_of(0, *people)
        schedule = plan_of(1, *people)
        with CaptureQueriesContext(connection) as asked:
            count_passes(schedule=schedule)
        assert len(asked) <= 6  # the last one in a transaction of its own


class TestReason:
    def test_the_database_refuses_a_third_time_without_a_name(self) -> None:
        person = RegistrationFactory()
        row = plan_of(0, person).left_out.get()
        row.passes, row.named_reason = 3, ""
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
        row.named_reason = "group-size"
        row.save()

    def test_what_is_no_rule_has_a_name_too(self) -> None:
        full = {"series": "x", "rules": ["group-size", "resident-travel"]}
        assert named_reason([]) == "nothing"
        assert named_reason([full]) == "group-size"
        assert named_reason([full, {"series": "y", "rules": []}]) == "open"


class TestPages:
    @pytest.fixture
    def signed_in(self, client: Client) -> Client:
        client.force_login(UserFactory(role=Role.COORDINATOR))
        return client

    def test_who_is_left_out_too_often_is_shown_first(self, signed_in: Client) -> None:
        person, other = RegistrationFactory(), RegistrationFactory()
        plan_of(0, person)
        plan_of(1, person)
        schedule = plan_of(2, person, other, state="draft")
        answer = signed_in.get(f"/rooster/{schedule.pk}/zonder-plek/?reden=passed")
        html = answer.content.decode()
        assert f"{person.resident_id}</h2>" in html
        assert f"{other.resident_id}</h2>" not in html
        assert 'class="gem-bad-text">' in html

    def test_a_third_time_without_a_rule_is_marked_by_itself(
        self, signed_in: Client
    ) -> None:
        person, other = RegistrationFactory(), RegistrationFactory()
        for week in range(2):
            plan_of(week, person, other)
        schedule = plan_of(2, person, other, state="draft")
        row = schedule.left_out.get(registration=person)
        row.reasons = [{"series": str(SeriesFactory().pk), "rules": []}]
        row.save()
        path = f"/rooster/{schedule.pk}/zonder-plek/"
        html = signed_in.get(path).content.decode()
        # Before every other reason, also before who was left out as often.
        assert 0 < html.find("reden=passed-open") < html.find('reden=passed"')
        answer = signed_in.get(f"{path}?reden=passed-open")
        (line,) = answer.context["lines"]
        assert str(person.resident_id) in line.who
        with override("nl"):
            assert line.passed == gettext(UNFOUNDED) % {"count": 3}

    def test_the_waiting_list_says_how_many(self, signed_in: Client) -> None:
        person = RegistrationFactory()
        monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
        weeks = (monday - MONDAY).days // 7
        for week in (weeks - 2, weeks - 1):
            plan_of(week, person)
        assert b"reden=passed" not in signed_in.get("/wachtlijst/").content
        now = plan_of(weeks, person)
        html = signed_in.get("/wachtlijst/").content.decode()
        assert f"/rooster/{now.pk}/zonder-plek/?reden=passed" in html
