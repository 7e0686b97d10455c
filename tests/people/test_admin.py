"""Every admin page keeps to the account's scope and leaves a line in the log."""

import json

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.admin_base import ScopedLoggingAdmin, as_cell
from audit.models import AuditEvent
from people.enums import Role
from people.models import KeepPair, Person, RoleMembership
from tests.factories import (
    AvailabilityWindowFactory,
    EnrolmentFactory,
    FacilitatorFactory,
    KeepPairFactory,
    OrganisationFactory,
    OutboxMessageFactory,
    PersonFactory,
    ReferralFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesLeaderFactory,
    SessionLeaderFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
OWN_APPS = {"audit", "people", "rooms", "courses", "intake", "messaging"}


def pages():
    return [
        page
        for model, page in admin.site._registry.items()
        if model._meta.app_label in OWN_APPS
    ]


def url(page: ScopedLoggingAdmin, view: str, *args) -> str:
    return reverse(
        f"admin:{page.opts.app_label}_{page.opts.model_name}_{view}", args=args
    )


def as_role(role: str, organisation=None) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, organisation=organisation, is_staff=True))
    return client


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def coordinator(organisation) -> Client:
    return as_role(Role.COORDINATOR, organisation)


def events(code: str):
    return AuditEvent.objects.filter(event_code=code)


def test_every_own_page_has_the_base_class() -> None:
    assert [page for page in pages() if not isinstance(page, ScopedLoggingAdmin)] == []
    assert len(pages()) >= 20


@pytest.mark.parametrize("role", [*Role])
def test_no_page_breaks_for_any_role(role: str) -> None:
    client = as_role(role)
    for page in pages():
        answer = client.get(url(page, "changelist"))
        may = role in page.view_roles | page.change_roles
        assert (page, answer.status_code) == (page, 200 if may else 403)


def test_nobody_without_a_role_sees_a_page() -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    answers = {client.get(url(page, "changelist")).status_code for page in pages()}
    assert answers == {403}


# One row of each kind that leads to a person, and the way to its organisation.
MADE = {
    "person": lambda own: PersonFactory(organisation=own),
    "resident": lambda own: ResidentFactory(person__organisation=own),
    "facilitator": lambda own: FacilitatorFactory(person__organisation=own),
    "keeppair": lambda own: KeepPairFactory(person_a__organisation=own),
    "series": lambda own: (
        SeriesLeaderFactory(series__offering__organisation=own).series
    ),
    "session": lambda own: (
        SessionLeaderFactory(session__series__offering__organisation=own).session
    ),
    "registration": lambda own: RegistrationFactory(resident__person__organisation=own),
    "enrolment": lambda own: EnrolmentFactory(series__offering__organisation=own),
    "referral": lambda own: ReferralFactory(resident__person__organisation=own),
    "outboxmessage": lambda own: OutboxMessageFactory(recipient__organisation=own),
}


@pytest.mark.parametrize("kind", MADE)
def test_rows_of_another_organisation_are_not_there(
    kind: str, organisation, coordinator
) -> None:
    page = next(one for one in pages() if one.opts.model_name == kind)
    mine = MADE[kind](organisation)
    theirs = MADE[kind](OrganisationFactory())
    listed = coordinator.get(url(page, "changelist")).context_data["cl"].result_list
    assert [row.pk for row in listed] == [mine.pk]
    assert coordinator.get(url(page, "change", mine.pk)).status_code == 200
    refused = coordinator.get(url(page, "change", theirs.pk))
    assert refused.status_code == 302
    assert coordinator.get(url(page, "history", theirs.pk)).status_code == 302
    seen = events("admin.view").get(result="success")
    assert seen.subject_ids == [str(pk) for pk in page._subjects([mine.pk])]
    assert len(seen.subject_ids) > 0
    assert events("admin.view").filter(result="refused").count() == 2


