"""The load generator: a client in a process of its own, and its timings."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any, Self

from dev.benchmarks.site import JOB
from dev.benchmarks.timing import percentile

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_CALLER = Path(__file__).with_name("caller.py")


@dataclass(frozen=True)
class Timings:
    """The timings of some requests or jobs.

    Attributes:
        milliseconds: Duration of each request, or of each job from its submit to the poll that shows its end.
        answers: Bytes of each answer, or polls of each job.
        seconds: From the first request to the last answer.
        last: The id of the last job.
    """

    milliseconds: tuple[float, ...]
    answers: tuple[int, ...]
    seconds: float
    last: str = ""

    @property
    def p50(self) -> float:
        """The median in milliseconds."""
        return median(self.milliseconds)

    @property
    def p99(self) -> float:
        """The 99th percentile in milliseconds."""
        return percentile(self.milliseconds, 0.99)

    @property
    def per_second(self) -> float:
        """Requests or jobs a second."""
        return len(self.answers) / self.seconds


@dataclass(frozen=True)
class Dialect:
    """A server's words for jobs.

    Attributes:
        id: The member of its JSON with a job's id.
        status: The member with its status.
        done: The status of a success.
        failed: All other final statuses.
        job: The path of a job, with JOB for its id.
    """

    id: str
    status: str
    done: str
    failed: tuple[str, ...]
    job: str


GPSERVER = Dialect(
    id="jobId",
    status="jobStatus",
    done="esriJobSucceeded",
    failed=("esriJobFailed", "esriJobCancelled", "esriJobTimedOut"),
    job=JOB,
)
OGC = Dialect("jobID", "status", "successful", ("failed", "dismissed"), "/jobs/JOB?f=json")


class LoadGenerator:
    """A client in a process of its own.

    Args:
        place: Host and port of the server.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-S", str(_CALLER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(
        self,
        path: str,
        body: bytes = b"",
        content_type: str = FORM,
        *,
        callers: int = 1,
        seconds: float = 0.0,
        least: int = 1,
        most: int = 1_000_000,
    ) -> Timings:
        """Send one request again and again: a GET, or a POST of a body.

        Args:
            path: Path and query.
            body: The body; empty for a GET.
            content_type: The type of the body.
            callers: How many ask at once.
            seconds: For how long.
            least: How often each asks at least.
            most: How often each asks at most.
        """
        plan = {"callers": callers, "seconds": seconds, "least": least, "most": most}
        return self._follow({"do": "ask", "request": self._request(path, body, content_type), **plan})

    def jobs(
        self,
        dialect: Dialect,
        path: str,
        body: bytes,
        content_type: str,
        *,
        count: int,
        callers: int = 1,
        burst: bool = False,
    ) -> Timings:
        """Submit jobs and wait for their ends, one after the other or all at once.

        Args:
            dialect: How the server speaks of jobs.
            path: Where they are submitted.
            body: The body; empty for a GET.
            content_type: The type of the body.
            count: How many jobs.
            callers: How many submit at once.
            burst: Whether all are submitted before any is waited for.
        """
        plan: dict[str, Any] = {"do": "jobs", "jobs": count, "callers": callers, "burst": burst}
        asked = self._request(path, body, content_type, {"Prefer": "respond-async"})
        return self._follow({**plan, **vars(dialect), "request": asked, "poll": self._request(dialect.job)})

    def _request(
        self, path: str, body: bytes = b"", content_type: str = "", more: Mapping[str, str] | None = None
    ) -> str:
        headers = {"Host": self.place, **(more or {})}
        if body:
            headers |= {"Content-Type": content_type, "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\n{lines}\r\n{body.decode('latin-1')}"

    def _follow(self, plan: Mapping[str, Any]) -> Timings:
        if self._process.stdin is None or self._process.stdout is None:
            raise ChildProcessError("the load generator has no pipes")
        self._process.stdin.write(json.dumps({**plan, "place": self.place}) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        if told["problems"]:
            raise ChildProcessError("; ".join(sorted(set(told["problems"]))))
        return Timings(tuple(told["ms"]), tuple(told["answers"]), told["seconds"], told.get("last", ""))
