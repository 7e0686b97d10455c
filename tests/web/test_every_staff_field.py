"""The same strange values in what leaders, centre managers and helpers fill in.

As `test_every_field` does for visitors and residents: the forms are read from the
pages themselves.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from people.enums import Role
from tests.factories import (
    MandateFactory,
    PersonFactory,
    UserFactory,
    VerificationFactory,
)
from tests.web.permission_world import World
from tests.web.test_every_field import SCRIPT, VALUES, Found, forms_of, press

pytestmark = pytest.mark.django_db
PAGES = {
    Role.FACILITATOR: [
        ("publishing:my_times", ()),
        ("publishing:ill", ()),
        ("publishing:meeting", ("session",)),
        ("publishing:attendance", ("session",)),
        ("publishing:ask_room", ()),
        ("publishing:assignment", ("own_asking",)),
        ("publishing:facilitator_address", ()),
        ("intake:outcome", ("talk_referral",)),
    ],
    Role.CENTRE_MANAGER: [
        ("publishing:centre_hours", ("centre",)),
        ("publishing:centre_bookings", ("centre",)),
        ("publishing:centre_sources", ("centre",)),
        ("publishing:centre_asked", ("centre",)),
    ],
    Role.REFERRER: [("intake:refer", ()), ("intake:think_along", ())],
    Role.CLIENT_SUPPORTER: [
        ("courses:for_somebody", ()),
        ("intake:think_along", ()),
    ],
}
NEEDED = {
    Role.FACILITATOR: {"reason", "1-morning-reason"},
    Role.CENTRE_MANAGER: {"room", "address"},
    Role.REFERRER: {"call_name", "contact_address"},
    Role.CLIENT_SUPPORTER: {"mandate", "call_name", "companion", "next_group"},
}
"""Fields that each must meet on the way, so that an empty page does not pass."""


def signed_in(role: Role) -> World:
    """The world of the permission table, for an account with an organisation."""
    world = World(role)
    if role in {Role.REFERRER, Role.CLIENT_SUPPORTER}:
        series = world.region.series["money"]
        user = UserFactory(role=role, organisation=series.offering.organisation)
        PersonFactory(user=user, organisation=series.offering.organisation)
        MandateFactory(resident=world.region.resident, supporter=user)
        VerificationFactory(user=user, organisation=series.offering.organisation)
        world.client.force_login(user)
        if role == Role.CLIENT_SUPPORTER:
            choose = reverse("courses:choose_for_somebody", args=[series.pk])
            assert world.client.post(choose).status_code == 302
    return world


def fillings(form: Found) -> list[tuple[str, dict[str, Any]]]:
    """Each value in all fields at once, and a script in all that are empty."""
    said = {name: values for name, values in form.fields.items() if any(values)}
    return [
        *((name, dict.fromkeys(form.fields, value)) for name, value in VALUES.items()),
        ("a script beside what is said", dict.fromkeys(form.fields, SCRIPT) | said),
    ]


@pytest.mark.parametrize("role", list(PAGES), ids=str)
def test_no_field_of_staff_breaks_a_page(role: Role, caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL, "django")
    world = signed_in(role)
    met: set[str] = set()
    faults = []
    for page, things in PAGES[role]:
        path = reverse(page, args=[world.things[name] for name in things])
        for form in forms_of(world.client, path):
            met |= set(form.fields)
            for name, data in fillings(form):
                cache.clear()
                mark = transaction.savepoint()
                answer = press(world.client, path, form, data)
                transaction.savepoint_rollback(mark)
                world.client.cookies.pop("messages", None)
                if answer.status_code >= 500 or SCRIPT in answer.content.decode():
                    faults.append((path, form.action, name, answer.status_code))
    assert faults == []
    assert NEEDED[role] <= met, met
