"""App configuration of the top layer: commands and checks of the whole program."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"
    verbose_name = _("GEM-planner")