def test_a_page_refused_for_want_of_a_role_is_written_down() -> None:
    client = Client()
    client.force_login(UserFactory(role=Role.CENTRE_MANAGER, is_staff=True))
    page = admin.site._registry[Person]
    person = PersonFactory()
    for address in (
        url(page, "changelist"),
        url(page, "change", person.pk),
        url(page, "history", person.pk),
        url(page, "delete", person.pk),
    ):
        assert client.get(address).status_code in (302, 403), address
    refused = events("admin.view").filter(result="refused", subject_ids=[])
    assert refused.count() == 4
    assert refused.filter(object_id=str(person.pk)).count() == 3


@pytest.mark.parametrize("key", ["x" * 300, "%00", "😀" * 80])
def test_a_made_up_key_is_refused_and_written_down(coordinator, key: str) -> None:
    page = admin.site._registry[Person]
    assert coordinator.get(url(page, "change", key)).status_code == 302
    assert events("admin.view").filter(result="refused").count() == 1


def test_region_wide_role_sees_all_organisations() -> None:
    PersonFactory.create_batch(2)
    answer = as_role(Role.COORDINATOR).get(reverse("admin:people_person_changelist"))
    assert len(answer.context_data["cl"].result_list) == 2


def test_list_and_search_are_logged_with_who_was_on_the_page(
    organisation, coordinator
) -> None:
    anna = PersonFactory(organisation=organisation, call_name="Anna")
    piet = PersonFactory(organisation=organisation, call_name="Piet")
    PersonFactory(call_name="Anna elsewhere")
    address = reverse("admin:people_person_changelist")
    coordinator.get(address)
    coordinator.get(address, {"q": "Anna"})
    listed, searched = events("admin.list").get(), events("admin.search").get()
    assert sorted(listed.subject_ids) == sorted([str(anna.pk), str(piet.pk)])
    assert searched.subject_ids == [str(anna.pk)]
    assert listed.where == "admin:people_person_changelist"
    assert "coordinator" in listed.actor_role
    assert listed.actor_organisation == organisation.code


def test_choosing_a_person_in_a_form_keeps_to_scope_and_is_logged(
    organisation, coordinator
) -> None:
    mine = PersonFactory(organisation=organisation, call_name="Anna")
    PersonFactory(call_name="Anna")
    answer = coordinator.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "people",
            "model_name": "resident",
            "field_name": "person",
            "term": "Anna",
        },
    )
    assert [one["id"] for one in json.loads(answer.content)["results"]] == [
        str(mine.pk)
    ]
    assert events("admin.search").get().subject_ids == [str(mine.pk)]


def test_a_person_of_another_organisation_cannot_be_posted_into_a_form(
    organisation, coordinator
) -> None:
    mine = PersonFactory(organisation=organisation)
    theirs = PersonFactory()
    data = {"kind": "apart", "person_a": mine.pk, "person_b": theirs.pk}
    answer = coordinator.post(reverse("admin:people_keeppair_add"), data)
    assert answer.status_code == 200
    assert KeepPair.objects.count() == 0


def person_form(person: Person, **changes) -> dict:
    return {
        "organisation": person.organisation_id,
        "call_name": person.call_name,
        "contact_channel": person.contact_channel,
        "contact_address": person.contact_address,
        "postcode4": person.postcode4,
        "languages": "nl",
        "windows-TOTAL_FORMS": 0,
        "windows-INITIAL_FORMS": 0,
        "exceptions-TOTAL_FORMS": 0,
        "exceptions-INITIAL_FORMS": 0,
        **changes,
    }


def test_change_is_saved_and_logged(organisation, coordinator) -> None:
    person = PersonFactory(organisation=organisation)
    address = reverse("admin:people_person_change", args=[person.pk])
    answer = coordinator.post(address, person_form(person, call_name="Bo"))
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.call_name == "Bo"
    assert events("admin.update").get().subject_ids == [str(person.pk)]


@pytest.mark.parametrize("organisation_id", ["", "theirs"])
def test_a_row_cannot_be_moved_out_of_the_own_scope(
    organisation, coordinator, organisation_id: str
) -> None:
    person = PersonFactory(organisation=organisation)
    other = OrganisationFactory().pk if organisation_id else ""
    address = reverse("admin:people_person_change", args=[person.pk])
    answer = coordinator.post(address, person_form(person, organisation=other))
    assert answer.status_code == 403
    person.refresh_from_db()
    assert person.organisation == organisation
    assert not events("admin.update").exists()


