"""Every page of signing in stands in our frame, in whole and sound HTML."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from people.models import User
from tests.browser import axe, show, too_wide
from tests.web.html import faults

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "coordinator@example.org", "een lang wachtwoord 7"
OPEN = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
    "account_signup",
]
SIGNED_IN = [
    "account_logout",
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
]
WITH_APP = [
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
]


@pytest.fixture
def user() -> User:
    return User.objects.create_user(EMAIL, PASSWORD)


def sign_in(client: Client) -> str:
    """Sign in the way a person does; the last page's HTML."""
    answer = client.post(
        reverse("account_login"), {"login": EMAIL, "password": PASSWORD}
    )
    assert answer.status_code == 302
    return client.get(answer.url).content.decode()


def page_of(client: Client, view: str) -> str:
    answer = client.get(reverse(view))
    assert answer.status_code == 200, (view, answer.headers)
    html = answer.content.decode()
    assert faults(html) == []
    assert 'class="ma-theme gem-theme"' in html
    return html


@pytest.mark.parametrize("view", OPEN)
def test_open_page(client: Client, view: str) -> None:
    page_of(client, view)


@pytest.mark.parametrize("view", SIGNED_IN)
def test_page_of_who_signed_in(client: Client, user: User, view: str) -> None:
    sign_in(client)
    assert EMAIL in page_of(client, view)


@pytest.mark.parametrize("view", WITH_APP)
def test_page_of_who_has_a_second_step(client: Client, user: User, view: str) -> None:
    sign_in(client)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    page_of(client, view)


def test_the_second_step_is_asked_in_our_words(client: Client, user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    html = sign_in(client)
    assert faults(html) == []
    assert 'autocomplete="one-time-code"' in html


def test_a_wrong_password_is_told_with_the_form(client: Client, user: User) -> None:
    answer = client.post(reverse("account_login"), {"login": EMAIL, "password": "x"})
    html = answer.content.decode()
    assert faults(html) == []
    assert 'class="gem-summary"' in html


def test_a_used_reset_link_says_so(client: Client) -> None:
    answer = client.get(reverse("account_reset_password_from_key", args=["1", "a-b"]))
    html = answer.content.decode()
    assert faults(html) == []
    assert reverse("account_reset_password") in html


@pytest.mark.needs("chromium", "axe")
def test_pages_have_no_barriers(client: Client, user: User, page: Page) -> None:
    pages = [page_of(client, view) for view in OPEN[:2]]
    sign_in(client)
    pages += [page_of(client, view) for view in SIGNED_IN]
    for html in pages:
        show(page, html)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == []
            assert too_wide(page) == []
