"""Environments: settings of the desktop that come with a call, of which some have an effect here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from gpserverless.datatypes.base import JSON, LoadOptions
from gpserverless.datatypes.extent import GPExtent
from gpserverless.datatypes.scalars import read_truth
from gpserverless.datatypes.spatial_reference import read_optional_reference
from gpserverless.errors import InvalidValue, RequestError
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.write_extent import make_envelope_node
from gpserverless.protocols.soap.sets.write_reference import make_reference_node
from gpserverless.protocols.soap.values.places import (
    ENVELOPE_TYPES,
    REFERENCE_TYPES,
    read_extent,
    read_extent_text,
    read_spatial_reference,
)
from gpserverless.protocols.soap.values.type_names import TEXT, find_sent_type
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.values.numbers import read_float, read_whole

MAX_ENVIRONMENTS = 200
"""Environments that one call may have; ArcGIS Pro knows less than 100."""

_NO_REFERENCE = frozenset({"", "#", "same as input", "none"})
_NO_EXTENT = frozenset({"", "#", "default", "maxof", "minof", "display", "same as input", "none"})
_IDLE_WORDS = _NO_REFERENCE | _NO_EXTENT
_WITHOUT_EFFECT = frozenset(
    {
        "mask", "snapraster", "cellsize", "geographictransformations", "cartographiccoordinatesystem",
        "outputzvalue", "xytolerance", "ztolerance", "mtolerance", "xyresolution", "zresolution",
        "mresolution",
    }
)  # fmt: skip
"""Environments that would change results on ArcGIS Server; the others say how it computes."""

_REFERENCE, _EXTENT = "SpatialReference", "Envelope"
_PLACES = {_REFERENCE: make_reference_node, _EXTENT: make_envelope_node}
_LONGEST_INT = 2**31


@dataclass(frozen=True)
class Environment:
    """One environment.

    Attributes:
        key: Its name.
        type: Type of its value: a simple value type, "SpatialReference" or "Envelope".
        value: Its value as JSON; None if there is none that can be given back.
    """

    key: str
    type: str
    value: JSON

    def to_document(self) -> dict[str, JSON]:
        """Return the environment as JSON."""
        return asdict(self)


def read_environments(properties: Element | None) -> list[Environment]:
    """Return the environments of a call.

    Args:
        properties: A `PropertySet`; None if there is none.

    Raises:
        RequestError: There are too many.
    """
    array = None if properties is None else properties.find("PropertyArray")
    entries = [] if array is None else array.children
    if len(entries) > MAX_ENVIRONMENTS:
        raise RequestError(f"There are {len(entries):,} environments; at most {MAX_ENVIRONMENTS} are read.")
    return [_read_environment(entry) for entry in entries]


def _read_environment(entry: Element) -> Environment:
    key, value = (entry.read_text("Key") or "").strip(), entry.find("Value")
    if value is None or value.is_empty:
        return Environment(key, TEXT, None)
    sent = find_sent_type(value.type_name)
    inner = [child.type_name for child in value.children]
    if sent in REFERENCE_TYPES or any(type_name in REFERENCE_TYPES for type_name in inner):
        return _read_place(key, _REFERENCE, value)
    if sent in ENVELOPE_TYPES or any(type_name in ENVELOPE_TYPES for type_name in inner):
        return _read_place(key, _EXTENT, value)
    text = value.read_text("Value") if value.children else value.text
    return _read_plain(key, sent, text)


def _read_place(key: str, kind: str, value: Element) -> Environment:
    """Return an environment with a reference or extent; one that cannot be read has its trouble as a text."""
    try:
        place = read_spatial_reference(value) if kind == _REFERENCE else read_extent(value)
    except InvalidValue as error:
        return Environment(key, TEXT, error.problem)
    return Environment(key, kind if isinstance(place, dict) else TEXT, place)


def _read_plain(key: str, sent: str, text: str | None) -> Environment:
    """Return an environment with a plain value; what does not fit its type, or is of another, is a text."""
    word = (text or "").strip()
    if sent == "GPBoolean" and (truth := read_truth(word)) is not None:
        return Environment(key, sent, truth)
    whole, number = read_whole(word), read_float(word)
    if sent == "GPLong" and whole is not None and -_LONGEST_INT <= whole < _LONGEST_INT:
        return Environment(key, sent, whole)
    if sent == "GPDouble" and number is not None:
        return Environment(key, sent, number)
    return Environment(key, TEXT, text)


def read_environment_reference(environment: Environment | None, warnings: list[str]) -> dict[str, Any] | None:
    """Return the spatial reference of an environment as Esri JSON; None if it asks for none.

    Args:
        environment: The environment; None if it is not given.
        warnings: Takes a sentence about a value that cannot be read, which has no effect.
    """
    if environment is None or _is_word(environment.value, _NO_REFERENCE):
        return None
    try:
        text = Element("Value", text=str(environment.value))
        raw = environment.value if environment.type == _REFERENCE else read_spatial_reference(text)
        known = read_optional_reference(raw)
    except InvalidValue as error:
        warnings.append(_write_warning(environment, error))
        return None
    return None if known is None else known.to_json()


def read_environment_extent(environment: Environment | None, warnings: list[str]) -> dict[str, Any] | None:
    """Return the extent of an environment as Esri JSON; None if it asks for none.

    Args:
        environment: The environment; None if it is not given.
        warnings: Takes a sentence about a value that cannot be read, which has no effect.
    """
    if environment is None or _is_word(environment.value, _NO_EXTENT):
        return None
    try:
        value = environment.value
        raw = value if environment.type == _EXTENT else read_extent_text(str(value))
        return GPExtent().load(raw, LoadOptions()).to_json()
    except InvalidValue as error:
        warnings.append(_write_warning(environment, error))
        return None


def warn_of_environments(environments: Sequence[Environment], warnings: list[str]) -> None:
    """Say which environments have no effect although the caller expects one.

    Args:
        environments: Those of the call.
        warnings: Takes a sentence about each.
    """
    for each in environments:
        if each.key.lower() in _WITHOUT_EFFECT and not _is_word(each.value, _IDLE_WORDS):
            warnings.append(f"The environment '{each.key}' has no effect here.")


def _is_word(value: JSON, words: frozenset[str]) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in words)


def _write_warning(environment: Environment, error: InvalidValue) -> str:
    return f"The environment '{environment.key}' has no effect: {error.problem.rstrip('.')}."


def make_environment_node(environment: Environment) -> Node:
    """Return an environment as a property.

    Args:
        environment: The environment.
    """
    return Node("PropertySetProperty", {"Key": environment.key, "Value": _make_value(environment)})


def _make_value(environment: Environment) -> Node | None:
    """Return the value in its type; a place that cannot be written, such as half an extent, as a text."""
    if environment.value is None:
        return None
    make_node = _PLACES.get(environment.type)
    if make_node is None:
        return Node(environment.type, {"Value": environment.value})
    try:
        return make_node(environment.value)
    except InvalidValue:
        return Node(TEXT, {"Value": orjson.dumps(environment.value).decode()})
