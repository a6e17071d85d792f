"""Every function is given what it reads, and its limits fit those around it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest
from cfnlint.api import lint

from gpserverless.settings import (
    DeadLettersSettings,
    DirectorySettings,
    ExecuteSettings,
    JobsSettings,
    ReaperSettings,
    WorkerSettings,
)
from local.template import FUNCTION, Template
from tests.template.conftest import PATH

Properties = Mapping[str, Mapping[str, Any]]

LOGGING = {"LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}
SITE = {"PUBLIC_URL", "PUBLISH_CONFORMANCE"}
JOBS = {"JOBS_TABLE", "JOBS_QUEUE_URL", "RETENTION_HOURS", "AWS_ENDPOINT_URL"}

VARIABLES = {
    "DirectoryFunction": LOGGING | SITE,
    "ExecuteFunction": LOGGING | SITE | {"BUCKET", "EXECUTE_SECONDS", "AWS_ENDPOINT_URL"},
    "JobsFunction": LOGGING | SITE | JOBS | {"BUCKET", "RUN_SECONDS"},
    "WorkerFunction": LOGGING | JOBS | {"BUCKET", "RUN_SECONDS", "PUBLISH_CONFORMANCE"},
    "ReaperFunction": LOGGING | JOBS,
    "DeadLettersFunction": LOGGING | JOBS - {"JOBS_QUEUE_URL"},
}


class Settings(Protocol):
    """A class of settings."""

    def read(self, environment: Mapping[str, str]) -> object:
        """Read them, or raise."""


def variables(function: Mapping[str, Any]) -> dict[str, str]:
    return dict(function["Environment"]["Variables"])


def test_cfn_lint_finds_nothing() -> None:
    assert not lint(PATH.read_text(encoding="utf-8"), regions=["us-east-1"])


@pytest.mark.parametrize("name", VARIABLES)
def test_a_function_has_these_variables(name: str, properties: Properties) -> None:
    assert variables(properties[name]).keys() == VARIABLES[name]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("DirectoryFunction", DirectorySettings),
        ("ExecuteFunction", ExecuteSettings),
        ("JobsFunction", JobsSettings),
        ("WorkerFunction", WorkerSettings),
        ("ReaperFunction", ReaperSettings),
        ("DeadLettersFunction", DeadLettersSettings),
    ],
)
def test_its_settings_can_be_read_from_them(name: str, settings: Settings, properties: Properties) -> None:
    assert settings.read(variables(properties[name]))


def test_every_function_has_code_and_the_three_layers(template: Template, properties: Properties) -> None:
    for function in template.of_type(FUNCTION):
        code = Path(PATH.parent, properties[function.name]["CodeUri"], "app.py")
        assert "def handler(event" in code.read_text(encoding="utf-8")
        assert properties[function.name]["Layers"] == ["DependenciesLayer", "GPServerlessLayer", "ToolsLayer"]


@pytest.mark.parametrize(
    ("trigger", "function", "queue"),
    [
        ("JobsTrigger", "WorkerFunction", "JobsQueue"),
        ("DeadLettersTrigger", "DeadLettersFunction", "DeadLettersQueue"),
    ],
)
def test_a_message_is_hidden_six_times_as_long_as_its_function_may_run(
    trigger: str, function: str, queue: str, template: Template, properties: Properties
) -> None:
    mapping = template.resources[trigger].properties
    assert mapping["FunctionName"] == {"Ref": function}
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert isinstance(mapping["ScalingConfig"]["MaximumConcurrency"], int), "a parameter would be a string"
    assert properties[queue]["VisibilityTimeout"] >= 6 * properties[function]["Timeout"]


def test_a_job_has_a_worker_to_itself(properties: Properties) -> None:
    assert properties["JobsTrigger"]["BatchSize"] == 1


def test_letters_are_dead_after_five_attempts_and_kept_longest(properties: Properties) -> None:
    redrive = properties["JobsQueue"]["RedrivePolicy"]
    assert redrive == {"deadLetterTargetArn": "arn:DeadLettersQueue", "maxReceiveCount": 5}
    kept = [properties[queue]["MessageRetentionPeriod"] for queue in ("JobsQueue", "DeadLettersQueue")]
    assert kept == [4 * 86400, 14 * 86400]


def test_every_limit_leaves_time_to_say_that_it_was_reached(properties: Properties) -> None:
    execute, worker = properties["ExecuteFunction"], properties["WorkerFunction"]
    assert float(variables(execute)["EXECUTE_SECONDS"]) + 3 <= execute["Timeout"] < 30
    assert float(variables(worker)["RUN_SECONDS"]) + 30 <= worker["Timeout"] <= 900
    assert variables(worker)["RUN_SECONDS"] == variables(properties["JobsFunction"])["RUN_SECONDS"]
    assert properties["ReaperFunction"]["Timeout"] < 60


def test_objects_outlive_the_jobs_that_point_to_them(properties: Properties) -> None:
    rules = properties["Bucket"]["LifecycleConfiguration"]["Rules"]
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "Prefix" in rule}
    hours = float(variables(properties["JobsFunction"])["RETENTION_HOURS"])
    assert days == {"jobs/": 3, "executes/": 3, "uploads/": 7}
    assert days["jobs/"] * 24 > 2 * hours


def test_the_index_of_open_jobs_is_what_the_reaper_queries(properties: Properties) -> None:
    table = properties["JobsTable"]
    (index,) = table["GlobalSecondaryIndexes"]
    keys = [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]
    assert (index["IndexName"], keys) == ("open", [("open_shard", "HASH"), ("due_at", "RANGE")])
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl_at", "Enabled": True}
