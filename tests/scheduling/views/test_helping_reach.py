"""Who may help whom: a coordinator of one organisation, and who plans and is none."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.enums import Role
from scheduling.models import HelpStep, Schedule, ScheduledSeries, SeriesPin
from tests.factories import (
    FacilitatorFactory,
    OfferingFactory,
    SeriesFactory,
    UserFactory,
    reason_code,
)
from tests.scheduling.helped_pages import address, page, somebody
from tests.scheduling.views.conftest import WEEK, a_schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule() -> Schedule:
    return a_schedule()


def of_organisation(organisation: Any) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=organisation))
    return client


def planner() -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    return client


def press(client: Client, path: str, key: str = "r0-0", **more: str) -> int:
    return client.post(path, {"act": "way", "key": key, **more}).status_code


def undone(client: Client, path: str) -> int:
    return client.post(
        path, {"act": "undo", "step": HelpStep.objects.get().pk}
    ).status_code


class TestUndoing:
    """What somebody may not apply, he may not undo either."""

    @pytest.mark.parametrize("kind", ["more-seats", "unpin", "leader-minutes"])
    def test_of_another_organisation_is_not_undone(
        self, signed_in: Client, schedule: Schedule, kind: str
    ) -> None:
        series = SeriesFactory()
        leader = FacilitatorFactory(max_minutes_per_week=60)
        pin = SeriesPin.objects.create(series=series, closed=True)
        change = {
            "more-seats": {"series": str(series.pk), "seats": 2},
            "unpin": {"pin": f"pin{pin.pk}"},
            "leader-minutes": {"leader": str(leader.pk), "minutes": 60},
        }[kind]
        one = somebody(schedule, {"kind": kind, **change})
        path = address(schedule, one)
        own = of_organisation(one.resident.person.organisation)
        agreed = {"agreed": "on", "agreed_on": "2026-01-05"}
        assert press(own, path, **agreed) == 422
        assert press(signed_in, path, **agreed) == 302
        assert 'value="undo"' not in page(own, path)
        assert undone(own, path) == 422
        assert HelpStep.objects.get().state == "done"
        assert 'value="undo"' in page(signed_in, path)
        assert undone(signed_in, path) == 302
        assert HelpStep.objects.get().state == "undone"

    def test_of_the_own_organisation_is_undone(self, schedule: Schedule) -> None:
        one = somebody(schedule)
        organisation = one.resident.person.organisation
        series = SeriesFactory(offering=OfferingFactory(organisation=organisation))
        leader = FacilitatorFactory(
            person__organisation=organisation, max_minutes_per_week=60
        )
        changes = [
            {"kind": "more-seats", "series": str(series.pk), "seats": 2},
            {"kind": "leader-minutes", "leader": str(leader.pk), "minutes": 60},
        ]
        row = schedule.left_out.get()
        row.reasons[0]["ways"] = [{"changes": changes, "seats": 1}]
        row.save()
        own, path = of_organisation(organisation), address(schedule, one)
        assert press(own, path, agreed="on", agreed_on="2026-01-05") == 302
        assert 'value="undo"' in page(own, path)
        assert undone(own, path) == 302
        leader.refresh_from_db()
        assert leader.max_minutes_per_week == 60

    def test_the_page_costs_the_same_for_one_step_and_three(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        counts = []
        for number in (1, 3):
            ways = [
                {
                    "changes": [
                        {
                            "kind": "more-seats",
                            "series": str(SeriesFactory().pk),
                            "seats": 1,
                        }
                    ],
                    "seats": 1,
                }
                for _one in range(number)
            ]
            one = somebody(schedule, ways=ways)
            path = address(schedule, one)
            for index in range(number):
                assert press(signed_in, path, f"r0-{index}") == 302
            own = of_organisation(one.resident.person.organisation)
            page(own, path)
            with CaptureQueriesContext(connection) as seen:
                page(own, path)
            counts.append(len(seen))
        assert counts[0] == counts[1]


class TestLeftOut:
    """No button leads to a page that is not there for who presses it."""

    def not_held(self, schedule: Schedule, series: Any) -> str:
        ScheduledSeries.objects.create(
            schedule=schedule,
            series=series,
            held=False,
            seen_at=WEEK.start,
            why={
                "rules": ["group-size"],
                "ways": [
                    {
                        "changes": [
                            {
                                "kind": "smaller-start",
                                "series": str(series.pk),
                                "seats": 2,
                            }
                        ],
                        "seats": 4,
                    }
                ],
            },
        )
        return f"/rooster/{schedule.pk}/niet-gehouden/{series.pk}/"

    def left_out(self, schedule: Schedule) -> str:
        return f"/rooster/{schedule.pk}/zonder-plek/"

    def test_who_plans_applies_what_is_about_no_person(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        series, one = SeriesFactory(), somebody(schedule)
        link = self.not_held(schedule, series)
        row = schedule.series_rows.get(series=series)
        person = str(one.resident.person_id)
        further = {"kind": "travel", "person": person, "km": 7, "minutes": 10}
        row.why["ways"].append({"changes": [further], "seats": 1})
        row.save()
        client = planner()
        html = page(client, link)
        assert html.count('name="act" value="way"') == 1
        assert page(signed_in, link).count('name="act" value="way"') == 2
        agreed = {"agreed": "on", "agreed_on": "2026-01-05"}
        assert press(client, link, "s-1", **agreed) == 403
        assert not HelpStep.objects.exists()
        assert press(client, link, "s-0") == 302
        assert undone(client, link) == 302
        assert press(signed_in, link, "s-1", **agreed) == 302
        again = {"act": "undo", "step": HelpStep.objects.get(state="done").pk}
        assert client.post(link, again).status_code == 403

    def test_groups_of_others_have_no_button(self, schedule: Schedule) -> None:
        mine, other = SeriesFactory(), SeriesFactory()
        links = {one: self.not_held(schedule, one) for one in (mine, other)}
        own = of_organisation(mine.offering.organisation)
        html = page(own, self.left_out(schedule))
        assert other.offering.title in html
        for one, answer in ((mine, 200), (other, 404)):
            assert own.get(links[one]).status_code == answer
            assert (links[one] in html) is (answer == 200)

    def test_every_link_of_a_coordinator_of_one_organisation_is_there(
        self, signed_in: Client, schedule: Schedule
    ) -> None:
        one = somebody(schedule, {"kind": "travel", "km": 7, "minutes": 10})
        somebody(schedule)
        own = of_organisation(one.resident.person.organisation)
        html = page(own, self.left_out(schedule))
        path = address(schedule, one)
        assert html.count(f'href="{path}') == 2
        assert own.get(path).status_code == 200

    def test_who_plans_sees_why_and_decides_on_nobody_s_care(
        self, schedule: Schedule
    ) -> None:
        one = somebody(schedule, {"kind": "travel", "km": 7, "minutes": 10})
        link = self.not_held(schedule, SeriesFactory())
        client, path = planner(), address(schedule, one)
        html = page(client, self.left_out(schedule))
        assert str(one.resident_id) in html
        assert "7 km" in html
        assert path not in html
        assert "/groep-eerst/" not in html
        assert link in html
        assert client.get(link).status_code == 200
        assert client.get(path).status_code == 403
        for act in ("one", "aside", "way", "undo"):
            facts = {"act": act, "reason": reason_code().pk, "key": "r0-0"}
            assert client.post(path, facts).status_code == 403
        aside = f"/aanmelding/{one.pk}/groep-eerst/"
        facts = {"reason": reason_code().pk, "next": "/"}
        assert client.post(aside, facts).status_code == 403
        one.refresh_from_db()
        assert (one.group_first_set_aside_at, one.one_to_one_reason) == (None, None)
