"""The users of the local cloud: an administrator from the start, and those that are added."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.credentials import Credentials
from gpserverless.access.sign_in import Login
from gpserverless.caller import Role
from gpserverless.clock import SystemClock
from gpserverless.storage.access_table import DynamoAccessRows
from local.cloud import LocalCloud
from local.resources import make_client

ROOT = Path(__file__).parents[2]
TABLE = "gpserverless-local-AccessTable"


def administer(cloud: LocalCloud, *arguments: str, typed: str = "") -> str:
    """Run the command line as a person would, and return what it prints."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "layers/gpserverless/python"),
        "HOME": "/nonexistent",  # no credentials
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return subprocess.run(
        [sys.executable, "-m", "gpserverless.cli", "users", *arguments, "--url", cloud.endpoint],
        input=typed,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def accounts(cloud: LocalCloud) -> Accounts:
    rows = DynamoAccessRows(make_client("dynamodb", cloud.endpoint), TABLE)
    return Accounts.of(rows, AccessRules(f"{cloud.url}/arcgis"), SystemClock())


def test_administrator_is_there_from_the_start(cloud: LocalCloud, accounts: Accounts) -> None:
    admin = cloud.administrator
    assert admin is not None
    assert admin.password not in repr(admin)
    issued = accounts.sign_in.issue(Login(admin.name, admin.password, "127.0.0.1"))
    assert accounts.identify(Credentials(issued.token)).role is Role.ADMINISTRATOR


def test_user_who_is_added_by_the_command_line_signs_in(cloud: LocalCloud, accounts: Accounts) -> None:
    assert administer(cloud, "add", "wire", typed="correct horse\n") == "Added wire, user.\n"
    assert accounts.sign_in.check(Login("wire", "correct horse", "127.0.0.1")).name == "wire"
    key = administer(cloud, "keys", "add", "wire", "--service", "Samples").strip()
    assert accounts.identify(Credentials(key)).services == frozenset({"Samples"})


@pytest.mark.parametrize(
    "function",
    ["DirectoryFunction", "ExecuteFunction", "JobsFunction", "SoapFunction", "UploadsFunction"],
)
def test_function_reads_users_and_no_passwords(function: str, cloud: LocalCloud) -> None:
    """As the policies of the template say, which the local cloud holds it to."""
    import botocore.session
    from botocore.exceptions import ClientError

    client = botocore.session.get_session().create_client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=cloud.endpoint,
        aws_access_key_id=function,
        aws_secret_access_key="x",
    )
    assert "Item" in client.get_item(TableName=TABLE, Key={"pk": {"S": "USER#admin"}})
    for refused in (
        lambda: client.get_item(TableName=TABLE, Key={"pk": {"S": "PASSWORD#admin"}}),
        lambda: client.put_item(TableName=TABLE, Item={"pk": {"S": "USER#admin"}}),
        lambda: client.scan(TableName=TABLE),
    ):
        with pytest.raises(ClientError, match="not authorized"):
            refused()
