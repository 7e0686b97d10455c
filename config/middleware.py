"""Staff see nothing before a second factor; nothing of an account stays behind."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers


class StaffNeedSecondFactor:
    """Sends staff without a second factor in this session to its set-up page.

    allauth itself asks for the factor at login once there is one; this closes the
    gap before that. No query for whoever logged in with a second factor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.accounts = reverse("account_login").removesuffix("login/")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_set_up(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        user = request.user
        if not (
            settings.STAFF_SECOND_FACTOR_REQUIRED
            and user.is_authenticated
            and user.needs_two_factor
        ):
            return False
        if request.path.startswith((self.accounts, settings.STATIC_URL)):
            return False
        records = get_authentication_records(request, user)
        if any(record.get("method") == "mfa" for record in records):
            return False
        from allauth.mfa.utils import is_mfa_enabled  # needs loaded models

        return not is_mfa_enabled(user)


class NothingKept:
    """Forbids browsers to keep pages of whoever is signed in.

    Many read this on a shared computer in a neighbourhood centre: after signing out,
    the back button must not bring another person's appointments back. A view that
    says itself how long its answer may be kept is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked before the view: signing out makes the reader a stranger again.
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if signed_in and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
