"""Settings for the tests: a throwaway database server, quick hashes, no mail."""

from config.database import test_databases

from .base import *  # noqa: F403
from .day_of_tests import stand_on_the_day_of_tests

stand_on_the_day_of_tests()

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105 (protects nothing outside a test run)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = test_databases()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests run at night too; those about quiet hours set them.
QUIET_HOURS = ["00:00", "00:00"]
DEMO_DATA_ALLOWED = True
# Views are tested with force_login; the second factor has tests of its own
# (tests/config/test_second_factor.py), which turn this on.
STAFF_SECOND_FACTOR_REQUIRED = False
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True
