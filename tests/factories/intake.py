"""Referrals, consultations and messages."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from intake.models import (
    Consultation,
    Outcome,
    ProposedTime,
    Referral,
    TalkRequest,
)
from messaging.models import OutboxMessage
from tests.factories.people import (
    OrganisationFactory,
    PersonFactory,
    ResidentFactory,
    UserFactory,
)
from tests.factories.rooms import RoomFactory
from tests.factories.times import days, period


class ReferralFactory(DjangoModelFactory):
    class Meta:
        model = Referral

    resident = factory.SubFactory(ResidentFactory)
    organisation = factory.SubFactory(OrganisationFactory, kind="primary-care")
    received_on = date(2026, 11, 2)
    target_date = date(2026, 11, 30)


class ConsultationFactory(DjangoModelFactory):
    class Meta:
        model = Consultation

    asked_by = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    topic = "which_help_fits"
    wished_days = factory.LazyFunction(lambda: days("2026-11-23", "2026-11-27"))


class ProposedTimeFactory(DjangoModelFactory):
    class Meta:
        model = ProposedTime

    referral = factory.SubFactory(ReferralFactory, state="proposed")
    period = factory.LazyFunction(lambda: period("2026-11-24 10:00"))
    room = factory.SubFactory(RoomFactory)


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    referral = factory.SubFactory(ReferralFactory, state="advised")
    advice = factory.LazyFunction(lambda: ["course_or_group"])
    filled_by = factory.SubFactory(UserFactory)


class TalkRequestFactory(DjangoModelFactory):
    class Meta:
        model = TalkRequest

    resident = factory.SubFactory(ResidentFactory)
    way = "phone"


class OutboxMessageFactory(DjangoModelFactory):
    class Meta:
        model = OutboxMessage

    recipient = factory.SubFactory(PersonFactory)
    subject = "U heeft een bericht"
    body = "U heeft een afspraak. Log in voor details."
    key = factory.Sequence(lambda n: f"key-{n}")
