"""What going back leaves as it is is named; whom it moves is kept for the way on."""

from __future__ import annotations

from typing import Any

import pytest

from courses.models import Series
from courses.services import hold_seats
from publishing.back_words import NOT_BACK, not_back_in_words
from publishing.services.stopping import stop_series
from scheduling.services.decisions import end_group, merge_groups
from tests.factories import EnrolmentFactory
from tests.publishing.decided import Decided
from tests.publishing.parted import Split
from tests.scheduling.rows import ACTOR, a_leader, asks_for, running

pytestmark = pytest.mark.django_db


def lines(seen: Any) -> list[tuple[Any, str]]:
    return [(one.series, one.stays.value) for one in seen.back.lines]


def test_a_group_that_came_later_goes_on_and_is_named(world: Decided) -> None:
    world.draft.delete()
    new = running("2026-12-03 10:00", leaders=[a_leader()], members=6)
    world.redraft()
    world.publish()
    seen = world.back()
    assert lines(seen) == [(new.pk, "later")]
    told = dict(not_back_in_words(seen.back, by_person=True))
    assert list(told.values()) == [str(NOT_BACK[seen.back.lines[0].stays])]
    assert new.sessions.get().state == "published"
    assert len(world.seats(new)) == 6


def test_a_group_that_came_later_and_stopped_is_not_named(world: Decided) -> None:
    world.draft.delete()
    new = running("2026-12-03 10:00", leaders=[a_leader()], members=6)
    world.redraft()
    world.publish()
    stop_series(actor=ACTOR, series=new)
    assert lines(world.back()) == []


def test_the_split_of_a_group_that_comes_back_is_named() -> None:
    world = Split()
    world.decide(end_group, world.group)
    seen = world.go(world.before)
    assert set(seen.back.revived) == {world.group.pk}
    assert lines(seen) == [(world.group.pk, "split")]
    assert world.state(world.half) == "published"


def test_the_half_of_a_group_that_stays_stopped_is_named() -> None:
    world = Split()
    stop_series(actor=ACTOR, series=world.group)
    seen = world.go(world.before)
    assert lines(seen) == [(world.group.pk, "stopped"), (world.half.pk, "later")]
    assert world.placed(world.half) == 4


def test_who_alone_came_back_goes_along_again(world: Decided) -> None:
    """Going back that moves people and changes no group is remembered too."""
    one_group = Series.objects.filter(pk=world.group.pk)
    whole = world.draft
    world.publish()
    world.redraft()
    merged = world.draft
    world.decide(merge_groups, target_id=world.other.pk)
    one_group.update(size_min=1, size_max=1)
    assert len(world.go(whole).back.away) == 1
    one_group.update(size_min=None, size_max=None)
    seen = world.go(world.before)
    assert (len(seen.back.seats), seen.back.touched) == (1, frozenset())
    assert (len(world.seats(world.group)), len(world.seats(world.other))) == (2, 5)
    assert world.go(merged).back.not_restored() == []
    assert (len(world.seats(world.group)), len(world.seats(world.other))) == (0, 7)


def test_a_seat_that_another_draft_holds_stays_held(world: Decided) -> None:
    """Going back gives no seat that the schedule gave once and that was given up."""
    asks = asks_for(world.other)
    gone = EnrolmentFactory(series=world.other, registration=asks, state="withdrawn")
    world.before.seats.create(registration=asks, series=world.other, enrolment=gone)
    world.publish()
    (held,) = hold_seats(pairs=[(asks.pk, world.other.pk)], actor=ACTOR).held
    world.back()
    held.refresh_from_db()
    asks.refresh_from_db()
    assert (held.state, asks.state) == ("held_by_draft", "waiting")
