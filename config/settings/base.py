"""What development, tests and production share.

Every value a region may change is listed in docs/reference/settings.md.
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# What the program itself makes: the private database, keys, collected files.
VAR_DIR = Path(os.environ.get("GEM_VAR_DIR", BASE_DIR / "var"))

# Lowest layer last among our own, so that the admin and the templates of others
# are known before `publishing` takes django-scheduler's admin away again.
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "schedule",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "rules",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "audit",
    "people",
    "rooms",
    "messaging",
    "courses",
    "intake",
    "scheduling",
    "publishing",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.NothingKept",
    "config.middleware.StaffNeedSecondFactor",
    "config.middleware.BackToTheForm",
    "audit.middleware.SceneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.FactsThatCannotBe",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.navigation.navigation",
            ],
            "builtins": ["config.templatetags.gem"],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Language and time -------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

# --- Static files ------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- Accounts ----------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# How many of our own proxies stand in front: what counts per network address (allauth,
# axes, links by mail) takes the address that the outermost of them saw. None here.
ALLAUTH_TRUSTED_PROXY_COUNT = 0
ACCOUNT_ADAPTER = "config.accounts.ClosedSignupAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
# Axes counts failed logins (per account and address, in the database), so that
# several web processes share one count.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
MFA_ADAPTER = "config.accounts.EncryptingMfaAdapter"
# Addresses come from the organisation that makes the account, so an address that
# was never confirmed by mail must not stop anyone from setting up a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "GEM-planner"
STAFF_SECOND_FACTOR_REQUIRED = True

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "config.accounts.account_in_attempt"
AXES_LOCKOUT_CALLABLE = "config.accounts.locked_out"
AXES_CLIENT_IP_CALLABLE = "config.accounts.client_address"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address"]

# --- Sessions and headers ----------------------------------------------------
SESSION_COOKIE_AGE = 4 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Uploads: in memory only, and no more than an import takes ----------------
FILE_UPLOAD_HANDLERS = [
    "courses.services.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]
# The limit that is told stands in courses.imports.reading; this lies just above it.
FILE_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024

# --- Work in the background --------------------------------------------------
PROCRASTINATE_ON_APP_READY = None

# --- Mail: neutral notices only (design: trust) ------------------------------
# Each mail as a file: what is sent can be looked at, and nothing leaves the machine.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = "gem-planner@localhost"
# Shown on the pages about accessibility and privacy, where it is set.
GEM_CONTACT_EMAIL = os.environ.get("GEM_CONTACT_EMAIL", "")
# Messages are written by background work too, which no request tells its own address.
GEM_SITE_URL = os.environ.get("GEM_SITE_URL", "http://localhost:8000").rstrip("/")
# Mail and text messages wait until the end of these hours (Amsterdam time); what the
# reader asked for just now, such as a link to sign in with, does not.
QUIET_HOURS = os.environ.get("GEM_QUIET_HOURS", "21:00-08:00").split("-")
# A step of a conversation with the mail server takes at most so many seconds.
EMAIL_TIMEOUT = 30
SMS_BACKEND = os.environ.get("GEM_SMS_BACKEND", "messaging.sms.FileBackend")
SMS_FOLDER = VAR_DIR / "sms"
# What makes the .ics file of a message: only publishing writes calendars.
MESSAGE_CALENDAR = "publishing.services.mail_calendar.calendar_of"

# --- Logs: ids only, and never the secret part of a feed address -------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask_tokens": {"()": "config.logging.MaskTokens"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["mask_tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would write the address unmasked.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {
            "handlers": ["console"],
            "level": "INFO",
            "propagate": False,
        },
        # Off unless gunicorn is told to write one; then it is masked too.
        "gunicorn.access": {
            "handlers": ["console"],
            "level": "INFO",
            "propagate": False,
        },
        "axes": {"level": "WARNING"},
        # Tells of every letter it puts into a PDF.
        "fontTools": {"level": "WARNING"},
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
        "procrastinate.worker": {"level": "WARNING"},
    },
}
