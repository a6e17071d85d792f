"""`python -m faults.soak`: many jobs on the local cloud, whose processes are killed and whose queue is upset.

Workers and the children that tools run in are killed with SIGKILL, messages are doubled and dropped, and some
jobs are cancelled. In the end every job must have one outcome, which its client can read, and the queue must
be empty. Leases are short, and the reaper comes every two seconds, so that what is lost is soon found.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import urllib3

from faults.meddling import Meddler
from faults.processes import Killer
from local.cloud import LocalCloud
from local.options import Options

SERVICE = "/arcgis/rest/services/Conformance/Async/GPServer"
FINAL = ("esriJobSucceeded", "esriJobFailed", "esriJobTimedOut", "esriJobCancelled")
LEASE_SECONDS = "6"
MINUTE_SECONDS = 2.0
CLIENTS = 4


@dataclass
class Ended:
    """What became of one job, as its client saw it.

    Attributes:
        status: Its final status; "refused" if it was not taken, "not ended" if time was up.
        seconds: From its submit to the first look that found it final.
        wrong: What its client was told that cannot be; empty if all is well.
    """

    status: str
    seconds: float
    wrong: str = ""


class Client:
    """Submits one job after the other, and follows it to its end.

    Args:
        url: Where the site is.
        until: When to give up, on the monotonic clock.
    """

    def __init__(self, url: str, until: float) -> None:
        self._url = url + SERVICE
        self._until = until
        self._http = urllib3.PoolManager(maxsize=CLIENTS, retries=False, timeout=30)

    def follow(self, number: int) -> Ended:
        """Submit a job of some kind, perhaps cancel it, wait for its end, and read its results."""
        chance = random.Random(number)
        task, fields = _kind(chance)
        began = time.monotonic()
        answer = self._post(f"/{task}/submitJob", fields)
        if "jobId" not in answer:
            return Ended("refused", time.monotonic() - began)
        job = f"/{task}/jobs/{answer['jobId']}"
        cancelled = chance.random() < 0.1 and self._post(f"{job}/cancel", {}).get("jobStatus")
        status = self._wait(job)
        wrong = self._wrong(job, task, fields, status, bool(cancelled))
        return Ended(status, time.monotonic() - began, wrong)

    def _wait(self, job: str) -> str:
        while time.monotonic() < self._until:
            status: str = self._post(job, {"returnMessages": "false"}).get("jobStatus", "no status")
            if status in FINAL:
                return status
            time.sleep(0.3)
        return "not ended"

    def _wrong(self, job: str, task: str, fields: dict[str, str], status: str, cancelled: bool) -> str:
        if status not in FINAL:
            return ""
        succeeded = status == "esriJobSucceeded"
        if succeeded and cancelled:
            return "succeeded in spite of its cancel"
        name = {"Sleep": "Slept", "Echo": "Out_GPString", "Fail": "output"}[task]
        result = self._post(f"{job}/results/{name}", {})
        if succeeded and not _is_right(task, next(iter(fields.values())), result.get("value")):
            return f"a wrong result: {result}"
        if not succeeded and "value" in result:
            return f"a result of a job that is {status}"
        again = self._post(job, {"returnMessages": "false"}).get("jobStatus")
        return "" if again == status else f"{status} became {again}"

    def _post(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        for _ in range(5):  # a function that was killed answers nothing that a client should see
            response = self._http.request(
                "POST", self._url + path, fields={**fields, "f": "json"}, encode_multipart=False
            )
            if response.status == 200:
                answer: dict[str, Any] = response.json()
                return answer
        return {}


def _kind(chance: random.Random) -> tuple[str, dict[str, str]]:
    """Return a task and its inputs; what comes out goes by the first."""
    drawn = chance.random()
    if drawn < 0.6:
        return "Sleep", {"Seconds": str(round(chance.uniform(0, 2), 2))}
    if drawn < 0.85:
        return "Echo", {"In_GPString": "x" * chance.randint(1, 2000)}
    return "Fail", {"Kind": chance.choice(["tool error", "crash", "native crash"])}


def _is_right(task: str, asked: str, value: Any) -> bool:
    """Return whether a task's output is what its first input makes it: no shorter sleep, the same echo."""
    return bool(value == asked) if task == "Echo" else float(value) > float(asked) - 0.01


def main(arguments: list[str]) -> int:
    """Soak, print what came of it, and return 0 if every job ended well and the queue is empty."""
    parser = argparse.ArgumentParser(prog="python -m faults.soak", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--kill-every", type=float, default=5.0, help="seconds between two kills")
    parser.add_argument("--seconds", type=float, default=3600, help="when to give up")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="soak-") as state:
        cloud = LocalCloud(
            Options(state=Path(state), variables={"LEASE_SECONDS": LEASE_SECONDS}, minute=MINUTE_SECONDS)
        )
        with cloud:
            return _soak(cloud, options.jobs, options.kill_every, time.monotonic() + options.seconds)


def _soak(cloud: LocalCloud, jobs: int, kill_every: float, until: float) -> int:
    began = time.monotonic()
    killer, meddler = Killer(kill_every, 1), Meddler(cloud.endpoint, kill_every, 2)
    killer.start()
    meddler.start()
    with ThreadPoolExecutor(CLIENTS) as clients:
        ended = list(clients.map(partial(_shown, Client(cloud.url, until), jobs), range(jobs)))
    killer.stop()
    meddler.stop()
    while meddler.waiting() and time.monotonic() < until:
        time.sleep(0.5)
    left = meddler.waiting()
    for line in _told(ended, killer, meddler, time.monotonic() - began, left):
        print(line)
    well = all(each.status in FINAL and not each.wrong for each in ended if each.status != "refused")
    return 0 if well and not left else 1


def _shown(client: Client, jobs: int, number: int) -> Ended:
    ended = client.follow(number)
    if number % 100 == 99:
        print(f"{number + 1} of {jobs} jobs", flush=True)
    return ended


def _told(ended: list[Ended], killer: Killer, meddler: Meddler, seconds: float, left: int) -> Iterator[str]:
    took = sorted(each.seconds for each in ended)
    yield f"{len(ended)} jobs in {seconds:.0f} s: {dict(Counter(each.status for each in ended))}"
    yield f"killed: {dict(killer.killed)}; messages: {dict(meddler.did)}; left in the queue: {left}"
    yield f"time to final: p50 {took[len(took) // 2]:.1f} s, p99 {took[len(took) * 99 // 100]:.1f} s"
    wrong = Counter(each.wrong for each in ended if each.wrong)
    yield f"wrong: {dict(wrong) or 'nothing'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
