"""The JSON Schema: it covers what there is, and it refuses what clients trip over."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from jsonschema import Draft7Validator

from gpserverless.jobs.status import Status
from gpserverless.protocols.gpserver.routes import Resource
from gpserverless.protocols.gpserver.schema import ANSWERS, json_schema
from gpserverless.protocols.gpserver.shapes import JobStatus
from gpserverless.toolkit.catalogue import find_catalogue_file, parse_catalogue

NOT_JSON = {"metadata", "taskMetadata", "thumbnail", "file", "picture", "schema"}


def refused(definition: str, document: Any) -> bool:
    schema = {**json_schema(), "anyOf": [{"$ref": f"#/definitions/{definition}"}]}
    return not Draft7Validator(schema).is_valid(document)


def test_it_is_of_draft_07_and_says_what_every_resource_answers() -> None:
    Draft7Validator.check_schema(json_schema())
    assert set(get_args(Resource)) == set(ANSWERS) | NOT_JSON


def test_it_says_how_every_data_type_is_written() -> None:
    services = parse_catalogue(find_catalogue_file().read_bytes())
    tasks = [task for service in services for task in service.tasks]
    published = {parameter.data_type.name for task in tasks for parameter in task.parameters}
    assert published <= set(json_schema()["definitions"]["Parameter"]["properties"]["dataType"]["enum"])


def test_statuses_are_those_that_callers_are_told() -> None:
    assert set(get_args(JobStatus)) == {s.public.value for s in Status if s.is_visible}


SERVICE = {
    "currentVersion": 11.5, "cimVersion": "3.5.0", "serviceDescription": "", "tasks": ["A"],
    "executionType": "esriExecutionTypeSynchronous", "resultMapServerName": "", "maximumRecords": 1000,
    "capabilities": "", "schema": {"json-schema": {"url": "https://example.org"}},
}  # fmt: skip
JOB = {"jobId": "j1", "jobStatus": "esriJobSucceeded", "results": {}, "inputs": {}, "messages": []}
FEATURES = {
    "displayFieldName": "", "geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326},
    "fields": [], "features": [{"attributes": {}, "geometry": None}], "exceededTransferLimit": False,
}  # fmt: skip


def result(data_type: str, value: Any) -> dict[str, Any]:
    return {"paramName": "Out", "dataType": data_type, "value": value}


GOOD = [
    ("serviceAnswer", SERVICE),
    ("jobAnswer", JOB),
    ("resultAnswer", result("GPFeatureRecordSetLayer", FEATURES)),
    ("resultAnswer", result("GPMultiValue:GPLong", [1, 2])),
    ("resultAnswer", result("GPRasterDataLayer", {})),
    ("resultAnswer", result("GPLinearUnit", {"distance": 1.5, "units": "esriMeters"})),
    ("Error", {"error": {"code": 498, "message": "Invalid token.", "details": []}}),
]


@pytest.mark.parametrize(("definition", "document"), GOOD)
def test_good_answers_pass(definition: str, document: Any) -> None:
    assert not refused(definition, document)


BAD = [
    ("a map server without a name", "serviceAnswer", {**SERVICE, "resultMapServerName": None}),
    ("a version that is a text", "serviceAnswer", {**SERVICE, "currentVersion": "11.5"}),
    ("no execution type", "serviceAnswer", {k: v for k, v in SERVICE.items() if k != "executionType"}),
    ("a member nobody knows", "serviceAnswer", {**SERVICE, "status": "failed"}),
    ("a status clients do not know", "jobAnswer", {**JOB, "jobStatus": "esriJobWaiting"}),
    ("messages that are null", "jobAnswer", {**JOB, "messages": None}),
    ("an absolute link", "jobAnswer", {**JOB, "results": {"A": "https://example.org"}}),
    ("features that are null", "resultAnswer", result("GPFeatureRecordSetLayer", None)),
    ("no fields", "resultAnswer", result("GPRecordSet", {"features": []})),
    ("a list that is null", "resultAnswer", result("GPMultiValue:GPLong", None)),
    ("a raster that is null", "resultAnswer", result("GPRasterDataLayer", None)),
    ("a number as text", "resultAnswer", result("GPLong", "1")),
    ("a date as text", "resultAnswer", result("GPDate", "2026-11-21")),
    ("a distance without a unit", "resultAnswer", result("GPLinearUnit", {"distance": 1})),
    ("a type clients do not know", "resultAnswer", result("GPThing", 1)),
    ("details that are a text", "Error", {"error": {"code": 400, "message": "", "details": "x"}}),
]


@pytest.mark.parametrize(("definition", "document"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_what_clients_trip_over_does_not_pass(definition: str, document: Any) -> None:
    assert refused(definition, document)
