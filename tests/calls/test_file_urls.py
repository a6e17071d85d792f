"""URLs of files lead back to the files that they were built for, and to their service."""

from __future__ import annotations

import pytest

from gpserverless.calls.file_urls import (
    ExecuteFile,
    JobFile,
    execute_files_url,
    execute_folder,
    find_service_of_file,
    job_files_url,
    job_folder,
    parse_file_path,
    root_of,
)
from gpserverless.errors import NotFound

ROOT = "https://gp.example.org/arcgis"
JOB = "j" + "0" * 32
EXECUTE = "0" * 32
SERVICES = ("Flood", "Water/Flood")


def path_of(url: str) -> str:
    return url.partition("/directories/")[2]


@pytest.mark.parametrize("service", SERVICES)
def test_files_of_a_job_are_found_by_their_url(service: str) -> None:
    url = job_files_url(ROOT, service, JOB) + "a.csv"
    assert parse_file_path(path_of(url)) == JobFile(job_folder(service), JOB, "a.csv")
    assert find_service_of_file(path_of(url), SERVICES) == service
    assert root_of(url) == ROOT


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("execute", [EXECUTE, EXECUTE * 2])
def test_files_of_an_execute_are_found_by_their_url(service: str, execute: str) -> None:
    folder = execute_folder(service, execute)
    url = execute_files_url(ROOT, folder) + "a.csv"
    file = parse_file_path(path_of(url))
    assert file == ExecuteFile(folder, "a.csv")
    assert isinstance(file, ExecuteFile)
    assert (file.execute_id, file.key) == (execute, f"executes/{folder}/a.csv")
    assert find_service_of_file(path_of(url), SERVICES) == service
    assert root_of(url) == ROOT


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


def test_a_file_of_an_unknown_service_is_of_none() -> None:
    assert find_service_of_file(f"arcgisjobs/none_gpserver/{JOB}/scratch/a.csv", SERVICES) is None


def test_a_url_elsewhere_has_no_root() -> None:
    assert root_of("https://other.example/a.csv") == ""
