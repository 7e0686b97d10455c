"""The page that splits a group: choose who goes, see what it means, do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import ngettext

from audit.models import AuditEvent
from courses.models import Series
from courses.words import usual_time
from people.enums import Role
from scheduling.services import boards, clock
from scheduling.services.edits import drop_session
from scheduling.services.splits import Journey
from scheduling.views import splitting
from scheduling.views.verdicts import moved_words, people_words
from scheduling.words import edit_words
from tests.factories import UserFactory, amsterdam
from tests.scheduling.halves import Large
from tests.scheduling.rows import ACTOR, a_leader, running
from tests.scheduling.views.test_week import queries
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> Large:
    return Large()


def address(world: Large, name: str = "split") -> str:
    return reverse(f"scheduling:{name}", args=[world.draft.pk, world.session])


def asked(world: Large, **other: Any) -> dict[str, Any]:
    """The last four, on Wednesday at ten."""
    return {
        "goes": [one.pk for one in world.seats[-4:]],
        "day": "2026-12-02",
        "start": "10:00",
        "room": world.room.pk,
        "leader_1": world.leader.pk,
    } | other


def leads_both(number: int) -> str:
    return ngettext("%(names)s leads both groups", "%(names)s lead both groups", number)


def page(client: Client, world: Large, **given: Any) -> str:
    answer = client.get(f"{address(world)}?{urlencode(given, doseq=True)}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert faults(html) == []
    return html


class TestLooking:
    def test_the_session_leads_to_it(self, signed_in: Client, world: Large) -> None:
        html = signed_in.get(address(world, "draft-session")).content.decode()
        assert f'href="{address(world)}"' in html

    def test_the_last_half_is_ticked_and_lawful_ways_are_shown(
        self, signed_in: Client, world: Large
    ) -> None:
        html = page(signed_in, world)
        assert html.count(" checked") == 4
        for seat in world.seats:
            assert str(seat.registration_id) in html
            assert seat.resident.person.call_name not in html
        assert html.count("#meaning") > 1
        assert 'id="do"' not in html

    def test_each_way_says_what_it_means(self, signed_in: Client, world: Large) -> None:
        html = page(signed_in, world)
        shown = re.findall(r'<li class="gem-card"><h3>.*?</ul>', html, re.DOTALL)
        name = f"{world.leader.person.group_name}, {world.leader.organisation.name}"
        assert shown
        for way in shown:
            assert people_words(4) in way
            assert moved_words(2).partition("2")[0] in way
            assert leads_both(1) % {"names": name} in way

    def test_what_it_means_is_told_before(
        self, signed_in: Client, world: Large
    ) -> None:
        html = page(signed_in, world, **asked(world))
        assert 'id="do"' in html
        assert 'name="accept"' not in html
        assert html.count('type="hidden" name="goes"') == 4

    def test_a_day_that_is_over_is_not_offered(
        self, signed_in: Client, world: Large
    ) -> None:
        with clock.standing_at(amsterdam("2026-12-01 09:30")):
            html = page(signed_in, world)
        days = re.findall(r'value="(2026-\d\d-\d\d)"', html)
        assert days == [f"2026-12-0{number}" for number in range(1, 7)]

    def test_what_breaks_is_named(self, signed_in: Client, world: Large) -> None:
        html = page(signed_in, world, **asked(world, goes=[world.seats[0].pk]))
        assert "group-size" in html
        assert 'name="accept"' in html
        html = page(signed_in, world, **asked(world, day="2026-12-01"))
        assert 'name="accept" value="room-conflict' not in html
        assert "utrecht-alert--error" in html

    def test_names_are_shown_on_a_press_that_is_logged(
        self, signed_in: Client, world: Large
    ) -> None:
        logged = AuditEvent.objects.filter(event_code="person.name.read")
        before = logged.count()
        html = page(signed_in, world, namen="1")
        assert world.seats[0].resident.person.group_name in html
        assert logged.count() == before + 1
        assert 'name="namen"' in html

    def test_who_does_not_coordinate_sees_no_request_and_no_journey(
        self, client: Client, world: Large, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        longer = (Journey(seat_row=world.seats[-1], now=5, then=50),)
        told = replace(world.judge(), further=longer)
        monkeypatch.setattr(splitting, "judge_split", lambda **_given: told)
        given = urlencode(asked(world), doseq=True)

        def seen(role: Role) -> tuple[list[str], list[str]]:
            """The numbers in who can be chosen, and in who travels longer."""
            client.force_login(UserFactory(role=role))
            shown = client.get(f"{address(world)}?{given}").context
            people = [str(name) for _pk, name in shown["form"].fields["goes"].choices]
            journeys = re.findall(r"\d+", " ".join(shown["further"]))
            return re.findall(r"\d+", " ".join(people)), journeys

        people, journeys = seen(Role.COORDINATOR)
        assert people == [str(one.registration_id) for one in world.seats]
        assert journeys == [people[-1], "50", "5"]
        people, journeys = seen(Role.FUNCTIONAL_ADMINISTRATOR)
        assert people == [str(place) for place in range(1, 9)]
        assert journeys == ["1"]

    def test_queries_do_not_grow(self, signed_in: Client) -> None:
        few = Large()
        told = urlencode(asked(few), doseq=True)
        queries(signed_in, f"{address(few)}?{told}")
        one = queries(signed_in, f"{address(few)}?{told}")
        few.draft.delete()
        many = Large(members=10)
        goes = [one.pk for one in many.seats[-6:]]
        told = urlencode(asked(many, goes=goes), doseq=True)
        assert queries(signed_in, f"{address(many)}?{told}") == one

    def test_a_group_of_one_cannot_be_split(self, signed_in: Client) -> None:
        world = Large(members=1)
        html = page(signed_in, world)
        assert 'name="goes"' not in html
        assert 'role="alert"' in html


class TestDoing:
    def test_it_is_one_press(self, signed_in: Client, world: Large) -> None:
        answer = signed_in.post(address(world), {**asked(world), "version": 0})
        assert answer.status_code == 302
        edit = world.draft.edits.get()
        assert edit.after[-1]["session"] in answer["Location"]
        html = signed_in.get(answer["Location"]).content.decode()
        assert faults(html) == []
        assert edit.transfers.count() == 4

    def test_what_nobody_accepted_is_not_done(
        self, signed_in: Client, world: Large
    ) -> None:
        wish = {**asked(world, goes=[world.seats[0].pk]), "version": 0}
        answer = signed_in.post(address(world), wish)
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (422, [])
        assert not world.draft.edits.exists()
        key = html.split('name="accept" value="')[1].split('"')[0]
        answer = signed_in.post(address(world), {**wish, "accept": key})
        assert answer.status_code == 302

    def test_a_stale_form_keeps_what_was_filled_in(
        self, signed_in: Client, world: Large
    ) -> None:
        other = running("2026-12-01 15:00", leaders=[a_leader()])
        world.draft.delete()
        world.draft = world.again()
        edit = drop_session(
            actor=ACTOR,
            user=world.user,
            schedule=world.draft,
            session=world.draft.sessions.get(series=other).session_id,
            version=0,
        )
        wish = {**asked(world, day="2026-12-03"), "version": 0}
        answer = signed_in.post(address(world), wish)
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (409, [])
        assert edit_words(edit) in html
        assert html.count(" checked") == 4
        assert 'name="version" value="1"' in html
        assert world.draft.edits.get() == edit

    def test_two_coordinators(self, signed_in: Client, world: Large) -> None:
        signed_in.post(address(world), {**asked(world), "version": 0})
        edit = world.draft.edits.get()
        wish = {**asked(world, day="2026-12-03"), "version": 0}
        answer = signed_in.post(address(world), wish)
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (409, [])
        assert edit_words(edit) in html
        assert world.draft.edits.get() == edit
        assert Series.objects.filter(state="proposed").count() == 1

    @pytest.mark.parametrize(
        "other", [{"goes": []}, {"goes": [0]}, {"goes": ["x"]}, {"day": "x"}]
    )
    def test_bad_input_is_told(
        self, signed_in: Client, world: Large, other: dict[str, Any]
    ) -> None:
        answer = signed_in.post(address(world), {**asked(world, **other), "version": 0})
        assert answer.status_code == 422
        assert faults(answer.content.decode()) == []

    def test_nothing_is_lost_when_the_session_ended(
        self, client: Client, world: Large
    ) -> None:
        answer = client.post(address(world), {**asked(world), "version": 0})
        assert answer.status_code == 302
        assert answer["Location"].count("goes") == 4


def test_moving_the_new_group_says_which_dates_stay(
    signed_in: Client, world: Large
) -> None:
    world.split()
    half = Series.objects.exclude(pk=world.group.pk).get(offering=world.offering)
    new = world.draft.sessions.get(series=half).session_id

    def told(session: Any) -> str:
        move = reverse("scheduling:move", args=[world.draft.pk, session])
        answer = signed_in.get(move)
        html = answer.content.decode()
        assert faults(html) == []
        assert answer.context["later"] in html
        return str(answer.context["later"])

    assert " 2 " in told(new)
    assert usual_time(half) in told(new)
    assert told(world.session) == ""
    world.group.sessions.exclude(pk=world.session).update(state="cancelled")
    assert told(new) == ""


def test_another_organisation_does_not_split(client: Client, world: Large) -> None:
    user = UserFactory(role=Role.COORDINATOR, organisation=world.offering.organisation)
    client.force_login(user)
    assert client.get(address(world)).status_code == 403
