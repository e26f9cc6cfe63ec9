"""The vault: opened by its key alone, in its own row alone."""

import hashlib

import pytest
from django.core.management import CommandError, call_command

from core.ids import new_id
from people import vault
from people.models import SafeAddress
from tests.conftest import NOW

ADDRESS = "Flat 9, 12 Nowhere Street\nCANARY AB1 2CD"
ROW, PERSON, OTHER = new_id(), new_id(), new_id()


@pytest.fixture
def keys(settings):
    def use(*secrets):
        settings.VAULT_KEYS = ", ".join(secrets)

    use("one")
    return use


def test_what_is_closed_is_opened_again_and_says_nothing(keys):
    sealed = vault.seal(ADDRESS, row_id=ROW, person_id=PERSON)
    assert vault.unseal(sealed, row_id=ROW, person_id=PERSON) == ADDRESS
    assert b"CANARY" not in sealed.sealed + sealed.wrapped_key
    assert sealed != vault.seal(ADDRESS, row_id=ROW, person_id=PERSON)


@pytest.mark.parametrize(("row", "person"), [(OTHER, PERSON), (ROW, OTHER)], ids=["row", "person"])
def test_in_another_row_it_stays_closed(keys, row, person):
    sealed = vault.seal(ADDRESS, row_id=ROW, person_id=PERSON)
    with pytest.raises(vault.Locked):
        vault.unseal(sealed, row_id=row, person_id=person)


@pytest.mark.parametrize("part", ["sealed", "wrapped_key"])
def test_changed_by_a_bit_it_stays_closed(keys, part):
    sealed = vault.seal(ADDRESS, row_id=ROW, person_id=PERSON)
    whole = getattr(sealed, part)
    for place in range(len(whole)):
        bent = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        changed = vault.Envelope(
            sealed.key_id,
            bent if part == "wrapped_key" else sealed.wrapped_key,
            bent if part == "sealed" else sealed.sealed,
        )
        with pytest.raises(vault.Locked):
            vault.unseal(changed, row_id=ROW, person_id=PERSON)


def test_a_new_key_opens_what_was_wrapped_anew_and_the_old_one_can_go(keys):
    old = vault.seal(ADDRESS, row_id=ROW, person_id=PERSON)
    keys("two", "one")
    assert vault.unseal(old, row_id=ROW, person_id=PERSON) == ADDRESS
    fresh = vault.rewrap(old, row_id=ROW, person_id=PERSON)
    assert fresh.sealed == old.sealed
    keys("two")
    assert vault.unseal(fresh, row_id=ROW, person_id=PERSON) == ADDRESS
    with pytest.raises(vault.Locked):
        vault.unseal(old, row_id=ROW, person_id=PERSON)


def test_the_key_is_nowhere_in_its_name(keys):
    assert vault.current_key_id() not in hashlib.sha256(b"one").hexdigest()


def _kept(person, secret_text=ADDRESS):
    key = new_id()
    sealed = vault.seal(secret_text, row_id=key, person_id=person.pk)
    return SafeAddress(
        id=key,
        person=person,
        key_id=sealed.key_id,
        wrapped_key=sealed.wrapped_key,
        sealed=sealed.sealed,
        since=NOW,
    ).save(force_insert=True)


def test_the_command_wraps_every_key_anew(cast, keys, capsys):
    _kept(cast.open_case().person)
    keys("two", "one")
    call_command("rotate_vault_key")
    assert "Wrapped 1 anew" in capsys.readouterr().out
    keys("two")
    row = SafeAddress.rows.get()
    envelope = vault.Envelope(row.key_id, bytes(row.wrapped_key), bytes(row.sealed))
    assert vault.unseal(envelope, row_id=row.pk, person_id=row.person_id) == ADDRESS


def test_without_the_old_key_the_command_says_so_and_changes_nothing(cast, keys):
    _kept(cast.open_case().person)
    before = bytes(SafeAddress.rows.get().wrapped_key)
    keys("two")
    with pytest.raises(CommandError, match="not among VAULT_KEYS"):
        call_command("rotate_vault_key")
    assert bytes(SafeAddress.rows.get().wrapped_key) == before
