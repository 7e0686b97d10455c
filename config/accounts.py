"""How people sign in: no public sign-up, secrets encrypted, guessing locked out."""

import base64
import time
from typing import Any

from allauth.account import app_settings as allauth_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Closes allauth's public sign-up page (open by default).

    Accounts are made by an organisation, never by a stranger at the door.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Put the mail in the outbox, which sends it at once (allauth would here)."""
        # Needs the apps; this module is read before they are there.
        from config.account_mail import queue_account_mail

        known = {"request": self.request, "email": email}
        known["current_site"] = get_current_site(self.request)
        queue_account_mail(
            template=template_prefix,
            address=email,
            context=context,
            drawn=self.render_mail(template_prefix, email, known | context),
        )

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask the password again, unless this session began just now with it.

        Otherwise staff would type it twice before they can set up a second factor.
        """
        request = self.request
        fresh = time.time() - allauth_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, request.user)
        if any(record["at"] > fresh for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app))


class EncryptingMfaAdapter(DefaultMFAAdapter):
    """Keeps the secret of a second factor encrypted at rest (allauth: plain text).

    The key is derived from SECRET_KEY: a copy of the database alone opens nothing.
    """

    def encrypt(self, text: str) -> str:
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._fernet().decrypt(encrypted_text.encode()).decode()

    @staticmethod
    def _fernet() -> Fernet:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor")
        key = derive.derive(settings.SECRET_KEY.encode())
        return Fernet(base64.urlsafe_b64encode(key))


def client_address(request: HttpRequest) -> str:
    """The network address of who asks, for axes' count: the same as allauth's.

    Behind `ALLAUTH_TRUSTED_PROXY_COUNT` proxies it is the one that the outermost of
    them saw, counted from the right of X-Forwarded-For: a visitor writes what is left.
    """
    return str(ClosedSignupAdapter(request).get_client_ip(request))


def account_in_attempt(
    request: HttpRequest, credentials: dict[str, Any] | None = None
) -> str | None:
    """The account a sign-in tries, for axes' count: allauth's name for it varies."""
    known = credentials or {}
    name = known.get("email") or known.get("username") or request.POST.get("login")
    return name.strip().lower() if name else None


def locked_out(request: HttpRequest, *_about: Any) -> HttpResponse:
    """Page after too many wrong passwords; names no account (429)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "429.html", {"minutes": minutes}, status=429)
