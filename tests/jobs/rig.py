"""Jobs to test with: rows as they stand in each status, and what template.yaml says of the table."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gpserverless.jobs.job import ANYBODY, Job, NewJob, Origin
from gpserverless.jobs.keys import DELETED_SHARD
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import FINAL, Status
from gpserverless.jobs.submit import create, finish
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.spec import WorkerName

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
RULES = JobRules()
FENCE = "f0"
TOKEN = "t0"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads a template, leaving out what its functions (!Ref, !Sub, …) would return."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


@cache
def _read_template() -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(TEMPLATE.read_text(), _Loader)
    return content


def resource(name: str) -> dict[str, Any]:
    """Return the properties of one of the template's resources."""
    properties: dict[str, Any] = _read_template()["Resources"][name]["Properties"]
    return properties


def parameter(name: str) -> dict[str, Any]:
    """Return one of the template's parameters."""
    known: dict[str, Any] = _read_template()["Parameters"][name]
    return known


def submit(
    job_id: str,
    call: Call,
    *,
    ledger: Ledger,
    objects: Any,
    queue: Any,
    worker: WorkerName = "core",
    origin: Origin = ANYBODY,
) -> Job:
    """Submit a job as the API does, with time enough."""
    until = ledger.clock.now() + 60_000
    created = create(NewJob(job_id, call, worker, origin), ledger, objects)
    return finish(created, ledger=ledger, queue=queue, until=until)


Put = Callable[..., Job]


def row(job_id: str, status: Status, now: int) -> dict[str, Any]:
    """Return the row of a job as it stands in a status at its first attempt."""
    item: dict[str, Any] = {
        "pk": job_id,
        "status": status.value,
        "rev": 5,
        "attempt": 1,
        "create_token": TOKEN,
        "owner": "",
        "service": "Samples",
        "task": "Buffer",
        "inputs": ["points"],
        "created_at": now - 1000,
        "queue_deadline": now + 1_000_000,
        "messages": [{"kind": "informative", "text": "Submitted."}],
    }
    if status in (*FINAL, Status.DELETED):
        return item | {"ended_at": now, "expires_at": now + RULES.retention_ms, "done_by": "somebody"}
    if status is Status.DELETING:
        ended = {"ended_at": now, "done_by": "somebody"}
        return item | ended | {"open_shard": DELETED_SHARD, "due_at": now}
    item |= {"open_shard": 0, "due_at": now + 1000}
    if status is not Status.NEW:
        item["submitted_at"] = now - 900
    if status in (Status.EXECUTING, Status.CANCELLING):
        item |= {
            "started_at": now - 500,
            "lease_owner": FENCE,
            "lease_until": now + 1000,
            "run_deadline": now + 1_000_000,
        }
    return item
