"""Where a task runs: at a site; `run_local` has the other place, this process."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from gpserverless.cli.inspect import is_input, is_synchronous
from gpserverless.cli.run_outputs import RunOutput
from gpserverless.cli.run_report import RunReport
from gpserverless.cli.site_client import SiteClient, SiteError
from gpserverless.errors import CommandError, ToolError

SMALL = 4_000_000
"""Bytes of the largest file that one request carries: Lambda takes 6 MB, in base64."""

POLL_SECONDS = 1.0

_RUNNING = frozenset(
    {"esriJobSubmitted", "esriJobWaiting", "esriJobExecuting", "esriJobNew", "esriJobCancelling"}
)
_KIND = "esriJobMessageType"


@dataclass(frozen=True)
class TaskCall:
    """A task with its values.

    Attributes:
        service: Qualified name of the service.
        task: Name of the task.
        described: The description of the task.
        values: The values of its inputs, by name.
    """

    service: str
    task: str
    described: Mapping[str, Any]
    values: Mapping[str, Any]


class Place(Protocol):
    """Somewhere that a task runs."""

    def send_file(self, path: Path, service: str) -> Any:
        """Make a file available to a task, and return the value that stands for it.

        Args:
            path: The file.
            service: The service of the task.
        """

    def run(self, call: TaskCall) -> list[RunOutput]:
        """Run a task, with its progress and messages on the terminal.

        Args:
            call: The task and its values.

        Raises:
            ToolError: The tool failed.
            CommandError: A value is wrong.
        """

    def take_file(self, output: RunOutput, path: Path) -> None:
        """Put the file of an output somewhere.

        Args:
            output: An output whose value is a file.
            path: Where to.
        """


class RemotePlace:
    """A site.

    Args:
        site: The site.
    """

    def __init__(self, site: SiteClient) -> None:
        self._site = site

    def send_file(self, path: Path, service: str) -> Any:
        """Upload a file to the service."""
        if (size := path.stat().st_size) > SMALL:
            raise CommandError(
                f"{path.name} has {size:,} bytes, over the {SMALL:,} of one request;"
                " upload it as docs/how-to/uploads.md says, and give its URL"
            )
        url = f"{self._site.services_url}/{service}/GPServer/uploads/upload"
        answer = self._site.post(url, {"file": (path.name, path.read_bytes())}, multipart=True)
        return {"itemID": answer["item"]["itemID"]}

    def run(self, call: TaskCall) -> list[RunOutput]:
        """Execute the task, or submit a job and wait for it."""
        root = f"{self._site.services_url}/{call.service}/GPServer/{call.task}"
        fields = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in call.values.items()
        }
        try:
            if is_synchronous(call.described):
                return self._execute(f"{root}/execute", fields)
            return self._run_job(root, fields, call)
        except SiteError as error:
            raise ToolError(str(error)) from None

    def take_file(self, output: RunOutput, path: Path) -> None:
        """Download the file."""
        url = output.value.get("url") if isinstance(output.value, dict) else None
        if not url:
            raise CommandError(f"the output '{output.name}' is no file")
        self._site.download(str(url), path)

    def _execute(self, url: str, fields: Mapping[str, str]) -> list[RunOutput]:
        with RunReport() as report:
            answer = self._site.post(url, fields)
            _report_messages(report, answer.get("messages", []), 0)
        return [RunOutput.from_json(each) for each in answer["results"]]

    def _run_job(self, root: str, fields: Mapping[str, str], call: TaskCall) -> list[RunOutput]:
        job = self._site.post(f"{root}/submitJob", fields)
        url, shown = f"{root}/jobs/{job['jobId']}", 0
        with RunReport(f"Job {job['jobId']}") as report:
            while True:
                job = self._site.get(url)
                shown = _report_messages(report, job.get("messages", []), shown)
                if progress := job.get("progress"):
                    report.progress(str(progress.get("message", "")), progress.get("percent"))
                if job["jobStatus"] not in _RUNNING:
                    break
                time.sleep(POLL_SECONDS)
        if job["jobStatus"] != "esriJobSucceeded":
            raise ToolError(f"the job {job['jobId']} ended with {job['jobStatus']}")
        outputs = [each for each in call.described["parameters"] if not is_input(each)]
        return [
            RunOutput.from_json(self._site.get(f"{url}/results/{each['name']}"))
            for each in outputs
            if each["name"] in job.get("results", {})
        ]


def _report_messages(report: RunReport, messages: list[dict[str, str]], shown: int) -> int:
    """Show the messages after the first `shown`, and return how many there are."""
    for message in messages[shown:]:
        report.say(message["type"].removeprefix(_KIND).lower(), message["description"])
    return len(messages)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file.

    Args:
        source: The file.
        target: Where to.
    """
    shutil.copyfile(source, target)
