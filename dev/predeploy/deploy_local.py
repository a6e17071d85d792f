"""`make deploy-local`: the real `sam deploy` to MiniStack, and the main way through what it has put up.

HTTP, execute, a job by its queue, the deletion of one, an upgrade to snapshots and a changed layer while a
job runs, and a job whose message is lost, which the schedule's function finds.
Exits with 1 if something is not as it should be.
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

from dev.predeploy.ministack import ministack
from dev.predeploy.site import Site, SiteError
from dev.predeploy.stack import PARAMETERS
from local.resolver import REGION
from local.resources import CREDENTIAL, client

_STACK = "rehearsal"
_BUCKET = "rehearsal-artifacts"
_LAYER = "GPServerlessLayer"
_SLEEP_SECONDS = 90  # after a deployment that takes as long as the first, and the snapshots that follow it
_SNAPSHOT_SECONDS = 60
_REAPER_SECONDS = 150  # MiniStack looks at schedules once a minute; two turns, and a cold start


@dataclass(frozen=True)
class Deployed:
    """A stack that CloudFormation has made.

    Args:
        template: The built template that it was made of.
        endpoint: Where its AWS is.
        seconds: How long it took to make.
        ids: The physical ids of its resources, by their logical ids.
        site: Its API.
    """

    template: Path
    endpoint: str
    seconds: float
    ids: dict[str, str]
    site: Site

    def client(self, service: str) -> Any:
        """Return a client of a service of its AWS."""
        return client(service, self.endpoint)


def main(build: Path) -> int:
    """Deploy a build and try it out; 1 if something is wrong."""
    with ministack() as endpoint:
        try:
            client("s3", endpoint).create_bucket(Bucket=_BUCKET)
            template = _without_metric_math(build / "template.yaml")
            seconds = _sam_deploy(template, endpoint)
            deployed = _read_stack(template, endpoint, seconds)
            for step in _STEPS:
                start = time.monotonic()
                step(deployed)
                print(f"ok     {(step.__doc__ or '').splitlines()[0]} {time.monotonic() - start:.1f} s")
        except (SiteError, ClientError, subprocess.CalledProcessError) as error:
            print(f"FAILED {error}")
            raise
    return 0


def _without_metric_math(template: Path) -> Path:
    """Write a copy of a built template beside it, without alarms that MiniStack refuses, and return it."""
    document = yaml.safe_load(template.read_text(encoding="utf-8"))
    resources = document["Resources"]
    for name in [name for name, each in resources.items() if "Metrics" in each.get("Properties", {})]:
        del resources[name]
        print(f"left out: {name}, as MiniStack knows no metric math")
    copy = template.with_name("template-without-metric-math.json")
    copy.write_text(json.dumps(document), encoding="utf-8")
    return copy


def _sam_deploy(template: Path, endpoint: str, **parameters: str) -> float:
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


def _read_stack(template: Path, endpoint: str, seconds: float) -> Deployed:
    """Look up what was made; the built template says what must be there."""
    cloudformation = client("cloudformation", endpoint)
    (stack,) = cloudformation.describe_stacks(StackName=_STACK)["Stacks"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=_STACK)
    made = [each for page in pages for each in page["StackResourceSummaries"]]
    ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made}
    resources = yaml.safe_load(template.read_text(encoding="utf-8"))["Resources"]
    wanted = [name for name, resource in resources.items() if "Condition" not in resource]
    # SAM appends a hash to the names of layers.
    if missing := [name for name in wanted if not any(each.startswith(name) for each in ids)]:
        raise SiteError(f"sam deploy did not make {', '.join(missing)}")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    # It tells the API by the name that it is called by.
    host = {"Host": urlsplit(outputs["ServicesUrl"]).netloc}
    return Deployed(template, endpoint, seconds, ids, Site(endpoint, host))


def _describes(deployed: Deployed) -> None:
    """The server, its catalogue and a task are described over HTTP."""
    deployed.site.describe()


def _executes(deployed: Deployed) -> None:
    """A task is executed over HTTP."""
    deployed.site.execute()


def _runs_a_job(deployed: Deployed) -> None:
    """A job goes by its queue to the worker and succeeds."""
    deployed.site.result(deployed.site.submit())


def _deletes_a_job(deployed: Deployed) -> None:
    """A job that an operator deletes is hidden at once, and the reaper's next turn leaves nothing of it."""
    functions, table, bucket = (deployed.client(name) for name in ("lambda", "dynamodb", "s3"))

    def invoke(event: dict[str, Any]) -> Any:
        told = functions.invoke(FunctionName=deployed.ids["ReaperFunction"], Payload=json.dumps(event))
        return json.loads(told["Payload"].read())

    job = deployed.site.submit()
    deployed.site.result(job)
    job_id = job.rsplit("/", 1)[1]
    if (told := invoke({"delete": job_id})) != {"deleted": [job_id], "refused": {}}:
        raise SiteError(f"the reaper says {told}")
    deployed.site.forgotten(job)
    invoke({})
    row = table.get_item(TableName=deployed.ids["JobsTable"], Key={"pk": {"S": job_id}}, ConsistentRead=True)
    objects = bucket.list_objects_v2(Bucket=deployed.ids["Bucket"], Prefix=f"jobs/{job_id}/")
    if "Item" in row or objects["KeyCount"]:
        raise SiteError(f"of the deleted job are left {row.get('Item')} and {objects.get('Contents')}")


