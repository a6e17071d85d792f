"""Descriptions of tools: every parameter has a value of its type, and says what REST says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gpserverless.datatypes.features import GPFeatureRecordSetLayer
from gpserverless.datatypes.scalars import GPLong, GPString
from gpserverless.protocols.soap.discovery import make_parameter_info, make_tool_info
from gpserverless.protocols.soap.schema.write import write_node
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.toolkit.catalogue import find_catalogue_file, parse_catalogue
from gpserverless.toolkit.spec import Parameter, TaskSpec
from tests.protocols.soap.values.messages import parse

CATALOGUE = parse_catalogue(find_catalogue_file().read_bytes())
TASKS = [(service.name, task) for service in CATALOGUE for task in service.tasks]
ECHO = next(task for service, task in TASKS if task.name == "Echo")


def describe(task: TaskSpec) -> Element:
    return parse(write_node("Result", make_tool_info(task, "https://a.example/help")))


def describe_parameter(parameter: Parameter) -> Element:
    return parse(write_node("GPParameterInfo", make_parameter_info(parameter)))


def find(element: Element, *names: str) -> Element:
    for name in names:
        child = element.find(name)
        assert child is not None, name
        element = child
    return element


@pytest.mark.parametrize(("service", "task"), TASKS, ids=lambda value: getattr(value, "name", value))
def test_every_published_tool_is_described_with_a_value_for_each_parameter(
    service: str, task: TaskSpec
) -> None:
    infos = find(describe(task), "ParameterInfo").children

    assert [info.read_text("Name") for info in infos] == [parameter.name for parameter in task.parameters]
    for info in infos:
        assert find(info, "Value").type_name == info.read_text("DataType")


SHOWN: dict[str, str] = {
    "In_GPBoolean": "GPBoolean",
    "In_GPStringHidden": "GPString",
    "In_GPSQLExpression": "GPString",
    "In_GPArealUnit": "GPString",
    "In_Field": "GPString",
    "In_GPValueTable": "GPString",
    "In_GPComposite": "GPString",
    "In_GPExtent": "GPString",
    "In_GPLinearUnit": "GPLinearUnit",
    "In_GPFeatureRecordSetLayer": "GPFeatureRecordSetLayer",
    "In_GPRasterData": "GPRasterData",
    "In_GPMultiValue_GPLong": "GPMultiValue",
    "In_GPMultiValue_GPArealUnit": "GPMultiValue",
}


def test_types_without_a_form_of_their_own_are_texts() -> None:
    infos = find(describe(ECHO), "ParameterInfo").children
    types = {info.read_text("Name"): info.read_text("DataType") for info in infos}
    assert {name: types[name] for name in SHOWN} == SHOWN


@pytest.mark.parametrize(
    ("name", "member"), [("In_GPMultiValue_GPLong", "GPLong"), ("In_GPMultiValue_GPArealUnit", "GPString")]
)
def test_a_list_tells_the_type_of_its_members(name: str, member: str) -> None:
    parameter = ECHO.parameter(name, "input")
    assert parameter is not None
    value = find(describe_parameter(parameter), "Value")
    assert value.read_text("MemberDataType") == member
    assert value.find("Values") is None


def test_an_input_says_its_direction_its_choices_and_its_default() -> None:
    side = Parameter("side", "Side", "", GPString(("LEFT", "RIGHT")), default="LEFT", category="Where")

    info = describe_parameter(side)

    texts = ("Name", "DisplayName", "Category", "DataType", "Direction", "ParamType")
    assert [info.read_text(name) for name in texts] == [
        "side", "Side", "Where", "GPString", "esriGPParameterDirectionInput", "esriGPParameterTypeOptional",
    ]  # fmt: skip
    assert [choice.text for choice in find(info, "ChoiceList").children] == ["LEFT", "RIGHT"]
    assert find(info, "Value", "Value").text == "LEFT"


@pytest.mark.parametrize(
    ("parameter", "direction", "kind"),
    [
        (Parameter("a", "A", "", GPLong(), required=True), "Input", "Required"),
        (Parameter("a", "A", "", GPLong()), "Input", "Optional"),
        (Parameter("a", "A", "", GPLong(), "output"), "Output", "Derived"),
    ],
)
def test_a_parameter_is_required_optional_or_derived(parameter: Parameter, direction: str, kind: str) -> None:
    info = describe_parameter(parameter)
    assert info.read_text("Direction") == f"esriGPParameterDirection{direction}"
    assert info.read_text("ParamType") == f"esriGPParameterType{kind}"
    assert info.find("ChoiceList") is None
    assert find(info, "Value").is_empty


def test_features_without_a_default_show_their_schema() -> None:
    line = Parameter("a", "A", "", GPFeatureRecordSetLayer(("esriGeometryPolyline",)))

    records = find(describe_parameter(line), "Value", "RecordSet")

    definitions = [field.find("GeometryDef") for field in find(records, "Fields", "FieldArray").children]
    geometry = next(definition for definition in definitions if definition is not None)
    assert geometry.read_text("GeometryType") == "esriGeometryPolyline"
    assert find(geometry, "SpatialReference").type_name == "GeographicCoordinateSystem"
    assert find(records, "Records").children == []


def test_a_layer_of_the_service_is_a_choice_and_its_value_a_schema() -> None:
    layers = GPFeatureRecordSetLayer(layers=(("Towns", "toolboxes/towns.json"),), only_layers=True)

    info = describe_parameter(Parameter("a", "A", "", layers, default="Towns"))

    assert [choice.text for choice in find(info, "ChoiceList").children] == ["Towns"]
    assert find(info, "Value", "RecordSet").children


def test_a_default_that_soap_cannot_hold_is_left_out() -> None:
    info = describe_parameter(Parameter("a", "A", "", GPLong(), default=5_000_000_000))
    assert find(info, "Value").is_empty


def test_a_tool_is_described_without_the_libraries_of_geometries() -> None:
    code = (
        "import sys\n"
        "from gpserverless.protocols.soap.discovery import make_tool_info\n"
        "from gpserverless.protocols.soap.schema.write import write_node\n"
        "from gpserverless.toolkit.catalogue import find_catalogue_file, parse_catalogue\n"
        "for service in parse_catalogue(find_catalogue_file().read_bytes()):\n"
        "    for task in service.tasks:\n"
        "        write_node('Result', make_tool_info(task, 'https://a.example'))\n"
        "print(sorted({'numpy', 'shapely', 'pyproj'} & sys.modules.keys()))"
    )
    paths = {"PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, capture_output=True, text=True, env=paths, check=True)
    assert answer.stdout.strip() == "[]"
