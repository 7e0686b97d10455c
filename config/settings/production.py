"""Settings for a real installation; refuses to start half configured."""

import os
import sys

from config.database import databases

from .base import *  # noqa: F403


def required(name: str, meaning: str) -> str:
    """Value of an environment variable; ends the program (status 2) without it."""
    value = os.environ.get(name, "").strip()
    if not value:
        sys.stderr.write(
            f"GEM-planner: {name} is not set. Production needs {meaning}."
            " See docs/reference/settings.md.\n"
        )
        sys.exit(2)
    return value


def whole_number(name: str, value: str) -> int:
    """A value as a number, 0 or more; ends the program (status 2) if it is none."""
    text = value.strip()
    if not (text.isascii() and text.isdigit()):
        sys.stderr.write(
            f"GEM-planner: {name} is {text!r}; it should be a whole number, 0 or more."
            " See docs/reference/settings.md.\n"
        )
        sys.exit(2)
    return int(text)


DEBUG = False
required(
    "DATABASE_URL",
    "a PostgreSQL server of its own (postgres://user:password@host/name);"
    " the embedded database is for one machine and demonstrations only",
)
DATABASES = databases(data_dir=None)
SECRET_KEY = required("SECRET_KEY", "a long random text that stays the same")
ALLOWED_HOSTS = [
    host.strip()
    for host in required("ALLOWED_HOSTS", "its own host names, with commas").split(",")
]
GEM_SITE_URL = os.environ.get("GEM_SITE_URL", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
# One proxy ends TLS; another number where more, or none, stand in front.
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number(
    "GEM_TRUSTED_PROXIES", os.environ.get("GEM_TRUSTED_PROXIES", "1")
)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]
DEMO_DATA_ALLOWED = False

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# A browser's preload list binds the whole domain for years: the region's choice.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "1") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "gem-planner@localhost")
