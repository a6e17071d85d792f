"""The policy of those who deploy has the rights that AWS asks for the template's resources, and no others.

AWS publishes the permissions that CloudFormation needs to create, change and remove each type of resource;
the schemas lie in cfn-lint.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.template.conftest import PATH
from tests.template.test_snapshots import expanded

POLICY = json.loads((PATH.parent / "docs/how-to/deployer-policy.json").read_text("utf-8"))
PAGE = (PATH.parent / "docs/how-to/deploy-from-ci.md").read_text("utf-8")
ALLOWED = [action for statement in POLICY["Statement"] for action in statement["Action"]]
LONGEST = 6_144
"""Characters of a managed policy without white space (docs.aws.amazon.com/IAM, "IAM and STS quotas")."""

HANDLERS = ("create", "read", "update", "delete")

UNUSED = [
    *(
        "kinesis:*",
        "kms:*",
        "ec2:*",
        "elasticfilesystem:*",
        "s3files:*",
        "s3tables:*",
        "codedeploy:*",
        "firehose:*",
    ),
    *("dynamodb:*Import*", "dynamodb:ImportTable", "dynamodb:*Replica", "dynamodb:*ContributorInsights"),
    *("dynamodb:*KinesisStreaming*", "dynamodb:*Item", "dynamodb:Scan", "dynamodb:Query"),
    *("iam:CreateServiceLinkedRole", "iam:*GroupPolicy", "iam:*UserPolicy", "iam:*PermissionsBoundary"),
    *(
        "lambda:*CodeSigning*",
        "lambda:*Recursion*",
        "lambda:*CapacityProvider",
        "lambda:*ProvisionedConcurrency*",
    ),
    *("lambda:*Scaling*", "lambda:*RuntimeAlias", "billing:*"),
    *("logs:*DataProtection*", "logs:*BearerToken*", "logs:*IndexPolic*", "logs:*DeletionProtection"),
    *("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "s3:REST.*", "s3:getObject"),
    *("s3:*Abac", "s3:*Analytics*", "s3:*Inventory*", "s3:*Accelerate*", "s3:*Website", "s3:*Logging"),
    *("s3:*ObjectLock*", "s3:*IntelligentTiering*", "s3:*Metrics*", "s3:*Metadata*", "s3:*Replication*"),
    *("s3:*Notification", "s3:PutObjectAcl", "s3:DeleteObject"),
]
"""Permissions for what no resource of the template uses: imports, replicas, networks, signed code."""

BESIDE = [
    "cloudformation:*",
    *("s3:PutObject", "s3:GetBucketLocation"),  # the uploads of `sam deploy`
    *("logs:DeleteLogDelivery", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:UpdateLogDelivery"),
]
"""Rights that no resource asks for: of `sam deploy` itself, and of the gateway's access log
(docs.aws.amazon.com/apigateway, "Configure logging for HTTP APIs")."""


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    """The resources that SAM makes of the template."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        return expanded()


def permissions_for(types: set[str]) -> Iterator[tuple[str, str]]:
    """Yield types of resources, each with a permission that it needs."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as SCHEMAS

    for each in sorted(types):
        handlers: Any = SCHEMAS.get_resource_schema("us-east-1", each).schema["handlers"]
        for name in HANDLERS:
            for action in handlers.get(name, {}).get("permissions", []):
                if not matches(action, UNUSED):
                    yield each, action


def matches(action: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in patterns)


@pytest.fixture(scope="module")
def permissions(resources: dict[str, Any]) -> dict[str, str]:
    types = {resource["Type"] for resource in resources.values()}
    return {action: kind for kind, action in permissions_for(types)}


def test_every_resource_can_be_made_changed_and_removed(permissions: dict[str, str]) -> None:
    assert len(set(permissions.values())) > 15
    assert {a: kind for a, kind in permissions.items() if not matches(a, ALLOWED)} == {}


def test_policy_has_no_right_that_nothing_needs(permissions: dict[str, str]) -> None:
    wanted = [*permissions, *(action for action in BESIDE if "*" not in action)]
    idle = [each for each in ALLOWED if not any(fnmatchcase(action, each) for action in wanted)]
    assert [each for each in idle if not matches(each, BESIDE)] == []


def test_policy_fits_into_a_managed_one() -> None:
    assert len(re.sub(r"\s", "", json.dumps(POLICY))) <= LONGEST


def test_roles_are_passed_to_the_services_that_assume_them_alone(resources: dict[str, Any]) -> None:
    (passing,) = (s for s in POLICY["Statement"] if s["Action"] == ["iam:PassRole"])
    trusted = {
        statement["Principal"]["Service"][0]
        for resource in resources.values()
        if resource["Type"] == "AWS::IAM::Role"
        for statement in resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    }
    assert set(passing["Condition"]["StringEquals"]["iam:PassedToService"]) == trusted


def test_workflow_runs_commands_that_exist() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    workflow = yaml.safe_load(text)
    (job,) = workflow["jobs"].values()
    assert workflow["permissions"] == {"id-token": "write", "contents": "read"}
    made = set(re.findall(r"^([a-z-]+):", (PATH.parent / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert {word for each in commands for word in re.findall(r"make (?!-)([a-z-]+)", each)} <= made
    environments = set(
        re.findall(r"^\[(\w+)\.deploy", (PATH.parent / "samconfig.toml").read_text("utf-8"), re.M)
    )
    assert set(re.findall(r"--config-env (\w+)", text)) <= environments


def test_trust_of_the_role_is_one_branch_of_one_repository() -> None:
    (text,) = (each for each in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if "Principal" in each)
    (statement,) = json.loads(text)["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    conditions = statement["Condition"]["StringEquals"]
    assert conditions["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
    assert "*" not in conditions["token.actions.githubusercontent.com:sub"]


def test_pages_name_the_file() -> None:
    for page in ("deploy.md", "deploy-from-ci.md"):
        assert "(deployer-policy.json)" in Path(PATH.parent, "docs/how-to", page).read_text("utf-8")
