"""The whole site over real HTTP: template.yaml served by the local cloud, once for all wire tests."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest
import urllib3

from local.cloud import LocalCloud
from local.options import Options
from tests.fake_feature_server import FakeFeatureServer, fake_feature_server
from tests.wire.published_schema import check_answer

SERVICES = "/arcgis/rest/services"
FINAL = {"esriJobSucceeded", "esriJobFailed", "esriJobCancelled", "esriJobTimedOut"}


class Site:
    """A client that knows nothing but HTTP and JSON."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pool = urllib3.PoolManager(retries=urllib3.Retry(3, connect=0, read=0), timeout=40)

    def send(
        self, method: str, path: str, fields: Mapping[str, str] | None = None, **more: Any
    ) -> urllib3.BaseHTTPResponse:
        """Send one request; fields go into the query of a GET and into the form of a POST.

        Every answer in JSON is held to the schema that the site publishes.
        """
        how = {"encode_multipart": False, **more} if method == "POST" else more
        response = self.pool.request(method, self.url + path, fields=dict(fields or {}), **how)
        check_answer(path, response)
        return response

    def get(self, path: str, **fields: str) -> Any:
        """Return the JSON of a GET."""
        return self._json(self.send("GET", path, {"f": "json", **fields}))

    def post(self, path: str, fields: Mapping[str, str] | None = None) -> Any:
        """Return the JSON of a POST."""
        return self._json(self.send("POST", path, {"f": "json", **(fields or {})}))

    def _json(self, response: urllib3.BaseHTTPResponse) -> Any:
        assert response.status == 200, (response.status, response.data[:500])
        return orjson.loads(response.data)

    def task(self, service: str, task: str) -> str:
        """Return the path of a task."""
        return f"{SERVICES}/{service}/GPServer/{task}"

    def execute(self, service: str, task: str, **fields: str) -> dict[str, Any]:
        """Return the values of the outputs by name; a task that fails fails the test."""
        answer = self.post(f"{self.task(service, task)}/execute", fields)
        assert "error" not in answer, answer
        return {r["paramName"]: r["value"] for r in answer["results"]}

    def refusal(self, service: str, task: str, **fields: str) -> str:
        """Return the details of the error that a call must be answered with."""
        answer = self.post(f"{self.task(service, task)}/execute", fields)
        assert list(answer) == ["error"], answer
        assert 400 <= answer["error"]["code"] < 500
        return " ".join(answer["error"]["details"])

    def submit(self, service: str, task: str, **fields: str) -> str:
        """Submit a job and return its path."""
        answer = self.post(f"{self.task(service, task)}/submitJob", fields)
        assert answer.get("jobStatus") == "esriJobSubmitted", answer
        return f"{self.task(service, task)}/jobs/{answer['jobId']}"

    def rejection(self, service: str, task: str, **fields: str) -> str:
        """Return the error of the job that a call with a wrong value must be answered with; it has failed."""
        answer = self.post(f"{self.task(service, task)}/submitJob", fields)
        assert answer.get("jobStatus") == "esriJobFailed", answer
        job = self.get(f"{self.task(service, task)}/jobs/{answer['jobId']}")
        assert job["jobStatus"] == "esriJobFailed"
        first: str = next(m["description"] for m in job["messages"] if m["type"] == "esriJobMessageTypeError")
        return first

    def wait(self, job: str, until: set[str] = FINAL, seconds: float = 30) -> dict[str, Any]:
        """Poll a job until it has one of some statuses, as clients do, and return it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            seen: dict[str, Any] = self.get(job)
            if seen["jobStatus"] in until:
                return seen
            time.sleep(0.05)
        raise AssertionError(f"after {seconds} s: {seen}")


@pytest.fixture(scope="session")
def far() -> Iterator[FakeFeatureServer]:
    with fake_feature_server() as served:
        yield served


@pytest.fixture(scope="session")
def cloud(far: FakeFeatureServer) -> Iterator[LocalCloud]:
    with LocalCloud(Options(parameters={"FetchPrivateHosts": far.place})) as served:
        yield served


@pytest.fixture(scope="session")
def site(cloud: LocalCloud) -> Site:
    return Site(cloud.url)
