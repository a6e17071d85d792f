"""A default is drawn into fields, and what these send is the default again, for every data type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import dump_element
from gpserverless.protocols.directory.forms.registry import VALUE_FORMS
from gpserverless.protocols.directory.forms.unit_labels import AREAL, LINEAR, TIME
from gpserverless.toolkit.toolboxes import discover
from gpserverless.values.areal_units import AREAL_UNITS
from gpserverless.values.time_units import TIME_UNITS
from gpserverless.values.units import LINEAR_UNITS
from tests.protocols.directory.forms.conftest import Site, make_task

WGS84 = {"wkid": 4326, "latestWkid": 4326}
BOX = {"xmin": 0.5, "ymin": -1.0, "xmax": 2.0, "ymax": 1.25, "spatialReference": WGS84}
POINTS = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": WGS84,
    "fields": [{"name": "NAME", "type": "esriFieldTypeString", "alias": "NAME", "length": 255}],
    "features": [{"attributes": {"NAME": 'a "<b>" & \n c'}, "geometry": {"x": 7.1, "y": 50.7}}],
}
ROWS = {"fields": POINTS["fields"], "features": [{"attributes": {"NAME": "<a>"}}]}
FIELD = {"name": "POP", "type": "esriFieldTypeInteger", "alias": "People"}
UTM = {"wkid": 25832, "latestWkid": 25832, "vcsWkid": 5783}

DEFAULTS: Mapping[str, list[Any]] = {
    "GPBoolean": [True, False],
    "GPLong": [0, 12, -4503599627370495],
    "GPDouble": [0.0, 1500.0, 0.1, 1e-07, 1.5e22],
    "GPString": [" a <b>\"c\" & 'd' ", "\nfirst\n\nthird\n", "a,b;c", '{"a": 1}'],
    "GPSQLExpression": ["POP > 1000 AND NAME LIKE '<a>%'"],
    "GPDate": [0, 1795249800000, 1795249800123, -86400000],
    "GPLinearUnit": [{"distance": 5.5, "units": token} for token in LINEAR_UNITS],
    "GPArealUnit": [{"area": 3.0, "units": token} for token in AREAL_UNITS],
    "GPTimeUnit": [{"time": 3.0, "units": token} for token in TIME_UNITS],
    "Field": [FIELD],
    "GPFeatureRecordSetLayer": [POINTS],
    "GPRecordSet": [ROWS],
    "GPValueTable": [
        [["a", 1, {"area": 3.0, "units": "esriAcres"}], ["two\nlines", None, None]],
        [["", None, None]],
    ],
    "GPComposite": [
        {"dataType": "GPLinearUnit", "value": {"distance": 5.0, "units": "esriIntNauticalMiles"}},
        {"dataType": "GPLong", "value": 3},
        {"dataType": "GPString", "value": "a, b"},
        {"dataType": "GPString", "value": "a\nb"},
    ],
    "GPSpatialReference": [{"wkid": 25832, "latestWkid": 25832}, {"wkid": 102100, "latestWkid": 3857}],
    "GPCoordinateSystem": [UTM],
    "GPExtent": [
        BOX,
        {"xmin": 0.0, "ymin": 0.0, "xmax": 1.0, "ymax": 1.0},
        {**BOX, "zmin": 1.0, "zmax": 2.0},
    ],
    "GPEnvelope": [{**BOX, "spatial_reference": WGS84}],
}
"""Defaults by data type, as descriptions have them; hidden texts, files and rasters can have none."""

REFERENCES = ("GPDataFile", "GPRasterData", "GPRasterDataLayer")
CASES = [(name, value) for name, values in DEFAULTS.items() for value in values]
LISTS = [(f"GPMultiValue:{name}", values) for name, values in DEFAULTS.items() if name != "GPValueTable"]


@pytest.fixture(scope="module")
def types() -> Mapping[str, DataType]:
    """Return the data types of the inputs of the conformance task by their names."""
    boxes = {box.spec.name: box.spec for box in discover(switched_on=("PUBLISH_CONFORMANCE",))}
    spec = next(task for task in boxes["Conformance/Sync"].tasks if task.name == "Echo")
    return {each.data_type.name: each.data_type for each in reversed(spec.inputs)}


def read_back(echo: Mapping[str, Any], name: str, value: Any) -> list[str]:
    """Return the fields that a handler gets of a form with a default."""
    described = next(each for each in reversed(echo["parameters"]) if each["dataType"] == name)
    parameter = {**described, "name": "Value", "direction": "esriGPParameterDirectionInput"}
    site = Site(make_task({**parameter, "defaultValue": value, "dependency": None}))
    values = site.read(site.open())
    assert not values.mistakes
    return list(values.fields["value"])


def understood(data_type: DataType, value: Any) -> Any:
    """Return a value as its data type understands it."""
    loaded = data_type.load(value, LoadOptions())
    return orjson.loads(orjson.dumps(dump_element(data_type, loaded, DumpOptions())))


@pytest.mark.parametrize(("name", "value"), [*CASES, *LISTS], ids=str)
def test_fields_of_a_default_send_the_default(
    echo: Mapping[str, Any], types: Mapping[str, DataType], name: str, value: Any
) -> None:
    (sent,) = read_back(echo, name, value)
    assert understood(types[name], sent) == understood(types[name], value)


ITEM = {"itemID": "i00000000-0000-0000-0000-000000000000"}


@pytest.mark.parametrize("name", REFERENCES)
def test_fields_of_a_reference_send_the_reference(echo: Mapping[str, Any], name: str) -> None:
    url = "https://example.org/a?b=1&c=<d>"
    assert read_back(echo, name, {"url": url}) == [url]
    assert [orjson.loads(sent) for sent in read_back(echo, name, ITEM)] == [ITEM]
    with_format = {"url": url, "format": "tif"}
    assert [orjson.loads(sent) for sent in read_back(echo, name, with_format)] == [with_format]


SINGLE = [name for name in VALUE_FORMS if name != "GPMultiValue"]


@pytest.mark.parametrize(
    "name", [*SINGLE, *(f"GPMultiValue:{each}" for each in SINGLE if each != "GPValueTable")]
)
def test_form_without_values_sends_none(echo: Mapping[str, Any], name: str) -> None:
    assert read_back(echo, name, None) == []


def test_every_data_type_of_the_site_has_a_form(echo: Mapping[str, Any]) -> None:
    names = {name.partition(":")[0] for each in echo["parameters"] for name in [each["dataType"]]}
    assert names == set(VALUE_FORMS)


def test_form_of_all_inputs_sends_nothing(echo: Mapping[str, Any]) -> None:
    site = Site(echo)
    values = site.read(site.open())
    assert not values.mistakes
    assert not any(values.fields.values())


def test_no_id_is_there_twice(echo: Mapping[str, Any]) -> None:
    ids = Site(echo).open().ids
    assert len(ids) == len(set(ids))


def test_list_without_elements_differs_from_its_default(echo: Mapping[str, Any]) -> None:
    site = Site(make_task({"name": "V", "dataType": "GPMultiValue:GPLong", "defaultValue": [1, 2]}))
    form = site.open()
    assert form.values("V") == ["1", "2", "", ""]
    assert site.read(form.fill(V=["", "", "", ""])).fields["v"] == ("[]",)


@pytest.mark.parametrize(
    ("labels", "tokens"), [(LINEAR, LINEAR_UNITS), (AREAL, AREAL_UNITS), (TIME, TIME_UNITS)]
)
def test_every_unit_has_a_label(labels: Mapping[str, str], tokens: tuple[str, ...]) -> None:
    assert set(labels) == set(tokens)
    assert len(set(labels.values())) == len(labels)
