"""App configuration of people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Bring what this app keeps of a person, to hand out and to erase."""
        from people import own_data, retention

        own_data.add_parts()
        retention.add_kinds()
