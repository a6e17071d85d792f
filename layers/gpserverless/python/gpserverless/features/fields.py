"""Descriptions of attribute columns, as in Esri JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any

from gpserverless.errors import InvalidValue

_PREFIX = "esriFieldType"

SMALL_INTEGER = "esriFieldTypeSmallInteger"
INTEGER = "esriFieldTypeInteger"
BIG_INTEGER = "esriFieldTypeBigInteger"
SINGLE = "esriFieldTypeSingle"
DOUBLE = "esriFieldTypeDouble"
STRING = "esriFieldTypeString"
DATE = "esriFieldTypeDate"
DATE_ONLY = "esriFieldTypeDateOnly"
TIME_ONLY = "esriFieldTypeTimeOnly"
TIMESTAMP_OFFSET = "esriFieldTypeTimestampOffset"
OID = "esriFieldTypeOID"
GEOMETRY = "esriFieldTypeGeometry"
BLOB = "esriFieldTypeBlob"

INTEGER_TYPES = frozenset({SMALL_INTEGER, INTEGER, BIG_INTEGER, OID, DATE})
"""Types held as 64-bit integers; a date is milliseconds since 1970-01-01 UTC."""

FLOAT_TYPES = frozenset({SINGLE, DOUBLE})
"""Types held as 64-bit floats."""

FIELD_TYPES = frozenset(
    {SMALL_INTEGER, INTEGER, BIG_INTEGER, SINGLE, DOUBLE, STRING, DATE, DATE_ONLY, OID, GEOMETRY, BLOB}
    | {_PREFIX + kind for kind in ("TimeOnly", "TimestampOffset", "GlobalID", "GUID", "Raster", "XML")}
)
"""Every field type of Esri JSON. Values of types other than numbers, texts and dates are passed on
unread."""

OBJECT_ID_NAMES = frozenset({"objectid", "fid", "oid", "__objectid"})
"""Names, in small letters, of columns that are object ids if their values are different integers."""

_LENGTHS = {STRING: 255, _PREFIX + "GUID": 38, _PREFIX + "GlobalID": 38}


@dataclass(frozen=True)
class Field:
    """One attribute column.

    Attributes:
        name: Key of the column in every feature's attributes.
        type: A name of `FIELD_TYPES`.
        alias: Title for people; the name if empty.
        length: Most characters of a text, or bytes of an object id; None for other types.
        nullable: Whether a value may be null; None if unknown.
        domain: The field's coded values or range as Esri JSON, passed on unread.

    Example:
        >>> depth = AttributeField("depth", "esriFieldTypeDouble", alias="Depth in m")
        >>> depth.name, depth.alias
        ('depth', 'Depth in m')
    """

    name: str
    type: str = STRING
    alias: str = ""
    length: int | None = None
    nullable: bool | None = None
    domain: Mapping[str, Any] | None = None

    @property
    def is_number(self) -> bool:
        """Whether the values are numbers; dates are not.

        Example:
            >>> depth.is_number, AttributeField("name").is_number
            (True, False)
        """
        return self.type in FLOAT_TYPES or (self.type in INTEGER_TYPES and self.type != DATE)

    def with_room_for(self, characters: int) -> Field:
        """Return a text field that is long enough for its texts; one that already is stays as it is.

        Args:
            characters: Most characters of a text.

        Example:
            >>> AttributeField("name").with_room_for(400).length
            400
        """
        declared = self.length if self.length is not None else _LENGTHS[STRING]
        return self if characters <= declared else replace(self, length=characters)

    @classmethod
    def from_json(cls, value: Any) -> Field:
        """Read a member of a feature set's `fields`.

        Args:
            value: `{"name": "POP", "type": "esriFieldTypeInteger", "alias": "Population"}`; only the
                name is needed, and a field without a type is a text.

        Raises:
            InvalidValue: The name is missing, or there is no such type.

        Example:
            >>> AttributeField.from_json({"name": "POP", "type": "esriFieldTypeInteger"}).is_number
            True
        """
        if not isinstance(value, Mapping) or not isinstance(value.get("name"), str) or not value["name"]:
            raise InvalidValue("a field has no name", '{"name": "POP", "type": "esriFieldTypeInteger"}')
        name, kind, alias = value["name"], value.get("type") or STRING, value.get("alias")
        if not isinstance(kind, str) or kind not in FIELD_TYPES:
            raise InvalidValue(f"field '{name[:60]}' has no known type", ", ".join(sorted(FIELD_TYPES)))
        length, nullable, domain = value.get("length"), value.get("nullable"), value.get("domain")
        return cls(
            name,
            kind,
            alias if isinstance(alias, str) else "",
            length if isinstance(length, int) and not isinstance(length, bool) else None,
            nullable if isinstance(nullable, bool) else None,
            domain if isinstance(domain, Mapping) else None,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the field as a member of `fields`; a text always has a length.

        Example:
            >>> depth.to_json()
            {'name': 'depth', 'type': 'esriFieldTypeDouble', 'alias': 'Depth in m'}
        """
        document: dict[str, Any] = {"name": self.name, "type": self.type, "alias": self.alias or self.name}
        length = self.length if self.length is not None else _LENGTHS.get(self.type)
        known = {"length": length, "nullable": self.nullable, "domain": self.domain}
        return document | {key: value for key, value in known.items() if value is not None}


def find_free_name(name: str, taken: Iterable[str]) -> str:
    """Return a name that is not taken in any letter case, with a number behind it if needed.

    Args:
        name: The name to begin with: "Shape", then "Shape_1" and so on.
        taken: The names that are taken.
    """
    used = {each.upper() for each in taken}
    candidates = chain([name], (f"{name}_{number}" for number in count(1)))
    return next(candidate for candidate in candidates if candidate.upper() not in used)


def distinguish_names(names: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """Return names of which no two are alike in any letter case; the first of a name keeps it.

    Args:
        names: The names, N of them.
        taken: Other names that are taken.
    """
    seen = {name.upper() for name in taken}
    used = seen | {name.upper() for name in names}
    numbers: Counter[str] = Counter()
    made = []
    for name in names:
        free, key = name, name.upper()
        while key in seen and free.upper() in used:
            numbers[key] += 1
            free = f"{name}_{numbers[key]}"
        seen.add(free.upper())
        used.add(free.upper())
        made.append(free)
    return made
