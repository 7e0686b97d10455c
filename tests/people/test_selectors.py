"""Reading people: a fixed number of queries, and a line in the log."""

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from people import selectors, services
from tests.factories import (
    AvailabilityExceptionFactory,
    AvailabilityWindowFactory,
    CertificateFactory,
    FacilitatorFactory,
    KeepPairFactory,
    LeaveFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    ResidentFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 3])
def test_resident_facts(actor, number: int, django_assert_num_queries) -> None:
    for resident in ResidentFactory.create_batch(number):
        AvailabilityWindowFactory(person=resident.person)
        AvailabilityExceptionFactory(person=resident.person)
    with django_assert_num_queries(4):
        found = selectors.planning_residents(actor=actor)
        for one in found:
            assert one.person.place.name
            assert len(one.person.windows.all()) == 1
            assert len(one.person.exceptions.all()) == 1
    event = AuditEvent.objects.get()
    assert (event.purpose, event.action) == ("planning", "R")
    assert event.subject_ids == [str(one.person_id) for one in found]
    assert len(found) == number


@pytest.mark.parametrize("number", [1, 3])
def test_facilitator_facts(actor, number: int, django_assert_num_queries) -> None:
    for _n in range(number):
        facilitator = FacilitatorFactory(travel_base=PlaceFactory())
        AvailabilityWindowFactory(person=facilitator.person)
        CertificateFactory(facilitator=facilitator)
        LeaveFactory(facilitator=facilitator)
    FacilitatorFactory(active=False)
    with django_assert_num_queries(6):
        found = selectors.planning_facilitators(actor=actor)
        for one in found:
            assert one.travel_base.name
            assert one.organisation.code
            assert len(one.person.windows.all()) == len(one.leave.all()) == 1
            held = [c.qualification.code for c in one.certificates.all()]
            assert held == ["wrap"]
    assert len(found) == number
    assert len(AuditEvent.objects.get().subject_ids) == number


def test_chosen_residents_and_facilitators_only(actor) -> None:
    resident, _other = ResidentFactory.create_batch(2)
    gone = FacilitatorFactory(active=False)
    residents = selectors.planning_residents(actor=actor, resident_ids=[resident.pk])
    leaders = selectors.planning_facilitators(actor=actor, facilitator_ids=[gone.pk])
    assert (residents, leaders) == ([resident], [gone])


def test_pairs_of_which_both_take_part(actor) -> None:
    pair, half = KeepPairFactory.create_batch(2)
    ids = [pair.person_a_id, pair.person_b_id, half.person_a_id]
    assert selectors.planning_pairs(actor=actor, person_ids=ids) == [pair]
    assert len(AuditEvent.objects.get().subject_ids) == 2


def test_names_are_those_of_the_group_and_are_logged(
    actor, django_assert_num_queries
) -> None:
    open_name = PersonFactory(call_name="Noor")
    hidden = PersonFactory(call_name="Piet", alias="Vos")
    with django_assert_num_queries(2):
        names = selectors.group_names(
            actor=actor, person_ids=[open_name.pk, hidden.pk], purpose="care"
        )
    assert names == {open_name.pk: "Noor", hidden.pk: "Vos"}
    assert AuditEvent.objects.get().purpose == "care"


def test_search_keeps_to_the_organisations_and_does_not_keep_the_text(actor) -> None:
    mine = PersonFactory(call_name="Anna")
    PersonFactory(call_name="Annabel")
    found = selectors.find_persons(
        actor=actor, text="anna", organisation_ids=[mine.organisation_id]
    )
    assert found == [mine]
    everywhere = selectors.find_persons(actor=actor, text="anna", organisation_ids=None)
    assert len(everywhere) == 2
    event = AuditEvent.objects.first()
    assert (event.action, "anna" in str(event.__dict__).lower()) == ("E", False)


def test_list_of_facilitators_keeps_to_the_organisations(actor) -> None:
    mine, _theirs = FacilitatorFactory.create_batch(2)
    own = selectors.list_facilitators(
        actor=actor, organisation_ids=[mine.organisation_id]
    )
    assert own == [mine]
    assert len(selectors.list_facilitators(actor=actor)) == 2


def test_own_rows_of_an_account() -> None:
    user, stranger = UserFactory.create_batch(2)
    person = PersonFactory(user=user)
    resident, leader = ResidentFactory(person=person), FacilitatorFactory(person=person)
    assert selectors.person_of(user=user) == person
    assert selectors.resident_of(user=user) == resident
    assert selectors.facilitator_of(user=user) == leader
    assert selectors.person_of(user=stranger) is None
    assert selectors.resident_of(user=stranger) is None
    assert selectors.facilitator_of(user=stranger) is None
    assert AuditEvent.objects.count() == 0


def test_shared_tables_and_ids() -> None:
    place, organisation = PlaceFactory(), OrganisationFactory()
    leader, resident = FacilitatorFactory(), ResidentFactory()
    assert place in selectors.places()
    assert organisation in selectors.organisations()
    assert list(selectors.qualifications()) == []
    assert selectors.person_ids_of_facilitators(facilitator_ids=[leader.pk]) == [
        leader.person_id
    ]
    assert selectors.person_ids_of_residents(resident_ids=[resident.pk]) == [
        resident.person_id
    ]


def test_putting_a_shared_row_twice_changes_nothing(actor) -> None:
    def put(name: str):
        municipality = services.put_municipality(
            actor=actor, code="GM1773", name="Olst-Wijhe", school_region="Noord"
        )
        return services.put_place(
            actor=actor,
            name="Wijhe",
            municipality=municipality,
            lat=52.386,
            lon=6.134,
            source=name,
        )

    first = put("survey")
    assert put("survey") == first
    assert AuditEvent.objects.count() == 2
    assert put("map") == first
    first.refresh_from_db()
    assert first.source == "map"
    assert AuditEvent.objects.count() == 3


def test_shared_rows_are_checked(actor) -> None:
    for kind in ("welfare", "circus"):
        fields = {"name": "De Brug", "kind": kind}
        if kind == "welfare":
            put = services.put_organisation(actor=actor, code="brug", **fields)
            assert put.kind == kind
        else:
            with pytest.raises(ValidationError):
                services.put_organisation(actor=actor, code="brug", **fields)
    wrap = services.put_qualification(actor=actor, code="wrap", name="WRAP")
    assert list(selectors.qualifications()) == [wrap]
