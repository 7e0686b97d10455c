"""Keeping the offer and its series: found, changed, refused, stopped, and logged."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from courses.models import Offering
from people.enums import Role
from tests.factories import (
    OfferingFactory,
    OfferingStaffNeedFactory,
    OrganisationFactory,
    QualificationFactory,
    SeriesFactory,
    ThemeFactory,
    UserFactory,
    feature,
)
from tests.publishing.facts_pages import (
    SERIES,
    form_of,
    of_series,
    page,
    send,
    signed_in,
)

pytestmark = pytest.mark.django_db
OFFER = "/gegevens/aanbod/"


def of_offering(row: Offering) -> str:
    return reverse("publishing:facts_offering", args=[row.pk])


# --- Lists ----------------------------------------------------------------------------


def test_the_offer_is_searched_and_narrowed() -> None:
    OfferingFactory(title_nl="Beter slapen", kind="peer_group")
    OfferingFactory(title_nl="Omgaan met geld", in_catalogue=False)
    client = signed_in()
    assert "Beter slapen" in page(client, OFFER)
    found = page(client, f"{OFFER}?zoek=GELD")
    assert "Omgaan met geld" in found
    assert "Beter slapen</a>" not in found
    assert "Omgaan met geld</a>" not in page(client, f"{OFFER}?zichtbaar=ja")
    assert "Omgaan met geld</a>" not in page(client, f"{OFFER}?soort=peer_group")
    assert "gem-empty" in page(client, f"{OFFER}?zoek=onzin")


def test_a_long_offer_has_pages() -> None:
    owner = OrganisationFactory()
    for _number in range(27):
        OfferingFactory(organisation=owner)
    client = signed_in()
    assert page(client, OFFER).count('<tr><th scope="row">') == 25
    assert page(client, f"{OFFER}?page=2").count('<tr><th scope="row">') == 2


def test_series_to_be_planned_and_running_come_first() -> None:
    SeriesFactory(offering__title_nl="Nog te plannen")
    SeriesFactory(offering__title_nl="Voorbij", state="finished")
    client = signed_in()
    first = page(client, SERIES)
    assert "Nog te plannen</a>" in first
    assert "Voorbij</a>" not in first
    assert "Voorbij</a>" in page(client, f"{SERIES}?staat=alle")


def test_another_organisation_is_not_there_and_that_is_logged() -> None:
    own, other = OrganisationFactory(), OrganisationFactory()
    mine = OfferingFactory(organisation=own, title_nl="Van ons")
    theirs = OfferingFactory(organisation=other, title_nl="Van hen")
    series = SeriesFactory(offering=theirs)
    client = signed_in(own)
    assert "Van hen" not in page(client, OFFER)
    assert "Van ons" in page(client, of_offering(mine))
    for address, kind, key in (
        (of_offering(theirs), "offering", theirs.pk),
        (of_series(series), "series", series.pk),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"act": "delete"}).status_code == 404
        event = AuditEvent.objects.filter(object_kind=kind, result="refused").last()
        assert event is not None
        assert event.object_id == str(key)
    assert Offering.objects.filter(pk=theirs.pk).exists()


def test_an_organisation_out_of_reach_cannot_be_chosen() -> None:
    own, other = OrganisationFactory(), OrganisationFactory()
    row = OfferingFactory(organisation=own)
    send(signed_in(own), of_offering(row), 422, organisation=str(other.pk))
    row.refresh_from_db()
    assert row.organisation == own


# --- One offering ---------------------------------------------------------------------


def test_an_offering_is_changed_and_that_is_logged() -> None:
    row = OfferingFactory(title_nl="Oud", required_features=["step-free"])
    theme = ThemeFactory()
    quiet = feature("quiet")
    client = signed_in()
    send(
        client,
        of_offering(row),
        title_nl="Nieuw",
        title_en="New",
        summary_nl="Wat je leert.",
        themes=[str(theme.pk)],
        required_features=[quiet.pk],
        over_enrolment="2",
    )
    row.refresh_from_db()
    assert (row.title_nl, row.title_en, row.over_enrolment) == ("Nieuw", "New", 2)
    assert list(row.themes.all()) == [theme]
    assert list(row.required_features.all()) == [quiet]
    event = AuditEvent.objects.get(event_code="offering.update")
    assert event.object_id == str(row.pk)


def test_staff_that_is_needed_is_changed_line_by_line() -> None:
    row = OfferingFactory()
    OfferingStaffNeedFactory(offering=row)
    wrap = QualificationFactory()
    client = signed_in()
    send(
        client,
        of_offering(row),
        **{
            "staff_needs-0-count": "2",
            "staff_needs-1-roles": ["trainer", "coach"],
            "staff_needs-1-qualification": str(wrap.pk),
            "staff_needs-1-count": "1",
            "staff_needs-1-from_size": "8",
        },
    )
    found = [
        (sorted(one.roles), one.qualification_id, one.count, one.from_size)
        for one in row.staff_needs.all()
    ]
    assert found == [
        (["expert_by_experience"], None, 2, 0),
        (["coach", "trainer"], wrap.pk, 1, 8),
    ]


def test_a_half_line_names_what_is_missing() -> None:
    row = OfferingFactory()
    changes = {"staff_needs-0-roles": ["trainer"]}
    html = send(signed_in(), of_offering(row), 422, **changes).content.decode()
    assert "gem-summary" in html
    assert 'href="#id_staff_needs-0-count"' in html
    assert not row.staff_needs.exists()


def test_what_the_database_refuses_is_told_and_nothing_is_kept() -> None:
    row = OfferingFactory(title_nl="Oud")
    wrong = {"title_nl": "Nieuw", "size_min": "20", "size_max": "3"}
    answer = send(signed_in(), of_offering(row), 422, **wrong)
    assert "gem-summary" in answer.content.decode()
    row.refresh_from_db()
    assert (row.title_nl, row.size_max) == ("Oud", 10)


def test_the_kind_stays_when_there_are_series() -> None:
    row = SeriesFactory().offering
    client = signed_in()
    assert "disabled" in page(client, of_offering(row))
    send(client, of_offering(row), kind="drop_in", title_nl="Toch anders")
    row.refresh_from_db()
    assert (row.kind, row.title_nl) == ("recovery_course", "Toch anders")


def test_a_stale_form_shows_both_and_is_saved_when_sent_again() -> None:
    row = OfferingFactory(title_nl="Oud", size_max=10)
    client, other = signed_in(), signed_in()
    mine = form_of(page(client, of_offering(row))) | {"title_nl": "Van mij"}
    send(other, of_offering(row), title_nl="Van een ander", size_max="12")
    answer = client.post(of_offering(row), mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Van een ander" in html
    assert 'value="Van mij"' in html
    row.refresh_from_db()
    assert (row.title_nl, row.size_max) == ("Van een ander", 12)
    assert client.post(of_offering(row), form_of(html)).status_code == 302
    row.refresh_from_db()
    assert (row.title_nl, row.size_max) == ("Van mij", 10)


def test_a_form_without_a_version_is_stale() -> None:
    row = OfferingFactory(title_nl="Oud")
    client = signed_in()
    data = form_of(page(client, of_offering(row))) | {"title_nl": "Nieuw"}
    del data["version"]
    assert client.post(of_offering(row), data).status_code == 409
    row.refresh_from_db()
    assert row.title_nl == "Oud"


def test_an_offering_is_shown_only_with_a_text_and_can_be_hidden() -> None:
    row = OfferingFactory(in_catalogue=False, summary_nl="")
    client = signed_in()
    send(client, of_offering(row), 409, act="show")
    row.summary_nl = "Wat je leert."
    row.save()
    send(client, of_offering(row), act="show")
    row.refresh_from_db()
    assert row.in_catalogue
    send(client, of_offering(row), act="hide")
    row.refresh_from_db()
    assert not row.in_catalogue


def test_an_offering_with_series_is_not_deleted_but_says_why() -> None:
    row = SeriesFactory().offering
    client = signed_in()
    html = page(client, of_offering(row))
    assert 'value="delete"' not in html
    assert "(1)" in html
    assert client.post(of_offering(row), {"act": "delete"}).status_code == 409
    assert Offering.objects.filter(pk=row.pk).exists()


def test_an_offering_made_by_mistake_is_deleted() -> None:
    row = OfferingStaffNeedFactory().offering
    send(signed_in(), of_offering(row), act="delete")
    assert not Offering.objects.filter(pk=row.pk).exists()
    assert AuditEvent.objects.filter(event_code="offering.delete").count() == 1


def test_a_new_offering_begins_as_is_usual_for_its_kind_and_hidden() -> None:
    owner = OrganisationFactory()
    OfferingFactory(code="beter-slapen")
    client = signed_in(owner)
    answer = client.post(
        f"{OFFER}nieuw/",
        {
            "title_nl": "Beter slapen",
            "kind": "group_treatment",
            "format": "online",
            "organisation": owner.pk,
        },
    )
    made = Offering.objects.get(organisation=owner)
    assert answer["Location"] == of_offering(made)
    assert (made.code, made.in_catalogue) == ("beter-slapen-2", False)
    assert made.size_max == made.policy.size[1]
    assert [one.count for one in made.staff_needs.all()] == [2]


def test_a_new_offering_without_a_title_says_so() -> None:
    OrganisationFactory()
    client = signed_in()
    page(client, f"{OFFER}nieuw/")
    answer = client.post(f"{OFFER}nieuw/", {"kind": "drop_in"})
    assert answer.status_code == 422
    assert "gem-summary" in answer.content.decode()
    assert not Offering.objects.exists()


# --- Who, and how much it asks of the database ----------------------------------------


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.CENTRE_MANAGER, Role.REFERRER])
def test_others_do_not_keep_facts(client: Client, role: Role) -> None:
    client.force_login(UserFactory(role=role))
    assert client.get(OFFER).status_code == 403


@pytest.mark.parametrize("address", [OFFER, SERIES])
def test_a_list_asks_as_much_for_one_as_for_three(
    address: str, django_assert_num_queries: Any
) -> None:
    client, counts = signed_in(), []
    for number in (1, 2):
        for _one in range(number):
            SeriesFactory(published=True)
        with CaptureQueriesContext(connection) as seen:
            page(client, address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12
