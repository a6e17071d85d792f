"""Tasks by the way in which they run: the other way is named."""

from __future__ import annotations

import pytest

from gpserverless.calls.async_tasks import AsyncTasks
from gpserverless.calls.sync_tasks import find_sync_task
from gpserverless.errors import NotFound, RequestError
from gpserverless.jobs.ledger import Ledger
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec
from tests.jobs.conftest import *  # noqa: F403 - the ledger in memory

TASK = TaskSpec("Reach", "", "", ())
CATALOGUE = Catalogue(
    {
        "Jobs": ServiceSpec("Jobs", "", "async", Limits.asynchronous(), (TASK,)),
        "Now": ServiceSpec("Now", "", "sync", Limits.asynchronous(), (TASK,)),
    }
)


def test_task_is_found_by_its_way(memory_ledger: Ledger) -> None:
    assert AsyncTasks(CATALOGUE, memory_ledger).task("Jobs", "Reach") is TASK
    assert find_sync_task(CATALOGUE, "Now", "Reach") is TASK


def test_the_other_way_is_named(memory_ledger: Ledger) -> None:
    with pytest.raises(RequestError, match="use execute instead of submitJob"):
        AsyncTasks(CATALOGUE, memory_ledger).task("Now", "Reach")
    with pytest.raises(RequestError, match="use submitJob instead of execute"):
        find_sync_task(CATALOGUE, "Jobs", "Reach")


def test_unknown_task_is_not_found(memory_ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        AsyncTasks(CATALOGUE, memory_ledger).task("Jobs", "Find")
    with pytest.raises(NotFound):
        find_sync_task(CATALOGUE, "Now", "Find")
