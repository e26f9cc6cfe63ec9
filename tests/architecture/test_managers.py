"""Personal rows can't be read without saying who reads, and nothing goes around that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from access.actor import ActorRequired
from access.models import GuardedManager, Sealed, SealedError
from tests.architecture.test_floors import FLOORS, ours

ROOT = Path(__file__).resolve().parents[2]

PLAIN_ROWS_ALLOWED = re.compile(
    r"/(actions|migrations|management|models|demo|population)/|"
    r"/(tasks|facts|scope|endings|apps|history)\.py$"
)
NAMED_EXCEPTIONS = {
    # Somebody auditable need not be visible: the sight has decided, and only a reference shows.
    "people/queries.py",
    # The periods in which an auditor's agency answered for somebody: no content.
    "sharing/registers.py",
    # What a withdrawal would do: the action carries out the very plan that the page shows.
    "sharing/withdrawal.py",
    # Counts of one's own agency, with small numbers hidden: no person.
    "reporting/queries.py",
    # One key by stated facts, never a fact.
    "people/matching.py",
    # A user's own emergency accesses, which outlast what they opened.
    "sharing/emergencies.py",
    # What guardian would list, in synthetic worlds: measured, and shown to nobody.
    "config/benchmark/guardian.py",
}
GIVES_ACCESS = {
    "agencies.Membership", "agencies.DutyShift", "sharing.Involvement", "sharing.LeadAgency",
    "sharing.Bar", "sharing.Restriction", "sharing.Consent", "sharing.ConsentLine",
    "sharing.SharingDecision", "sharing.Agreement", "sharing.AgreementParty",
    "sharing.AgreementSuspension", "sharing.BreakGlass", "casework.LeadPeriod",
}  # fmt: skip


def test_every_guarded_manager_refuses_without_an_actor():
    guarded = [
        model
        for model in ours()
        if isinstance(model._meta.managers_map.get("objects"), GuardedManager)
    ]
    assert len(guarded) > 20
    for model in guarded:
        with pytest.raises(ActorRequired):
            model.objects.all()
        with pytest.raises(ActorRequired):
            model._default_manager.first()


def test_plain_rows_are_used_by_actions_jobs_and_the_scope_alone():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for room in FLOORS
        for path in (ROOT / room).rglob("*.py")
        if not PLAIN_ROWS_ALLOWED.search(f"/{path.relative_to(ROOT)}")
        and str(path.relative_to(ROOT)) not in NAMED_EXCEPTIONS
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\b[A-Z]\w+\.rows\b", line)
    ]
    assert not found


def test_rows_that_give_access_refuse_to_be_saved_or_deleted():
    sealed = {model._meta.label for model in ours() if issubclass(model, Sealed)}
    assert sealed >= GIVES_ACCESS
    for model in ours():
        if issubclass(model, Sealed):
            with pytest.raises(SealedError):
                model().save()
            with pytest.raises(SealedError):
                model().delete()


def test_sealed_rows_are_written_in_action_modules_alone():
    found = [
        str(path.relative_to(ROOT))
        for room in FLOORS
        for path in (ROOT / room).rglob("*.py")
        if "sealed_save(" in path.read_text()
        and "/actions/" not in str(path)
        and path != ROOT / "access" / "models.py"
    ]
    assert not found
