"""One way of writing a record: alike one by one and many at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from audit import canonical
from audit.canonical import ACCESS, FIELDS, VERSION

KEYS = st.none() | st.uuids()
VALUES = st.one_of(KEYS, st.integers(), st.text(), st.booleans())
APART = ("id", "person_id", "categories", "purpose")


@given(
    st.fixed_dictionaries(
        {name: VALUES for name in FIELDS[VERSION][ACCESS] if name not in {*APART, "at"}}
    ),
    st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC)),
    st.lists(st.fixed_dictionaries(dict.fromkeys(APART, VALUES)), max_size=5),
)
def test_the_proofs_of_many_records_are_those_of_each(common, at, each):
    common["at"] = at
    columns = {name: [one[name] for one in each] for name in APART}
    assert canonical.proofs(ACCESS, common, columns) == [
        canonical.proof(ACCESS, {**common, **one}) for one in each
    ]


def test_another_record_has_another_proof():
    common = dict.fromkeys(FIELDS[VERSION][ACCESS], "")
    common["at"] = datetime(2026, 3, 3, tzinfo=UTC)
    columns = {
        "id": [UUID(int=1)] * 2,
        "person_id": [UUID(int=2)] * 2,
        "categories": [1, 2],
        "purpose": [""] * 2,
    }
    for name in APART:
        del common[name]
    first, second = canonical.proofs(ACCESS, common, columns)
    assert first != second
