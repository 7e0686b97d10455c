"""Offerings, series, sessions, registrations and seats."""

import gzip
from datetime import date, time, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from courses.models import (
    Absence,
    Assignment,
    Attendance,
    AttendanceSheet,
    Enrolment,
    ImportWork,
    MailLink,
    Offering,
    OfferingStaffNeed,
    ReasonCode,
    RegionImport,
    Registration,
    RegistrationChoice,
    Series,
    SeriesLeader,
    SeriesWindow,
    Session,
    SessionLeader,
    StandInAsk,
    Theme,
    TurnChange,
)
from tests.factories.people import (
    FacilitatorFactory,
    OrganisationFactory,
    ResidentFactory,
    UserFactory,
)
from tests.factories.rooms import RoomFactory, feature
from tests.factories.times import amsterdam, period


def reason_code(code: str = "own-wish") -> ReasonCode:
    """A reason code, one of the shipped ones or a new one."""
    return ReasonCode.objects.get_or_create(
        code=code, defaults={"name_nl": code, "name_en": code}
    )[0]


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme

    code = factory.Sequence(lambda n: f"theme-{n}")
    name_nl = factory.Sequence(lambda n: f"Thema {n}")


class OfferingFactory(DjangoModelFactory):
    """A recovery course of 8 times 120 minutes for 6 to 10 people."""

    class Meta:
        model = Offering
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"offering-{n}")
    kind = "recovery_course"
    title_nl = factory.Sequence(lambda n: f"WRAP {n}")
    organisation = factory.SubFactory(OrganisationFactory)
    size_min = 6
    size_max = 10
    sessions_count = 8
    session_minutes = 120
    norm_days = 70

    @factory.post_generation
    def required_features(self, create: bool, codes: list[str] | None) -> None:
        if create and codes:
            self.required_features.set([feature(code) for code in codes])


class OfferingStaffNeedFactory(DjangoModelFactory):
    class Meta:
        model = OfferingStaffNeed

    offering = factory.SubFactory(OfferingFactory)
    roles = factory.LazyFunction(lambda: ["expert_by_experience"])


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    offering = factory.SubFactory(OfferingFactory)

    class Params:
        published = factory.Trait(
            state="published",
            weekday=2,
            start_time=time(10),
            first_date=date(2026, 11, 24),
            room=factory.SubFactory(RoomFactory),
        )


class SeriesLeaderFactory(DjangoModelFactory):
    class Meta:
        model = SeriesLeader

    series = factory.SubFactory(SeriesFactory)
    facilitator = factory.SubFactory(FacilitatorFactory)


class SeriesWindowFactory(DjangoModelFactory):
    class Meta:
        model = SeriesWindow

    series = factory.SubFactory(SeriesFactory)
    weekday = 2
    start = time(9)
    end = time(17)


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    series = factory.SubFactory(SeriesFactory, published=True)
    number = factory.Sequence(lambda n: n % 30000 + 1)
    period = factory.LazyFunction(lambda: period("2026-11-24 10:00"))
    room = factory.SubFactory(RoomFactory)


class SessionLeaderFactory(DjangoModelFactory):
    class Meta:
        model = SessionLeader

    session = factory.SubFactory(SessionFactory)
    facilitator = factory.SubFactory(FacilitatorFactory)
    period = factory.SelfAttribute("session.period")
    state = factory.SelfAttribute("session.state")


class RegistrationFactory(DjangoModelFactory):
    class Meta:
        model = Registration

    resident = factory.SubFactory(ResidentFactory)
    registered_at = factory.LazyFunction(lambda: amsterdam("2026-10-01 09:00"))
    norm_date = date(2026, 12, 10)


class RegistrationChoiceFactory(DjangoModelFactory):
    """A first choice for a new series, unless an offering or session is given."""

    class Meta:
        model = RegistrationChoice

    registration = factory.SubFactory(RegistrationFactory)
    rank = 1

    @classmethod
    def _create(
        cls, model_class: type[RegistrationChoice], *args: Any, **kwargs: Any
    ) -> RegistrationChoice:
        if not kwargs.keys() & {"offering", "series", "session"}:
            kwargs["series"] = SeriesFactory()
        return super()._create(model_class, *args, **kwargs)


class TurnChangeFactory(DjangoModelFactory):
    class Meta:
        model = TurnChange

    registration = factory.SubFactory(RegistrationFactory)
    reason = "mistake"


class EnrolmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrolment

    registration = factory.SubFactory(RegistrationFactory)
    resident = factory.SelfAttribute("registration.resident")
    series = factory.SubFactory(SeriesFactory, published=True)


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = Absence

    enrolment = factory.SubFactory(EnrolmentFactory)
    session = factory.LazyAttribute(
        lambda made: SessionFactory(series=made.enrolment.series, room=None)
    )


class MailLinkFactory(DjangoModelFactory):
    """A link to sign in that works for an hour."""

    class Meta:
        model = MailLink

    purpose = "sign_in"
    secret_hash = factory.Sequence(lambda n: f"{n:064x}")
    address = factory.Sequence(lambda n: f"link{n}@example.org")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    facilitator = factory.SubFactory(FacilitatorFactory)
    series = factory.SubFactory(SeriesFactory, published=True)


class AttendanceSheetFactory(DjangoModelFactory):
    class Meta:
        model = AttendanceSheet

    session = factory.SubFactory(SessionFactory)


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    sheet = factory.SubFactory(AttendanceSheetFactory)
    enrolment = factory.SubFactory(EnrolmentFactory)
    there = factory.LazyFunction(lambda: [True])


class StandInAskFactory(DjangoModelFactory):
    class Meta:
        model = StandInAsk

    session = factory.SubFactory(SessionFactory)
    missing = factory.SubFactory(FacilitatorFactory)
    facilitator = factory.SubFactory(FacilitatorFactory)
    period = factory.SelfAttribute("session.period")


class RegionImportFactory(DjangoModelFactory):
    """A file without rows that waits for a decision."""

    class Meta:
        model = RegionImport

    made_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=2))
    digest = "0" * 64
    tables = gzip.compress(b"[]")
    preview = gzip.compress(b"{}")


class ImportWorkFactory(DjangoModelFactory):
    """A large file that was stopped, so that it asks nothing of a worker."""

    class Meta:
        model = ImportWork

    made_by = factory.SubFactory(UserFactory)
    act = "check"
    state = "failed"
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=2))
