"""Django settings: one module, everything that differs between machines comes from the environment.

| variable | meaning | default |
|---|---|---|
| DATABASE_URL | postgresql://... of a real server (15 and up) | the owner's embedded server |
| LANGSEN_CONTESTS_URL | postgresql://... of the contest store | database NAME_contests on the same server |
| LANGSEN_DB_POOL, LANGSEN_CONTESTS_POOL | connections one process may hold to each store | 8, 4 |
| LANGSEN_HOME | folder for runtime files | see `foundation.core.runtime.places` |
| LANGSEN_SECRET_KEY | signing key | a key file made at first start, mode 0600 |
| LANGSEN_DEBUG | 1 = developer's pages and traces | 0 |
| LANGSEN_HOSTS | host names, comma separated | 127.0.0.1, localhost, [::1] |
| LANGSEN_HTTPS | 1 = behind TLS: secure cookies, HSTS | 0 |
| LANGSEN_PROXIES | proxies whose word about the client is believed | this machine with LANGSEN_HTTPS, else none |
| LANGSEN_OFFICE_TITLE | the office's own title, shown first | Làng Sen |
| LANGSEN_SMTP_URL | smtp://user:password@host:port or smtps:// | none: mail is kept in files under the runtime folder |
| LANGSEN_MAIL_FROM | sender of mail | langsen@localhost |
| LANGSEN_SMS_SENDER | dotted name of a function (phone, text) that brings text messages | none is shipped |
| LANGSEN_FILE_MB | largest attached file, in MB | 20 |
| LANGSEN_FILES | most files attached to one record | 30 |
| LANGSEN_UPLOAD_MB | most that one request may bring, in MB | 200 |
| LANGSEN_CONTEST_SIGNALS | off = unusual signs are looked for in no contest | on |
| LANGSEN_URL | address people open, https://langsen.example: for links in mail | none: mail says where to look |
| LANGSEN_REMIND_DAYS | how many days ahead of its day a thing stands in the daily reminder | 3 |
| LANGSEN_KEEP_NOTICES_DAYS | how long read notices are kept | 365 |
| LANGSEN_BACKUP_DAYS | after how many days without a backup the doctor warns; 0: never | 3 |
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.runtime import places

PACKAGE_DIR = Path(__file__).resolve().parent.parent
RUNTIME_DIR = places.runtime_dir()


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


DEBUG = _flag("LANGSEN_DEBUG")
SECRET_KEY = os.environ.get("LANGSEN_SECRET_KEY") or places.secret_key()
ALLOWED_HOSTS = _list("LANGSEN_HOSTS", "127.0.0.1,localhost,[::1]")
HTTPS = _flag("LANGSEN_HTTPS")
OFFICE_TITLE = os.environ.get("LANGSEN_OFFICE_TITLE", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "langsen.foundation.core",
    "langsen.foundation.audit",
    "langsen.foundation.accounts",
    "langsen.foundation.orgs",
    "langsen.foundation.access",
    "langsen.foundation.reorganisation",
    "langsen.foundation.people",
    "langsen.foundation.figures",
    "langsen.foundation.evidence",
    "langsen.foundation.papers",
    "langsen.foundation.notifications",
    "langsen.registers.kit",
    "langsen.registers.programmes",
    "langsen.registers.study",
    "langsen.registers.communications",
    "langsen.reporting",
    "langsen.reports",
    "langsen.contests.contests",
    "langsen.contests.quizzes",
    "langsen.contests.arena",
    "langsen.contests.results",
    "langsen.contests.tallies",
    "langsen.office",
    "langsen.config.demo",
    # After our own apps, whose templates go first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Compresses pages and our own style sheets; third-party files lie compressed beside themselves.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "langsen.foundation.core.middleware.RequestMemory",
    "langsen.foundation.core.middleware.ErrorPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "langsen.foundation.core.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "langsen.foundation.accounts.middleware.SeenSessions",
    "django_htmx.middleware.HtmxMiddleware",
]

# The registers' figures and what follows a change of the tree, by name: nobody below knows who is above.
LANGSEN_FIGURES = [
    "langsen.registers.study.figures",
    "langsen.registers.communications.figures",
    "langsen.reports.figures",
    "langsen.contests.tallies.figures",
]

ROOT_URLCONF = "langsen.config.urls"
WSGI_APPLICATION = "langsen.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "langsen.config.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "langsen.foundation.core.templatetags.ui",
            ],
        },
    },
]


def _database(address: str, pool: int) -> dict[str, object]:
    url = urlsplit(address)
    query = dict(part.split("=", 1) for part in url.query.split("&") if "=" in part)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or "langsen",
        "USER": unquote(url.username or query.get("user", "")),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or query.get("host", "")),
        "PORT": str(url.port or query.get("port", "")),
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": pool,
                "timeout": 5,
                "max_lifetime": 1800,
            },
            "connect_timeout": 5,
            "application_name": "langsen",
        },
        "TEST": {"NAME": None},
    }


_REGISTERS_URL = os.environ.get("DATABASE_URL", "postgresql:///langsen?host=/nonexistent")
DATABASES = {
    "default": _database(_REGISTERS_URL, int(os.environ.get("LANGSEN_DB_POOL", "8"))),
    # The contest store: no Party records, no foreign keys or jobs across. It may lie on a server of its own.
    "contests": _database(places.contest_store_of(_REGISTERS_URL), int(os.environ.get("LANGSEN_CONTESTS_POOL", "4"))),
}
DATABASE_ROUTERS = ["langsen.contests.stores.Stores"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "langsen.foundation.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Làng Sen"
USERSESSIONS_TRACK_ACTIVITY = True

# Throttling counts must be shared by every web process, so they lie in the database, not in a process's memory.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "langsen.foundation.core.web.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_NAME = "langsen_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["langsen.config.formats"]

# Functions that say what a register holds about a `people.models.Person`, for that person's page.
LANGSEN_HELD_ABOUT = ["langsen.registers.study.queries.desk.held_about"]
# Functions called inside every operation on the tree of organisations, with its `reorganisation.changes.Change`.
LANGSEN_REORGANISED_HOOKS = [
    "langsen.foundation.people.hooks.on_reorganised",
    "langsen.registers.study.hooks.on_reorganised",
    "langsen.reports.hooks.on_reorganised",
]
# Functions that say, for the preview of such an operation, what it means for what an app keeps (`previews.Previewer`).
LANGSEN_REORGANISED_PREVIEWS = [
    "langsen.foundation.people.previews.on_reorganised",
    "langsen.registers.study.previews.on_reorganised",
    "langsen.reports.previews.on_reorganised",
]
# Functions that say what waits for a user (`core.todos.Todo`); what is due soon goes into the day's reminder.
LANGSEN_REMINDERS = [
    "langsen.registers.study.queries.desk.todos_for",
    "langsen.foundation.people.queries.todos_for",
    "langsen.foundation.access.queries.todos_for",
    "langsen.reports.queries.desk.todos_for",
]
LANGSEN_URL = os.environ.get("LANGSEN_URL", "").rstrip("/")
LANGSEN_REMIND_DAYS = int(os.environ.get("LANGSEN_REMIND_DAYS", "3"))
LANGSEN_BACKUP_DAYS = int(os.environ.get("LANGSEN_BACKUP_DAYS", "3"))
LANGSEN_KEEP_NOTICES_DAYS = int(os.environ.get("LANGSEN_KEEP_NOTICES_DAYS", "365"))

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE_DIR / "config" / "static"]
STATIC_ROOT = None  # served from the package by whitenoise; nothing is collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "langsen.config.versions.VersionedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000  # a roll call of a large conference posts one field a person
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "langsen.foundation.core.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILES_DIR = RUNTIME_DIR / "files"
MEDIA_ROOT = FILES_DIR
EVIDENCE_FILE_MB = int(os.environ.get("LANGSEN_FILE_MB", "20"))
EVIDENCE_FILES = int(os.environ.get("LANGSEN_FILES", "30"))
UPLOAD_MB = int(os.environ.get("LANGSEN_UPLOAD_MB", "200"))
CONTEST_SIGNALS = os.environ.get("LANGSEN_CONTEST_SIGNALS", "on") != "off"

_smtp = urlsplit(os.environ.get("LANGSEN_SMTP_URL", ""))
if _smtp.scheme:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _smtp.hostname or "localhost"
    EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_smtp.username or "")
    EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
    EMAIL_USE_SSL = _smtp.scheme == "smtps"
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = RUNTIME_DIR / "mail"
LANGSEN_SMS_SENDER = os.environ.get("LANGSEN_SMS_SENDER", "")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("LANGSEN_MAIL_FROM", "langsen@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LANGSEN_LOG_LEVEL", "WARNING")},
}
