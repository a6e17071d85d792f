"""Item info, metadata, thumbnails, health, and the schema of all answers."""

from __future__ import annotations

import zlib
from xml.etree import ElementTree

import pytest
from jsonschema import Draft7Validator

from tests.wire.conftest import SERVICES, Site

SYNC = f"{SERVICES}/Conformance/Sync/GPServer"


def test_service_lists_and_has_its_item_info_metadata_and_thumbnail(site: Site) -> None:
    for name in site.get(f"{SYNC}/info")["resources"]:
        answer = site.send("GET", f"{SYNC}/info/{name}", {"f": "json"})
        assert answer.status == 200
        assert b"error" not in answer.data


def test_item_info_is_that_of_a_geoprocessing_service(site: Site) -> None:
    item = site.get(f"{SYNC}/info/iteminfo")
    service = site.get(SYNC)
    assert item["type"] == "Geoprocessing Service"
    assert item["name"] == item["title"] == "Sync"
    assert item["description"] == service["serviceDescription"]
    assert item["snippet"] in item["description"]
    assert set(service["tasks"]) <= set(item["tags"])
    assert item["url"] == site.url + SYNC


@pytest.mark.parametrize("path", ["info/metadata", "Echo/metadata", "Fail/metadata/"])
def test_metadata_is_xml(site: Site, path: str) -> None:
    answer = site.pool.request("GET", f"{site.url}{SYNC}/{path}")
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert ElementTree.fromstring(answer.data).tag == "metadata"


def test_metadata_of_a_task_explain_its_parameters(site: Site) -> None:
    task = site.get(f"{SYNC}/Echo")
    metadata = ElementTree.fromstring(site.send("GET", f"{SYNC}/Echo/metadata").data)
    tool = metadata.find("tool")
    assert tool is not None
    assert tool.get("displayname") == task["displayName"]
    described = {p.get("name"): p.findtext("dialogReference", "") for p in tool.iter("param")}
    assert described == {p["name"]: p["description"] for p in task["parameters"]}


def test_thumbnail_is_a_png(site: Site) -> None:
    answer = site.send("GET", f"{SYNC}/info/thumbnail")
    assert answer.headers["content-type"] == "image/png"
    assert answer.data.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    width, height = (int.from_bytes(answer.data[at : at + 4]) for at in (16, 20))
    start = answer.data.index(b"IDAT")
    size = int.from_bytes(answer.data[start - 4 : start])
    assert len(zlib.decompress(answer.data[start + 4 : start + 4 + size])) == height * (1 + width)


def test_server_is_healthy(site: Site) -> None:
    assert site.get("/arcgis/rest/healthCheck") == {"success": True}


@pytest.mark.parametrize("service", ["Samples", "Conformance/Sync", "Conformance/Async"])
def test_service_links_the_schema_of_its_answers(site: Site, service: str) -> None:
    url = site.get(f"{SERVICES}/{service}/GPServer")["schema"]["json-schema"]["url"]
    folder, _, name = service.rpartition("/")
    place = f"{folder}/{name}_GPServer/{folder}_{name}" if folder else f"{name}_GPServer/{name}"
    assert url == f"{site.url}/arcgis/rest/directories/arcgisoutput/{place}/spec/json-schema.json"
    schema = site.get(url[len(site.url) :])
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)
    Draft7Validator(schema).validate(site.get(f"{SERVICES}/{service}/GPServer"))


@pytest.mark.parametrize("task", ["Sync/GPServer/Echo", "Async/GPServer/Sleep"])
def test_validate_answers_that_it_is_not_supported(site: Site, task: str) -> None:
    answer = site.post(f"{SERVICES}/Conformance/{task}/validate", {"Seconds": "1"})
    assert answer["error"]["code"] == 400
    assert answer["error"]["details"][0].startswith("The operation 'validate' is not offered")


@pytest.mark.parametrize(
    "path",
    [
        f"{SERVICES}/Nothing/GPServer/info",
        f"{SERVICES}/Nothing/GPServer/info/iteminfo",
        f"{SERVICES}/Nothing/GPServer/info/metadata",
        f"{SERVICES}/Nothing/GPServer/info/thumbnail",
        f"{SYNC}/Nothing/metadata",
        f"{SYNC}/Nothing/validate",
        f"{SYNC}/info/nothing",
    ],
)
def test_unknown_service_or_task_is_not_found(site: Site, path: str) -> None:
    assert site.get(path)["error"]["code"] in (400, 404)
