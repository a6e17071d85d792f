"""Tables of items in memory and on DynamoDB (moto, made as template.yaml says)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from gpserverless.items.ports import ItemTable
from gpserverless.storage import clients
from gpserverless.storage.item_table import DynamoItemTable
from gpserverless.testing import InMemoryItemTable
from local.moto_shortcuts import install_shortcuts
from tests.items.rig import create_items_table


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoItemTable]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    install_shortcuts()
    with mock_aws():
        client = clients.dynamodb_client()
        create_items_table(client)
        yield DynamoItemTable(client, "items")


@pytest.fixture(params=["memory", "dynamodb"])
def items(request: pytest.FixtureRequest) -> ItemTable:
    return InMemoryItemTable() if request.param == "memory" else request.getfixturevalue("dynamodb")
