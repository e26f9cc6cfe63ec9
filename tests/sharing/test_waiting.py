"""What waits for a manager among an agency's own cases: those that it leads now, and are seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access.bases import Basis
from access.categories import Category
from core.clock import instant
from sharing import queries as sharing
from sharing.models import Involvement, LawfulBasis, LeadAgency, SharingDecision
from tests.factories.watching import sees

KINDS = {
    "proposed": (sharing.waiting_for_approval, {}),
    "to review": (sharing.reviews_waiting, {"state": "approved", "kind": "one_off"}),
}


def waits(cast, person, kind):
    """A decision that waits for a manager, as one of these kinds."""
    how = {"kind": "routine", **KINDS[kind][1]}
    if kind == "to review":
        how |= {"review_by": instant() + timedelta(days=1), "decided_at": instant(),
                "decided_by": cast.user("second-manager")}  # fmt: skip
    return SharingDecision(
        person=person, share=True, agency=cast.agencies["school"],
        categories=frozenset({Category.EDUCATION}), lawful_basis=LawfulBasis.objects.first(),
        necessity="They have to know.", told=True, until=instant() + timedelta(days=20),
        proposed_by=cast.user("lead-worker"), proposed_at=instant(), **how,
    ).sealed_save(force_insert=True)  # fmt: skip


def waiting(cast, kind, username="charity-manager", limit=9):
    """Of whom something waits, and whether it is said that there is more."""
    with cast.acting(username) as notes:
        rows, more = KINDS[kind][0](cast.who(username), limit=limit)
        assert set(notes.shown) == {row.person_id for row in rows}
        notes.shown.clear()
    return [row.person_id for row in rows], more


def lead_elsewhere(cast, person):
    """Have another agency lead from now, as after a move."""
    LeadAgency.rows.filter(person=person).update(
        starts=instant() - timedelta(days=2), ends=instant()
    )
    LeadAgency(person=person, agency=cast.agencies["borough-unit"], starts=instant()).sealed_save(
        force_insert=True
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_waits_is_shown_to_a_manager_of_the_lead_agency_alone(cast, kind):
    person = cast.open_case().person
    waits(cast, person, kind)
    assert waiting(cast, kind) == ([person.pk], False)
    for username in ("unit-manager", "outside-manager"):
        assert waiting(cast, kind, username) == ([], False)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_waits_for_the_agency_that_led_before(cast, kind):
    person = cast.open_case().person
    waits(cast, person, kind)
    lead_elsewhere(cast, person)
    # They may still see who that is, as a partner: it is not theirs to decide.
    cast.agree("lead-charity", "borough-unit", categories=[Category.POINTER, Category.IDENTITY])
    Involvement(
        person=person, agency=cast.agencies["lead-charity"], basis=Basis.CONSENT,
        categories=frozenset({Category.IDENTITY}), starts=instant(),
    ).sealed_save(force_insert=True)  # fmt: skip
    assert Category.IDENTITY in sees(cast, "charity-manager", person)
    assert waiting(cast, kind) == ([], False)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_hidden_takes_nobodys_place_and_is_not_told_of(cast, kind, monkeypatch):
    monkeypatch.setattr(sharing, "_MOST_WAITING", 2)
    people = [cast.open_case(given_name=name).person for name in ("Ana", "Ben", "Cem", "Dee")]
    for person in people:
        waits(cast, person, kind)
    for person in people[:2]:
        cast.bar(person, "second-manager")
    assert waiting(cast, kind, "second-manager") == ([people[2].pk, people[3].pk], False)
    assert waiting(cast, kind, "second-manager", limit=1) == ([people[2].pk], True)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_asked_to_decide_on_what_they_proposed(cast, kind):
    row = waits(cast, cast.open_case().person, kind)
    SharingDecision.rows.filter(pk=row.pk).update(proposed_by=cast.user("charity-manager"))
    assert waiting(cast, kind) == ([], False)
