"""Settings for a checkout on one machine: loopback only, embedded database."""

import os

from config.database import databases
from config.secrets import local_secret

from .base import *  # noqa: F403
from .base import VAR_DIR

DEBUG = os.environ.get("GEM_DEBUG", "") == "1"
SECRET_KEY = local_secret(VAR_DIR / "secret-key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# Served from their own folders: nothing has to be collected first.
WHITENOISE_USE_FINDERS = True
DATABASES = databases(data_dir=VAR_DIR / "postgres")
# Demo data (invented people, known to be a demo) may be loaded here only.
DEMO_DATA_ALLOWED = True
