"""App configuration of scheduling."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "scheduling"
    label = "scheduling"
    verbose_name = _("Planning")

    def ready(self) -> None:
        """Bring what this app keeps of a person, to hand out and to erase."""
        from scheduling import own_data, retention

        own_data.add_parts()
        retention.add_kinds()
        """Bring what this app keeps of a person, and a card for who was asked."""
        from scheduling import own_data, own_page

        own_data.add_parts()
        own_page.add_cards()
