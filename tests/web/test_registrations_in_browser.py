"""A coordinator's import and registrations in a browser: no barriers, and they work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from people.enums import Role
from people.models import Organisation
from tests.browser import axe, show, small_targets, too_wide
from tests.factories import (
    AvailabilityWindowFactory,
    OrganisationFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
    UserFactory,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.needs("chromium", "axe"),
]


def sign_in(page: Page, live_server: Any) -> None:
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )


def sound(page: Page) -> None:
    """No barriers, at the width of a desk and of a telephone."""
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 900})
    assert too_wide(page) == []
    assert small_targets(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_file_is_looked_at_and_loaded(
    live_server: Any, page: Page, tmp_path: Path
) -> None:
    OrganisationFactory(code="brug", name="De Brugg", kind="welfare")
    sign_in(page, live_server)
    file = tmp_path / "organisations.csv"
    page.goto(f"{live_server.url}/importeren/")
    file.write_text("code,name,kind\nbrug,De Brug,circus\n", encoding="utf-8")
    page.locator("#files").set_input_files(file)
    page.locator("button[value=check]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page)
    file.write_text("code,name,kind\nbrug,De Brug,welfare\n", encoding="utf-8")
    page.locator("#files").set_input_files(file)
    page.locator("button[value=check]").click()
    expect(page.locator("ins")).to_have_text("De Brug")
    sound(page)
    page.locator("form[action$='inlezen/'] button").click()
    expect(page.locator(".utrecht-alert--ok")).to_be_visible()
    sound(page)
    assert Organisation.objects.get(code="brug").name == "De Brug"


def test_the_pages_of_a_registration_have_no_barriers(
    client: Client, page: Page
) -> None:
    series = SeriesFactory(published=True)
    one = RegistrationFactory()
    RegistrationChoiceFactory(registration=one, series=series)
    AvailabilityWindowFactory(person=one.resident.person)
    client.force_login(UserFactory(role=Role.COORDINATOR))
    path = f"/aanmeldingen/{one.pk}/"
    for answer in (
        client.get("/aanmeldingen/"),
        client.get("/aanmeldingen/?number=9999999"),
        client.get(path),
        client.post(f"{path}naam/"),
        client.get(f"{path}wijzigen/"),
        client.post(f"{path}wijzigen/", {"version": "old", "wish": ""}),
        client.post(f"{path}beeindigen/", {"version": "old", "reason": "asked"}),
    ):
        show(page, answer.content.decode())
        sound(page)
