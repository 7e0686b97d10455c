"""What a coordinator decides for who is left out: at once, with a reason, and without
moving anybody's turn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.selectors import waiting_queue
from messaging.models import OutboxMessage
from scheduling.models import HelpStep, Schedule
from scheduling.weeks import Week
from tests.factories import (
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
    UserFactory,
    reason_code,
)
from tests.scheduling.helped_pages import address, page, somebody, with_account
from tests.scheduling.rows import asks_for, week
from tests.scheduling.views.conftest import (
    a_schedule,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule() -> Schedule:
    return a_schedule()


class TestDeciding:
    @pytest.fixture
    def in_line(self, schedule: Schedule) -> tuple[Any, Any]:
        """Two who wait for the same full group, the first of them left out."""
        series = SeriesFactory(published=True)
        first = somebody(schedule)
        second = RegistrationFactory(registered_at=first.registered_at)
        for one in (first, second):
            RegistrationChoiceFactory(registration=one, series=series)
        return first, series

    def press(self, client: Client, schedule: Schedule, one: Any, **facts: Any) -> int:
        return client.post(address(schedule, one), facts).status_code

    def test_group_first_is_set_aside_at_once_and_the_turn_stays(
        self, signed_in: Client, coordinator: Any, schedule: Schedule, in_line: Any
    ) -> None:
        one, series = in_line
        before = list(waiting_queue(series=series))
        facts = {"act": "aside", "reason": reason_code().pk}
        assert self.press(signed_in, schedule, one, **facts) == 302
        one.refresh_from_db()
        assert one.group_first_set_aside_by == coordinator
        assert one.group_first_set_aside_at is not None
        assert str(one.one_to_one_reason_id) == "own-wish"
        assert one.reason_by == coordinator
        assert list(waiting_queue(series=series)) == before
        assert self.press(signed_in, schedule, one, **facts) == 422
        undo = {"act": "undo", "step": HelpStep.objects.get().pk}
        assert self.press(signed_in, schedule, one, **undo) == 302
        one.refresh_from_db()
        assert one.group_first_set_aside_at is None
        assert one.one_to_one_reason is None
        assert list(waiting_queue(series=series)) == before

    def test_it_can_be_set_aside_from_the_list_itself(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        one = somebody(schedule)
        here = f"/rooster/{schedule.pk}/zonder-plek/"
        path = f"/aanmelding/{one.pk}/groep-eerst/"
        assert path in page(signed_in, here)
        answer = signed_in.post(path, {"reason": reason_code().pk, "next": here})
        assert (answer.status_code, answer["Location"]) == (302, here)
        one.refresh_from_db()
        assert one.group_first_set_aside_at is not None
        html = page(signed_in, here)
        assert path not in html
        away = signed_in.post(path, {"next": "https://example.org/"})
        assert away["Location"] == "/wachtlijst/"

    def test_a_plan_then_looks_for_help_for_this_person_alone(self) -> None:
        one = asks_for(
            SeriesFactory(offering=OfferingFactory(sessions_count=1)),
            one_to_one_reason=reason_code(),
            reason_by=UserFactory(),
            reason_at=timezone.now(),
            allowed_levels=[1, 3],
        )
        assert {1, 3} <= week().registration(one).levels
        one.group_first_set_aside_by = one.reason_by
        one.group_first_set_aside_at = one.reason_at
        one.save()
        assert week().registration(one).levels == {0, 3}

    def test_one_to_one_needs_a_reason_and_may_name_the_help(
        self, signed_in: Client, coordinator: Any, schedule: Schedule
    ) -> None:
        one = somebody(schedule)
        alone = OfferingFactory(
            kind="one_to_one", size_min=1, size_max=1, sessions_count=1
        )
        facts = {"act": "one", "reason": "", "offering": alone.pk}
        assert self.press(signed_in, schedule, one, **facts) == 422
        facts["reason"] = reason_code().pk
        assert self.press(signed_in, schedule, one, **facts) == 302
        one.refresh_from_db()
        assert (one.reason_by, one.allowed_levels) == (coordinator, [1, 3])
        assert one.choices.filter(offering=alone).exists()
        assert one.group_first_set_aside_at is None

    def test_the_next_period_is_visible_told_and_moves_no_turn(
        self, signed_in: Client, schedule: Schedule, in_line: Any
    ) -> None:
        one, series = in_line
        until = Week.of(timezone.localdate()).plus(6).monday
        facts = {"act": "term", "until": until.isoformat()}
        assert self.press(signed_in, schedule, one, **facts) == 302
        turn = (one.need_class, one.registered_at)
        one.refresh_from_db()
        assert (one.paused_until, one.need_class, one.registered_at) == (until, *turn)
        assert OutboxMessage.objects.get().recipient == one.resident.person
        assert str(one.pk) not in [str(row.pk) for row in waiting_queue(series=series)]
        far = (timezone.localdate() + timedelta(weeks=60)).isoformat()
        other = somebody(schedule)
        assert self.press(signed_in, schedule, other, act="term", until=far) == 422
        undo = {"act": "undo", "step": HelpStep.objects.get().pk}
        assert self.press(signed_in, schedule, one, **undo) == 302
        one.refresh_from_db()
        assert one.paused_until is None
        assert one.state == "offered"  # a seat is free, and it is the first in turn

    @pytest.mark.parametrize("agreed", [True, False])
    def test_another_course_is_proposed_or_becomes_the_last_choice(
        self, signed_in: Client, schedule: Schedule, agreed: bool
    ) -> None:
        one = somebody(schedule)
        RegistrationChoiceFactory(registration=one, rank=1)
        other = OfferingFactory(title_nl="Beter slapen", title_en="Sleep")
        facts = {"act": "course", "offering": other.pk, "how": "ask"}
        if agreed:
            facts |= {"how": "agreed", "agreed_on": "2026-01-05"}
        assert self.press(signed_in, schedule, one, **facts) == 302
        step = HelpStep.objects.get()
        if not agreed:
            assert not one.choices.filter(offering=other).exists()
            own = with_account(one)
            path = f"/mijn-afspraken/vraag/{step.pk}/"
            assert other.title in page(own, path)
            own.post(path, {"answer": "yes"})
        assert one.choices.get(offering=other).rank == 2
        assert self.press(signed_in, schedule, one, **facts) == 422
        undo = {"act": "undo", "step": step.pk}
        assert self.press(signed_in, schedule, one, **undo) == 302
        assert [choice.rank for choice in one.choices.all()] == [1]

    def test_the_registration_itself_has_the_button_and_the_way_back(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        one = somebody(schedule)
        here = f"/aanmeldingen/{one.pk}/"
        aside = f"/aanmelding/{one.pk}/groep-eerst/"
        turn = (one.need_class, one.registered_at)
        assert aside in page(signed_in, here)
        signed_in.post(aside, {"reason": reason_code().pk, "next": here})
        one.refresh_from_db()
        assert one.group_first_set_aside_at is not None
        assert 'value="undo"' in page(signed_in, here)
        for _press in range(2):
            signed_in.post(aside, {"act": "undo", "next": here})
        one.refresh_from_db()
        assert one.group_first_set_aside_at is None
        assert (one.need_class, one.registered_at) == turn
