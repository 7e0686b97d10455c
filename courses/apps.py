"""App configuration of courses."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"
    verbose_name = _("Courses and groups")

    def ready(self) -> None:
        """Listen for what grows; bring what is kept of a person."""
        from courses import own_data, retention
        from courses.signals import listen

        listen()
        own_data.add_parts()
        retention.add_kinds()
