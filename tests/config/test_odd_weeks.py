"""Weeks at the ends of the calendar are answered calmly, on every page of a week."""

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from tests.factories import FacilitatorFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
ODD = ["0001-W01", "1999-W52", "9999-W01", "9999-W52", "٢٠٢٦-W01"]


@pytest.mark.parametrize("week", ODD)
def test_a_coordinator_gets_no_page_or_the_page_of_this_week(
    client: Client, week: str
) -> None:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    assert client.get(f"/week/{week}/").status_code == 404
    for page in ("run-new", "rooms", "leaders"):
        answer = client.get(reverse(f"scheduling:{page}"), {"week": week})
        assert answer.status_code == 200, page


@pytest.mark.parametrize("view", ["list", "grid"])
@pytest.mark.parametrize("week", ODD)
def test_a_leader_gets_the_page_of_this_week(
    client: Client, week: str, view: str
) -> None:
    user = UserFactory(role=Role.FACILITATOR)
    FacilitatorFactory(person=PersonFactory(user=user))
    client.force_login(user)
    answer = client.get(reverse("publishing:my_agenda"), {"week": week, "view": view})
    assert answer.status_code == 200
    assert answer.context["week"] == answer.context["this_week"]
