"""Production: every secret comes from the environment and a missing one stops the start."""

from portal.settings import env
from portal.settings.base import *  # noqa: F403  settings modules extend each other

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
FIELD_KEYS = dict(pair.split("=", 1) for pair in env.words("FIELD_KEYS", env.text("FIELD_KEYS")))
INDEX_KEY = env.text("INDEX_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

SITE_URL = env.text("SITE_URL").rstrip("/")  # printed on certificates, so never left to a default

# 0 only to try the portal on one machine without TLS: browsers keep no secure cookie, and no name with __Host-, then.
TLS = SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PROXY_COUNT", 1)
# Attempts at a second factor are counted here, across processes and also while Redis is down.
# With the usual 300 entries a busy morning would drop counters that still count.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS

# What is logged goes to where the process was started from, with numbers and addresses of persons masked.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {
            "()": "portal.discreet_logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
