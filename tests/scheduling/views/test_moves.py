"""Changing a draft by hand on its pages: look, do, take back, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Session
from people.enums import Role
from scheduling.models import Repair, Schedule, SeriesPin
from scheduling.services import boards
from scheduling.services.runs import perform_run
from scheduling.words import edit_words
from tests.factories import LeaveFactory, UserFactory, amsterdam, days
from tests.scheduling.by_hand import World
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


def address(name: str, world: World, *more: Any) -> str:
    return reverse(f"scheduling:{name}", args=[world.draft.pk, world.session, *more])


def wish(world: World, **other: Any) -> dict[str, Any]:
    """The session as it is, with some of it otherwise."""
    return {
        "day": "2026-12-01",
        "start": "10:00",
        "room": world.room.pk,
        "leader_1": world.leader.pk,
    } | other


def look(client: Client, world: World, **other: Any) -> str:
    asked = f"{address('move', world)}?{urlencode(wish(world, **other))}"
    answer = client.get(asked)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert faults(html) == []
    return html


def do(client: Client, world: World, **other: Any) -> Any:
    return client.post(address("move", world), wish(world, **{"version": 0, **other}))


def test_the_page_begins_with_the_session_as_it_is(
    signed_in: Client, world: World
) -> None:
    html = signed_in.get(address("move", world)).content.decode()
    assert faults(html) == []
    assert f'value="{world.room.pk}" selected' in html
    assert 'value="10:00"' in html


def test_looking_changes_nothing_and_a_lawful_move_can_be_done(
    signed_in: Client, world: World
) -> None:
    before = world.state()
    html = look(signed_in, world, start="09:30")
    assert 'id="do"' in html
    assert "gem-pill--ok" in html
    assert world.state() == before
    assert do(signed_in, world, start="09:30").status_code == 302
    assert world.row().period.lower == amsterdam("2026-12-01 09:30")


def test_a_double_use_is_named_and_other_ways_are_offered(
    signed_in: Client, world: World
) -> None:
    html = look(signed_in, world, start="13:00")
    assert 'id="do"' not in html
    assert 'name="accept"' not in html
    assert html.count('gem-card"><h3>') >= 1
    refused = do(signed_in, world, start="13:00")
    assert refused.status_code == 422
    assert world.row().period.lower == amsterdam("2026-12-01 10:00")


def test_a_rule_can_be_accepted_by_name(signed_in: Client, world: World) -> None:
    html = look(signed_in, world, start="08:00")
    keys = [part.split('"')[0] for part in html.split('name="accept" value="')[1:]]
    assert keys
    assert do(signed_in, world, start="08:00").status_code == 422
    assert do(signed_in, world, start="08:00", accept=keys).status_code == 302
    assert world.draft.accepted_violations.count() == len(" ".join(keys).split())


def test_the_second_of_two_sees_what_changed_and_loses_nothing(
    signed_in: Client, world: World
) -> None:
    world.apply(world.move(room_id=world.other_room.pk))
    answer = do(signed_in, world, start="09:30")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert faults(html) == []
    assert 'value="09:30"' in html
    assert 'name="version" value="1"' in html
    assert world.row().room_id == world.other_room.pk
    assert do(signed_in, world, start="09:30", version=1).status_code == 302


def test_bad_input_is_told_and_kept(signed_in: Client, world: World) -> None:
    for other in ({"start": "25:99"}, {"day": "2031-01-01"}, {"room": "999999"},
                  {"start": "10:07"}, {"leader_1": "<script>"}):  # fmt: skip
        answer = do(signed_in, world, **other)
        assert answer.status_code == 422, other
        assert faults(answer.content.decode()) == []
    assert world.version() == 0


def test_undo_and_redo_are_on_the_week(signed_in: Client, world: World) -> None:
    do(signed_in, world, start="09:30")
    week = reverse("scheduling:week", args=["2026-W49"]) + f"?versie={world.draft.pk}"
    turn = reverse("scheduling:turn", args=[world.draft.pk, "terug"])
    assert turn in signed_in.get(week).content.decode()
    assert signed_in.post(turn, {"version": 1}).status_code == 302
    assert world.row().period.lower == amsterdam("2026-12-01 10:00")
    again = reverse("scheduling:turn", args=[world.draft.pk, "opnieuw"])
    assert again in signed_in.get(week).content.decode()
    signed_in.post(again, {"version": 1})  # an old page: nothing happens
    assert world.row().period.lower == amsterdam("2026-12-01 10:00")
    signed_in.post(again, {"version": 2})
    assert world.row().period.lower == amsterdam("2026-12-01 09:30")


def test_pin_and_unpin(signed_in: Client, world: World) -> None:
    world.apply(world.move(start=amsterdam("2026-12-01 09:30")))
    signed_in.post(address("pin", world), {"version": 1})
    pin = SeriesPin.objects.get()
    assert pin.series_id == world.group.pk
    assert (
        'value="unpin"'
        in signed_in.get(
            reverse("scheduling:draft-session", args=[world.draft.pk, world.session])
        ).content.decode()
    )
    late = signed_in.post(address("pin", world), {"act": "unpin", "version": 0})
    assert (late.status_code, SeriesPin.objects.count()) == (409, 1)
    press = late.content.decode().split(f'action="{address("pin", world)}"')[1]
    assert 'name="version" value="1"' in press.split("</form>")[0]
    signed_in.post(address("pin", world), {"act": "unpin", "version": 1})
    assert not SeriesPin.objects.exists()


def test_pinning_too_late_pins_nothing_and_tells_what_changed(
    signed_in: Client, world: World
) -> None:
    """What would be pinned is not what the page showed."""
    page = reverse("scheduling:draft-session", args=[world.draft.pk, world.session])
    shown = signed_in.get(page).content.decode()
    press = shown.split(f'action="{address("pin", world)}"')[1].split("</form>")[0]
    assert 'name="version" value="0"' in press
    edit = world.apply(world.move(start=amsterdam("2026-12-01 09:30")))
    answer = signed_in.post(address("pin", world), {"version": 0})
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert edit_words(edit) in html
    assert not SeriesPin.objects.exists()
    signed_in.post(address("pin", world), {"version": 1})
    assert SeriesPin.objects.get().first_start == amsterdam("2026-12-01 09:30")


def test_a_session_can_be_dropped_and_taken_back(
    signed_in: Client, world: World
) -> None:
    stale = signed_in.post(address("drop-session", world), {"version": 7})
    assert stale.status_code == 409
    assert 'name="version" value="0"' in stale.content.decode()
    assert world.draft.sessions.filter(session_id=world.session).exists()
    signed_in.post(address("drop-session", world), {"version": 0})
    assert not world.draft.sessions.filter(session_id=world.session).exists()


def test_not_holding_too_late_tells_what_a_colleague_changed(
    signed_in: Client, world: World
) -> None:
    edit = world.apply(world.move(room_id=world.other_room.pk))
    press = address("drop-session", world)
    answer = signed_in.post(press, {"version": 0})
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert edit_words(edit) in html
    assert world.row().room_id == world.other_room.pk
    # A colleague took it out altogether: the week says so.
    signed_in.post(press, {"version": 1}, follow=True)
    gone = world.draft.edits.get(kind="cancel")
    answer = signed_in.post(press, {"version": 1}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"?versie={world.draft.pk}")
    (told,) = answer.context["messages"]
    assert edit_words(gone) in str(told)


def test_who_can_stand_in_leads_to_the_move(signed_in: Client, world: World) -> None:
    html = signed_in.get(address("stand-ins", world, world.leader.pk)).content.decode()
    assert faults(html) == []
    assert f"leader_1={world.spare.pk}" in html.replace("&amp;", "&")
    nobody = signed_in.get(address("stand-ins", world, 999999))
    assert nobody.status_code == 404


def test_a_published_week_is_opened_for_changes_once(
    signed_in: Client, world: World
) -> None:
    world.draft.delete()
    edit = reverse("scheduling:edit-week", args=["2026-W49"])
    assert signed_in.post(edit).status_code == 302
    second = signed_in.post(edit)
    assert second["Location"].endswith("versie=concept")


def looked(client: Client, asked: Any) -> str:
    """The address of the ways, after a worker looked for them."""
    assert asked.status_code == 302
    perform_run(run_id=int(asked["Location"].rstrip("/").rpartition("/")[2]))
    return str(client.get(asked["Location"])["Location"])


def test_an_ill_leader_gives_ways_and_the_first_becomes_a_draft(
    signed_in: Client, world: World
) -> None:
    world.draft.delete()
    page = reverse("scheduling:report", args=["ziek"])
    assert faults(signed_in.get(page).content.decode()) == []
    day = {"first": "2026-12-01", "last": "2026-12-01"}
    wrong = signed_in.post(page, day | {"about": world.leader.pk, "last": "2026-11-30"})
    assert wrong.status_code == 422
    answer = signed_in.post(page, day | {"about": world.leader.pk})
    where = looked(signed_in, answer)
    repair = Repair.objects.get()
    assert where == reverse("scheduling:repair", args=[repair.pk])
    html = signed_in.get(where).content.decode()
    assert faults(html) == []
    assert 'name="rank" value="1"' in html
    chosen = signed_in.post(where, {"rank": "1"})
    assert "/publiceren/" in chosen["Location"]
    assert Session.objects.get(pk=world.session).period.lower == amsterdam(
        "2026-12-01 10:00"
    )


def test_another_way_does_not_throw_changes_by_hand_away_unseen(
    signed_in: Client, world: World
) -> None:
    world.draft.delete()
    day = {"first": "2026-12-01", "last": "2026-12-01", "about": world.leader.pk}
    page = reverse("scheduling:report", args=["ziek"])
    where = looked(signed_in, signed_in.post(page, day))
    wish = {"rank": "1", "draft": ""}
    signed_in.post(where, wish)
    world.draft = Schedule.objects.get()
    signed_in.post(where, wish)  # pressing twice is pressing once
    assert Schedule.objects.get() == world.draft
    edit = world.apply(
        world.move(session=world.other_session, room_id=world.other_room.pk)
    )
    for shown in ("", f"{world.draft.pk}.0", "999.1", "x"):
        answer = signed_in.post(where, {"rank": "1", "draft": shown})
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (409, [])
        assert edit_words(edit) in html
        assert Schedule.objects.get() == world.draft
    assert f'name="draft" value="{world.draft.pk}.1"' in html
    answer = signed_in.post(where, {"rank": "1", "draft": f"{world.draft.pk}.1"})
    assert answer.status_code == 302
    assert Schedule.objects.get() != world.draft


@pytest.mark.parametrize("rank", ["", "0", "99", "x"])
def test_a_way_that_is_not_there_is_not_chosen(
    signed_in: Client, world: World, rank: str
) -> None:
    world.draft.delete()
    page = reverse("scheduling:report", args=["ziek"])
    day = {"first": "2026-12-01", "last": "2026-12-01", "about": world.leader.pk}
    looked(signed_in, signed_in.post(page, day))
    repair = Repair.objects.get()
    where = reverse("scheduling:repair", args=[repair.pk])
    assert signed_in.post(where, {"rank": rank})["Location"] == where
    repair.refresh_from_db()
    assert repair.chosen is None


class TestSwap:
    """Two leaders change places, judged and accepted as a move is."""

    def wish(self, world: World, **other: Any) -> dict[str, Any]:
        chosen = f"{world.other_session} {world.other_leader.pk}"
        return {"leader": world.leader.pk, "other": chosen} | other

    def test_looking_changes_nothing_and_then_it_is_done(
        self, signed_in: Client, world: World
    ) -> None:
        before = world.state()
        html = signed_in.get(address("swap", world)).content.decode()
        assert faults(html) == []
        asked = f"{address('swap', world)}?{urlencode(self.wish(world))}"
        html = signed_in.get(asked).content.decode()
        assert faults(html) == []
        assert 'id="do"' in html
        assert world.state() == before
        done = signed_in.post(address("swap", world), self.wish(world, version=0))
        assert done.status_code == 302
        assert [one.pk for one in world.row().leaders.all()] == [world.other_leader.pk]
        turn = reverse("scheduling:turn", args=[world.draft.pk, "terug"])
        signed_in.post(turn, {"version": 1})
        assert world.state() == before

    def test_what_it_breaks_has_to_be_accepted_by_name(
        self, signed_in: Client, world: World
    ) -> None:
        LeaveFactory(facilitator=world.leader, days=days("2026-12-01", "2026-12-02"))
        other = world.other_leader.person
        other.windows.filter(weekday=2).delete()
        boards.forget_boards()
        asked = f"{address('swap', world)}?{urlencode(self.wish(world))}"
        html = signed_in.get(asked).content.decode()
        keys = [part.split('"')[0] for part in html.split('name="accept" value="')[1:]]
        assert keys
        wish = self.wish(world, version=0)
        assert signed_in.post(address("swap", world), wish).status_code == 422
        assert world.version() == 0
        wish["accept"] = keys
        assert signed_in.post(address("swap", world), wish).status_code == 302
        assert world.draft.accepted_violations.count() == len(" ".join(keys).split())

    def test_the_second_of_two_sees_what_changed(
        self, signed_in: Client, world: World
    ) -> None:
        world.apply(world.move(room_id=world.other_room.pk))
        wish = self.wish(world, version=0)
        answer = signed_in.post(address("swap", world), wish)
        assert answer.status_code == 409
        assert 'name="version" value="1"' in answer.content.decode()

    def test_bad_input_is_told(self, signed_in: Client, world: World) -> None:
        for other in ({"leader": world.spare.pk}, {"other": "x"}, {"other": ""}):
            wish = self.wish(world, version=0, **other)
            answer = signed_in.post(address("swap", world), wish)
            assert answer.status_code == 422
            assert faults(answer.content.decode()) == []
        assert world.version() == 0


def test_dragging_on_the_day_keeps_the_leaders(signed_in: Client, world: World) -> None:
    asked = {"day": "2026-12-01", "start": "09:30", "dragged": "1"}
    html = signed_in.get(f"{address('move', world)}?{urlencode(asked)}")
    text = html.content.decode()
    assert 'id="do"' in text
    assert f'value="{world.leader.pk}" selected' in text


def test_an_absence_leads_to_its_repair_filled_in(
    signed_in: Client, world: World
) -> None:
    """The days are written down already: by the leader, and not once more."""
    LeaveFactory(facilitator=world.leader, days=days("2026-12-01", "2026-12-02"))
    html = signed_in.get("/week/2026-W49/").content.decode().replace("&amp;", "&")
    asked = f"/herstel/ziek/?wie={world.leader.pk}&van=2026-12-01&tot=2026-12-02"
    assert asked in html
    form = signed_in.get(asked).content.decode()
    assert f'value="{world.leader.pk}" selected' in form
    assert 'value="2026-12-01"' in form
    assert 'value="2026-12-02"' in form
    given = {"about": world.leader.pk, "first": "2026-12-01", "last": "2026-12-02"}
    looked(signed_in, signed_in.post(asked, given))
    assert Repair.objects.get().alternatives.exists()
    assert world.leader.leave.count() == 1
