"""Keeping leaders: what they may lead and carry; whoever looks is in the log."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from people.enums import Role
from people.models import Facilitator, Person
from tests.factories import (
    CertificateFactory,
    FacilitatorFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    QualificationFactory,
    ResidentFactory,
    SeriesLeaderFactory,
    SessionFactory,
    SessionLeaderFactory,
)
from tests.publishing.facts_pages import ahead, form_of, page, send, signed_in

pytestmark = pytest.mark.django_db
LEADERS = "/gegevens/begeleiders/"


def of(row: Facilitator) -> str:
    return reverse("publishing:facts_leader", args=[row.pk])


def named(name: str, **more: Any) -> Facilitator:
    return FacilitatorFactory(person__call_name=name, **more)


def test_leaders_are_searched_by_name_without_a_name_in_the_address() -> None:
    wanted, other = named("Joris"), named("Saar")
    client = signed_in()
    answer = client.post(LEADERS, {"act": "search", "naam": "jor"})
    assert answer["Location"] == LEADERS
    found = page(client, LEADERS)
    assert "Joris</a>" in found
    assert "Saar</a>" not in found
    event = AuditEvent.objects.get(event_code="facilitator.search")
    assert event.subject_ids == [str(wanted.person_id)]
    client.post(LEADERS, {"act": "forget"})
    assert "Saar</a>" in page(client, LEADERS)
    listed = AuditEvent.objects.filter(event_code="facilitator.list").last()
    assert listed is not None
    assert set(listed.subject_ids) == {str(wanted.person_id), str(other.person_id)}


def test_leaders_are_narrowed() -> None:
    held = CertificateFactory(facilitator=named("Joris"))
    named("Saar", staff_roles=["host"], active=False)
    client = signed_in()
    for query in ("rol=host", "actief=nee"):
        found = page(client, f"{LEADERS}?{query}")
        assert ("Joris</a>" in found, "Saar</a>" in found) == (False, True)
    found = page(client, f"{LEADERS}?bevoegd={held.qualification_id}")
    assert ("Joris</a>" in found, "Saar</a>" in found) == (True, False)


def test_the_list_asks_as_much_for_one_as_for_three() -> None:
    client, counts = signed_in(), []
    for number in (1, 2):
        for _one in range(number):
            CertificateFactory(facilitator=FacilitatorFactory())
        with CaptureQueriesContext(connection) as seen:
            page(client, LEADERS)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


def test_a_leader_of_others_is_not_there() -> None:
    row = named("Zilverlinde")
    client = signed_in(OrganisationFactory())
    assert "Zilverlinde" not in page(client, LEADERS)
    assert client.get(of(row)).status_code == 404
    event = AuditEvent.objects.get(result="refused")
    assert (event.object_kind, event.object_id) == ("facilitator", str(row.pk))
    assert not AuditEvent.objects.filter(event_code="facilitator.read", result="ok")


def test_looking_at_a_leader_is_logged_and_the_title_has_no_name() -> None:
    row = named("Zilverlinde")
    html = page(signed_in(), of(row))
    assert "Zilverlinde" not in html.split("</title>")[0]
    event = AuditEvent.objects.get(event_code="facilitator.read")
    assert event.subject_ids == [str(row.person_id)]


def test_a_leader_is_changed_with_certificates() -> None:
    row = FacilitatorFactory()
    base, wrap = PlaceFactory(), QualificationFactory()
    send(
        signed_in(),
        of(row),
        call_name="Joris",
        languages=["nl", "ar"],
        staff_roles=["host", "trainer"],
        travel_base=str(base.pk),
        max_minutes_per_week="480",
        max_days_per_week="2",
        **{
            "certificates-0-qualification": str(wrap.pk),
            "certificates-0-first": "2026-01-01",
            "certificates-0-last": "2027-12-31",
        },
    )
    row = Facilitator.objects.select_related("person").get(pk=row.pk)
    assert (row.person.call_name, row.person.languages) == ("Joris", ["ar", "nl"])
    assert (row.staff_roles, row.travel_base) == (["host", "trainer"], base)
    assert (row.max_minutes_per_week, row.max_days_per_week) == (480, 2)
    held = row.certificates.get()
    assert (held.valid.lower, held.valid.upper) == (date(2026, 1, 1), date(2028, 1, 1))
    event = AuditEvent.objects.get(event_code="facilitator.update")
    assert event.subject_ids == [str(row.person_id)]


def test_certificates_stay_as_they_are_when_nothing_is_changed() -> None:
    row = CertificateFactory().facilitator
    before = row.certificates.get().valid
    send(signed_in(), of(row))
    after = row.certificates.get().valid
    assert (after.lower, after.upper) == (before.lower, before.upper)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_minutes_per_week": "5"},
        {"staff_roles": []},
        {"call_name": ""},
        {"contact_channel": "email", "contact_address": ""},
        {"certificates-0-last": "2027-01-01"},
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(wrong: dict[str, Any]) -> None:
    row = FacilitatorFactory(person__call_name="Joris")
    answer = send(signed_in(), of(row), 422, **{"alias": "Jo"} | wrong)
    assert "gem-summary" in answer.content.decode()
    row.person.refresh_from_db()
    assert row.person.alias == ""


def test_a_certificate_that_ends_before_it_begins_is_refused() -> None:
    row, wrap = FacilitatorFactory(), QualificationFactory()
    line = {
        "certificates-0-qualification": str(wrap.pk),
        "certificates-0-first": "2027-01-01",
        "certificates-0-last": "2026-01-01",
    }
    send(signed_in(), of(row), 422, **line)
    assert not row.certificates.exists()


def test_a_stale_leader_is_not_overwritten() -> None:
    row = FacilitatorFactory()
    client, other = signed_in(), signed_in()
    mine = form_of(page(client, of(row))) | {"alias": "Jo"}
    send(other, of(row), max_days_per_week="1")
    answer = client.post(of(row), mine)
    assert answer.status_code == 409
    row.person.refresh_from_db()
    assert row.person.alias == ""


def test_data_that_another_organisation_keeps_are_not_asked() -> None:
    own = OrganisationFactory()
    row = FacilitatorFactory(person=PersonFactory(alias="Jo"), organisation=own)
    client = signed_in(own)
    assert 'name="contact_address"' not in page(client, of(row))
    send(client, of(row), alias="Anders", max_days_per_week="3")
    row.refresh_from_db()
    row.person.refresh_from_db()
    assert (row.person.alias, row.max_days_per_week) == ("Jo", 3)


def test_how_to_reach_a_leader_is_for_coordinators() -> None:
    row = FacilitatorFactory(person=PersonFactory(contact_address="a@example.org"))
    client = signed_in(role=Role.FUNCTIONAL_ADMINISTRATOR)
    html = page(client, of(row))
    assert 'name="contact_address"' not in html
    assert "a@example.org" not in html
    send(client, of(row), contact_address="b@example.org", max_days_per_week="3")
    row.refresh_from_db()
    row.person.refresh_from_db()
    assert (row.person.contact_address, row.max_days_per_week) == ("a@example.org", 3)
    assert f"{LEADERS}nieuw/" not in page(client, LEADERS)
    assert client.get(f"{LEADERS}nieuw/").status_code == 403
    assert f"{LEADERS}nieuw/" in page(signed_in(), LEADERS)


def test_somebody_who_leads_is_not_deleted_and_can_be_made_not_active() -> None:
    session = SessionFactory(period=ahead(7))
    row = SessionLeaderFactory(session=session).facilitator
    SeriesLeaderFactory(series=session.series, facilitator=row)
    client = signed_in()
    assert 'value="delete"' not in page(client, of(row))
    assert client.post(of(row), {"act": "delete"}).status_code == 409
    data = form_of(page(client, of(row)))
    del data["active"]
    answer = client.post(of(row), data, follow=True)
    assert "utrecht-alert--warning" in answer.content.decode()
    row.refresh_from_db()
    assert not row.active


def test_a_leader_made_by_mistake_goes_with_the_person() -> None:
    row = CertificateFactory().facilitator
    also = FacilitatorFactory(person=ResidentFactory().person)
    client = signed_in()
    send(client, of(row), act="delete")
    send(client, of(also), act="delete")
    assert not Facilitator.objects.exists()
    assert list(Person.objects.all()) == [also.person]


def test_a_new_leader_of_the_own_organisation() -> None:
    own, other = OrganisationFactory(), OrganisationFactory()
    client = signed_in(own)
    page(client, f"{LEADERS}nieuw/")
    data = {
        "call_name": "Joris",
        "contact_channel": "email",
        "contact_address": "joris@example.org",
        "languages": ["nl"],
        "organisation": own.pk,
        "staff_roles": ["trainer"],
    }
    wrong = client.post(f"{LEADERS}nieuw/", data | {"organisation": other.pk})
    assert wrong.status_code == 422
    wrong = client.post(f"{LEADERS}nieuw/", data | {"contact_address": ""})
    assert wrong.status_code == 422
    assert not Person.objects.exists()
    answer = client.post(f"{LEADERS}nieuw/", data)
    row = Facilitator.objects.get()
    assert answer["Location"] == of(row)
    assert (row.person.organisation, row.staff_roles) == (own, ["trainer"])
