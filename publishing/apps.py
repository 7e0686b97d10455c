"""App configuration of publishing, the only place that knows django-scheduler."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    label = "publishing"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        """Take away django-scheduler's admin pages.

        They show every agenda to every member of staff, without scope and without
        a line in the log. The calendar is written by release alone.
        """
        from publishing import own_data, retention

        own_data.add_parts()
        retention.add_kinds()
        from django.contrib import admin

        for model in apps.get_app_config("schedule").get_models():
            if admin.site.is_registered(model):
                admin.site.unregister(model)
