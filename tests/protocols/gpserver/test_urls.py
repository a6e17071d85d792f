"""URLs of files lead back to the files that they were built for."""

from __future__ import annotations

import pytest

from gpserverless.calls.file_urls import (
    ExecuteFile,
    JobFile,
    execute_files_url,
    execute_folder,
    job_files_url,
    job_folder,
    parse_file_path,
)
from gpserverless.errors import NotFound
from gpserverless.protocols.gpserver.routes import Route, find_route
from gpserverless.protocols.gpserver.urls import job_url, schema_url

ROOT = "https://gp.example.org/arcgis"
JOB = "j" + "0" * 32
EXECUTE = "0" * 32


def route_of(url: str) -> Route:
    return find_route(tuple(url.removeprefix(f"{ROOT}/rest/").split("/")))


@pytest.mark.parametrize("service", ["Flood", "Water/Flood"])
def test_files_of_a_job_are_found_by_their_url(service: str) -> None:
    route = route_of(job_files_url(ROOT, service, JOB) + "a.csv")
    assert route.resource == "file"
    assert parse_file_path(route.names["path"]) == JobFile(job_folder(service), JOB, "a.csv")


@pytest.mark.parametrize("service", ["Flood", "Water/Flood"])
def test_files_of_an_execute_are_found_by_their_url(service: str) -> None:
    folder = execute_folder(service, EXECUTE)
    route = route_of(execute_files_url(ROOT, folder) + "a.csv")
    file = parse_file_path(route.names["path"])
    assert file == ExecuteFile(folder, "a.csv")
    assert isinstance(file, ExecuteFile)
    assert file.key == f"executes/{folder}/a.csv"


@pytest.mark.parametrize("service", ["Flood", "Water/Flood"])
def test_schema_is_found_by_its_url(service: str) -> None:
    assert route_of(schema_url(ROOT, service)) == Route("schema", is_for_programs=True)


def test_job_is_found_by_its_url() -> None:
    url = job_url(ROOT, "Water/Flood", "Depth", JOB)
    assert route_of(url) == Route("job", {"service": "Water/Flood", "task": "Depth", "job": JOB})


NO_FILES = [
    "arcgisjobs",
    f"arcgisjobs/flood_gpserver/{JOB}/a.csv",
    f"arcgisjobs/flood_gpserver/{JOB}/scratch/folder/a.csv",
    f"arcgisoutput/Flood_GPServer/{EXECUTE}",
    "arcgisoutput/Flood_GPServer/x/a.csv",
    f"arcgisoutput/Flood_GPServer/{EXECUTE}/../a.csv",
    f"arcgiscache/Flood_GPServer/{EXECUTE}/a.csv",
]


@pytest.mark.parametrize("path", NO_FILES)
def test_other_paths_name_no_file(path: str) -> None:
    with pytest.raises(NotFound, match="There is no such file"):
        parse_file_path(path)
