"""A site with quotas over HTTP: what a stranger may use in a day, and that it is all written down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from local.cloud import LocalCloud
from local.options import ServeOptions
from tests.local.stack import eventually
from tests.wire.conftest import SERVICES, Site

ASYNC, SYNC = f"{SERVICES}/Conformance/Async/GPServer", f"{SERVICES}/Conformance/Sync/GPServer"
PARAMETERS = {"QuotaJobsPerDay": "50", "QuotaMegabytesPerDay": "3", "QuotaOpenJobs": "1"}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def thrifty(state: Path) -> Iterator[Site]:
    """Serve the template with quotas."""
    with LocalCloud(ServeOptions(parameters=PARAMETERS, state=state, warm=False)) as cloud:
        yield Site(cloud.url)


def upload(site: Site, size: int) -> Any:
    fields = {"f": "json", "file": ("private-name.txt", b"x" * size)}
    response = site.pool.request("POST", f"{site.url}{SYNC}/uploads/upload", fields=fields)
    return orjson.loads(response.data)


def audit_lines(state: Path) -> list[dict[str, Any]]:
    """Return the lines of the audit log of all functions."""
    texts = [line for log in (state / "logs").iterdir() for line in log.read_text().splitlines()]
    return [json.loads(text) for text in texts if text.startswith("{") and '"message":"audit"' in text]


def test_stranger_is_held_to_the_quotas_of_a_day(thrifty: Site, state: Path) -> None:
    first = thrifty.submit("Conformance/Async", "Sleep", Seconds="300")
    thrifty.wait(first, ("esriJobExecuting",))
    second = thrifty.post(f"{ASYNC}/Sleep/submitJob", {"Seconds": "0"})["error"]
    assert (second["code"], second["message"]) == (429, "Quota reached.")
    assert "jobs that have not ended is 1 at a time" in second["details"][0]
    thrifty.client.cancel(first)
    thrifty.wait(first, ("esriJobCancelled",))
    later = eventually(lambda: thrifty.post(f"{ASYNC}/Sleep/submitJob", {"Seconds": "0"}).get("jobId"))
    thrifty.wait(f"{ASYNC}/Sleep/jobs/{later}")

    assert [upload(thrifty, 2**20).get("success") for _ in range(3)] == [True] * 3
    refused = upload(thrifty, 1)["error"]
    assert (refused["code"], "3 megabytes a day" in refused["details"][0]) == (429, True)
    assert refused["details"][1].startswith("It ends at ")

    page = thrifty.pool.request("POST", f"{thrifty.url}{SYNC}/Echo/execute", fields={"In_GPLong": "1"})
    assert page.status == 429

    eventually(lambda: sum(line["action"] == "end" for line in audit_lines(state)) == 2)  # after the answers
    lines = audit_lines(state)
    assert {line["action"] for line in lines} == {"submitJob", "cancel", "end", "uploads/upload"}
    assert {line["caller"] for line in lines} == {""}
    assert {line["bytes_in"] for line in lines if line["action"] == "uploads/upload"} == {2**20}
    ends = {line["job"]: line["status"] for line in lines if line["action"] == "end"}
    assert ends == {first[-33:]: "esriJobCancelled", later: "esriJobSucceeded"}
    assert all(line["toolbox"].startswith("Conformance/") for line in lines)
    assert "private-name" not in str(lines)
