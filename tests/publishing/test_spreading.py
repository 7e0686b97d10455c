"""A small group divided over several others: drafted, undone, and released."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from courses.models import Registration
from messaging.models import OutboxMessage
from publishing.services.release import release
from scheduling.services.decisions import (
    ending,
    judge_goings,
    mergers,
    spread_group,
)
from scheduling.services.drafts import transfers_of
from scheduling.services.edits import undo
from tests.scheduling.rows import ACTOR
from tests.scheduling.small import Full

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Full:
    return Full()


def test_more_people_keep_a_seat_than_by_any_merger(world: Full) -> None:
    found = mergers(actor=ACTOR, series=world.group, schedule=world.draft)
    assert [len(one.going) for one in found] == [1, 1]
    spread = world.found()
    assert (spread.going, len(spread.staying)) == (2, 1)


def test_the_release_gives_each_the_seat_and_the_last_waits(world: Full) -> None:
    seats = world.seats(world.group)
    moves = world.found().moves
    world.spread()
    assert ending(world.draft) == {world.group.pk}
    assert transfers_of(world.draft) == moves
    world.draft.refresh_from_db()
    release(actor=ACTOR, user=world.user, schedule=world.draft)
    assert (len(world.seats(world.other)), len(world.seats(world.third))) == (8, 8)
    for seat in seats:
        now = Registration.objects.get(pk=seat.registration_id)
        assert now.state == ("placed" if seat.pk in moves else "waiting")
        assert now.registered_at == seat.registration.registered_at
    told = {one.recipient_id for one in OutboxMessage.objects.all()}
    assert {one.resident.person_id for one in seats} <= told
    world.group.refresh_from_db()
    assert world.group.state == "cancelled"


def test_undo_brings_all_of_it_back(world: Full) -> None:
    before = set(world.draft.sessions.values_list("session_id", flat=True))
    world.spread()
    undo(actor=ACTOR, user=world.user, schedule=world.draft, version=world.version())
    assert set(world.draft.sessions.values_list("session_id", flat=True)) == before
    assert (ending(world.draft), transfers_of(world.draft)) == (set(), {})


def test_another_division_than_was_shown_is_refused(world: Full) -> None:
    moves = world.found().moves
    gone = world.seats(world.group)[0]
    type(gone).objects.filter(pk=gone.pk).update(state="stopped")
    with pytest.raises(ValidationError):
        world.act(spread_group, moves=moves)
    assert not world.draft.edits.exists()


def test_each_of_the_groups_is_judged(world: Full) -> None:
    moves = world.found().moves
    everything, nothing = judge_goings(
        actor=ACTOR, schedule=world.draft, series=world.group, goings=[moves, {}]
    )
    assert everything.people == len(moves)
    assert nothing.breaches == ()
