"""Whatever somebody with every right over the database does to sealed history is found."""

from __future__ import annotations

import json

import pytest

from audit import canonical, sealing
from audit.checkpoints import START, Entry, Line
from audit.models import ChainLink, Checkpoint
from audit.sealing import ChainBroken

EVENTS = "SELECT record_id FROM audit_chainlink WHERE kind = 'event' ORDER BY position"
READS = "SELECT record_id FROM audit_chainlink WHERE kind = 'access' ORDER BY position"

FLIPS = {
    "uuid": "overlay({c}::text placing CASE right({c}::text, 1) WHEN '0' THEN '1' ELSE '0' END"
    " from 36)::uuid",
    "timestamp with time zone": "{c} + interval '1 microsecond'",
    "integer": "{c} # 1",
    "bigint": "{c} + 1000000",
    "smallint": "{c} # 1",
    "boolean": "NOT {c}",
    "jsonb": """{c} || '{{"x": 1}}'::jsonb""",
    "ARRAY": "{c} || '{{x}}'",
    "character varying": "CASE WHEN {c} = '' THEN 'x' ELSE overlay({c} placing"
    " chr(ascii({c}) # 1) from 1) END",
}
ANY = {"uuid": "uuidv7()", "timestamp with time zone": "now()"}


def columns(story, table):
    return story.owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s ORDER BY ordinal_position",
        [table],
    ).fetchall()


def test_an_untouched_trail_is_good(story):
    report = story.look()
    assert report.ok, report.faults
    assert (report.records, report.checkpoints, report.waiting) == (250, 5, 7)


