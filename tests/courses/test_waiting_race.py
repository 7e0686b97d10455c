"""Offers made, answered, lapsed and withdrawn at the same moment, over connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses import services
from courses.enums import SEAT_HOLDING
from courses.models import Enrolment, Registration, Series
from courses.seats import with_seats
from courses.services import changes
from messaging.models import OutboxMessage
from tests.at_once import at_once
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
    amsterdam,
)

pytestmark = pytest.mark.django_db(transaction=True)


def group(seats: int) -> Series:
    return SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=seats)
    )


def waits(*chosen: Series, day: int = 1) -> Registration:
    one = RegistrationFactory(registered_at=amsterdam(f"2026-10-{day:02} 09:00"))
    for rank, series in enumerate(chosen, start=1):
        RegistrationChoiceFactory(registration=one, series=series, rank=rank)
    return one


def together(*acts: Callable[[], Any]) -> list[Any]:
    """All at once; what is refused is refused in words, and nothing else goes wrong."""
    results = at_once(*acts)
    faults = [one for one in results if isinstance(one, Exception)]
    assert [one for one in faults if not isinstance(one, ValidationError)] == []
    return results


def check_seats() -> None:
    for one in with_seats(Series.objects.all()):
        assert one.seats_taken <= one.seats_total
    for registration in Registration.objects.all():
        held = registration.enrolments.filter(state__in=SEAT_HOLDING)
        assert held.count() <= 1
        states = {"offered": "offered", "placed": "enrolled"}
        for seat in held:
            assert states[registration.state] == seat.state


def test_one_offer_accepted_refused_and_lapsed_at_once(actor) -> None:
    for _again in range(3):
        answer_in_four_ways(actor)
        Enrolment.objects.all().delete()
        Registration.objects.all().delete()


def answer_in_four_ways(actor) -> None:
    series = group(1)
    first, second = waits(series), waits(series, day=2)
    (offer,) = services.promote(series_ids=[series.pk], actor=actor)
    late = timezone.now() + timedelta(days=5)
    together(
        lambda: services.accept_offer(enrolment=offer, actor=actor),
        lambda: services.withdraw(enrolment=offer, actor=actor),
        lambda: services.lapse_offers(actor=actor, now=late),
        lambda: services.promote(series_ids=[series.pk], actor=actor),
    )
    check_seats()
    owner = Enrolment.objects.get(series=series, state__in=SEAT_HOLDING)
    assert owner.registration in (first, second)
    if owner.registration == first:
        assert owner.state == "enrolled"


def test_who_waits_for_two_groups_gets_one_seat_when_both_come_free(actor) -> None:
    for _again in range(3):
        free_two_groups(actor)
        Enrolment.objects.all().delete()
        Registration.objects.all().delete()


def free_two_groups(actor) -> None:
    one, other = group(1), group(1)
    seats = [EnrolmentFactory(series=series) for series in (one, other)]
    first, second = waits(one, other), waits(one, other, day=2)
    together(
        *(
            lambda seat=seat: services.withdraw(enrolment=seat, actor=actor)
            for seat in seats
        )
    )
    check_seats()
    held = Enrolment.objects.filter(state="offered")
    assert {seat.registration for seat in held} == {first, second}
    assert {seat.series for seat in held} == {one, other}


def test_many_seats_and_several_workers_keep_the_order(actor) -> None:
    series = group(6)
    seats = EnrolmentFactory.create_batch(6, series=series)
    queue = [waits(series, day=day) for day in range(1, 10)]
    sweeps = [lambda: services.sweep(actor=actor) for _number in range(3)]
    leaving = [
        lambda seat=seat: services.withdraw(enrolment=seat, actor=actor)
        for seat in seats
    ]
    together(*leaving, *sweeps)
    check_seats()
    held = Enrolment.objects.filter(series=series, state="offered")
    assert {seat.registration for seat in held} == set(queue[:6])
    told = OutboxMessage.objects.filter(kind="offer").count()
    assert told == 6


def test_a_draft_an_offer_and_a_press_at_once_make_one_seat(actor) -> None:
    for _again in range(3):
        hold_offer_and_press(actor)
        Enrolment.objects.all().delete()
        Registration.objects.all().delete()


def hold_offer_and_press(actor) -> None:
    drafted, freed, pressed = group(1), group(1), group(1)
    seat = EnrolmentFactory(series=freed)
    mine = waits(drafted, freed, pressed)
    together(
        lambda: services.hold_seats(pairs=[(mine.pk, drafted.pk)], actor=actor),
        lambda: services.withdraw(enrolment=seat, actor=actor),
        lambda: services.enrol(registration=mine, series=pressed, actor=actor),
    )
    held = mine.enrolments.filter(state__in=SEAT_HOLDING)
    assert held.count() == 1


def test_a_pause_that_ends_while_seats_come_free(actor) -> None:
    one, other = group(1), group(1)
    seats = [EnrolmentFactory(series=series) for series in (one, other)]
    paused = waits(one, other)
    until = timezone.localdate() + timedelta(days=9)
    changes.pause_waiting(registration=paused, until=until, actor=actor)
    waits(one, other, day=2)
    together(
        lambda: changes.rejoin(registration=paused, actor=actor),
        *(
            lambda seat=seat: services.withdraw(enrolment=seat, actor=actor)
            for seat in seats
        ),
    )
    check_seats()
    assert Enrolment.objects.filter(state="offered").count() == 2


def test_two_who_swap_and_wait_for_each_others_groups_do_not_block(
    actor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each gives up a seat in a group for which the other's registration waits.

    Both stop just before that, so that each has its own registration locked. Without
    one order of locking, the database breaks one of them off as a deadlock.
    """
    offering = OfferingFactory(size_min=0, size_max=3)
    groups = [SeriesFactory(published=True, offering=offering) for _number in range(4)]
    meet = threading.Barrier(2, timeout=1.5)
    give_up = changes.withdraw

    def wait_for_the_other(**more: Any) -> Enrolment:
        with suppress(threading.BrokenBarrierError):  # the other had to wait: fine
            meet.wait()
        return give_up(**more)

    monkeypatch.setattr(changes, "withdraw", wait_for_the_other)
    swaps = []
    for former, wanted, also in ((0, 1, 2), (2, 3, 0)):
        asking = waits(groups[wanted], groups[also])
        seat = EnrolmentFactory(
            series=groups[former],
            registration__resident=asking.resident,
            registration__state="placed",
        )
        swaps.append((seat, groups[wanted]))
    together(
        *(
            lambda seat=seat, wanted=wanted: changes.swap(
                enrolment=seat, series=wanted, actor=actor
            )
            for seat, wanted in swaps
        )
    )
    for seat, wanted in swaps:
        seat.refresh_from_db()
        assert seat.state == "withdrawn"
        assert wanted.enrolments.get(state="enrolled").resident == seat.resident
    check_seats()


def test_a_reminder_and_a_letter_are_written_once_by_two_workers(actor) -> None:
    series = group(2)
    waits(series), waits(series, day=2)
    services.sweep(actor=actor)
    soon = timezone.now() + timedelta(hours=60)
    together(
        *(lambda: services.remind_offers(actor=actor, now=soon) for _number in range(3))
    )
    assert OutboxMessage.objects.filter(kind="reminder").count() == 2
