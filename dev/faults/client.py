"""A client of a local cloud: submits a job, perhaps cancels it, follows it to its end, reads its result."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from gpserverless.jobs.status import FINAL

SERVICE = "/arcgis/rest/services/Conformance/Async/GPServer"
_FINAL = {status.value for status in FINAL}
_RESULTS = {"Sleep": "Slept", "Echo": "Out_GPString", "Fail": "output"}
_LOOKS_SECONDS = (0.5, 3.0)
_PATIENCE_SECONDS = 60.0  # far longer than a fault sticks to a call


@dataclass
class Followed:
    """One job as its client saw it.

    Attributes:
        number: Which one it is; what it was submitted with tells it, too.
        heard: What the submit was answered: "accepted", "refused", or "" for no answer.
        job_id: Its id, if the client was told.
        status: Its final status; "" if the client has seen none.
        wrong: What its client was told that cannot be: "torn" for a result that is not the job's.
    """

    number: int
    heard: str = ""
    job_id: str = ""
    status: str = ""
    wrong: str = ""


class Client:
    """Follows jobs.

    Args:
        url: Where the site is.
        until: When to give up, on the monotonic clock.
    """

    def __init__(self, url: str, until: float) -> None:
        self._url = url + SERVICE
        self._until = until
        self._http = urllib3.PoolManager(maxsize=64, retries=False, timeout=60)

    def follow(self, number: int) -> Followed:
        """Submit a job of some kind, and return what became of it."""
        chance = random.Random(number)
        task, fields = _kind(number, chance)
        followed = Followed(number)
        answer = self._post_once(f"/{task}/submitJob", fields)
        if answer is not None:
            followed.heard = "accepted" if "jobId" in answer else "refused"
            followed.job_id = answer.get("jobId", "")
        if followed.job_id:
            job = f"/{task}/jobs/{followed.job_id}"
            cancelled = chance.random() < 0.1 and self._cancel(job, chance.uniform(0, 1))
            followed.status = self._wait(job)
            if followed.status:
                followed.wrong = self._wrong(job, task, fields, followed.status, cancelled)
        return followed

    def _cancel(self, job: str, after: float) -> bool:
        time.sleep(after)
        answer = self._post(f"{job}/cancel", {})
        return answer.get("jobStatus") in ("esriJobCancelling", "esriJobCancelled")

    def _wait(self, job: str) -> str:
        pause, longest = _LOOKS_SECONDS
        while time.monotonic() < self._until:
            time.sleep(pause)
            pause = min(1.5 * pause, longest)
            status: str = self._post(job, {"returnMessages": "false"}).get("jobStatus", "")
            if status in _FINAL:
                return status
        return ""

    def _wrong(self, job: str, task: str, fields: Mapping[str, str], status: str, cancelled: bool) -> str:
        succeeded = status == "esriJobSucceeded"
        if succeeded and cancelled:
            return "a cancelled job succeeded"
        result = self._post(f"{job}/results/{_RESULTS[task]}", {})
        if succeeded and not _is_right(task, next(iter(fields.values())), result.get("value")):
            return "torn"
        if not succeeded and "value" in result:
            return "a result without success"
        again = self._post(job, {"returnMessages": "false"}).get("jobStatus")
        return "" if again == status else "an outcome changed"

    def _post(self, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """Ask until the site says something: whatever is asked here can be asked twice."""
        until = min(self._until, time.monotonic() + _PATIENCE_SECONDS)
        while time.monotonic() < until:
            answer = self._post_once(path, fields)
            if answer is not None and answer.get("error", {}).get("code") != 500:
                return answer
            time.sleep(_LOOKS_SECONDS[0])
        return {}

    def _post_once(self, path: str, fields: Mapping[str, str]) -> dict[str, Any] | None:
        """Return the answer, or None when the function has died, or the gateway has given it up."""
        try:
            response = self._http.request(
                "POST", self._url + path, fields={**fields, "f": "json"}, encode_multipart=False
            )
        except urllib3.exceptions.HTTPError:
            return None
        return response.json() if response.status == 200 else None


def _kind(number: int, chance: random.Random) -> tuple[str, dict[str, str]]:
    """Return a task and its inputs, of which the first says what comes out, and the number."""
    drawn = chance.random()
    if drawn < 0.8:
        return "Sleep", {"Seconds": f"{chance.uniform(0, 1.5):.2f}{number:07d}"}
    if drawn < 0.87:
        return "Echo", {"In_GPString": f"{number:07d}" + "x" * chance.randint(1, 2000)}
    return "Fail", {"Kind": chance.choice(["tool error", "crash", "native crash"])}


def number_in(values: Mapping[str, str]) -> int | None:
    """Return which job was submitted with these inputs; None for one that cannot succeed."""
    if "Seconds" in values:
        return int(values["Seconds"].partition(".")[2][2:])
    return int(values["In_GPString"][:7]) if "In_GPString" in values else None


def _is_right(task: str, asked: str, value: Any) -> bool:
    """Return whether a task's output is what its first input makes it: no shorter sleep, the same echo."""
    if value is None:
        return False
    return bool(value == asked) if task == "Echo" else float(value) > float(asked) - 0.01
