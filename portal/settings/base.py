"""What every environment shares."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext

from portal.settings import env

django_stubs_ext.monkeypatch()  # lets forms and views name their model in brackets: ModelForm[User]

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env.text("PORTAL_VAR", str(ROOT / "var")))

DEMO = False  # the demo has a date control, one-click sign-in and 演示数据 on every paper

DATABASES = {"default": env.database(env.text("DATABASE_URL", "postgres://portal:portal@127.0.0.1:5432/portal"))}
DATABASES["default"]["OPTIONS"] = {"options": "-c lock_timeout=10s -c statement_timeout=60s"}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "template_partials",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "portal.jurisdictions",
    "portal.deadlines",
    "portal.policies",
    "portal.audit",
    "portal.encryption",
    "portal.accounts",
    "portal.documents",
    "portal.notifications",
    "portal.worklist",
    "portal.web",
    "portal.desk",
    "portal.rehearsal",
    "bases",
    "applications",
    "assessments",
    "complaints",
    "subsidies",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.web.middleware.LanguageMiddleware",
    "portal.web.middleware.ReadableTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.SessionAgeMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.accounts.middleware.CapacityMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.web.middleware.ErrorPagesMiddleware",
    "portal.web.read_only.ReadOnlyMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.context_processors.shell",
            ],
            "builtins": ["portal.web.templatetags.ui"],
        },
    }
]

FORM_RENDERER = "portal.web.forms.Renderer"
CSRF_FAILURE_VIEW = "portal.web.error_pages.csrf_failure"
MAINTENANCE_FLAG = VAR / "maintenance"  # while this file exists every page says 正在维护, with its text

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
OFFICERS_NEED_MFA = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:arrived"
LOGOUT_REDIRECT_URL = "/"

# How long a session lasts, in seconds: unused by an officer, unused by an operator, at all
SESSION_IDLE_OFFICERS = env.number("SESSION_IDLE_OFFICERS", 15 * 60)
SESSION_IDLE_OPERATORS = env.number("SESSION_IDLE_OPERATORS", 30 * 60)
SESSION_ABSOLUTE = env.number("SESSION_ABSOLUTE", 12 * 3600)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE
IDLE_DAYS_UNTIL_DISABLED = env.number("IDLE_DAYS_UNTIL_DISABLED", 90)

# Passwords: dengbao3 (classes, 90 days, last five) or asvs (length only); docs/decisions/0201
PASSWORD_PROFILE = env.text("PASSWORD_PROFILE", "dengbao3")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.accounts.passwords.ShortestValidator"},
    {"NAME": "portal.accounts.passwords.LongestValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "portal.accounts.passwords.WordsValidator"},
    {"NAME": "portal.accounts.passwords.ProfileValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600

# Sign-in: allauth; nobody signs up; wrong passwords are counted by axes in the database
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip"}  # a whole bureau may sit behind one address
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.SignInForm",
    "reset_password": "portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.ResetPasswordKeyForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "set_password": "portal.accounts.forms.SetPasswordForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.CodeForm",
    "reauthenticate": "portal.accounts.forms.CodeAgainForm",
    "activate_totp": "portal.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "portal.accounts.forms.AddKeyForm",
    "edit_webauthn": "portal.accounts.forms.EditKeyForm",
}
MFA_ADAPTER = "portal.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_TOTP_TOLERANCE = 1
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "portal.accounts.lockout.account_tried"
AXES_CLIENT_IP_CALLABLE = "portal.accounts.lockout.client_ip"
AXES_LOCKOUT_CALLABLE = "portal.accounts.lockout.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PROXY_COUNT", 0)

# Language and time: one business time zone for the whole country
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = "portal.web.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Papers: the address printed on certificates, what makes the files, the office's own licensed fonts
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
LETTER_WRITER = "portal.documents.pdf.write"
FONT_DIR = env.text("FONT_DIR", "")

# Uploads: the malware scanner (clamd) if there is one, and how much one person may bring in a day
CLAMD_SOCKET = env.text("CLAMD_SOCKET", "")
CLAMD_HOST = env.text("CLAMD_HOST", "")
CLAMD_PORT = env.number("CLAMD_PORT", 3310)
UPLOADS_PER_DAY = 300
UPLOAD_BYTES_PER_DAY = 2 * 1024**3

# What machines notice about a complaint holds it back for an officer to look through; off only to measure a flood
COMPLAINT_GUARD = True
# Where 快速离开 on the public form leads to: a page that gives nobody away
LEAVE_TO = env.text("LEAVE_TO", "https://www.gov.cn/")

# The law
POLICY_PACKS = ROOT / "fixtures" / "policies"
POLICY_SECTIONS = [
    "bases.rules.BasePolicy",
    "applications.rules.ApplicationPolicy",
    "assessments.rules.AssessmentPolicy",
    "complaints.rules.ComplaintPolicy",
    "subsidies.rules.SubsidyPolicy",
]

# Time: how long a process may go without looking whether the calendar changed, and who recomputes deadlines when it did
CALENDAR_RECHECK_SECONDS = 5.0
RECLOCKS = [
    "portal.worklist.reclock.reclock",
    "applications.actions.reclocking.reclock",
    "complaints.actions.reclocking.reclock",
    "bases.actions.reclocking.reclock",
]

# Who says whether a ground of revocation is still met: (base, certification, ground, on) → the day on which it was,
# None if it is not. Asked before the holder is told; a function that does not know the ground answers None
GROUND_CHECKS = ["complaints.actions.opening.ground_met_on"]

# Who knows what was found of complaints about a base: (base, numbers) → the conclusion of each, without who complained
CONCLUSIONS = ["complaints.actions.opening.conclusions_of"]

# Who says which traits of complainants about a base a text holds: (base, text, by) → the kinds in words (姓名, 电话 …)
TRAIT_CHECKS = ["complaints.actions.traits.traits_about"]

# Fonts that setup brought without root are shown to the PDF maker by a configuration beside them
if (VAR / "fonts" / "fonts.conf").exists():
    os.environ.setdefault("FONTCONFIG_FILE", str(VAR / "fonts" / "fonts.conf"))

# Jobs
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = env.broker_options(CELERY_BROKER_URL)
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False  # a broker that is down must not hold an act; sweeps find what was not published
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# Where is counted how often an address may ask: in the broker's Redis, in the database where there is none
ALLOWANCES_REDIS = CELERY_BROKER_URL if CELERY_BROKER_URL.startswith("redis") else ""

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "portal@localhost")
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs holds nobody longer

# Where checkpoints of the audit trail are kept: a folder out of reach of who owns the database; empty, there are none
AUDIT_CHECKPOINTS = env.text("AUDIT_CHECKPOINTS", "")

# Browser policy: nothing from another host, no inline script or style
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "创业孵化基地认定管理平台开放接口",
    "DESCRIPTION": "区划、基地、认定、申报通知、公示和证书核验，只读，不含个人信息。"
    "错误以 application/problem+json 返回。",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "TitleState": "bases.api.STATES",
        "CallState": "applications.api.CALL_STATES",
        "DivisionLevel": "portal.jurisdictions.models.Level",
    },
}

# An error report names the fields that were sent, never what was in them
DEFAULT_EXCEPTION_REPORTER_FILTER = "portal.discreet_logs.NothingSent"

# Keys of encrypted fields: id=base64 of 32 bytes (sm4-…: 16), oldest first; the last one encrypts. Production: its own.
FIELD_KEYS = dict(pair.split("=", 1) for pair in env.words("FIELD_KEYS", "dev=" + "A" * 43 + "="))
# Key of the hashes by which encrypted text is found; it stays when FIELD_KEYS rotate. Production must set its own.
INDEX_KEY = env.text("INDEX_KEY", "B" * 43 + "=")
# JSON columns that hold ciphertext besides the encrypted fields: secrets of second factors
ENCRYPTED_JSON = ["mfa.Authenticator.data"]
