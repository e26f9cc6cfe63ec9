"""Foreign keys follow the floors, as imports do."""

from __future__ import annotations

from django.apps import apps

FLOORS = {
    "core": 0, "audit": 0, "access": 0, "agencies": 1, "people": 2, "directory": 2,
    "sharing": 3, "tasking": 4, "referrals": 5, "casework": 6, "oversight": 7,
    "reporting": 7, "api": 8, "config": 9,
}  # fmt: skip


def ours():
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def test_no_foreign_key_points_up_or_sideways():
    pointing = []
    for model in ours():
        for field in model._meta.get_fields():
            if not (field.concrete and field.is_relation):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if there in FLOORS and here != there and FLOORS[there] >= FLOORS[here]:
                pointing.append(f"{model._meta.label}.{field.name} -> {there}")
    assert not pointing


def test_the_trail_points_at_nobody():
    for model in apps.get_app_config("audit").get_models():
        assert not [field.name for field in model._meta.get_fields() if field.is_relation]
