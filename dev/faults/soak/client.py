"""A client of the soak: it submits a job, perhaps cancels it, follows it to its end, and reads its result."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from urllib3.exceptions import HTTPError

from dev.gp_client import FINAL, SERVICES, GpClient, GpError

_SERVICE = f"{SERVICES}/Conformance/Async/GPServer"
_RESULTS = {"Sleep": "Slept", "Echo": "Out_GPString", "Fail": "output"}
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 3.0
_REPEATS_SECONDS = 60.0  # far longer than a fault sticks to a call


@dataclass
class FollowedJob:
    """One job as its client saw it.

    Attributes:
        number: Its number, which its inputs repeat.
        answer: The answer to the submit: "accepted", "refused", or "" for none.
        job_id: Its id, if the client was told.
        status: Its final status; "" if the client has seen none.
        violation: The promise that was broken towards this client, such as "torn"; "" for none.
    """

    number: int
    answer: str = ""
    job_id: str = ""
    status: str = ""
    violation: str = ""


class SoakClient:
    """Follows jobs; it may be used by many threads.

    Args:
        url: The site.
        until: When to give up, on the monotonic clock.
    """

    def __init__(self, url: str, until: float) -> None:
        self._gp = GpClient(url)
        self._until = until

    def follow(self, number: int) -> FollowedJob:
        """Submit the job of a number, and follow it to its end."""
        chance = random.Random(number)
        task, fields = _draw_job(number, chance)
        followed = FollowedJob(number)
        answer = self._post_once(f"/{task}/submitJob", fields)
        if answer is not None:
            followed.answer = "accepted" if "jobId" in answer else "refused"
            followed.job_id = answer.get("jobId", "")
        if followed.job_id:
            job = f"/{task}/jobs/{followed.job_id}"
            cancelled = chance.random() < 0.1 and self._cancel(job, chance.uniform(0, 1))
            followed.status = self._wait(job)
            if followed.status:
                followed.violation = self._find_violation(job, task, fields, followed.status, cancelled)
        return followed

    def _cancel(self, job: str, after: float) -> bool:
        time.sleep(after)
        answer = self._post(f"{job}/cancel", {})
        return answer.get("jobStatus") in ("esriJobCancelling", "esriJobCancelled")

    def _wait(self, job: str) -> str:
        pause = _PAUSE_SECONDS
        while time.monotonic() < self._until:
            time.sleep(pause)
            pause = min(1.5 * pause, _LONGEST_PAUSE_SECONDS)
            status: str = self._post(job, {"returnMessages": "false"}).get("jobStatus", "")
            if status in FINAL:
                return status
        return ""

    def _find_violation(
        self, job: str, task: str, fields: Mapping[str, str], status: str, cancelled: bool
    ) -> str:
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
        """Repeat a request until the site answers; only for requests that may be repeated."""
        until = min(self._until, time.monotonic() + _REPEATS_SECONDS)
        while time.monotonic() < until:
            answer = self._post_once(path, fields)
            if answer is not None and answer.get("error", {}).get("code") != 500:
                return answer
            time.sleep(_PAUSE_SECONDS)
        return {}

    def _post_once(self, path: str, fields: Mapping[str, str]) -> dict[str, Any] | None:
        """Return the answer; None when the function has died, or the gateway has given it up."""
        try:
            answer: dict[str, Any] = self._gp.post(_SERVICE + path, fields)
        except (HTTPError, GpError):
            return None
        return answer


def _draw_job(number: int, chance: random.Random) -> tuple[str, dict[str, str]]:
    """Draw a task and its inputs; the first input determines the result, and contains the number."""
    drawn = chance.random()
    if drawn < 0.8:
        return "Sleep", {"Seconds": f"{chance.uniform(0, 1.5):.2f}{number:07d}"}
    if drawn < 0.87:
        return "Echo", {"In_GPString": f"{number:07d}" + "x" * chance.randint(1, 2000)}
    return "Fail", {"Kind": chance.choice(["tool error", "crash", "native crash"])}


def read_number(values: Mapping[str, str]) -> int | None:
    """Read the number from a job's inputs; None for one that cannot succeed."""
    if "Seconds" in values:
        return int(values["Seconds"].partition(".")[2][2:])
    return int(values["In_GPString"][:7]) if "In_GPString" in values else None


def _is_right(task: str, sent: str, value: Any) -> bool:
    """Say whether a task's output fits its first input: the same echo, no shorter sleep."""
    if value is None:
        return False
    return bool(value == sent) if task == "Echo" else float(value) > float(sent) - 0.01
