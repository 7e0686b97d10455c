"""Persons, roles, hours and pairs: what is refused, what is read, what is logged."""

from datetime import date, time

import pytest
from django.core.exceptions import FieldDoesNotExist, ValidationError

from audit.models import AuditEvent
from people import services
from people.enums import STAFF_ROLES, AccessNeed, Role
from people.models import (
    AvailabilityWindow,
    Certificate,
    KeepPair,
    Person,
    Resident,
    RoleMembership,
    User,
)
from rooms.models import RoomFeature
from tests.factories import (
    AvailabilityExceptionFactory,
    AvailabilityWindowFactory,
    CertificateFactory,
    FacilitatorFactory,
    KeepPairFactory,
    LeaveFactory,
    MunicipalityFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    RelativeFactory,
    ResidentFactory,
    UserFactory,
    days,
)
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


# --- what is refused ----------------------------------------------------------------


@pytest.mark.parametrize("postcode", ["0999", "10000", "741", "7411A", "١٢٣٤"])
def test_postcode_has_four_digits_from_1000(postcode: str) -> None:
    with pytest.raises(ValidationError):
        PersonFactory.build(
            organisation=None, place=None, postcode4=postcode
        ).full_clean()
    if len(postcode) == 4:
        with refused_by("people_person_postcode4"):
            PersonFactory(postcode4=postcode)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"languages": []}, "people_person_languages_known"),
        ({"languages": ["xx"]}, "people_person_languages_known"),
        ({"birth_year": 1899}, "people_person_birth_year"),
        ({"contact_address": ""}, "people_person_reachable"),
    ],
)
def test_person_outside_its_bounds(fields: dict, name: str) -> None:
    with refused_by(name):
        PersonFactory(**fields)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"travel_limit_minutes": 241}, "people_resident_limits"),
        ({"pace_per_week": 0}, "people_resident_limits"),
        ({"pace_per_day": 7}, "people_resident_limits"),
        ({"access_needs": ["wings"]}, "people_resident_flags_known"),
        ({"format_wishes": ["letter"]}, "people_resident_flags_known"),
        ({"preferred_half_days": ["night"]}, "people_resident_flags_known"),
    ],
)
def test_resident_outside_its_bounds(fields: dict, name: str) -> None:
    with refused_by(name):
        ResidentFactory(**fields)


def test_reference_is_unique_in_its_organisation() -> None:
    one = PersonFactory(reference="A1")
    PersonFactory(reference="A1")
    PersonFactory(reference="", organisation=one.organisation)
    with refused_by("people_person_reference_once"):
        PersonFactory(reference="A1", organisation=one.organisation)


@pytest.mark.parametrize(
    ("start", "end", "weekday", "valid", "fits"),
    [
        (time(12, 29), time(13), 2, None, False),
        (time(8), time(9, 1), 2, None, False),
        (time(10), time(11), 2, None, False),
        (time(12, 30), time(13), 2, None, True),
        (time(8), time(9), 2, None, True),
        (time(10), time(11), 3, None, True),
        (time(10), time(11), 2, ("2027-01-01", "2027-06-30"), False),
        (time(10), time(11), 2, ("1999-01-01", "1999-12-31"), True),
    ],
)
def test_windows_of_a_day_do_not_overlap(start, end, weekday, valid, fits) -> None:
    first = AvailabilityWindowFactory()  # Tuesday 9.00-12.30, from 2000 on
    row = AvailabilityWindow(person=first.person, weekday=weekday, start=start, end=end)
    if valid:
        row.valid = days(*valid)
    if fits:
        row.full_clean()
        row.save()
        assert first.person.windows.count() == 2
        return
    with pytest.raises(ValidationError):
        row.full_clean()
    with refused_by("people_window_no_overlap"):
        row.save()


def test_another_person_may_have_the_same_hours() -> None:
    AvailabilityWindowFactory.create_batch(2)
    assert AvailabilityWindow.objects.count() == 2


def test_a_window_that_ends_before_it_starts_gets_a_sentence_not_a_crash() -> None:
    AvailabilityWindowFactory()
    row = AvailabilityWindow(
        person=PersonFactory(), weekday=2, start=time(12), end=time(9)
    )
    with pytest.raises(ValidationError):
        row.full_clean()
    with refused_by("people_window_ends_after_start"):
        row.save()


def test_exception_has_both_times_or_none() -> None:
    with refused_by("people_exception_times"):
        AvailabilityExceptionFactory(start=time(9))
    with refused_by("people_exception_times"):
        AvailabilityExceptionFactory(start=time(9), end=time(9))


