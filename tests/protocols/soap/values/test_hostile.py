"""No value, whatever it is made of, ends in another error than a refusal that names its parameter."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpserverless.datatypes.base import DataType, LoadOptions
from gpserverless.errors import InvalidParameter, RequestError
from gpserverless.protocols.soap.options import make_environments_node, make_options_node, read_options
from gpserverless.protocols.soap.schema.write import write_node
from gpserverless.protocols.soap.values.read import read_value
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.toolkit.catalogue import find_catalogue_file, parse_catalogue
from gpserverless.toolkit.values import load_value
from tests.protocols.soap.values.messages import make_parameter

ECHO = next(
    task
    for service in parse_catalogue(find_catalogue_file().read_bytes())
    for task in service.tasks
    if task.name == "Echo"
)
TYPES = [parameter.data_type for parameter in ECHO.inputs]
NAMES = [
    "Value", "Values", "GPValue", "Units", "RecordSet", "Fields", "FieldArray", "Field", "Name", "Type",
    "Records", "Data", "URL", "UploadID", "EmbeddedData", "Compressed", "Format", "WKID", "LatestWKID",
    "WKT", "XMin", "YMin", "XMax", "YMax", "ZMin", "SpatialReference", "Extent", "PropertyArray",
    "PropertySetProperty", "Key", "TransportType", "DensifyFeatures", "MemberDataType", "GeometryDef",
    "GeometryType", "ShapeFieldName",
]  # fmt: skip
TYPE_NAMES = [
    "", "GPString", "GPLong", "GPDouble", "GPBoolean", "GPDate", "GPLinearUnit", "GPRecordSet",
    "EnvelopeN", "GPFeatureRecordSetLayer", "GPDataFile", "GPRasterData", "GPMultiValue", "GPArealUnit",
    "GPExtent", "Field", "GPSpatialReference", "ProjectedCoordinateSystem", "EnvelopeB", "string",
    "int", "RecordSet",
]  # fmt: skip
TEXTS = [
    "", " ", "5", "-0", "1e400", "NaN", "INF", "٣", "true", "4326", "99", "5 Miles", "{", "[1,2", "null",
    '{"a":1}',
    "0 0 1 1", "0 0 1 1 PROJCS[", "2026-11-21T08:30:00Z", "0001-01-01T00:00:00", "esriMiles",
    "esriUnknownUnits",
    "outputCoordinateSystem", "extent", "outputZFlag", "Disabled", "esriFieldTypeGeometry",
    "esriFieldTypeOID", "esriGeometryPoint", "https://a.example", "é" * 3,
]  # fmt: skip


def make_element(name: str, type_name: str, text: str, is_nil: bool, children: list[Element]) -> Element:
    return Element(name, "", type_name, is_nil, "" if children else text, children)


LEAVES = st.builds(
    make_element,
    st.sampled_from(NAMES),
    st.sampled_from(TYPE_NAMES),
    st.sampled_from(TEXTS),
    st.sampled_from([False, False, False, True]),
    st.just([]),
)
ELEMENTS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        make_element,
        st.sampled_from(NAMES),
        st.sampled_from(TYPE_NAMES),
        st.just(""),
        st.just(False),
        st.lists(inner, max_size=5),
    ),
    max_leaves=12,
)
KEYS = ["outputCoordinateSystem", "SpatialReference", "extent", "outputZFlag", "outputMFlag", "mask", ""]


def make_environments(entries: list[tuple[str, Element]]) -> Element:
    properties = [
        Element("PropertySetProperty", children=[Element("Key", text=key), replace(value, name="Value")])
        for key, value in entries
    ]
    return Element("EnvironmentValues", children=[Element("PropertyArray", children=properties)])


ENVIRONMENTS = st.builds(make_environments, st.lists(st.tuples(st.sampled_from(KEYS), ELEMENTS), max_size=4))
QUIETLY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@QUIETLY
@given(st.sampled_from(TYPES), ELEMENTS)
def test_a_value_is_read_or_refused_with_the_name_of_its_parameter(data_type: DataType, element: Any) -> None:
    parameter = make_parameter(data_type)
    with contextlib.suppress(InvalidParameter):
        raw = read_value(parameter, element, lambda name, content: {"itemID": name})
        load_value(parameter, {parameter.name: raw}, LoadOptions())


@QUIETLY
@given(ELEMENTS, ENVIRONMENTS)
def test_options_are_read_or_refused_and_given_back(options: Element, environments: Element) -> None:
    try:
        given_options = read_options(options, environments)
    except RequestError:
        return
    write_node("Result", make_options_node(given_options.document))
    write_node("Result", make_environments_node(given_options.document))


def test_a_deep_value_is_refused() -> None:
    deep = Element("Value", type_name="GPMultiValue", text="5")
    for _ in range(190):
        deep = Element("GPValue", type_name="GPMultiValue", children=[Element("Values", children=[deep])])
    with pytest.raises(InvalidParameter, match="a list within a list"):
        read_value(make_parameter(list[int]), deep)
