"""The client: describe, execute, submit, poll, result, cancel, upload.

A task is named by its path below the services, such as "Samples/GPServer/BufferPoints"; a job by its whole
path.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping
from typing import Any

import urllib3

from dev.gp_client.errors import GpError

SERVICES = "/arcgis/rest/services"
FINAL = frozenset({"esriJobSucceeded", "esriJobFailed", "esriJobCancelled", "esriJobTimedOut"})
_CONNECTIONS = 64


class GpClient:
    """A client of one site; it may be used by many threads.

    Args:
        url: The site's URL, without a slash at the end.
        headers: Sent with every request.
        retries: How often urllib3 repeats a request; by default never.
        timeout: Seconds that one answer may take.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        retries: urllib3.Retry | None = None,
        timeout: float = 60,
    ) -> None:
        self.url = url
        self.pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            headers=dict(headers or {}),
            retries=urllib3.Retry(0, redirect=3) if retries is None else retries,
            timeout=timeout,
        )

    def send(
        self, method: str, path: str, fields: Mapping[str, Any] | None = None, **more: Any
    ) -> urllib3.BaseHTTPResponse:
        """Send one request; fields go into the query of a GET and into the form of a POST.

        Args:
            method: GET or POST.
            path: The path below the site's URL.
            fields: Texts; or for a multipart form also files, as urllib3 takes them.
            more: Further arguments of urllib3's `request`.
        """
        how = {"encode_multipart": False, **more} if method == "POST" else more
        return self.pool.request(method, self.url + path, fields=dict(fields or {}), **how)

    def get(self, path: str, **fields: str) -> Any:
        """Return the JSON of a GET.

        Raises:
            GpError: The status is not 200.
        """
        return _parse(self.send("GET", path, {"f": "json", **fields}))

    def post(self, path: str, fields: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Return the JSON of a POST.

        Raises:
            GpError: The status is not 200.
        """
        return _parse(self.send("POST", path, {"f": "json", **(fields or {})}, **more))

    def describe(self, path: str = "") -> dict[str, Any]:
        """Describe the catalogue, a folder, a service or a task.

        Args:
            path: The path below the services.
        """
        return _check(self.get(f"{SERVICES}/{path}".rstrip("/")))

    def execute(self, task: str, **values: Any) -> dict[str, Any]:
        """Execute a task; return the values of its outputs by name."""
        answer = _check(self.post(f"{SERVICES}/{task}/execute", _encode(values)))
        return {result["paramName"]: result["value"] for result in answer["results"]}

    def submit(self, task: str, **values: Any) -> str:
        """Submit a job; return its path."""
        answer = _check(self.post(f"{SERVICES}/{task}/submitJob", _encode(values)))
        if answer.get("jobStatus") != "esriJobSubmitted":
            raise GpError(str(answer))
        return f"{SERVICES}/{task}/jobs/{answer['jobId']}"

    def poll(self, job: str, **fields: str) -> dict[str, Any]:
        """Return the state of a job."""
        return _check(self.get(job, **fields))

    def wait(
        self, job: str, until: Collection[str] = FINAL, *, seconds: float = 30, pause: float = 0.05
    ) -> dict[str, Any]:
        """Poll a job until it has a status; return its state.

        Args:
            job: The job.
            until: The statuses that end the wait.
            seconds: Longest wait.
            pause: Seconds between two polls.

        Raises:
            GpError: The job has ended with another status, or the time is over.
        """
        deadline = time.monotonic() + seconds
        while (seen := self.poll(job))["jobStatus"] not in until:
            if seen["jobStatus"] in FINAL or time.monotonic() > deadline:
                raise GpError(f"the job stands as {seen}")
            time.sleep(pause)
        return seen

    def result(self, job: str, output: str) -> Any:
        """Return the value of a job's output."""
        return _check(self.get(f"{job}/results/{output}"))["value"]

    def cancel(self, job: str) -> dict[str, Any]:
        """Ask for the end of a job; return its state."""
        return _check(self.post(f"{job}/cancel"))

    def upload(self, service: str, name: str, content: bytes) -> str:
        """Upload a file to a service; return the id of its item.

        Args:
            service: The service, such as "Raster/GPServer".
            name: The name of the file.
            content: Its bytes.
        """
        path = f"{SERVICES}/{service}/uploads/upload"
        answer = _check(self.post(path, {"file": (name, content)}, encode_multipart=True))
        return str(answer["item"]["itemID"])


def _encode(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _parse(response: urllib3.BaseHTTPResponse) -> Any:
    if response.status != 200:
        raise GpError(f"status {response.status}: {response.data[:500]!r}")
    return json.loads(response.data, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> None:
    raise GpError(f"{name} is not JSON")


def _check(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict) or "error" in answer:
        raise GpError(str(answer)[:2000])
    return answer
