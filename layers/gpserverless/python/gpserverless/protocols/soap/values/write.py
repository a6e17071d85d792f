"""Writing of values: from the JSON of REST to nodes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson

from gpserverless.datatypes.base import JSON
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.sets.write import make_features_node, make_table_node
from gpserverless.protocols.soap.values.type_names import (
    COMPOSITE,
    MULTI_VALUE,
    TEXT,
    find_member_type,
    find_value_type,
)
from gpserverless.toolkit.spec import Parameter
from gpserverless.values.moments import EPOCH
from gpserverless.values.numbers import read_whole
from gpserverless.values.quotation import quoted
from gpserverless.values.units import find_linear_unit

LONGEST_INT = 2**31
"""The whole numbers of SOAP lie below it, and from its negative on: `xs:int` has 32 bits."""

_ACCEPTED = "a value that SOAP can carry"
_SETS = {"GPFeatureRecordSetLayer": make_features_node, "GPRecordSet": make_table_node}
_SET_TYPES = "|".join(_SETS).encode()
# Head of a result as it is stored: paramName, dataType, and a value that is an object with members.
_SET_HEAD = re.compile(
    rb'\{"paramName":"(?:[^"\\]|\\.)*+","dataType":"(' + _SET_TYPES + rb')","value":(?=\{")'
)


def make_value_node(parameter: Parameter, value: JSON, declared: str = "") -> Node:
    """Return the node of a value; that of null is an empty one, so that the value keeps its position.

    Args:
        parameter: The parameter.
        value: Its value as REST writes it.
        declared: Name of the data type of this value; "" for that of the parameter.

    Raises:
        InvalidParameter: The types of SOAP cannot hold the value.
    """
    try:
        return _make_node(declared or parameter.data_type.name, value)
    except InvalidValue as error:
        raise InvalidParameter(parameter.name, error.problem, error.accepted or _ACCEPTED) from None


def make_empty_node(parameter: Parameter) -> Node:
    """Return the node of a parameter without a value, which still tells its type.

    Args:
        parameter: The parameter.
    """
    return _make_empty_node(parameter.data_type.name)


def make_result_node(parameter: Parameter, body: bytes) -> Node:
    """Return the node of a result, or of an input as REST's inputs resource shows it.

    Features are not parsed here. An input that its type cannot hold is a text: a layer's URL, a layer's name,
    or a wrong value of a job that has failed. Such a result is refused.

    Args:
        parameter: The parameter.
        body: JSON of paramName, dataType and value.

    Raises:
        InvalidParameter: The types of SOAP cannot hold the result.
    """
    try:
        return _make_result_node(parameter, body)
    except InvalidParameter:
        if parameter.direction == "output":
            raise
        return _make_text_node(orjson.loads(body)["value"])


def _make_result_node(parameter: Parameter, body: bytes) -> Node:
    head = _SET_HEAD.match(body)
    if head is None:
        document = orjson.loads(body)
        return make_value_node(parameter, document["value"], document["dataType"])
    try:
        return _SETS[head[1].decode()](body[head.end() : body.rindex(b"}")])
    except InvalidValue as error:
        raise InvalidParameter(parameter.name, error.problem, error.accepted or _ACCEPTED) from None


def _make_node(name: str, value: JSON) -> Node:
    if value is None or value == {}:
        return _make_empty_node(name)
    if name == COMPOSITE and isinstance(value, Mapping) and value.keys() == {"dataType", "value"}:
        return _make_node(value["dataType"], value["value"])
    if name.startswith(f"{MULTI_VALUE}:"):
        return _make_list_node(name, value)
    return _WRITERS.get(name, _make_text_node)(value)


def _make_empty_node(name: str) -> Node:
    members = {"MemberDataType": find_member_type(name)} if name.startswith(f"{MULTI_VALUE}:") else {}
    return Node(find_value_type(name), members)


def _make_list_node(name: str, value: JSON) -> Node:
    if not isinstance(value, list):
        raise InvalidValue(f"{quoted(value)} is not a list")
    element = name.partition(":")[2]
    nodes = [_make_node(element, member) for member in value]
    members = {"MemberDataType": find_member_type(name), "Values": Node("GPValues", {"GPValue": nodes})}
    return Node(MULTI_VALUE, members)


def _make_text_node(value: JSON) -> Node:
    return Node(TEXT, {"Value": value if isinstance(value, str) else orjson.dumps(value).decode()})


def _make_boolean_node(value: JSON) -> Node:
    if not isinstance(value, bool):
        raise InvalidValue(f"{quoted(value)} is not a truth value")
    return Node("GPBoolean", {"Value": value})


def _make_long_node(value: JSON) -> Node:
    whole = None if isinstance(value, str) else read_whole(value)
    if whole is None:
        raise InvalidValue(f"{quoted(value)} is not a whole number")
    if not -LONGEST_INT <= whole < LONGEST_INT:
        limits = f"whole numbers from {-LONGEST_INT} to {LONGEST_INT - 1} over SOAP, larger ones over REST"
        raise InvalidValue(f"{whole} does not fit into 32 bits", limits)
    return Node("GPLong", {"Value": whole})


def _make_double_node(value: JSON) -> Node:
    return Node("GPDouble", {"Value": _read_number(value)})


def _read_number(value: JSON) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):
        raise InvalidValue(f"{quoted(value)} is not a finite number")
    return float(value)


def _make_date_node(value: JSON) -> Node:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidValue(f"{quoted(value)} is not a date")
    try:
        moment = EPOCH + timedelta(milliseconds=value)
    except (OverflowError, ValueError):
        raise InvalidValue(f"{quoted(value)} is no date of the years 1 to 9999") from None
    precision = "milliseconds" if moment.microsecond else "seconds"
    return Node("GPDate", {"Value": moment.replace(tzinfo=None).isoformat(timespec=precision)})


def _make_linear_unit_node(value: JSON) -> Node:
    if not isinstance(value, Mapping) or value.keys() != {"distance", "units"}:
        raise InvalidValue(f"{quoted(value)} is not a distance with its unit")
    units = find_linear_unit(str(value["units"]))
    return Node("GPLinearUnit", {"Value": _read_number(value["distance"]), "Units": units})


def _make_file_node(value: JSON) -> Node:
    return Node("GPDataFile", {"Data": _make_data_node(value, ("url", "itemID"))})


def _make_raster_node(name: str) -> Callable[[JSON], Node]:
    def make_node(value: JSON) -> Node:
        data = _make_data_node(value, ("url", "itemID", "format"))
        return Node(name, {"Data": data, "Format": value.get("format")})

    return make_node


def _make_data_node(value: JSON, known: tuple[str, ...]) -> Node:
    """Return where a file lies; a reference that says more is not one of SOAP."""
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise InvalidValue(f"{quoted(value)} is not a file")
    if not value.keys() <= set(known) or ("url" in value) == ("itemID" in value):
        raise InvalidValue("it is neither the URL of a file nor the id of an upload")
    place = {"URL": value["url"]} if "url" in value else {"UploadID": value["itemID"]}
    transport = "esriGDSTransportTypeUrl" if "url" in value else "esriGDSTransportTypeUpload"
    return Node("GDSData", {"Compressed": False, "TransportType": transport, **place})


def _make_set_node(name: str) -> Callable[[JSON], Node]:
    def make_node(value: JSON) -> Node:
        if not isinstance(value, Mapping):
            raise InvalidValue(f"{quoted(value)} is not a set of features")
        return _SETS[name](value)

    return make_node


_WRITERS: Mapping[str, Callable[[Any], Node]] = {
    "GPBoolean": _make_boolean_node,
    "GPLong": _make_long_node,
    "GPDouble": _make_double_node,
    "GPDate": _make_date_node,
    "GPLinearUnit": _make_linear_unit_node,
    "GPDataFile": _make_file_node,
    **{name: _make_raster_node(name) for name in ("GPRasterData", "GPRasterDataLayer")},
    **{name: _make_set_node(name) for name in _SETS},
}
"""How a value of each classic type but the texts is written; the others are texts."""
