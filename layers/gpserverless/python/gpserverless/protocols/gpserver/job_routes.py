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
        self._handlers: Handlers = {
            **JobHandlers(tasks, objects).routes,
            **InputHandlers(tasks, objects).routes,
            **OwnJobs(catalogue, ledger).routes,
            **ResultHandlers(tasks, objects, job_submit.items).routes,
            **FileHandlers(catalogue, ledger, objects).routes,
        }

    def read(self, request: Request, route: Route) -> Response:
        """Return a result or an input, for the page of its job.

        Args:
            request: The request for the page.
            route: The route of the result or input.
        """
        return self._handlers[route.key](request, **route.names)

    def until(self, commit_until: int) -> Handlers:
        """Return the handlers by the key of their route.

        Args:
            commit_until: Time after which a submit is taken back, in milliseconds since 1970-01-01 UTC.
        """
        return {**self._handlers, "submitJob": partial(self._submit.submit, until=commit_until)}
