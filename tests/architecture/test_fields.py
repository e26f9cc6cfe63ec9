"""Every field of every model says to which category it belongs."""

from __future__ import annotations

from django.apps import apps

from access.categories import Category
from access.history import GuardedHistory
from core.models import BY_ROW, IMPERSONAL, OWN
from tests.architecture.test_floors import ours

KNOWN = {IMPERSONAL, BY_ROW, OWN, *(category.value for category in Category)}
THEIRS = {
    # Made by libraries: nothing in them tells of a young person.
    "auth", "contenttypes", "sessions", "account", "mfa", "usersessions", "pghistory", "knox",
    "django_celery_beat", "guardian",
}  # fmt: skip


def classified(model):
    """What a model declares; a history row is as personal as the row that it tells of."""
    if issubclass(model, GuardedHistory):
        return model.pgh_tracked_model.classified
    return getattr(model, "classified", None)


def test_every_model_declares_its_fields():
    silent, unknown, gone = [], [], []
    for model in ours():
        declared = classified(model)
        if declared == IMPERSONAL:
            continue
        if declared is None:
            silent.append(model._meta.label)
            continue
        names = {
            field.name for field in model._meta.concrete_fields if not field.name.startswith("pgh_")
        }
        silent += [f"{model._meta.label}.{name}" for name in names - declared.keys()]
        gone += [f"{model._meta.label}.{name}" for name in declared.keys() - names]
        unknown += [f"{model._meta.label}: {word}" for word in set(declared.values()) - KNOWN]
    assert not silent
    assert not unknown
    assert not gone


def test_every_other_app_is_known_to_hold_nothing_personal():
    labels = {model._meta.app_label for model in apps.get_models()}
    assert labels - {model._meta.app_label for model in ours()} <= THEIRS


def test_a_model_about_a_person_is_guarded():
    from access.models import GuardedManager

    open_ones = [
        model._meta.label
        for model in ours()
        if classified(model) != IMPERSONAL
        and OWN not in classified(model).values()
        and not isinstance(model._meta.managers_map.get("objects"), GuardedManager)
    ]
    assert not open_ones
