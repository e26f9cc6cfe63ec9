"""`import_directory`: what a good file brings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.forms.models import model_to_dict

from access.actor import Operator
from audit.models import Event
from directory.actions import importing
from directory.actions import service as actions
from directory.hsds.shapes import MODELS
from directory.models import Location, Organization, Phone, Service, TaxonomyTerm
from tests.directory import files
from tests.directory.files import an_id

pytestmark = pytest.mark.django_db

FORMS = {
    "a service": files.service,
    "an organisation": files.full_organization,
    "a page of services": lambda: files.page(files.summary(files.service())),
    "a page of terms": lambda: files.page(files.term()),
    "a list": lambda: [files.service(), files.full_organization()],
}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the directory."""
    return {
        kind: [model_to_dict(row) | {"pk": row.pk} for row in model.objects.order_by("pk")]
        for kind, model in MODELS.items()
    }


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_file_goes_in(form, bring):
    outcome = bring(FORMS[form]())

    assert outcome.added.total() > 0
    assert not outcome.updated


@pytest.mark.parametrize("form", FORMS)
def test_a_second_import_changes_nothing(form, bring):
    bring(FORMS[form]())
    before = everything()

    outcome = bring(FORMS[form]())

    assert everything() == before
    assert not outcome.added
    assert not outcome.updated


@pytest.mark.skipif("HSDS" not in os.environ, reason="HSDS names no copy of the standard")
@pytest.mark.parametrize(
    "name", ["organization_full", "service_full", "service_list", "taxonomy_term_list"]
)
def test_the_standards_own_examples_go_in_twice(name, command):
    content = (Path(os.environ["HSDS"]) / "examples" / f"{name}.json").read_bytes()

    assert "Updated: nothing" in command(content)
    assert "Added: nothing" in command(content)


def test_a_uuid_of_the_file_is_the_key_here(bring):
    bring(files.service())

    assert Service.objects.get().pk == Location.objects.get().service_at_locations.get().service_id
    assert str(Service.objects.get().pk) == an_id("Evening boxing")
    assert str(Organization.objects.get().pk) == an_id("organization")


def test_a_key_that_is_no_uuid_is_kept_and_found_again(bring):
    bring({"id": "N19/boxing", "name": "Boxing", "status": "active"})
    bring({"id": "N19/boxing", "name": "Kick-boxing", "status": "active"})

    service = Service.objects.get()
    assert service.name == "Kick-boxing"
    assert service.source_id == service.public_id == "N19/boxing"


def test_what_has_no_column_is_kept_word_for_word(bring):
    bring(files.service(minimum_age=11.5, local_word="kept"))

    service = Service.objects.get()
    assert service.minimum_age == 11
    assert service.extra["minimum_age"] == 11.5
    assert service.extra["local_word"] == "kept"
    assert service.extra["funding"][0]["source"] == "The council, until March"


def test_an_update_replaces_what_the_file_names_and_leaves_the_rest(bring):
    bring(files.service())

    outcome = bring(
        {"id": an_id("Evening boxing"), "name": "Boxing", "status": "inactive", "phones": []}
    )

    service = Service.objects.get()
    assert outcome.updated == {"service": 1}
    assert (service.name, service.status, service.version) == ("Boxing", "inactive", 2)
    assert not Phone.objects.filter(service=service).exists()
    assert service.description.startswith("Coached")
    assert service.schedules.count() == 1


def test_what_is_our_own_survives_an_import(bring):
    bring(files.service())
    Service.objects.update(
        in_feed=False,
        takes_step_down=True,
        last_checked_on="2026-03-01",
        funding_ends_on="2027-03-31",
    )

    bring(files.service(description="Something else"))

    service = Service.objects.get()
    assert service.takes_step_down
    assert not service.in_feed
    assert str(service.funding_ends_on) == "2027-03-31"


def test_the_same_detail_of_two_things_is_kept_for_both(bring):
    bring([files.service(), files.service("Morning boxing")])

    assert Phone.objects.filter(service__isnull=False).count() == 2
    assert Location.objects.count() == 1


def test_a_link_by_id_is_followed_wherever_it_stands_in_the_file(bring):
    lone = files.service(organization_id=an_id("organization"))
    del lone["organization"]

    bring([lone, files.organization()])

    assert Service.objects.get().organization.name == "Canal Street Boxing"


def test_a_link_that_leads_nowhere_is_kept_as_it_is(bring):
    bring({"id": "1", "name": "Boxing", "status": "active", "organization_id": an_id("nobody")})

    assert Service.objects.get().organization is None
    assert Service.objects.get().extra["organization_id"] == an_id("nobody")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Willow House refuge"},
        {"description": "A safe house for young women"},
        {"in_feed": False},
        {"attributes": [{"id": "1", "taxonomy_term": files.term() | {"name": "Refuges"}}]},
    ],
)
def test_what_may_be_a_refuge_is_kept_out_of_the_feed(changes, command):
    printed = command(files.service(**changes))

    assert not Service.objects.get().in_feed
    assert "Kept out of the open feed" in printed


def test_what_is_for_refugees_is_no_refuge(bring):
    bring(files.service(name="Young refugees' club"))

    assert Service.objects.get().in_feed


def test_a_manager_who_opened_it_is_not_overruled(bring, cast):
    bring(files.service(name="Refuge Street youth club"))
    manager = cast.who("charity-manager")
    service = Service.objects.get()
    actions.edit(service_id=service.pk, version=1, values={"in_feed": True}, by=manager)

    bring(files.service(name="Refuge Street youth club", id=str(service.pk), alert="New"))

    assert Service.objects.get().in_feed


def test_the_area_is_known_by_its_code(bring):
    bring(files.service(service_areas=[{"id": "1", "name": "London Borough of Hackney"}]))

    assert Service.objects.get().service_areas.get().gss_code == "E09000012"


def test_an_import_leaves_one_event(bring):
    bring(files.service())

    event = Event.objects.get(verb="directory.imported")
    assert event.actor_name == "tests"
    assert event.detail["added"] == 5


def test_nothing_stays_without_its_event(bring, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the trail is full")

    monkeypatch.setattr(importing.trail, "record", fail)

    with pytest.raises(RuntimeError):
        bring(files.service())

    assert not Service.objects.exists()
    assert not TaxonomyTerm.objects.exists()


def test_a_file_can_be_checked_without_a_database():
    assert importing.check_file(b"[]").things == []
    assert Operator("import_directory").kind == "operator"
