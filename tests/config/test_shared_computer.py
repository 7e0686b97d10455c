"""Pages of whoever is signed in do not stay behind on a shared computer."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from tests.factories import (
    FacilitatorFactory,
    PersonFactory,
    ResidentFactory,
    UserFactory,
)

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


def test_only_desks_of_planners_keep_what_was_typed(client: Client) -> None:
    """Not the pages of residents and leaders, nor those where a name is written."""
    resident = ResidentFactory(person=PersonFactory(user=UserFactory()))
    leader = UserFactory(role=Role.FACILITATOR)
    FacilitatorFactory(person=PersonFactory(user=leader))
    planner = UserFactory(role=Role.COORDINATOR)
    for user, page, script, mark in (
        (None, "courses:catalogue", False, ""),
        (None, "account_login", True, ""),
        (resident.person.user, "courses:mine", False, ""),
        (leader, "publishing:my_agenda", False, ""),
        (planner, "courses:for_somebody", True, " data-leave"),
        (planner, "publishing:outbox", True, " data-keep"),
    ):
        client.logout()
        if user is not None:
            client.force_login(user)
        html = client.get(reverse(page)).content.decode()
        assert ("js/gem-typed.js" in html) == script, page
        assert re.findall(r'<main [^>]*"( data-\w+)?>', html) == [mark], page


def test_what_a_stranger_reads_may_be_kept(client: Client) -> None:
    assert not client.get(reverse("courses:catalogue")).has_header("Cache-Control")
