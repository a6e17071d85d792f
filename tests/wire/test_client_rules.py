"""Rules that several clients force on a server; the rules of one client are in a module of its own."""

from __future__ import annotations

import time
from typing import Any

import orjson
import pytest

from tests.wire.conftest import SERVICES, Site

SYNC = f"{SERVICES}/Conformance/Sync/GPServer"
ASYNC = f"{SERVICES}/Conformance/Async/GPServer"
PAGE = {"Origin": "https://maps.example.org"}


@pytest.fixture(scope="module")
def job(site: Site) -> str:
    """A job that has succeeded, with one input and one result."""
    path = site.submit("Conformance/Async", "Sleep", Seconds="0")
    assert site.wait(path)["jobStatus"] == "esriJobSucceeded"
    return path


def test_operations_and_jobs_answer_get_and_post_alike(site: Site, job: str) -> None:
    assert site.get(f"{SYNC}/Echo/execute", In_GPLong="3") == site.post(
        f"{SYNC}/Echo/execute", {"In_GPLong": "3"}
    )
    for path in (
        job,
        f"{job}/results",
        f"{job}/results/Slept",
        f"{job}/inputs",
        f"{job}/inputs/Seconds",
    ):
        assert "error" not in (answer := site.get(path))
        assert answer == site.post(path)
    by_get = site.get(f"{ASYNC}/Sleep/submitJob", Seconds="0")
    by_post = site.post(f"{ASYNC}/Sleep/submitJob", {"Seconds": "0"})
    assert by_get.keys() == by_post.keys() == {"jobId", "jobStatus"}


def test_query_and_form_are_one_and_the_form_wins(site: Site) -> None:
    answer = orjson.loads(
        site.send("POST", f"{SYNC}/Echo/execute?f=json&In_GPLong=1&In_GPString=q", {"In_GPLong": "2"}).data
    )
    values = {r["paramName"]: r["value"] for r in answer["results"]}
    assert (values["Out_GPLong"], values["Out_GPString"]) == (2, "q")


FAILING = [
    (f"{SERVICES}/Nothing/GPServer", {}, 404),
    (f"{SYNC}/Nothing", {}, 404),
    (f"{SYNC}/Echo/execute", {"In_GPLong": "x"}, 400),
    (f"{SYNC}/Fail/execute", {"Kind": "crash"}, 400),
    (f"{SYNC}/Fail/execute", {"Kind": "memory"}, 400),
    (f"{ASYNC}/Nothing/submitJob", {"In_GPLong": "x"}, 404),
    (f"{ASYNC}/Echo/jobs/j{'0' * 32}", {}, 400),
    (f"{ASYNC}/Echo/jobs/j{'0' * 32}/cancel", {}, 400),
]  # fmt: skip


@pytest.mark.parametrize(("path", "fields", "code"), FAILING)
def test_error_is_http_200_so_that_no_client_repeats_it(
    site: Site, path: str, fields: dict[str, str], code: int
) -> None:
    for method in ("GET", "POST"):
        response = site.send(method, path, {"f": "json", **fields}, redirect=False)
        error = orjson.loads(response.data)["error"]
        assert (response.status, error["code"]) == (200, code)
        assert all(isinstance(detail, str) for detail in error["details"])


def test_unknown_and_empty_parameters_are_ignored(site: Site) -> None:
    extra = {
        "outputParam": "x",
        "env:outSR": "",
        "env:processSR": "",
        "context": "",
        "returnZ": "",
        "_ts": "1",
    }
    plain = site.post(f"{SYNC}/Echo/execute", {"In_GPLong": "3"})
    assert site.post(f"{SYNC}/Echo/execute", {"In_GPLong": "3", "In_GPDate": "", **extra}) == plain


def test_job_has_a_status_that_every_client_knows(site: Site) -> None:
    path = site.submit("Conformance/Async", "Sleep", Seconds="0.3")
    seen = set()
    while not seen & {"esriJobSucceeded", "esriJobFailed"}:
        seen.add(site.get(path)["jobStatus"])
        time.sleep(0.02)
    assert seen <= {"esriJobSubmitted", "esriJobExecuting", "esriJobSucceeded"}


