"""What a mend from the check before planning refuses, and what it does elsewhere."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext as _

from audit.models import AuditEvent
from people.enums import Role
from people.models import KeepPair
from scheduling.services.standing import READ
from tests.factories import (
    AvailabilityWindowFactory,
    FacilitatorFactory,
    KeepPairFactory,
    OpeningHoursFactory,
    RegistrationFactory,
    RoomFactory,
    UserFactory,
)
from tests.mend_cases import CASES, FREE, Case, a_course, a_resident, asks
from tests.scheduling.rows import a_leader, a_room, running
from tests.scheduling.views.conftest import SECRET
from tests.scheduling.views.test_mend import address, hidden, page
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def too_few_left() -> Case:
    return running("2026-12-01 10:00", leaders=[a_leader()], members=2), {
        "smallest": "2"
    }


def too_often() -> Case:
    return a_resident(pace_per_week=1).person, {"pace": "3", "asked": "on"}


def published_too_small() -> Case:
    return a_room(capacity=2), {"capacity": "9", "features": ["lift"]}


def contradiction() -> Case:
    one, other = RegistrationFactory(), RegistrationFactory()
    KeepPairFactory(person_a=one.resident.person, person_b=other.resident.person)
    return one, {"other": str(other.pk), "kind": "apart", "asked": "on"}


def too_late() -> Case:
    offering = a_course().offering
    return RegistrationFactory(), {"offering": str(offering.pk), "asked": "on"}


def without_role() -> Case:
    return FacilitatorFactory(), {"roles": ["trainer"]}


def shut_then() -> Case:
    hours = {"days": ["1"], "start": "09:00", "end": "12:00", "asked": "on"}
    return RoomFactory(), hours


def away_then() -> Case:
    return FacilitatorFactory(), FREE


def cannot_come() -> Case:
    return a_resident().person, FREE


ELSEWHERE = {
    "series-group-below-minimum": too_few_left,
    "person-over-pace": too_often,
    "published-room-too-small": published_too_small,
    "together-and-apart": contradiction,
    "registration-target-out-of-reach": too_late,
    "facilitator-without-role": without_role,
    "published-room-closed": shut_then,
    "published-leader-away": away_then,
    "published-member-away": cannot_come,
}
"""Checks of what the rows here never are, or what a plan frees before it looks."""


def own_page(client: Client, path: str) -> dict[str, str]:
    """What the form alone carries."""
    html = client.get(path).content.decode()
    assert faults(html) == []
    return hidden(html.replace('method="post" class', f'action="{path}" class'), path)


@pytest.mark.parametrize("check", sorted(ELSEWHERE))
def test_the_form_alone_mends_too(signed_in: Client, check: str) -> None:
    row, given = ELSEWHERE[check]()
    path = address(check, row)
    answer = signed_in.post(path, own_page(signed_in, path) | given)
    assert answer.status_code == 302, answer.content.decode()
    assert AuditEvent.objects.filter(action__in="UD").exists()


@pytest.mark.parametrize("check", sorted(READ))
def test_what_changed_meanwhile_is_told_and_what_was_typed_stays(
    signed_in: Client, check: str
) -> None:
    row, given = (CASES | ELSEWHERE)[check]()
    path = address(check, row)
    answer = signed_in.post(path, {"seen": "of before"} | given)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    for name, value in given.items():
        assert isinstance(value, list) or f'name="{name}"' in html
        assert isinstance(value, list) or value == "on" or f'value="{value}"' in html
    again = hidden(html.replace('method="post" class', f'action="{path}" class'), path)
    assert again["seen"] != "of before"
    assert signed_in.post(path, given | again).status_code == 302


def test_what_a_rule_refuses_stays_as_it_was(signed_in: Client) -> None:
    room = RoomFactory()
    OpeningHoursFactory(centre=room.centre, weekday=1, start=time(9), end=time(12))
    hours = {"days": ["1"], "start": "10:00", "end": "13:00", "asked": "on"}
    answer = signed_in.post(address("room-fully-booked", room), hours)
    assert answer.status_code == 422
    assert 'value="13:00"' in answer.content.decode()
    assert room.centre.opening_hours.count() == 1


def refused(client: Client, check: str, row: Any, given: dict[str, Any]) -> str:
    path = address(check, row)
    answer = client.post(path, own_page(client, path) | given)
    assert answer.status_code == 422
    return answer.content.decode()


def test_a_group_in_use_does_not_begin_later(signed_in: Client) -> None:
    group = running("2026-12-01 10:00", members=2)
    refused(signed_in, "series-nobody-asks", group, {"first_day": "2027-06-01"})
    group.refresh_from_db()
    assert group.earliest_start != date(2027, 6, 1)


def test_a_day_that_is_over_and_no_day_are_refused(signed_in: Client) -> None:
    series = a_course()
    assert "2020-01-01" in refused(
        signed_in, "series-nobody-asks", series, {"first_day": "2020-01-01"}
    )
    refused(
        signed_in,
        "series-order-cannot-fit",
        series,
        {"how": "later", "first_day": ""},
    )


def test_a_later_begin_is_kept(signed_in: Client) -> None:
    series = a_course()
    path = address("series-order-cannot-fit", series)
    given = {"how": "later", "first_day": "2027-06-01"}
    assert signed_in.post(path, own_page(signed_in, path) | given).status_code == 302
    series.refresh_from_db()
    assert series.earliest_start == date(2027, 6, 1)


def test_a_role_that_the_group_does_not_ask_for_is_refused(signed_in: Client) -> None:
    given = {"leader": str(a_leader("trainer").pk), "role": "trainer"}
    refused(signed_in, "series-one-leader", a_course_led(), given)


def a_course_led() -> Any:
    a_leader()
    return a_course()


def test_help_that_needs_a_referral_is_not_allowed_by_a_wish(
    signed_in: Client,
) -> None:
    one = asks(a_course(), allowed_levels=[1])
    heavy = a_course(kind="group_treatment").offering
    given = {"offering": str(heavy.pk), "asked": "on"}
    html = refused(signed_in, "registration-choices-taken", one, given)
    assert heavy.title in html
    assert one.choices.count() == 1


def test_asking_as_much_of_the_room_changes_nothing(signed_in: Client) -> None:
    series = a_course()
    series.offering.required_features.add("lift")
    refused(signed_in, "series-without-room", series, {"features": ["lift"]})


def test_a_group_may_be_held_everywhere(signed_in: Client) -> None:
    series = a_course()
    series.centre = RoomFactory().centre
    series.save()
    path = address("series-without-room", series)
    given = own_page(signed_in, path) | {"features": [], "anywhere": "on"}
    assert signed_in.post(path, given).status_code == 302
    series.refresh_from_db()
    assert series.centre is None


def test_a_group_may_be_held_everywhere_and_start_smaller(signed_in: Client) -> None:
    """Both at one press: the one is no change by somebody else for the other."""
    series = a_course(size_min=6)
    series.centre = RoomFactory().centre
    series.save()
    path = address("series-without-room", series)
    given = own_page(signed_in, path)
    given |= {"features": [], "anywhere": "on", "smallest": "2"}
    assert signed_in.post(path, given).status_code == 302
    series.refresh_from_db()
    assert (series.centre, series.size_min) == (None, 2)


def test_a_group_too_large_for_every_room_may_start_smaller(
    signed_in: Client,
) -> None:
    a_leader(), a_room(capacity=4)
    series = a_course(size_min=6)
    asks(series)
    path = address("series-without-room", series)
    html = page(signed_in)
    assert f"/gegevens/aanbod/{series.offering_id}/#id_required_features_0" in html
    given = hidden(html, path) | {"smallest": "2", "soort": "periode"}
    assert signed_in.post(path, given).status_code == 302
    assert path not in page(signed_in)


def test_both_ask_for_the_same(signed_in: Client) -> None:
    one, other = asks(a_course()), asks(a_course())
    given = {"how": "wish", "other": str(other.pk), "asked": "on"}
    path = address("together-without-common-choice", one)
    assert signed_in.post(path, given).status_code == 422
    offering = a_course().offering
    given |= {"offering": str(offering.pk)}
    assert signed_in.post(path, given).status_code == 302
    for each in (one, other):
        assert each.choices.filter(offering=offering).exists()


def test_a_pair_that_is_gone_is_told(signed_in: Client) -> None:
    one, given = CASES["apart-but-in-one-group"]()
    pair = KeepPair.objects.get()
    other = f"person-{pair.person_b_id}"
    pair.delete()
    answer = signed_in.post(
        address("apart-but-in-one-group", one), given | {"other": other}
    )
    assert answer.status_code == 422


def test_who_needs_nothing_of_a_room_has_no_room_to_mend(signed_in: Client) -> None:
    given = {"room": str(a_room().pk), "asked": "on"}
    person = a_resident().person
    html = refused(signed_in, "person-needs-no-room-has", person, given)
    assert SECRET not in html


def test_no_role_and_no_training_is_told(signed_in: Client) -> None:
    refused(signed_in, "facilitator-not-needed", a_leader("trainer"), {})


def test_what_is_still_so_is_said_at_its_check(signed_in: Client) -> None:
    a_room(), a_leader()
    one = asks(a_course())
    AvailabilityWindowFactory(
        person=one.resident.person, weekday=7, start=time(9), end=time(12)
    )
    given = {"days": ["7"], "parts": ["evening"], "asked": "on", "soort": "periode"}
    check = "registration-never-free"
    assert signed_in.post(address(check, one), given).status_code == 302
    html = page(signed_in)
    assert _("It is changed, but this is still so:") in html
    assert html.index(f'id="{check}"') < html.index('id="gedaan"')


def test_what_there_is_beside_it_about_the_same_is_said_too(signed_in: Client) -> None:
    check = "series-without-leader"
    series, given = CASES[check]()
    path = address(check, series)
    given |= {"soort": "periode"}
    assert signed_in.post(path, given).status_code == 302
    html = page(signed_in)
    assert 'href="#series-one-leader"' in html
    assert html.index('id="gedaan"') < html.index('id="series-one-leader"')


def test_who_plans_but_does_not_coordinate_decides_on_no_care(client: Client) -> None:
    row, given = CASES["registration-never-free"]()
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    html = page(client)
    path = address("registration-never-free", row)
    assert path not in html
    assert _("A coordinator of the region looks at this with the resident.") in html
    assert client.post(path, given).status_code == 403
    assert client.get(path).status_code == 403
    assert AuditEvent.objects.filter(result="refused").exists()


def test_a_person_is_told_by_the_number_of_the_registration(signed_in: Client) -> None:
    a_room(), a_leader()
    one = asks(a_course(), access_needs=["lift"])
    over = RegistrationFactory(resident=one.resident, state="withdrawn")
    html = page(signed_in)
    assert f"/aanmeldingen/{one.pk}/#facts" in html
    assert f"/aanmeldingen/{over.pk}/" not in html


def test_the_form_alone_names_what_it_is_about(signed_in: Client) -> None:
    room = RoomFactory(name="Tuinkamer")
    leader = a_leader()
    series = a_course(title_nl="Beter slapen")
    one = asks(series)
    for check, row, name in (
        ("room-fully-booked", room, "Tuinkamer"),
        ("facilitator-without-availability", leader, leader.person.group_name),
        ("series-without-window", series, "Beter slapen"),
        ("registration-never-free", one, str(one.pk)),
        ("person-over-pace", one.resident.person, str(one.pk)),
    ):
        html = signed_in.get(address(check, row)).content.decode()
        assert f"{name}.</strong>" in html or f"{name}," in html


def test_a_group_for_nobody_is_not_helped_by_a_lower_minimum(
    signed_in: Client,
) -> None:
    a_room(), a_leader()
    series = a_course()
    html = page(signed_in)
    told = _("A lower minimum does not help: look first why nobody can take part.")
    assert told in html
    assert address("series-too-few-interested", series) not in html
