"""A whole site in memory: the real functions on an in-memory table, object store and queue."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlencode

import orjson

from gpserverless.access.quotas import Quotas
from gpserverless.caller import Access, Caller, Role
from gpserverless.errors import UnknownJob
from gpserverless.sandbox.runner import Runner
from gpserverless.testing.events import http_event
from gpserverless.testing.object_store import key_in
from gpserverless.testing.responses import ExecuteAnswer, SiteResponse
from gpserverless.testing.runner import InProcessRunner
from gpserverless.testing.signed_in_callers import SignedInCallers
from gpserverless.testing.site_functions import ORIGIN, SiteFunctions
from gpserverless.testing.site_stores import SiteStores
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.toolboxes import Toolbox, discover


class Site:
    """Toolboxes behind the functions that serve them on AWS, without AWS.

    Requests go through the same handlers as on AWS, and jobs through the same worker; maps of jobs and
    hosted services are served. Uploads are not. A value may refer to a result, a file or a layer of the site;
    other references are refused. Nobody has signed in, see `sign_in`.

    Args:
        toolboxes: The toolboxes to publish, those of a setting included.
        in_sandbox: Whether each tool runs in a process of its own, with the limits of a deployment. Else it
            runs in this process.
        secured: Whether callers of services without a rule must sign in.
        quotas: Quotas of callers; none by default.

    Attributes:
        clock: The time of the site, which stands still unless it is moved.
        objects: Inputs, results and files.
        use_rows: The use of callers, as far as there are quotas.
        items: Hosted services.
    """

    def __init__(
        self,
        toolboxes: Iterable[Toolbox],
        *,
        in_sandbox: bool = False,
        secured: bool = False,
        quotas: Quotas | None = None,
    ) -> None:
        toolboxes = tuple(toolboxes)
        self._stores = stores = SiteStores()
        self.clock, self.objects = stores.clock, stores.objects
        self.use_rows, self.items = stores.use_rows, stores.items
        self._runner = Runner(toolboxes) if in_sandbox else InProcessRunner(toolboxes)
        self._signed_in = SignedInCallers()
        self._token = ""
        settings = [box.spec.published_when for box in toolboxes]
        access = Access() if secured else None
        catalogue = Catalogue.select((box.spec for box in toolboxes), settings, access)
        self._functions = SiteFunctions(catalogue, self._runner, stores, self._signed_in, quotas or Quotas())

    @classmethod
    def of_package(
        cls,
        package: str = "toolboxes",
        *,
        in_sandbox: bool = False,
        secured: bool = False,
        quotas: Quotas | None = None,
    ) -> Self:
        """Publish the toolboxes below a package.

        Args:
            package: Name of the package.
            in_sandbox: See `Site`.
            secured: See `Site`.
            quotas: See `Site`.

        Raises:
            AuthoringError: A toolbox is written wrongly; the text says what to change.
        """
        return cls(discover(package), in_sandbox=in_sandbox, secured=secured, quotas=quotas)

    def sign_in(self, name: str, role: Role = Role.USER, groups: Iterable[str] = ()) -> Self:
        """Return the same site, called by a user.

        Args:
            name: Name of the user.
            role: Role of the user.
            groups: Names of the user's groups.
        """
        view = copy.copy(self)
        view._token = self._signed_in.add(Caller(name, role, frozenset(groups)))
        return view

    def execute(self, service: str, task: str, values: Mapping[str, Any], **options: Any) -> ExecuteAnswer:
        """Run a task of a synchronous service.

        Args:
            service: Qualified name of the service.
            task: Name of the task.
            values: Values by parameter name: texts as they are sent, anything else as JSON.
            options: Further fields, such as `returnZ=True`.

        Raises:
            ErrorAnswer: The call was refused, or the tool failed.
        """
        path = f"{_task_path(service, task)}/execute"
        return ExecuteAnswer.from_json(self.post(path, {**values, **options}).json())

    def submit(self, service: str, task: str, values: Mapping[str, Any], **options: Any) -> str:
        """Submit a job to an asynchronous service, and return its id; one with a wrong value has failed.

        Args:
            service: Qualified name of the service.
            task: Name of the task.
            values: Values by parameter name: texts as they are sent, anything else as JSON.
            options: Further fields, such as `clientRequestId="a"`.

        Raises:
            ErrorAnswer: The call was refused.
        """
        path = f"{_task_path(service, task)}/submitJob"
        return str(self.post(path, {**values, **options}).json()["jobId"])

    def run_jobs(self) -> int:
        """Work on all queued jobs, and return how many attempts were made."""
        queue, attempts = self._stores.queue, 0
        while queue.sent:
            self._functions.work(queue.sent.pop(0))
            attempts += 1
            while queue.handed_back:
                receipt, seconds = queue.handed_back.pop()
                self.clock.sleep(seconds)
                queue.send(receipt)
        return attempts

    def job(self, job_id: str) -> dict[str, Any]:
        """Return the job resource: `jobId`, `jobStatus`, `messages`, and `results` of a success.

        Args:
            job_id: Id of the job.

        Raises:
            UnknownJob: There is no such job.
            ErrorAnswer: The job is not shown any more.
        """
        return dict(self.get(self._job_path(job_id)).json())

    def cancel(self, job_id: str) -> dict[str, Any]:
        """Cancel a job, and return its `jobId` and `jobStatus`.

        Args:
            job_id: Id of the job.

        Raises:
            UnknownJob: There is no such job.
            ErrorAnswer: The job has ended.
        """
        return dict(self.post(f"{self._job_path(job_id)}/cancel", {}).json())

    def result(self, job_id: str, parameter: str, **options: Any) -> Any:
        """Return the value of one output of a job, as JSON.

        Args:
            job_id: Id of the job.
            parameter: Name of the output parameter.
            options: Further fields, such as `outSR=3857`.

        Raises:
            UnknownJob: There is no such job.
            ErrorAnswer: The job has not succeeded, or has no such output.
        """
        return self.get(f"{self._job_path(job_id)}/results/{parameter}", options).json()["value"]

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> SiteResponse:
        """Send a GET, and follow redirects.

        Args:
            path: Path from `/arcgis` on, or a URL that the site gave out.
            params: Fields of the query; `f` is "json" unless given.
        """
        return self._send("GET", path, params or {})

    def post(self, path: str, fields: Mapping[str, Any]) -> SiteResponse:
        """Send a form, and follow redirects.

        Args:
            path: Path from `/arcgis` on.
            fields: Fields of the form; `f` is "json" unless given.
        """
        return self._send("POST", path, fields)

    def close(self) -> None:
        """Stop the processes of the sandbox, and remove the files of the last run."""
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, method: str, url: str, fields: Mapping[str, Any]) -> SiteResponse:
        if (key := key_in(url)) is not None:
            return SiteResponse(200, {}, self.objects.get(key))
        path, _, query = url.removeprefix(ORIGIN).partition("?")
        path = unquote(path)
        encoded = urlencode({"f": "json"} | {name: _encode(value) for name, value in fields.items()})
        if method == "POST":
            event = http_event(method, path, query, encoded, self._token)
        else:
            event = http_event(method, path, query or encoded, token=self._token)
        response = SiteResponse.from_payload(self._functions.answer(path, event))
        if response.status == 307:
            return self._send(method, response.headers["location"], fields)
        return self._send("GET", response.headers["location"], {}) if response.status == 303 else response

    def _job_path(self, job_id: str) -> str:
        job = self._stores.ledger.read(job_id)
        if job is None:
            raise UnknownJob(f"There is no job '{job_id}'.")
        return f"{_task_path(job.service, job.task)}/jobs/{job.id}"


def _task_path(service: str, task: str) -> str:
    return f"/arcgis/rest/services/{service}/GPServer/{task}"


def _encode(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
