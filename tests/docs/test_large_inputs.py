"""The page about large inputs is true: its commands send what it says, and its numbers are the limits."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from gpserverless.http.request_body import MAX_INFLATED
from gpserverless.protocols.gpserver.call import MAX_VALUE
from gpserverless.testing import Site
from gpserverless.toolkit.limits import Limits
from tests.docs.commands import Command, read_commands, send

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/large-inputs.md").read_text("utf-8")
(POINTS,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
POST, FIRST, SECOND = read_commands(PAGE)


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.of_package()


def fill(command: Command, job: str = "") -> Command:
    """Return a command with the file of the page in the place of its name, and with the id of a job."""
    text = re.sub(r"(\w+)@points\.json", lambda found: f"'{found[1]}={POINTS}'", command.text)
    return replace(command, text=text.replace("JOB_ID", job).replace("http://127.0.0.1:8000", HOST, 1))


HOST = "http://127.0.0.1:8000"


def submit(site: Site, command: Command) -> str:
    """Send a command that submits a job; return its id. The command itself cuts it off."""
    (job,) = re.findall(r'"jobId":"(\w+)"', send(site, replace(command, text=command.text.split(" | ")[0])))
    return job


def test_features_of_a_file_go_in_a_post(site: Site) -> None:
    assert send(site, fill(POST)) == POST.printed


def test_result_of_a_job_is_the_input_of_the_next(site: Site) -> None:
    assert send(site, fill(FIRST)) == FIRST.printed
    first = submit(site, fill(FIRST))
    site.run_jobs()
    second = replace(fill(SECOND, first), text=fill(SECOND, first).text)
    own = second.text.replace(f'"url":"{HOST}', '"url":"https://site.test')
    second_job = submit(site, replace(second, text=own))
    site.run_jobs()
    assert site.job(second_job)["jobStatus"] == "esriJobSucceeded"
    projected = site.result(second_job, "out_dataset")
    assert projected["spatialReference"]["latestWkid"] == 3857
    assert len(projected["features"]) == 2


def test_compressed_form_is_built_as_forms_are() -> None:
    (fields,) = re.findall(r"printf '([^']+)'", PAGE)
    assert fields == "f=json&distance=1+Kilometers&points="
    assert "u.quote(sys.stdin.read())" in PAGE
    assert "%" in quote(POINTS)


def test_numbers_are_the_limits() -> None:
    limits, jobs = Limits.sync(), Limits.asynchronous()
    assert f"| {MAX_INFLATED // 10**6} MB, {MAX_VALUE // 10**6} million characters a value |" in PAGE
    assert f"reads {limits.max_bytes // 10**6} MB and {limits.max_features:,} features at most" in PAGE
    assert f"ends after {limits.seconds:g} seconds" in PAGE
    assert f"| {jobs.max_bytes // 2**30} GiB" in PAGE
    assert f"up to {jobs.seconds / 60:g}\nminutes" in PAGE
