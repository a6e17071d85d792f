"""`make deploy-local`: the real `sam deploy` to MiniStack, and the main way through the deployed stack.

HTTP, execute, an input by its URL, a job by its queue, the deletion of a job, an upgrade to snapshots and a
changed layer while a job runs, and a job whose message is lost, which the reaper finds. Exits with 1 if
something is wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from botocore.exceptions import ClientError

from dev.gp_client import GpClient, GpError
from dev.predeploy import site
from dev.predeploy.file_server import PATH, serve_file
from dev.predeploy.ministack import ministack
from dev.predeploy.stack import PARAMETERS
from local.resolver import REGION
from local.resources import CREDENTIAL, make_client

_STACK = "predeploy"
_BUCKET = "predeploy-artifacts"
_LAYER = "GPServerlessLayer"
_SLEEP_SECONDS = 90  # after the second deployment, for the snapshots that follow it
_SLOWER = 3  # most times as long as the first that the second deployment takes
_SNAPSHOT_SECONDS = 180
_REAPER_SECONDS = 300  # MiniStack looks at schedules once a minute; two turns, and a cold start


@dataclass(frozen=True)
class DeployedStack:
    """A stack that CloudFormation has made.

    Args:
        template: Its built template.
        endpoint: URL of its AWS.
        seconds: Seconds that its deployment took.
        ids: The physical ids of its resources, by their logical ids.
        gp: A client of its API.
        file: URL of a file on another server, from which the stack may fetch inputs.
    """

    template: Path
    endpoint: str
    seconds: float
    ids: dict[str, str]
    gp: GpClient
    file: str

    def client(self, service: str) -> Any:
        """Return a client of a service of its AWS."""
        return make_client(service, self.endpoint)


def main(build: Path) -> int:
    """Deploy a build and try it out; 1 if something is wrong."""
    with ministack() as endpoint, serve_file() as place:
        try:
            make_client("s3", endpoint).create_bucket(Bucket=_BUCKET)
            template = adapt_template(build / "template.yaml")
            seconds = _run_sam_deploy(template, endpoint, FetchPrivateHosts=place)
            deployed = _read_stack(template, endpoint, seconds, f"http://{place}{PATH}")
            for step in _STEPS:
                start = time.monotonic()
                step(deployed)
                print(f"ok     {(step.__doc__ or '').splitlines()[0]} {time.monotonic() - start:.1f} s")
        except (GpError, ClientError, subprocess.CalledProcessError) as error:
            print(f"FAILED {error}")
            raise
    return 0


def adapt_template(template: Path) -> Path:
    """Write a copy of a built template beside it that MiniStack takes, and return it.

    It has no alarm of metric math, which MiniStack refuses. A concurrency that is a parameter is written out:
    it would be a text there, and stop all queues.

    Args:
        template: The built template.
    """
    document = yaml.safe_load(template.read_text(encoding="utf-8"))
    resources = document["Resources"]
    for name in [name for name, each in resources.items() if "Metrics" in each.get("Properties", {})]:
        del resources[name]
        print(f"left out: {name}, as MiniStack knows no metric math")
    for each in resources.values():
        scaling = each.get("Properties", {}).get("ScalingConfig", {})
        if isinstance(given := scaling.get("MaximumConcurrency"), dict):
            scaling["MaximumConcurrency"] = int(document["Parameters"][given["Ref"]]["Default"])
    copy = template.with_name("template-for-ministack.json")
    copy.write_text(json.dumps(document), encoding="utf-8")
    return copy


def _run_sam_deploy(template: Path, endpoint: str, **parameters: str) -> float:
    parameters = {"AwsEndpointUrl": endpoint, **PARAMETERS, **parameters}
    sam = Path(sys.executable).with_name("sam")
    where = ["--template", str(template), "--stack-name", _STACK, "--no-resolve-s3", "--s3-bucket", _BUCKET]
    how = ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar"]
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    start = time.monotonic()
    done = subprocess.run(
        [sam, "deploy", *where, *how, "--parameter-overrides", *overrides],
        env={
            **os.environ,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": CREDENTIAL,
            "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout)
        done.check_returncode()
    seconds = time.monotonic() - start
    print(f"ok     sam deploy {seconds:.1f} s")
    return seconds


def _read_stack(template: Path, endpoint: str, seconds: float, file: str) -> DeployedStack:
    """Look up the resources that were made; those of the built template must be there."""
    cloudformation = make_client("cloudformation", endpoint)
    (stack,) = cloudformation.describe_stacks(StackName=_STACK)["Stacks"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=_STACK)
    made = [each for page in pages for each in page["StackResourceSummaries"]]
    ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made}
    resources = yaml.safe_load(template.read_text(encoding="utf-8"))["Resources"]
    wanted = [name for name, resource in resources.items() if "Condition" not in resource]
    # SAM appends a hash to the names of layers.
    if missing := [name for name in wanted if not any(each.startswith(name) for each in ids)]:
        raise GpError(f"sam deploy did not make {', '.join(missing)}")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    # It tells the API by the name that it is called by.
    host = {"Host": urlsplit(outputs["ServicesUrl"]).netloc}
    return DeployedStack(template, endpoint, seconds, ids, GpClient(endpoint, headers=host), file)


def _check_descriptions(deployed: DeployedStack) -> None:
    """The server, its catalogue and a task are described over HTTP."""
    site.check_descriptions(deployed.gp)


def _check_execute(deployed: DeployedStack) -> None:
    """A task is executed over HTTP."""
    site.check_execute(deployed.gp)


def _check_input_by_url(deployed: DeployedStack) -> None:
    """An input on another server is fetched by the function of its own, and one of a strange host refused."""
    site.check_input_by_url(deployed.gp, deployed.file)


def _check_job(deployed: DeployedStack) -> None:
    """A job goes by its queue to the worker and succeeds."""
    site.check_result(deployed.gp, site.submit_job(deployed.gp))


def _check_deletion(deployed: DeployedStack) -> None:
    """A job that an operator deletes is hidden at once, and the reaper's next turn leaves nothing of it."""
    functions, table, bucket = (deployed.client(name) for name in ("lambda", "dynamodb", "s3"))

    def invoke(event: dict[str, Any]) -> Any:
        told = functions.invoke(FunctionName=deployed.ids["ReaperFunction"], Payload=json.dumps(event))
        return json.loads(told["Payload"].read())

    job = site.submit_job(deployed.gp)
    site.check_result(deployed.gp, job)
    job_id = job.rsplit("/", 1)[1]
    if (told := invoke({"delete": job_id})) != {"deleted": [job_id], "refused": {}}:
        raise GpError(f"the reaper says {told}")
    site.check_deleted(deployed.gp, job)
    invoke({})
    row = table.get_item(TableName=deployed.ids["JobsTable"], Key={"pk": {"S": job_id}}, ConsistentRead=True)
    objects = bucket.list_objects_v2(Bucket=deployed.ids["Bucket"], Prefix=f"jobs/{job_id}/")
    if "Item" in row or objects["KeyCount"]:
        raise GpError(f"of the deleted job are left {row.get('Item')} and {objects.get('Contents')}")


