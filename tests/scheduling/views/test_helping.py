"""Helping somebody who is left out: who agreed is kept, the turn never moves, and all
of it can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from messaging.models import OutboxMessage
from people.enums import Role
from scheduling.models import HelpStep, Schedule
from tests.factories import (
    OfferingFactory,
    SeriesFactory,
    UserFactory,
    reason_code,
)
from tests.scheduling.helped_pages import FURTHER, address, page, somebody, with_account
from tests.scheduling.views.conftest import (
    SECRET,
    a_schedule,
    room_in_use,
)
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule() -> Schedule:
    return a_schedule()


class TestAgreeing:
    def test_without_a_yes_nothing_is_changed(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        one = somebody(schedule, FURTHER)
        path = address(schedule, one)
        assert "7 km" in page(signed_in, path)
        for facts in (
            {},
            {"agreed": "on", "agreed_on": "2999-01-01"},
            {"agreed_on": "2026-01-05"},
        ):
            answer = signed_in.post(path, {"act": "way", "key": "r0-0"} | facts)
            assert answer.status_code == 422
            assert faults(answer.content.decode()) == []
        one.resident.refresh_from_db()
        assert one.resident.travel_limit_minutes == 30
        assert not HelpStep.objects.exists()

    def test_who_asked_and_when_is_kept(
        self, signed_in: Client, coordinator: Any, schedule: Schedule
    ) -> None:
        one = somebody(schedule, FURTHER)
        path = address(schedule, one)
        facts = {"act": "way", "key": "r0-0", "agreed": "on"}
        signed_in.post(path, facts | {"agreed_on": "2026-01-05"})
        step = HelpStep.objects.get()
        assert (step.made_by, str(step.agreed_on)) == (coordinator, "2026-01-05")
        assert step.agreed_how == "told"
        one.resident.refresh_from_db()
        assert one.resident.travel_limit_minutes > 30
        html = page(signed_in, path)
        assert coordinator.email in html
        assert 'href="/plannen/?week=' in html
        event = AuditEvent.objects.get(event_code="help.apply")
        assert event.subject_ids == [str(one.resident.person_id)]

    def test_the_same_twice_is_refused(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        one = somebody(schedule, FURTHER)
        facts = {"act": "way", "key": "r0-0", "agreed": "on", "agreed_on": "2026-01-05"}
        codes = [
            signed_in.post(address(schedule, one), facts).status_code for _ in range(2)
        ]
        assert codes == [302, 422]
        assert HelpStep.objects.count() == 1

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        one = somebody(schedule, FURTHER)
        path = address(schedule, one)
        facts = {"act": "way", "key": "r0-0", "agreed": "on", "agreed_on": "2026-01-05"}
        signed_in.post(path, facts)
        resident = one.resident
        resident.travel_limit_minutes = 20
        resident.save()
        undo = {"act": "undo", "step": HelpStep.objects.get().pk}
        assert signed_in.post(path, undo).status_code == 422
        resident.refresh_from_db()
        assert resident.travel_limit_minutes == 20
        assert HelpStep.objects.get().state == "done"


class TestAsking:
    def asked(self, client: Client, schedule: Schedule) -> tuple[Any, HelpStep]:
        one = somebody(schedule, FURTHER)
        answer = client.post(address(schedule, one), {"act": "ask", "key": "r0-0"})
        assert answer.status_code == 302
        return one, HelpStep.objects.get()

    def test_the_message_is_neutral_and_leads_to_the_question(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        one, step = self.asked(signed_in, schedule)
        message = OutboxMessage.objects.get()
        assert message.recipient == one.resident.person
        assert message.link.endswith(f"/mijn-afspraken/vraag/{step.pk}/")
        for said in (message.subject, message.body):
            assert "WRAP" not in said
            assert "km" not in said
            assert SECRET not in said
        assert step.state == "asked"

    @pytest.mark.parametrize(("answer", "limit"), [("yes", 45), ("no", 30)])
    def test_the_answer_is_the_residents(
        self, signed_in: Client, schedule: Schedule, answer: str, limit: int
    ) -> None:
        one, step = self.asked(signed_in, schedule)
        own = with_account(one)
        path = f"/mijn-afspraken/vraag/{step.pk}/"
        assert "7 km" in page(own, path)
        assert path in own.get("/mijn-afspraken/").content.decode()
        assert own.post(path, {"answer": answer}).status_code == 302
        step.refresh_from_db()
        one.resident.refresh_from_db()
        assert step.state == ("done" if answer == "yes" else "declined")
        assert (one.resident.travel_limit_minutes > 30) is (limit > 30)
        assert own.post(path, {"answer": "yes"}).status_code == 409
        assert path not in own.get("/mijn-afspraken/").content.decode()

    def test_another_does_not_find_the_question(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        _one, step = self.asked(signed_in, schedule)
        other = with_account(somebody(schedule))
        path = f"/mijn-afspraken/vraag/{step.pk}/"
        assert other.get(path).status_code == 404
        assert other.post(path, {"answer": "yes"}).status_code == 404
        assert AuditEvent.objects.filter(
            event_code="help.question", result="refused"
        ).exists()

    def test_a_question_that_is_taken_back_is_not_sent(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        one, step = self.asked(signed_in, schedule)
        undo = {"act": "undo", "step": step.pk}
        signed_in.post(address(schedule, one), undo)
        assert OutboxMessage.objects.get().state == "dropped"
        own = with_account(one)
        path = f"/mijn-afspraken/vraag/{step.pk}/"
        assert own.post(path, {"answer": "yes"}).status_code == 409
        one.resident.refresh_from_db()
        assert one.resident.travel_limit_minutes == 30


class TestReach:
    def test_a_coordinator_elsewhere_does_not_find_it(
        self, client: Client, schedule: Schedule
    ) -> None:
        one = somebody(schedule, FURTHER)
        client.force_login(
            UserFactory(
                role=Role.COORDINATOR,
                organisation=OfferingFactory().organisation,
            )
        )
        path = address(schedule, one)
        assert client.get(path).status_code == 404
        assert client.post(path, {"act": "ask", "key": "r0-0"}).status_code == 404
        aside = f"/aanmelding/{one.pk}/groep-eerst/"
        assert client.post(aside, {"reason": reason_code().pk}).status_code == 404

    def test_a_way_about_somebody_elsewhere_is_refused(
        self, client: Client, schedule: Schedule
    ) -> None:
        other = somebody(schedule)
        one = somebody(schedule, FURTHER | {"person": str(other.resident.person_id)})
        organisation = one.resident.person.organisation
        client.force_login(
            UserFactory(role=Role.COORDINATOR, organisation=organisation)
        )
        answer = client.post(address(schedule, one), {"act": "ask", "key": "r0-0"})
        assert answer.status_code == 422
        assert not HelpStep.objects.exists()

    def test_a_way_about_somebody_else_is_not_said_of_this_person(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        other = somebody(schedule)
        one = somebody(schedule, FURTHER | {"person": str(other.resident.person_id)})
        html = page(signed_in, address(schedule, one))
        assert str(other.resident_id) in html
        assert "This person also travels" not in html

    def test_an_old_plan_without_the_facts_says_so(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        ways = [{"changes": [{"kind": "travel", "km": 7}], "seats": 1}]
        one = somebody(schedule, ways=ways)
        path = address(schedule, one)
        page(signed_in, path)
        facts = {"act": "way", "key": "r0-0", "agreed": "on", "agreed_on": "2026-01-05"}
        assert signed_in.post(path, facts).status_code == 422

    @pytest.mark.parametrize("act", ["", "nonsense", "way", "undo", "room", "leader"])
    def test_presses_that_mean_nothing_change_nothing(
        self, signed_in: Client, schedule: Schedule, act: str
    ) -> None:
        one = somebody(schedule, FURTHER)
        facts = {"act": act, "key": "zzz", "step": "-1"}
        answer = signed_in.post(address(schedule, one), facts)
        assert answer.status_code in (404, 422)
        assert not HelpStep.objects.exists()


def test_a_room_is_asked_once_and_a_no_is_shown(
    signed_in: Client, schedule: Schedule
) -> None:
    room = room_in_use()
    change = {
        "kind": "new-room",
        "weekday": 1,
        "part": 2,
        "start": 70,
        "end": 96,
        "room": str(room.pk),
        "seats": 12,
        "needs": ["step-free"],
    }
    later = timezone.localdate() + timedelta(days=7)
    Schedule.objects.filter(pk=schedule.pk).update(
        first_date=later, last_date=later + timedelta(days=27)
    )
    schedule.refresh_from_db()
    one = somebody(schedule, ways=[{"changes": [change], "seats": 4}])
    path = address(schedule, one)
    manager = UserFactory(
        role=Role.CENTRE_MANAGER, organisation=room.centre.organisation
    )
    ask = {"act": "room", "key": "r0-0"}
    assert signed_in.post(path, ask).status_code == 302
    assert signed_in.post(path, ask).status_code == 422
    own = Client()
    own.force_login(manager)
    asked = f"/locaties/{room.centre.code}/gevraagd/"
    page(own, asked)
    (hours,) = room.centre.extra_hours.all()
    small = {"act": "give", "hours": hours.pk, "room": room.pk}
    room.capacity = 3
    room.save()
    assert own.post(asked, small).status_code == 400
    assert own.post(asked, {"act": "refuse", "hours": hours.pk}).status_code == 302
    assert own.post(asked, small).status_code == 404
    hours.refresh_from_db()
    assert (hours.state, hours.room) == ("refused", None)
    before = page(signed_in, path)
    hours.state = "asked"
    hours.save()
    assert page(signed_in, path) != before


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_whatever_is_on_it(
    signed_in: Client, schedule: Schedule, many: int
) -> None:
    series = [SeriesFactory() for _ in range(many)]
    ways = [
        {"changes": [{"kind": "choice", "series": str(one.pk)}], "seats": 1}
        for one in series
    ]
    one = somebody(schedule, ways=ways)
    path = address(schedule, one)
    for number in range(many):
        signed_in.post(
            path,
            {
                "act": "way",
                "key": f"r0-{number}",
                "agreed": "on",
                "agreed_on": "2026-01-05",
            },
        )
    assert HelpStep.objects.count() == many
    signed_in.get(path)
    with CaptureQueriesContext(connection) as asked:
        page(signed_in, path)
    assert len(asked) <= 24
