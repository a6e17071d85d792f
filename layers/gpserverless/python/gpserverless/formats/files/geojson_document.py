"""Members of a GeoJSON file that GDAL drops: ids of features, and the name of an unknown reference.

GDAL takes the ids of features for its own numbers if the first is one. It then gives new numbers to features
without an id, with a text, or with the id of another one. An unknown reference it takes for WGS 84.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.features.fields import BIG_INTEGER, STRING, Field
from gpserverless.features.rows import Column, make_object_column
from gpserverless.formats.files.warn import Warn
from gpserverless.values.counts import write_count
from gpserverless.values.quotation import quoted

_LARGEST = 100_000_000
"""Bytes of a file that is looked at: as objects of Python it takes ten times as much memory."""

_KINDS = frozenset({"name", "epsg", "ogc"})
"""Types of "crs" that name a reference; "link" and "url" say where it lies."""

_CRS = re.compile(rb'"crs"\s*:\s*(?=\{)')
_MOST_CRS, _LONGEST_CRS = 100, 2_000
_SAFE_NAME = re.compile(r"(?![/.])[\w:/.() -]{1,200}", re.ASCII)  # neither a string of PROJ nor a file
_ACCEPTED_CRS = 'a "crs" with a name such as "urn:ogc:def:crs:EPSG::25832", or none for WGS 84'
_WGS84 = re.compile(r"CRS ?:?84|4326|4979|WGS[ _]?(19)?84", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class GeoJsonMembers:
    """What GDAL drops.

    Attributes:
        ids: The ids of the N features, None where one has none; empty if GDAL keeps them.
        reference: The member `crs`; None if there is none.
        is_property: Whether features have a property `id` too.
    """

    ids: Sequence[Any] = ()
    reference: Any = None
    is_property: bool = False

    def check_reference(self, read: str | None) -> None:
        """Raise for a spatial reference that is not the one which GDAL has read.

        Args:
            read: What GDAL has read.

        Raises:
            InvalidValue: GDAL has taken an unknown one for WGS 84.
        """
        if self.reference is None or read not in ("EPSG:4326", "EPSG:4979", "OGC:CRS84", None):
            return
        told = orjson.dumps(self.reference).decode()
        if not _WGS84.search(told):
            raise InvalidValue(
                f"the spatial reference of the file cannot be read: {told[:100]}", _ACCEPTED_CRS
            )

    def add_ids(
        self, fields: Sequence[Field], columns: Mapping[str, Column], warn: Warn
    ) -> tuple[tuple[Field, ...], dict[str, Column]]:
        """Return fields and columns with the ids, in place of what GDAL has made of them.

        Args:
            fields: The fields.
            columns: Their values, N of each.
            warn: Takes a sentence about the name of the field and about ids that several features have.
        """
        made = {name: values for name, values in columns.items() if self.is_property or name != "id"}
        taken = {name.lower() for name in made}
        name = next(free for n in count() if (free := f"id_{n}" if n else "id") not in taken)
        if name != "id":
            warn(f"The ids of the features are read as field {name}, beside their property id.")
        given = [each for each in self.ids if each is not None]
        if repeated := len(given) - len(set(map(_write_id, given))):
            warn(write_count(repeated, "feature has", "features have") + " the id of another one.")
        whole = all(type(each) is int and abs(each) < 2**63 for each in given)
        values = list(self.ids) if whole else [None if each is None else _write_id(each) for each in self.ids]
        kept = [field for field in fields if field.name in made]
        added = Field(name, BIG_INTEGER if whole else STRING)
        return (added, *kept), {name: make_object_column(values), **made}


def read_members(path: Path) -> GeoJsonMembers:
    """Read what GDAL drops of a GeoJSON file.

    Args:
        path: The file.
    """
    if not 0 < path.stat().st_size <= _LARGEST or not _holds_members(path):
        return GeoJsonMembers()
    try:
        document = orjson.loads(path.read_bytes().removeprefix(_BOM))
    except orjson.JSONDecodeError:  # GDAL tells the mistake
        return GeoJsonMembers()
    if not isinstance(document, dict):
        return GeoJsonMembers()
    features = document.get("features")
    known = [f for f in features if isinstance(f, dict)] if isinstance(features, list) else []
    ids, is_property = _find_ids(known)
    return GeoJsonMembers(ids, document.get("crs"), is_property)


def check_reference_of(path: Path) -> None:
    """Raise for a GeoJSON file whose "crs" GDAL would look for in a file of this machine, or on a server.

    Args:
        path: The file.

    Raises:
        InvalidValue: It has such a "crs".
    """
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for number, found in enumerate(_CRS.finditer(content)):
            if number == _MOST_CRS:
                raise InvalidValue(f"the file has more than {_MOST_CRS} objects called 'crs'", _ACCEPTED_CRS)
            _check_crs(content[found.end() : found.end() + _LONGEST_CRS].decode("utf-8", "replace"))


def _check_crs(text: str) -> None:
    """Check what stands behind a name "crs"; in the properties of features it may mean anything."""
    try:
        crs, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        raise InvalidValue("the spatial reference of the file cannot be read", _ACCEPTED_CRS) from None
    if not isinstance(crs, dict) or not isinstance(crs.get("properties"), dict):
        return
    if str(crs.get("type")).lower() not in _KINDS:
        problem = (
            f"the spatial reference of the file is of type {quoted(crs.get('type'))}, which is not followed"
        )
        raise InvalidValue(problem, _ACCEPTED_CRS)
    if not all(_SAFE_NAME.fullmatch(str(value)) for value in crs["properties"].values()):
        told = quoted(text[:_LONGEST_CRS])
        raise InvalidValue(f"the spatial reference of the file cannot be read: {told}", _ACCEPTED_CRS)


def _holds_members(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b'"id"') >= 0 or content.find(b'"crs"') >= 0


def _find_ids(features: Sequence[dict[str, Any]]) -> tuple[Sequence[Any], bool]:
    """Return the ids, or none if GDAL keeps them all, and whether there is a property of this name."""
    ids = [feature.get("id") for feature in features]
    properties = [(feature.get("properties") or {}).get("id") for feature in features]
    is_property = any(each is not None for each in properties)
    if ids == properties or all(each is None for each in ids):
        return (), is_property
    in_texts = all(each is None or isinstance(each, str) for each in ids)
    in_numbers = all(type(each) is int and 0 <= each < 2**63 for each in ids) and len(set(ids)) == len(ids)
    in_order = in_numbers and ids == list(range(len(ids)))
    return () if in_order or (not is_property and (in_texts or in_numbers)) else ids, is_property


def _write_id(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
