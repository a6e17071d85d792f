"""The routes of jobs: submit, status, list, cancel, inputs, results, files."""

from __future__ import annotations

from functools import partial

from gpserverless.calls.submit import JobSubmit
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route
from gpserverless.jobs.ledger import Ledger
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver.files import FileHandlers
from gpserverless.protocols.gpserver.inputs import InputHandlers
from gpserverless.protocols.gpserver.jobs import JobHandlers
from gpserverless.protocols.gpserver.own_jobs import OwnJobs
from gpserverless.protocols.gpserver.result_pictures import DrawResult
from gpserverless.protocols.gpserver.results import ResultHandlers
from gpserverless.protocols.gpserver.submit import SubmitHandler
from gpserverless.toolkit.catalogue import Catalogue


class JobRoutes:
    """Handlers of everything about jobs.

    Args:
        catalogue: The published services.
        ledger: The ledger of jobs.
        objects: The store of inputs, results and files.
        job_submit: Submits calls as jobs.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        ledger: Ledger,
        objects: ObjectStore,
        job_submit: JobSubmit,
    ) -> None:
        tasks = job_submit.tasks
        self._submit = SubmitHandler(job_submit)
        self._results = ResultHandlers(tasks, objects, job_submit.items)
        self._handlers: Handlers = {
            **JobHandlers(tasks, objects).routes,
            **InputHandlers(tasks, objects).routes,
            **OwnJobs(catalogue, ledger).routes,
            **self._results.routes,
            **FileHandlers(catalogue, ledger, objects).routes,
        }

    def read(self, request: Request, route: Route) -> Response:
        """Return a result or an input, for the page of its job.

        Args:
            request: The request for the page.
            route: The route of the result or input.
        """
        return self._handlers[route.key](request, **route.names)

    def for_request(self, commit_until: int, draw: DrawResult) -> Handlers:
        """Return the handlers of one request by the key of their route.

        Args:
            commit_until: Time after which a submit is taken back, in milliseconds since 1970-01-01 UTC.
            draw: Has a result of the request drawn.
        """
        return {
            **self._handlers,
            "submitJob": partial(self._submit.submit, until=commit_until),
            "result": partial(self._results.get_result, draw=draw),
        }
