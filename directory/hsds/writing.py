"""A checked document into rows. For `directory.actions.importing` alone."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from uuid import UUID

from django.db import models

from directory import areas
from directory.hsds.shapes import MODELS, columns, links, lists, parent_field
from directory.hsds.values import as_uuid, key_of, part_key, same, to_column
from directory.models import Location, Organization, Service, ServiceArea
from directory.models.base import Described, Part

Data = dict[str, Any]

_HIDDEN_PLACE = re.compile(
    r"\brefuges?\b|\bsafe[ -](?:house|venue|place|accommodation)s?\b|\bwomen.?s aid\b",
    re.IGNORECASE,
)
# Not parts: they live on when a list no longer names them.
_LIVES_ON = (Organization, Service, Location)


class Writer:
    """Writes the things of one document, and counts.

    A key that is absent leaves what is there; one that is present replaces it, a list as a
    whole. A thing that stands in several places is one row.
    """

    def __init__(self) -> None:
        self.kept_out: list[Service] = []
        self._rows: dict[tuple[str, UUID], Described] = {}
        self._written: dict[tuple[str, UUID], Data] = {}
        self._state: dict[tuple[str, UUID], str] = {}

    def put(self, kind: str, data: Data, **parents: models.Model) -> Described:
        """Add or update one thing that stands on its own, and all within it."""
        key = key_of(kind, data["id"])
        if not parents and self._written.get((kind, key)) == data:
            # Files repeat an organisation with each of its services, word for word.
            return self._rows[kind, key]
        row = self._rows.get((kind, key)) or self._find(kind, key)
        new = row is None
        if row is None:
            row = MODELS[kind](id=key, source_id="" if as_uuid(data["id"]) else data["id"])
        self._rows[kind, key] = row
        changed = self._write(kind, row, data, parents)
        self._written[kind, key] = data
        self._count(kind, key, "added" if new else "updated" if changed else "unchanged")
        return row

    def tally(self, state: str) -> Counter[str]:
        """How many of each kind were "added", "updated" or "unchanged"; each counts once."""
        return Counter(kind for (kind, _), found in self._state.items() if found == state)

    def _count(self, kind: str, key: UUID, state: str) -> None:
        if state == "unchanged":
            self._state.setdefault((kind, key), state)
        elif self._state.get((kind, key)) != "added":
            self._state[kind, key] = state

    def _find(self, kind: str, key: UUID) -> Described | None:
        # Held until the end, so that an edit on a page waits and then sees a new version.
        return MODELS[kind]._default_manager.select_for_update().filter(pk=key).first()

    def _write(
        self,
        kind: str,
        row: Described,
        data: Data,
        parents: dict[str, models.Model],
        **places: int,
    ) -> bool:
        """Write a row and its lists; whether anything is other than it was."""
        before = _values(row)
        self._fill(kind, row, data)
        for field, value in (parents | places).items():
            setattr(row, field, value)
        # Asked only now: a thing can stand within what has just been written into it.
        new = row._state.adding
        if isinstance(row, ServiceArea):
            row.gss_code = next(
                filter(None, map(areas.code_of, (row.uri, row.extent, row.name))), ""
            )
        if isinstance(row, Service):
            self._decide_feed(row, data, before, new=new)
        changed = new or _values(row) != before
        if changed:
            row.save()
        for key, within in lists(kind).items():
            if key in data:
                changed |= self._write_list(row, kind, key, within, data[key], new=new)
        if changed and not new and isinstance(row, Service):
            row.version += 1
            row.save(update_fields=["version"])
        return changed

    def _fill(self, kind: str, row: Described, data: Data) -> None:
        """Set the columns and links that the data name; what has no column goes to `extra`."""
        extra = dict(row.extra)
        known = columns(kind)
        # Links before ids: an id may name what its link has only just brought.
        for key, value in sorted(data.items(), key=lambda item: item[0] not in links(kind)):
            if key == "id" or key in lists(kind):
                continue
            extra.pop(key, None)
            if key in known:
                held = to_column(known[key], value, key)
                setattr(row, key, held)
                if not same(value, held):
                    extra[key] = value
            elif key in links(kind):
                setattr(row, key, self.put(links(kind)[key], value) if value else None)
            elif not self._linked(kind, row, key, value):
                extra[key] = value
        row.extra = extra

    def _linked(self, kind: str, row: Described, key: str, value: Any) -> bool:
        """Follow a link that is only an id (`organization_id`), if it leads somewhere."""
        link = "taxonomy_detail" if key == "taxonomy_id" else key.removesuffix("_id")
        target = "organization" if key == "organization_id" else links(kind).get(link)
        if not target or not key.endswith("_id") or not isinstance(value, str):
            return False
        if isinstance(row, Part) and link not in links(kind):
            return False  # It names what the part stands in.
        found = self._rows.get((target, key_of(target, value))) or self._find(
            target, key_of(target, value)
        )
        if found is None:
            return False
        self._rows[target, found.pk] = found
        setattr(row, link, found)
        return True

    def _write_list(
        self, parent: Described, kind: str, key: str, within: str, items: list[Data], *, new: bool
    ) -> bool:
        field = parent_field(kind, key)
        model = MODELS[within]
        if issubclass(model, _LIVES_ON):
            for item in items:
                self.put(within, item, **{field: parent})
            return False
        here = {} if new else {row.pk: row for row in getattr(parent, key).all()}
        # The same id twice in one list is one detail: the last one counts.
        wanted = {part_key(parent.pk, key, item["id"]): item for item in items}
        changed = False
        for position, (identifier, item) in enumerate(wanted.items()):
            row = here.get(identifier) or model(id=identifier, source_id=item["id"])
            changed |= self._write(within, row, item, {field: parent}, position=position)
        if gone := here.keys() - wanted.keys():
            model._default_manager.filter(pk__in=gone).delete()
        return changed or bool(gone)

    def _decide_feed(self, row: Service, data: Data, before: Data, *, new: bool) -> None:
        """Files are of open data; what sounds like a refuge stays out until a manager says."""
        hidden = _sounds_hidden(_values(row), data)
        if new:
            row.in_feed = not hidden
        elif hidden and row.in_feed and not _sounds_hidden(before, {}):
            row.in_feed = False
        else:
            return
        if not row.in_feed:
            self.kept_out.append(row)


def _values(row: Described) -> dict[str, Any]:
    """What a row holds, less what the database makes of it."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.generated
    }


def _sounds_hidden(values: dict[str, Any], data: Data) -> bool:
    """Whether a service may be one whose address must not be known."""
    if data.get("in_feed") is False:
        return True
    words = [values["name"], values["alternate_name"], values["description"]]
    for attribute in data.get("attributes") or ():
        words.append((attribute.get("taxonomy_term") or {}).get("name", ""))
    return any(_HIDDEN_PLACE.search(text) for text in words)
