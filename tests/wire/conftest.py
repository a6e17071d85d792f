"""The client of the site over real HTTP, and a job; the fixture `site` stands in `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pytest
import urllib3

from dev.gp_client import FINAL, SERVICES, GpClient
from local.cloud import LocalCloud
from tests.local_users import KnownUser, add_user
from tests.wire.published_schema import check_answer


class Site:
    """The client of the tests, which names a task by its service and its name."""

    def __init__(self, url: str) -> None:
        retries = urllib3.Retry(3, connect=0, read=0)
        self.client = _CheckingClient(url, retries=retries, timeout=90)
        self.url, self.pool = self.client.url, self.client.pool
        self.send, self.get, self.post = self.client.send, self.client.get, self.client.post

    def task(self, service: str, task: str) -> str:
        """Return the path of a task."""
        return f"{SERVICES}/{service}/GPServer/{task}"

    def execute(self, service: str, task: str, **fields: str) -> dict[str, Any]:
        """Return the values of the outputs by name; a task that fails fails the test."""
        return self.client.execute(f"{service}/GPServer/{task}", **fields)

    def refusal(self, service: str, task: str, **fields: str) -> str:
        """Return the details of the error that a call must be answered with."""
        answer = self.post(f"{self.task(service, task)}/execute", fields)
        assert list(answer) == ["error"], answer
        assert 400 <= answer["error"]["code"] < 500
        return " ".join(answer["error"]["details"])

    def submit(self, service: str, task: str, **fields: str) -> str:
        """Submit a job and return its path."""
        return self.client.submit(f"{service}/GPServer/{task}", **fields)

    def rejection(self, service: str, task: str, **fields: str) -> str:
        """Return the error of the job that a call with a wrong value must be answered with; it has failed."""
        answer = self.post(f"{self.task(service, task)}/submitJob", fields)
        assert answer.get("jobStatus") == "esriJobFailed", answer
        job = self.get(f"{self.task(service, task)}/jobs/{answer['jobId']}")
        assert job["jobStatus"] == "esriJobFailed"
        first: str = next(m["description"] for m in job["messages"] if m["type"] == "esriJobMessageTypeError")
        return first

    def wait(self, job: str, until: Collection[str] = FINAL, seconds: float = 90) -> dict[str, Any]:
        """Poll a job until it has one of some statuses, as clients do, and return it."""
        return self.client.wait(job, until, seconds=seconds, pause=0.1)


@pytest.fixture(scope="session")
def echoed(site: Site) -> str:
    """Return the path of a job that has succeeded, and has a result of every data type."""
    job = site.submit("Conformance/Async", "Echo", In_GPLong="3", In_GPString="hello")
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    return job


class _CheckingClient(GpClient):
    """Holds every answer in JSON to the schema that the site publishes."""

    def send(
        self, method: str, path: str, fields: Mapping[str, Any] | None = None, **more: Any
    ) -> urllib3.BaseHTTPResponse:
        response = super().send(method, path, fields, **more)
        check_answer(path, response)
        return response


@pytest.fixture(scope="session")
def ana(cloud: LocalCloud) -> KnownUser:
    """Return a user with the role of most users."""
    return add_user(
        cloud, "ana", full_name="Ana Lima", email="ana@example.org", groups=frozenset({"planners"})
    )
