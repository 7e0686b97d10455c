"""Accounts are made by an organisation, never by a stranger at the door."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Closes allauth's public sign-up page (open by default)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