def test_leave_is_not_empty() -> None:
    with refused_by("people_leave_days"):
        LeaveFactory(days=(date(2026, 12, 1), date(2026, 12, 1)))


def test_certificate_of_one_kind_once_at_a_time() -> None:
    held = CertificateFactory(valid=days("2026-01-01", "2026-12-31"))
    CertificateFactory(
        facilitator=held.facilitator, valid=days("2027-01-01", "2027-12-31")
    )
    with refused_by("people_certificate_once_at_a_time"):
        CertificateFactory(
            facilitator=held.facilitator, valid=days("2026-12-31", "2027-01-01")
        )
    assert Certificate.objects.count() == 2


def test_facilitator_has_a_role_and_sane_limits() -> None:
    with refused_by("people_facilitator_roles_known"):
        FacilitatorFactory(staff_roles=[])
    with refused_by("people_facilitator_roles_known"):
        FacilitatorFactory(staff_roles=["magician"])
    with refused_by("people_facilitator_limits"):
        FacilitatorFactory(max_days_per_week=8)


def test_pair_is_two_persons_in_either_order_once() -> None:
    pair = KeepPairFactory()
    with refused_by("people_pair_once"):
        KeepPairFactory(person_a=pair.person_b, person_b=pair.person_a, kind="together")
    with refused_by("people_pair_of_two"):
        KeepPairFactory(person_a=pair.person_a, person_b=pair.person_a)
    with pytest.raises(ValidationError):
        KeepPair(
            kind="apart", person_a=pair.person_b, person_b=pair.person_a
        ).full_clean()


def test_relative_once() -> None:
    relative = RelativeFactory()
    with refused_by("people_relative_once"):
        RelativeFactory(person=relative.person, resident=relative.resident)


def test_place_lies_in_the_netherlands_and_municipality_has_its_code() -> None:
    with refused_by("people_place_in_the_netherlands"):
        PlaceFactory(lat=6.16, lon=52.255)
    with pytest.raises(ValidationError):
        MunicipalityFactory.build(code="0150").full_clean()


def test_nothing_can_hold_a_diagnosis_a_note_or_a_citizen_number() -> None:
    for model in (Person, Resident, KeepPair):
        for name in ("bsn", "diagnosis", "notes", "remarks", "reason", "description"):
            with pytest.raises(FieldDoesNotExist):
                model._meta.get_field(name)
        kinds = {field.get_internal_type() for field in model._meta.fields}
        assert "TextField" not in kinds


def test_every_access_need_is_a_feature_a_room_can_have() -> None:
    known = RoomFeature.objects.filter(is_access=True).values_list("code", flat=True)
    assert set(AccessNeed.values) <= set(known)


# --- accounts ------------------------------------------------------------------------


def test_address_is_one_account_in_any_letter_case(actor) -> None:
    services.create_account(actor=actor, email="Noor@Example.org")
    assert User.objects.get_by_natural_key("NOOR@example.ORG").email == (
        "noor@example.org"
    )
    with pytest.raises(ValidationError):
        services.create_account(actor=actor, email="noor@EXAMPLE.org")
    with refused_by("people_user_email_lower_case"):
        User.objects.bulk_create([User(email="Other@example.org")])


def test_account_needs_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user(email="")


def test_superuser_and_text_of_an_account_hold_no_address() -> None:
    user = User.objects.create_superuser("root@example.org", "a password")
    assert (user.is_staff, user.is_superuser) == (True, True)
    assert "root" not in str(user)


@pytest.mark.parametrize("role", Role)
def test_staff_roles_need_a_second_factor(role: str) -> None:
    user = UserFactory(role=role, is_staff=False)
    assert user.needs_two_factor == (role != Role.RESIDENT)
    assert (role in STAFF_ROLES) == (role != Role.RESIDENT)


def test_roles_are_held_per_organisation_or_for_the_region(actor) -> None:
    user, one, other = UserFactory(), *OrganisationFactory.create_batch(2)
    services.grant_role(actor=actor, user=user, role=Role.COORDINATOR, organisation=one)
    services.grant_role(
        actor=actor, user=user, role=Role.CENTRE_MANAGER, organisation=other
    )
    assert user.organisations_for(Role.COORDINATOR) == {one.pk}
    assert user.organisations_for() == {one.pk, other.pk}
    assert user.organisations_for(Role.REFERRER) == frozenset()
    assert not user.has_role(Role.REFERRER)
    services.grant_role(actor=actor, user=user, role=Role.COORDINATOR)
    assert user.organisations_for(Role.COORDINATOR) is None


