"""Choosing which membership to work as."""

import re

import pytest

from access.roles import Role
from agencies.actions import membership
from audit.models import Event
from tests.agencies.conftest import BY, session_actor


@pytest.fixture
def two_hats(world):
    return world.hat("ann", "lead-charity"), world.hat("ann", "borough-unit", Role.MANAGER)


def test_with_one_membership_there_is_nothing_to_choose(world, sign_in):
    hat = world.hat()
    client = sign_in()
    assert client.get("/notices/").status_code == 200
    assert session_actor(client).membership_id == hat.pk


def test_with_two_one_chooses_before_anything_else(two_hats, sign_in):
    client = sign_in()
    assert client.get("/notices/").url == "/working-as/"
    page = client.get("/working-as/").content.decode()
    assert "Manager, Borough Unit" in page
    assert "Practitioner, Lead Charity" in page
    assert "checked" not in page


def test_the_choice_makes_the_actor_and_is_written_down(two_hats, sign_in):
    _, unit = two_hats
    client = sign_in()
    response = client.post("/working-as/", {"membership": str(unit.pk), "next": "/notices/"})
    assert response.url == "/notices/"
    actor = session_actor(client)
    assert (actor.agency_id, actor.role) == (unit.agency_id, Role.MANAGER)
    assert Event.objects.get(verb="membership.worn").membership_id == unit.pk


def test_one_can_switch_and_switch_back(two_hats, sign_in):
    client = sign_in()
    for hat in (*two_hats, two_hats[0]):
        client.post("/working-as/", {"membership": str(hat.pk)})
        assert session_actor(client).membership_id == hat.pk


def test_a_form_begun_under_one_hat_is_not_filed_under_another(two_hats, sign_in):
    charity, unit = two_hats
    client = sign_in()
    client.post("/working-as/", {"membership": str(unit.pk)})
    client.handler.enforce_csrf_checks = True

    def token():
        page = client.get("/ring-me/").content.decode()
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    begun, again = token(), token()
    said = {"membership": str(unit.pk), "csrfmiddlewaretoken": again}
    assert client.post("/working-as/", said).status_code == 302, "the same hat changes nothing"
    kept = client.post("/drafts/a/", {"words": "for the unit", "csrfmiddlewaretoken": begun})
    assert kept.status_code == 200
    client.post("/working-as/", said | {"membership": str(charity.pk)})
    for path in ("/ring-me/", "/drafts/a/"):
        refused = client.post(path, {"words": "for the unit", "csrfmiddlewaretoken": begun})
        assert refused.status_code == 403
    assert "chose to work as somebody else" in refused.content.decode()
    assert not charity.drafts.exists()
    assert client.post("/drafts/a/", {"csrfmiddlewaretoken": token()}).status_code == 200


def test_the_membership_of_another_can_not_be_chosen(world, two_hats, sign_in):
    of_bea = world.hat("bea", "school", Role.MANAGER)
    client = sign_in()
    response = client.post("/working-as/", {"membership": str(of_bea.pk)})
    assert response.status_code == 200
    assert session_actor(client) is None
    # Nor by writing it into the session, as one who could forge one might.
    session = client.session
    session["membership"] = str(of_bea.pk)
    session.save()
    assert session_actor(client) is None


@pytest.mark.parametrize("nonsense", ["", "x", "\0", "00000000-0000-0000-0000-000000000000"])
def test_nonsense_chooses_nothing(two_hats, sign_in, nonsense):
    client = sign_in()
    assert client.post("/working-as/", {"membership": nonsense}).status_code == 200
    assert session_actor(client) is None


def test_a_membership_that_ends_drops_out_at_once(world, sign_in):
    hat = world.hat()
    client = sign_in()
    membership.end(membership=hat, by=BY)
    assert session_actor(client) is None
    assert client.get("/notices/").url == "/working-as/"
    assert "no agency" in client.get("/working-as/").content.decode()


def test_the_other_membership_does_not_slip_into_its_place(two_hats, sign_in):
    charity, unit = two_hats
    client = sign_in()
    client.post("/working-as/", {"membership": str(unit.pk)})
    membership.end(membership=unit, by=BY)
    # What was being typed for the unit must not be saved for the charity.
    assert client.post("/drafts/a/", {"words": "for the unit"}).status_code == 302
    client.post("/session/keep-alive/")
    assert client.post("/drafts/a/", {"words": "for the unit"}).status_code == 302
    assert not charity.drafts.exists()
    page = client.get("/working-as/").content.decode()
    assert "Borough Unit" not in page
    client.post("/working-as/", {"membership": str(charity.pk)})
    assert session_actor(client).membership_id == charity.pk


def test_an_agency_that_closes_takes_its_memberships_along(world, sign_in):
    hat = world.hat()
    client = sign_in()
    membership.close_agency(agency=hat.agency, by=BY)
    assert session_actor(client) is None


def test_the_choice_leads_on_to_pages_of_ours_only(two_hats, sign_in):
    client = sign_in()
    for target in ("https://evil.example/", "//evil.example", "/sign-out/"):
        response = client.post("/working-as/", {"membership": str(two_hats[0].pk), "next": target})
        assert response.url == "/"


def test_a_secondment_says_from_where(world, sign_in):
    world.hat("ann", "lead-charity")
    membership.begin(
        user=world.user(),
        agency=world.agency("borough-unit"),
        role=Role.PRACTITIONER,
        home_agency=world.agency("police"),
        by=BY,
    )
    assert "Seconded from Police" in sign_in().get("/working-as/").content.decode()
