"""Admin pages of planning and publishing: in scope, logged, without what is secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.admin_base import ScopedLoggingAdmin
from audit.models import AuditEvent
from people.enums import Role
from publishing.models import ChangedGroup, ChangedSeat, FeedToken, Release
from scheduling.models import (
    AcceptedViolation,
    HelpStep,
    LeftOut,
    PlanningRun,
    Repair,
    RepairAlternative,
    Schedule,
    ScheduledSeat,
    ScheduleEdit,
    ScheduleTransfer,
    SeatPin,
    SeriesPin,
    WishImportance,
)
from tests.factories import (
    ChangedGroupFactory,
    ChangedSeatFactory,
    EnrolmentFactory,
    OfferingFactory,
    OrganisationFactory,
    PersonFactory,
    RegistrationFactory,
    SeriesFactory,
    UserFactory,
    WishImportanceFactory,
)
from tests.scheduling.rows import MONDAY, SUNDAY

pytestmark = pytest.mark.django_db

PAGES = [
    AcceptedViolation,
    ChangedGroup,
    ChangedSeat,
    FeedToken,
    HelpStep,
    LeftOut,
    PlanningRun,
    Release,
    Repair,
    RepairAlternative,
    Schedule,
    ScheduleEdit,
    ScheduleTransfer,
    ScheduledSeat,
    SeatPin,
    SeriesPin,
    WishImportance,
]
SECRET = "5ec7e7" * 10


def url(model: Any, view: str, *args: object) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}", args=args)


def as_role(role: str, organisation: Any = None) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, organisation=organisation, is_staff=True))
    return client


def a_repair(run: PlanningRun) -> Repair:
    days = {"first_day": MONDAY, "last_day": SUNDAY}
    return Repair.objects.create(kind="leader_ill", about="1", run=run, **days)


def make(model: Any, organisation: Any) -> Any:
    """A row of each kind that belongs to an organisation, as far as it can."""
    series = SeriesFactory(offering=OfferingFactory(organisation=organisation))
    registration = RegistrationFactory(resident__person__organisation=organisation)
    dates = {"first_date": MONDAY, "last_date": SUNDAY}
    run = PlanningRun.objects.create(**dates, problem={"secret": SECRET}, state="done")
    schedule = Schedule.objects.create(**dates, run=run, state="archived")
    rows = {
        PlanningRun: lambda: run,
        Schedule: lambda: schedule,
        AcceptedViolation: lambda: schedule.accepted_violations.create(
            rule="room-open", about=[["series", str(series.pk)]], accepted_by=user()
        ),
        HelpStep: lambda: HelpStep.objects.create(
            registration=registration, kind="one_to_one", made_by=user()
        ),
        LeftOut: lambda: schedule.left_out.create(registration=registration),
        ScheduledSeat: lambda: schedule.seats.create(
            registration=registration, series=series
        ),
        SeatPin: lambda: SeatPin.objects.create(
            registration=registration, series=series
        ),
        SeriesPin: lambda: SeriesPin.objects.create(series=series, closed=True),
        ScheduleEdit: lambda: schedule.edits.create(
            number=1, kind="move", before=[], after=[]
        ),
        ScheduleTransfer: lambda: schedule.edits.create(
            number=1, kind="merge", before=[], after=[], series=series
        ).transfers.create(
            enrolment=EnrolmentFactory(series=series, registration=registration),
            series=series,
        ),
        Repair: lambda: a_repair(run),
        RepairAlternative: lambda: a_repair(run).alternatives.create(
            rank=1, plan={"secret": SECRET}
        ),
        WishImportance: WishImportanceFactory,
        Release: lambda: Release.objects.create(
            schedule=schedule, changes=[{"persons": [SECRET]}]
        ),
        ChangedGroup: lambda: ChangedGroupFactory(
            release__schedule=schedule, series=series
        ),
        ChangedSeat: lambda: ChangedSeatFactory(
            release__schedule=schedule, registration=registration
        ),
        FeedToken: lambda: FeedToken.objects.create(
            kind="facilitator",
            person=PersonFactory(organisation=organisation),
            token_hash=SECRET,
        ),
    }
    return rows[model]()


def user() -> Any:
    return UserFactory()


def test_every_page_has_the_base_class() -> None:
    found = {
        model: page
        for model, page in admin.site._registry.items()
        if model._meta.app_label in {"scheduling", "publishing"}
    }
    assert set(found) == set(PAGES)
    assert all(isinstance(page, ScopedLoggingAdmin) for page in found.values())


@pytest.mark.parametrize("role", [*Role])
def test_only_its_roles_see_a_page(role: str) -> None:
    client = as_role(role)
    for model in PAGES:
        page: Any = admin.site._registry[model]
        may = role in page.view_roles | page.change_roles
        answer = client.get(url(model, "changelist"))
        assert (model, answer.status_code) == (model, 200 if may else 403)


@pytest.mark.parametrize("model", PAGES)
def test_a_row_is_shown_without_what_is_secret(model: Any) -> None:
    page: Any = admin.site._registry[model]
    row = make(model, OrganisationFactory())
    client = as_role(sorted(page.view_roles | page.change_roles)[0])
    for address in (url(model, "changelist"), url(model, "change", row.pk)):
        answer = client.get(address)
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()


@pytest.mark.parametrize(
    "model", [model for model in PAGES if model not in (SeatPin, SeriesPin)]
)
def test_what_services_write_is_changed_by_nobody(model: Any) -> None:
    row = make(model, OrganisationFactory())
    for role in Role:
        client = as_role(role)
        for address in (
            url(model, "add"),
            url(model, "change", row.pk),
            url(model, "delete", row.pk),
        ):
            assert client.post(address, {}).status_code in (302, 403)
    row.refresh_from_db()
    assert type(row).objects.count() == 1


@pytest.mark.parametrize(
    "model", [ChangedSeat, HelpStep, LeftOut, ScheduledSeat, SeatPin, SeriesPin]
)
def test_rows_of_another_organisation_are_not_there(model: Any) -> None:
    own = OrganisationFactory()
    mine, theirs = make(model, own), make(model, OrganisationFactory())
    client = as_role(Role.COORDINATOR, own)
    listed = client.get(url(model, "changelist")).context_data["cl"].result_list
    assert [row.pk for row in listed] == [mine.pk]
    assert client.get(url(model, "change", theirs.pk)).status_code == 302


@pytest.mark.parametrize(
    "model", [ChangedGroup, PlanningRun, Schedule, Release, FeedToken]
)
def test_what_is_of_the_region_needs_a_role_in_the_region(model: Any) -> None:
    page: Any = admin.site._registry[model]
    role = sorted(page.view_roles)[0]
    client = as_role(role, OrganisationFactory())
    assert client.get(url(model, "changelist")).status_code == 403


@pytest.mark.parametrize("model", [HelpStep, LeftOut, ScheduledSeat, SeatPin])
def test_who_was_looked_at_is_in_the_log(model: Any) -> None:
    own = OrganisationFactory()
    row = make(model, own)
    as_role(Role.COORDINATOR, own).get(url(model, "change", row.pk))
    seen = AuditEvent.objects.get(event_code="admin.view")
    assert seen.subject_ids == [str(row.registration.resident.person_id)]


def test_a_pin_keeps_who_pinned() -> None:
    own = OrganisationFactory()
    series = SeriesFactory(offering=OfferingFactory(organisation=own))
    account = UserFactory(role=Role.COORDINATOR, organisation=own, is_staff=True)
    client = Client()
    client.force_login(account)
    answer = client.post(
        url(SeriesPin, "add"),
        {"series": series.pk, "closed": "on", "facilitators": ""},
    )
    assert answer.status_code == 302
    pin = SeriesPin.objects.get()
    assert (pin.series, pin.made_by, pin.closed) == (series, account, True)
    assert pin.made_at <= timezone.now()
