"""Server info, catalogue, service and task: every key that a client fails without, in every way of asking."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.wire.conftest import SERVICES, Site

PARAMETER_KEYS = {
    "name", "dataType", "displayName", "description", "direction", "defaultValue", "parameterType",
    "category",
}  # fmt: skip

RESOURCES = [
    ("/arcgis/rest/info", {"currentVersion", "fullVersion", "soapUrl", "owningSystemUrl", "authInfo"}),
    ("/arcgis/rest/healthCheck", {"success"}),
    (f"{SERVICES}/Conformance/Sync/GPServer/info", {"resources"}),
    (SERVICES, {"currentVersion", "folders", "services"}),
    (f"{SERVICES}/Conformance", {"currentVersion", "folders", "services"}),
    (
        f"{SERVICES}/Conformance/Sync/GPServer",
        {
            "currentVersion", "serviceDescription", "tasks", "executionType", "resultMapServerName",
            "maximumRecords", "capabilities", "cimVersion", "schema",
        },
    ),
    (
        f"{SERVICES}/Conformance/Sync/GPServer/Echo",
        {"name", "displayName", "description", "category", "helpUrl", "executionType", "parameters"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("path", "keys"), RESOURCES)
def test_get_and_post_answer_alike_with_and_without_a_slash(site: Site, path: str, keys: set[str]) -> None:
    answer = site.get(path)
    assert set(answer) == keys
    assert site.post(path) == answer
    assert site.get(path + "/") == answer
    assert site.post(path + "/") == answer
    assert orjson.loads(site.send("POST", path + "?f=json").data) == answer


@pytest.mark.parametrize(("path", "_keys"), RESOURCES)
def test_every_resource_answers_every_format(site: Site, path: str, _keys: set[str]) -> None:
    document = site.get(path)
    pretty = site.send("GET", path, {"f": "pjson"})
    assert orjson.loads(pretty.data) == document
    assert b"\n" in pretty.data
    padded = site.send("GET", path, {"f": "json", "callback": "fn"})
    assert padded.headers["content-type"].startswith("application/javascript")
    assert padded.data.startswith(b"/**/fn(")
    page = site.send("GET", path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.data.startswith(b"<!DOCTYPE html>")
    unsupported_format = site.get(path, f="kmz")
    assert unsupported_format["error"]["message"] == "Output format not supported."


def test_info_has_the_keys_that_clients_read_first(site: Site) -> None:
    info = site.get("/arcgis/rest/info")
    assert isinstance(info["currentVersion"], float)
    root = f"{site.url}/arcgis"
    assert info["owningSystemUrl"] == root
    assert info["soapUrl"] == f"{root}/services"
    assert b"ServiceCatalogPort" in site.pool.request("GET", info["soapUrl"]).data
    tokens = f"{root}/tokens/generateToken"
    assert info["authInfo"] == {"isTokenBasedSecurity": True, "tokenServicesUrl": tokens}


def test_catalogue_has_folders_one_level_deep(site: Site) -> None:
    root = site.get(SERVICES)
    assert root["folders"] == ["Conformance", "Hosted"]
    assert {"name": "Samples", "type": "GPServer"} in root["services"]
    folder = site.get(f"{SERVICES}/Conformance")
    assert folder["folders"] == []
    assert folder["services"] == [
        {"name": "Conformance/Async", "type": "GPServer"},
        {"name": "Conformance/Sync", "type": "GPServer"},
    ]


@pytest.mark.parametrize(("service", "execution"), [("Sync", "Synchronous"), ("Async", "Asynchronous")])
def test_service_has_no_result_map_server(site: Site, service: str, execution: str) -> None:
    answer = site.get(f"{SERVICES}/Conformance/{service}/GPServer")
    assert answer["resultMapServerName"] == ""
    assert answer["executionType"] == f"esriExecutionType{execution}"
    assert answer["tasks"] == ["Echo", "Fail", "Sleep"]


def all_tasks(site: Site) -> list[dict[str, Any]]:
    services = site.get(SERVICES)["services"] + site.get(f"{SERVICES}/Conformance")["services"]
    paths = [f"{SERVICES}/{service['name']}/GPServer" for service in services]
    return [site.get(f"{path}/{name}") for path in paths for name in site.get(path)["tasks"]]


def test_every_parameter_of_every_task_has_every_key(site: Site) -> None:
    for task in all_tasks(site):
        for parameter in task["parameters"]:
            assert parameter.keys() >= PARAMETER_KEYS, (task["name"], parameter)
            assert all(isinstance(parameter[k], str) for k in PARAMETER_KEYS - {"defaultValue"})
            assert all(isinstance(choice, str) for choice in parameter.get("choiceList", []))


def test_feature_parameters_carry_their_schema(site: Site) -> None:
    echo = site.get(f"{SERVICES}/Conformance/Sync/GPServer/Echo")
    defaults = {p["name"]: p["defaultValue"] for p in echo["parameters"]}
    for name in ("In_GPFeatureRecordSetLayer", "Out_GPFeatureRecordSetLayer"):
        assert defaults[name]["features"] == []
        assert {"geometryType", "spatialReference", "fields", "exceededTransferLimit"} <= defaults[
            name
        ].keys()


UNKNOWN = [
    (f"{SERVICES}/Nothing", "Folder 'Nothing' not found."),
    (f"{SERVICES}/Nothing/GPServer", "Service 'Nothing' not found."),
    (f"{SERVICES}/Conformance/Sync/GPServer/Nothing", "Its tasks: Echo, Fail, Sleep."),
    (f"{SERVICES}/Conformance/Sync/GPServer/Nothing/execute", "Task 'Nothing' not found"),
    (f"{SERVICES}/Conformance/Async/GPServer/Nothing/submitJob", "Task 'Nothing' not found"),
    (f"{SERVICES}/Conformance/Sync/GPServer/Echo/submitJob", "use execute instead of submitJob"),
    (f"{SERVICES}/Conformance/Async/GPServer/Echo/execute", "use submitJob instead of execute"),
    (f"{SERVICES}/Conformance/Async/GPServer/Echo/jobs", "Invalid URL"),
    (f"{SERVICES}/Conformance/Async/GPServer/Echo/jobs/", "Invalid URL"),
    (f"{SERVICES}/Conformance/Async/GPServer/Echo/jobs/nope", "Job not found."),
    (f"{SERVICES}/Conformance/Async/GPServer/Echo/jobs/j{'0' * 32}", "There is no job"),
    (f"{SERVICES}/Conformance/Sync/ImageServer", "There is no such resource."),
    (f"{SERVICES}/Conformance/Sync/MapServer", "there is no map of their results."),
    ("/arcgis/admin", "Resources are found below /rest."),
    ("/nothing", "Resources are found below /arcgis."),
]


@pytest.mark.parametrize(("path", "detail"), UNKNOWN)
def test_unknown_path_is_an_error_in_the_envelope(site: Site, path: str, detail: str) -> None:
    for answer in (site.get(path), site.post(path)):
        assert 400 <= answer["error"]["code"] < 500
        assert detail in answer["error"]["details"][0]


@pytest.mark.parametrize("path", ["/", "/arcgis", "/arcgis/"])
def test_host_alone_leads_to_the_catalogue(site: Site, path: str) -> None:
    assert site.get(path) == site.post(path) == site.get(SERVICES)


def test_root_is_redirected_with_its_query(site: Site) -> None:
    answer = site.pool.request("GET", f"{site.url}/?f=pjson&n=%0D%0AX:+1", redirect=False)
    assert (answer.status, answer.data) == (307, b"")
    assert answer.headers["location"] == f"{site.url}{SERVICES}?f=pjson&n=%0D%0AX:+1"


def test_browsers_may_call_from_any_origin(site: Site) -> None:
    for path in (SERVICES, f"{SERVICES}/Conformance/Sync/GPServer/Echo/execute", "/nothing"):
        preflight = site.send("OPTIONS", path, headers={"Origin": "https://maps.example.org"})
        assert preflight.status == 204
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "X-Esri-Authorization" in preflight.headers["access-control-allow-headers"]
        answer = site.send("GET", path, {"f": "json"}, headers={"Origin": "https://maps.example.org"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"] == "no-store"


def test_other_methods_are_refused(site: Site) -> None:
    answer = orjson.loads(site.send("DELETE", SERVICES, {"f": "json"}).data)
    assert answer["error"]["code"] == 405