def test_results_are_links_relative_to_the_job_and_nothing_else(site: Site, echoed: str) -> None:
    document = site.get(echoed)
    assert document["results"] == {name: {"paramUrl": f"results/{name}"} for name in document["results"]}
    listed = site.get(f"{echoed}/results")
    assert [set(result) for result in listed] == [{"paramName", "dataType", "value"}] * len(listed)
    echo = site.get(f"{ASYNC}/Echo")["parameters"]
    assert set(document["results"]) == {p["name"] for p in echo if p["direction"].endswith("Output")}


SLASHED: list[tuple[str, str, dict[str, str]]] = [
    ("GET", f"{SYNC}/Echo/", {}),
    ("POST", f"{SYNC}/Echo/execute/", {"In_GPLong": "3"}),
    ("GET", f"{SYNC}/Echo/execute/", {"In_GPLong": "3"}),
    ("POST", f"{ASYNC}/Sleep/submitJob/", {"Seconds": "0"}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "fields"), SLASHED)
def test_trailing_slash_is_served_without_a_redirect(
    site: Site, method: str, path: str, fields: dict[str, str]
) -> None:
    response = site.send(method, path, {"f": "json", **fields}, redirect=False)
    assert response.status == 200
    assert "error" not in orjson.loads(response.data)


@pytest.mark.parametrize("below", ["", "/results", "/results/Slept", "/inputs"])
def test_jobs_are_found_with_a_trailing_slash(site: Site, job: str, below: str) -> None:
    response = site.send("GET", f"{job}{below}/", {"f": "json"}, redirect=False)
    assert "error" not in (answer := orjson.loads(response.data))
    assert answer == site.get(job + below)


TOKENS: list[dict[str, Any]] = [
    {"fields": {"token": "abc"}},
    {"headers": {"X-Esri-Authorization": "Bearer abc"}},
    {"headers": {"Authorization": "Bearer abc"}},
    {"headers": {"Cookie": "agstoken=abc"}},
]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("path", ["/arcgis/rest/info", SERVICES, SYNC, f"{SYNC}/Echo"])
def test_token_of_another_site_is_refused_so_that_clients_drop_it(
    site: Site, token: dict[str, Any], path: str
) -> None:
    fields = {"f": "json", **token.get("fields", {})}
    answer = orjson.loads(site.send("GET", path, fields, headers=token.get("headers", {})).data)
    if path == "/arcgis/rest/info" or "Cookie" in token.get("headers", {}):  # which a browser sends unasked
        assert answer == site.get(path)
    else:
        assert (answer["error"]["code"], answer["error"]["message"]) == (498, "Invalid token.")


def test_large_answer_is_a_redirect_whose_target_a_page_may_read(site: Site) -> None:
    long = "é" + "x" * 900_000  # of more than one alphabet, so that it travels in base64
    texts = orjson.dumps([long] * 5).decode()
    path = f"{SYNC}/Echo/execute"
    first = site.send(
        "POST", path, {"f": "json", "In_GPMultiValue_GPString": texts}, headers=PAGE, redirect=False
    )
    assert first.status == 303
    assert first.headers["access-control-allow-origin"] == "*"
    target = site.pool.request("GET", first.headers["location"], headers=PAGE)
    assert target.headers["access-control-allow-origin"] in ("*", PAGE["Origin"])
    assert target.headers["content-type"].startswith("application/json")
    values = {r["paramName"]: r["value"] for r in orjson.loads(target.data)["results"]}
    assert values["Out_GPMultiValue_GPString"] == [long] * 5


def test_answer_that_gzip_makes_small_is_not_redirected(site: Site) -> None:
    fields = {"f": "json", "In_GPMultiValue_GPString": orjson.dumps(["x" * 900_000] * 5).decode()}
    packs = {**PAGE, "Accept-Encoding": "gzip, deflate, br"}
    answer = site.send("POST", f"{SYNC}/Echo/execute", fields, headers=packs, redirect=False)
    assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
    values = {r["paramName"]: r["value"] for r in orjson.loads(answer.data)["results"]}
    assert values["Out_GPMultiValue_GPString"] == ["x" * 900_000] * 5


def test_cancel_takes_the_whole_form_of_the_submission(site: Site) -> None:
    """R sends it along, as a POST with f=json in the query."""
    path = site.submit("Conformance/Async", "Sleep", Seconds="60")
    answer = orjson.loads(site.send("POST", f"{path}/cancel?f=json", {"Seconds": "60", "f": "json"}).data)
    assert answer["jobStatus"] in ("esriJobCancelling", "esriJobCancelled")
    assert site.wait(path)["jobStatus"] == "esriJobCancelled"
    assert site.get(f"{path}/results") == []
