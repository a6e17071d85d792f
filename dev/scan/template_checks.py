"""The checks of checkov on the template, and those that this project does not follow."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dev.scan.programs import find_program

EXCEPTIONS = {
    "CKV_AWS_18": (
        "No log of accesses to the bucket: callers reach it by links that a function has signed and logged. "
        "It would need a second bucket that nobody reads."
    ),
    "CKV_AWS_19": "checkov does not read the condition: S3 encrypts, with KmsKeyArn if there is one.",
    "CKV_AWS_21": "No versions: an object is never replaced, and a deletion has to delete.",
    "CKV_AWS_115": (
        "Triggers limit the workers and the others: a reservation would make good messages dead letters. "
        "Functions behind the API have parameters, which checkov accepts."
    ),
    "CKV_AWS_116": (
        "No function is called asynchronously but the reaper, whose next minute is the retry. "
        "Queues and the stream have dead letters themselves."
    ),
    "CKV_AWS_117": "No function needs a private network, where a gateway to AWS is paid by the hour.",
    "CKV_AWS_119": "checkov does not read the condition: DynamoDB encrypts, with KmsKeyArn if there is one.",
    "CKV_AWS_173": "Lambda encrypts variables, one that is secret with KmsKeyArn if there is one.",
}
"""Checks that are not followed, and why."""


@dataclass(frozen=True)
class FailedCheck:
    """A check of checkov that a resource fails."""

    id: str
    name: str
    resource: str


def run_checkov(template: Path) -> list[FailedCheck]:
    """Run all checks on a template, without a network.

    Args:
        template: The template.

    Raises:
        CalledProcessError: checkov did not run.
    """
    how = ["--framework", "cloudformation", "--skip-download", "--soft-fail", "--output", "json", "--quiet"]
    done = subprocess.run(
        [find_program("checkov"), "--file", template, *how],
        env={**os.environ, "CHECKOV_RUN_SCA_PACKAGE_SCAN_V2": "false", "LOG_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        check=True,
    )
    return read_report(done.stdout)


def read_report(text: str) -> list[FailedCheck]:
    """Read checkov's report.

    Args:
        text: The report in JSON.

    Raises:
        ValueError: Nothing was checked.
    """
    report = json.loads(text)
    if not report.get("summary", {}).get("passed") or report["summary"]["parsing_errors"]:
        raise ValueError(f"checkov has checked nothing: {text[:200]}")
    return [
        FailedCheck(each["check_id"], each["check_name"], each["resource"].rpartition(".")[2])
        for each in report["results"]["failed_checks"]
    ]


def judge(failed: Iterable[FailedCheck]) -> list[str]:
    """Return a line for each failed check that is no exception, and for each exception that nothing fails.

    Args:
        failed: The failed checks.
    """
    failed = list(failed)
    unexpected = [
        f"template.yaml: {each.resource}: {each.id} {each.name}"
        for each in failed
        if each.id not in EXCEPTIONS
    ]
    idle = sorted(EXCEPTIONS.keys() - {each.id for each in failed})
    return unexpected + [f"dev/scan/template_checks.py: nothing fails {name} any more" for name in idle]
