"""Everything that can happen to a waiting list, in any order, by a state machine.

After every step: never more seats than there are, one owner for each, nobody lost, no
turn changed unasked, nobody passed over who could have had the seat, and none left
empty that somebody could use. `waiting_rows` judges. The ten walks are always the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from hypothesis import Phase
from hypothesis import settings as choose
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from audit.actor import Actor
from courses import services
from courses.enums import OPEN_STATES
from courses.models import Enrolment, Registration, Series
from courses.services import changes
from courses.services.ask import ask_for_offering
from courses.services.sizes import set_largest
from courses.services.turns import offer_out_of_turn
from messaging.models import OutboxMessage
from tests.courses import waiting_rows as judge
from tests.courses.waiting_rows import Rows, Wish
from tests.factories import (
    OfferingFactory,
    ResidentFactory,
    RoomFactory,
    SeriesFactory,
    UserFactory,
)

ACTOR = Actor(user_id="7", role="coordinator")
NUMBER = st.integers(0, 20)
SERIES = st.integers(0, 2)
SEATS = st.sampled_from([1, 2])
RANKED = st.permutations([0, 1, 2]).flatmap(
    lambda order: st.integers(1, 3).map(lambda many: order[:many])
)
START = [
    ((0, 1), 1, 3), ((0, 1), 1, 3), ((1, 0), 1, 3), ((1, 0), 1, 3),
    ((2,), 1, 3), ((2,), 2, 3), ((0,), 2, 3), ((1, 2), 1, 4), ((2, 0), 1, 2),
    ((2,), 1, 5), ((0, 1), 2, 2), ((1,), 1, 3),
]  # fmt: skip
"""Who there is at the beginning: the groups wanted, seats, and need class."""


class WaitingLists(RuleBasedStateMachine):
    """Two groups of one course for two people, and one of another for three."""

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        course = OfferingFactory(size_min=0, size_max=2)
        other = OfferingFactory(size_min=0, size_max=3)
        self.series = [
            SeriesFactory(
                published=True,
                offering=offering,
                room=RoomFactory(capacity=4),
                weekday=weekday,
                first_date=date(2026, 11, 24) + timedelta(days=weekday - 2),
            )
            for offering, weekday in ((course, 2), (course, 3), (other, 2))
        ]
        self.user = UserFactory()
        self.closed: set[int] = set()
        self.by_hand: set[int] = set()
        self.wanted: dict[int, set[Wish]] = defaultdict(set)
        self.turns: dict[int, tuple[Any, ...]] = {}
        self.free_on: dict[int, set[int]] = {}
        # Groups begin full, and people wait: what comes free has takers at once.
        self._is_held_by_a_draft()
        for number, (wishes, seats, need) in enumerate(START):
            self._wants(number + 1, list(wishes), seats, need)
        for _round in range(5):
            self.accepts(0)
        self.before = Rows.read(self.free_on)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    # --- what happens ---------------------------------------------------------------

    def do(self, act: Callable[[], Any]) -> Any:
        """One press, and what follows from it; or refused, and nothing is done."""
        with (
            suppress(ValidationError),
            TestCase.captureOnCommitCallbacks(execute=True),
            transaction.atomic(),
        ):
            return act()
        return None

    def one(self, number: int, **where: Any) -> Any:
        """Some row of those there are; None when there is none."""
        rows = list(Registration.objects.filter(**where).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def seat(self, number: int, *states: str) -> Any:
        rows = list(Enrolment.objects.filter(state__in=states).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def someone(self, number: int) -> Any:
        """A new resident, free on one day or two; some read no Dutch."""
        languages = ["ar"] if number % 5 == 0 else ["nl"]
        resident = ResidentFactory(person__languages=languages, pace_per_week=9)
        days = {2} if number % 3 == 0 else {2, 3}
        for weekday in days:
            resident.person.windows.create(weekday=weekday, start="09:00", end="13:00")
        self.free_on[resident.person_id] = days
        return resident

    def _wants(self, number: int, wishes: list[int], seats: int, need: int) -> None:
        def act() -> Registration:
            made = services.register(
                resident=self.someone(number),
                actor=ACTOR,
                choices=[services.Choice(series=self.series[one]) for one in wishes],
                seats=seats,
                need_class=need,
            )
            for one in wishes:
                services.join_waiting_list(
                    registration=made, series=self.series[one], actor=ACTOR
                )
            return made

        made = self.do(act)
        if made is not None:
            self.wanted[made.pk] |= {("series", self.series[one].pk) for one in wishes}

    def _is_held_by_a_draft(self) -> None:
        """Somebody who waits for two groups, with the best right, and a seat held."""
        held = services.register(
            resident=self.someone(1),
            actor=ACTOR,
            choices=[services.Choice(series=one) for one in self.series[:2]],
            need_class=1,
        )
        self.wanted[held.pk] |= {("series", one.pk) for one in self.series[:2]}
        services.hold_seats(pairs=[(held.pk, self.series[2].pk)], actor=ACTOR)

    @rule(number=NUMBER, series=SERIES, seats=SEATS)
    def comes(self, number: int, series: int, seats: int) -> None:
        there = self.do(
            lambda: services.enrol(
                resident=self.someone(number),
                series=self.series[series],
                actor=ACTOR,
                seats=seats,
            )
        )
        if there is not None:
            self.wanted[there.registration.pk].add(("series", self.series[series].pk))

    @rule(number=NUMBER, wishes=RANKED, seats=SEATS, need=st.integers(1, 5))
    def wants_any_of(
        self, number: int, wishes: list[int], seats: int, need: int
    ) -> None:
        self._wants(number, wishes, seats, need)

    @rule(number=NUMBER, series=SERIES)
    def asks_for_the_course(self, number: int, series: int) -> None:
        offering = self.series[series].offering
        made = self.do(
            lambda: ask_for_offering(
                resident=self.someone(number), offering=offering, actor=ACTOR
            )
        )
        if made is not None:
            self.wanted[made.pk].add(("offering", offering.pk))

    @rule(number=NUMBER, series=SERIES)
    def presses_again(self, number: int, series: int) -> None:
        mine = self.one(number, state__in=["waiting", "offered", "interest"])
        if mine is None:
            return
        there = self.do(
            lambda: services.enrol(
                registration=mine, series=self.series[series], actor=ACTOR
            )
        )
        if there is not None:
            self.wanted[mine.pk].add(("series", self.series[series].pk))

    @rule(number=NUMBER)
    def accepts(self, number: int) -> None:
        offer = self.seat(number, "offered")
        if offer is not None:
            self.do(lambda: services.accept_offer(enrolment=offer, actor=ACTOR))

    @rule(number=NUMBER, stopped=st.booleans())
    def gives_up(self, number: int, stopped: bool) -> None:
        seat = self.seat(number, "offered", "enrolled")
        if seat is not None:
            if seat.state == "enrolled":
                self.closed.add(seat.registration_id)
            self.do(
                lambda: services.withdraw(enrolment=seat, actor=ACTOR, stopped=stopped)
            )

    @rule(number=NUMBER)
    def stops_asking(self, number: int) -> None:
        mine = self.one(number, state__in=list(OPEN_STATES))
        if mine is not None:
            self.closed.add(mine.pk)
            self.do(
                lambda: services.withdraw_registration(registration=mine, actor=ACTOR)
            )

    @rule(number=NUMBER, series=SERIES)
    def goes_to_another_group(self, number: int, series: int) -> None:
        seat = self.seat(number, "enrolled")
        if seat is None:
            return
        there = self.do(
            lambda: changes.swap(
                enrolment=seat, series=self.series[series], actor=ACTOR
            )
        )
        if there is not None:
            self.wanted[there.registration.pk].add(("series", self.series[series].pk))
            if there.enrolment is not None:
                self.closed.add(seat.registration_id)

    @rule()
    def days_pass(self) -> None:
        """Until the first offer that nobody answers lapses."""
        offers = Enrolment.objects.filter(state="offered").order_by("offer_expires_at")
        if first := offers.first():
            now = first.offer_expires_at
            self.do(lambda: services.lapse_offers(actor=ACTOR, now=now))
            assert not offers.filter(pk=first.pk).exists()

    @rule(series=SERIES, more=st.sampled_from(["series", "room", "course"]))
    def becomes_larger(self, series: int, more: str) -> None:
        one = Series.objects.select_related("room", "offering").get(
            pk=self.series[series].pk
        )
        if more == "series":
            size = min(one.largest + 1, 4)
            self.do(lambda: set_largest(series=one, size_max=size, actor=ACTOR))
        else:
            row = one.room if more == "room" else one.offering
            name = "capacity" if more == "room" else "over_enrolment"
            setattr(row, name, min(getattr(row, name) + 1, 5))
            self.do(row.save)

    @rule(number=NUMBER, series=SERIES)
    def a_draft_holds(self, number: int, series: int) -> None:
        mine = self.one(number, state="waiting")
        if mine is not None:
            pair = (mine.pk, self.series[series].pk)
            self.do(lambda: services.hold_seats(pairs=[pair], actor=ACTOR))

    @rule(number=NUMBER, released=st.booleans())
    def a_draft_ends(self, number: int, released: bool) -> None:
        seat = self.seat(number, "held_by_draft")
        if seat is not None:
            end = services.confirm_held_seats if released else services.drop_held_seats
            pair = (seat.registration_id, seat.series_id)
            self.do(lambda: end(pairs=[pair], actor=ACTOR))

    @rule(number=NUMBER)
    def pauses(self, number: int) -> None:
        mine = self.one(number, state="waiting", paused_until=None)
        if mine is not None:
            until = timezone.localdate() + timedelta(days=9)
            self.do(
                lambda: changes.pause_waiting(
                    registration=mine, until=until, actor=ACTOR
                )
            )

    @rule(number=NUMBER)
    def leaves_for_a_pause(self, number: int) -> None:
        seat = self.seat(number, "enrolled")
        if seat is None:
            return
        until = timezone.localdate() + timedelta(days=9)
        paused = self.do(
            lambda: changes.pause(enrolment=seat, until=until, actor=ACTOR)
        )
        if paused is not None:
            self.wanted[paused.pk].add(("series", seat.series_id))

    @rule(number=NUMBER)
    def comes_back(self, number: int) -> None:
        mine = self.one(number, state="waiting", paused_until__isnull=False)
        if mine is not None:
            self.do(lambda: changes.rejoin(registration=mine, actor=ACTOR))

    @rule(number=NUMBER, need=st.integers(1, 5))
    def is_put_in_another_class(self, number: int, need: int) -> None:
        mine = self.one(number, state__in=["waiting", "offered"])
        if mine is None:
            return
        known = mine.turn_changes.filter(reason="situation", changed_by=self.user)
        before = known.count()
        self.do(
            lambda: services.change_need_class(
                registration=mine,
                need_class=need,
                reason="situation",
                user=self.user,
                actor=ACTOR,
            )
        )
        assert known.count() == before + (need != mine.need_class)
        self.turns[mine.pk] = (need, mine.registered_at, mine.pk)

    @rule(number=NUMBER, series=SERIES)
    def is_offered_a_seat_by_hand(self, number: int, series: int) -> None:
        mine = self.one(number, state="waiting")
        if mine is None:
            return
        offer = self.do(
            lambda: offer_out_of_turn(
                registration=mine,
                series=self.series[series],
                reason="situation",
                user=self.user,
                actor=ACTOR,
            )
        )
        if offer is not None:
            self.by_hand.add(mine.pk)

    @rule(series=SERIES)
    def is_cancelled(self, series: int) -> None:
        one = self.series[series]
        one.refresh_from_db()
        running = Series.objects.filter(state="published").count()
        if one.state != "published" or running == 1:
            return
        promised = list(
            one.enrolments.filter(state__in=["offered", "enrolled"]).values_list(
                "registration", flat=True
            )
        )
        self.do(lambda: services.cancel_series(series=one, actor=ACTOR))
        wish = ("offering", one.offering_id)
        rows = Rows.read(self.free_on)
        for pk in promised:  # they wait for the next one
            assert rows.asking[pk].state in {"waiting", "offered"}
            assert wish in rows.wishes[pk]

    # --- what always holds ------------------------------------------------------------

    @invariant()
    def all_is_well(self) -> None:
        rows = Rows.read(self.free_on)
        assert judge.overbooked(rows) == []
        assert judge.owners(rows) == []
        assert judge.lost(rows, self.wanted, self.closed) == []
        assert judge.passed_over(self.before, rows, self.by_hand) == []
        assert judge.not_the_best(self.before, rows, self.by_hand) == []
        assert judge.offered_in_a_pause(self.before, rows) == []
        assert judge.left_empty(rows) == []
        for one in rows.asking.values():
            assert self.turns.setdefault(one.pk, one.turn) == one.turn
        told = set(OutboxMessage.objects.values_list("key", flat=True))
        assert {f"offer-{seat.pk}" for seat in rows.offers().values()} <= told
        self.before = rows
        self.by_hand.clear()


@pytest.mark.django_db
def test_waiting_lists_in_every_order() -> None:
    run_state_machine_as_test(
        WaitingLists,
        settings=choose(
            max_examples=10,
            stateful_step_count=24,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # to shrink a fault takes minutes
        ),
    )
