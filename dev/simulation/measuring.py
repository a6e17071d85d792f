"""A load on the local cloud: real functions, real queue, real clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from dev.gp_client import FINAL, GpClient
from dev.simulation.load import Arrival
from dev.simulation.outcome import FinishedJob, Outcome
from gpserverless.storage.attributes import decode_item
from local.cloud import LocalCloud
from local.resolver import STACK
from local.resources import make_client

_SLEEP = "Conformance/Async/GPServer/Sleep"
_LONGEST_SECONDS = 120


@dataclass(frozen=True)
class Measurement:
    """A load as it was measured.

    Attributes:
        arrivals: The load as it came, a little later than planned, because the clients are threads.
        outcome: Its outcome, from the rows of the jobs.
        polls: Number of polls.
    """

    arrivals: Sequence[Arrival]
    outcome: Outcome
    polls: int


class LoadClients:
    """Many clients, each of which follows one job to its end.

    Args:
        cloud: The local cloud, with the Conformance service.
        poll_seconds: Seconds between two polls of one client.
    """

    def __init__(self, cloud: LocalCloud, poll_seconds: float) -> None:
        self._gp = GpClient(cloud.url, timeout=_LONGEST_SECONDS)
        self._rows = make_client("dynamodb", cloud.endpoint)
        self._poll_seconds = poll_seconds

    def measure(self, load: Sequence[Arrival]) -> Measurement:
        """Submit a load of sleeping jobs, wait for their ends, and read their rows.

        Raises:
            TimeoutError: A job did not end in time.
        """
        began = time.monotonic()
        with ThreadPoolExecutor(min(len(load), 64)) as threads:
            followed = list(threads.map(partial(self._follow, began), load))
        rows = [self._read_row(job) for job, _ in followed]
        start = min(row["submitted_at"] for row in rows)
        arrivals = [
            Arrival((row["submitted_at"] - start) / 1000, job.seconds)
            for row, job in zip(rows, load, strict=True)
        ]
        order = sorted(range(len(load)), key=lambda number: arrivals[number].at)
        finished = [_read_job(place, rows[number], start) for place, number in enumerate(order)]
        ordered = [arrivals[number] for number in order]
        outcome = Outcome(ordered, finished, max(each.ended for each in finished))
        return Measurement(ordered, outcome, sum(polls for _, polls in followed))

    def _follow(self, began: float, arrival: Arrival) -> tuple[str, int]:
        """Submit one job in time, and poll it to its end; return its path and the number of polls."""
        pause = threading.Event().wait
        pause(max(0.0, began + arrival.at - time.monotonic()))
        job = self._gp.submit(_SLEEP, Seconds=str(arrival.seconds))
        until = time.monotonic() + arrival.seconds + _LONGEST_SECONDS
        polls = 0
        while time.monotonic() < until:
            polls += 1
            if self._gp.poll(job, returnMessages="false")["jobStatus"] in FINAL:
                return job, polls
            pause(self._poll_seconds)
        raise TimeoutError(f"the job {job} did not end")

    def _read_row(self, job: str) -> dict[str, Any]:
        key = {"pk": {"S": job.rpartition("/")[2]}}
        found = self._rows.get_item(TableName=f"{STACK}-JobsTable", Key=key)
        return decode_item(found["Item"])


def _read_job(number: int, row: dict[str, Any], start: int) -> FinishedJob:
    """Read a job from its row: it was claimed after its wait, and had its worker until its outcome."""
    at = (row["submitted_at"] - start) / 1000
    claimed = at + row["usage"]["queue_ms"] / 1000
    return FinishedJob(number, at, claimed, claimed, (row["ended_at"] - start) / 1000, False)
