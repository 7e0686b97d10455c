"""App configuration of intake."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "intake"
    label = "intake"
    verbose_name = _("Referral and intake")

    def ready(self) -> None:
        """Bring its own data, a card for residents, and referrals to import."""
        from intake import own_data, own_page, retention

        own_data.add_parts()
        retention.add_kinds()
        own_page.add_cards()
        from intake.imports import add_sheets

        add_sheets()
