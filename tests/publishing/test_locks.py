"""A release locks groups, and then people, at one go: nobody waits for who waits for
him."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from courses.models import Registration, Session
from courses.services import hold_seats
from publishing.services.release import preview, release
from publishing.services.wholes import lock_groups
from scheduling.models import Schedule
from scheduling.services.decisions import end_group, merge_groups
from scheduling.services.edits import MoveRefused
from scheduling.services.look_again import look_again
from tests.factories import (
    EnrolmentFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    period,
)
from tests.locking import locked_at_one_go, locked_or_changed
from tests.publishing.decided import Decided
from tests.publishing.drafts import World as Planned
from tests.publishing.drafts import planned
from tests.scheduling.rows import ACTOR, a_leader, asks_for, running
from tests.scheduling.small import Small

pytestmark = pytest.mark.django_db


def test_the_group_of_an_offer_that_gives_way_is_locked(world: Decided) -> None:
    seat, _other = world.seats(world.group)
    world.decide(end_group)
    elsewhere = running("2026-12-03 10:00", leaders=[a_leader()])
    EnrolmentFactory(
        series=elsewhere,
        registration=Registration.objects.get(pk=seat.registration_id),
        state="offered",
        offer_expires_at="2026-12-05T10:00Z",
    )
    before = Schedule.objects.get(pk=world.before.pk)
    decided = set(before.series_rows.values_list("series_id", flat=True))
    assert elsewhere.pk not in decided
    with transaction.atomic():
        rows = lock_groups(before, decided)
    assert {*decided, elsewhere.pk} == set(rows)


def test_everybody_is_locked_at_one_go() -> None:
    """Who goes along, who waits for what stops, and who gets a seat of the draft."""
    world = Small()
    moving = {one.registration_id for one in world.seats(world.group)}
    waits = RegistrationFactory()
    RegistrationChoiceFactory(registration=waits, series=world.group)
    asks = asks_for(world.other, need_class=1)
    (held,) = hold_seats(pairs=[(asks.pk, world.other.pk)], actor=ACTOR).held
    world.draft.seats.create(registration=asks, series=world.other, enrolment=held)
    target = {"target_id": world.other.pk}
    try:
        world.act(merge_groups, **target)
    except MoveRefused as refused:
        world.act(merge_groups, accept=[one.key for one in refused.breaches], **target)
    world.draft.refresh_from_db()
    breaches = preview(actor=ACTOR, schedule=world.draft).breaches
    accept = [one.key for one in breaches]
    with CaptureQueriesContext(connection) as seen:
        release(actor=ACTOR, user=world.user, schedule=world.draft, accept=accept)
    first, *others = locked_or_changed(seen.captured_queries)
    assert {*moving, waits.pk, asks.pk} <= first
    assert others
    assert all(one <= first for one in others)
    asks.refresh_from_db()
    waits.refresh_from_db()
    assert (asks.state, waits.state) == ("placed", "waiting")


def test_a_draft_that_is_looked_at_again_locks_at_one_go() -> None:
    """Who is elsewhere by now gives the seat back, and somebody else is offered it."""
    world = Planned()
    Session.objects.create(
        series=world.group,
        number=6,
        period=period("2026-12-08 10:00", 90),
        room=world.group.room,
    )
    schedule = planned()
    beside = running("2026-12-08 10:30", leaders=[a_leader()])
    EnrolmentFactory(series=beside, registration__resident=world.joins.resident)
    waits = [asks_for(world.group, need_class=number) for number in (1, 2)]
    with CaptureQueriesContext(connection) as seen:
        done = look_again(actor=ACTOR, schedule=schedule, version=0)
    assert done.seats == 1
    series, people = locked_at_one_go(seen.captured_queries)
    assert world.group.pk.hex in series
    assert {str(one.pk) for one in (world.joins, *waits)} <= people
