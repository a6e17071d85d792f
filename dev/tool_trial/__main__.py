"""`make try-tools`: call every tool of Analysis on real data over HTTP, and print what it took."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Any

import urllib3

from dev.gp_client import SERVICES, GpClient, GpError
from dev.tool_trial.calls import count_features, fill_fields, read_calls
from local.cloud import LocalCloud
from local.options import ServeOptions


@dataclass(frozen=True)
class Trial:
    """What one tool took.

    Attributes:
        task: Name of the tool.
        features: Features and rows sent.
        seconds_at_once: From the request of `execute` to its answer.
        seconds: Of the run of the job.
        megabytes: Peak memory of the job.
        made: Features and rows of its first output.
    """

    task: str
    features: int
    seconds_at_once: float
    seconds: float
    megabytes: float
    made: int


def try_tool(client: GpClient, task: str, call: dict[str, Any]) -> Trial:
    """Call a tool at once and as a job.

    Args:
        client: A client of the site.
        task: Name of the tool.
        call: Its parameters, as `read_calls` returns them.

    Raises:
        GpError: A call failed.
    """
    fields = fill_fields(call)
    started = time.monotonic()
    client.execute(f"AnalysisSync/GPServer/{task}", **fields)
    at_once = time.monotonic() - started
    job = client.submit(f"Analysis/GPServer/{task}", **fields)
    ended = client.wait(job, seconds=120, pause=0.1)
    if ended["jobStatus"] != "esriJobSucceeded":
        raise GpError(str(ended["messages"]))
    first = next(iter(ended["results"]))
    value = client.get(f"{job}/results/{first}")["value"]
    usage = ended["usage"]
    made = len(value["features"]) if isinstance(value, dict) and "features" in value else 0
    return Trial(task, count_features(call), at_once, usage["seconds"], usage["peakMegabytes"], made)


def main() -> int:
    """Try every tool; 1 if one fails."""
    failed = []
    print(f"{'tool':32}{'features':>9}{'at once (s)':>13}{'job (s)':>9}{'peak (MB)':>11}{'made':>8}")
    with LocalCloud(ServeOptions()) as cloud:
        client = GpClient(cloud.url, retries=urllib3.Retry(3, connect=0, read=0), timeout=60)
        client.get(SERVICES)
        for task, call in read_calls().items():
            try:
                done = try_tool(client, task, call)
            except GpError as error:
                failed.append(task)
                print(f"{task:32}{error}")
                continue
            print(
                f"{task:32}{done.features:9,}{done.seconds_at_once:13.2f}{done.seconds:9.2f}"
                f"{done.megabytes:11.0f}{done.made:8,}",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
