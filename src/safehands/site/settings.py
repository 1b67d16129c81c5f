"""Django's settings, worked out from a ``Configuration``. No module of constants: nothing is read at import time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from safehands.files.places import ALIAS, place_of
from safehands.site.configuration import Configuration
from safehands.site.database import SCHEMA, Secrets

DESK: Final = Path(__file__).resolve().parent.parent / "desk"

#: The largest form that is read, in bytes and fields. A file is refused everywhere but at one address.
LARGEST_FORM: Final = 256 * 1024
MOST_FIELDS: Final = 2_000

#: How long re-authentication counts for what needs it (lowering, erasing, adopting), in seconds.
FRESH_SECONDS: Final = 300


def settings_of(configuration: Configuration, secrets: Secrets, connection: Mapping[str, str]) -> dict[str, Any]:
    """Every setting of Django, allauth and whitenoise that differs from their defaults."""
    return {
        **_base(configuration, secrets),
        **_database(connection),
        **_security(configuration),
        **_pages(configuration),
        **_signing_in(configuration),
        "LOGGING": _logging(),
    }


def _base(configuration: Configuration, secrets: Secrets) -> dict[str, Any]:
    return {
        "DEBUG": False,
        "SECRET_KEY": secrets.secret_key,
        "ALLOWED_HOSTS": list(configuration.hosts),
        "ROOT_URLCONF": "safehands.site.urls",
        "USE_TZ": True,
        "TIME_ZONE": "Europe/London",
        "USE_I18N": True,
        "LANGUAGE_CODE": "en-gb",
        "LANGUAGES": [("en-gb", "English"), ("cy", "Cymraeg")],
        "LOCALE_PATHS": [str(DESK / "locale")],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.humanize",
            "django.contrib.staticfiles",
            "safehands.desk",
            "django.forms",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "allauth.usersessions",
            "allauth.socialaccount",
            "allauth.socialaccount.providers.openid_connect",
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "safehands.desk.headers.headers",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "safehands.desk.sessions.sessions",
            "safehands.desk.limits.limits",
            "safehands.desk.seats.seated",
            "safehands.desk.faults.faults",
        ],
    }


def _database(connection: Mapping[str, str]) -> dict[str, Any]:
    given = dict(connection)
    named = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    database = {setting: given.pop(key, "") for setting, key in named.items()}
    options = f"{given.pop('options', '')} -c search_path={SCHEMA}".strip()
    return {
        "DATABASES": {
            "default": {
                **database,
                "ENGINE": "django.db.backends.postgresql",
                "OPTIONS": {**given, "options": options},
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
            }
        },
        "CACHES": {
            "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
        },
        "SESSION_ENGINE": "django.contrib.sessions.backends.db",
    }


def _security(configuration: Configuration) -> dict[str, Any]:
    tls = configuration.tls
    return {
        "DATA_UPLOAD_MAX_MEMORY_SIZE": LARGEST_FORM,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": MOST_FIELDS,
        # One file, and only at the address that puts its own handler in the place of ``NoFiles``.
        "DATA_UPLOAD_MAX_NUMBER_FILES": 1,
        "FILE_UPLOAD_HANDLERS": ["safehands.desk.limits.NoFiles"],
        "SESSION_COOKIE_AGE": configuration.longest_hours * 3600,
        "DESK_SESSION_IDLE": configuration.idle_minutes * 60,
        "DESK_SESSION_LONGEST": configuration.longest_hours * 3600,
        "DESK_SECOND_FACTOR": configuration.second_factor,
        "SESSION_COOKIE_SECURE": tls,
        "SESSION_COOKIE_NAME": "__Host-session" if tls else "session",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_SECURE": tls,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_NAME": "__Host-csrf" if tls else "csrf",
        "CSRF_FAILURE_VIEW": "safehands.desk.faults.csrf_failed",
        "CSRF_TRUSTED_ORIGINS": [f"https://{host}" for host in configuration.hosts] if tls else [],
        "SECURE_SSL_REDIRECT": tls,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if tls else None,
        "SECURE_HSTS_SECONDS": 63072000 if tls else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": tls,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.ScryptPasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 15},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
            {"NAME": "safehands.desk.passwords.NotOurWords"},
        ],
    }


def _pages(configuration: Configuration) -> dict[str, Any]:
    return {
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [str(DESK / "build")] if (DESK / "build").is_dir() else [],
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_MAX_AGE": 300,
        "FORM_RENDERER": "django.forms.renderers.TemplatesSetting",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(DESK / "templates")],
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                        "safehands.desk.surroundings.surroundings",
                    ],
                    "builtins": ["safehands.desk.templatetags.design"],
                },
            }
        ],
        "DESK_DEMO": configuration.demo,
        "DESK_HOME": str(configuration.home),
        "DESK_SENDER": configuration.sender,
        "DESK_SCANNER": configuration.scanner,
        "DESK_LARGEST_FILE": configuration.largest_mb * 1_000_000,
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
            ALIAS: place_of(configuration.files, configuration.home.absolute()),
        },
        "DESK_ADDRESS": address_of(configuration),
    }


def address_of(configuration: Configuration) -> str:
    """Where people reach this desk, for links in messages."""
    if configuration.tls:
        return f"https://{configuration.hosts[0]}"
    return f"http://{configuration.hosts[0]}:{configuration.port}"


def _signing_in(configuration: Configuration) -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "desk.Person",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "LOGIN_REDIRECT_URL": "/",
        "LOGIN_URL": "/sign-in/login/",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": "actor",
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*", "password2*"],
        "ACCOUNT_ADAPTER": "safehands.desk.signing.AccountAdapter",
        "SOCIALACCOUNT_ADAPTER": "safehands.desk.signing.ProviderAdapter",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "/",
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": FRESH_SECONDS,
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        "ACCOUNT_SESSION_REMEMBER": False,
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_WEBAUTHN_USER_VERIFICATION": "required",
        "MFA_ADAPTER": "safehands.desk.signing.FactorAdapter",
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not configuration.tls,
        "MFA_TOTP_ISSUER": "Safehands",
        "SOCIALACCOUNT_ONLY": False,
        "SOCIALACCOUNT_EMAIL_VERIFICATION": "none",
        "DESK_PROVIDERS": {each.id: each.agency for each in configuration.providers},
        "DESK_PROVIDER_NAMES": {each.id: each.name for each in configuration.providers},
        "DESK_PROVIDER_ORIGINS": [_origin(each.server_url) for each in configuration.providers],
        "SOCIALACCOUNT_PROVIDERS": {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": each.id,
                        "name": each.name,
                        "client_id": each.client_id,
                        "secret": Path(each.secret_file).read_text("utf-8").strip(),
                        "settings": {
                            "server_url": each.server_url,
                            "uid_field": each.subject,
                            "scope": list(each.scope),
                            # The signed token says who it is; nothing else about a person is fetched or kept.
                            "fetch_userinfo": False,
                        },
                    }
                    for each in configuration.providers
                ],
            }
        },
    }


def _logging() -> dict[str, Any]:
    """Warnings and worse on standard error. Paths hold ids only; forms, queries and names are never logged."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "safehands.security": {"level": "INFO"},
            # It says so for each request that waits for a thread; how long people wait is measured elsewhere.
            "waitress.queue": {"level": "ERROR"},
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
        },
    }


def _origin(address: str) -> str:
    """Scheme, host and port of an address: as much as a policy names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
