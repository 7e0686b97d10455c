"""A seat that comes free finds its next owner in one way, whatever set it free."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses import services
from courses.enums import RegistrationState, TurnReason
from courses.models import Enrolment, Registration, Series, TurnChange
from courses.services.sizes import set_largest
from messaging.models import OutboxMessage
from messaging.services import send_approved
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    OrganisationFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    UserFactory,
    amsterdam,
    period,
)

pytestmark = pytest.mark.django_db


def group(seats: int = 1, **more: Any) -> Series:
    return SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=seats), **more
    )


def waits(*chosen: Series, **more: Any) -> Registration:
    registration = RegistrationFactory(**more)
    for rank, series in enumerate(chosen, start=1):
        RegistrationChoiceFactory(registration=registration, series=series, rank=rank)
    return registration


def offered(series: Series) -> list[Registration]:
    return [one.registration for one in series.enrolments.filter(state="offered")]


# --- every way a seat comes free --------------------------------------------------


def test_a_larger_room_offers_its_seats(actor) -> None:
    series = group(5, room=RoomFactory(capacity=1))
    EnrolmentFactory(series=series)
    first, second = waits(series), waits(series)
    assert services.sweep(actor=actor) == []
    series.room.capacity = 2
    series.room.save()
    assert offered(series) == [first]
    series.room.capacity = 9
    series.room.save()
    assert offered(series) == [first, second]


def test_over_enrolment_for_expected_absence_offers_seats(actor) -> None:
    series = group(1)
    EnrolmentFactory(series=series)
    first = waits(series)
    series.offering.over_enrolment = 1
    series.offering.save()
    assert offered(series) == [first]


def test_a_larger_group_offers_its_seats(actor) -> None:
    series = group(1)
    EnrolmentFactory(series=series)
    first = waits(series)
    set_largest(series=series, size_max=2, actor=actor)
    assert offered(series) == [first]
    # Smaller again: nobody loses a seat, and none is given out.
    waits(series)
    set_largest(series=series, size_max=1, actor=actor)
    assert services.sweep(actor=actor) == []
    assert offered(series) == [first]
    for wrong in (0, 501):
        with pytest.raises(ValidationError):
            set_largest(series=series, size_max=wrong, actor=actor)


def test_a_release_into_a_larger_room_offers_its_seats(actor) -> None:
    series = group(5, room=RoomFactory(capacity=1))
    EnrolmentFactory(series=series)
    first = waits(series)
    services.publish_series(
        series=series,
        actor=actor,
        weekday=2,
        start_time=series.start_time,
        first_date=series.first_date,
        room_id=RoomFactory(capacity=9).pk,
        leader_ids=[],
        sessions=[],
    )
    assert offered(series) == [first]


def test_a_dropped_draft_offers_its_seats(actor) -> None:
    series = group(1)
    held = RegistrationFactory()
    services.hold_seats(pairs=[(held.pk, series.pk)], actor=actor)
    first = waits(series)
    assert services.sweep(actor=actor) == []
    services.drop_held_seats(pairs=[(held.pk, series.pk)], actor=actor)
    assert offered(series) == [first]


def test_what_nobody_promoted_is_found_by_the_sweep(actor) -> None:
    series, full = group(1), group(1)
    EnrolmentFactory(series=full)
    seat = EnrolmentFactory(series=series)
    first = waits(series, full)
    Enrolment.objects.filter(pk=seat.pk).update(state="withdrawn")
    (offer,) = services.sweep(actor=actor)
    assert offer.registration == first
    assert services.sweep(actor=actor) == []


def test_who_cannot_have_one_seat_is_looked_at_for_the_others(
    actor, django_capture_on_commit_callbacks
) -> None:
    """Refusing one of several frees that seat, and the next wish comes at once."""
    wished, also = group(1), group(1)
    first = waits(wished, also)
    services.sweep(actor=actor)
    (offer,) = first.enrolments.all()
    assert offer.series == wished
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(enrolment=offer, actor=actor)
    assert offered(also) == [first]
    assert offered(wished) == []


# --- order ------------------------------------------------------------------------


def test_the_first_choice_that_is_free_is_offered(actor) -> None:
    full, second, third = group(1), group(1), group(1)
    EnrolmentFactory(series=full)
    first = waits(full, third, second)
    services.promote(series_ids=[second.pk, third.pk], actor=actor)
    assert first.enrolments.get().series == third


def test_a_single_seat_waits_for_two_who_come_together(actor) -> None:
    series = group(2)
    EnrolmentFactory(series=series)
    pair, single = waits(series, seats=2), waits(series)
    assert services.sweep(actor=actor) == []
    # ... unless they find two seats elsewhere.
    other = group(2)
    RegistrationChoiceFactory(registration=pair, series=other, rank=2)
    services.promote(series_ids=[series.pk, other.pk], actor=actor)
    assert (offered(other), offered(series)) == ([pair], [single])


def test_two_who_come_together_never_fit_a_group_of_one(actor) -> None:
    series = group(5, room=RoomFactory(capacity=1))
    pair, single = waits(series, seats=2), waits(series)
    services.sweep(actor=actor)
    assert offered(series) == [single]
    pair.refresh_from_db()
    assert pair.state == RegistrationState.WAITING


def test_who_has_something_else_then_keeps_the_head_of_the_queue(actor) -> None:
    soon = period("2099-12-01 10:00")
    series, busy = group(2), group(2)
    for one in (series, busy):
        SessionFactory(series=one, room=None, period=soon)
    head, next_one = waits(series), waits(series)
    elsewhere = EnrolmentFactory(
        series=busy, registration__resident=head.resident, state="enrolled"
    )
    services.sweep(actor=actor)
    assert offered(series) == [next_one]
    services.withdraw(enrolment=elsewhere, actor=actor)
    services.sweep(actor=actor)
    assert set(offered(series)) == {head, next_one}


def test_a_refused_seat_is_not_offered_again_unasked(actor) -> None:
    series = group(1)
    asked = RegistrationFactory(offering=series.offering)
    asked.resident.person.windows.create(weekday=2, start="09:00", end="12:30")
    services.sweep(actor=actor)
    for _twice in range(2):
        late = timezone.now() + timedelta(days=4)
        services.lapse_offers(actor=actor, now=late)
        services.sweep(actor=actor)
    assert asked.enrolments.count() == 1
    # ... but who asks for it oneself has it, with the old date.
    services.enrol(resident=asked.resident, series=series, actor=actor)
    assert asked.enrolments.get(state="enrolled").series == series
    assert Registration.objects.count() == 1


def test_who_let_an_offer_lapse_and_wants_it_after_all_keeps_the_date(actor) -> None:
    series = group(1)
    slow = waits(series)
    services.sweep(actor=actor)
    late = timezone.now() + timedelta(days=4)
    services.lapse_offers(actor=actor, now=late)
    EnrolmentFactory(series=series)
    again = services.join_waiting_list(
        resident=slow.resident, series=series, actor=actor
    )
    assert (again.pk, again.state) == (slow.pk, RegistrationState.WAITING)


# --- changed by hand --------------------------------------------------------------


def test_another_class_changes_the_order_and_says_why_and_who(actor) -> None:
    series = group(1)
    EnrolmentFactory(series=series)
    first, second = waits(series), waits(series)
    user = UserFactory()
    services.change_need_class(
        registration=second, need_class=1, reason="situation", user=user, actor=actor
    )
    change = TurnChange.objects.get()
    assert (change.registration, change.reason, change.changed_by) == (
        second,
        TurnReason.SITUATION,
        user,
    )
    assert (change.was, change.now) == ("3 2026-10-01", "1 2026-10-01")
    for wrong in ({"reason": ""}, {"reason": "imported"}, {"need_class": 9}):
        fields = {"need_class": 2, "reason": "mistake"} | wrong
        with pytest.raises(ValidationError):
            services.change_need_class(
                registration=first, user=user, actor=actor, **fields
            )
    assert TurnChange.objects.count() == 1


def test_whatever_program_changes_the_order_it_is_written_down() -> None:
    waiting = RegistrationFactory()
    placed = RegistrationFactory(state="placed")
    Registration.objects.update(registered_at=amsterdam("2026-11-01 09:00"))
    Registration.objects.update(norm_date="2027-01-01")
    change = TurnChange.objects.get()
    assert (change.registration, change.reason) == (waiting, TurnReason.IMPORTED)
    assert (change.now, change.changed_by) == ("3 2026-11-01", None)
    assert not placed.turn_changes.exists()


def test_a_seat_out_of_turn_needs_a_free_seat_and_a_reason(actor) -> None:
    series = group(2)
    EnrolmentFactory(series=series)
    pair, single = waits(series, seats=2), waits(series)
    user = UserFactory()

    def offer(reason: str = TurnReason.EMPTY_SEAT) -> Enrolment:
        return services.offer_out_of_turn(
            registration=single, series=series, reason=reason, user=user, actor=actor
        )

    with pytest.raises(ValidationError):
        offer("because")
    assert offer().state == "offered"
    change = TurnChange.objects.get()
    assert (change.series, change.changed_by) == (series, user)
    with pytest.raises(ValidationError):  # it has one now
        offer()
    single = waits(series)
    with pytest.raises(ValidationError):  # no seat is left
        offer()
    pair.refresh_from_db()
    assert pair.state == RegistrationState.WAITING


# --- what is told ------------------------------------------------------------------


def test_an_offer_is_told_once_and_reminded_of_once(actor) -> None:
    series = group(1)
    organisation = OrganisationFactory(form_of_address="je")
    first = waits(series, resident__person__organisation=organisation)
    at = timezone.now()
    services.promote(series_ids=[series.pk], actor=actor, now=at)
    for hours in (1, 47, 49, 50):
        services.remind_offers(actor=actor, now=at + timedelta(hours=hours))
    services.lapse_offers(actor=actor, now=at + timedelta(hours=71))
    assert send_approved(actor=actor) == 2
    assert [one.to for one in mail.outbox] == [
        [first.resident.person.contact_address]
    ] * 2
    for one in mail.outbox:
        assert series.offering.title not in one.subject + one.body
        assert "/mijn-afspraken/" in one.body
    services.lapse_offers(actor=actor, now=at + timedelta(hours=73))
    assert send_approved(actor=actor) == 1
    kinds = OutboxMessage.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["offer", "reminder", "offer"]


def test_an_answer_before_the_message_went_leaves_nothing_to_send(actor) -> None:
    series = group(1)
    first = waits(series)
    services.sweep(actor=actor)
    services.withdraw(enrolment=first.enrolments.get(), actor=actor)
    assert send_approved(actor=actor) == 0
    assert OutboxMessage.objects.get().state == "dropped"


def test_who_is_reached_by_telephone_is_told_by_somebody(actor) -> None:
    series = group(1)
    waits(
        series,
        resident__person__contact_channel="phone",
        resident__person__contact_address="0570 123456",
    )
    services.sweep(actor=actor)
    message = OutboxMessage.objects.get()
    assert (message.channel, message.state) == ("hand", "approved")


def test_a_seat_that_is_taken_is_confirmed_with_its_dates(actor) -> None:
    series = group(1)
    session = SessionFactory(series=series, room=None)
    services.enrol(resident=waits().resident, series=series, actor=actor)
    message = OutboxMessage.objects.get()
    assert (message.kind, message.sessions) == ("enrolment", [session.pk])


def test_a_sweep_offers_the_choice_ranked_first_among_many(actor) -> None:
    one, two, three, alone = (group(1) for _number in range(4))
    first, second, third = waits(three, one), waits(three, two), waits(alone)
    services.sweep(actor=actor)
    assert [offered(series) for series in (three, two, alone, one)] == [
        [first],
        [second],
        [third],
        [],
    ]


def test_a_sweep_asks_no_more_for_groups_without_a_queue(actor) -> None:
    def cost(more: int) -> int:
        for _number in range(more):
            group(1)
        with CaptureQueriesContext(connection) as seen:
            assert services.sweep(actor=actor) == []
        return len(seen)

    assert cost(1) == cost(3) <= 9