def test_a_role_is_given_once(actor) -> None:
    user = UserFactory()
    first = services.grant_role(actor=actor, user=user, role=Role.REFERRER)
    again = services.grant_role(actor=actor, user=user, role=Role.REFERRER)
    assert first == again
    with refused_by("people_role_once"):
        RoleMembership.objects.create(user=user, role=Role.REFERRER)


def test_roles_are_read_once_per_account(django_assert_num_queries) -> None:
    user = User.objects.get(pk=UserFactory(role=Role.COORDINATOR).pk)
    with django_assert_num_queries(1):
        assert user.needs_two_factor
        assert user.has_role(Role.COORDINATOR)
        assert user.organisation_codes == ""


# --- services -------------------------------------------------------------------------


def logged(code: str) -> list[str]:
    return AuditEvent.objects.filter(event_code=code).latest("pk").subject_ids


def test_person_resident_facilitator_are_one_person(actor) -> None:
    person = services.create_person(
        actor=actor, call_name="Sam", contact_channel="none", postcode4="8101"
    )
    resident = services.create_resident(actor=actor, person=person, pace_per_week=1)
    facilitator = services.create_facilitator(
        actor=actor,
        person=person,
        organisation=OrganisationFactory(),
        staff_roles=["expert_by_experience"],
        max_minutes_per_week=300,
    )
    assert resident.person == facilitator.person == person
    assert logged("facilitator.create") == [str(person.pk)]


def test_faulty_person_is_refused_and_not_logged(actor) -> None:
    with pytest.raises(ValidationError):
        services.create_person(actor=actor, call_name="", contact_channel="none")
    assert AuditEvent.objects.count() == Person.objects.count() == 0


def test_updates_change_known_fields_only(actor) -> None:
    resident = ResidentFactory()
    services.update_wishes(actor=actor, resident=resident, access_needs=["lift"])
    services.update_person(actor=actor, person=resident.person, alias="Vos")
    resident.refresh_from_db()
    assert (resident.access_needs, resident.person.group_name) == (["lift"], "Vos")
    with pytest.raises(ValueError, match="diagnosis"):
        services.update_wishes(actor=actor, resident=resident, diagnosis="x")
    with pytest.raises(ValueError, match="bsn"):
        services.update_person(actor=actor, person=resident.person, bsn="x")


def test_weekly_hours_are_replaced_or_kept_as_they_were(actor) -> None:
    person = AvailabilityWindowFactory().person
    wrong = [(1, time(9), time(12)), (1, time(11), time(13))]
    with pytest.raises(ValidationError):
        services.set_weekly_hours(actor=actor, person=person, hours=wrong)
    assert person.windows.get().weekday == 2
    services.set_weekly_hours(
        actor=actor, person=person, hours=[(5, time(19), time(21, 30))]
    )
    assert person.windows.get().weekday == 5
    assert logged("availability.update") == [str(person.pk)]


def test_days_are_given_with_both_ends(actor) -> None:
    facilitator = FacilitatorFactory()
    leave = services.add_leave(
        actor=actor,
        facilitator=facilitator,
        first=date(2026, 12, 24),
        last=date(2026, 12, 31),
    )
    leave.refresh_from_db()
    assert leave.days.upper == date(2027, 1, 1)
    with pytest.raises(ValidationError):
        services.add_exception(
            actor=actor,
            person=facilitator.person,
            first=date(2026, 12, 2),
            last=date(2026, 12, 1),
            available=True,
        )
    one_day = services.add_exception(
        actor=actor,
        person=facilitator.person,
        first=date(2026, 12, 2),
        last=date(2026, 12, 2),
        available=True,
        start=time(9),
        end=time(12),
    )
    assert one_day.available


def test_certificates_pairs_and_relatives_are_written_and_logged(actor) -> None:
    certificate = CertificateFactory.build()
    facilitator, resident = FacilitatorFactory(), ResidentFactory()
    certificate.qualification.save()
    held = services.grant_certificate(
        actor=actor, facilitator=facilitator, qualification=certificate.qualification
    )
    pair = services.keep_pair(
        actor=actor, kind="apart", one=facilitator.person, other=resident.person
    )
    relative = services.add_relative(
        actor=actor, person=facilitator.person, resident=resident
    )
    assert held.valid.upper is None
    assert set(logged("pair.create")) == {
        str(pair.person_a_id),
        str(pair.person_b_id),
    }
    assert set(logged("relative.create")) == {
        str(relative.person_id),
        str(resident.person_id),
    }
