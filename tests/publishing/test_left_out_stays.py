"""A change of what is published takes along who has no seat: the list, the count, the
figures, and what was done to help."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import Registration
from people.enums import Role
from publishing.services.release import release
from scheduling.models import HelpStep, LeftOut, Schedule
from scheduling.selectors.passes import last_published_answer, passes_of
from scheduling.services.carried import carry_over
from scheduling.services.edits import apply_move
from scheduling.services.helping.open import open_ways, steps_of, subject_of
from scheduling.services.moves import Move
from scheduling.services.redrafts import choose_alternative, draft_of_published
from scheduling.services.repairs import report_ill
from scheduling.solver.horizon import Horizon
from tests.factories import OfferingFactory, SeriesFactory, UserFactory, amsterdam
from tests.factories.courses import reason_code
from tests.publishing.drafts import World, planned, publish
from tests.publishing.test_passes import plan_of
from tests.scheduling.rows import ACTOR, MONDAY, a_leader, asks_for
from tests.scheduling.services.test_repairs import answered

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 12, 1)


class Published(World):
    """Two have a seat, one (``late``) has none for the second week in a row, and one
    conversation that nobody asks for is not held."""

    def __init__(self) -> None:
        super().__init__()
        self.late = asks_for(self.group, allowed_levels=[2])
        SeriesFactory.create_batch(2, offering=self.talk)
        plan_of(-1, self.late)
        self.user = UserFactory(role=Role.COORDINATOR)
        self.first = planned()
        publish(self.first)
        self.first.refresh_from_db()
        self.spare = self.first.series_rows.get(held=False).series

    def by_hand(self) -> Schedule:
        """A draft of what is published, with one session half an hour later."""
        draft = draft_of_published(actor=ACTOR, user=self.user, monday=MONDAY)
        later = Move(session=self.session.pk, start=amsterdam("2026-12-01 10:30"))
        apply_move(actor=ACTOR, user=self.user, schedule=draft, move=later, version=0)
        draft.refresh_from_db()
        return draft

    def released(self, draft: Schedule) -> Schedule:
        release(actor=ACTOR, user=self.user, schedule=draft)
        draft.refresh_from_db()
        assert draft.state == "published"
        return draft


@pytest.fixture
def world() -> Published:
    return Published()


def told(schedule: Schedule) -> list[tuple[int, Any]]:
    return sorted(schedule.left_out.values_list("registration_id", "reasons"))


def not_held(schedule: Schedule) -> list[Any]:
    return sorted(
        (str(key), why)
        for key, why in schedule.series_rows.filter(held=False).values_list(
            "series_id", "why"
        )
    )


def cards(schedule: Schedule) -> tuple[int, int]:
    return schedule.figures["seated"], schedule.figures["asking"]


def test_a_change_by_hand_leaves_the_list_the_cards_and_the_count(
    world: Published,
) -> None:
    before = told(world.first), not_held(world.first), cards(world.first)
    assert [one for one, _why in before[0]] == [world.late.pk]
    assert str(world.spare.pk) in dict(before[1])
    assert before[2] == (2, 3)
    draft = world.by_hand()
    assert (told(draft), not_held(draft), cards(draft)) == before
    now = world.released(draft)
    assert (told(now), not_held(now), cards(now)) == before
    assert passes_of(schedule=now) == {world.late.pk: 2}
    row = now.left_out.get()
    assert row.named_reason == row.reasons[0]["rules"][0]
    # The week after counts on, and the resident is answered from this week.
    assert passes_of(schedule=plan_of(1, world.late, state="draft")) == {
        world.late.pk: 3
    }
    answer = last_published_answer(registration_id=world.late.pk)
    assert answer is not None
    assert (answer.first_date, answer.reasons) == (MONDAY, row.reasons)


def test_a_second_change_finds_them_too(world: Published) -> None:
    before = told(world.first)
    world.released(world.by_hand())
    second = draft_of_published(actor=ACTOR, user=world.user, monday=MONDAY)
    assert told(second) == before
    assert cards(second) == (2, 3)


def test_a_way_out_of_an_illness_leaves_them(world: Published) -> None:
    before = told(world.first), not_held(world.first), cards(world.first)
    a_leader()
    run = report_ill(
        actor=ACTOR,
        user=world.user,
        facilitator=world.leader,
        first=TUESDAY,
        last=TUESDAY,
        today=MONDAY,
        seconds=20,
    )
    (repair,) = answered(run)
    now = world.released(choose_alternative(actor=ACTOR, repair=repair, rank=1))
    assert (told(now), not_held(now), cards(now)) == before


def test_who_no_longer_waits_is_not_taken_along(world: Published) -> None:
    Registration.objects.filter(pk=world.late.pk).update(state="placed")
    draft = world.by_hand()
    assert not draft.left_out.exists()
    assert cards(draft) == (2, 2)


def test_a_group_that_is_planned_otherwise_by_now_is_not_taken_along(
    world: Published,
) -> None:
    world.spare.state = "published"
    world.spare.save()
    assert str(world.spare.pk) not in dict(not_held(world.by_hand()))


def test_where_no_plan_was_published_nothing_is_told() -> None:
    World()
    draft = draft_of_published(actor=ACTOR, user=None, monday=MONDAY)
    assert (draft.figures, draft.left_out.count()) == ({}, 0)


def test_the_page_still_names_who_has_no_seat(world: Published, client: Client) -> None:
    now = world.released(world.by_hand())
    client.force_login(world.user)
    html = client.get(f"/rooster/{now.pk}/zonder-plek/").content.decode()
    assert f"{world.late.resident_id}</h2>" in html


def test_the_page_still_tells_the_reasons_for_one_to_one(
    world: Published, client: Client
) -> None:
    reason_code("language")
    world.first.figures |= {"one_to_one": 3, "reasons": {"own-wish": 1, "language": 2}}
    world.first.save()
    world.released(world.by_hand())
    client.force_login(world.user)
    reasons = client.get("/week/2026-W49/").context["reasons"]
    assert [number for _reason, number in reasons.lines] == [2, 1]


def test_a_seat_that_the_change_gives_counts_with_its_reason(world: Published) -> None:
    draft = world.by_hand()
    single = SeriesFactory(offering=OfferingFactory(kind="one_to_one"))
    why = {"one_to_one_reason": reason_code("language"), "reason_by": world.user,
           "reason_at": timezone.now()}  # fmt: skip
    draft.seats.create(registration=asks_for(single, **why), series=single)
    carry_over(schedule=draft, horizon=Horizon(MONDAY, 7))
    assert cards(draft) == (3, 4)
    assert draft.figures["one_to_one"] == world.first.figures["one_to_one"] + 1
    assert draft.figures["reasons"] == {"language": 1}


def test_what_was_done_to_help_counts_as_done(world: Published) -> None:
    change = {"kind": "pace", "person": "1", "per_week": 2}
    row = LeftOut.objects.get(schedule=world.first)
    row.reasons[0]["ways"] = [{"changes": [change], "seats": 1}]
    row.save()
    step = HelpStep.objects.create(
        schedule=world.first,
        registration=world.late,
        kind="way",
        key="r0-0",
        changes=[change],
        made_by=world.user,
    )
    subject = subject_of(
        actor=ACTOR,
        schedule=world.by_hand(),
        registration_id=world.late.pk,
        organisation_ids=None,
    )
    assert subject is not None
    (way,) = open_ways(subject, {}, list(steps_of(subject)))
    assert way.step == step
