"""Adding, editing and checking services by hand."""

from __future__ import annotations

from typing import Any

import pytest

from access.actor import NotAllowed, NotVisible, Public
from audit.models import Event
from core.errors import Invalid
from core.versions import Stale
from directory.actions import details, service
from directory.actions.details import Details, Place
from directory.models import Address, Location, Organization, Service
from tests.directory import files

pytestmark = pytest.mark.django_db

VALUES = {"name": "Open door", "description": "Somebody to talk to", "status": "active"}
HALL = Place(name="The hall", address="2 Canal Street", town="London", postcode="N1 9GU")


@pytest.fixture
def manager(cast: Any) -> Any:
    return cast.who("charity-manager")


def add(by: Any, values: dict[str, Any] | None = None, **details: Any) -> Service:
    return service.add(
        organization=None,
        new_organization="Canal Street Boxing",
        values=VALUES | (values or {}),
        details=Details(**details),
        by=by,
    )


def test_a_manager_adds_a_service_of_a_new_organisation(manager):
    made = add(manager, phone="020 7946 0018", areas=("Islington", "Hackney"), place=HALL)

    assert made.organization.name == "Canal Street Boxing"
    assert made.phones.get().number == "020 7946 0018"
    assert [area.gss_code for area in made.service_areas.all()] == ["E09000019", "E09000012"]
    assert str(Address.objects.get()) == "2 Canal Street, London, N1 9GU"
    assert not made.in_feed


def test_an_organisation_that_is_there_is_not_added_again(manager):
    add(manager)
    service.add(
        organization=None,
        new_organization="CANAL STREET boxing",
        values=VALUES | {"name": "Another"},
        by=manager,
    )

    assert Organization.objects.count() == 1


@pytest.mark.parametrize(
    "username", ["lead-worker", "clinician", "auditor", "analyst", "lead-charity-administrator"]
)
def test_nobody_else_edits_the_directory(username, cast, manager):
    made = add(manager)
    other = cast.who(username)

    for attempt in (
        lambda: add(other),
        lambda: service.edit(service_id=made.pk, version=1, values={"name": "X"}, by=other),
        lambda: service.mark_checked(service_id=made.pk, by=other),
        lambda: add(Public("refer")),
    ):
        with pytest.raises(NotAllowed):
            attempt()

    made.refresh_from_db()
    assert (made.name, made.last_checked_on) == ("Open door", None)
    assert Service.objects.count() == 1


def test_an_edit_starts_from_the_version_that_was_read(manager):
    made = add(manager)
    service.edit(service_id=made.pk, version=1, values={"name": "First"}, by=manager)

    with pytest.raises(Stale):
        service.edit(service_id=made.pk, version=1, values={"name": "Second"}, by=manager)

    made.refresh_from_db()
    assert (made.name, made.version) == ("First", 2)


def test_an_edit_counts_more_than_the_words_of_a_file(bring, manager):
    bring(files.service(minimum_age=11.5))
    made = Service.objects.get()

    service.edit(service_id=made.pk, version=1, values={"minimum_age": 14}, by=manager)

    made.refresh_from_db()
    assert made.minimum_age == 14
    assert "minimum_age" not in made.extra
    assert "funding" in made.extra


def test_an_edit_leaves_the_details_that_a_form_does_not_show(bring, manager):
    bring(files.service())
    made = Service.objects.get()

    service.edit(
        service_id=made.pk,
        version=1,
        values={},
        details=Details(phone="020 7946 0999", opening_times="Evenings", areas=("Camden",)),
        by=manager,
    )

    assert made.phones.get().languages.get().name == "Somali"
    assert made.schedules.get().byday == "TU,TH"
    assert [area.name for area in made.service_areas.all()] == ["Camden"]


def test_a_place_that_others_share_is_not_changed(bring, manager):
    bring([files.service(), files.service("Morning boxing")])
    made = Service.objects.get(name="Evening boxing")

    with pytest.raises(Invalid):
        service.edit(
            service_id=made.pk, version=1, values={}, details=Details(place=HALL), by=manager
        )

    assert Location.objects.get().name == "Canal Street Hall"


def test_a_place_that_moved_is_no_longer_where_it_was_measured(bring, manager):
    bring(files.service())
    made = Service.objects.get()
    moved = Place(name="New hall", address="1 High Road", town="London", postcode="N17 0AA")

    service.edit(service_id=made.pk, version=1, values={}, details=Details(place=moved), by=manager)

    assert Location.objects.get().latitude is None
    assert Address.objects.get().postal_code == "N17 0AA"


def test_checked_today_says_who_and_when_and_is_no_edit(manager):
    made = add(manager)

    service.mark_checked(service_id=made.pk, by=manager)

    made.refresh_from_db()
    assert str(made.last_checked_on) == "2026-03-03"
    assert made.checked_by_id == manager.user_id
    assert made.version == 1


def test_ages_upside_down_are_refused(manager):
    with pytest.raises(Invalid, match="oldest age"):
        add(manager, values={"minimum_age": 20, "maximum_age": 10})

    assert not Service.objects.exists()


def test_nothing_but_fields_of_a_service_is_written(manager):
    with pytest.raises(KeyError):
        add(manager, values={"checked_by_id": manager.user_id})


def test_a_service_that_does_not_exist_is_not_visible(manager):
    with pytest.raises(NotVisible):
        service.mark_checked(service_id=manager.user_id, by=manager)


def test_every_change_leaves_an_event(manager):
    made = add(manager)
    service.edit(service_id=made.pk, version=1, values={"name": "New"}, by=manager)
    service.mark_checked(service_id=made.pk, by=manager)

    events = Event.objects.filter(subject_id=made.pk).order_by("pk")
    assert {event.verb for event in events} == {
        "service.added",
        "service.edited",
        "service.checked",
    }
    assert all(event.user_id == manager.user_id for event in events)
    assert events.get(verb="service.edited").fields == ["name"]


@pytest.mark.parametrize("verb", ["add", "edit", "mark_checked"])
def test_no_change_stays_without_its_event(verb, manager, monkeypatch):
    made = add(manager)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the trail is full")

    monkeypatch.setattr(service.trail, "record", fail)
    attempts = {
        "add": lambda: add(manager, values={"name": "Two"}),
        "edit": lambda: service.edit(
            service_id=made.pk, version=1, values={"name": "New"}, by=manager
        ),
        "mark_checked": lambda: service.mark_checked(service_id=made.pk, by=manager),
    }
    with pytest.raises(RuntimeError):
        attempts[verb]()

    row = Service.objects.get()
    assert (row.name, row.version, row.last_checked_on) == ("Open door", 1, None)
    assert details.own_place(row) is None
