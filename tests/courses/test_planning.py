"""Bulk facts for the planner, held seats, the catalogue, and the policy table."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from courses import selectors, services
from courses.enums import EnrolmentState, RegistrationState
from courses.kinds import POLICIES, OfferingKind, kinds_where, policy_of
from courses.models import Offering
from people.enums import StaffRole
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    OfferingStaffNeedFactory,
    OrganisationFactory,
    QualificationFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    SeriesLeaderFactory,
    SeriesWindowFactory,
    SessionFactory,
    SessionLeaderFactory,
    ThemeFactory,
    amsterdam,
    feature,
    period,
)

pytestmark = pytest.mark.django_db


# --- facts -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_series_facts_take_a_fixed_number_of_queries(
    actor, number: int, django_assert_num_queries
) -> None:
    for _one in range(number):
        offering = OfferingFactory(required_features=["lift"])
        OfferingStaffNeedFactory(
            offering=offering, qualification=QualificationFactory()
        )
        series = SeriesFactory(offering=offering, published=True)
        SeriesWindowFactory(series=series)
        SeriesLeaderFactory(series=series)
        EnrolmentFactory(series=series)
        EnrolmentFactory(series=series, state="withdrawn")
    SeriesFactory(state="finished")
    with django_assert_num_queries(9):
        found = selectors.planning_series(actor=actor)
        for one in found:
            assert [need.qualification.code for need in one.offering.staff_needs.all()]
            assert [f.code for f in one.offering.required_features.all()] == ["lift"]
            assert one.offering.policy.level_of_care == 1
            assert len(one.windows.all()) == len(one.series_leaders.all()) == 1
            assert [seat.registration.state for seat in one.members] == ["waiting"]
            assert list(one.preferred_leaders.all()) == []
            assert one.room.capacity == 12
    assert len(found) == number
    event = AuditEvent.objects.get()
    assert (event.purpose, len(event.subject_ids)) == ("planning", number)


@pytest.mark.parametrize("number", [1, 3])
def test_registration_facts_take_a_fixed_number_of_queries(
    actor, number: int, django_assert_num_queries
) -> None:
    theme = ThemeFactory()
    OfferingFactory().themes.add(theme)
    for _one in range(number):
        registration = RegistrationFactory(theme=theme)
        RegistrationChoiceFactory(registration=registration, rank=2)
        RegistrationChoiceFactory(
            registration=registration, rank=1, offering=OfferingFactory()
        )
        EnrolmentFactory(registration=registration, state="held_by_draft")
    RegistrationFactory(state="withdrawn")
    with django_assert_num_queries(5):
        found = selectors.planning_registrations(actor=actor)
        for one in found:
            assert [choice.rank for choice in one.choices.all()] == [1, 2]
            assert one.choices.all()[1].series.state == "planned"
            assert len(one.theme.offerings.all()) == 1
            assert len(one.seats_held) == 1
    assert len(found) == number
    event = AuditEvent.objects.get()
    people = {str(one.resident.person_id) for one in found}
    assert (event.purpose, set(event.subject_ids)) == ("planning", people)


def test_registrations_come_by_need_class_then_time(actor) -> None:
    late = RegistrationFactory(registered_at=amsterdam("2026-10-02 09:00"))
    early = RegistrationFactory(registered_at=amsterdam("2026-10-01 09:00"))
    urgent = RegistrationFactory(
        registered_at=amsterdam("2026-11-01 09:00"), need_class=1
    )
    assert selectors.planning_registrations(actor=actor) == [urgent, early, late]


def test_sessions_for_the_planner_are_published_and_in_the_period() -> None:
    leader = SessionLeaderFactory()
    SessionFactory(state="cancelled")
    SessionFactory(period=period("2026-12-24 10:00"))
    found = selectors.planning_sessions(
        start=amsterdam("2026-11-23 00:00"), end=amsterdam("2026-11-30 00:00")
    )
    assert found == [leader.session]
    assert found[0].session_leaders.all()[0].facilitator_id == leader.facilitator_id


def test_finished_offerings_count_seats_and_written_ones() -> None:
    done = EnrolmentFactory(state="completed")
    written = RegistrationFactory(
        resident=done.resident, offering=OfferingFactory(), state="finished"
    )
    EnrolmentFactory(registration__resident=done.resident)
    found = selectors.finished_offerings(resident_ids=[done.resident_id])
    assert found == {done.resident_id: {done.series.offering_id, written.offering_id}}


# --- held seats --------------------------------------------------------------------


def test_a_draft_holds_what_is_free_and_says_what_is_not(actor) -> None:
    full = SeriesFactory(size_min=0, size_max=1)
    first, second, third = RegistrationFactory.create_batch(3)
    elsewhere = EnrolmentFactory(registration=third)
    result = services.hold_seats(
        pairs=[(one.pk, full.pk) for one in (first, second, third)], actor=actor
    )
    assert [seat.registration for seat in result.held] == [first]
    assert result.refused == [
        (second.pk, full.pk, "group-size"),
        (third.pk, full.pk, "one-seat-per-registration"),
    ]
    again = services.hold_seats(pairs=[(third.pk, elsewhere.series_id)], actor=actor)
    assert again.held == [elsewhere]


def test_two_registrations_of_one_resident_hold_one_seat_in_a_series(actor) -> None:
    series, resident = SeriesFactory(), ResidentFactory()
    pair = RegistrationFactory.create_batch(2, resident=resident)
    result = services.hold_seats(
        pairs=[(one.pk, series.pk) for one in pair], actor=actor
    )
    assert len(result.held) == 1
    assert [rule for *_ids, rule in result.refused] == ["one-seat-per-registration"]


@pytest.mark.parametrize("number", [1, 3])
def test_holding_takes_a_fixed_number_of_queries(
    actor, number: int, django_assert_num_queries
) -> None:
    pairs = [(RegistrationFactory().pk, SeriesFactory().pk) for _n in range(number)]
    with django_assert_num_queries(11):
        result = services.hold_seats(pairs=pairs, actor=actor)
    assert len(result.held) == number


def test_a_release_confirms_and_a_dropped_draft_lets_go(actor) -> None:
    kept, dropped = EnrolmentFactory.create_batch(2, state="held_by_draft")
    other = EnrolmentFactory(state="held_by_draft")
    confirmed = services.confirm_held_seats(
        pairs=[(kept.registration_id, kept.series_id)], actor=actor
    )
    gone = services.drop_held_seats(
        pairs=[
            (dropped.registration_id, dropped.series_id),
            (kept.registration_id, kept.series_id),
        ],
        actor=actor,
    )
    for seat in (kept, dropped, other):
        seat.refresh_from_db()
    kept.registration.refresh_from_db()
    assert ([seat.pk for seat in confirmed], gone) == ([kept.pk], 1)
    assert (kept.state, dropped.state, other.state) == (
        EnrolmentState.ENROLLED,
        EnrolmentState.WITHDRAWN,
        EnrolmentState.HELD_BY_DRAFT,
    )
    assert kept.registration.state == RegistrationState.PLACED


# --- registering ---------------------------------------------------------------------


def test_norm_date_is_the_earliest_of_the_wishes(actor) -> None:
    quick, slow = OfferingFactory(norm_days=14), OfferingFactory(norm_days=98)
    registration = services.register(
        resident=ResidentFactory(),
        actor=actor,
        choices=[
            services.Choice(offering=slow),
            services.Choice(series=SeriesFactory(offering=quick)),
        ],
        registered_at=amsterdam("2026-11-01 23:30"),
    )
    assert registration.norm_date == date(2026, 11, 15)
    assert [one.rank for one in registration.choices.all()] == [1, 2]


def test_a_registration_asks_for_something(actor) -> None:
    with pytest.raises(ValidationError):
        services.register(resident=ResidentFactory(), actor=actor)


def test_withdrawing_a_registration_gives_up_its_seat(actor) -> None:
    seat = EnrolmentFactory(
        series=SeriesFactory(published=True, size_min=0, size_max=1)
    )
    waiting = RegistrationFactory()
    RegistrationChoiceFactory(registration=waiting, series=seat.series)
    services.withdraw_registration(registration=seat.registration, actor=actor)
    waiting.refresh_from_db()
    assert waiting.state == RegistrationState.OFFERED
    with pytest.raises(ValidationError):
        services.withdraw_registration(registration=seat.registration, actor=actor)


# --- own page ------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_own_registrations_take_a_fixed_number_of_queries(
    actor, number: int, django_assert_num_queries
) -> None:
    resident = ResidentFactory()
    for _n in range(number):
        registration = RegistrationFactory(resident=resident)
        RegistrationChoiceFactory(registration=registration)
        EnrolmentFactory(registration=registration)
    held = RegistrationFactory(resident=resident)
    EnrolmentFactory(registration=held, state="held_by_draft")
    RegistrationFactory()
    with django_assert_num_queries(5):
        found = selectors.registrations_of(actor=actor, resident_id=resident.pk)
        seats = [
            seat.series.offering.title for one in found for seat in one.enrolments.all()
        ]
    assert (len(found), len(seats)) == (number + 1, number)
    assert AuditEvent.objects.get().subject_ids == [str(resident.person_id)]


def test_a_registration_of_someone_else_is_not_found(actor) -> None:
    theirs = RegistrationFactory()
    mine = ResidentFactory()
    found = selectors.registration_of(
        actor=actor, registration_id=theirs.pk, resident_id=mine.pk
    )
    assert found is None


def test_own_sessions_and_seats(actor) -> None:
    seat = EnrolmentFactory()
    session = SessionFactory(series=seat.series, period=period("2026-12-08 10:00"))
    SessionFactory(period=period("2026-12-08 10:00"))
    since = amsterdam("2026-12-01 00:00")
    mine = selectors.sessions_of(actor=actor, resident_id=seat.resident_id, since=since)
    seats = selectors.enrolments_of(actor=actor, resident_id=seat.resident_id)
    assert (mine, seats) == ([session], [seat])


# --- catalogue -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_open_series_with_seats_take_a_fixed_number_of_queries(
    number: int, django_assert_num_queries
) -> None:
    for _n in range(number):
        seat = EnrolmentFactory(series__size_max=4, series__size_min=0, seats=2)
        SeriesLeaderFactory(series=seat.series)
        SessionFactory(series=seat.series, number=1, period=period("2099-01-01 10:00"))
        SessionFactory(series=seat.series, number=2, period=period("2020-01-01 10:00"))
    over = SeriesFactory(published=True)
    SessionFactory(series=over, period=period("2020-01-01 10:00"))
    SessionFactory(series__state="planned", period=period("2099-01-01 10:00"))
    with django_assert_num_queries(3):
        found = list(selectors.open_series())
        assert {one.room.centre.place.name for one in found}
        assert all(list(one.offering.themes.all()) == [] for one in found)
    assert [
        (one.seats_total, one.seats_taken, one.seats_free, one.sessions_held)
        for one in found
    ] == [(4, 2, 2, 1)] * number
    assert [len(one.coming_sessions) for one in found] == [1] * number
    assert AuditEvent.objects.count() == 0


def test_catalogue_by_theme_and_numbers_waiting() -> None:
    theme = ThemeFactory()
    shown = OfferingFactory()
    shown.themes.add(theme)
    OfferingFactory()
    OfferingFactory(in_catalogue=False).themes.add(theme)
    RegistrationFactory.create_batch(2, offering=shown)
    RegistrationFactory(offering=shown, state="withdrawn")
    assert list(selectors.catalogue_offerings(theme=theme.code)) == [shown]
    assert selectors.catalogue_offerings().count() == 2
    assert selectors.waiting_counts() == {shown.pk: 2}


def test_titles_follow_the_language_and_fall_back_on_dutch() -> None:
    from django.utils import translation

    offering = Offering(title_nl="Rouw", title_en="Grief")
    only_dutch = Offering(title_nl="Rouw")
    with translation.override("en"):
        assert (offering.title, only_dutch.title) == ("Grief", "Rouw")
    assert offering.title == "Rouw"


# --- kinds ---------------------------------------------------------------------------


def test_every_kind_has_a_policy_with_known_roles() -> None:
    assert set(POLICIES) == set(OfferingKind)
    roles = {
        role for one in POLICIES.values() for need in one.staff for role in need.roles
    }
    assert roles <= set(StaffRole.values)


@pytest.mark.parametrize("kind", OfferingKind)
def test_an_offering_of_every_kind_starts_from_its_policy(actor, kind: str) -> None:
    offering = services.create_offering(
        actor=actor,
        organisation=OrganisationFactory(),
        kind=kind,
        code=kind.replace("_", "-"),
        title_nl="Een titel",
        required_features=[feature("quiet")],
    )
    policy = policy_of(kind)
    assert (offering.size_min, offering.size_max) == (policy.size[0], policy.size[1])
    assert offering.staff_needs.count() == len(policy.staff)
    assert (offering.session_minutes is None) == policy.self_paced


def test_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="lecture"):
        policy_of("lecture")


def test_kinds_are_found_by_policy() -> None:
    assert kinds_where(needs_reason_code=True) == ["one_to_one"]


def test_series_with_allowed_hours(actor) -> None:
    series = services.create_series(
        actor=actor,
        offering=OfferingFactory(),
        windows=[(1, time(19), time(21, 30))],
        earliest_start=date(2027, 1, 4),
    )
    assert series.windows.get().weekday == 1
    assert (series.smallest, series.largest, series.number_of_sessions) == (6, 10, 8)
