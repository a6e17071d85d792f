"""`execute` over HTTP: every data type there and back, every option, and every refusal."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.wire.conftest import Site

SYNC = "Conformance/Sync"

POINT = {"geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326}, "features": [
    {"attributes": {"NAME": "a"}, "geometry": {"x": 10.0, "y": 60.0}},
]}  # fmt: skip
SOLID = {"hasZ": True, "hasM": True, "spatialReference": {"wkid": 4326}, "features": [
    {"geometry": {"paths": [[[0, 0, 5, 7], [1, 1, 6, 8]]]}},
]}  # fmt: skip
TWO = {"spatialReference": {"wkid": 32633}, "features": [
    {"attributes": {"K": "near"}, "geometry": {"x": 0, "y": 0}},
    {"attributes": {"K": "far"}, "geometry": {"x": 1000, "y": 0}},
]}  # fmt: skip


def text(document: Any) -> str:
    return orjson.dumps(document).decode()


ECHOES = [
    ("GPBoolean", "true", True),
    ("GPBoolean", "False", False),
    ("GPLong", "4503599627370495", 4503599627370495),
    ("GPDouble", "1.5e-3", 0.0015),
    ("GPString", "Grüße & 100% +1", "Grüße & 100% +1"),
    ("GPDate", "2026-11-21T08:30:00", 1795249800000),
    ("GPLinearUnit", '{"distance":5,"units":"esriMILES"}', {"distance": 5.0, "units": "esriMiles"}),
    ("GPMultiValue_GPBoolean", "[true,false]", [True, False]),
    ("GPMultiValue_GPLong", "1,2", [1, 2]),
    ("GPMultiValue_GPDouble", "[1.5]", [1.5]),
    ("GPMultiValue_GPString", "['a', 'b']", ["a", "b"]),
    ("GPMultiValue_GPDate", "[0]", [0]),
    ("GPMultiValue_GPLinearUnit", "['1 Feet']", [{"distance": 1.0, "units": "esriFeet"}]),
]


@pytest.mark.parametrize(("kind", "raw", "wire"), ECHOES)
def test_value_comes_back_as_it_was_sent(site: Site, kind: str, raw: str, wire: object) -> None:
    assert site.execute(SYNC, "Echo", **{f"In_{kind}": raw})[f"Out_{kind}"] == wire


def test_every_declared_output_is_there_once_even_when_absent(site: Site) -> None:
    answer = site.get(
        f"{site.task(SYNC, 'Echo')}/execute", **{"env:outSR": "", "returnZ": "False", "In_GPLong": ""}
    )
    echo = site.get(site.task(SYNC, "Echo"))
    declared = {p["name"]: p["dataType"] for p in echo["parameters"] if "Output" in p["direction"]}
    declared["Out_GPComposite"] = "GPLinearUnit"  # a composite is answered as one of its members
    assert [(r["paramName"], r["dataType"]) for r in answer["results"]] == list(declared.items())
    values = {r["paramName"]: r["value"] for r in answer["results"]}
    assert values["Out_GPFeatureRecordSetLayer"]["features"] == []
    assert values["Out_GPRecordSet"]["features"] == []
    assert values["Out_GPMultiValue_GPLong"] == []
    assert values["Out_GPLong"] is None
    assert answer["messages"] == [{"type": "esriJobMessageTypeInformative", "description": "Echo."}]


def echo_reference(site: Site, features: dict[str, Any], **options: str) -> dict[str, Any]:
    values = site.execute(SYNC, "Echo", In_GPFeatureRecordSetLayer=text(features), **options)
    found: dict[str, Any] = values["Out_GPFeatureRecordSetLayer"]
    return found


def test_features_keep_their_attributes_and_reference(site: Site) -> None:
    found = echo_reference(site, POINT)
    assert found["spatialReference"] == {"wkid": 4326, "latestWkid": 4326}
    assert found["geometryType"] == "esriGeometryPoint"
    assert found["exceededTransferLimit"] is False
    assert found["features"][0]["geometry"] == {"x": 10.0, "y": 60.0}
    assert found["features"][0]["attributes"]["NAME"] == "a"
    assert {"name": "NAME", "type": "esriFieldTypeString", "alias": "NAME"}.items() <= found["fields"][
        -1
    ].items()


@pytest.mark.parametrize(
    "options",
    [
        {"env:outSR": "102100"},
        {"context": '{"outSR":{"wkid":102100}}'},
        {"env:processSR": "102100"},
        {"context": '{"processSR":102100}'},
    ],
)
def test_features_are_projected_as_the_options_say(site: Site, options: dict[str, str]) -> None:
    found = echo_reference(site, POINT, **options)
    assert found["spatialReference"] == {"wkid": 102100, "latestWkid": 3857}
    assert found["features"][0]["geometry"]["x"] == pytest.approx(1113194.9079, abs=1e-3)
    assert found["features"][0]["geometry"]["y"] == pytest.approx(8399737.8898, abs=1e-3)


def test_extent_drops_features_outside_it(site: Site) -> None:
    box = {"xmin": -1, "ymin": -1, "xmax": 1, "ymax": 1, "spatialReference": {"wkid": 32633}}
    found = echo_reference(site, TWO, context=text({"extent": box}))
    assert [f["attributes"]["K"] for f in found["features"]] == ["near"]


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ({}, [0.0, 0.0]),
        ({"returnZ": "true"}, [0.0, 0.0, 5.0]),
        ({"returnM": "True"}, [0.0, 0.0, 7.0]),
        ({"returnZ": "true", "returnM": "true"}, [0.0, 0.0, 5.0, 7.0]),
    ],
)
def test_z_and_m_are_answered_on_request(site: Site, options: dict[str, str], first: list[float]) -> None:
    found = echo_reference(site, SOLID, **options)
    assert found["features"][0]["geometry"]["paths"][0][0] == first
    assert found.get("hasZ", False) is ("returnZ" in options)
    assert found.get("hasM", False) is ("returnM" in options)


def test_output_of_too_many_records_is_empty(site: Site) -> None:
    limit = site.get(site.task(SYNC, ""))["maximumRecords"]
    many = {"features": [{"geometry": {"x": i, "y": 0}} for i in range(limit + 1)]}
    found = echo_reference(site, many)
    assert (found["features"], found["exceededTransferLimit"]) == ([], True)
    assert found["fields"]


def test_file_output_is_a_link(site: Site) -> None:
    url = site.execute(SYNC, "Echo", In_GPString="hello")["Out_GPDataFile"]["url"]
    assert url.startswith(f"{site.url}/arcgis/rest/directories/arcgisoutput/Conformance_Sync_GPServer/")
    assert site.pool.request("GET", url).data == b"hello"


REFUSALS = [
    ({"In_GPBoolean": "yes"}, "Parameter 'In_GPBoolean': 'yes' is not a truth value. Accepted: true, false."),
    ({"In_GPLong": "1.5"}, "Parameter 'In_GPLong': '1.5' is not a whole number."),
    ({"In_GPDouble": "NaN"}, "Parameter 'In_GPDouble': 'NaN' is not a number."),
    ({"In_GPDate": "soon"}, "Parameter 'In_GPDate': 'soon' is not a date."),
    (
        {"In_GPLinearUnit": '{"distance":1,"units":"parsecs"}'},
        "Parameter 'In_GPLinearUnit': 'parsecs' is not a linear unit",
    ),
    ({"In_GPLinearUnit": "{"}, "Parameter 'In_GPLinearUnit': the JSON is malformed"),
    ({"In_GPMultiValue_GPLong": "[1,"}, "Parameter 'In_GPMultiValue_GPLong': the JSON is malformed"),
    ({"In_GPFeatureRecordSetLayer": "{"}, "Parameter 'In_GPFeatureRecordSetLayer': "),
    ({"In_GPFeatureRecordSetLayer": "[]"}, "Parameter 'In_GPFeatureRecordSetLayer': "),
    (
        {
            "In_GPFeatureRecordSetLayer": text(
                {"spatialReference": {"wkid": 999999}, "features": [{"geometry": {"x": 0, "y": 0}}]}
            )
        },
        "999999",
    ),
    (
        {"In_GPFeatureRecordSetLayer": '{"features":[{"geometry":{"x":1e999,"y":0}}]}'},
        "In_GPFeatureRecordSetLayer",
    ),
    (
        {"In_GPFeatureRecordSetLayer": '{"features":[{"geometry":{"rings":[[[0,0],[1,"a"],[1,1]]]}}]}'},
        "In_GPFeatureRecordSetLayer",
    ),
    ({"In_GPRecordSet": '{"features":[1]}'}, "Parameter 'In_GPRecordSet': "),
    ({"env:outSR": "999999"}, "Parameter 'env:outSR': "),
    ({"context": "{"}, "Parameter 'context': the JSON is malformed"),
    ({"returnZ": "maybe"}, "Parameter 'returnZ': 'maybe' is not a truth value. Accepted: true, false."),
    ({"returnTrueCurves": "yes"}, "Parameter 'returnTrueCurves': 'yes' is not a truth value."),
]


@pytest.mark.parametrize(("fields", "detail"), REFUSALS)
def test_bad_input_is_answered_with_its_name_and_the_accepted_values(
    site: Site, fields: dict[str, str], detail: str
) -> None:
    assert detail in site.refusal(SYNC, "Echo", **fields)


def test_missing_required_value_is_named(site: Site) -> None:
    detail = site.refusal(SYNC, "Sleep")
    assert detail == (
        "Parameter 'Seconds': a value is required. Accepted: a finite number at least 0 and at most 800."
    )


def test_choice_is_named_with_its_choices(site: Site) -> None:
    detail = site.refusal(SYNC, "Fail", Kind="slowly")
    assert detail.endswith("Accepted: tool error, crash, memory, native crash, native hang.")


FAILURES = [
    ("tool error", "The task failed because it was asked to."),
    ("crash", "The tool failed because of an error in it; the service's log has the details."),
    ("memory", "The tool ran out of memory."),
    ("native crash", "The tool's process died (SIGSEGV)."),
]


@pytest.mark.parametrize(("kind", "detail"), FAILURES)
def test_tool_that_fails_is_an_envelope_and_never_a_5xx(site: Site, kind: str, detail: str) -> None:
    assert site.refusal(SYNC, "Fail", Kind=kind) == detail
    assert site.execute(SYNC, "Echo", In_GPLong="1")["Out_GPLong"] == 1


def test_bodies_of_other_types_are_refused(site: Site) -> None:
    path = f"{site.task(SYNC, 'Echo')}/execute?f=json"
    answer = site.pool.request("POST", site.url + path, body=b"<a/>", headers={"content-type": "text/xml"})
    assert "send application/x-www-form-urlencoded" in orjson.loads(answer.data)["error"]["details"][0]


@pytest.mark.parametrize(
    "spelling", ["GPServer/Echo/execute/", "gpserver/Echo/execute", "GPServer/Echo/Execute"]
)
def test_other_spellings_of_an_operation_reach_it_with_their_body(site: Site, spelling: str) -> None:
    answer = site.post(f"/arcgis/rest/services/{SYNC}/{spelling}", {"In_GPLong": "3"})
    assert answer["results"][1]["value"] == 3
    assert site.get(f"/arcgis/rest/services/{SYNC}/{spelling}", In_GPLong="4")["results"][1]["value"] == 4
