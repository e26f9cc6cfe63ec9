"""Keeping guardian's rows what `agencies.roles` says."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from guardian.models import GroupObjectPermission

from access.actor import Actor, NotAllowed, Operator
from access.roles import Role
from agencies.models import Agency, WithheldPermission
from agencies.queries import group_name, require
from agencies.roles import MAY, PERMISSIONS
from audit import trail


@transaction.atomic
def sync() -> int:
    """Make each (agency, role) group hold what the role may, less what is withheld.

    Safe to run at any time and as often as one likes; returns the number of rows changed.
    Rows of agencies that no longer exist are removed, so that none can reattach.
    """
    content_type = ContentType.objects.get_for_model(Agency)
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type=content_type, codename__in=PERMISSIONS
        )
    }
    if len(permissions) < len(PERMISSIONS):
        return 0  # Migrations are not done yet.
    withheld = set(WithheldPermission.objects.values_list("agency_id", "role", "permission"))
    wanted_names = {
        group_name(agency_id, role): (agency_id, role)
        for agency_id in Agency.objects.values_list("pk", flat=True)
        for role in Role
    }
    existing = set(Group.objects.filter(name__in=wanted_names).values_list("name", flat=True))
    Group.objects.bulk_create(Group(name=name) for name in wanted_names.keys() - existing)
    groups = {group.name: group for group in Group.objects.filter(name__in=wanted_names)}

    wanted = {
        (groups[name].pk, permissions[codename].pk, str(agency_id))
        for name, (agency_id, role) in wanted_names.items()
        for codename in MAY[role]
        if (agency_id, role.value, codename) not in withheld
    }
    held = {
        (row.group_id, row.permission_id, row.object_pk): row.pk
        for row in GroupObjectPermission.objects.filter(content_type=content_type)
    }
    surplus = [pk for key, pk in held.items() if key not in wanted]
    GroupObjectPermission.objects.filter(pk__in=surplus).delete()
    missing = wanted - held.keys()
    GroupObjectPermission.objects.bulk_create(
        GroupObjectPermission(
            group_id=group, permission_id=permission, object_pk=agency, content_type=content_type
        )
        for group, permission, agency in missing
    )
    return len(surplus) + len(missing)


@transaction.atomic
def withhold(*, agency: Agency, role: Role, permission: str, by: Actor) -> None:
    """Take a permission from a role at an agency.

    By an administrator of the agency, who can't lock administrators out, or an operator.
    Raises KeyError for no such permission, NotAllowed.
    """
    _check(agency, role, permission, by)
    row, _ = WithheldPermission.objects.get_or_create(
        agency=agency, role=role, permission=permission
    )
    sync()
    trail.record(
        by, "permission.withheld", subject=row, detail={"agency": agency, "permission": permission}
    )


@transaction.atomic
def restore(*, agency: Agency, role: Role, permission: str, by: Actor) -> None:
    """Give back what was taken from a role; never more than the matrix gives.

    Raises KeyError for no such permission, NotAllowed.
    """
    _check(agency, role, permission, by)
    row = WithheldPermission.objects.filter(agency=agency, role=role, permission=permission).first()
    if row is None:
        return
    trail.record(
        by, "permission.restored", subject=row, detail={"agency": agency, "permission": permission}
    )
    row.delete()
    sync()


def _check(agency: Agency, role: Role, permission: str, by: Actor) -> None:
    if permission not in MAY[role]:
        raise KeyError(permission)
    if isinstance(by, Operator):
        return
    member = require(by, "manage_memberships")
    if member.agency_id != agency.pk or role is Role.ADMINISTRATOR:
        raise NotAllowed
