"""Settings of a Cairn installation. Each one that is meant to be changed reads a CAIRN_ variable."""

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from project import env

django_stubs_ext.monkeypatch()  # lets `admin.ModelAdmin[Model]` be written

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("CAIRN_VAR", str(BASE_DIR / "var")))
try:
    (VAR_DIR / "static").mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"CAIRN_VAR={VAR_DIR} cannot be used: {error}.") from error

DEBUG = env.flag("CAIRN_DEBUG", default=False)
SECRET_KEY = env.secret_key("CAIRN_SECRET_KEY", VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.words("CAIRN_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CAIRN_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "project",  # before what its commands replace
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "streams",
    "runs",
    "files",
    "chat",
    "planning",
]

MIDDLEWARE = [
    "project.middleware.Observed",
    "project.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "project.static.StaticFiles",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"

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
                "project.context.streaming",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    """Return the database's settings: SQLite in VAR_DIR unless DATABASE_URL names another.

    SQLite writes ahead (readers never wait), takes its lock when a transaction starts (so two
    writers queue instead of failing half-way) and syncs at each commit: what was answered to
    somebody survives a power cut. Group commit pays for that sync once for many writers.
    """
    config: dict[str, Any] = dict(
        dj_database_url.parse(env.text("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'cairn.sqlite3'}")
    )
    if config["ENGINE"].endswith("sqlite3"):
        synchronous = env.choice("CAIRN_SQLITE_SYNCHRONOUS", "FULL", ("FULL", "NORMAL", "OFF"))
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
        }
        # In a file: an in-memory test database locks whole tables between threads.
        config["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    return config


DATABASES = {"default": _database()}
IS_POSTGRESQL = DATABASES["default"]["ENGINE"].endswith("postgresql")
if IS_POSTGRESQL:
    INSTALLED_APPS.append("procrastinate.contrib.django")  # its migrations need PostgreSQL
    PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = env.flag("CAIRN_SECURE_COOKIES", default=False)
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CORS_ALLOWED_ORIGINS = env.words("CAIRN_CORS_ORIGINS", [])
CORS_ALLOW_CREDENTIALS = True
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After"]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-none-match",
    "last-event-id",
    "x-csrftoken",
]
CORS_URLS_REGEX = r"^/(ag-ui|ai-sdk|api|contexts|datamodel)/.*$"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = VAR_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["runs.api.parsers.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "runs.api.paging.NewestFirst",
    "EXCEPTION_HANDLER": "project.errors.to_response",
    "DEFAULT_THROTTLE_CLASSES": ["runs.api.throttles.PerUser"],
    "DEFAULT_THROTTLE_RATES": {
        "requests": env.text("CAIRN_RATE_REQUESTS", "1200/min") or None,
        "runs": env.text("CAIRN_RATE_RUNS", "60/min") or None,
        "uploads": env.text("CAIRN_RATE_UPLOADS", "120/min") or None,
    },
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Cairn",
    "DESCRIPTION": "Durable runs, gates and streams.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["project.schema.add_streams"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "RunState": "runs.models.Run.State",
        "SessionState": "chat.states.State",
        "GateState": "runs.models.Gate.State",
        "Expiry": "runs.models.Gate.Expiry",
    },
}

STREAMS: dict[str, Any] = {
    "HEARTBEAT_SECONDS": env.number("CAIRN_HEARTBEAT", 15, least=0.05),
    "MAX_CONNECTIONS_PER_USER": env.whole("CAIRN_STREAMS_PER_USER", 6, least=1),
    "ROTATE_BYTES": env.whole("CAIRN_ROTATE_BYTES", 4 * 1024 * 1024, least=1024),
    "RETAIN_DAYS": env.number("CAIRN_RETAIN_DAYS", 90),
    "LOOK_SECONDS": env.number("CAIRN_LOOK", 5, least=0.05),
    "MODE": env.choice("STREAM_MODE", "inline", ("inline", "signal")),
    "TRANSPORT": env.choice("STREAM_TRANSPORT", "auto", ("auto", "poll")),
}
RUNS: dict[str, Any] = {
    "LEASE_SECONDS": env.number("CAIRN_LEASE", 30, least=0.3),
    "SWEEP_SECONDS": env.number("CAIRN_SWEEP", 5, least=0.05),
    "BACKOFF_SECONDS": env.number("CAIRN_BACKOFF", 1, least=0),
    "MAX_ATTEMPTS": env.whole("CAIRN_MAX_ATTEMPTS", 5, least=1),
    "CONCURRENCY": env.whole("CAIRN_CONCURRENCY", 1000, least=1),
    "TICK_SECONDS": env.number("CAIRN_TICK", 10, least=0.05),
    "NO_PROGRESS_SECONDS": env.number("CAIRN_NO_PROGRESS", 300, least=0.05),
    # PostgreSQL: separate workers, unless the serving process shall work as it does on SQLite.
    "RUNNER": env.choice(
        "CAIRN_RUNNER",
        "distributed" if IS_POSTGRESQL else "embedded",
        ("embedded", "distributed", "off"),
    ),
}
FILES: dict[str, Any] = {
    "MAX_UPLOAD_BYTES": env.whole("CAIRN_UPLOAD_BYTES", 512 * 1024 * 1024, least=1),
    "MAX_BYTES_PER_USER": env.whole("CAIRN_BYTES_PER_USER", 2048 * 1024 * 1024, least=1),
}
# Language models, off unless one is named: agents.models.settings says what each key means.
MODELS: dict[str, Any] = {
    "MODEL": env.text("CAIRN_MODEL"),
    "URL": env.text("CAIRN_MODEL_URL"),
    "KEY": env.text("CAIRN_MODEL_KEY"),
    "ALLOWED": env.words("CAIRN_MODELS", []),
    "TIMEOUT": env.number("CAIRN_MODEL_TIMEOUT", 120, least=1),
    "MAX_TOKENS": env.whole("CAIRN_MODEL_TOKENS", 4096, least=16),
    "CONTEXT_TOKENS": env.whole("CAIRN_MODEL_CONTEXT", 32_768, least=512),
    "TEMPERATURE": env.maybe("CAIRN_MODEL_TEMPERATURE"),
    "OUTPUT": env.choice("CAIRN_MODEL_OUTPUT", "auto", ("auto", "native", "tool", "prompted")),
    "TOOLS": env.choice("CAIRN_MODEL_TOOLS", "call", ("call", "form")),
    "FALLBACK": env.choice("CAIRN_FALLBACK", "none", ("none", "offline")),
}
# Agents of a team's own, by name: where they are. docs/how-to/write-an-agent.md tells of them.
AGENTS = env.places("CAIRN_AGENTS")
ENGINE = env.choice(
    "CAIRN_ENGINE",
    "pydantic-ai" if MODELS["MODEL"] else "offline",
    ("offline", "pydantic-ai", "scripted", *AGENTS),
)
PLANNING: dict[str, Any] = {
    "ENGINE": ENGINE,
    "DEADLINE_SECONDS": env.whole("CAIRN_DEADLINE", 3600, least=1),
    "ON_EXPIRY": env.choice("CAIRN_ON_EXPIRY", "expire", ("expire", "reject", "approve")),
    "STRATEGY_POLL_SECONDS": env.number("CAIRN_STRATEGY_POLL", 10, least=0.05),
}

CHAT: dict[str, Any] = {
    "ENGINE": ENGINE,
    "DATA_FOLDER": VAR_DIR / "data",
    "WORKSPACE_FOLDER": VAR_DIR / "workspaces",
    "DEADLINE_SECONDS": env.whole("CAIRN_DEADLINE", 3600, least=1),
}

# Lets a program read /metrics: `Authorization: Bearer ...`. Staff may read it without.
METRICS_TOKEN = env.text("CAIRN_METRICS_TOKEN")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "project.logs.WithRequest"}},
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "project.logs.Json"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request"],
            "formatter": env.choice("CAIRN_LOG_FORMAT", "text", ("text", "json")),
        }
    },
    "root": {"handlers": ["console"], "level": env.text("CAIRN_LOG_LEVEL", "INFO")},
    "loggers": {
        # Access logs would hold goals and messages of the older GET dialects.
        "django.channels.server": {"level": "ERROR"},
        "daphne": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},  # it has a line for each ticket and more
        # Clients of language models log each request; what of it differs from version to version.
        **{
            name: {"level": "WARNING"}
            for name in ("openai", "anthropic", "google_genai", "httpx", "httpx2", "httpcore2")
        },
    },
}
