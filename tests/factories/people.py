"""Organisations, accounts and (invented) people."""

from datetime import date, time, timedelta
from typing import Any

import factory
from django.utils.timezone import localdate
from factory.django import DjangoModelFactory

from people.enums import Role
from people.models import (
    AvailabilityException,
    AvailabilityWindow,
    Certificate,
    ErasureRequest,
    Facilitator,
    HalfDayWish,
    KeepPair,
    Leave,
    Mandate,
    Municipality,
    Organisation,
    Person,
    Place,
    Qualification,
    Relative,
    Resident,
    RetentionPeriod,
    RetentionRun,
    RoleMembership,
    User,
    Verification,
)
from people.models.availability import always
from tests.factories.times import days


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Stichting De Brug {n}")
    kind = "welfare"


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality
        django_get_or_create = ("code",)

    code = "GM0150"
    name = "Deventer"
    school_region = "Noord"


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"Dorp {n}")
    municipality = factory.SubFactory(MunicipalityFactory)
    lat = 52.255
    lon = 6.16
    source = "test"


class UserFactory(DjangoModelFactory):
    """An account; `role=` and `organisation=` give it one membership."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"account{n}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        role = kwargs.pop("role", None)
        organisation = kwargs.pop("organisation", None)
        password = kwargs.pop("password", None)
        if role in {
            Role.COORDINATOR,
            Role.CENTRE_MANAGER,
            Role.PRIVACY_OFFICER,
            Role.FUNCTIONAL_ADMINISTRATOR,
        }:
            kwargs.setdefault("is_staff", True)
        user = model_class.objects.create_user(*args, password=password, **kwargs)
        if role is not None:
            RoleMembership.objects.create(
                user=user, role=role, organisation=organisation
            )
        return user


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    organisation = factory.SubFactory(OrganisationFactory)
    call_name = factory.Sequence(lambda n: f"Noor {n}")
    contact_address = factory.Sequence(lambda n: f"noor{n}@example.org")
    postcode4 = "7411"
    place = factory.SubFactory(PlaceFactory)
    birth_year = 1985


class ResidentFactory(DjangoModelFactory):
    class Meta:
        model = Resident

    person = factory.SubFactory(PersonFactory)


class RelativeFactory(DjangoModelFactory):
    class Meta:
        model = Relative

    person = factory.SubFactory(PersonFactory)
    resident = factory.SubFactory(ResidentFactory)


class FacilitatorFactory(DjangoModelFactory):
    class Meta:
        model = Facilitator

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SelfAttribute("person.organisation")
    staff_roles = factory.LazyFunction(lambda: ["expert_by_experience"])


class QualificationFactory(DjangoModelFactory):
    class Meta:
        model = Qualification
        django_get_or_create = ("code",)

    code = "wrap"
    name = "WRAP"


class CertificateFactory(DjangoModelFactory):
    class Meta:
        model = Certificate

    facilitator = factory.SubFactory(FacilitatorFactory)
    qualification = factory.SubFactory(QualificationFactory)
    valid = factory.LazyFunction(always)


class AvailabilityWindowFactory(DjangoModelFactory):
    class Meta:
        model = AvailabilityWindow

    person = factory.SubFactory(PersonFactory)
    weekday = 2
    start = time(9)
    end = time(12, 30)


class AvailabilityExceptionFactory(DjangoModelFactory):
    class Meta:
        model = AvailabilityException

    person = factory.SubFactory(PersonFactory)
    days = factory.LazyFunction(lambda: days("2026-12-01"))


class HalfDayWishFactory(DjangoModelFactory):
    class Meta:
        model = HalfDayWish

    person = factory.SubFactory(PersonFactory)
    weekday = 2
    half_day = "morning"
    answer = "yes"


class LeaveFactory(DjangoModelFactory):
    class Meta:
        model = Leave

    facilitator = factory.SubFactory(FacilitatorFactory)
    days = factory.LazyFunction(lambda: days("2026-12-01", "2026-12-07"))


class KeepPairFactory(DjangoModelFactory):
    class Meta:
        model = KeepPair

    kind = "apart"
    person_a = factory.SubFactory(PersonFactory)
    person_b = factory.SubFactory(PersonFactory)


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = Mandate

    resident = factory.SubFactory(ResidentFactory)
    supporter = factory.SubFactory(UserFactory, role=Role.CLIENT_SUPPORTER)
    origin = "own_page"


class ErasureRequestFactory(DjangoModelFactory):
    class Meta:
        model = ErasureRequest

    person = factory.SubFactory(PersonFactory)
    person_number = factory.SelfAttribute("person.pk")
    due_on = date(2026, 12, 20)


class VerificationFactory(DjangoModelFactory):
    """A check of a referrer that counts for a year."""

    class Meta:
        model = Verification

    user = factory.SubFactory(UserFactory, role=Role.REFERRER)
    organisation = factory.SubFactory(OrganisationFactory)
    register = "agb"
    number = "01234567"
    how = "looked_up"
    expires_on = factory.LazyFunction(lambda: localdate() + timedelta(days=365))


class RetentionPeriodFactory(DjangoModelFactory):
    class Meta:
        model = RetentionPeriod

    kind = factory.Sequence(lambda n: f"kind-{n}")
    days = 100


class RetentionRunFactory(DjangoModelFactory):
    class Meta:
        model = RetentionRun

    erased = factory.LazyFunction(lambda: {"messages": 3})
