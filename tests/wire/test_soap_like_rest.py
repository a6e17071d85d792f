"""SOAP says what REST says: the same values in, through the same tools, and all of the same values out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.cloud import LocalCloud
from tests.wire.conftest import Site
from tests.wire.soap_comparison import POINTS, describe, plain, read_results, run_both, write_values
from tests.wire.soap_site import Fault, SoapSite
from tests.wire.soap_values import messages_of, to_json, to_xml, type_of

SYNC, ASYNC = "Conformance/Sync", "Conformance/Async"
VALUES = json.loads((Path(__file__).parents[1] / "clients/values.json").read_text(encoding="utf-8"))
SENT = {name: case["sent"] for name, case in VALUES.items()} | {"GPLong": -(2**31)}
"""A value of every data type, by the name that Echo has for it; GPLong of SOAP has 32 bits."""

LINE = {
    "hasZ": True,
    "hasM": True,
    "geometryType": "esriGeometryPolyline",
    "spatialReference": {"wkid": 4326},
}
SETS: dict[str, dict[str, Any]] = {
    "a point with Z and M": {
        "hasZ": True, "hasM": True, "geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326},
        "features": [{"attributes": {"K": 1}, "geometry": {"x": 10.1, "y": 60, "z": 5.5, "m": 7}}],
    },
    "lines of two parts with Z and M": {**LINE, "features": [{
        "attributes": {"K": None},
        "geometry": {
            "hasZ": True, "hasM": True,
            "paths": [[[0, 0, 5, 7], [1, 1, 6, 8]], [[2, 2, 0, 0], [3, 0.1, 1, 2]]],
        },
    }]},
    "lines with M alone": {
        "hasM": True, "geometryType": "esriGeometryPolyline", "spatialReference": {"wkid": 4326},
        "features": [{"attributes": {"K": 1}, "geometry": {"hasM": True, "paths": [[[0, 0, 7], [1, 1, 8]]]}}],
    },
    "a polygon with a hole, projected": {
        "geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 102100}, "features": [{
            "attributes": {"K": 2},
            "geometry": {"rings": [
                [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]],
            ]},
        }],
    },
    "multipoints": {
        "geometryType": "esriGeometryMultipoint", "spatialReference": {"wkid": 25832},
        "features": [{"attributes": {"K": 2}, "geometry": {"points": [[500000.1234, 1], [3, 4]]}}],
    },
    "a null geometry": {
        "geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326},
        "features": [
            {"attributes": {"K": 2}, "geometry": {"x": 1, "y": 2}},
            {"attributes": {"K": 3}, "geometry": None},
        ],
    },
    "fields of every type": {
        "geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326},
        "fields": [{"name": name, "type": f"esriFieldType{name}"} for name in (
            "Integer", "SmallInteger", "Double", "Single", "String", "Date", "GUID", "GlobalID",
        )],
        "features": [
            {"attributes": {
                "Integer": -(2**31), "SmallInteger": -32768, "Double": 1e-300, "Single": 0.5,
                "String": " 🜨]]>\r\n<&\"' ", "Date": -86_400_001,
                "GUID": "{01234567-89AB-CDEF-0123-456789ABCDEF}",
                "GlobalID": "{01234567-89AB-CDEF-0123-456789ABCDEF}",
            }, "geometry": {"x": 1, "y": 2}},
            {"attributes": dict.fromkeys(
                ("Integer", "SmallInteger", "Double", "Single", "String", "Date", "GUID", "GlobalID"),
            ), "geometry": {"x": 1, "y": 2}},
        ],
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def soap(cloud: LocalCloud) -> SoapSite:
    return SoapSite(cloud.url)


@pytest.fixture(scope="module")
def echoes(site: Site, soap: SoapSite) -> tuple[dict[str, Any], dict[str, Any]]:
    return run_both(site, soap, SYNC, "Echo", {f"In_{name}": value for name, value in SENT.items()})


@pytest.fixture(scope="module")
def job_echoes(site: Site, soap: SoapSite) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the same of a job that was submitted over SOAP, and is read over both."""
    given = {f"In_{name}": value for name, value in SENT.items()}
    job = soap.submit(ASYNC, "Echo", write_values(site, ASYNC, "Echo", given))
    assert soap.wait(ASYNC, job) == "esriJobSucceeded"
    path = f"{site.task(ASYNC, 'Echo')}/jobs/{job[7:-8]}"
    results = site.get(f"{path}/results", returnZ="true", returnM="true")
    over_rest = {each["paramName"]: plain(each["value"]) for each in results}
    over_soap = read_results(site, ASYNC, "Echo", soap.call(ASYNC, "GetJobResult", job))
    return over_rest, {name: plain(value) for name, value in over_soap.items()}


@pytest.mark.parametrize("name", SENT)
def test_execute_echoes_every_data_type_as_rest_does(
    echoes: tuple[dict[str, Any], dict[str, Any]], name: str
) -> None:
    rest, soap = echoes
    assert soap[f"Out_{name}"] == rest[f"Out_{name}"]
    assert soap[f"Out_{name}"] not in (None, [])


@pytest.mark.parametrize("name", SENT)
def test_job_echoes_every_data_type_as_rest_does(
    job_echoes: tuple[dict[str, Any], dict[str, Any]], name: str
) -> None:
    rest, soap = job_echoes
    assert soap[f"Out_{name}"] == rest[f"Out_{name}"]
    assert soap[f"Out_{name}"] not in (None, [])


def test_nothing_given_comes_back_as_nothing(site: Site, soap: SoapSite) -> None:
    rest, found = run_both(site, soap, SYNC, "Echo", {})
    assert found == rest


