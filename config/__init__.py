"""What assembles the rooms: settings, addresses, the web application, the worker."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
