"""Submitting a call: its job has an address for its files, an owner and a line in the audit log."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from gpserverless.access.audit import MESSAGE
from gpserverless.caller import Caller, Role
from gpserverless.calls.file_urls import job_files_url
from gpserverless.calls.submit import JobSubmit
from gpserverless.datatypes.scalars import GPLong
from gpserverless.errors import InvalidParameter
from gpserverless.jobs.idempotency import IdempotentSubmit
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.read import read_inputs
from gpserverless.jobs.status import Status
from gpserverless.testing import InMemoryJobQueue, InMemoryObjectStore
from gpserverless.testing.item_table import InMemoryItemTable
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec
from tests.jobs.conftest import *  # noqa: F403 - the stores in memory

ROOT = "https://gp.example.org/arcgis"
TASK = TaskSpec("Count", "", "", (Parameter("Number", "", "", GPLong(), required=True),))
CATALOGUE = Catalogue({"Sums": ServiceSpec("Sums", "", "async", Limits.asynchronous(), (TASK,))})
CALL = Call("Sums", "Count", {"Number": "5"}, caller=Caller("ann", Role.USER))


@pytest.fixture
def job_submit(memory_ledger: Ledger, objects: InMemoryObjectStore, queue: InMemoryJobQueue) -> JobSubmit:
    def make_submit(worker: str) -> IdempotentSubmit:
        assert worker == "core"
        keys: Any = None  # no submit here has a key
        return IdempotentSubmit(memory_ledger, objects, queue, keys)

    items = InMemoryItemTable()
    return JobSubmit(
        CATALOGUE, memory_ledger, make_submit, lambda root, caller: lambda reference: None, items
    )


def test_job_is_its_callers_and_knows_where_its_files_go(
    job_submit: JobSubmit, objects: InMemoryObjectStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    until = job_submit.ledger.clock.now() + 10_000
    job = job_submit.submit(CALL, ROOT, "", until)
    assert (job.status, job.owner, job.root) == (Status.SUBMITTED, "ann", ROOT)
    stored = read_inputs(objects, job.id)
    assert stored == replace(CALL, files_url=job_files_url(ROOT, "Sums", job.id))
    (line,) = [record for record in caplog.records if record.message == MESSAGE]
    facts = {name: getattr(line, name) for name in ("action", "caller", "job", "bytes_in")}
    assert facts == {"action": "submitJob", "caller": "ann", "job": job.id, "bytes_in": 1}


def test_job_with_a_problem_has_failed_at_once(job_submit: JobSubmit) -> None:
    until = job_submit.ledger.clock.now() + 10_000
    assert job_submit.submit(CALL, ROOT, "", until, "It is wrong.").status is Status.FAILED


@pytest.mark.parametrize(("values", "problem"), [({"Number": "x"}, "not a whole number"), ({}, "Number")])
def test_wrong_value_is_found_before_the_submit(
    job_submit: JobSubmit, values: dict[str, str], problem: str
) -> None:
    assert job_submit.find_problem(TASK, CALL, ROOT) is None
    found = job_submit.find_problem(TASK, replace(CALL, values=values), ROOT)
    assert isinstance(found, InvalidParameter)
    assert problem in str(found)
