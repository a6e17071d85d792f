"""The function that describes: server, catalogue, services, tasks, and what is known about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.app.http import serve
from gpserverless.app.load_catalogue import from_catalogue_file
from gpserverless.errors import NotFound, RequestError
from gpserverless.protocols.gpserver import describe, items
from gpserverless.protocols.gpserver.formats import Format, Response, same_again_at, write
from gpserverless.protocols.gpserver.request import Request
from gpserverless.protocols.gpserver.routes import Route
from gpserverless.settings import Settings
from gpserverless.toolkit.catalogue import Catalogue

XML = "application/xml; charset=utf-8"


@dataclass(frozen=True)
class DirectorySettings(Settings):
    """Settings of the function that describes services."""

    public_url: str
    switched_on: frozenset[str]


class DirectoryFunction:
    """Answers requests for descriptions.

    Args:
        settings: The function's settings.
        catalogue: What is published.
    """

    def __init__(self, settings: DirectorySettings, catalogue: Catalogue) -> None:
        self._settings = settings
        self._catalogue = catalogue

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> DirectoryFunction:
        """Put the function together from its environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = DirectorySettings.read(environment)
        return cls(settings, from_catalogue_file(settings.switched_on))

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the gateway."""
        return serve(event, self._settings.public_url, self._answer)

    def _answer(self, request: Request, route: Route, form: Format) -> Response:
        if route.resource in ("execute", "submitJob"):
            return self._operation(request, route)
        if route.resource in ("metadata", "taskMetadata", "thumbnail"):
            return self._drawn(route)
        document, title = self._described(request.root, route)
        return write(document, form, title)

    def _operation(self, request: Request, route: Route) -> Response:
        """Lead on a request that came here since the gateway knows one spelling of its path only."""
        self._catalogue.task(route.service, route.task)
        path = f"/rest/services/{route.service}/GPServer/{route.task}/{route.resource}"
        if request.path.endswith(path):
            raise RequestError("Invalid URL")
        query = f"?{request.query.text}" if request.query.text else ""
        return same_again_at(request.root + path + query)

    def _drawn(self, route: Route) -> Response:
        """Return what is not JSON in any format: metadata and pictures."""
        if route.resource == "taskMetadata":
            return Response(items.task_metadata(self._catalogue.task(route.service, route.task)), XML)
        service = self._catalogue.service(route.service)
        if route.resource == "metadata":
            return Response(items.service_metadata(service), XML)
        return Response(items.thumbnail(), "image/png")

    def _described(self, root: str, route: Route) -> tuple[Any, str]:
        """Return the answer and its title."""
        match route.resource:
            case "info":
                return describe.info(), "Server Info"
            case "health":
                return describe.health(), "Health Check"
            case "catalogue":
                return describe.catalogue(self._catalogue, route.service), f"Folder: /{route.service}"
        return self._of_service(root, route)

    def _of_service(self, root: str, route: Route) -> tuple[Any, str]:
        service = self._catalogue.service(route.service)
        match route.resource:
            case "service":
                return describe.service(service, root), f"{service.name} (GPServer)"
            case "serviceInfo":
                return items.service_info(), f"Info: {service.name}"
            case "itemInfo":
                return items.item_info(service, root), f"Item Info: {service.name}"
        task = self._catalogue.task(route.service, route.task)
        if route.resource == "task":
            return describe.task(service, task, root), f"Task: {task.name}"
        if route.resource == "validate":
            raise RequestError(
                "The operation 'validate' is not offered; values are checked when a task runs."
            )
        raise NotFound("There is no such resource.")
