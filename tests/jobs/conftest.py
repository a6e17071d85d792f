"""The fixtures of jobs."""

from tests.jobs.fixtures import (  # noqa: F401
    aws,
    bucket,
    clock,
    dynamodb,
    faults,
    ledger,
    memory_ledger,
    monkeypatch_module,
    objects,
    put,
    queue,
    queue_url,
    steady_table,
)