@pytest.mark.parametrize("table", ["audit_event", "audit_accessrecord"])
def test_a_flipped_bit_in_any_column_of_a_record_is_found(story, table):
    keys = story.column(EVENTS if table == "audit_event" else READS)
    tried = 0
    for place in (0, len(keys) // 2, -1):
        for name, kind in columns(story, table):
            flip = FLIPS[kind].format(c=name)
            filled = ANY.get(kind)
            new = f"CASE WHEN {name} IS NULL THEN {filled} ELSE {flip} END" if filled else flip
            before = story.owner.execute(
                f"SELECT * FROM {table} WHERE id = %s", [keys[place]]
            ).fetchone()
            changed = story.owner.execute(
                f"UPDATE {table} SET {name} = {new} WHERE id = %s RETURNING id", [keys[place]]
            ).fetchone()
            report = story.look()
            assert not report.ok, (table, name)
            assert str(keys[place]) in str(report.faults[0]), (table, name)
            story.owner.execute(f"DELETE FROM {table} WHERE id = %s", [changed[0]])
            _put_back(story, table, before)
            tried += 1
    assert story.look().ok, "what was put back is as it was"
    print(f"flipped {tried} columns of {table}, each found")
    assert tried == 3 * len(columns(story, table))


def _put_back(story, table, row):
    from psycopg.types.json import Jsonb

    values = [Jsonb(value) if isinstance(value, dict) else value for value in row]
    marks = ", ".join(["%s"] * len(row))
    story.owner.execute(f"INSERT INTO {table} VALUES ({marks})", values)


@pytest.mark.parametrize("table", ["audit_checkpoint", "audit_chainlink"])
def test_a_flipped_bit_in_any_column_of_the_chain_is_found(story, table):
    key = "number" if table == "audit_checkpoint" else "position"
    tried = 0
    for place in (1, 3):
        for name, kind in columns(story, table):
            before = story.owner.execute(
                f"SELECT {name} FROM {table} WHERE {key} = {place}"
            ).fetchone()[0]
            story.did(
                f"UPDATE {table} SET {name} = {FLIPS[kind].format(c=name)} WHERE {key} = {place}"
            )
            assert not story.look().ok, (table, name)
            where = place + 1_000_000 if name == key else place
            story.owner.execute(f"UPDATE {table} SET {name} = %s WHERE {key} = {where}", [before])
            tried += 1
    assert story.look().ok
    print(f"flipped {tried} columns of {table}, each found")


def test_a_deleted_record_is_found_and_named(story):
    tried = 0
    for keys, table in ((story.column(EVENTS), "event"), (story.column(READS), "accessrecord")):
        for key in (keys[0], keys[60], keys[-1]):
            before = story.owner.execute(
                f"SELECT * FROM audit_{table} WHERE id = %s", [key]
            ).fetchone()
            story.did(f"DELETE FROM audit_{table} WHERE id = '{key}'")
            report = story.look()
            assert [fault.record.split()[1] for fault in report.faults] == [str(key)]
            assert report.faults[0].what == "is gone"
            _put_back(story, f"audit_{table}", before)
            tried += 1
    assert story.look().ok
    print(f"deleted {tried} records, each found")


def test_a_record_deleted_with_its_place_in_the_chain_is_found(story):
    for key in (story.column(EVENTS)[3], story.column(EVENTS)[-1]):
        story.did(
            f"DELETE FROM audit_event WHERE id = '{key}'",
            f"DELETE FROM audit_chainlink WHERE record_id = '{key}'",
        )
        assert str(key) in "".join(map(str, story.look().faults))


COPY = """
INSERT INTO audit_event SELECT
    (json_populate_record(e, json_build_object('id', '{id}', 'at', '{at}'))).*
FROM audit_event e WHERE id = '{like}'
"""
NEW = "01900000-0000-7000-8000-000000000001"


def test_a_record_inserted_behind_the_triggers_is_found(story):
    like = story.column(EVENTS)[5]
    story.did(COPY.format(id=NEW, at="2026-03-04T09:00:00Z", like=like))
    assert any(NEW in str(fault) for fault in story.look().faults)


def test_a_back_dated_record_that_claims_a_place_in_the_chain_is_found(story):
    like = story.column(EVENTS)[5]
    story.did(
        COPY.format(id=NEW, at="2026-03-04T09:00:00Z", like=like),
        f"INSERT INTO audit_chainlink SELECT 100000, 2, 'event', '{NEW}', digest"
        f" FROM audit_chainlink WHERE record_id = '{like}'",
    )
    assert any(NEW in str(fault) for fault in story.look().faults)


def test_a_back_dated_record_that_takes_anothers_place_is_found(story):
    like = story.column(EVENTS)[5]
    story.did(
        COPY.format(id=NEW, at="2026-03-04T09:00:00Z", like=like),
        f"DELETE FROM audit_event WHERE id = '{like}'",
        f"UPDATE audit_chainlink SET record_id = '{NEW}' WHERE record_id = '{like}'",
    )
    assert any(NEW in str(fault) for fault in story.look().faults)


def test_a_back_dated_record_inserted_with_the_triggers_on_is_found_before_and_after_sealing(story):
    like = story.column(EVENTS)[5]
    story.did(
        "ALTER TABLE audit_event ENABLE TRIGGER USER",
        COPY.format(id=NEW, at="2026-03-04T09:00:00Z", like=like),
    )
    for _ in range(2):
        report = story.look()
        assert [fault.record for fault in report.faults] == [f"event {NEW}"]
        sealing.run()


def test_a_changed_record_that_still_waits_is_found(story):
    [key] = story.column("SELECT record_id FROM audit_unsealed WHERE kind = 'event' LIMIT 1")
    story.did(f"UPDATE audit_event SET user_id = uuidv7() WHERE id = '{key}'")
    assert [fault.record for fault in story.look().faults] == [f"event {key}"]


def test_a_queued_record_that_vanished_is_found_before_and_after_sealing(story):
    [key] = story.column("SELECT record_id FROM audit_unsealed WHERE kind = 'event' LIMIT 1")
    story.did(f"DELETE FROM audit_event WHERE id = '{key}'")
    for _ in range(2):
        assert [fault.record for fault in story.look().faults] == [f"event {key}"]
        sealing.run()


def test_records_that_were_swapped_are_found(story):
    first, second = story.column(EVENTS)[2:4]
    aside = "00000000-0000-0000-0000-000000000000"
    story.did(
        f"UPDATE audit_event SET id = '{aside}' WHERE id = '{first}'",
        f"UPDATE audit_event SET id = '{first}' WHERE id = '{second}'",
        f"UPDATE audit_event SET id = '{second}' WHERE id = '{aside}'",
    )
    assert {fault.record for fault in story.look().faults} == {f"event {first}", f"event {second}"}


def test_places_that_were_swapped_are_found(story):
    story.did(
        "UPDATE audit_chainlink SET position = -1 WHERE position = 4",
        "UPDATE audit_chainlink SET position = 4 WHERE position = 5",
        "UPDATE audit_chainlink SET position = 5 WHERE position = -1",
    )
    assert "another order" in str(story.look().faults[0])


def test_truncation_is_found(story):
    tried = 0
    for tables in (
        ["audit_chainlink"],
        ["audit_checkpoint"],
        ["audit_event"],
        ["audit_accessrecord"],
        [
            "audit_event",
            "audit_accessrecord",
            "audit_chainlink",
            "audit_checkpoint",
            "audit_unsealed",
        ],
    ):
        story.did(f"TRUNCATE {', '.join(tables)}")
        report = story.look()
        assert not report.ok, tables
        assert report.to_json()["first_bad"]["checkpoint"] == 1
        tried += 1
    print(f"truncated {tried} sets of tables, each found")
    with pytest.raises(ChainBroken):
        sealing.run()


def recompute(story, settings):
    """What a thief of the database would do: forge one record and make the chain anew."""
    [key] = story.column(EVENTS + " OFFSET 20 LIMIT 1")
    story.did(f"UPDATE audit_event SET verb = 'trail.read' WHERE id = '{key}'")
    previous = START
    settings.AUDIT_SIGNING_KEY = "the thief's own key"
    settings.AUDIT_KEY = "a guess"
    for row in Checkpoint.objects.order_by("number"):
        links = list(ChainLink.objects.filter(checkpoint=row.number).order_by("position"))
        now = sealing.digests([(link.kind, link.record_id) for link in links], row.version)
        line = Line.seal(
            number=row.number,
            first=row.first,
            previous=previous,
            version=row.version,
            at=row.at.isoformat(),
            entries=[
                Entry(link.kind, str(link.record_id), now[link.kind, str(link.record_id)])
                for link in links
            ],
        )
        story.owner.execute(
            "UPDATE audit_checkpoint SET previous = %s, root = %s, key = %s, digest = %s,"
            " signature = %s WHERE number = %s",
            [line.previous, line.root, line.key, line.digest, line.signature, line.number],
        )
        for position, entry in enumerate(line.entries, line.first):
            story.owner.execute(
                "UPDATE audit_chainlink SET digest = %s WHERE position = %s",
                [entry.digest, position],
            )
        previous = line.digest
    return key


def test_a_full_recomputation_is_found_and_the_changed_record_named(story, settings):
    keys = settings.AUDIT_SIGNING_KEY, settings.AUDIT_KEY
    key = recompute(story, settings)
    settings.AUDIT_SIGNING_KEY, settings.AUDIT_KEY = keys
    report = story.look()
    assert f"event {key}" in {fault.record for fault in report.faults}
    assert "was changed in the database" in {fault.what for fault in report.faults}
    with pytest.raises(ChainBroken):
        sealing.run()


def test_checkpoints_added_beyond_the_sinks_need_our_signature(story, settings):
    mine = settings.AUDIT_SIGNING_KEY
    settings.AUDIT_SIGNING_KEY = "the thief's own key"
    sealing._seal_one()
    settings.AUDIT_SIGNING_KEY = mine
    assert "is not signed with our key" in str(story.look().faults[0])
    with pytest.raises(ChainBroken):
        sealing.run()


def test_a_roll_back_to_an_earlier_state_is_found(story):
    story.did(
        "DELETE FROM audit_event USING audit_chainlink l"
        " WHERE l.record_id = audit_event.id AND l.checkpoint > 3",
        "DELETE FROM audit_accessrecord USING audit_chainlink l"
        " WHERE l.record_id = audit_accessrecord.id AND l.checkpoint > 3",
        "DELETE FROM audit_chainlink WHERE checkpoint > 3",
        "DELETE FROM audit_checkpoint WHERE number > 3",
    )
    report = story.look()
    assert report.to_json()["first_bad"]["checkpoint"] == 4
    with pytest.raises(ChainBroken):
        sealing.run()
    assert not story.look().ok, "nothing was sealed over it"


def test_a_sink_that_was_shortened_or_bent_is_found_by_the_other(story):
    lines = story.sinks[0].read_text().splitlines(keepends=True)
    story.sinks[0].write_text("".join(lines[:2]))
    assert "is missing from file:" in str(story.look().faults[0])
    bent = json.loads(lines[1])
    bent["records"][0][2] = "0" * 64
    story.sinks[0].write_text("".join([lines[0], json.dumps(bent) + "\n", *lines[2:]]))
    assert "does not fit the digests of its records, in file:" in str(story.look().faults[0])


def test_every_column_of_a_record_is_in_its_digest():
    for kind, model in sealing._MODELS.items():
        columns = {field.attname for field in model._meta.concrete_fields}
        assert set(canonical.FIELDS[canonical.VERSION][kind]) == columns - {"proof"}
