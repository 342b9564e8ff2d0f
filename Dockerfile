# One image for web, worker and beat. What is installed is what the locks pin, hashes checked.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements/base.txt requirements/
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production PORTAL_VAR=/var/lib/portal
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY . .
# System libraries, fonts and translations are fetched by the same step as `make setup`; PostgreSQL runs elsewhere.
RUN useradd --system --home-dir /var/lib/portal --create-home portal \
    && DATABASE_URL=postgres://elsewhere/portal python -m portal.local.setup \
    && rm -rf /var/lib/apt/lists/* \
    && SECRET_KEY=only-to-collect FIELD_KEYS=build=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= INDEX_KEY=unused \
       ALLOWED_HOSTS= SITE_URL=https://elsewhere DATABASE_URL=postgres://elsewhere/portal \
       python manage.py collectstatic --no-input -v 0 \
    && mkdir -p /var/lib/portal/media \
    && chown -R portal: /var/lib/portal
USER portal
# The folder is there and owned before it becomes a volume: a new volume takes over its owner.
VOLUME /var/lib/portal/media
EXPOSE 8000
# The access log names no address of a visitor and no search: who complains is not to be found in it.
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--access-logfile", "-", "--access-logformat", "%(t)s \"%(m)s %(U)s\" %(s)s %(B)s %(M)sms"]
