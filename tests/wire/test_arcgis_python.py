"""The requests of the ArcGIS API for Python, as it sends them: forms, explicit defaults, Python literals."""

from __future__ import annotations

import keyword
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest

from tests.wire.conftest import SERVICES, Site

SYNC = f"{SERVICES}/Conformance/Sync/GPServer"
ASYNC = f"{SERVICES}/Conformance/Async/GPServer"
HEADERS = {"User-Agent": "Geosaurus/2.4.4", "Referer": "http", "Accept": "*/*"}


def post(site: Site, path: str, form: dict[str, str]) -> Any:
    return orjson.loads(site.send("POST", path, {"f": "json", **form}, headers=HEADERS).data)


def get(site: Site, path: str, **query: str) -> Any:
    return orjson.loads(site.send("GET", path, {"f": "json", **query}, headers=HEADERS).data)


def sent(value: Any) -> str:
    """Return a value as the client puts it into the form."""
    if value is None:
        return ""
    return orjson.dumps(value).decode() if isinstance(value, dict | list | bool) else str(value)


def python_name(name: str) -> str:
    """Return the argument or function that the client makes of a name."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.replace(" ", "_")).lower()


def services(site: Site) -> list[str]:
    root = site.get(SERVICES)
    folders = [site.get(f"{SERVICES}/{folder}") for folder in root["folders"]]
    found = [service for listed in (root, *folders) for service in listed["services"]]
    return [service["name"] for service in found if service["type"] == "GPServer"]


def imported(site: Site, service: str) -> list[dict[str, Any]]:
    """Ask for a service and all its tasks at once, as `import_toolbox` does."""
    path = f"{SERVICES}/{service}/GPServer"
    answer = get(site, path)
    assert answer["executionType"].startswith("esriExecutionType")
    assert answer["resultMapServerName"] == ""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda task: post(site, f"{path}/{task}", {}), answer["tasks"]))


def test_every_toolbox_becomes_python_functions(site: Site) -> None:
    for service in services(site):
        for task in imported(site, service):
            inputs = [p for p in task["parameters"] if p["direction"] == "esriGPParameterDirectionInput"]
            outputs = [p for p in task["parameters"] if p not in inputs]
            names = [python_name(p["name"]) for p in inputs]
            assert len({*names, "gis", "future", "estimate"}) == len(names) + 3
            assert not any(map(keyword.iskeyword, names))
            arguments = ", ".join(f"{n}={p['defaultValue']!r}" for n, p in zip(names, inputs, strict=True))
            labels = ", ".join(f'"{p["displayName"]}"' for p in outputs)
            head = f"def {python_name(task['name'])}({arguments}):"
            source = f'{head}\n  """{task["description"]}"""\n  return {labels}'
            compile(source, task["name"], "exec")


def test_parameter_has_every_key_that_the_client_reads(site: Site) -> None:
    for service in services(site):
        for task in imported(site, service):
            assert isinstance(task["description"], str)
            assert isinstance(task["helpUrl"], str)
            for parameter in task["parameters"]:
                assert "defaultValue" in parameter
                for key in ("name", "dataType", "displayName", "description", "direction", "parameterType"):
                    assert isinstance(parameter[key], str), (task["name"], parameter["name"], key)
                if parameter["dataType"] == "GPBoolean":
                    assert parameter["defaultValue"] in (None, True, False)


def test_defaults_are_sent_back_as_they_were_described(site: Site) -> None:
    echo = post(site, f"{SYNC}/Echo", {})
    inputs = [p for p in echo["parameters"] if p["direction"] == "esriGPParameterDirectionInput"]
    form = {p["name"]: sent(p["defaultValue"]) for p in inputs}
    answer = post(site, f"{SYNC}/Echo/execute", form)
    outputs = [p["name"] for p in echo["parameters"] if p not in inputs]
    assert [result["paramName"] for result in answer["results"]] == outputs


LITERALS = [
    ("GPMultiValue_GPString", "['a', 'b']", ["a", "b"]),
    ("GPMultiValue_GPBoolean", "[True, False]", [True, False]),
    ("GPArealUnit", "{'area': 1, 'units': 'esriAcres'}", {"area": 1.0, "units": "esriAcres"}),
    ("GPTimeUnit", "{'time': 2, 'units': 'esriTimeUnitsDays'}", {"time": 2.0, "units": "esriTimeUnitsDays"}),
    ("GPValueTable", "[['a', 1, None]]", [["a", 1, None]]),
    ("GPLinearUnit", "{'distance': 1, 'units': 'esriNauticalmiles'}",
     {"distance": 1.0, "units": "esriNauticalMiles"}),
    ("GPLinearUnit", '{"distance": 1.0, "units": "Esrimiles"}', {"distance": 1.0, "units": "esriMiles"}),
    ("GPBoolean", "True", True),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "wire"), LITERALS)
def test_python_literals_and_letter_cases_are_understood(site: Site, kind: str, raw: str, wire: Any) -> None:
    answer = post(site, f"{SYNC}/Echo/execute", {f"In_{kind}": raw})
    values = {result["paramName"]: result["value"] for result in answer["results"]}
    assert values[f"Out_{kind}"] == wire


FRAME = {
    "objectIdFieldName": "OBJECTID", "geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326},
    "fields": [
        {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"},
        {"name": "NAME", "type": "esriFieldTypeString", "alias": "NAME", "length": 255},
    ],
    "features": [{
        "geometry": {"x": 7.1, "y": 50.7, "spatialReference": {"wkid": 4326}},
        "attributes": {"OBJECTID": 1, "NAME": "Bonn", "SHAPE": {"x": 7.1, "y": 50.7}},
    }],
}  # fmt: skip


def test_data_frame_has_its_shapes_among_the_attributes(site: Site) -> None:
    form = {"In_GPFeatureRecordSetLayer": sent(FRAME), "env:outSR": "102100", "returnZ": "True"}
    answer = post(site, f"{SYNC}/Echo/execute", form)
    found = next(r["value"] for r in answer["results"] if r["paramName"] == "Out_GPFeatureRecordSetLayer")
    assert found["spatialReference"]["latestWkid"] == 3857
    assert found["features"][0]["attributes"]["NAME"] == "Bonn"
    assert {f["name"] for f in found["fields"]} >= set(found["features"][0]["attributes"])


def test_job_is_submitted_polled_and_read_by_its_links(site: Site) -> None:
    submitted = post(site, f"{ASYNC}/Echo/submitJob", {"In_GPLong": "3", "In_GPString": "", "In_GPDate": ""})
    job = f"{ASYNC}/Echo/jobs/{submitted['jobId']}"
    done = site.wait(job)
    for name, link in done["results"].items():
        result = get(site, f"{job}/{link['paramUrl']}")
        assert result["paramName"] == name
        assert "value" in result
    assert get(site, ASYNC)["resultMapServerName"] == ""


def test_job_is_watched_and_cancelled(site: Site) -> None:
    submitted = post(site, f"{ASYNC}/Sleep/submitJob", {"Seconds": "60"})
    job = f"{ASYNC}/Sleep/jobs/{submitted['jobId']}"
    seen = get(site, job, returnMessages="True")
    assert seen["jobStatus"] in ("esriJobSubmitted", "esriJobExecuting")
    assert all(message.keys() >= {"type", "description"} for message in seen["messages"])
    assert "jobStatus" in get(site, f"{job}/cancel")
    assert site.wait(job)["jobStatus"] == "esriJobCancelled"
    assert get(site, job, returnMessages="True")["messages"]


@pytest.mark.parametrize("child", ["iteminfo", "metadata", "thumbnail"])
def test_three_resources_about_a_service_are_there(site: Site, child: str) -> None:
    answer = site.send("GET", f"{SYNC}/info/{child}", {"f": "json"}, headers=HEADERS)
    assert answer.status == 200
    assert b'"error"' not in answer.data
