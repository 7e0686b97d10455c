"""Links to the administration are there for whoever may follow them, and only then."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from tests.factories import SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


def links(html: str) -> set[str]:
    return set(re.findall(r'href="(/admin/[^"]*)"', html))


@pytest.mark.parametrize(
    "role",
    [
        Role.COORDINATOR,
        Role.FUNCTIONAL_ADMINISTRATOR,
        Role.CENTRE_MANAGER,
        Role.PRIVACY_OFFICER,
    ],
)
def test_every_link_can_be_followed(client: Client, role: Role) -> None:
    client.force_login(UserFactory(role=role, is_staff=True))
    pages = [reverse("about")]
    if role in (Role.COORDINATOR, Role.FUNCTIONAL_ADMINISTRATOR):
        pages += [reverse("scheduling:leaders"), reverse("scheduling:rooms")]
        pages.append(reverse("scheduling:session", args=[SessionFactory().pk]))
    found = {
        link for page in pages for link in links(client.get(page).content.decode())
    }
    assert reverse("admin:index") in found
    refused = [link for link in found if client.get(link).status_code != 200]
    assert refused == []


def test_the_privacy_officer_finds_the_log(client: Client) -> None:
    client.force_login(UserFactory(role=Role.PRIVACY_OFFICER, is_staff=True))
    log = reverse("admin:audit_auditevent_changelist")
    assert log in links(client.get(reverse("about")).content.decode())
    home = client.get(reverse("home"))
    assert home.headers["Location"] == reverse("people:erasures")  # not there at once


def test_without_the_mark_on_the_account_there_is_no_link(client: Client) -> None:
    client.force_login(UserFactory(role=Role.COORDINATOR, is_staff=False))
    assert links(client.get(reverse("about")).content.decode()) == set()
