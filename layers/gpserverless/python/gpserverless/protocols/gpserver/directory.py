"""Handlers of descriptions: server, catalogue, services, tasks and their items."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from gpserverless.errors import RequestError
from gpserverless.http.dispatch import Handlers
from gpserverless.http.event import SITE
from gpserverless.http.request import Request
from gpserverless.http.response import Response, redirect_request
from gpserverless.http.write import write
from gpserverless.protocols.gpserver import describe, items
from gpserverless.protocols.gpserver.routes import ITEM_OPERATIONS, UPLOADS, find_route_of_site
from gpserverless.protocols.gpserver.urls import resource_url
from gpserverless.toolkit.catalogue import Catalogue

XML = "application/xml; charset=utf-8"

_ELSEWHERE = (
    *(
        "execute",
        "submitJob",
        "job",
        "cancel",
        "jobs",
        "results",
        "result",
        "inputs",
        "input",
        "file",
        "schema",
    ),
    *(
        "uploads",
        "item",
        *(f"uploads/{word}" for word in UPLOADS),
        *(f"item/{word}" for word in ITEM_OPERATIONS),
    ),
)
"""Keys of the routes that other functions answer. The gateway has one spelling of each; others come here."""


@dataclass(frozen=True)
class DirectoryHandlers:
    """Handlers of descriptions.

    Attributes:
        catalogue: The published services.
    """

    catalogue: Catalogue

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {
            "info": self.get_info,
            "health": self.get_health,
            "catalogue": self.get_catalogue,
            "service": self.get_service,
            "serviceInfo": self.get_service_info,
            "itemInfo": self.get_item_info,
            "metadata": self.get_service_metadata,
            "thumbnail": self.get_thumbnail,
            "task": self.get_task,
            "taskMetadata": self.get_task_metadata,
            "validate": self.refuse_validate,
            **dict.fromkeys(_ELSEWHERE, self.redirect),
        }

    def get_info(self, request: Request) -> Response:
        """Describe the server.

        Args:
            request: The request.
        """
        return write(describe.info(request.root), request.answer_format)

    def get_health(self, request: Request) -> Response:
        """Answer the health check.

        Args:
            request: The request.
        """
        return write(describe.health(), request.answer_format)

    def get_catalogue(self, request: Request, folder: str = "") -> Response:
        """List the folders and services of a folder; "" is the root.

        Args:
            request: The request.
            folder: Name of the folder; "" is the root.
        """
        document = describe.catalogue(self._seen_by(request), folder)
        return write(document, request.answer_format)

    def get_service(self, request: Request, service: str) -> Response:
        """Describe a service.

        Args:
            request: The request.
            service: Qualified name of the service.
        """
        document = describe.service(self._seen_by(request).service(service), request.root)
        return write(document, request.answer_format)

    def get_service_info(self, request: Request, service: str) -> Response:
        """List the resources about a service.

        Args:
            request: The request.
            service: Qualified name of the service.
        """
        self.catalogue.service(service)
        return write(items.service_info(), request.answer_format)

    def get_item_info(self, request: Request, service: str) -> Response:
        """Describe a service as an item of a portal.

        Args:
            request: The request.
            service: Qualified name of the service.
        """
        document = items.item_info(self._seen_by(request).service(service), request.root)
        return write(document, request.answer_format)

    def get_service_metadata(self, request: Request, service: str) -> Response:
        """Return the metadata of a service, XML in every format.

        Args:
            request: The request.
            service: Qualified name of the service.
        """
        from gpserverless.protocols.gpserver.metadata import service_metadata

        return Response(service_metadata(self._seen_by(request).service(service)), XML)

    def get_thumbnail(self, request: Request, service: str) -> Response:
        """Return the thumbnail of a service, PNG in every format.

        Args:
            request: The request.
            service: Qualified name of the service.
        """
        self.catalogue.service(service)
        return Response(items.thumbnail(), "image/png")

    def get_task(self, request: Request, service: str, task: str) -> Response:
        """Describe a task.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
        """
        spec = self.catalogue.task(service, task)
        document = describe.task(self.catalogue.service(service), spec, request.root)
        return write(document, request.answer_format)

    def get_task_metadata(self, request: Request, service: str, task: str) -> Response:
        """Return the metadata of a task, XML in every format.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
        """
        from gpserverless.protocols.gpserver.metadata import task_metadata

        return Response(task_metadata(self.catalogue.task(service, task)), XML)

    def refuse_validate(self, request: Request, service: str, task: str) -> Response:
        """Refuse `validate`.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.

        Raises:
            RequestError: Always.
        """
        self.catalogue.task(service, task)
        raise RequestError("The operation 'validate' is not offered; values are checked when a task runs.")

    def _seen_by(self, request: Request) -> Catalogue:
        """Return what the caller may see: descriptions name no task and no service beside."""
        return self.catalogue.for_caller(request.caller)

    def redirect(self, request: Request, **names: str) -> Response:
        """Redirect to the one spelling of a path that the gateway has a route for.

        Args:
            request: The request.
            **names: The names of the route.

        Raises:
            RequestError: The request has this spelling already.
        """
        path = find_route_of_site(request.segments).path
        sites = (urlsplit(request.root).path, SITE)
        if request.path.rstrip("/") in [f"{site}/rest/{path}" for site in sites]:
            raise RequestError("Invalid URL")
        url = resource_url(request.root, path)
        return redirect_request(f"{url}?{request.query.text}" if request.query.text else url)
