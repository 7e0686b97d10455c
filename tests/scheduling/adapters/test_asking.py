"""What people ask for, with whom, and what they may get."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduling.models import SeatPin, SeriesPin
from scheduling.services.conversations import prepare_conversations
from scheduling.solver.problem import InvalidProblem
from scheduling.solver.validate import faults
from tests.factories import (
    EnrolmentFactory,
    KeepPairFactory,
    OfferingFactory,
    RegistrationFactory,
    SeriesFactory,
    ThemeFactory,
    UserFactory,
    amsterdam,
    reason_code,
)
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    a_conversation,
    a_group,
    a_leader,
    a_room,
    asks_for,
    running,
    term,
    week,
)

pytestmark = pytest.mark.django_db


def choices(read: Any, row: Any) -> dict[str, int]:
    return {one.series_id: one.rank for one in read.registration(row).choices}


class TestChoices:
    def test_series_and_offerings_in_the_order_they_were_named(self) -> None:
        first, second = running("2026-12-01 10:00"), running("2026-12-02 10:00")
        asking = asks_for(second, first.offering)
        read = week()
        assert choices(read, asking) == {
            read.series(second).id: 1,
            read.series(first).id: 2,
        }

    def test_a_theme_stands_for_all_its_offerings(self) -> None:
        theme = ThemeFactory()
        fits, other = running("2026-12-01 10:00"), running("2026-12-02 10:00")
        fits.offering.themes.add(theme)
        asking = RegistrationFactory(theme=theme)
        read = week()
        assert choices(read, asking) == {read.series(fits).id: 1}
        assert read.has_series(other)

    def test_who_is_offered_a_seat_does_not_ask_again(self) -> None:
        series = running("2026-12-01 10:00")
        offered = asks_for(series)
        EnrolmentFactory(
            registration=offered,
            series=series,
            state="offered",
            offer_expires_at=amsterdam("2026-12-10 09:00"),
        )
        read = week()
        assert read.problem.registrations == ()
        assert len(read.series(series).members) == 1

    def test_days_are_counted_on_the_clock_of_the_region(self) -> None:
        asking = asks_for(
            running("2026-12-01 10:00"),
            registered_at=amsterdam("2026-11-20 00:30"),
            norm_date=date(2026, 12, 4),
        )
        facts = week().registration(asking)
        assert (facts.waiting_days, facts.norm_days) == (10, 14)

    def test_need_class_one_is_the_most_urgent(self) -> None:
        series = running("2026-12-01 10:00")
        urgent, calm = asks_for(series, need_class=1), asks_for(series, need_class=5)
        read = week()
        assert read.registration(urgent).urgency == 5
        assert read.registration(calm).urgency == 1


class TestOneToOne:
    def test_only_with_a_reason_that_a_person_wrote(self) -> None:
        offering = OfferingFactory(
            kind="one_to_one", size_min=1, size_max=1, sessions_count=1
        )
        plain = asks_for(offering)
        written = asks_for(
            offering,
            allowed_levels=[1, 3],
            one_to_one_reason=reason_code(),
            reason_by=UserFactory(),
            reason_at=amsterdam("2026-11-02 09:00"),
        )
        a_room()
        SeriesFactory(offering=offering)
        read = week()
        assert read.registration(plain).levels == {0, 1}
        assert read.registration(written).levels == {0, 1, 3}

    def test_the_one_hour_is_made_for_and_goes_to_who_may_have_it(self) -> None:
        theme = ThemeFactory()
        offering = OfferingFactory(
            kind="one_to_one", size_min=1, size_max=1, sessions_count=1
        )
        offering.themes.add(theme)
        first = RegistrationFactory(theme=theme, need_class=1)
        second = RegistrationFactory(
            theme=theme,
            allowed_levels=[1, 3],
            one_to_one_reason=reason_code(),
            reason_by=UserFactory(),
            reason_at=amsterdam("2026-11-02 09:00"),
        )
        a_room()
        assert prepare_conversations(actor=ACTOR) == 1
        series = offering.series.get()
        read = week()
        assert choices(read, first) == {}
        assert choices(read, second) == {read.series(series).id: 1}


class TestConversations:
    def test_everybody_gets_one_of_his_own(self) -> None:
        offering = a_conversation()
        askings = [asks_for(offering) for _ in range(3)]
        a_room()
        assert prepare_conversations(actor=ACTOR) == 3
        assert prepare_conversations(actor=ACTOR) == 0
        read = week()
        own = [tuple(choices(read, one)) for one in askings]
        assert all(len(one) == 1 for one in own)
        assert len(set(own)) == 3

    def test_one_that_is_taken_is_nobody_else_s(self) -> None:
        offering = a_conversation()
        taken = running("2026-12-01 10:00", offering=offering, members=1)
        asking = asks_for(offering)
        free = SeriesFactory(offering=offering)
        read = week()
        assert choices(read, asking) == {read.series(free).id: 1}
        assert read.has_series(taken)

    def test_a_theme_is_no_wish_for_the_way_in(self) -> None:
        theme = ThemeFactory()
        offering = a_conversation()
        offering.themes.add(theme)
        by_theme = RegistrationFactory(theme=theme, need_class=1)
        by_name = asks_for(offering)
        a_room()
        prepare_conversations(actor=ACTOR)
        read = week()
        assert choices(read, by_theme) == {}
        assert len(choices(read, by_name)) == 1

    def test_a_relative_has_a_chair(self) -> None:
        offering = a_conversation()
        asking = asks_for(offering, seats=2)
        a_room()
        series = SeriesFactory(offering=offering)
        read = week()
        assert read.registration(asking).seats == 2
        assert read.series(series).size_max == 2


class TestPairs:
    def test_who_must_not_meet(self) -> None:
        series = running("2026-12-01 10:00")
        one, other = asks_for(series), asks_for(series)
        leader = a_leader()
        first = one.resident.person
        for second in (other.resident.person, leader.person):
            pair = sorted((first, second), key=lambda person: person.pk)
            KeepPairFactory(person_a=pair[0], person_b=pair[1])
        read = week()
        met = {frozenset(pair) for pair in read.problem.keep_apart}
        assert met == {
            frozenset({read.person(first).id, read.person(other.resident.person).id}),
            frozenset({read.person(first).id, read.facilitator(leader).id}),
        }

    def test_who_comes_together_does_so_in_what_both_ask_for(self) -> None:
        shared, own = running("2026-12-01 10:00"), running("2026-12-02 10:00")
        one, other = asks_for(shared), asks_for(shared)
        apart = asks_for(own, resident=other.resident)
        pair = sorted(
            (one.resident.person, other.resident.person), key=lambda person: person.pk
        )
        KeepPairFactory(kind="together", person_a=pair[0], person_b=pair[1])
        read = week()
        assert {frozenset(pair) for pair in read.problem.keep_together} == {
            frozenset({read.registration(one).id, read.registration(other).id})
        }
        assert read.registration(apart).person_id == read.registration(other).person_id

    def test_what_was_finished_counts_for_what_asks_for_it(self) -> None:
        basis = OfferingFactory()
        after = a_group(prerequisite=basis)
        series = running("2026-12-01 10:00", offering=after)
        done = EnrolmentFactory(
            state="completed",
            series=SeriesFactory(offering=basis, published=True),
            registration=RegistrationFactory(state="finished"),
        )
        asking = asks_for(series, resident=done.resident)
        other = asks_for(series)
        read = week()
        wanted = read.series(series).prerequisites
        assert len(wanted) == 1
        assert read.person(asking.resident.person).completed == wanted
        assert read.person(other.resident.person).completed == frozenset()

    def test_a_series_that_comes_after_another(self) -> None:
        a_room()
        first = SeriesFactory()
        second = SeriesFactory(follows=first)
        read = term()
        assert read.problem.series_order == (
            (read.series(first).id, read.series(second).id),
        )


class TestPins:
    def test_what_is_empty_stays_free(self) -> None:
        leader, room = a_leader(), a_room()
        series = SeriesFactory()
        row = SeriesPin.objects.create(
            series=series, room=room, facilitators=[leader.pk]
        )
        read = term()
        (pin,) = read.problem.pins
        assert (pin.id, pin.series_id) == (f"pin{row.pk}", read.series(series).id)
        assert (pin.first_slot, pin.room_id) == (None, read.room(room).id)
        assert pin.facilitator_ids == {read.facilitator(leader).id}

    def test_a_start_in_another_week_keeps_it_out_of_this_one(self) -> None:
        offering = a_conversation()
        a_room()
        now, later = (SeriesFactory(offering=offering) for _ in range(2))
        for series, start in ((now, "2026-12-01 10:00"), (later, "2026-12-08 10:00")):
            SeriesPin.objects.create(series=series, first_start=amsterdam(start))
        read = week()
        assert read.has_series(now)
        assert not read.has_series(later)
        assert [pin.first_slot for pin in read.problem.pins] == [96 + 40]

    def test_what_is_published_otherwise_than_pinned_may_move(self) -> None:
        stays = running("2026-12-01 10:00", leaders=[a_leader()])
        moves = running("2026-12-02 10:00", leaders=[a_leader()])
        for series, room in ((stays, stays.room), (moves, a_room())):
            SeriesPin.objects.create(
                series=series, room=room, first_start=series.sessions.get().period.lower
            )
        read = week()
        assert read.problem.published.freed_series == {read.series(moves).id}
        assert faults(read.problem) == ()

    def test_a_start_weeks_ago_says_nothing_about_today(self) -> None:
        series = running("2026-12-01 10:00", leaders=[a_leader()])
        SeriesPin.objects.create(
            series=series, first_start=amsterdam("2026-11-03 10:00")
        )
        read = week()
        assert [pin.first_slot for pin in read.problem.pins] == [None]
        assert read.problem.published.freed_series == frozenset()

    def test_a_start_off_the_grid_is_named(self) -> None:
        a_room()
        pin = SeriesPin.objects.create(
            series=SeriesFactory(), first_start=amsterdam("2026-12-01 10:05")
        )
        with pytest.raises(InvalidProblem, match=f"pin {pin.pk} of series"):
            term(MONDAY, date(2027, 3, 28))

    def test_a_pinned_seat_becomes_a_choice(self) -> None:
        series, other = running("2026-12-01 10:00"), running("2026-12-02 10:00")
        asking = asks_for(other)
        SeatPin.objects.create(registration=asking, series=series)
        read = week()
        assert set(choices(read, asking)) == {
            read.series(series).id,
            read.series(other).id,
        }
        assert [pin.series_id for pin in read.problem.seat_pins] == [
            read.series(series).id
        ]
        assert faults(read.problem) == ()

    def test_who_sits_in_a_later_series_gets_no_seat_now(self) -> None:
        later, now = running("2026-12-15 10:00"), running("2026-12-02 10:00")
        asking = asks_for(now)
        SeatPin.objects.create(registration=asking, series=later)
        read = week()
        assert [pin.series_id for pin in read.problem.seat_pins] == [None]
        assert faults(read.problem) == ()
