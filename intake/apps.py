"""App configuration of intake."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "intake"
    label = "intake"
    verbose_name = _("Referral and intake")

    def ready(self) -> None:
        """Let referrals be imported with a region."""
        from intake.imports import add_sheets

        add_sheets()
