"""Files in values: a URL, the id of an upload, or the file itself."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from gpserverless.datatypes.base import JSON
from gpserverless.datatypes.files import file_name
from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.members import read_member
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.values.quotation import quoted

KeepFile = Callable[[str, bytes], Mapping[str, Any]]
"""Takes the name and the bytes of a file, keeps it, and returns the reference to it as REST reads it."""

FILE_TYPES = frozenset({"GPDataFile", "GPRasterData", "GPRasterDataLayer"})
"""The types of values that are files."""

_ACCEPTED = "Data with a URL, an UploadID or EmbeddedData"
_PLACES = {"URL": "url", "UploadID": "itemID"}


def read_file(element: Element, keep_file: KeepFile | None) -> JSON:
    """Return the reference to a file, None if there is neither data nor the name of a file.

    Args:
        element: The value.
        keep_file: Keeps a file that the value holds itself; None if this is not possible.

    Raises:
        InvalidValue: It is at several places, compressed, or named without data; or it cannot be kept.
    """
    data = element.find("Data")
    if data is None or data.is_nil:
        return _refuse_name(element)
    places = {member: (read_member(data, name) or "").strip() for name, member in _PLACES.items()}
    given = {member: text for member, text in places.items() if text}
    embedded = (read_member(data, "EmbeddedData") or "").strip()
    if len(given) + bool(embedded) > 1:
        raise InvalidValue("its Data is at more than one place", _ACCEPTED)
    if not given and not embedded:
        return _refuse_name(element)
    if (read_member(data, "Compressed") or "").strip().lower() in ("true", "1"):
        raise InvalidValue("its Data is compressed", f"{_ACCEPTED}, not compressed")
    reference = given or _keep_embedded(element, embedded, keep_file)
    form = (read_member(element, "Format") or "").strip()
    return {**reference, "format": form} if form else reference


def _refuse_name(element: Element) -> None:
    """Refuse a file that is only named: no path of a client leads to its file here."""
    name = (read_member(element, "File") or read_member(element, "DatasetName") or "").strip()
    if name:
        raise InvalidValue(f"the file {quoted(name)} is named, but not sent", _ACCEPTED)


def _keep_embedded(element: Element, text: str, keep_file: KeepFile | None) -> Mapping[str, Any]:
    if keep_file is None:
        raise InvalidValue("a file cannot be sent inside this request", "Data with a URL or an UploadID")
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise InvalidValue("its EmbeddedData is not base64", _ACCEPTED) from None
    named = read_member(element, "DatasetName") or read_member(element, "File") or ""
    return keep_file(file_name(named.strip(), (read_member(element, "Format") or "").strip()), content)
