"""Pages of whoever is signed in do not stay behind on a shared computer."""

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from tests.factories import FacilitatorFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_browsers_may_not_keep_a_page_of_an_account(client: Client) -> None:
    user = UserFactory(role=Role.FACILITATOR)
    FacilitatorFactory(person=PersonFactory(user=user))
    client.force_login(user)
    for page in ("publishing:my_agenda", "people:looked", "courses:catalogue"):
        answer = client.get(reverse(page))
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"], page
    assert "no-store" in client.post(reverse("account_logout")).headers["Cache-Control"]


def test_what_a_stranger_reads_may_be_kept(client: Client) -> None:
    assert not client.get(reverse("courses:catalogue")).has_header("Cache-Control")
