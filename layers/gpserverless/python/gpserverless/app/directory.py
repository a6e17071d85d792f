"""The function that describes: server, catalogue, services and tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.app.http import serve
from gpserverless.app.published import from_catalogue_file
from gpserverless.errors import NotFound, RequestError
from gpserverless.protocol import describe
from gpserverless.protocol.formats import Format, Response, same_again_at, write
from gpserverless.protocol.request import Request
from gpserverless.protocol.routes import Route
from gpserverless.settings import DirectorySettings
from gpserverless.toolkit.catalogue import Catalogue


class Directory:
    """Answers requests for descriptions.

    Args:
        settings: The function's settings.
        catalogue: What is published.
    """

    def __init__(self, settings: DirectorySettings, catalogue: Catalogue) -> None:
        self._settings = settings
        self._catalogue = catalogue

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> Directory:
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
        document, title = self._described(request, route)
        return write(document, form, title)

    def _operation(self, request: Request, route: Route) -> Response:
        """Lead on a request that came here since the gateway knows one spelling of its path only."""
        self._catalogue.task(route.service, route.task)
        path = f"/rest/services/{route.service}/GPServer/{route.task}/{route.resource}"
        if request.path.endswith(path):
            raise RequestError("Invalid URL")
        query = f"?{request.query.text}" if request.query.text else ""
        return same_again_at(request.root + path + query)

    def _described(self, request: Request, route: Route) -> tuple[dict[str, Any], str]:
        published = self._catalogue
        match route.resource:
            case "info":
                return describe.info(), "Server Info"
            case "catalogue":
                return describe.catalogue(published, route.service), f"Folder: /{route.service}"
            case "service":
                return describe.service(published.service(route.service)), f"{route.service} (GPServer)"
            case "task":
                task = published.task(route.service, route.task)
                service = published.service(route.service)
                return describe.task(service, task, request.root), f"Task: {route.task}"
        raise NotFound("There is no such resource.")
