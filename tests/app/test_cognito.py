"""The sign-in function of a stack with a user pool of Cognito."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from moto import mock_aws

from gpserverless.app.sign_in import SignInFunction, SignInSettings
from gpserverless.errors import SettingsError
from gpserverless.storage import clients
from gpserverless.testing.events import http_event
from tests.jobs.rig import resource

PASSWORD = "Correct horse 1"


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The variables of a function whose user pool has one user."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        kept = ("AttributeDefinitions", "KeySchema", "BillingMode")
        given: dict[str, Any] = {name: each for name, each in resource("AccessTable").items() if name in kept}
        clients.dynamodb_client().create_table(TableName="access", **given)
        client: Any = clients.cognito_client()
        pool = client.create_user_pool(PoolName="people")["UserPool"]["Id"]
        application = client.create_user_pool_client(UserPoolId=pool, ClientName="site")["UserPoolClient"]
        client.admin_create_user(UserPoolId=pool, Username="eve")
        client.admin_set_user_password(UserPoolId=pool, Username="eve", Password=PASSWORD, Permanent=True)
        yield {
            "ACCESS_TABLE": "access",
            "PUBLIC_URL": "https://site.test/arcgis",
            "USER_POOL_ID": pool,
            "USER_POOL_CLIENT_ID": application["ClientId"],
        }


def generate_token(function: SignInFunction, password: str) -> dict[str, Any]:
    form = urlencode({"username": "eve", "password": password, "f": "json"})
    answer = function.handle(http_event("POST", "/arcgis/tokens/generateToken", "", form))
    return dict(orjson.loads(answer["body"]))


def test_user_of_the_pool_gets_a_token(variables: dict[str, str]) -> None:
    function = SignInFunction.build(variables)
    assert generate_token(function, "wrong")["error"]["details"] == ["Invalid username or password."]
    assert generate_token(function, PASSWORD)["token"]


def test_pool_without_a_client_is_told() -> None:
    with pytest.raises(SettingsError, match="USER_POOL_CLIENT_ID"):
        SignInSettings.read({"ACCESS_TABLE": "a", "USER_POOL_ID": "us-east-1_a"})
