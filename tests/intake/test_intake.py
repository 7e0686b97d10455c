"""Referrals become registrations; a crisis is never planned."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from courses.enums import RegistrationState
from intake import selectors, services
from intake.enums import ConsultationState, ReferralState
from intake.models import Referral
from tests.factories import (
    ConsultationFactory,
    OfferingFactory,
    OrganisationFactory,
    ReferralFactory,
    ResidentFactory,
    UserFactory,
    days,
)
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def receive(actor, **more) -> Referral:
    return services.receive_referral(
        actor=actor,
        **{
            "resident": ResidentFactory(),
            "organisation": OrganisationFactory(kind="primary-care"),
            "received_on": date(2026, 11, 2),
            **more,
        },
    )


def conversation():
    return OfferingFactory(
        kind="exploratory_conversation",
        size_min=1,
        size_max=1,
        sessions_count=1,
        session_minutes=75,
        norm_days=28,
    )


def test_referral_is_due_in_28_days_and_logged(actor) -> None:
    referral = receive(actor)
    assert referral.target_date == date(2026, 11, 30)
    event = AuditEvent.objects.get(event_code="referral.create")
    assert event.subject_ids == [str(referral.resident.person_id)]


def test_urgent_referral_is_refused_with_the_fixed_text_and_not_kept(actor) -> None:
    with pytest.raises(ValidationError) as caught:
        receive(actor, urgent=True)
    (text,) = caught.value.messages
    assert caught.value.code == "urgent"
    assert all(number in text for number in ("112", "113", "0800-0113"))
    assert Referral.objects.count() == AuditEvent.objects.count() == 0


def test_referral_becomes_a_registration_with_the_same_date(actor) -> None:
    referral = services.register_referral(
        actor=actor, referral=receive(actor), offering=conversation()
    )
    registration = referral.registration
    assert referral.state == ReferralState.REGISTERED
    assert registration.state == RegistrationState.WAITING
    assert registration.norm_date == referral.target_date
    assert registration.allowed_levels == [0]
    with pytest.raises(ValidationError):
        services.register_referral(
            actor=actor, referral=referral, offering=conversation()
        )


def test_referral_leads_to_a_conversation_only(actor) -> None:
    with pytest.raises(ValidationError):
        services.register_referral(
            actor=actor, referral=receive(actor), offering=OfferingFactory()
        )


def test_consultation_names_nobody(actor) -> None:
    asked = services.ask_consultation(
        actor=actor,
        asked_by=UserFactory(),
        organisation=OrganisationFactory(),
        topic="which_help_fits",
        wished_days=days("2026-11-23", "2026-11-27"),
    )
    assert asked.state == ConsultationState.ASKED
    assert AuditEvent.objects.get().subject_ids == []
    with pytest.raises(ValidationError):
        services.ask_consultation(
            actor=actor,
            asked_by=asked.asked_by,
            organisation=asked.organisation,
            topic="her depression",
            wished_days=asked.wished_days,
        )


def test_rows_outside_their_bounds() -> None:
    with refused_by("intake_referral_target"):
        ReferralFactory(target_date=date(2026, 11, 1))
    with refused_by("intake_consultation_codes_known"):
        ConsultationFactory(topic="gossip")
    with refused_by("intake_consultation_days"):
        ConsultationFactory(wished_days=(date(2026, 11, 1), None))


@pytest.mark.parametrize("number", [1, 3])
def test_list_is_one_read_and_one_log_line(
    actor, number: int, django_assert_num_queries
) -> None:
    ReferralFactory.create_batch(number)
    ReferralFactory(state="withdrawn")
    with django_assert_num_queries(2):
        found = selectors.referrals(actor=actor)
        assert all(one.resident.person.call_name for one in found)
    assert len(found) == number
    assert len(AuditEvent.objects.get().subject_ids) == number


def test_list_keeps_to_the_referrers_organisations(actor) -> None:
    mine, _theirs = ReferralFactory.create_batch(2)
    found = selectors.referrals(actor=actor, organisation_ids=[mine.organisation_id])
    assert found == [mine]


def test_open_consultations() -> None:
    asked = ConsultationFactory()
    ConsultationFactory(state="held")
    assert list(selectors.open_consultations()) == [asked]
