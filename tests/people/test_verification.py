"""A referrer is checked by somebody else, for a year; before that no form is open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from people.enums import Role
from people.models import Verification
from people.services.verification import (
    end_verification,
    state_of,
    verified_organisations,
    verify,
)
from tests.factories import (
    OrganisationFactory,
    PersonFactory,
    UserFactory,
    VerificationFactory,
)
from tests.refusals import refused_by
from tests.web.html import faults

pytestmark = pytest.mark.django_db
AGB = {"register": "agb", "number": "01 234 567", "how": "looked_up"}


@pytest.fixture
def gp() -> Any:
    return UserFactory(role=Role.REFERRER, organisation=OrganisationFactory())


@pytest.fixture
def desk() -> Any:
    return UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR)


def practice(user: Any) -> Any:
    return user.memberships.get().organisation


def check(desk: Any, user: Any, **other: Any) -> Verification:
    return verify(
        actor=Actor.of(desk),
        by=desk,
        user=user,
        organisation=practice(user),
        **(AGB | other),
    )


def test_a_check_says_by_whom_when_and_how_and_lapses(desk: Any, gp: Any) -> None:
    assert verified_organisations(user=gp) == frozenset()
    row = check(desk, gp)
    assert (row.verified_by, row.register, row.number, row.how) == (
        desk, "agb", "01234567", "looked_up",
    )  # fmt: skip
    assert row.expires_on == timezone.localdate() + timedelta(days=365)
    assert verified_organisations(user=gp) == {practice(gp).pk}
    assert verified_organisations(user=gp, today=row.expires_on)
    later = row.expires_on + timedelta(days=1)
    assert verified_organisations(user=gp, today=later) == frozenset()
    line = AuditEvent.objects.get(event_code="verification.create")
    assert (line.actor_id, line.object_id) == (str(desk.pk), str(row.pk))


def test_a_check_again_ends_the_one_before_and_keeps_it(desk: Any, gp: Any) -> None:
    first, second = check(desk, gp), check(desk, gp, how="called_back")
    first.refresh_from_db()
    assert first.ended_at == second.verified_at
    assert Verification.objects.count() == 2
    assert end_verification(actor=Actor.of(desk), user=gp, organisation=practice(gp))
    assert not end_verification(
        actor=Actor.of(desk), user=gp, organisation=practice(gp)
    )
    assert verified_organisations(user=gp) == frozenset()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("number", {"number": "1234567"}),
        ("number", {"number": "123456789"}),
        ("number", {"number": "0123456a"}),
        ("number", {"number": "٠١٢٣٤٥٦٧"}),
        ("number", {"number": ""}),
        ("number", {"register": "big"}),
        ("number", {"register": "organisation"}),
        ("register", {"register": "phone book"}),
        ("how", {"how": "a feeling"}),
    ],
)
def test_a_number_that_is_none_is_refused_by_name(
    desk: Any, gp: Any, field: str, given: dict[str, str]
) -> None:
    with pytest.raises(ValidationError) as error:
        check(desk, gp, **given)
    assert field in error.value.message_dict
    assert not Verification.objects.exists()


def test_nobody_checks_himself_or_who_has_no_such_role(desk: Any, gp: Any) -> None:
    with pytest.raises(ValidationError):
        check(gp, gp)
    with pytest.raises(ValidationError):
        verify(
            actor=Actor.of(desk), by=desk, user=gp,
            organisation=OrganisationFactory(), **AGB,
        )  # fmt: skip
    row = VerificationFactory(verified_by=desk)
    with refused_by("people_verification_by_other"):
        Verification.objects.filter(pk=row.pk).update(verified_by=row.user)
    with refused_by("people_verification_number"):
        Verification.objects.filter(pk=row.pk).update(number="1")


def test_what_a_check_is_worth() -> None:
    today = date(2026, 11, 22)
    row = VerificationFactory.build(
        user=None, organisation=None, expires_on=today, ended_at=None
    )
    assert state_of(None, today) == "never"
    assert state_of(row, today) == "soon"
    assert state_of(row, today - timedelta(days=31)) == "counts"
    assert state_of(row, today + timedelta(days=1)) == "lapsed"
    row.ended_at = timezone.now()
    assert state_of(row, today) == "ended"


def test_the_page_checks_and_ends(client: Client, desk: Any, gp: Any) -> None:
    PersonFactory(user=gp, call_name="Huisarts Bos")
    client.force_login(desk)
    listed = client.get("/verwijzers/").content.decode()
    assert faults(listed) == []
    assert "Huisarts Bos" in listed
    path = f"/verwijzers/{gp.memberships.get().pk}/"
    assert faults(client.get(path).content.decode()) == []
    assert client.post(path, AGB | {"number": "1"}).status_code == 422
    assert client.post(path, AGB).status_code == 302
    assert verified_organisations(user=gp)
    assert faults(client.get("/verwijzers/").content.decode()) == []
    assert client.post(path, {"act": "end"}).status_code == 302
    assert not verified_organisations(user=gp)


def test_an_administrator_of_another_organisation_does_not_find_it(
    client: Client, gp: Any
) -> None:
    client.force_login(
        UserFactory(
            role=Role.FUNCTIONAL_ADMINISTRATOR, organisation=OrganisationFactory()
        )
    )
    path = f"/verwijzers/{gp.memberships.get().pk}/"
    assert client.get(path).status_code == 404
    assert client.post(path, AGB).status_code == 404
    assert not Verification.objects.exists()


def test_the_list_asks_as_much_for_three_as_for_one(
    client: Client, desk: Any, gp: Any
) -> None:
    client.force_login(desk)
    numbers = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as caught:
            client.get("/verwijzers/")
        numbers.append(len(caught))
        for _one in range(2):
            check(desk, UserFactory(role=Role.REFERRER, organisation=practice(gp)))
    assert numbers[0] == numbers[1]
