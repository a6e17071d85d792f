"""Every function has the variables that it reads, and its limits fit those around it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol

import pytest

from gpserverless import settings
from gpserverless.app.announce import AnnounceSettings
from gpserverless.app.dead_letters import DeadLettersSettings
from gpserverless.app.directory import DirectorySettings
from gpserverless.app.downloads import DownloadsSettings
from gpserverless.app.execute import ExecuteSettings
from gpserverless.app.fetch import FetchSettings
from gpserverless.app.jobs import JobsFunctionSettings
from gpserverless.app.layers import LayersSettings
from gpserverless.app.raster_maps import RasterMapsSettings
from gpserverless.app.reaper import ReaperSettings
from gpserverless.app.registration import RegistrationSettings
from gpserverless.app.sign_in import SignInSettings
from gpserverless.app.soap import SoapSettings
from gpserverless.app.uploads import UploadsSettings
from gpserverless.app.webhook import PAUSES, WebhookSettings
from gpserverless.app.worker import WorkerSettings
from gpserverless.calls.request_deadline import GATEWAY_MS, MARGIN_MS
from gpserverless.fetch.webhook import ANSWER_SECONDS
from gpserverless.items.changes import open_folder, publish, retire
from gpserverless.items.service import ListedService
from gpserverless.jobs.rules import OBJECT_DAYS, JobRules
from gpserverless.jobs.status import FINAL, OPEN
from gpserverless.jobs.transitions import MOVES
from gpserverless.storage.event_bus import MOST_ENTRIES
from gpserverless.storage.upload_store import UNFINISHED
from gpserverless.toolkit.spec import WORKERS, WorkerName
from gpserverless.uploads.item import UploadRules
from local.template import FUNCTION, Template
from tests.items.rig import NOW, service
from tests.template.conftest import PATH

Properties = Mapping[str, Mapping[str, Any]]

LOGGING = {"LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}
SITE = {"PUBLIC_URL", "PUBLISH_CONFORMANCE", "SECURED", "ACCESS_TABLE", "AWS_ENDPOINT_URL"}
QUOTAS = {
    *("QUOTA_JOBS_PER_DAY", "QUOTA_SECONDS_PER_DAY", "QUOTA_MEGABYTES_PER_DAY"),
    *("QUOTA_OPEN_JOBS", "JOBS_TABLE"),
}
HOSTS = {"FETCH_ALLOWED_HOSTS", "FETCH_PRIVATE_HOSTS"}
FETCH = {"FETCH_FUNCTION", "PORTAL_URL"}
JOBS = {"PORTAL_URL", "BUCKET", "RUN_SECONDS"}
PORTAL = {"PORTAL_URL", "PORTAL_USER", "PORTAL_PASSWORD", "PORTAL_TOKEN"}
TABLE = {"JOBS_TABLE", "RETENTION_HOURS", "AWS_ENDPOINT_URL"}
QUEUES = {"JOBS_QUEUE_URL", "VECTOR_QUEUE_URL", "RASTER_QUEUE_URL"}
RUNS = {"WORKER", "JOBS_QUEUE_URL", "BUCKET", "RUN_SECONDS", "PUBLISH_CONFORMANCE", "SECURED"}
EXECUTE = {"BUCKET", "JOBS_TABLE", "ITEMS_TABLE", "EXECUTE_SECONDS", "UPLOAD_MEGABYTES", "AWS_ENDPOINT_URL"}
SOAP = {"EXECUTE_FUNCTION", "UPLOAD_MEGABYTES"}
WEBHOOKS = {"PUBLISH_CONFORMANCE", "WEBHOOKS_QUEUE_URL", "AWS_ENDPOINT_URL"}
WORKER = LOGGING | TABLE | FETCH | RUNS | {"ITEMS_TABLE", "HOSTED_DAYS", "PORTAL_USER"}
SIGN_IN = {"ACCESS_TABLE", "PUBLIC_URL", "OAUTH_REDIRECTS", "TOKEN_MINUTES", "AWS_ENDPOINT_URL"}
SIGN_IN |= {"USER_POOL_ID", "USER_POOL_CLIENT_ID"}
SIGN_IN |= {"OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_GROUPS_CLAIM"}

VARIABLES = {
    "DirectoryFunction": LOGGING | SITE | {"BUCKET"},
    "ExecuteFunction": LOGGING | SITE | QUOTAS | FETCH | EXECUTE,
    "JobsFunction": LOGGING
    | SITE
    | QUOTAS
    | TABLE
    | QUEUES
    | HOSTS
    | JOBS
    | {"ITEMS_TABLE", "LAYERS_FUNCTION", "RASTER_MAPS_FUNCTION"},
    "LayersFunction": LOGGING
    | SITE
    | TABLE
    | {"BUCKET", "ITEMS_TABLE", "PORTAL_USER", "OPENBLAS_NUM_THREADS"},
    "DownloadsFunction": LOGGING | SITE | {"BUCKET", "JOBS_TABLE", "ITEMS_TABLE"},
    "RasterMapsFunction": LOGGING | SITE | {"BUCKET", "JOBS_TABLE"},
    "SoapFunction": LOGGING | SITE | QUOTAS | TABLE | QUEUES | HOSTS | JOBS | SOAP | {"ITEMS_TABLE"},
    "FetchFunction": LOGGING | HOSTS | {"BUCKET", "AWS_ENDPOINT_URL"},
    "UploadsFunction": LOGGING | SITE | QUOTAS | {"BUCKET", "UPLOAD_MEGABYTES", "AWS_ENDPOINT_URL"},
    "SignInFunction": LOGGING | SIGN_IN,
    "WorkerFunction": WORKER,
    "VectorWorkerFunction": WORKER,
    "RasterWorkerFunction": WORKER,
    "ReaperFunction": LOGGING | TABLE | QUEUES | {"BUCKET", "ITEMS_TABLE"},
    "DeadLettersFunction": LOGGING | TABLE,
    "AnnounceFunction": LOGGING | WEBHOOKS,
    "RegistrationFunction": LOGGING | {"ITEMS_TABLE", "AWS_ENDPOINT_URL"} | PORTAL,
    "WebhookFunction": LOGGING | WEBHOOKS | {"WEBHOOK_SECRET", "WEBHOOK_PRIVATE_HOSTS"},
}

MORE_LAYERS = {
    "VectorWorkerFunction": ["VectorLayer"],
    "RasterWorkerFunction": ["RasterLayer"],
    "LayersFunction": ["DrawingLayer"],
    "DownloadsFunction": ["VectorLayer"],
    "RasterMapsFunction": ["RasterLayer"],
}


class Settings(Protocol):
    """A class of settings."""

    def read(self, environment: Mapping[str, str]) -> object:
        """Read them, or raise."""


def variables(function: Mapping[str, Any]) -> dict[str, str]:
    return dict(function["Environment"]["Variables"])


def test_cfn_lint_finds_nothing() -> None:
    from cfnlint.api import lint  # takes half a second, of this test alone

    assert not lint(PATH.read_text(encoding="utf-8"), regions=["us-east-1"])


@pytest.mark.parametrize("name", VARIABLES)
def test_function_has_these_variables(name: str, properties: Properties) -> None:
    assert variables(properties[name]).keys() == VARIABLES[name]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DirectoryFunction", DirectorySettings),
        ("ExecuteFunction", ExecuteSettings),
        ("JobsFunction", JobsFunctionSettings),
        ("LayersFunction", LayersSettings),
        ("DownloadsFunction", DownloadsSettings),
        ("RasterMapsFunction", RasterMapsSettings),
        ("SoapFunction", SoapSettings),
        ("FetchFunction", FetchSettings),
        ("UploadsFunction", UploadsSettings),
        ("SignInFunction", SignInSettings),
        ("WorkerFunction", WorkerSettings),
        ("VectorWorkerFunction", WorkerSettings),
        ("RasterWorkerFunction", WorkerSettings),
        ("ReaperFunction", ReaperSettings),
        ("DeadLettersFunction", DeadLettersSettings),
        ("AnnounceFunction", AnnounceSettings),
        ("RegistrationFunction", RegistrationSettings),
        ("WebhookFunction", WebhookSettings),
    ],
)
def test_settings_can_be_read_from_the_variables(name: str, kind: Settings, properties: Properties) -> None:
    assert kind.read(variables(properties[name]))


def test_every_function_has_code_and_the_three_layers(template: Template, properties: Properties) -> None:
    for function in template.of_type(FUNCTION):
        code = Path(PATH.parent, properties[function.name]["CodeUri"], "app.py")
        assert "def handler(event" in code.read_text(encoding="utf-8")
        shared, more = properties[function.name]["Layers"][:3], properties[function.name]["Layers"][3:]
        assert shared == ["DependenciesLayer", "GPServerlessLayer", "ToolsLayer"]
        assert more == MORE_LAYERS.get(function.name, [])


@pytest.mark.parametrize(
    ("worker", "function", "queue"),
    [
        ("core", "WorkerFunction", "JobsQueue"),
        ("vector", "VectorWorkerFunction", "VectorQueue"),
        ("raster", "RasterWorkerFunction", "RasterQueue"),
    ],
)
def test_worker_listens_to_the_queue_of_its_jobs(
    worker: WorkerName, function: str, queue: str, properties: Properties
) -> None:
    assert variables(properties[function])["WORKER"] == worker
    assert variables(properties[function])["JOBS_QUEUE_URL"] == queue
    for sender in ("JobsFunction", "SoapFunction", "ReaperFunction"):
        assert variables(properties[sender])[settings.QUEUES[worker]] == queue


def test_every_worker_has_a_queue() -> None:
    assert tuple(settings.QUEUES) == WORKERS


def test_no_package_is_in_two_layers_of_a_worker() -> None:
    locks = {
        name: set(
            re.findall(r"^([a-z0-9-]+)==", Path(PATH.parent, "layers/dependencies", name).read_text(), re.M)
        )
        for name in ("requirements.txt", "vector.txt", "raster.txt")
    }
    assert all(locks.values())
    assert locks["requirements.txt"].isdisjoint(locks["vector.txt"] | locks["raster.txt"])
    assert {"pyogrio"} <= locks["vector.txt"]
    assert {"rasterio"} <= locks["raster.txt"]


@pytest.mark.parametrize(
    ("trigger", "function", "queue"),
    [
        ("JobsTrigger", "WorkerFunction", "JobsQueue"),
        ("VectorTrigger", "VectorWorkerFunction", "VectorQueue"),
        ("RasterTrigger", "RasterWorkerFunction", "RasterQueue"),
        ("DeadLettersTrigger", "DeadLettersFunction", "DeadLettersQueue"),
        ("WebhooksTrigger", "WebhookFunction", "WebhooksQueue"),
    ],
)
def test_message_is_hidden_six_times_as_long_as_its_function_may_run(
    trigger: str, function: str, queue: str, template: Template, properties: Properties
) -> None:
    mapping = template.resources[trigger].properties
    assert mapping["FunctionName"] == {"Ref": function}
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties[queue]["VisibilityTimeout"] >= 6 * properties[function]["Timeout"]


def test_job_has_a_worker_to_itself(properties: Properties) -> None:
    triggers = ("JobsTrigger", "VectorTrigger", "RasterTrigger")
    assert [properties[trigger]["BatchSize"] for trigger in triggers] == [1, 1, 1]


def test_dead_letter_has_five_attempts_and_is_kept_longest(properties: Properties) -> None:
    for queue in ("JobsQueue", "VectorQueue", "RasterQueue"):
        redrive = properties[queue]["RedrivePolicy"]
        assert redrive == {"deadLetterTargetArn": "arn:DeadLettersQueue", "maxReceiveCount": 5}
    kept = [properties[queue]["MessageRetentionPeriod"] for queue in ("JobsQueue", "DeadLettersQueue")]
    assert kept == [4 * 86400, 14 * 86400]


def test_webhook_is_tried_once_for_every_pause_and_then_kept_longest(
    properties: Properties,
) -> None:
    queue = properties["WebhooksQueue"]
    redrive = {"deadLetterTargetArn": "arn:UndeliveredQueue", "maxReceiveCount": len(PAUSES) + 1}
    assert queue["RedrivePolicy"] == redrive
    assert sum(PAUSES) < queue["MessageRetentionPeriod"] / 2
    assert max(PAUSES) <= 12 * 3600, "SQS hides a message for twelve hours at most"
    assert properties["UndeliveredQueue"]["MessageRetentionPeriod"] == 14 * 86400
    assert properties["WebhookFunction"]["Timeout"] >= 2 * ANSWER_SECONDS


def test_announcements_are_changes_from_an_open_to_a_final_status(
    properties: Properties,
) -> None:
    trigger = properties["AnnounceTrigger"]
    ends, rejections, losses = (json.loads(each["Pattern"]) for each in trigger["FilterCriteria"]["Filters"])
    was_open = {"status": {"S": [status.value for status in OPEN]}}
    is_final = {"status": {"S": [status.value for status in FINAL]}}
    assert ends == {"eventName": ["MODIFY"], "dynamodb": {"OldImage": was_open, "NewImage": is_final}}
    failed = {"status": {"S": [move.target for move in MOVES if not move.sources and move.target in FINAL]}}
    assert rejections == {"eventName": ["INSERT"], "dynamodb": {"NewImage": failed}}
    assert losses == {"eventName": ["REMOVE"], "dynamodb": {"OldImage": was_open}}
    assert trigger["EventSourceArn"] == "arn:JobsTable/stream"
    assert properties["JobsTable"]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_stream_batch_is_one_call_and_its_poisonous_record_is_given_up(
    properties: Properties,
) -> None:
    trigger = properties["AnnounceTrigger"]
    assert trigger["BatchSize"] == MOST_ENTRIES
    assert trigger["BisectBatchOnFunctionError"]
    assert trigger["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert trigger["StartingPosition"] == "TRIM_HORIZON", "what ended during a deployment is announced, too"
    assert 3600 <= trigger["MaximumRecordAgeInSeconds"] < 86400, "before the stream itself forgets it"
    assert trigger["DestinationConfig"] == {"OnFailure": {"Destination": "arn:UndeliveredQueue"}}


def test_limit_leaves_time_to_report_that_it_was_reached(properties: Properties) -> None:
    execute, worker = properties["ExecuteFunction"], properties["WorkerFunction"]
    assert float(variables(execute)["EXECUTE_SECONDS"]) + 3 <= execute["Timeout"] < 30
    assert float(variables(worker)["RUN_SECONDS"]) + 30 <= worker["Timeout"] <= 900
    for submits in ("JobsFunction", "SoapFunction"):
        assert variables(worker)["RUN_SECONDS"] == variables(properties[submits])["RUN_SECONDS"]
        assert properties[submits]["Timeout"] * 1000 < GATEWAY_MS
    assert properties["SoapFunction"]["Timeout"] >= execute["Timeout"], "an execute is waited for"
    assert properties["FetchFunction"]["Timeout"] >= float(variables(worker)["RUN_SECONDS"])
    assert properties["ReaperFunction"]["Timeout"] < 60
    submitting = properties["JobsFunction"]["Timeout"] * 1000
    assert submitting < GATEWAY_MS
    assert JobRules().commit_ms < (submitting - MARGIN_MS) / 1.5, "most of the time is for what comes before"
    assert JobRules.of(lease_seconds=1).new_ms > submitting + 5_000


def test_objects_outlive_the_jobs_that_point_to_them(properties: Properties) -> None:
    rules = properties["Bucket"]["LifecycleConfiguration"]["Rules"]
    whole = [rule for rule in rules if "Prefix" in rule and "TagFilters" not in rule]
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in whole}
    assert days == {
        **{"jobs/": OBJECT_DAYS, "executes/": 3, "fetch/": 1, "uploads/": 7},
        **{"answers/": 1, "pictures/": 1},
    }


def test_unfinished_items_expire_as_soon_as_nobody_can_commit_them(properties: Properties) -> None:
    rules = properties["Bucket"]["LifecycleConfiguration"]["Rules"]
    (rule,) = (each for each in rules if "TagFilters" in each)
    tag = {"Key": UNFINISHED[0], "Value": UNFINISHED[1]}
    assert (rule["Prefix"], rule["TagFilters"], rule["Status"]) == ("uploads/", [tag], "Enabled")
    assert rule["ExpirationInDays"] * 24 * 3_600_000 == UploadRules().commit_ms
    (abort,) = (each for each in rules if "AbortIncompleteMultipartUpload" in each)
    assert abort["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


@pytest.mark.parametrize(
    "function",
    [
        *("JobsFunction", "LayersFunction", "SoapFunction"),
        *("WorkerFunction", "ReaperFunction", "DeadLettersFunction"),
    ],
)
def test_functions_that_end_jobs_have_one_retention(template: Template, function: str) -> None:
    named = template.resources[function].properties["Environment"]["Variables"]["RETENTION_HOURS"]
    assert named == {"Ref": "RetentionHours"}


def keys_of_index(table: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    """Return the keys of an index of a table, which holds nothing else."""
    (index,) = (each for each in table["GlobalSecondaryIndexes"] if each["IndexName"] == name)
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    return [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]


def test_index_of_owners_lists_their_jobs_by_time(properties: Properties) -> None:
    keys = keys_of_index(properties["JobsTable"], "owned")
    assert keys == [("listed_for", "HASH"), ("created_at", "RANGE")]


def test_index_of_open_jobs_fits_the_reapers_query(properties: Properties) -> None:
    table = properties["JobsTable"]
    assert keys_of_index(table, "open") == [("open_shard", "HASH"), ("due_at", "RANGE")]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl_at", "Enabled": True}


def test_indexes_of_items_fit_the_queries_of_workers_and_the_reaper(properties: Properties) -> None:
    table = properties["ItemsTable"]
    assert keys_of_index(table, "due") == [("due_shard", "HASH"), ("due_at", "RANGE")]
    assert keys_of_index(table, "ids") == [("id", "HASH")]


def test_list_of_services_shows_what_its_index_has(properties: Properties) -> None:
    (index,) = (e for e in properties["ItemsTable"]["GlobalSecondaryIndexes"] if e["IndexName"] == "names")
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["list_shard", "pk"]
    assert index["Projection"]["NonKeyAttributes"] == [each.name for each in fields(ListedService)]


def test_only_marks_of_readers_end_by_themselves(properties: Properties) -> None:
    ending = properties["ItemsTable"]["TimeToLiveSpecification"]["AttributeName"]
    shown = service(expires_at=NOW)
    writes = [open_folder(shown, NOW), *publish(shown, shown), *retire(shown, NOW)]
    assert not [write.row for write in writes if write.row and ending in write.row]


def test_no_rule_of_the_bucket_removes_hosted_services(properties: Properties) -> None:
    rules = properties["Bucket"]["LifecycleConfiguration"]["Rules"]
    ending = [rule.get("Prefix", "") for rule in rules if "ExpirationInDays" in rule]
    assert not [prefix for prefix in ending if "hosted/".startswith(prefix)]


def test_documents_list_the_variables_that_functions_read() -> None:
    table = (PATH.parent / "docs/reference/settings.md").read_text("utf-8")
    listed = set(re.findall(r"`([A-Z][A-Z_]+)`", table))
    of_libraries = {"POWERTOOLS_SERVICE_NAME", "OPENBLAS_NUM_THREADS"}
    assert set().union(*VARIABLES.values()) - listed <= of_libraries


def test_documents_list_the_parameters_of_the_stack(template: Template) -> None:
    table = (PATH.parent / "docs/reference/settings.md").read_text("utf-8")
    listed = set(re.findall(r"^\| [^|]*\| `(\w+)` \|", table, re.MULTILINE))
    assert listed == template.known_parameters


def test_log_level_never_hides_the_lines_of_metrics(template: Template) -> None:
    declared = PATH.read_text("utf-8").partition("\n  LogLevel:\n")[2]
    assert declared.partition("AllowedValues: ")[2].startswith("[DEBUG, INFO]\n")
    logging = template.resources["WorkerFunction"].properties["LoggingConfig"]
    assert logging["ApplicationLogLevel"] == {"Ref": "LogLevel"}


def test_worker_has_the_memory_of_the_parameter(template: Template) -> None:
    named = [name for name in VARIABLES if "WORKER" in VARIABLES[name]]
    sizes = [template.resources[name].properties["MemorySize"] for name in named]
    assert sizes == [{"Ref": "WorkerMemory"}] * len(WORKERS)
