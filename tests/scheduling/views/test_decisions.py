"""The pages of groups that are too small: what each way means, and one press to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from audit.models import AuditEvent
from courses.selectors.small import small_groups
from people.enums import Role
from scheduling.models import PlanningRun, Schedule
from scheduling.services import boards
from scheduling.services.edits import drop_session
from scheduling.services.redrafts import draft_of_published
from scheduling.words import edit_words
from tests.factories import (
    AvailabilityWindowFactory,
    EnrolmentFactory,
    OfferingFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.scheduling.rows import ACTOR, MONDAY, a_leader, asks_for, running
from tests.scheduling.small import Full, Small
from tests.scheduling.views.test_week import queries
from tests.web.html import faults

pytestmark = pytest.mark.django_db
LIST = "/kleine-groepen/"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> Small:
    return Small()


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert faults(html) == []
    return html


def address(world: Small) -> str:
    return f"{LIST}{world.group.pk}/"


def starting(day: date, **fields: Any) -> Any:
    """A group of one person that begins on a day."""
    offering = OfferingFactory(kind="recovery_course", size_min=4, **fields)
    return running(
        f"{day.isoformat()} 10:00", offering=offering, members=1, first_number=1
    )


class TestWhoIsSmall:
    def today(self) -> date:
        return timezone.localdate()

    def test_the_decision_day_is_data_of_the_offering(self) -> None:
        starts = self.today() + timedelta(days=20)
        starting(starts, decision_days=12)
        starting(starts, decision_days=3)
        found = small_groups(today=self.today())
        assert [(one.decide_on - self.today()).days for one in found] == [8, 17]
        assert [(one.people, one.missing, one.begun) for one in found] == [
            (1, 3, False)
        ] * 2

    def test_what_runs_is_decided_today_and_full_groups_are_not_there(
        self, world: Small
    ) -> None:
        running(
            (self.today() - timedelta(days=7)).isoformat() + " 10:00",
            (self.today() + timedelta(days=7)).isoformat() + " 10:00",
            offering=world.offering,
            members=2,
        )
        found = small_groups(today=self.today())
        assert len(found) == 2
        assert found[0].begun
        assert found[0].decide_on == self.today()
        assert world.other.pk not in {one.series.pk for one in found}

    def test_another_organisation_is_not_read(self, world: Small) -> None:
        assert small_groups(today=self.today(), organisation_ids=[0]) == []


class TestList:
    def test_what_is_near_first_and_the_rest_on_demand(self, signed_in: Client) -> None:
        today = timezone.localdate()
        starting(today + timedelta(days=9), title_nl="Dichtbij")
        starting(today + timedelta(days=60), title_nl="Ver weg")
        html = page(signed_in, LIST)
        assert "Dichtbij" in html
        assert "Ver weg" not in html
        assert "Ver weg" in page(signed_in, f"{LIST}?toon=alles")

    def test_nothing_to_decide(self, signed_in: Client) -> None:
        assert "gem-empty" in page(signed_in, LIST)

    def test_queries_do_not_grow(self, signed_in: Client) -> None:
        day = timezone.localdate() + timedelta(days=9)
        starting(day)
        one = queries(signed_in, LIST)
        for _number in range(2):
            asks_for(starting(day))
        assert queries(signed_in, LIST) == one

    def test_one_organisation_sees_its_own_and_does_not_decide(
        self, client: Client
    ) -> None:
        day = timezone.localdate() + timedelta(days=9)
        own = starting(day, title_nl="Eigen")
        starting(day, title_nl="Ander")
        organisation = own.offering.organisation
        user = UserFactory(role=Role.COORDINATOR, organisation=organisation)
        client.force_login(user)
        html = page(client, LIST)
        assert "Eigen" in html
        assert "Ander" not in html
        assert f"{LIST}{own.pk}/" not in html
        assert client.get(f"{LIST}{own.pk}/").status_code == 403


class TestDeciding:
    def test_every_way_says_what_it_means(
        self, signed_in: Client, world: Small
    ) -> None:
        asks_for(world.offering)
        html = page(signed_in, address(world))
        for part in ("merge", "move", "online", "end"):
            assert f'aria-labelledby="{part}"' in html
        assert html.count('name="way" value="merge"') == 1
        for seat in world.seats(world.group):
            assert str(seat.registration_id) in html
            assert seat.resident.person.call_name not in html

    def test_names_are_shown_on_a_press_that_is_logged(
        self, signed_in: Client, world: Small
    ) -> None:
        person = world.seats(world.group)[0].resident.person
        logged = AuditEvent.objects.filter(event_code="person.name.read")
        before = logged.count()
        assert person.group_name in page(signed_in, f"{address(world)}?namen=1")
        assert logged.count() == before + 1
        assert str(person.pk) in logged.latest("pk").subject_ids

    def test_names_are_for_coordinators(self, client: Client, world: Small) -> None:
        client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
        assert "?namen=1" not in page(client, address(world))
        assert client.get(f"{address(world)}?namen=1").status_code == 403
        assert AuditEvent.objects.filter(result="refused").count() == 1

    def test_who_does_not_coordinate_sees_how_many_and_not_who(
        self, client: Client
    ) -> None:
        world = Full()
        numbers = [
            gettext("Request %(number)s") % {"number": one.registration_id}
            for one in world.seats(world.group)
        ]
        why = gettext("There is no seat left in that group.")

        def shown(role: Role) -> str:
            client.force_login(UserFactory(role=role))
            return page(client, address(world))

        known, counted = shown(Role.COORDINATOR), shown(Role.FUNCTIONAL_ADMINISTRATOR)
        assert all(text in known for text in [*numbers, why])
        assert not any(text in counted for text in [*numbers, why])
        one = {"number": 1}
        goes = ngettext("%(number)s person goes along", "%(number)s people go along", 1)
        waits = ngettext(
            "%(number)s person waits again", "%(number)s people wait again", 1
        )
        assert counted.count(goes % one) == 2
        assert counted.count(waits % one) == 1
        assert counted.count('name="goes"') == known.count('name="goes"') == 2

    def test_a_group_that_others_go_to_is_not_stopped_and_says_why(
        self, signed_in: Client
    ) -> None:
        world = Small(others=2)
        asked = {"way": "merge", "target": world.other.pk, "version": 0}
        signed_in.post(address(world), asked)
        there = f"{LIST}{world.other.pk}/"
        version = world.version()
        answer = signed_in.post(there, {"way": "end", "version": version})
        assert answer.status_code == 422
        assert "utrecht-alert--error" in answer.content.decode()
        assert world.version() == version

    def test_the_facts_are_read_once_however_many_groups_there_are(
        self, signed_in: Client
    ) -> None:
        world = Small()

        def asked() -> list[str]:
            with CaptureQueriesContext(connection) as seen:
                html = page(signed_in, address(world))
            assert html.count('name="way" value="merge"') == groups
            return [one["sql"] for one in seen]

        groups = 1
        asked()
        one = asked()
        for hour in ("15:00", "16:30"):
            world.run(hour, a_leader(), 5)
        groups = 3
        three = asked()
        for table in ("scheduling_seriespin", "scheduling_seatpin"):
            first, last = (
                sum(f'FROM "{table}"' in sql for sql in told) for told in (one, three)
            )
            assert first == last > 0, table

    def test_queries_do_not_grow_with_members_or_groups(
        self, signed_in: Client
    ) -> None:
        world = Small(members=3)
        type(world.offering).objects.update(size_min=12, size_max=30)
        counts = []

        def count(groups: int, members: int) -> None:
            html = page(signed_in, address(world))
            assert html.count('name="way" value="merge"') == groups
            assert len(world.seats(world.group)) == members
            counts.append(queries(signed_in, address(world)))

        count(1, 3)
        for hour in ("14:45", "15:15"):
            world.run(hour, a_leader(), 5)
        world.draft.delete()
        world.draft = draft_of_published(actor=ACTOR, user=world.user, monday=MONDAY)
        count(3, 3)
        for _number in range(6):
            placed = RegistrationFactory(state="placed")
            EnrolmentFactory(series=world.group, registration=placed)
        count(3, 9)
        assert len(set(counts)) == 1, counts

    def test_merging_is_one_press(self, signed_in: Client, world: Small) -> None:
        asked = {"way": "merge", "target": world.other.pk, "version": 0}
        answer = signed_in.post(address(world), asked)
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"/rooster/{world.draft.pk}/publiceren/")
        html = page(signed_in, answer["Location"])
        assert world.offering.title in html
        edit = world.draft.edits.get()
        assert (edit.kind, edit.transfers.count()) == ("merge", 2)

    def test_dividing_is_one_press_and_does_what_was_shown(
        self, signed_in: Client
    ) -> None:
        world = Full()
        html = page(signed_in, address(world))
        goes = [part.split('"')[0] for part in html.split('name="goes" value="')[1:]]
        assert len(goes) == 2
        wish = {"way": "spread", "version": f"{world.draft.pk}.0", "goes": goes}
        answer = signed_in.post(address(world), {**wish, "goes": goes[:1]})
        assert answer.status_code == 422
        assert not world.draft.edits.exists()
        answer = signed_in.post(address(world), wish)
        assert answer.status_code == 302
        edit = world.draft.edits.get()
        assert (edit.kind, edit.transfers.count()) == ("merge", 2)

    @pytest.mark.parametrize(("way", "kind"), [("online", "online"), ("end", "end")])
    def test_the_draft_is_made_where_there_is_none(
        self, signed_in: Client, world: Small, way: str, kind: str
    ) -> None:
        world.draft.delete()
        answer = signed_in.post(address(world), {"way": way, "version": 0})
        assert answer.status_code == 302
        draft = Schedule.objects.get(state="draft")
        assert draft.edits.get().kind == kind
        page(signed_in, answer["Location"])

    def test_a_refused_way_leaves_no_draft_behind(
        self, signed_in: Client, world: Small
    ) -> None:
        """What it breaks is shown all the same, and then accepted in one press."""
        world.draft.delete()
        runs = PlanningRun.objects.count()
        for seat in world.seats(world.group):
            AvailabilityWindowFactory(person=seat.resident.person, weekday=4)
        wish = {"way": "merge", "target": str(world.other.pk), "version": ""}
        answer = signed_in.post(address(world), wish)
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (422, [])
        assert not Schedule.objects.exists()
        assert PlanningRun.objects.count() == runs
        assert 'name="version" value=""' in html
        keys = [part.split('"')[0] for part in html.split('name="accept" value="')[1:]]
        assert keys
        answer = signed_in.post(address(world), {**wish, "accept": keys})
        assert answer.status_code == 302
        assert Schedule.objects.get().edits.get().kind == "merge"

    def test_a_stale_page_does_nothing(self, signed_in: Client, world: Small) -> None:
        edit = drop_session(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            session=world.draft.sessions.filter(series=world.other)[0].session_id,
            version=0,
        )
        answer = signed_in.post(address(world), {"way": "end", "version": 0})
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (409, [])
        assert f'name="version" value="{world.draft.pk}.1"' in html
        assert edit_words(edit) in html
        assert world.draft.edits.get() == edit

    def test_another_draft_than_was_shown_is_left_alone(
        self, signed_in: Client, world: Small
    ) -> None:
        """A colleague published or threw away the one that was looked at."""
        html = page(signed_in, address(world))
        shown = {*re.findall(r'name="version" value="([^"]*)"', html)}
        assert shown == {f"{world.draft.pk}.0"}
        wish = {"way": "end", "version": shown.pop()}
        Schedule.objects.all().delete()
        assert signed_in.post(address(world), wish).status_code == 409
        assert not Schedule.objects.exists()
        other = draft_of_published(actor=ACTOR, user=None, monday=MONDAY)
        answer = signed_in.post(address(world), wish)
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (409, [])
        assert f'name="version" value="{other.pk}.0"' in html
        assert not other.edits.exists()

    @pytest.mark.parametrize(
        "asked",
        [
            {"way": "x"},
            {"way": "merge", "target": "x"},
            {"way": "merge"},
            {"way": "spread"},
            {"way": "spread", "goes": "1 x"},
        ],
    )
    def test_bad_input_is_told(
        self, signed_in: Client, world: Small, asked: dict[str, str]
    ) -> None:
        answer = signed_in.post(address(world), {"version": 0, **asked})
        assert answer.status_code == 422
        assert faults(answer.content.decode()) == []
        assert not world.draft.edits.exists()

    def test_a_group_that_is_large_enough_leads_to_the_list(
        self, signed_in: Client, world: Small
    ) -> None:
        """A colleague decided, or somebody joined, while the page was open."""
        for press in (signed_in.get, signed_in.post):
            answer = press(f"{LIST}{world.other.pk}/", follow=True)
            assert answer.redirect_chain == [(LIST, 302)]
            (told,) = answer.context["messages"]
            large = "That group is large enough by now, or it was decided on already."
            assert gettext(large) in str(told)
        assert signed_in.get(f"{LIST}{uuid4()}/").status_code == 404