def test_wrong_input_is_answered_in_a_sentence(organisation, coordinator) -> None:
    person = PersonFactory(organisation=organisation)
    address = reverse("admin:people_person_change", args=[person.pk])
    answer = coordinator.post(address, person_form(person, postcode4="0123"))
    assert answer.status_code == 200
    assert "postcode4" in answer.context_data["adminform"].form.errors


def test_deletion_is_logged_with_whose_row_it_was(organisation, coordinator) -> None:
    one, two = PersonFactory.create_batch(2, organisation=organisation)
    coordinator.post(
        reverse("admin:people_person_delete", args=[one.pk]), {"post": "yes"}
    )
    coordinator.post(
        reverse("admin:people_person_changelist"),
        {
            "action": "delete_selected",
            "_selected_action": [two.pk],
            "post": "yes",
        },
    )
    assert Person.objects.count() == 0
    logged = [event.subject_ids for event in events("admin.delete").order_by("pk")]
    assert logged == [[str(one.pk)], [str(two.pk)]]


def test_export_holds_the_own_rows_and_is_logged(organisation, coordinator) -> None:
    mine = PersonFactory(organisation=organisation, call_name="=cmd()")
    theirs = PersonFactory(call_name="Theirs")
    answer = coordinator.post(
        reverse("admin:people_person_changelist"),
        {"action": "export_csv", "_selected_action": [mine.pk, theirs.pk]},
    )
    text = answer.content.decode()
    assert "'=cmd()" in text
    assert "Theirs" not in text
    event = events("admin.export").get()
    assert (event.action, event.subject_ids) == ("E", [str(mine.pk)])


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_no_cell_is_read_as_a_formula(text: str) -> None:
    assert as_cell(text) == f"'{text}"


def test_a_list_asks_as_many_queries_for_three_rows_as_for_one(
    organisation, coordinator
) -> None:
    address = reverse("admin:people_person_changelist")
    counts = []
    for more in (1, 2):
        for person in PersonFactory.create_batch(more, organisation=organisation):
            AvailabilityWindowFactory(person=person)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            coordinator.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_local_administrator_cannot_give_roles(organisation) -> None:
    local = as_role(Role.FUNCTIONAL_ADMINISTRATOR, organisation)
    regional = as_role(Role.FUNCTIONAL_ADMINISTRATOR)
    address = reverse("admin:people_user_changelist")
    assert local.get(address).status_code == 403
    assert regional.get(address).status_code == 200
    assert RoleMembership.objects.count() == 2


def test_privacy_officer_reads_the_log_and_that_is_logged() -> None:
    PersonFactory()
    as_role(Role.COORDINATOR).get(reverse("admin:people_person_changelist"))
    officer = as_role(Role.PRIVACY_OFFICER)
    answer = officer.get(reverse("admin:audit_auditevent_changelist"))
    assert len(answer.context_data["cl"].result_list) == 1
    event = AuditEvent.objects.get(object_kind="auditevent")
    assert event.subject_ids == AuditEvent.objects.get(object_kind="person").subject_ids
    first = AuditEvent.objects.first()
    gone = reverse("admin:audit_auditevent_delete", args=[first.pk])
    assert officer.post(gone, {"post": "yes"}).status_code == 403


def test_local_privacy_officer_sees_acts_of_the_own_organisation_only(
    organisation,
) -> None:
    for one in (organisation, OrganisationFactory()):
        as_role(Role.COORDINATOR, one).get(reverse("admin:people_person_changelist"))
    officer = as_role(Role.PRIVACY_OFFICER, organisation)
    answer = officer.get(reverse("admin:audit_auditevent_changelist"))
    shown = answer.context_data["cl"].result_list
    assert [event.actor_organisation for event in shown] == [organisation.code]
