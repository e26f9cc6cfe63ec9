"""The administrator's pages."""

import pytest

from access.roles import Role
from agencies.models import Membership, MembershipProposal, User, WithheldPermission
from core.models import OutboxMessage
from tests.factories.browsing import sign_in

__all__ = ["sign_in"]

PAGES = (
    "/manage/",
    "/manage/memberships/",
    "/manage/memberships/new/",
    "/manage/permissions/",
    "/manage/agreements/",
    "/manage/agreements/new/",
)
ADMINISTRATOR = "lead-charity-administrator"


def join(**more):
    return {"account": "yes", "login": "outsider", "role": "practitioner", "home": ""} | more


@pytest.mark.parametrize("path", PAGES)
def test_an_administrator_opens_them_and_nobody_else(cast, sign_in, client, path):
    assert sign_in(ADMINISTRATOR).get(path).status_code == 200
    for username in ("lead-worker", "charity-manager", "auditor", "analyst"):
        assert sign_in(username).get(path).status_code == 403
    assert client.get(path)["Location"].startswith("/sign-in/")


def test_no_page_says_anything_of_a_young_person(cast, sign_in):
    case = cast.open_case()
    browser = sign_in(ADMINISTRATOR)
    paths = [*PAGES, f"/manage/memberships/{cast.hats['lead-worker'].pk}/end/"]
    for path in paths:
        page = browser.get(path).content.decode()
        for secret in ("Kofi", "Mensah", case.person.reference, case.reference):
            assert secret not in page


def test_only_ones_own_agencys_members_are_listed(cast, sign_in):
    page = sign_in(ADMINISTRATOR).get("/manage/memberships/").content.decode()
    assert "Lead Worker" in page
    assert "Unit Worker" not in page
    assert "Outsider" not in page


def test_somebody_with_an_account_joins(cast, sign_in):
    answer = sign_in(ADMINISTRATOR).post("/manage/memberships/new/", join())
    assert answer["Location"] == "/manage/memberships/"
    assert Membership.objects.live().filter(
        user=cast.user("outsider"), agency=cast.agencies["lead-charity"]
    )


def test_somebody_new_gets_an_account_without_a_password_and_a_link_to_choose_one(cast, sign_in):
    new = join(account="no", name="Ada Obi", email="ada@example.org", username="ada-obi")
    page = sign_in(ADMINISTRATOR).post("/manage/memberships/new/", new, follow=True)
    assert "A link to choose a password goes to ada@example.org" in page.content.decode()
    made = User.objects.get(username="ada-obi")
    promised = OutboxMessage.objects.get(task="agencies.send_reset_link")
    assert promised.arguments == {"user_id": str(made.pk)}
    assert not made.has_usable_password()
    assert made.memberships.get().agency == cast.agencies["lead-charity"]


def test_a_second_administrator_is_needed_for_a_manager(cast, sign_in):
    cast.hire("second-administrator", "lead-charity", Role.ADMINISTRATOR)
    first, second = sign_in(ADMINISTRATOR), sign_in("second-administrator")
    first.post("/manage/memberships/new/", join(role="manager"))
    proposal = MembershipProposal.objects.get()
    path = f"/manage/proposals/{proposal.pk}/"
    assert ">Approve<" not in first.get(path).content.decode().replace("\n", "").replace(" ", "")
    assert first.post(path, {"decision": "approve"}).status_code == 403
    assert "Waiting for you" in second.get("/manage/").content.decode()
    assert second.post(path, {"decision": "approve"}).status_code == 302
    assert Membership.objects.filter(user=cast.user("outsider"), role=Role.MANAGER).exists()
    assert second.post(path, {"decision": "approve"}).status_code == 409


def test_ending_asks_who_takes_over_and_says_nothing_of_cases(cast, sign_in):
    browser = sign_in(ADMINISTRATOR)
    path = f"/manage/memberships/{cast.hats['colleague'].pk}/end/"
    assert "You are not told whether there are any" in browser.get(path).content.decode()
    assert "Choose who takes over" in browser.post(path, {}).content.decode()
    assert Membership.objects.get(pk=cast.hats["colleague"].pk).ends is None
    browser.post(path, {"manager": str(cast.user("charity-manager").pk)})
    assert not Membership.objects.get(pk=cast.hats["colleague"].pk).is_live()


def test_another_agencys_membership_and_proposal_are_not_there(cast, sign_in):
    browser = sign_in(ADMINISTRATOR)
    for path in (
        f"/manage/memberships/{cast.hats['unit-worker'].pk}/end/",
        "/manage/memberships/00000000-0000-0000-0000-000000000000/end/",
        "/manage/proposals/00000000-0000-0000-0000-000000000000/",
        "/manage/memberships/nonsense/end/",
    ):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"manager": "x"}).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        {},
        join(login=""),
        join(login="nobody"),
        join(login="\x00"),
        join(login=ADMINISTRATOR),
        join(role="\x00"),
        join(role="superuser"),
        join(home="nonsense"),
        join(ends_day="31", ends_month="2", ends_year="2027"),
        join(ends_day="\x00", ends_month="1", ends_year="9999"),
        join(ends_day="1", ends_month="1", ends_year="2020"),
        join(account="no"),
        join(account="no", name="A", email="lead-worker@example.org", username="LEAD"),
        join(account="no", name="\x00", email="\x00", username="\x00"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast, sign_in, typed):
    before = Membership.objects.count(), User.objects.count()
    answer = sign_in(ADMINISTRATOR).post("/manage/memberships/new/", typed | {"name": "Ada Obi"})
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert "Ada Obi" in answer.content.decode()
    assert (Membership.objects.count(), User.objects.count()) == before


def test_a_permission_is_taken_on_the_page(cast, sign_in):
    browser = sign_in(ADMINISTRATOR)
    asked = {"role": "practitioner", "permission": "record_consent", "change": "withhold"}
    browser.post("/manage/permissions/change/", asked)
    assert WithheldPermission.objects.get().permission == "record_consent"
    browser.post("/manage/permissions/change/", asked | {"change": "restore"})
    assert not WithheldPermission.objects.exists()
    for wrong in ({}, asked | {"permission": "bar_user"}, asked | {"role": "\x00"}):
        assert browser.post("/manage/permissions/change/", wrong).status_code == 404
