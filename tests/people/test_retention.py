"""What may no longer be kept goes by itself, by kind; a dry run changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from courses.models import Enrolment, Registration
from messaging.models import OutboxMessage
from people.enums import Role
from people.models import Person, RetentionPeriod, RetentionRun
from people.services import retention
from people.services.retention import RetentionKind, add_kind, set_period, tidy_up
from publishing.models import FeedToken, Release
from scheduling.models import PlanningRun, Schedule
from tests.factories import (
    ChangedSeatFactory,
    ConsultationFactory,
    EnrolmentFactory,
    ErasureRequestFactory,
    FacilitatorFactory,
    OfferingFactory,
    OrganisationFactory,
    OutboxMessageFactory,
    PersonFactory,
    ReferralFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    StandInAskFactory,
    TalkRequestFactory,
    UserFactory,
    days,
)
from tests.web.html import faults

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")
NOW = timezone.now()


def ago(number: int) -> Any:
    return NOW - timedelta(days=number)


def seat(number: int, **more: Any) -> Enrolment:
    """A seat that was over so many days ago, of a registration just as old."""
    registration = RegistrationFactory(state="finished", registered_at=ago(number))
    return EnrolmentFactory(
        registration=registration, state="completed", changed_at=ago(number), **more
    )


def gone(dry_run: bool = False) -> dict[str, int]:
    """Rows that went (or would), by kind."""
    found = tidy_up(actor=ACTOR, dry_run=dry_run)
    return {one.kind.key: one.rows for one in found if one.rows}


def a_bit_of_everything(age: int) -> None:
    """One row of each kind, so old."""
    registration = RegistrationFactory(state="withdrawn", registered_at=ago(age))
    Registration.objects.filter(pk=registration.pk).update(registered_at=ago(age))
    seat(age)
    StandInAskFactory()
    OutboxMessageFactory(
        created_at=ago(age), state="sent", sent_at=ago(age),
        approved_by="7", approved_at=ago(age),
    )  # fmt: skip
    ReferralFactory(state="advised", advised_at=ago(age))
    TalkRequestFactory(state="done", closed_at=ago(age), asked_at=ago(age + 1))
    day = timezone.localdate(ago(age)).isoformat()
    ConsultationFactory(state="withdrawn", wished_days=days(day, day))
    person = PersonFactory()
    FeedToken.objects.create(
        kind="resident", person=person, token_hash="f" * 64, revoked_at=ago(age)
    )
    run = PlanningRun.objects.create(
        first_date=ago(age).date(), last_date=ago(age).date(), state="done",
        problem={"facts": 1}, asked_at=ago(age),
    )  # fmt: skip
    schedule = Schedule.objects.create(
        first_date=run.first_date, last_date=run.last_date, state="archived"
    )
    release = Release.objects.create(
        schedule=schedule,
        released_at=ago(age),
        changes=[{"what": "moved", "persons": [person.pk]}],
    )
    ChangedSeatFactory(release=release)


KINDS = {
    "addresses", "consultations", "messages", "referrals", "registrations", "releases",
    "run-files", "seats", "talks",
}  # fmt: skip


def test_each_kind_goes_after_its_time_and_not_before() -> None:
    a_bit_of_everything(100)
    assert gone() == {}
    FeedToken.objects.all().delete()
    a_bit_of_everything(400)
    counted = gone(dry_run=True)
    assert set(counted) >= KINDS
    rows = Enrolment.objects.count(), OutboxMessage.objects.count()
    assert gone(dry_run=True) == counted
    assert (Enrolment.objects.count(), OutboxMessage.objects.count()) == rows
    assert not RetentionRun.objects.filter(erased__has_key="seats").exists()
    assert gone() == counted
    assert Enrolment.objects.count() == rows[0] - 1
    releases = Release.objects.order_by("released_at")
    assert [len(one.changes[0]["persons"]) for one in releases] == [0, 1]
    assert [one.changed_seats.count() for one in releases] == [0, 1]
    assert PlanningRun.objects.filter(problem__isnull=True).count() == 1
    assert RetentionRun.objects.first().erased == counted  # type: ignore[union-attr]
    assert gone() == {}


def test_each_act_is_logged_without_names_or_numbers_of_persons() -> None:
    seat(400)
    gone()
    lines = AuditEvent.objects.filter(event_code="retention.erase")
    assert {one.object_id for one in lines} >= {"seats"}
    assert all(one.subject_ids == [] for one in lines)


def test_an_organisation_may_keep_shorter_or_longer() -> None:
    short, long = OrganisationFactory(), OrganisationFactory()
    by = UserFactory(role=Role.PRIVACY_OFFICER)
    for organisation, number in ((short, 60), (long, 700)):
        set_period(
            actor=ACTOR, by=by, kind="seats", days=number, organisation=organisation
        )
    kept = seat(400, series=_series(long))
    seat(100, series=_series(short))
    other = seat(100)
    assert gone()["seats"] == 1
    assert set(Enrolment.objects.all()) == {kept, other}


def _series(organisation: Any) -> Any:
    offering = OfferingFactory(organisation=organisation)
    return SeriesFactory(published=True, offering=offering)


def test_what_is_of_somebody_whose_erasure_waits_stays() -> None:
    kept = seat(400)
    tomorrow = timezone.localdate() + timedelta(days=1)
    request = ErasureRequestFactory(
        person=kept.resident.person,
        hold_reason="complaint",
        hold_until=tomorrow,
        held_at=NOW,
    )
    assert "seats" not in gone()
    request.hold_until = timezone.localdate()
    request.save()
    assert gone()["seats"] == 1


def test_who_waits_long_is_only_counted() -> None:
    RegistrationFactory(state="waiting", registered_at=ago(200))
    assert gone() == {"waiting": 1}
    assert Registration.objects.filter(state="waiting").count() == 1


def test_a_resident_of_whom_nothing_is_left_goes_in_time() -> None:
    empty, fresh, leads, waits, seen = (ResidentFactory() for _number in range(5))
    FacilitatorFactory(person=leads.person)
    RegistrationFactory(resident=waits)
    fresh.person.user = UserFactory(role=Role.RESIDENT)
    fresh.person.save()
    AuditEvent.objects.create(
        event_code="person.read", action="R", actor_id="7", purpose="care",
        subject_ids=[str(seen.person_id)],
    )  # fmt: skip
    assert "persons" in gone()
    left = {waits.pk, fresh.pk, leads.pk, seen.pk}
    people = Person.objects.filter(resident__isnull=False)
    assert set(people.values_list("resident", flat=True)) == left
    assert not Person.objects.filter(pk=empty.person_id).exists()


def test_the_log_goes_after_five_years() -> None:
    AuditEvent.objects.create(
        event_code="x", action="R", actor_id="7", purpose="care", at=ago(1830)
    )
    assert gone()["log"] == 1


def test_a_number_too_low_too_high_or_of_nothing_is_refused() -> None:
    by, elsewhere = UserFactory(), OrganisationFactory()
    for given in (
        {"kind": "seats", "days": 29},
        {"kind": "seats", "days": 7306},
        {"kind": "log", "days": 365},
        {"kind": "hats", "days": 365},
        {"kind": "messages", "days": 365, "organisation": elsewhere},
    ):
        with pytest.raises(ValidationError):
            set_period(actor=ACTOR, by=by, **given)
    assert not RetentionPeriod.objects.exists()
    for number in (365, 400):
        set_period(actor=ACTOR, by=by, kind="seats", days=number)
    assert RetentionPeriod.objects.get().days == 400


def test_two_kinds_of_one_name_are_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_KINDS", {})
    one = RetentionKind(
        key="x", title="x", counts_from="x", why="x", days=1, expire=lambda _a, _t: {}
    )
    add_kind(one)
    add_kind(one)
    with pytest.raises(ValueError, match="'x'"):
        add_kind(
            RetentionKind(
                key="x", title="y", counts_from="", why="", days=1, expire=one.expire
            )
        )


def test_the_command_says_first_and_erases_when_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seat(400)
    call_command("tidy_up")
    said = capsys.readouterr().out
    assert "seats, after 365 days: would go courses.Enrolment 1" in said
    assert Enrolment.objects.count() == 1
    call_command("tidy_up", "--really")
    assert "erased courses.Enrolment 1" in capsys.readouterr().out
    assert Enrolment.objects.count() == 0


def test_the_page_counts_sets_and_shows(client: Client) -> None:
    seat(400)
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER))
    path = "/bewaartermijnen/"
    assert faults(client.get(path).content.decode()) == []
    looked = client.post(path, {"act": "look"}).content.decode()
    assert faults(looked) == []
    assert str(Enrolment._meta.verbose_name_plural) in looked
    assert Enrolment.objects.count() == 1
    for odd in ("", "x", "12", "999999", "٣٦٥"):
        given = {"act": "period", "kind": "seats", "days": odd}
        assert client.post(path, given).status_code == 422
    assert client.post(path, {"kind": "seats", "days": "500"}).status_code == 302
    org = OrganisationFactory()
    given = {"kind": "seats", "days": "90", "organisation": org.code}
    assert client.post(path, given).status_code == 302
    assert client.post(path, given | {"organisation": "nobody"}).status_code == 422
    gone()
    text = client.get(path).content.decode()
    assert faults(text) == []
    assert "500" in text
    assert org.name in text
