"""The requests of the ArcGIS Maps SDK for JavaScript, as it sends them: GETs until they are too long."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.wire.conftest import SERVICES, Site

SYNC = f"{SERVICES}/Conformance/Sync/GPServer"
ASYNC = f"{SERVICES}/Conformance/Async/GPServer"

SIMPLE = (
    "GPArealUnit", "GPBoolean", "GPComposite", "GPDataFile", "GPDate", "GPDouble", "GPFeatureRecordSetLayer",
    "Field", "GPLinearUnit", "GPLong", "GPRasterData", "GPRasterDataLayer", "GPRecordSet", "GPString",
    "GPTimeUnit",
)  # fmt: skip
DECODED = {"GPValueTable", *SIMPLE, *(f"GPMultiValue:{name}" for name in SIMPLE)}
"""The data types that the client decodes; the value of any other is lost there."""

UNKNOWN_THERE = {
    "GPStringHidden", "GPSQLExpression", "GPSpatialReference", "GPCoordinateSystem", "GPExtent", "GPEnvelope",
}  # fmt: skip
"""Data types of the protocol that the client does not decode."""

POINT = {
    "aggregateGeometries": None,
    "geometry": {"spatialReference": {"latestWkid": 3857, "wkid": 102100}, "x": 1, "y": 2},
    "symbol": None, "attributes": {"NAME": "a"}, "popupTemplate": None,
}  # fmt: skip
FEATURES = {
    "exceededTransferLimit": False, "features": [POINT], "fields": [], "geometryType": "esriGeometryPoint",
    "spatialReference": {"latestWkid": 3857, "wkid": 102100},
}  # fmt: skip


def asked(site: Site, path: str, **query: Any) -> Any:
    """Send a request as the client does: GET, and POST if the URL would be too long."""
    fields = {
        k: v if isinstance(v, str) else orjson.dumps(v).decode() for k, v in query.items() if v is not None
    }
    method = "POST" if len(path) + sum(map(len, fields.values())) > 2000 else "GET"
    response = site.send(
        method, path, {**fields, "f": "json"}, headers={"Origin": "https://maps.example.org"}
    )
    assert response.headers["access-control-allow-origin"] == "*"
    return orjson.loads(response.data)


def values(answer: Any) -> dict[str, Any]:
    return {result["paramName"]: result["value"] for result in answer["results"]}


@pytest.mark.parametrize("count", [1, 50])
def test_features_are_executed_by_get_and_if_long_by_post(site: Site, count: int) -> None:
    sent = {**FEATURES, "features": [POINT] * count}
    answer = asked(site, f"{SYNC}/Echo/execute", In_GPFeatureRecordSetLayer=sent, returnZ="true")
    found = values(answer)["Out_GPFeatureRecordSetLayer"]
    assert len(found["features"]) == count
    assert found["geometryType"] == "esriGeometryPoint"
    assert found["spatialReference"] == {"wkid": 102100, "latestWkid": 3857}


def test_records_have_a_geometry_that_is_null(site: Site) -> None:
    record = {**POINT, "geometry": None}
    answer = asked(site, f"{SYNC}/Echo/execute", In_GPRecordSet={"features": [record], "fields": []})
    assert values(answer)["Out_GPRecordSet"]["features"][0]["attributes"]["NAME"] == "a"


def test_process_extent_puts_the_references_into_the_context(site: Site) -> None:
    extent = {"xmin": 0, "ymin": 0, "xmax": 10, "ymax": 10, "spatialReference": {"wkid": 102100}}
    context = {"extent": extent, "outSR": 4326, "processSR": None}
    answer = asked(site, f"{SYNC}/Echo/execute", In_GPFeatureRecordSetLayer=FEATURES, context=context)
    found = values(answer)["Out_GPFeatureRecordSetLayer"]
    assert found["spatialReference"]["wkid"] == 4326
    assert len(found["features"]) == 1


def test_job_is_submitted_and_its_results_are_read_by_name(site: Site) -> None:
    submitted = asked(site, f"{ASYNC}/Echo/submitJob", In_GPFeatureRecordSetLayer=FEATURES, In_GPLong="3")
    assert submitted["jobStatus"] == "esriJobSubmitted"
    job = f"{ASYNC}/Echo/jobs/{submitted['jobId']}"
    site.wait(job)
    name = "Out_GPFeatureRecordSetLayer"
    result = asked(site, f"{job}/results/{name}", returnType="data", outSR="4326")
    assert result["dataType"] == "GPFeatureRecordSetLayer"
    assert result["value"]["spatialReference"]["wkid"] == 4326
    assert asked(site, f"{job}/results/Out_GPLong", returnType="data")["value"] == 3


def test_cancelled_job_is_cancelling_at_the_next_poll(site: Site) -> None:
    submitted = asked(site, f"{ASYNC}/Sleep/submitJob", Seconds="60")
    job = f"{ASYNC}/Sleep/jobs/{submitted['jobId']}"
    accepted = ("esriJobCancelling", "esriJobCancelled")
    assert asked(site, f"{job}/cancel")["jobStatus"] in accepted
    assert asked(site, job)["jobStatus"] in accepted
    assert site.wait(job)["jobStatus"] == "esriJobCancelled"


def test_parameters_of_result_images_are_ignored(site: Site, echoed: str) -> None:
    asked_for = {"format": "png", "transparent": "true", "size": "400,300", "bbox": "0,0,1,1"}
    assert asked(site, f"{echoed}/results/Out_GPLong", **asked_for)["value"] == 3


def test_every_data_type_is_decoded_by_the_client_or_listed_as_raw(site: Site) -> None:
    answer = asked(site, f"{SYNC}/Echo/execute")
    lost = {result["dataType"].removeprefix("GPMultiValue:") for result in answer["results"]} - DECODED
    assert {name for name in lost if f"GPMultiValue:{name}" not in DECODED} <= UNKNOWN_THERE


def test_absent_value_does_not_break_the_client(site: Site) -> None:
    absent = values(asked(site, f"{SYNC}/Echo/execute"))
    for name, value in absent.items():
        if "MultiValue" in name or name == "Out_GPValueTable":
            assert value == []
        elif name in ("Out_GPFeatureRecordSetLayer", "Out_GPRecordSet", "Out_Layer"):
            assert value["features"] == []
        elif name in ("Out_GPRasterData", "Out_GPRasterDataLayer"):
            assert value == {}
