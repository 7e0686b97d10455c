"""Staff see nothing before a second factor; nothing of an account stays behind.

And who has to sign in again comes back to the page where something was typed; who meets
facts that cannot be right reads so.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from config.navigation import DESKS
from scheduling.solver.faults import InvalidProblem

logger = logging.getLogger(__name__)


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


class BackToTheForm:
    """Signing in again leads to the page of a form, not to where the form was sent.

    A session may end while somebody types, and many forms of who plans go to an
    address that takes presses only: to open that one is no use (405). A view that
    asks for more in its own way back (a query) is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.login = reverse(settings.LOGIN_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if (
            request.method == "POST"
            and response.status_code == HTTPStatus.FOUND
            and match is not None
            and match.app_name in DESKS
        ):
            asked = urlsplit(response["Location"])
            back = parse_qs(asked.query).get("next", [""])[0]
            form = self._form(request)
            if asked.path == self.login and back == request.get_full_path() and form:
                response["Location"] = f"{self.login}?{urlencode({'next': form})}"
        return response

    def _form(self, request: HttpRequest) -> str:
        """The page that the browser says it came from, if it is one of this site."""
        page = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
            return ""
        parts = urlsplit(page)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


class FactsThatCannotBe:
    """A page for which the facts of a period cannot be read says so, and what to mend.

    Many pages judge a change or look for a time; each may meet a session at five past,
    which no plan can have. What such a page writes is one transaction, so nothing is
    half done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """The page (409) instead of "something went wrong"; others are left alone."""
        if not isinstance(exception, InvalidProblem):
            return None
        from scheduling.views.faulty import faulty_facts  # needs loaded models

        logger.warning("facts that cannot be right: %s", exception)
        return faulty_facts(request, exception)
