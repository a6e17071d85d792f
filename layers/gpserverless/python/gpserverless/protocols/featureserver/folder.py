"""The folder of hosted services."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gpserverless.caller import Caller
from gpserverless.errors import MethodNotAllowed
from gpserverless.http.arcgis_version import VERSION
from gpserverless.http.dispatch import Handlers
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.protocols.featureserver.routes import FOLDER


@dataclass(frozen=True)
class FolderHandlers:
    """Handlers of the folder.

    Attributes:
        list_names: Returns the names of the services that a caller may see.
        remove: Removes the service of a name for a caller.
    """

    list_names: Callable[[Caller], Iterable[str]]
    remove: Callable[[str, Caller], None]

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"hostedFolder": self.list_services, "removeService": self.remove_service}

    def list_services(self, request: Request) -> Response:
        """Return the services of the folder, as a catalogue does.

        Args:
            request: The request.
        """
        names = sorted(self.list_names(request.caller), key=str.lower)
        services = [{"name": f"{FOLDER}/{name}", "type": "FeatureServer"} for name in names]
        document = {"currentVersion": VERSION, "folders": [], "services": services}
        return write(document, request.answer_format)

    def remove_service(self, request: Request, name: str) -> Response:
        """Remove a service.

        Args:
            request: The request.
            name: Its name.

        Raises:
            MethodNotAllowed: The request is none of POST.
            NotFound: There is no such service.
            Forbidden: It belongs to another user.
        """
        if request.method != "POST":
            raise MethodNotAllowed("Use POST.")
        self.remove(name, request.caller)
        return write({"status": "success"}, request.answer_format)
