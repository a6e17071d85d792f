"""A client that goes the main way through a site: describe, execute, submit, poll, fetch."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import urllib3

_SERVICES = "/arcgis/rest/services"
_BUFFER = f"{_SERVICES}/Samples/GPServer/BufferPoints"
_SUMMARIZE = f"{_SERVICES}/Analysis/GPServer/SummarizeWithin"
_SLEEP = f"{_SERVICES}/Conformance/Async/GPServer/Sleep"
_JOB_SECONDS = 300  # a cold start on a busy machine
_OVER = {"esriJobSucceeded", "esriJobFailed", "esriJobCancelled", "esriJobTimedOut"}
_POINT = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 4326},
    "features": [{"geometry": {"x": 8.55, "y": 47.37}, "attributes": {"name": "Zurich"}}],
}
_SQUARE = {
    "geometryType": "esriGeometryPolygon",
    "spatialReference": {"wkid": 4326},
    "features": [{"geometry": {"rings": [[[8, 47], [8, 48], [9, 48], [9, 47], [8, 47]]]}, "attributes": {}}],
}


class SiteError(Exception):
    """The site does not answer as it should; the text says what it does instead."""


class Site:
    """A site as its clients see it.

    Args:
        url: Its root.
        headers: Sent with every request.
    """

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(headers=dict(headers or {}), retries=False, timeout=60)

    def describe(self) -> None:
        """Ask for the server, its catalogue and a task.

        Raises:
            SiteError: One is not described.
        """
        self._expect("currentVersion", self._get("/arcgis/rest/info"))
        self._expect("services", self._get(_SERVICES))
        self._expect("parameters", self._get(_BUFFER))

    def execute(self) -> None:
        """Buffer a point.

        Raises:
            SiteError: The answer is no polygon.
        """
        distance = {"distance": 5, "units": "esriKilometers"}
        told = self._post(f"{_BUFFER}/execute", points=_POINT, distance=distance)
        (result,) = self._expect("results", told)
        (feature,) = result["value"]["features"]
        self._expect("rings", feature["geometry"])

    def submit(self) -> str:
        """Submit a job, and return its path.

        Raises:
            SiteError: It is refused.
        """
        return self._submit(_SUMMARIZE, in_polygons=_SQUARE, in_sum_features=_POINT)

    def sleep(self, seconds: float) -> str:
        """Submit a job that takes some time, see it begin, and return its path.

        Raises:
            SiteError: It is refused, or does not begin.
        """
        job = self._submit(_SLEEP, Seconds=seconds)
        self._await(job, {"esriJobExecuting"})
        return job

    def executing(self, job: str) -> None:
        """See that a job runs.

        Raises:
            SiteError: It does not, any more or yet.
        """
        if (seen := self._get(job)).get("jobStatus") != "esriJobExecuting":
            raise SiteError(f"the job stands as {seen}")

    def succeed(self, job: str) -> None:
        """Wait for the end of a job.

        Raises:
            SiteError: It does not succeed in time.
        """
        self._await(job, {"esriJobSucceeded"})

    def forgotten(self, job: str) -> None:
        """See that a job is not there.

        Raises:
            SiteError: It is.
        """
        self._expect("error", self._get(job))

    def result(self, job: str) -> None:
        """Wait for the end of a job, and fetch its result.

        Raises:
            SiteError: It does not succeed in time, or the result is wrong.
        """
        self.succeed(job)
        told = self._expect("value", self._get(f"{job}/results/out_feature_class"))
        counts = [zone["attributes"]["Point_Count"] for zone in told["features"]]
        if counts != [1]:
            raise SiteError(f"there are {counts} points in the squares")

    def _submit(self, task: str, **fields: Any) -> str:
        told = self._post(f"{task}/submitJob", **fields)
        return f"{task}/jobs/{self._expect('jobId', told)}"

    def _await(self, job: str, wanted: set[str]) -> None:
        deadline = time.monotonic() + _JOB_SECONDS
        while (status := (seen := self._get(job)).get("jobStatus")) not in wanted:
            if status in _OVER or time.monotonic() > deadline:
                raise SiteError(f"the job stands as {seen}")
            time.sleep(0.2)

    def _get(self, path: str) -> Any:
        return self._json(self._pool.request("GET", f"{self._url}{path}", fields={"f": "json"}))

    def _post(self, path: str, **fields: Any) -> Any:
        texts = {name: json.dumps(value) for name, value in fields.items()}
        return self._json(
            self._pool.request(
                "POST", f"{self._url}{path}", fields={"f": "json", **texts}, encode_multipart=False
            )
        )

    def _json(self, response: urllib3.BaseHTTPResponse) -> Any:
        if response.status != 200:
            raise SiteError(f"status {response.status}: {response.data[:500]!r}")
        return json.loads(response.data)

    def _expect(self, key: str, told: Any) -> Any:
        if key not in told:
            raise SiteError(f"no {key} in {str(told)[:500]}")
        return told[key]
