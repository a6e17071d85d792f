"""`make try-tools`: call every tool on real data over HTTP, and print what it took."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import urllib3

from dev.gp_client import SERVICES, GpClient, GpError
from dev.tool_trial.calls import count_features, fill_fields, list_calls
from local.cloud import LocalCloud
from local.options import ServeOptions

AT_ONCE = {"Analysis": "AnalysisSync", "Samples": "Samples"}
"""The service that answers at once, by the service of a tool."""

NO_JOBS = ("Samples",)
"""Services that answer at once alone."""


@dataclass(frozen=True)
class Trial:
    """What one tool took.

    Attributes:
        name: Names of its service and its own: "Raster/Slope".
        features: Features and rows sent.
        made: Features and rows of its first output; 1 for a file or a raster.
        seconds_at_once: From the request of `execute` to its answer; None if it runs as a job alone.
        seconds: Of the run of the job; None if there are no jobs.
        megabytes: Peak memory of the job.
    """

    name: str
    features: int
    made: int
    seconds_at_once: float | None = None
    seconds: float | None = None
    megabytes: float | None = None

    def __str__(self) -> str:
        at_once, seconds = (
            "-" if each is None else f"{each:.2f}" for each in (self.seconds_at_once, self.seconds)
        )
        peak = "-" if self.megabytes is None else f"{self.megabytes:.0f}"
        return f"{self.name:38}{self.features:9,}{at_once:>13}{seconds:>9}{peak:>11}{self.made:8,}"


def try_tool(client: GpClient, service: str, task: str, call: dict[str, Any]) -> Trial:
    """Call a tool at once and as a job, as its services can.

    Args:
        client: A client of the site.
        service: Name of its service.
        task: Name of the tool.
        call: Its parameters, as `read_calls` returns them.

    Raises:
        GpError: A call failed.
    """
    fields = fill_fields(call, partial(client.upload, f"{service}/GPServer"))
    at_once, first = None, None
    if service in AT_ONCE:
        started = time.monotonic()
        first = next(iter(client.execute(f"{AT_ONCE[service]}/GPServer/{task}", **fields).values()))
        at_once = time.monotonic() - started
    name, features = f"{service}/{task}", count_features(call)
    if service in NO_JOBS:
        return Trial(name, features, _count_made(first), at_once)
    job = client.submit(f"{service}/GPServer/{task}", **fields)
    ended = client.wait(job, seconds=120, pause=0.1)
    if ended["jobStatus"] != "esriJobSucceeded":
        raise GpError(str(ended["messages"]))
    made = _count_made(client.result(job, next(iter(ended["results"]))))
    usage = ended["usage"]
    return Trial(name, features, made, at_once, usage["seconds"], usage["peakMegabytes"])


def _count_made(value: Any) -> int:
    return len(value["features"]) if isinstance(value, dict) and "features" in value else 1


def main() -> int:
    """Try every tool; 1 if one fails."""
    failed = []
    print(f"{'tool':38}{'features':>9}{'at once (s)':>13}{'job (s)':>9}{'peak (MB)':>11}{'made':>8}")
    with LocalCloud(ServeOptions()) as cloud:
        client = GpClient(cloud.url, retries=urllib3.Retry(3, connect=0, read=0), timeout=60)
        client.get(SERVICES)
        for service, task, call in list_calls():
            try:
                print(try_tool(client, service, task, call), flush=True)
            except GpError as error:
                failed.append(task)
                print(f"{service}/{task}: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
