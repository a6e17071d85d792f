"""The same load on the local cloud: real functions, real queue, real clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import urllib3

from dev.simulation.load import Arrival
from dev.simulation.outcome import Outcome, Worked
from gpserverless.storage.attributes import decode_item
from local.cloud import LocalCloud
from local.resources import client

_SERVICE = "/arcgis/rest/services/Conformance/Async/GPServer/Sleep"
_FINAL = ("esriJobSucceeded", "esriJobFailed", "esriJobTimedOut", "esriJobCancelled")
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Measured:
    """What a load met.

    Attributes:
        asked: The load as it came, which is a little later than it should: clients are threads.
        outcome: What became of it, by the rows of the jobs.
        polls: How often clients asked.
    """

    asked: Sequence[Arrival]
    outcome: Outcome
    polls: int


class Clients:
    """Many clients, each with one job that it follows to its end.

    Args:
        cloud: The local cloud, with the Conformance service.
        poll_seconds: How often each asks.
    """

    def __init__(self, cloud: LocalCloud, poll_seconds: float) -> None:
        self._url = cloud.url + _SERVICE
        self._rows = client("dynamodb", cloud.endpoint)
        self._every = poll_seconds
        self._http = urllib3.PoolManager(maxsize=64, retries=False, timeout=_PATIENCE_SECONDS)

    def meet(self, load: Sequence[Arrival]) -> Measured:
        """Submit a load of sleeping jobs, wait for their ends, and read what their rows tell.

        Raises:
            TimeoutError: A job did not end in time.
        """
        began = time.monotonic()
        with ThreadPoolExecutor(min(len(load), 64)) as threads:
            followed = list(threads.map(partial(self._follow, began), load))
        rows = [self._row(job) for job, _ in followed]
        start = min(row["submitted_at"] for row in rows)
        asked = [
            Arrival((row["submitted_at"] - start) / 1000, job.seconds)
            for row, job in zip(rows, load, strict=True)
        ]
        order = sorted(range(len(load)), key=lambda number: asked[number].at)
        worked = [_worked(place, rows[number], start) for place, number in enumerate(order)]
        jobs = [asked[number] for number in order]
        outcome = Outcome(jobs, worked, max(each.ended for each in worked))
        return Measured(jobs, outcome, sum(polls for _, polls in followed))

    def _follow(self, began: float, arrival: Arrival) -> tuple[str, int]:
        """Submit one job in time, poll it to its end, and return its id and how often it was asked."""
        pause = threading.Event().wait
        pause(max(0.0, began + arrival.at - time.monotonic()))
        job: str = self._post("/submitJob", {"Seconds": str(arrival.seconds)})["jobId"]
        until = time.monotonic() + arrival.seconds + _PATIENCE_SECONDS
        polls = 0
        while time.monotonic() < until:
            polls += 1
            if self._post(f"/jobs/{job}", {"returnMessages": "false"}).get("jobStatus") in _FINAL:
                return job, polls
            pause(self._every)
        raise TimeoutError(f"the job {job} did not end")

    def _post(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        form = {**fields, "f": "json"}
        answer: dict[str, Any] = self._http.request(
            "POST", self._url + path, fields=form, encode_multipart=False
        ).json()
        return answer

    def _row(self, job: str) -> dict[str, Any]:
        found = self._rows.get_item(TableName="gpserverless-local-JobsTable", Key={"pk": {"S": job}})
        return decode_item(found["Item"])


def _worked(number: int, row: dict[str, Any], start: int) -> Worked:
    """Return a job by its row: it was claimed after its wait, and had its worker until its outcome."""
    at = (row["submitted_at"] - start) / 1000
    claimed = at + row["usage"]["queue_ms"] / 1000
    return Worked(number, at, claimed, claimed, (row["ended_at"] - start) / 1000, False)
