"""The operations of jobs. Every one works by the id of the job alone: a client comes back days later."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.access.audit import audit
from gpserverless.calls.admission import Need, check_access
from gpserverless.errors import InvalidParameter, RequestError, UnknownJob
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.find import check_succeeded, get_job_of_any_task
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.read import read_inputs, read_messages
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.soap.messages import make_messages
from gpserverless.protocols.soap.operation import Answer, Handlers, SoapRequest
from gpserverless.protocols.soap.operations.input_values import make_input_node
from gpserverless.protocols.soap.operations.parameter_names import choose_parameters
from gpserverless.protocols.soap.operations.results import JobResults
from gpserverless.protocols.soap.options import (
    SoapOptions,
    complete_options,
    make_environments_node,
    make_options_node,
    read_options,
)
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.run import Message
from gpserverless.toolkit.spec import TaskSpec

_JOB_ID = re.compile(r"j[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class JobOperations:
    """Handlers of the operations of jobs.

    Attributes:
        catalogue: The published services.
        open_ledger: Opens the ledger of jobs.
        open_objects: Opens the store of inputs, results and messages.
    """

    catalogue: Catalogue
    open_ledger: Callable[[], Ledger]
    open_objects: Callable[[], ObjectStore]

    @property
    def handlers(self) -> Handlers:
        """The handlers by the name of their operation."""
        return {
            "GetJobStatus": lambda request: {"Result": self._find_job(request).status.public.value},
            "GetJobMessages": self.get_messages,
            "GetJobToolName": lambda request: {"Result": self._find_job(request).task},
            "GetJobInputValues": self.get_input_values,
            "GetJobResult": self.get_result,
            "GetJobResultOptions": self.get_result_options,
            "GetJobEnvironmentValues": self.get_environments,
            "CancelJob": self.cancel_job,
            "GetResultWorkspace": self.refuse_workspace,
            "GetJobResultMapExtent": self.refuse_map_extent,
        }

    def get_messages(self, request: SoapRequest) -> Answer:
        """Return the messages of a job so far.

        Args:
            request: The request.
        """
        return {"Result": make_messages(read_messages(self.open_objects(), self._find_job(request)))}

    def get_input_values(self, request: SoapRequest) -> Answer:
        """Return inputs of a job as they were submitted; hidden ones are blank.

        Args:
            request: The request.
        """
        job = self._find_job(request)
        values = read_inputs(self.open_objects(), job.id).values
        chosen = choose_parameters(self._find_task(job), "input", request)
        nodes = [make_input_node(each, values) for each in chosen]
        return {"Result": Node("GPValues", {"GPValue": nodes})}

    def get_result(self, request: SoapRequest) -> Answer:
        """Return results of a job with its messages.

        Args:
            request: The request.

        Raises:
            RequestError: The job has not succeeded; the text tells its status.
        """
        job, objects = self._find_job(request), self.open_objects()
        check_succeeded(job)
        chosen = choose_parameters(self._find_task(job), "output", request)
        precision = self.catalogue.service(job.service).limits.geometry_precision
        results = JobResults(objects, job, self._read_options(request, job), precision)
        nodes, warnings = results.read(chosen)
        lost = [Message("warning", text) for text in warnings]
        messages = make_messages([*read_messages(objects, job), *lost])
        values = Node("GPValues", {"GPValue": nodes})
        return {"Result": Node("GPResult", {"Values": values, "Messages": messages})}

    def _read_options(self, request: SoapRequest, job: Job) -> SoapOptions:
        """Read the options of a result; what they do not tell, those of a job submitted over SOAP do."""
        options = read_options(request.arguments.find("Options"))
        has_ordinates = any(stored.has_z or stored.has_m for stored in job.results.values())
        if not has_ordinates and (options.has_transport or not job.files):
            return options
        submitted = read_inputs(self.open_objects(), job.id)
        return complete_options(options, submitted) if submitted.kept else options

    def get_result_options(self, request: SoapRequest) -> Answer:
        """Return the options of a job as they were given, or else their defaults.

        Args:
            request: The request.
        """
        return {"Result": make_options_node(self._read_call(request).kept)}

    def get_environments(self, request: SoapRequest) -> Answer:
        """Return the environments of a job as they were given.

        Args:
            request: The request.
        """
        return {"Result": make_environments_node(self._read_call(request).kept)}

    def cancel_job(self, request: SoapRequest) -> Answer:
        """Cancel a job.

        Args:
            request: The request.

        Raises:
            InvalidParameter: The job has ended.
        """
        try:
            job = cancel(self.open_ledger(), self._find_job(request))
        except InvalidParameter as error:  # under its name in REST
            raise InvalidParameter("JobID", error.problem, error.accepted) from None
        audit("cancel", request.caller.name, status=job.status.value)
        return {}

    def refuse_workspace(self, request: SoapRequest) -> Answer:
        """Refuse to pack the results of a job.

        Args:
            request: The request.

        Raises:
            RequestError: Always.
        """
        self._find_job(request)
        raise RequestError("The results of a job are not packed as a workspace; use GetJobResult.")

    def refuse_map_extent(self, request: SoapRequest) -> Answer:
        """Refuse the extent of a map of results.

        Args:
            request: The request.

        Raises:
            RequestError: Always.
        """
        self._find_job(request)
        raise RequestError("The service has no result map service, so the results have no map.")

    def _find_job(self, request: SoapRequest) -> Job:
        """Return the job; one of somebody else, or of another service, is answered like a missing one."""
        job_id = request.require("JobID")
        missing = UnknownJob(
            f"There is no job '{job_id[:40]}' of this service, or its data is no longer available."
        )
        if not _JOB_ID.fullmatch(job_id):
            raise missing
        try:
            job = get_job_of_any_task(self.open_ledger(), job_id, request.caller)
        except UnknownJob:
            raise missing from None
        if job.service != request.service:
            raise missing
        check_access(self.catalogue, request.caller, Need.SEE, job.service, job.task)
        return job

    def _find_task(self, job: Job) -> TaskSpec:
        return self.catalogue.task(job.service, job.task)

    def _read_call(self, request: SoapRequest) -> Call:
        return read_inputs(self.open_objects(), self._find_job(request).id)
