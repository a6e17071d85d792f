"""Files and rasters, which come by reference."""

from __future__ import annotations

from typing import Any

import orjson

from gpserverless.datatypes.references import ITEM_ID
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.protocols.directory.forms.control import Control
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.value_form import Texts, ValueForm

FILE = "file"
"""Part that is a file. The scripts of a page upload it; an `execute` cannot store it."""

_UPLOAD_FIRST = "the file was not stored"
_ACCEPTED = "the id of the item that the upload page shows, or a URL"


class ReferenceForm(ValueForm):
    """The URL of a file, or the id of an upload."""

    def spread(self, slot: Slot, value: Any) -> Texts:
        """Return the URL or the id; of an object with more, its JSON."""
        if isinstance(value, dict) and len(value) == 1:
            value = value.get("url") or value.get("itemID") or value
        text = value if isinstance(value, str) else orjson.dumps(value).decode() if value else ""
        return {slot.name: [text]}

    def draw(self, slot: Slot, parts: Parts) -> Control:
        """Return an input for the reference, and one for a file."""
        found = slot.filter
        extensions = found.get("list", ()) if found.get("type") == "file" else ()
        attributes = {"accept": ",".join(f".{each}" for each in extensions)} if extensions else {}
        return Control("file", slot.name, parts.get(slot.name), slot.label, attributes=attributes)

    def join(self, slot: Slot, parts: Parts) -> Any:
        """Return the reference."""
        text = parts.get(slot.name).strip()
        if not text and _has_file(parts, f"{slot.name}.{FILE}"):
            raise InvalidValue(_UPLOAD_FIRST, _ACCEPTED)
        return {"itemID": text} if ITEM_ID.fullmatch(text) else text or None


def _has_file(parts: Parts, name: str) -> bool:
    try:
        return any(parts.all(name))
    except InvalidParameter:  # it is no text
        return True
