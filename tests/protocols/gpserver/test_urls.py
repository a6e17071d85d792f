"""URLs lead back to the resources that they were built for."""

from __future__ import annotations

import pytest

from gpserverless.calls.file_urls import execute_files_url, execute_folder, job_files_url
from gpserverless.protocols.gpserver.routes import Route, find_route
from gpserverless.protocols.gpserver.urls import job_url, schema_url

ROOT = "https://gp.example.org/arcgis"
JOB = "j" + "0" * 32
EXECUTE = "0" * 32


def route_of(url: str) -> Route:
    return find_route(tuple(url.removeprefix(f"{ROOT}/rest/").split("/")))


@pytest.mark.parametrize("service", ["Flood", "Water/Flood"])
def test_files_are_found_by_their_urls(service: str) -> None:
    for url in (
        job_files_url(ROOT, service, JOB),
        execute_files_url(ROOT, execute_folder(service, EXECUTE)),
    ):
        path = url.partition("/directories/")[2]
        assert route_of(f"{url}a.csv") == Route("file", {"path": f"{path}a.csv"})


@pytest.mark.parametrize("service", ["Flood", "Water/Flood"])
def test_schema_is_found_by_its_url(service: str) -> None:
    assert route_of(schema_url(ROOT, service)) == Route("schema", is_for_programs=True)


def test_job_is_found_by_its_url() -> None:
    url = job_url(ROOT, "Water/Flood", "Depth", JOB)
    assert route_of(url) == Route("job", {"service": "Water/Flood", "task": "Depth", "job": JOB})
