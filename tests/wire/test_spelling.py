"""Paths with slashes too many or words in another letter case lead to the resource that they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tests.wire.conftest import SERVICES, Site

SYNC = f"{SERVICES}/Conformance/Sync/GPServer"
ASYNC = f"{SERVICES}/Conformance/Async/GPServer"
NO_JOB = f"{ASYNC}/Echo/jobs/j{'0' * 32}"

SPELLINGS: dict[str, Callable[[str], str]] = {
    "a slash too many behind GPServer": lambda path: path.replace("GPServer/", "GPServer//"),
    "every slash twice": lambda path: path.replace("/", "//"),
    "a slash too many in front": lambda path: f"/{path}",
    "gpserver": lambda path: path.replace("GPServer", "gpserver"),
    "GPSERVER with a last slash": lambda path: path.replace("GPServer", "GPSERVER") + "/",
    "rest in capitals": lambda path: path.replace("/rest/services", "/REST/Services"),
}

RESOURCES: list[tuple[str, dict[str, str]]] = [
    (f"{SYNC}", {}),
    (f"{SYNC}/Echo", {}),
    (f"{SYNC}/Echo/execute", {"In_GPLong": "3", "In_GPMultiValue_GPString": '["ä & b"]'}),
    (f"{SYNC}/uploads", {}),
    (f"{SYNC}/uploads/info", {}),
    (f"{SYNC}/uploads/i00000000-0000-0000-0000-000000000000", {}),
    (f"{SYNC}/uploads/i00000000-0000-0000-0000-000000000000/parts", {}),
    (NO_JOB, {}),
    (f"{NO_JOB}/cancel", {}),
    (f"{NO_JOB}/results", {}),
    (f"{NO_JOB}/results/Out_GPLong", {}),
    (f"{NO_JOB}/inputs", {}),
    (f"{NO_JOB}/inputs/In_GPLong", {}),
]


@pytest.fixture(scope="module", params=["GET", "POST"])
def answers(request: pytest.FixtureRequest, site: Site) -> tuple[str, list[Any]]:
    """Return a method, and the answers of all resources to it under their own paths."""
    sent = (site.send(request.param, path, {"f": "json", **values}) for path, values in RESOURCES)
    return request.param, [orjson.loads(each.data) for each in sent]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_resource_answers_other_spellings_alike(
    site: Site, spelling: str, answers: tuple[str, list[Any]]
) -> None:
    method, expected = answers
    for (path, values), answer in zip(RESOURCES, expected, strict=True):
        url, fields = site.url + SPELLINGS[spelling](path), {"f": "json", **values}
        assert orjson.loads(site.pool.request(method, url, fields=fields, **_form(method)).data) == answer, (
            path
        )


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_job_lives_by_another_spelling(site: Site, spelling: str, echoed: str) -> None:
    spell = SPELLINGS[spelling]
    submitted = site.post(spell(f"{ASYNC}/Sleep/submitJob"), {"Seconds": "0"})
    job = spell(f"{ASYNC}/Sleep/jobs/{submitted['jobId']}").rstrip("/")
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    assert site.get(f"{job}/results/Slept")["dataType"] == "GPDouble"
    job = spell(echoed).rstrip("/")
    assert site.get(f"{job}/results/Out_GPLong")["value"] == 3
    url = site.get(f"{job}/results/Out_GPDataFile")["value"]["url"].removeprefix(site.url)
    for file in (url.replace("/scratch/", "//scratch/"), url.replace("/directories/", "//Directories/")):
        assert site.pool.request("GET", site.url + file).data == site.pool.request("GET", site.url + url).data


def test_redirect_keeps_method_query_and_body_and_a_page_may_follow_it(site: Site) -> None:
    path = f"{SERVICES}/Conformance/Sync/gpserver/Echo/execute?f=json&In_GPString=a%20b"
    page = {"Origin": "https://maps.example.org"}
    response = site.send("POST", path, {"In_GPLong": "3"}, redirect=False, headers=page)
    assert (response.status, response.headers["location"]) == (
        307,
        f"{site.url}{SYNC}/Echo/execute?f=json&In_GPString=a%20b",
    )
    assert response.headers["access-control-allow-origin"] == "*"


def test_names_have_one_letter_case(site: Site) -> None:
    for path in (
        f"{SYNC}/echo",
        f"{SERVICES}/conformance/Sync/GPServer",
        f"{SERVICES}/Conformance/sync/gpserver",
    ):
        assert site.get(path)["error"]["code"] == 404


@pytest.mark.parametrize("path", ["/arcgis", "/arcgis/", "/arcgis/rest", "/arcgis/rest/", "//arcgis//rest//"])
def test_site_itself_leads_to_the_services(site: Site, path: str) -> None:
    assert site.get(path) == site.post(path) == site.get(SERVICES)


@pytest.mark.parametrize(
    "asked", ["x-requested-with", "X-Requested-With,x-esri-authorization", "x-a, content-type"]
)
def test_preflight_allows_the_headers_that_it_is_asked_for(site: Site, asked: str) -> None:
    headers = {
        "Origin": "https://maps.example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": asked,
    }
    answer = site.send("OPTIONS", f"{SYNC}/Echo/execute", headers=headers)
    allowed = {name.strip().lower() for name in answer.headers["access-control-allow-headers"].split(",")}
    assert allowed >= {name.strip().lower() for name in asked.split(",")} | {
        "authorization",
        "idempotency-key",
    }
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert int(answer.headers["access-control-max-age"]) > 0
    assert answer.headers["vary"] == "Access-Control-Request-Headers"


def _form(method: str) -> dict[str, Any]:
    return {"encode_multipart": False} if method == "POST" else {}


def test_parameter_may_have_other_underscores(site: Site) -> None:
    """Programs send y_axis_coord, and a list of the tools says yaxis_coord; a factor must not be lost."""
    net = {"origin_coord": "0 0", "cell_width": "1", "cell_height": "1", "number_rows": "2"}
    answers = [
        site.execute("AnalysisSync", "CreateFishnet", **{axis: "0 9", columns: "3", **net})
        for axis, columns in (("y_axis_coord", "number_columns"), ("yaxis_coord", "NumberColumns"))
    ]
    assert answers[0] == answers[1]
    assert len(answers[0]["out_label"]["features"]) == 6
