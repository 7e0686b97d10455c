"""Everything that can happen to a waiting list, in any order, by a state machine.

After every step: never more seats than there are, one owner for each, nobody lost, and
nobody passed over who could have had the seat. The oracle reads rows only; it knows
nothing of how a seat finds its owner.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
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
from courses.enums import OPEN_STATES, SEAT_HOLDING
from courses.models import Enrolment, Registration, Series
from courses.seats import with_seats
from courses.selectors import waiting_queue
from courses.services import changes
from courses.services.ask import ask_for_offering
from courses.services.sizes import set_largest
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
SEATS = st.sampled_from([1, 1, 1, 2])
CLOSED = {"withdrawn", "stopped", "finished"}


class WaitingLists(RuleBasedStateMachine):
    """Two groups of one course and one of another, with one to three places."""

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        course = OfferingFactory(size_min=0, size_max=1)
        other = OfferingFactory(size_min=0, size_max=3)
        self.series = [
            SeriesFactory(
                published=True,
                offering=offering,
                room=RoomFactory(capacity=4),
                weekday=weekday,
            )
            for offering, weekday in ((course, 2), (course, 3), (other, 2))
        ]
        self.user = UserFactory()
        self.closed: set[int] = set()
        self.days = 0
        self.seen: set[tuple[int, object]] = set()
        # Groups begin full, and people wait: what comes free has takers at once.
        for number in range(1, 8):
            self.comes(number=number, series=number % 3, seats=1)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    # --- what happens ---------------------------------------------------------------

    def do(self, act: Callable[[], Any]) -> None:
        """One press, and what follows from it; or refused, and nothing is done."""
        with (
            suppress(ValidationError),
            TestCase.captureOnCommitCallbacks(execute=True),
            transaction.atomic(),
        ):
            act()

    def one(self, number: int, **where: Any) -> Any:
        """Some row of those there are; None when there is none."""
        rows = list(Registration.objects.filter(**where).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def seat(self, number: int, *states: str) -> Any:
        rows = list(Enrolment.objects.filter(state__in=states).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def someone(self, number: int) -> Any:
        """A new resident, free on Tuesday and Wednesday; some read no Dutch."""
        languages = ["ar"] if number % 5 == 0 else ["nl"]
        resident = ResidentFactory(person__languages=languages, pace_per_week=9)
        for weekday in (2, 3):
            resident.person.windows.create(weekday=weekday, start="09:00", end="13:00")
        return resident

    @rule(number=NUMBER, series=SERIES, seats=SEATS)
    def comes(self, number: int, series: int, seats: int) -> None:
        self.do(
            lambda: services.enrol(
                resident=self.someone(number),
                series=self.series[series],
                actor=ACTOR,
                seats=seats,
            )
        )

    @rule(number=NUMBER, series=st.sets(SERIES, min_size=1), seats=SEATS)
    def wants_any_of(self, number: int, series: set[int], seats: int) -> None:
        def act() -> None:
            made = services.register(
                resident=self.someone(number),
                actor=ACTOR,
                choices=[services.Choice(series=self.series[one]) for one in series],
                seats=seats,
                need_class=number % 5 + 1,
            )
            for one in series:
                services.join_waiting_list(
                    registration=made, series=self.series[one], actor=ACTOR
                )

        self.do(act)

    @rule(number=NUMBER, series=SERIES)
    def asks_for_the_course(self, number: int, series: int) -> None:
        offering = self.series[series].offering
        self.do(
            lambda: ask_for_offering(
                resident=self.someone(number), offering=offering, actor=ACTOR
            )
        )
        self.do(lambda: services.sweep(actor=ACTOR))

    @rule(number=NUMBER, series=SERIES)
    def presses_again(self, number: int, series: int) -> None:
        mine = self.one(number, state__in=["waiting", "offered", "interest"])
        if mine is not None:
            self.do(
                lambda: services.enrol(
                    registration=mine, series=self.series[series], actor=ACTOR
                )
            )

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

    @rule()
    def days_pass(self) -> None:
        self.days += 5
        now = timezone.now() + timedelta(days=self.days)
        self.do(lambda: services.lapse_offers(actor=ACTOR, now=now))

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
    def comes_back(self, number: int) -> None:
        mine = self.one(number, state="waiting", paused_until__isnull=False)
        if mine is not None:
            self.do(lambda: changes.rejoin(registration=mine, actor=ACTOR))
            self.do(lambda: services.sweep(actor=ACTOR))

    @rule(number=NUMBER, need=st.integers(1, 5))
    def is_put_in_another_class(self, number: int, need: int) -> None:
        mine = self.one(number, state__in=["waiting", "offered"])
        if mine is not None:
            before = mine.turn_changes.count()
            self.do(
                lambda: services.change_need_class(
                    registration=mine,
                    need_class=need,
                    reason="situation",
                    user=self.user,
                    actor=ACTOR,
                )
            )
            written = mine.turn_changes.filter(
                reason="situation", changed_by=self.user
            ).count()
            assert written == before + (need != mine.need_class)

    @rule(series=SERIES)
    def is_cancelled(self, series: int) -> None:
        one = self.series[series]
        one.refresh_from_db()
        running = Series.objects.filter(state="published").count()
        if one.state == "published" and running > 1:
            self.do(lambda: services.cancel_series(series=one, actor=ACTOR))

    # --- what always holds ------------------------------------------------------------

    @invariant()
    def never_more_seats_than_there_are(self) -> None:
        for one in with_seats(Series.objects.all()):
            assert one.seats_taken <= one.seats_total

    @invariant()
    def one_owner_for_each_seat(self) -> None:
        for one in Registration.objects.prefetch_related("enrolments"):
            held = [seat for seat in one.enrolments.all() if seat.state in SEAT_HOLDING]
            assert len(held) <= 1
            state = held[0].state if held else None
            expected = {
                "offered": {"offered"},
                "placed": {"enrolled"},
                "waiting": {None, "held_by_draft"},
                "interest": {None},
            }
            assert state in expected.get(one.state, {None}), (one.state, state)
            if state == "offered":
                assert held[0].offer_expires_at is not None

    @invariant()
    def nobody_is_lost(self) -> None:
        for one in Registration.objects.exclude(pk__in=self.closed):
            assert one.state not in CLOSED
            if one.state != "waiting" or one.paused_until is not None:
                continue
            chosen = Series.objects.filter(choices__registration=one, state="published")
            assert one.offering_id or one.choices.exists()
            assert not one.choices.filter(series__state="cancelled").exists()
            for series in chosen:
                assert one in waiting_queue(series=series)

    @invariant()
    def nobody_is_passed_over(self) -> None:
        """Who was offered a seat now stood before all who could have used it."""
        offers = Enrolment.objects.filter(state="offered").select_related(
            "registration", "series__offering"
        )
        now = {(one.pk, one.offered_at): one for one in offers}
        for key in now.keys() - self.seen:
            offer = now[key]
            mine = _turn(offer.registration)
            for other in waiting_queue(series=offer.series):
                if _turn(other) < mine:
                    assert not _could_use(other, offer.series), (offer, other)
        self.seen |= now.keys()

    @invariant()
    def no_seat_stays_empty_that_somebody_could_use(self) -> None:
        for series in with_seats(Series.objects.filter(state="published")):
            able = [
                one for one in waiting_queue(series=series) if _could_use(one, series)
            ]
            if able:
                assert able[0].seats > series.seats_free, (series, able[0])


def _turn(one: Registration) -> tuple[Any, ...]:
    return one.need_class, one.registered_at, one.pk


def _could_use(one: Registration, series: Series) -> bool:
    """From the rows: no seat held elsewhere, room for all who come, and it suits."""
    if one.enrolments.filter(state__in=SEAT_HOLDING).exists():
        return False
    total = with_seats(Series.objects.filter(pk=series.pk)).get().seats_total
    chosen = one.choices.filter(series=series).exists()
    return one.seats <= total and (chosen or "nl" in one.resident.person.languages)


@pytest.mark.django_db
def test_waiting_lists_in_every_order() -> None:
    run_state_machine_as_test(
        WaitingLists,
        settings=choose(
            max_examples=5, stateful_step_count=16, deadline=None, derandomize=True
        ),
    )
