"""What a role may do: the whole matrix, and the traps of guardian."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from guardian.models import GroupObjectPermission, UserObjectPermission
from guardian.shortcuts import assign_perm

from access.actor import Member, NotAllowed, Operator, Public, System
from access.roles import Role
from agencies.actions import membership, permission
from agencies.models import Agency, User
from agencies.queries import group_name, may, permissions_of, require
from agencies.roles import MAY, PERMISSIONS
from core.ids import new_id
from tests.agencies.conftest import BY


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_matrix_says_and_nothing_else(world, role):
    actor = world.member("ann", "lead-charity", role)
    assert {name for name in PERMISSIONS if may(actor, name)} == MAY[role]


def test_what_one_may_at_one_agency_one_may_not_at_another(world):
    manager = world.member("ann", "lead-charity", Role.MANAGER)
    practitioner = world.member("ann", "borough-unit", Role.PRACTITIONER)
    assert may(manager, "assign_lead")
    assert not may(practitioner, "assign_lead")


def test_a_permission_that_does_not_exist_is_a_mistake_not_a_no(world):
    with pytest.raises(KeyError):
        may(world.member(), "asign_lead")


def test_a_superuser_may_nothing_by_that(world):
    actor = world.member()
    User.objects.filter(pk=actor.user_id).update(is_superuser=True, is_staff=True)
    assert {name for name in PERMISSIONS if may(actor, name)} == MAY[Role.PRACTITIONER]
    with pytest.raises(NotAllowed):
        require(actor, "assign_lead")


def test_a_superuser_without_a_membership_has_no_actor(world, sign_in):
    from tests.agencies.conftest import session_actor

    User.objects.filter(pk=world.user().pk).update(is_superuser=True, is_staff=True)
    client = sign_in()
    assert session_actor(client) is None
    assert client.get("/notices/").url == "/working-as/"


def test_a_permission_given_to_the_user_counts_for_nothing(world):
    actor = world.member()
    user, agency = User.objects.get(), Agency.objects.get()
    assign_perm("assign_lead", user, agency)
    assign_perm("agencies.assign_lead", user)
    assert UserObjectPermission.objects.exists()
    assert not may(actor, "assign_lead")


def test_a_permission_for_all_agencies_given_to_the_group_counts_for_nothing(world):
    actor = world.member()
    group = Group.objects.get(name=group_name(actor.agency_id, actor.role))
    group.permissions.add(Permission.objects.get(codename="assign_lead"))
    assert not may(actor, "assign_lead")


def test_joining_the_group_of_managers_counts_for_nothing(world):
    actor = world.member()
    User.objects.get().groups.add(Group.objects.get(name=group_name(actor.agency_id, "manager")))
    assert not may(actor, "assign_lead")


def test_once_the_account_the_agency_or_the_membership_ends_nothing_may_be_done(world):
    ann, bea = world.hat("ann"), world.hat("bea", "borough-unit")
    cas = world.hat("cas", "lead-charity")
    actors = [Member(hat.user_id, hat.pk, hat.agency_id, Role(hat.role)) for hat in (ann, bea, cas)]
    assert all(may(actor, "make_referral") for actor in actors)
    membership.close_account(user=ann.user, by=BY)
    membership.close_agency(agency=bea.agency, by=BY)
    membership.end(membership=cas, by=BY)
    assert [permissions_of(actor) for actor in actors] == [frozenset()] * 3


def test_a_role_in_the_actor_that_the_membership_does_not_have_counts_for_nothing(world):
    hat = world.hat()
    pretender = Member(hat.user_id, hat.pk, hat.agency_id, Role.MANAGER)
    assert not may(pretender, "assign_lead")


@pytest.mark.parametrize("actor", [Operator("x"), System("x"), Public("x")])
def test_only_members_may_anything(db, actor):
    assert not any(may(actor, name) for name in PERMISSIONS)


def test_what_an_agency_withholds_does_not_come_back(world):
    here = world.member("ann", "lead-charity", Role.MANAGER)
    there = world.member("bea", "borough-unit", Role.MANAGER)
    permission.withhold(
        agency=world.agency("lead-charity"), role=Role.MANAGER, permission="set_task", by=BY
    )
    permission.sync()
    world.agency("school")  # Opening an agency syncs, too.
    assert not may(here, "set_task")
    assert may(here, "assign_lead")
    assert may(there, "set_task")


def test_an_agency_can_take_but_never_add(world):
    with pytest.raises(KeyError):
        permission.withhold(
            agency=world.agency(), role=Role.ANALYST, permission="assign_lead", by=BY
        )


def test_rows_of_agencies_that_are_gone_are_removed(world):
    world.hat()
    row = GroupObjectPermission.objects.first()
    orphan = GroupObjectPermission(
        group=row.group,
        permission=row.permission,
        content_type=row.content_type,
        object_pk=str(new_id()),
    )
    # Saved one by one, guardian looks for the agency, which is gone.
    GroupObjectPermission.objects.bulk_create([orphan])
    assert permission.sync() == 1
    assert not GroupObjectPermission.objects.filter(pk=orphan.pk).exists()
    assert permission.sync() == 0


def test_a_row_that_somebody_added_by_hand_is_removed(world):
    actor = world.member()
    group = Group.objects.get(name=group_name(actor.agency_id, actor.role))
    assign_perm("assign_lead", group, Agency.objects.get())
    permission.sync()
    assert not may(actor, "assign_lead")


def test_there_is_no_anonymous_user_who_could_be_given_something(db):
    assert settings.ANONYMOUS_USER_NAME is None
    assert not User.objects.filter(username="AnonymousUser").exists()
