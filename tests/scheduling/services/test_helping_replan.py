"""Every way that a plan prints is applied through the page, and planned again: what was
promised is what comes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from people.enums import Role
from rooms.models import ExtraHours
from scheduling.models import HelpStep, Schedule
from tests.factories import UserFactory
from tests.scheduling.helped import KINDS, missing, planned

pytestmark = pytest.mark.django_db


def the_way(schedule: Schedule, one: Any, kind: str) -> tuple[str, str]:
    """(address of the page, key) of a way of this kind, of the person or the series."""
    row = schedule.left_out.get(registration=one)
    for number, reason in enumerate(row.reasons):
        for index, way in enumerate(reason["ways"]):
            if [change["kind"] for change in way["changes"]] == [kind]:
                page = f"/rooster/{schedule.pk}/zonder-plek/{one.pk}/"
                return page, f"r{number}-{index}"
    for held in schedule.series_rows.filter(held=False):
        for index, way in enumerate(held.why.get("ways", ())):
            if [change["kind"] for change in way["changes"]] == [kind]:
                page = f"/rooster/{schedule.pk}/niet-gehouden/{held.series_id}/"
                return page, f"s-{index}"
    raise AssertionError(f"no way of kind {kind}: {row.reasons}")


def press(client: Client, page: str, kind: str, key: str) -> None:
    """Press the button of a way, with what it asks filled in."""
    facts = {"act": "way", "key": key, "agreed": "on", "agreed_on": "2026-01-05"}
    if kind == "new-room":
        facts["act"] = "room"
    if kind == "new-leader":
        facts |= {"act": "leader", "call_name": "Mees", "email": "mees@example.org"}
        facts["organisation"] = first_choice(client, page)
    answer = client.post(page, facts)
    assert answer.status_code == 302, answer.content.decode()


def first_choice(client: Client, page: str) -> str:
    form = client.get(page).context["forms"]["leader"]
    return str(form.fields["organisation"].choices[1][0])


def manager_gives(hours: ExtraHours) -> None:
    """The manager of the centre says yes, with a room that is not in the list yet."""
    manager = UserFactory(
        role=Role.CENTRE_MANAGER, organisation=hours.centre.organisation
    )
    client = Client()
    client.force_login(manager)
    page = f"/locaties/{hours.centre.code}/gevraagd/"
    assert str(hours.chairs) in client.get(page).content.decode()
    facts = {"act": "give", "hours": hours.pk, "name": "Zolder", "capacity": 20}
    assert client.post(page, facts).status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_a_way_that_is_applied_does_what_it_says(client: Client, kind: str) -> None:
    region = missing(kind)
    client.force_login(UserFactory(role=Role.COORDINATOR))
    schedule = planned()
    page, key = the_way(schedule, region.one, kind)
    place = (region.one.need_class, region.one.registered_at)

    press(client, page, kind, key)
    if kind == "new-room":
        manager_gives(ExtraHours.objects.get())
    again = planned()

    assert again.seats.filter(registration=region.one).exists()
    region.one.refresh_from_db()
    assert (region.one.need_class, region.one.registered_at) == place
    step = HelpStep.objects.get()
    assert (step.state, step.schedule) == ("done", None)  # that draft is gone
    assert AuditEvent.objects.filter(event_code__startswith="help.").count() == 1


@pytest.mark.parametrize("kind", [one for one in KINDS if one != "new-leader"])
def test_undone_it_is_as_it_was(client: Client, kind: str) -> None:
    region = missing(kind)
    client.force_login(UserFactory(role=Role.COORDINATOR))
    schedule = planned()
    page, key = the_way(schedule, region.one, kind)
    press(client, page, kind, key)
    if kind == "new-room":
        manager_gives(ExtraHours.objects.get())
    step = HelpStep.objects.get()
    assert client.post(page, {"act": "undo", "step": step.pk}).status_code == 302
    step.refresh_from_db()
    assert step.state == "undone"
    again = planned()
    if kind != "new-room":  # the new room itself stays: it is the location's
        assert again.left_out.filter(registration=region.one).exists()
