"""WSGI entry point for a web server; production settings unless told otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

from config.garbage import settle  # noqa: E402 (after everything is loaded)

settle()
