"""Handlers of the results of jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gpserverless.calls.async_tasks import AsyncTasks
from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import TooLarge, UnknownJob
from gpserverless.http.answer_format import FEATURE_FORMATS, refuse_content
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import MAX_BODY, Response, see_other
from gpserverless.http.write import write, write_file
from gpserverless.jobs.find import check_succeeded, find_result
from gpserverless.jobs.job import Job, StoredResult
from gpserverless.jobs.read import read_result
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.outputs.rewrite import rewrite_result
from gpserverless.outputs.store import Link
from gpserverless.protocols.gpserver.feature_formats import encode_features, holds
from gpserverless.protocols.gpserver.result_options import differs, read_result_options
from gpserverless.protocols.gpserver.result_pictures import DrawResult, wants_picture
from gpserverless.toolkit.spec import Parameter


@dataclass(frozen=True)
class ResultHandlers:
    """Handlers of the results of jobs.

    Attributes:
        tasks: The tasks and jobs.
        objects: The store of inputs and results.
        add_item: Adds the portal's item to a result whose features are kept in a service; takes the result,
            and the public URL of the site.
    """

    tasks: AsyncTasks
    objects: ObjectStore
    add_item: Callable[[bytes, str], bytes]

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"results": self.get_results, "result": self.read_result}

    def get_results(self, request: Request, service: str, task: str, job: str) -> Response:
        """Return all results of a job; none of one that ended without success.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.

        Raises:
            UnknownJob: The job has not ended.
            TooLarge: Together they are too large for one answer.
        """
        self.tasks.task(service, task)
        found = self.tasks.job(service, task, job, request.caller)
        if not found.status.is_final:
            check_succeeded(found)
        if sum(stored.size for stored in found.results.values()) > MAX_BODY:
            raise TooLarge("The results together are too large for one answer; ask for each of them.")
        bodies = [self.add_item(self.objects.get(each.key), found.root) for each in found.results.values()]
        return write(b"[%s]" % b",".join(bodies), request.answer_format)

    def get_result(
        self, request: Request, service: str, task: str, job: str, parameter: str, *, draw: DrawResult
    ) -> Response:
        """Return one result of a job: a picture if the request wants one, else the data.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
            parameter: Name of the output, in any letter case.
            draw: Has the result drawn.

        Raises:
            TooLarge: A client of JSONP cannot be redirected to a result of this size.
            UnknownJob: There is no such job or result.
            UnsupportedFormat: The request wants a picture of a result that has none.
        """
        self.tasks.task(service, task)
        found = self.tasks.job(service, task, job, request.caller)
        _, stored = find_result(found, parameter)
        if wants_picture(request, stored.data_type):
            return draw(stored.data_type)
        return self._read(request, found, parameter)

    def read_result(self, request: Request, service: str, task: str, job: str, parameter: str) -> Response:
        """Return the data of one result of a job, or a redirect to them.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
            parameter: Name of the output, in any letter case.

        Raises:
            TooLarge: A client of JSONP cannot be redirected to a result of this size.
            UnknownJob: There is no such job or result.
        """
        self.tasks.task(service, task)
        return self._read(request, self.tasks.job(service, task, job, request.caller), parameter)

    def _read(self, request: Request, found: Job, parameter: str) -> Response:
        spec = self.tasks.task(found.service, found.task)
        name, stored = find_result(found, parameter)
        output = spec.parameter(name, "output")
        if output is None:
            raise UnknownJob(f"The task has no result '{name}' any more.")
        options = read_result_options(request, self.objects, found, stored, output)
        precision = self.tasks.catalogue.service(found.service).limits.geometry_precision
        options = replace(options, geometry_precision=precision)
        if request.answer_format.name in FEATURE_FORMATS:
            return self._encode_features(request, name, stored, output, options)
        if differs(stored, options):
            body = rewrite_result(self.objects.get(stored.key), output.data_type, options)
            return write(self.add_item(body, found.root), request.answer_format)
        result = read_result(self.tasks.ledger, self.objects, found, stored, request.accepts_gzip)
        if not isinstance(result, Link):
            return write(self.add_item(result.body, found.root), request.answer_format)
        if request.answer_format.callback:
            raise TooLarge("The result is too large for JSONP; use f=json with CORS.")
        return see_other(result.url)

    def _encode_features(
        self, request: Request, parameter: str, stored: StoredResult, output: Parameter, options: DumpOptions
    ) -> Response:
        name = request.answer_format.name
        if not holds(name, stored.data_type):
            raise refuse_content(name)
        if stored.size > MAX_BODY:
            raise TooLarge(f"The result is too large to be rewritten as {name}; ask for f=json.")
        body = encode_features(name, self.objects.get(stored.key), output.data_type, options)
        return write_file(body, request.answer_format, parameter)