def _keeps_a_job(deployed: Deployed) -> None:
    """A job that runs while a change is deployed succeeds, as does one that is submitted after it."""
    running = deployed.site.sleep(deployed.seconds + _SLEEP_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        changed = _with_a_changed_layer(deployed.template, Path(folder, _LAYER))
        _sam_deploy(changed, deployed.endpoint, SnapStart="on", LogLevel="DEBUG")

    def active() -> bool:  # CloudFormation waits for the snapshots, MiniStack does not
        return all(each["State"] == "Active" for each in _versions(deployed))

    _wait_until(active, _SNAPSHOT_SECONDS, "the versions have no snapshots")
    deployed.site.executing(running)
    deployed.site.result(deployed.site.submit())
    deployed.site.succeed(running)


def _with_a_changed_layer(template: Path, layer: Path) -> Path:
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


def _versions(deployed: Deployed) -> list[Any]:
    """Return what the aliases lead to."""
    functions = deployed.client("lambda")
    aliases = [id for name, id in deployed.ids.items() if name.endswith("Aliaslive")]
    return [functions.get_function_configuration(FunctionName=alias) for alias in aliases]


def _is_live(deployed: Deployed) -> None:
    """The change is in the versions that callers reach, and they are called by their aliases."""
    (layer,) = (id for name, id in deployed.ids.items() if name.startswith(_LAYER))
    called = _versions(deployed)
    old = [
        each["FunctionArn"]
        for each in called
        if each["Environment"]["Variables"]["LOG_LEVEL"] != "DEBUG"
        or layer in {attached["Arn"] for attached in each["Layers"]}
    ]
    if old or not called:
        raise SiteError(f"the aliases still lead to {', '.join(old) or 'nothing'}")
    integrations = deployed.client("apigatewayv2").get_integrations(ApiId=deployed.ids["Api"])["Items"]
    uris = [each["IntegrationUri"] for each in integrations]
    if not all(":live/invocations" in uri for uri in uris):
        raise SiteError(f"the API calls {', '.join(uris)}")


def _finds_a_lost_job(deployed: Deployed) -> None:
    """A job whose message is lost is found by the schedule's function, and succeeds."""
    workers, table, queue = (deployed.client(name) for name in ("lambda", "dynamodb", "sqs"))
    mapping = deployed.ids["JobsTrigger"]
    workers.update_event_source_mapping(UUID=mapping, Enabled=False)
    job = deployed.site.submit()
    queue.purge_queue(QueueUrl=deployed.ids["JobsQueue"])
    row = {"TableName": deployed.ids["JobsTable"], "Key": {"pk": {"S": job.rsplit("/", 1)[1]}}}
    overdue = {"ExpressionAttributeValues": {":long_ago": {"N": "1"}}}
    table.update_item(**row, UpdateExpression="SET due_at = :long_ago", **overdue)

    def found() -> bool:
        return int(table.get_item(**row, ConsistentRead=True)["Item"]["due_at"]["N"]) > 1

    _wait_until(found, _REAPER_SECONDS, "the reaper has not found the lost job")
    workers.update_event_source_mapping(UUID=mapping, Enabled=True)
    deployed.site.result(job)


_STEPS = (
    _describes,
    _executes,
    _runs_a_job,
    _deletes_a_job,
    _keeps_a_job,
    _is_live,
    _describes,
    _executes,
    _finds_a_lost_job,
)


def _wait_until(true: Callable[[], bool], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise SiteError(f"{otherwise} after {seconds:g} s")
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
