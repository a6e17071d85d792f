"""The operations of jobs: a job is found by its id alone, by those who may see it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gpserverless.caller import ANYBODY, Access, Caller, Role
from gpserverless.errors import TokenRequired, UnknownJob
from gpserverless.http.request import read_request
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.status import Status
from gpserverless.protocols.soap.operation import Answer, SoapRequest
from gpserverless.protocols.soap.operations.jobs import JobOperations
from gpserverless.testing import InMemoryJobTable, InMemoryObjectStore, VirtualClock
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec
from tests.jobs.rig import RULES, row
from tests.protocols.soap.values.messages import parse

TASK = TaskSpec("Measure", "Measure", "", ())


def make_request(arguments: str) -> SoapRequest:
    event = {"requestContext": {"http": {"method": "POST", "path": "/arcgis/services"}}, "rawPath": "/"}
    http = read_request(event, "https://a.example", reads_form=False)
    return SoapRequest(http, "Sizes", "10.8", parse(f"<GetJobResult>{arguments}</GetJobResult>"))


ANN = Caller("ann", Role.USER, frozenset({"planners"}))
JOB_ID = "j" + "1" * 32
INNER = replace(TASK, access=Access(groups={"planners"}))
SIZES = ServiceSpec("Sizes", "", "async", Limits.asynchronous(), (TASK,))
OPERATIONS_WITHOUT_STORE = ("GetJobStatus", "GetJobToolName", "CancelJob", "GetResultWorkspace")


def call(operation: str, caller: Caller, task: TaskSpec, **columns: str) -> Answer:
    """Ask an operation for a job that runs in a service of one tool."""
    clock, table = VirtualClock(), InMemoryJobTable()
    given = {"service": "Sizes", "task": "Measure", "owner": "", **columns}
    table.rows[JOB_ID] = row(JOB_ID, Status.EXECUTING, clock.now()) | given
    catalogue = Catalogue({"Sizes": replace(SIZES, tasks=(task,))})
    ledger = Ledger(table, RULES, clock)
    operations = JobOperations(catalogue, lambda: ledger, InMemoryObjectStore)
    request = make_request(f"<JobID> {JOB_ID} </JobID>").with_caller(caller)
    return operations.handlers[operation](request)


def test_a_job_is_found_by_its_id_alone() -> None:
    assert call("GetJobStatus", ANYBODY, TASK) == {"Result": "esriJobExecuting"}
    assert call("GetJobToolName", ANN, INNER) == {"Result": "Measure"}


@pytest.mark.parametrize("operation", OPERATIONS_WITHOUT_STORE)
def test_a_job_of_a_tool_that_the_caller_may_not_see_is_refused(operation: str) -> None:
    with pytest.raises(TokenRequired):
        call(operation, ANYBODY, INNER)


@pytest.mark.parametrize("columns", [{"owner": "bob"}, {"service": "Other"}])
@pytest.mark.parametrize("operation", OPERATIONS_WITHOUT_STORE)
def test_a_job_of_somebody_else_or_of_another_service_is_missing(
    operation: str, columns: dict[str, str]
) -> None:
    with pytest.raises(UnknownJob, match=f"There is no job '{JOB_ID}' of this service, or its data"):
        call(operation, ANN, TASK, **columns)
