"""Taking and giving up a seat."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from courses import selectors, services
from courses.enums import EnrolmentState, RegistrationState, SeriesState
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    UserFactory,
    amsterdam,
    period,
    reason_code,
)

pytestmark = pytest.mark.django_db


def series_with(seats: int, **offering):
    return SeriesFactory(
        published=True,
        offering=OfferingFactory(size_min=0, size_max=seats, **offering),
    )


def sentences(caught) -> list[str]:
    return caught.value.messages


def test_enrol_takes_a_free_seat_and_logs_it(actor) -> None:
    series, resident = series_with(1), ResidentFactory()
    result = services.enrol(resident=resident, series=series, actor=actor)
    assert result.enrolment.state == EnrolmentState.ENROLLED
    assert result.registration.state == RegistrationState.PLACED
    event = AuditEvent.objects.get(event_code="enrolment.enrol")
    assert event.subject_ids == [str(resident.person_id)]
    assert event.actor_id == "7"


def test_enrol_in_a_full_series_joins_the_waiting_list(actor) -> None:
    series = series_with(1)
    EnrolmentFactory(series=series)
    first = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    second = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    assert (first.enrolment, first.waiting_position) == (None, 1)
    assert (second.enrolment, second.waiting_position) == (None, 2)
    assert second.registration.state == RegistrationState.WAITING


def test_a_seat_held_by_a_draft_is_not_free(actor) -> None:
    series = series_with(1)
    EnrolmentFactory(series=series, state="held_by_draft")
    result = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    assert result.enrolment is None


def test_a_seat_held_for_this_resident_is_his(actor) -> None:
    held = EnrolmentFactory(series=series_with(1), state="held_by_draft")
    result = services.enrol(resident=held.resident, series=held.series, actor=actor)
    assert result.enrolment.pk == held.pk
    assert result.enrolment.state == EnrolmentState.ENROLLED


def test_own_wish_wins_over_a_draft_elsewhere(actor) -> None:
    series = series_with(1)
    held = EnrolmentFactory(state="held_by_draft")
    result = services.enrol(registration=held.registration, series=series, actor=actor)
    held.refresh_from_db()
    assert held.state == EnrolmentState.WITHDRAWN
    assert result.enrolment.series == series


def test_enrolling_twice_is_answered_in_words(actor) -> None:
    seat = EnrolmentFactory(series=series_with(3))
    with pytest.raises(ValidationError) as caught:
        services.enrol(resident=seat.resident, series=seat.series, actor=actor)
    assert len(sentences(caught)) == 1
    assert seat.series.enrolments.count() == 1


def test_enrol_needs_someone(actor) -> None:
    with pytest.raises(ValueError, match="registration or a resident"):
        services.enrol(series=series_with(1), actor=actor)


def test_who_waits_longer_goes_before_who_comes_along(actor) -> None:
    series = series_with(1)
    waiting = RegistrationFactory()
    RegistrationChoiceFactory(registration=waiting, series=series)
    late = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    waiting.refresh_from_db()
    assert waiting.state == RegistrationState.OFFERED
    assert (late.enrolment, late.waiting_position) == (None, 1)


def test_withdrawing_offers_the_seat_to_the_next_in_turn(actor) -> None:
    series = series_with(1)
    seat = EnrolmentFactory(series=series)
    later = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    urgent = RegistrationFactory(need_class=1, registered_at=timezone.now())
    RegistrationChoiceFactory(registration=urgent, series=series)
    services.withdraw(enrolment=seat, actor=actor)
    offer = series.enrolments.get(state=EnrolmentState.OFFERED)
    assert offer.registration == urgent
    services.withdraw(enrolment=offer, actor=actor)
    offer = series.enrolments.get(state=EnrolmentState.OFFERED)
    assert offer.registration == later.registration
    taken = services.accept_offer(enrolment=offer, actor=actor)
    assert taken.enrolment.state == EnrolmentState.ENROLLED
    assert taken.enrolment.offer_expires_at is None


def test_withdrawing_twice_is_answered_in_words(actor) -> None:
    seat = EnrolmentFactory()
    services.withdraw(enrolment=seat, actor=actor, stopped=True)
    seat.registration.refresh_from_db()
    assert seat.registration.state == RegistrationState.STOPPED
    with pytest.raises(ValidationError):
        services.withdraw(enrolment=seat, actor=actor)


def test_an_offer_lapses_and_the_next_gets_it(actor) -> None:
    series = series_with(1)
    slow, next_one = RegistrationFactory.create_batch(2)
    for registration in (slow, next_one):
        RegistrationChoiceFactory(registration=registration, series=series)
    services.offer_free_seats(
        series=series, actor=actor, now=amsterdam("2026-11-01 09:00")
    )
    assert services.lapse_offers(actor=actor, now=amsterdam("2026-11-03 09:00")) == 0
    assert services.lapse_offers(actor=actor, now=amsterdam("2026-11-04 09:00")) == 1
    offer = series.enrolments.get(state=EnrolmentState.OFFERED)
    assert offer.registration == next_one
    slow.refresh_from_db()
    assert slow.state == RegistrationState.INTEREST


def test_a_lapsed_offer_cannot_be_taken(actor) -> None:
    offer = EnrolmentFactory(
        state="offered", offer_expires_at=amsterdam("2026-01-01 12:00")
    )
    with pytest.raises(ValidationError):
        services.accept_offer(enrolment=offer, actor=actor)


def test_group_first_set_aside_changes_nobodys_place(actor) -> None:
    series = series_with(1)
    EnrolmentFactory(series=series)
    first, second = RegistrationFactory.create_batch(2)
    for registration in (first, second):
        RegistrationChoiceFactory(registration=registration, series=series)
    services.set_group_first_aside(
        registration=first, aside=True, user=UserFactory(), actor=actor
    )
    places = [
        selectors.waiting_position(registration=one, series=series)
        for one in (first, second)
    ]
    assert places == [1, 2]


def test_joining_the_waiting_list_twice_keeps_one_place(actor) -> None:
    series, resident = series_with(1), ResidentFactory()
    EnrolmentFactory(series=series)
    one = services.join_waiting_list(resident=resident, series=series, actor=actor)
    two = services.join_waiting_list(resident=resident, series=series, actor=actor)
    assert one == two
    assert one.choices.count() == 1


def test_who_asked_for_the_offering_waits_too_if_free_then(actor) -> None:
    series = series_with(1)
    EnrolmentFactory(series=series)
    free, busy = RegistrationFactory.create_batch(2, offering=series.offering)
    free.resident.person.windows.create(weekday=2, start="09:00", end="12:30")
    busy.resident.person.windows.create(weekday=3, start="09:00", end="12:30")
    assert list(selectors.waiting_queue(series=series)) == [free]
    assert selectors.waiting_position(registration=busy, series=series) is None


def waits_for_the_offering(series, **person):
    registration = RegistrationFactory(offering=series.offering, **person)
    registration.resident.person.windows.create(weekday=2, start="09:00", end="12:30")
    return registration


@pytest.mark.parametrize(
    ("person", "suits"),
    [
        ({}, True),
        ({"resident__person__languages": ["ar"]}, False),
        ({"resident__format_wishes": ["online"]}, False),
        ({"resident__format_wishes": ["online", "in_person"]}, True),
        ({"resident__access_needs": ["lift"]}, True),
        ({"resident__access_needs": ["lift", "quiet"]}, False),
        ({"resident__person__place__lat": 52.6}, False),
        ({"resident__person__place": None}, True),
    ],
)
def test_an_unasked_series_is_offered_only_to_whom_it_suits(
    actor, person: dict, suits: bool
) -> None:
    series = series_with(1)
    series.room = RoomFactory(features=["lift"])
    series.save()
    registration = waits_for_the_offering(series, **person)
    offers = services.offer_free_seats(series=series, actor=actor)
    assert [one.registration for one in offers] == ([registration] if suits else [])


def test_a_seat_nobody_before_could_use_is_taken_at_once(actor) -> None:
    series = series_with(1)
    waits_for_the_offering(series, resident__person__languages=["ar"])
    result = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    assert result.enrolment.state == EnrolmentState.ENROLLED


# --- who cannot join -------------------------------------------------------------


def refusal(actor, series, resident) -> str:
    with pytest.raises(ValidationError) as caught:
        services.enrol(resident=resident, series=series, actor=actor)
    assert series.enrolments.filter(resident=resident).count() == 0
    return sentences(caught)[0]


@pytest.mark.parametrize("state", ["planned", "proposed", "finished", "cancelled"])
def test_series_that_is_not_published(actor, state: str) -> None:
    series = series_with(5)
    series.state = SeriesState(state)
    series.save()
    assert refusal(actor, series, ResidentFactory())


@pytest.mark.parametrize(
    "kind", ["drop_in", "group_treatment", "exploratory_conversation", "one_to_one"]
)
def test_kinds_that_are_not_joined_by_oneself(actor, kind: str) -> None:
    refusal(actor, series_with(5, kind=kind), ResidentFactory())


def test_referral_level_allows_group_treatment(actor) -> None:
    series = series_with(5, kind="group_treatment")
    registration = RegistrationFactory(allowed_levels=[1, 2])
    result = services.enrol(registration=registration, series=series, actor=actor)
    assert result.enrolment.state == EnrolmentState.ENROLLED


def test_one_to_one_needs_its_reason(actor) -> None:
    series = series_with(1, kind="one_to_one")
    registration = RegistrationFactory(allowed_levels=[3])
    with pytest.raises(ValidationError):
        services.enrol(registration=registration, series=series, actor=actor)
    services.set_one_to_one_reason(
        registration=registration,
        reason=reason_code(),
        user=UserFactory(),
        actor=actor,
    )
    result = services.enrol(registration=registration, series=series, actor=actor)
    assert result.enrolment.state == EnrolmentState.ENROLLED


def test_closed_group_after_its_second_session(actor) -> None:
    series = series_with(5, closed_after_session=2)
    SessionFactory(series=series, number=1, period=period("2026-01-06 10:00"))
    early = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    assert early.enrolment is not None
    SessionFactory(series=series, number=2, period=period("2026-01-13 10:00"))
    refusal(actor, series, ResidentFactory())


@pytest.mark.parametrize(("born", "may"), [(2011, False), (2010, True), (2000, True)])
def test_lowest_age_counts_the_year_of_birth(actor, born: int, may: bool) -> None:
    series = series_with(5, age_min=16)
    series.first_date = date(2026, 11, 24)
    series.save()
    resident = ResidentFactory(person__birth_year=born)
    if may:
        services.enrol(resident=resident, series=series, actor=actor)
        assert series.enrolments.count() == 1
    else:
        assert "16" in refusal(actor, series, resident)


def test_prerequisite_must_be_finished(actor) -> None:
    first = OfferingFactory(title_nl="Herstellen doe je zelf")
    series = series_with(5, prerequisite=first)
    resident = ResidentFactory()
    assert "Herstellen doe je zelf" in refusal(actor, series, resident)
    EnrolmentFactory(
        registration__resident=resident, series__offering=first, state="completed"
    )
    services.enrol(resident=resident, series=series, actor=actor)
    assert series.enrolments.count() == 1
