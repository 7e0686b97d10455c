"""`demo_codes`: the demo staff's sign-in codes of this moment.

A demo account has no telephone with an authenticator app; this stands in for it.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import current_code, read_logins


class Command(BaseCommand):
    help = "Show the current six-digit codes of the demo accounts."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_DATA_ALLOWED:
            raise CommandError(
                "There are no demo accounts in production.", returncode=2
            )
        codes = {
            one.email: code for one in read_logins() if (code := current_code(one))
        }
        if not codes:
            raise CommandError(
                "There are no demo accounts yet. Start with: make run", returncode=2
            )
        for email, code in codes.items():
            self.stdout.write(f"{code}  {email}")