def _check_upgrade(deployed: DeployedStack) -> None:
    """A job that runs while a change is deployed succeeds, as does one that is submitted after it."""
    running = site.start_sleep(deployed.gp, _SLOWER * deployed.seconds + _SLEEP_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        changed = _change_layer(deployed.template, Path(folder, _LAYER))
        _run_sam_deploy(changed, deployed.endpoint, SnapStart="on", LogLevel="DEBUG")

    def active() -> bool:  # CloudFormation waits for the snapshots, MiniStack does not
        return all(each["State"] == "Active" for each in _read_versions(deployed))

    _wait_until(active, _SNAPSHOT_SECONDS, "the versions have no snapshots")
    site.check_executing(deployed.gp, running)
    site.check_result(deployed.gp, site.submit_job(deployed.gp))
    site.check_success(deployed.gp, running)


def _change_layer(template: Path, layer: Path) -> Path:
    """Write a copy of a template beside it, with one more file in the package's layer, and return it.

    Args:
        template: The template.
        layer: Where to make the layer.
    """
    document = json.loads(template.read_text(encoding="utf-8"))
    properties = document["Resources"][_LAYER]["Properties"]
    shutil.copytree(template.parent / properties["ContentUri"], layer)
    (layer / "python/deployed_again.py").touch()
    properties["ContentUri"] = str(layer)
    copy = template.with_name("template-with-a-changed-layer.json")
    copy.write_text(json.dumps(document), encoding="utf-8")
    return copy


def _read_versions(deployed: DeployedStack) -> list[Any]:
    """Read the versions to which the aliases lead."""
    functions = deployed.client("lambda")
    aliases = [id for name, id in deployed.ids.items() if name.endswith("Aliaslive")]
    return [functions.get_function_configuration(FunctionName=alias) for alias in aliases]


def _check_aliases(deployed: DeployedStack) -> None:
    """The change is in the versions that callers reach, and they are called by their aliases."""
    (layer,) = (id for name, id in deployed.ids.items() if name.startswith(_LAYER))
    called = _read_versions(deployed)
    old = [
        each["FunctionArn"]
        for each in called
        if each["Environment"]["Variables"]["LOG_LEVEL"] != "DEBUG"
        or layer in {attached["Arn"] for attached in each["Layers"]}
    ]
    if old or not called:
        raise GpError(f"the aliases still lead to {', '.join(old) or 'nothing'}")
    integrations = deployed.client("apigatewayv2").get_integrations(ApiId=deployed.ids["Api"])["Items"]
    uris = [each["IntegrationUri"] for each in integrations]
    if not all(":live/invocations" in uri for uri in uris):
        raise GpError(f"the API calls {', '.join(uris)}")


def _check_lost_job(deployed: DeployedStack) -> None:
    """A job whose message is lost is found by the schedule's function, and succeeds."""
    workers, table, queue = (deployed.client(name) for name in ("lambda", "dynamodb", "sqs"))
    mapping = deployed.ids["JobsTrigger"]
    workers.update_event_source_mapping(UUID=mapping, Enabled=False)
    job = site.submit_job(deployed.gp)
    queue.purge_queue(QueueUrl=deployed.ids["JobsQueue"])
    row = {"TableName": deployed.ids["JobsTable"], "Key": {"pk": {"S": job.rsplit("/", 1)[1]}}}
    overdue = {"ExpressionAttributeValues": {":long_ago": {"N": "1"}}}
    table.update_item(**row, UpdateExpression="SET due_at = :long_ago", **overdue)

    def is_due_later() -> bool:
        return int(table.get_item(**row, ConsistentRead=True)["Item"]["due_at"]["N"]) > 1

    _wait_until(is_due_later, _REAPER_SECONDS, "the reaper has not found the lost job")
    workers.update_event_source_mapping(UUID=mapping, Enabled=True)
    site.check_result(deployed.gp, job)


_STEPS = (
    _check_descriptions,
    _check_execute,
    _check_input_by_url,
    _check_job,
    _check_deletion,
    _check_upgrade,
    _check_aliases,
    _check_descriptions,
    _check_execute,
    _check_lost_job,
)


def _wait_until(true: Callable[[], bool], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise GpError(f"{otherwise} after {seconds:g} s")
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
