"""Signing in: staff need a second factor, guessing is locked out, sign-up is closed."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.models import RoleMembership, User

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-invented-password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _strict(settings) -> None:
    """The tests' own settings switch both off for everyone else's tests."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    settings.AXES_ENABLED = True


@pytest.fixture
def account() -> Callable[[str], User]:
    def make(role: str) -> User:
        user = User.objects.create_user(f"{role}@example.nl", PASSWORD)
        RoleMembership.objects.create(user=user, role=role)
        return user

    return make


def sign_in(client: Client, user: User, password: str = PASSWORD):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": password}
    )


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def test_staff_without_second_factor_see_its_set_up_and_nothing_else(
    client: Client, account: Callable[[str], User]
) -> None:
    sign_in(client, account(Role.COORDINATOR))
    for page in ("about", "admin:index"):
        assert client.get(reverse(page)).url == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_resident_may_do_without(
    client: Client, account: Callable[[str], User]
) -> None:
    sign_in(client, account(Role.RESIDENT))
    assert client.get(reverse("about")).status_code == 200


def test_password_alone_signs_nobody_in_who_has_a_second_factor(
    client: Client, account: Callable[[str], User]
) -> None:
    user = account(Role.COORDINATOR)
    TOTP.activate(user, SECRET)
    answer = sign_in(client, user)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session

    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(reverse("about")).status_code == 200


def test_second_factor_is_not_readable_in_the_database(
    account: Callable[[str], User],
) -> None:
    TOTP.activate(account(Role.COORDINATOR), SECRET)
    stored = Authenticator.objects.get()
    assert SECRET not in str(stored.data)
    assert stored.wrap().validate_code(code_now())


def test_five_wrong_passwords_close_the_account_for_a_while(
    client: Client, account: Callable[[str], User]
) -> None:
    user = account(Role.RESIDENT)
    answers = [sign_in(client, user, "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]

    locked = sign_in(client, user)
    assert locked.status_code == 429
    assert "_auth_user_id" not in client.session
    assert user.email not in locked.content.decode()

    other = account(Role.REFERRER)
    assert sign_in(client, other).status_code == 302


def test_wrong_passwords_are_counted_per_visitor_behind_the_proxy(
    client: Client, account: Callable[[str], User], settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    user = account(Role.RESIDENT)

    def tries(password: str, seen: str) -> int:
        data = {"login": user.email, "password": password}
        headers = {"x-forwarded-for": seen}
        return client.post(reverse("account_login"), data, headers=headers).status_code

    for number in range(5):  # what is on the left the visitor made up
        tries("wrong", f"203.0.113.{number}, 198.51.100.7")
    assert tries(PASSWORD, "203.0.113.9, 198.51.100.7") == 429
    assert tries(PASSWORD, "198.51.100.7, 198.51.100.8") == 302


def test_unknown_address_gets_the_same_answer_as_a_wrong_password(
    client: Client, account: Callable[[str], User]
) -> None:
    known = sign_in(client, account(Role.RESIDENT), "wrong")
    unknown = sign_in(client, User(email="nobody@example.nl"), "wrong")
    assert known.status_code == unknown.status_code == 200
    assert (
        known.context["form"].non_field_errors()
        == unknown.context["form"].non_field_errors()
    )


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    page = reverse("account_signup")
    client.get(page)
    client.post(
        page,
        {
            "email": "stranger@example.nl",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert User.objects.count() == 0


def test_no_page_may_load_anything_from_elsewhere(client: Client) -> None:
    answer = client.get(reverse("account_login"))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
