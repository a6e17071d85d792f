"""Tables of items in memory and on DynamoDB (moto, made as template.yaml says)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from gpserverless.items.ports import ItemTable
from gpserverless.storage import clients
from gpserverless.storage.item_table import DynamoItemTable
from gpserverless.testing import InMemoryItemTable
from local.moto_shortcuts import install_shortcuts
from tests.items.rig import create_items_table


def make_pages_small(params: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Have a query answered in many pages, as DynamoDB does with a megabyte."""
    return {**params, "Limit": 100}


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoItemTable]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    install_shortcuts()
    with mock_aws():
        client = clients.dynamodb_client()
        client.meta.events.register("provide-client-params.dynamodb.Query", make_pages_small)
        create_items_table(client)
        yield DynamoItemTable(client, "items")


@pytest.fixture(params=["memory", "dynamodb"])
def items(request: pytest.FixtureRequest) -> ItemTable:
    return InMemoryItemTable() if request.param == "memory" else request.getfixturevalue("dynamodb")
