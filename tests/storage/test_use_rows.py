"""The use of callers in DynamoDB, and its twin in memory: one specification for both."""

from __future__ import annotations

import pytest

from gpserverless.access.quotas import QuotaName, Use, UseRows
from gpserverless.errors import StorageError
from gpserverless.storage import clients
from gpserverless.storage.attributes import decode_item, encode
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.use_rows import PREFIX, DynamoUseRows
from gpserverless.testing import InMemoryUseRows

TTL = 2_000_000_000
JOBS: dict[QuotaName, int] = {"jobs": 2}
OPEN: dict[QuotaName, int] = {"open_jobs": 2}


@pytest.fixture(params=["memory", "dynamodb"])
def rows(request: pytest.FixtureRequest) -> UseRows:
    if request.param == "memory":
        return InMemoryUseRows()
    request.getfixturevalue("dynamodb")
    return DynamoUseRows(clients.dynamodb_client(), "jobs")


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A key that no other test has."""
    return f"{request.node.name}#2026-12-01"


def test_use_adds_up_until_a_limit_is_reached(rows: UseRows, key: str) -> None:
    assert rows.add(key, Use(jobs=1), JOBS, TTL) is None
    assert rows.add(key, Use(jobs=1), JOBS, TTL) is None
    assert rows.add(key, Use(jobs=1), JOBS, TTL) == "jobs"
    assert rows.add(f"{key}b", Use(jobs=1), JOBS, TTL) is None


@pytest.mark.parametrize(
    ("use", "limit"),
    [(Use(milliseconds=70), "milliseconds"), (Use(bytes=70), "bytes"), (Use(jobs=70), "jobs")],
)
def test_use_that_passes_a_limit_is_the_last_one(rows: UseRows, key: str, use: Use, limit: QuotaName) -> None:
    limits: dict[QuotaName, int] = {"jobs": 100, "milliseconds": 100, "bytes": 100}
    added = [rows.add(key, use, limits, TTL) for _ in range(3)]
    assert added == [None, None, limit]
    assert rows.add(key, use, {}, TTL) is None, "what has happened is counted whatever the limits"


def test_open_jobs_are_a_set(rows: UseRows, key: str) -> None:
    first, second, third = (Use(jobs=1, begun=f"j{n}") for n in range(3))
    assert [rows.add(key, use, OPEN, TTL) for use in (first, second, first, second)] == [None] * 4
    assert rows.add(key, third, OPEN, TTL) == "open_jobs"
    assert rows.add(key, Use(milliseconds=5, ended="j0"), {}, TTL) is None
    assert rows.add(key, Use(ended="j0"), {}, TTL) is None
    assert rows.add(key, third, OPEN, TTL) is None
    assert rows.add(key, first, OPEN, TTL) == "open_jobs"


def test_end_of_a_job_that_was_never_open_counts_for_nothing(rows: UseRows, key: str) -> None:
    assert rows.add(key, Use(ended="j0"), {}, TTL) is None
    assert rows.add(key, Use(jobs=1), OPEN, TTL) is None


def test_refused_use_changes_nothing(rows: UseRows, key: str) -> None:
    limits: dict[QuotaName, int] = {"jobs": 1, "bytes": 5}
    assert rows.add(key, Use(jobs=1, bytes=4), limits, TTL) is None
    assert [rows.add(key, Use(jobs=1, bytes=4), limits, TTL) for _ in range(3)] == ["jobs"] * 3
    assert rows.add(key, Use(bytes=1), {"bytes": 5}, TTL) is None
    assert rows.add(key, Use(bytes=1), {"bytes": 5}, TTL) == "bytes"


def test_row_is_among_those_of_jobs_and_expires(dynamodb: DynamoJobTable, key: str) -> None:
    client = clients.dynamodb_client()
    DynamoUseRows(client, "jobs").add(key, Use(1, 2, 3, "j1"), {"jobs": 5}, TTL)
    (found,) = (client.get_item(TableName="jobs", Key={"pk": encode(PREFIX + key)})["Item"],)
    assert decode_item(found) == {
        "pk": f"USE#{key}",
        "jobs": 1,
        "milliseconds": 2,
        "bytes": 3,
        "open_jobs": frozenset({"j1"}),
        "ttl_at": TTL,
    }


def test_table_that_is_away_is_an_error_of_the_store(aws: None, key: str) -> None:
    with pytest.raises(StorageError):
        DynamoUseRows(clients.dynamodb_client(), "none").add(key, Use(jobs=1), JOBS, TTL)
