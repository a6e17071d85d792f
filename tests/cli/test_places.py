"""The table of a stack is found by the stack's name, or at another AWS."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import orjson
import pytest
from moto import mock_aws

from tests.cli.conftest import Run

REGION = "eu-central-1"
TEMPLATE = {
    "Resources": {
        "AccessTable": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            },
        }
    },
    "Outputs": {"AccessTable": {"Value": {"Ref": "AccessTable"}}},
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stack `site` with a table of users, and one `other` without."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        stacks = boto3.client("cloudformation", region_name=REGION)
        without = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
        for name, template in (("site", TEMPLATE), ("other", without)):
            stacks.create_stack(StackName=name, TemplateBody=orjson.dumps(template).decode())
        yield


def table_name() -> str:
    (name,) = boto3.client("dynamodb", region_name=REGION).list_tables()["TableNames"]
    return name


def test_stack_names_its_table(aws: None, command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("add", "ana", "--stack", "site", typed="correct horse").output == "Added ana, user.\n"
    assert "ana" in command("list", "--table", table_name()).output
    monkeypatch.setenv("GPSERVERLESS_STACK", "site")
    assert "ana" in command("list").output


@pytest.mark.parametrize("region", ["us-west-2"])
def test_stack_is_in_its_region(region: str, aws: None, command: Run) -> None:
    assert "could not find the stack site" in str(
        command("list", "--stack", "site", "--region", region).status
    )


@pytest.mark.parametrize(
    ("stack", "told"),
    [
        ("nowhere", "Error: could not find the stack nowhere: ValidationError"),
        ("other", "Error: the stack other has no output AccessTable"),
    ],
)
def test_stack_without_users_is_told(stack: str, told: str, aws: None, command: Run) -> None:
    assert command("list", "--stack", stack).status == told


def test_table_that_is_not_there_is_told(aws: None, command: Run) -> None:
    assert command("list", "--table", "nowhere").status == (
        "Error: could not list rows of access: ResourceNotFoundException"
    )
