"""The function that takes jobs in, and answers for them until they expire."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from gpserverless.app.http import serve
from gpserverless.app.load_catalogue import from_catalogue_file
from gpserverless.app.logs import about, make_logger
from gpserverless.app.metrics import job_ended
from gpserverless.app.request_deadline import RequestDeadline
from gpserverless.app.results import FEATURES, in_feature_format, rewritten
from gpserverless.app.snapstart import when_restored
from gpserverless.clock import SystemClock
from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import NotFound, RequestError, TooLarge, UnknownJob
from gpserverless.jobs.cancel import cancel
from gpserverless.jobs.find import find_file, find_result, get_job, get_job_of_any_task
from gpserverless.jobs.idempotency import FIELD, IdempotentSubmit, SubmitKeys
from gpserverless.jobs.job import Job, NewJob, Origin, StoredResult
from gpserverless.jobs.keys import new_job_id
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.outputs import FILE_TYPE
from gpserverless.jobs.ports import JobQueue, ObjectStore
from gpserverless.jobs.read import Link, link_to_file, read_inputs, read_messages, read_result
from gpserverless.jobs.rules import JobRules
from gpserverless.jobs.status import Status
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.call import check_column_names, read_call
from gpserverless.protocols.gpserver.compression import accepts_gzip
from gpserverless.protocols.gpserver.formats import (
    FEATURE_FORMATS,
    MAX_BODY,
    Format,
    Response,
    see_other,
    unsupported_format,
    write,
)
from gpserverless.protocols.gpserver.options import read_flag, read_reference
from gpserverless.protocols.gpserver.request import Request
from gpserverless.protocols.gpserver.routes import Route
from gpserverless.protocols.gpserver.schema import json_schema
from gpserverless.settings import Settings
from gpserverless.storage.clients import dynamodb_client, s3_client, sqs_client
from gpserverless.storage.job_queue import SqsJobQueue
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.storage.submit_keys import DynamoSubmitKeys
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import Parameter, TaskSpec
from gpserverless.toolkit.values import check_values

_MAY_HOLD_FEATURES = re.compile(r"GPFeatureRecordSetLayer|GPMultiValue:GP(FeatureRecordSetLayer|Composite)")
_EXECUTED = re.compile(r"[0-9a-f]{32}", re.ASCII)

logger = make_logger()


@dataclass(frozen=True)
class JobsSettings(Settings):
    """Settings of the function that takes jobs in and answers for them."""

    public_url: str
    switched_on: frozenset[str]
    bucket: str
    table: str
    queue_urls: Mapping[str, str]
    run_seconds: float
    retention_hours: float
    lease_seconds: float
    fetch_hosts: tuple[str, ...]
    private_hosts: tuple[str, ...]
    portal_url: str


class JobsFunction:
    """Answers `submitJob`, everything below a job, and requests for files.

    Args:
        settings: The function's settings.
        catalogue: What is published.
        ledger: The book of jobs.
        objects: Inputs, results and files.
        queues: Where workers listen, by the name of the worker.
        keys: The keys with which callers submit once.
    """

    def __init__(
        self,
        settings: JobsSettings,
        catalogue: Catalogue,
        ledger: Ledger,
        objects: ObjectStore,
        queues: Mapping[str, JobQueue],
        keys: SubmitKeys,
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._ledger = ledger
        self._objects = objects
        self._queues = queues
        self._keys = keys
        self._in_task: dict[str, Callable[[Request, Route, TaskSpec, Format], Response]] = {
            "job": self._job,
            "cancel": self._cancel,
            "results": self._results,
            "result": self._result,
            "inputs": self._inputs,
            "input": self._input,
        }

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> JobsFunction:
        """Put the function together from its environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = JobsSettings.read(environment)
        when_restored()
        rules = JobRules.of(settings.run_seconds, settings.retention_hours, settings.lease_seconds)
        dynamodb = dynamodb_client(prompt=True)
        ledger = Ledger(DynamoJobTable(dynamodb, settings.table), rules, SystemClock(), job_ended)
        objects = S3ObjectStore(s3_client(prompt=True), settings.bucket)
        client = sqs_client()
        queues = {worker: SqsJobQueue(client, url) for worker, url in settings.queue_urls.items()}
        keys = DynamoSubmitKeys(dynamodb, settings.table)
        return cls(settings, from_catalogue_file(settings.switched_on), ledger, objects, queues, keys)

    def handle(self, event: Mapping[str, Any], remaining_ms: int) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
            remaining_ms: How long the function may still take.
        """
        until = (
            RequestDeadline.of(event, remaining_ms, self._ledger.clock.now).end - self._ledger.rules.commit_ms
        )
        return serve(event, self._settings.public_url, partial(self._answer, until))

    def _answer(self, until: int, request: Request, route: Route, form: Format) -> Response:
        if route.resource == "file":
            return self._file(route)
        if route.resource == "schema":
            return write(json_schema(), Format())
        task = self._catalogue.task(route.service, route.task)
        if route.resource not in ("submitJob", *self._in_task):
            raise RequestError("Invalid URL")
        if self._catalogue.service(route.service).execution != "async":
            raise RequestError(
                f"The tasks of '{route.service}' are executed at once: use execute instead of submitJob."
            )
        if route.resource == "submitJob":
            return self._submit(until, request, route, task, form)
        return self._in_task[route.resource](request, route, task, form)

    def _submit(self, until: int, request: Request, route: Route, task: TaskSpec, form: Format) -> Response:
        from gpserverless.app.fetching import policy_of  # a poll needs none of it
        from gpserverless.fetch.check import check_reference

        job_id = new_job_id()
        files_url = f"{request.root}/rest/directories/arcgisjobs/{_folder(route.service)}/{job_id}/scratch/"
        call = read_call(request, route.service, task).with_files_url(files_url)
        service = self._catalogue.service(route.service)
        policy = policy_of(self._settings, request.root)
        allowed = partial(check_reference, policy=policy, portal=self._settings.portal_url)
        check_values(task, call, service.limits, allowed)
        queue = self._queues[service.worker]
        submitter = IdempotentSubmit(self._ledger, self._objects, queue, self._keys)
        new = NewJob(job_id, call, service.worker, Origin(root=request.root))
        key = request.get(FIELD) or request.headers.get("idempotency-key", "")
        job = submitter.submit(new, key, until)
        with about(job=job.id):
            logger.info("job submitted")
        if form.name == "html":
            return see_other(
                f"{request.root}/rest/services/{route.service}/GPServer/{task.name}/jobs/{job.id}"
            )
        return write(answers.submitted(job.id, job.status.shown.value), form)

    def _job(self, request: Request, route: Route, task: TaskSpec, form: Format) -> Response:
        job = self._find(route)
        wanted = read_flag(request, "returnMessages", default=True)
        progress = job.progress if job.status is Status.EXECUTING else None
        document = answers.job(
            job.id,
            job.status.shown.value,
            read_messages(self._objects, job) if wanted else None,
            (progress.text, progress.percent) if progress else None,
            (job.results, [p.name for p in task.inputs]) if job.status is Status.SUCCEEDED else None,
        )
        return write(document, form, f"Job: {job.id}")

    def _cancel(self, request: Request, route: Route, task: TaskSpec, form: Format) -> Response:
        job = cancel(self._ledger, self._find(route))
        return write(answers.submitted(job.id, job.status.shown.value), form, f"Job: {job.id}")

    def _results(self, request: Request, route: Route, task: TaskSpec, form: Format) -> Response:
        job = self._find(route)
        if sum(stored.size for stored in job.results.values()) > MAX_BODY:
            raise TooLarge("The results together are too large for one answer; ask for each of them.")
        bodies = [self._objects.get(stored.key) for stored in job.results.values()]
        return write(b"[%s]" % b",".join(bodies), form, f"Results: {job.id}")

    def _result(self, request: Request, route: Route, task: TaskSpec, form: Format) -> Response:
        job = self._find(route)
        name, stored = find_result(job, route.name)
        parameter = task.parameter(name, "output")
        if parameter is None:
            raise UnknownJob(f"The task has no result '{name}' any more.")
        writing = self._writing(request, job, stored, parameter)
        if form.name in FEATURE_FORMATS:
            if stored.data_type != FEATURES:
                raise unsupported_format(f"{form.name} is for features alone")
            if stored.size > MAX_BODY:
                raise TooLarge(f"The result is too large to be rewritten as {form.name}; ask for f=json.")
            body = in_feature_format(form.name, self._objects.get(stored.key), writing.return_z)
            return write(body, form)
        if _differs(stored, writing):
            body = rewritten(self._objects.get(stored.key), parameter.data_type, writing)
            return write(body, form, f"Result: {name}")
        result = read_result(self._ledger, self._objects, job, stored, accepts_gzip(request.headers))
        if not isinstance(result, Link):
            return write(result.body, form, f"Result: {name}")
        if form.callback:
            raise TooLarge("The result is too large for JSONP; use f=json with CORS.")
        return see_other(result.url)

    def _writing(self, request: Request, job: Job, stored: StoredResult, parameter: Parameter) -> DumpOptions:
        """Return what is asked of a result; Z and M also if `submitJob` had asked for them."""
        out_sr = read_reference(request, "outSR") or read_reference(request, "env:outSR")
        z, m = read_flag(request, "returnZ"), read_flag(request, "returnM")
        if stored.has_z > z or stored.has_m > m:
            asked = read_inputs(self._objects, job.id).options
            z, m = z or asked.return_z, m or asked.return_m
        as_collection = read_flag(request, "returnFeatureCollection")
        column_names = read_flag(request, "returnColumnName")
        if column_names:
            check_column_names(parameter)
        return DumpOptions(out_sr, z, m, sys.maxsize, None, as_collection, column_names, parameter.title)

    def _inputs(self, request: Request, route: Route, task: TaskSpec, form: Format) -> Response:
        call = read_inputs(self._objects, self._find(route).id)
        document = [self._echo(task, p.name, call.values) for p in task.inputs]
        return write(document, form, f"Inputs: {route.job}")

    def _input(self, request: Request, route: Route, task: TaskSpec, form: Format) -> Response:
        parameter = task.parameter(route.name, "input")
        if parameter is None:
            raise UnknownJob(f"The task has no input '{route.name}'.")
        call = read_inputs(self._objects, self._find(route).id)
        document = self._echo(task, parameter.name, call.values)
        return write(document, form, f"Input: {parameter.name}")

    def _echo(self, task: TaskSpec, name: str, values: Mapping[str, str]) -> Mapping[str, Any]:
        parameter = next(p for p in task.inputs if p.name == name)
        raw, data_type = values.get(name, parameter.default), parameter.data_type
        if raw is None:
            return answers.value(name, data_type.written_as(None), data_type.empty)
        return answers.value(name, data_type.echo_type(raw), data_type.echo(raw))

    def _file(self, route: Route) -> Response:
        match route.path:
            case ("arcgisjobs", folder, job_id, "scratch", name):
                job = get_job_of_any_task(self._ledger, job_id)
                if folder == _folder(job.service):
                    stored = find_file(job, name)
                    link = link_to_file(self._ledger, self._objects, job, stored, FILE_TYPE, name)
                    return see_other(link.url)
            case ("arcgisoutput", folder, executed, name) if _EXECUTED.fullmatch(executed):
                key = f"executes/{folder}/{executed}/{name}"
                seconds = self._ledger.rules.link_ms // 1000
                return see_other(self._objects.signed_url(key, seconds, FILE_TYPE, name))
        raise NotFound("There is no such file.")

    def _find(self, route: Route) -> Job:
        return get_job(self._ledger, route.job, route.service, route.task)


def _differs(stored: StoredResult, writing: DumpOptions) -> bool:
    """Return whether a result is asked for in another form than the one it is stored in.

    A large result keeps the Z and M that it has: nothing so large is read here.

    Raises:
        TooLarge: It is asked for in another form, and is too large to be rewritten.
    """
    if stored.data_type == "GPValueTable":
        return writing.column_names
    if _MAY_HOLD_FEATURES.fullmatch(stored.data_type) is None:
        return False
    if stored.size > MAX_BODY:
        if writing.out_sr or writing.as_collection:
            raise TooLarge("The result is too large to be rewritten; ask for its form in submitJob.")
        return False
    dropped = stored.has_z > writing.return_z or stored.has_m > writing.return_m
    return bool(writing.out_sr or dropped or writing.as_collection)


def _folder(service: str) -> str:
    """Return the name that the files of a service's jobs have in their URLs."""
    return f"{service.replace('/', '_').lower()}_gpserver"
