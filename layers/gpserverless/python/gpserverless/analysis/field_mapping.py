"""Rules by which the values of several features become one: field mappings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import InvalidParameter
from gpserverless.features.fields import DATE, DOUBLE, INTEGER, SINGLE, SMALL_INTEGER, STRING

RULES = (
    *("FIRST", "LAST", "JOIN", "SUM", "MEAN", "MEDIAN", "MODE", "MIN", "MAX"),
    *("STDDEV", "VARIANCE", "RANGE", "COUNT"),
)
"""Merge rules; the deviation and the variance are those of a sample."""

_WORDS = {
    "STD": "STDDEV",
    "STANDARDDEVIATION": "STDDEV",
    "AVERAGE": "MEAN",
    "MINIMUM": "MIN",
    "MAXIMUM": "MAX",
}
_WORDS |= {"CONCATENATE": "JOIN"}
_TYPES = {
    "TEXT": STRING,
    "SHORT": SMALL_INTEGER,
    "LONG": INTEGER,
    "FLOAT": SINGLE,
    "DOUBLE": DOUBLE,
    "DATE": DATE,
}
_ACCEPTED = (
    'rows such as [["POP", "Sum"]], POP Sum;NAME First, or the text of a field mapping: '
    'NAME "Name" true true false 50 Text 0 0,First,#,join_features,NAME,0,50'
)
_HEAD = re.compile(r'\s*(?P<name>\S{1,128})\s+"(?P<alias>[^"]{0,255})"(?P<rest>[^,]{0,200})')


@dataclass(frozen=True)
class MappedField:
    """One field of the output.

    Attributes:
        name: Its name.
        rule: One of `RULES`.
        field: Name of the field whose values are merged.
        layer: The layer of that field as the mapping names it; empty if it does not.
        alias: Its title; empty for the name.
        type: Its Esri type; empty for that of the values.
        separator: Text between values that are joined.
    """

    name: str
    rule: str
    field: str
    layer: str = ""
    alias: str = ""
    type: str = ""
    separator: str = ""


@dataclass(frozen=True)
class FieldMapping:
    """The fields of an output.

    Attributes:
        fields: The mapped fields.
        complete: Whether they are all fields of the output; else they replace those of the joined features.
    """

    fields: tuple[MappedField, ...]
    complete: bool


def read_mapping(text: str | None, parameter: str) -> FieldMapping | None:
    """Read a field mapping.

    Args:
        text: Rows of a field and a rule, or a field mapping as ArcGIS writes it; None or "" for none.
        parameter: Name of the parameter, for errors.

    Raises:
        InvalidParameter: The text has another form.
    """
    if text is None or not text.strip():
        return None
    if '"' in text and not text.lstrip().startswith("["):
        fields = tuple(_read_long(entry, parameter) for entry in _split(text) if entry.strip())
        return FieldMapping(fields, complete=True)
    return FieldMapping(
        tuple(_read_row(row, parameter) for row in _read_rows(text, parameter)), complete=False
    )


def find_rule(word: str, parameter: str) -> str:
    """Return the rule of a word in any spelling.

    Args:
        word: Such as Sum or "Standard Deviation".
        parameter: Name of the parameter, for the error.

    Raises:
        InvalidParameter: There is no such rule.
    """
    key = re.sub("[^A-Z]", "", word.upper())
    rule = _WORDS.get(key, key)
    if rule not in RULES:
        raise InvalidParameter(parameter, f"there is no merge rule '{word[:40]}'", ", ".join(RULES))
    return rule


def _read_rows(text: str, parameter: str) -> list[Any]:
    if not text.lstrip().startswith("["):
        return [row for row in text.split(";") if row.strip()]
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidParameter(parameter, "it is not JSON", _ACCEPTED) from None
    return rows if isinstance(rows, list) else []


def _read_row(row: Any, parameter: str) -> MappedField:
    cells = row.strip().rsplit(maxsplit=1) if isinstance(row, str) else row
    if not isinstance(cells, list) or len(cells) != 2 or not all(isinstance(cell, str) for cell in cells):
        raise InvalidParameter(parameter, "a row is not a field and a rule", _ACCEPTED)
    return MappedField(cells[0].strip(), find_rule(cells[1], parameter), cells[0].strip())


def _split(text: str) -> list[str]:
    """Split a mapping at the semicolons that are not in quotation marks."""
    parts, quoted, begin = [], False, 0
    for place, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def _read_long(entry: str, parameter: str) -> MappedField:
    head = _HEAD.match(entry)
    rest = entry[head.end() :].lstrip(",").split(",") if head else []
    if head is None or len(rest) < 4:
        raise InvalidParameter(parameter, f"'{entry[:60]}' is no mapped field", _ACCEPTED)
    rule, separator, layer, field = (cell.strip() for cell in rest[:4])
    if len(rest) > 6:
        raise InvalidParameter(parameter, f"'{head['name'][:60]}' merges several fields", "one field")
    words = [word.upper() for word in head["rest"].split()]
    kind = next((_TYPES[word] for word in words if word in _TYPES), "")
    alias = head["alias"] if head["alias"] != head["name"] else ""
    between = "" if separator == "#" else separator.strip('"')
    return MappedField(head["name"], find_rule(rule, parameter), field, layer, alias, kind, between)