@pytest.mark.parametrize("name", SETS)
def test_features_come_back_as_over_rest(site: Site, soap: SoapSite, name: str) -> None:
    rest, found = run_both(site, soap, SYNC, "Echo", {"In_GPFeatureRecordSetLayer": SETS[name]})
    assert found["Out_GPFeatureRecordSetLayer"] == rest["Out_GPFeatureRecordSetLayer"]
    sent = [feature["attributes"] for feature in SETS[name]["features"]]
    back = [feature["attributes"] for feature in found["Out_GPFeatureRecordSetLayer"]["features"]]
    assert [{key: row[key] for key in expected} for row, expected in zip(back, sent, strict=True)] == sent


def test_geometries_come_back_as_they_were_sent(site: Site, soap: SoapSite) -> None:
    for name in (
        "a point with Z and M",
        "lines of two parts with Z and M",
        "lines with M alone",
        "multipoints",
    ):
        given = SETS[name]
        values = write_values(site, SYNC, "Echo", {"In_GPFeatureRecordSetLayer": given})
        found = read_results(site, SYNC, "Echo", soap.run(SYNC, "Execute", "Echo", values))
        back = found["Out_GPFeatureRecordSetLayer"]["features"][0]["geometry"]
        sent = {k: v for k, v in given["features"][0]["geometry"].items() if not k.startswith("has")}
        assert back == sent, name


ZONES = {
    "geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4326},
    "features": [
        {"attributes": {"ZONE": z}, "geometry": {"rings": [[[x, 0], [x, 5], [x + 2, 5], [x + 2, 0], [x, 0]]]}}
        for z, x in (("west", 0), ("east", 2), ("nowhere", 80))
    ],
}  # fmt: skip

TOOLS = [
    ("Samples", "BufferPoints", {"points": POINTS, "distance": {"distance": 2.5, "units": "esriKilometers"}}),
    (
        "AnalysisSync",
        "SummarizeWithin",
        {"in_polygons": ZONES, "in_sum_features": POINTS, "group_field": "NAME", "add_group_percent": True},
    ),
]


@pytest.mark.parametrize(("service", "task", "given"), TOOLS)
def test_tool_gives_the_same_values(
    site: Site, soap: SoapSite, service: str, task: str, given: dict[str, Any]
) -> None:
    rest, found = run_both(site, soap, service, task, given)
    assert found == rest
    assert len(next(iter(found.values()))["features"]) >= 3


def test_messages_are_those_of_rest(site: Site, soap: SoapSite) -> None:
    rest = site.post(f"{site.task(SYNC, 'Echo')}/execute")["messages"]
    response = soap.run(SYNC, "Execute", "Echo", "")
    assert messages_of(response.find("Result/Messages")) == rest


FAILURES = ["tool error", "crash", "memory", "native crash"]


@pytest.mark.parametrize("kind", FAILURES)
def test_tool_that_fails_is_a_fault_with_the_words_of_rest(site: Site, soap: SoapSite, kind: str) -> None:
    details = site.post(f"{site.task(SYNC, 'Fail')}/execute", {"Kind": kind})["error"]["details"]
    with pytest.raises(Fault) as fault:
        soap.run(SYNC, "Execute", "Fail", to_xml("GPString", kind))
    assert (fault.value.status, fault.value.code) == (200, "s:Server")
    assert fault.value.text == " ".join(details)


WRONG = [
    ("In_GPLong", "<Value>x</Value>", "x"),
    ("In_GPDouble", "<Value>NaN</Value>", "NaN"),
    ("In_GPBoolean", "<Value>maybe</Value>", "maybe"),
    ("In_GPDate", "<Value>yesterday</Value>", "yesterday"),
    ("In_GPLinearUnit", "<Value>1</Value><Units>esriParsecs</Units>", '{"distance":1,"units":"esriParsecs"}'),
]


@pytest.mark.parametrize(("name", "content", "raw"), WRONG)
def test_wrong_value_is_a_fault_that_names_its_parameter(
    site: Site, soap: SoapSite, name: str, content: str, raw: str
) -> None:
    assert name in site.refusal(SYNC, "Echo", **{name: raw})
    inputs = describe(site, SYNC, "Echo", "Input")
    element = f'<GPValue xsi:type="tns:{inputs[name]}">{content}</GPValue>'
    values = "".join(element if each == name else "<GPValue/>" for each in inputs)
    with pytest.raises(Fault, match=f"Parameter '{name}'") as fault:
        soap.run(SYNC, "Execute", "Echo", values)
    assert (fault.value.status, fault.value.code) == (200, "s:Client")


def test_tools_are_described_as_over_rest(site: Site, soap: SoapSite) -> None:
    for service in (SYNC, "Samples", "Analysis"):
        infos = soap.call(service, "GetToolInfos").find("Result")
        assert [info.findtext("Name") for info in infos] == site.get(
            f"/arcgis/rest/services/{service}/GPServer"
        )["tasks"]
        for info in list(infos)[:5]:
            task = site.get(site.task(service, info.findtext("Name")))
            assert len(info.find("ParameterInfo")) == len(task["parameters"])
            for found, expected in zip(info.find("ParameterInfo"), task["parameters"], strict=True):
                assert found.findtext("Name") == expected["name"]
                assert found.findtext("DisplayName") == expected["displayName"]
                assert found.findtext("Direction") == expected["direction"]
                assert found.findtext("ParamType") == expected["parameterType"]
                choices = found.find("ChoiceList")
                listed = None if choices is None else [choice.text for choice in choices]
                assert listed == expected.get("choiceList"), expected["name"]
                assert type_of(found.find("Value")).startswith("GP")
                default = to_json(expected["dataType"], found.find("Value"))
                assert plain(default) == plain(expected["defaultValue"]), expected
