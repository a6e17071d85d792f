"""Ports of the pages: the documents that they show beside that of their own resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gpserverless.errors import NotFound
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.route import Route

Read = Callable[[Request, Route], Response]
"""Returns the answer of another resource of the same function to the caller of a request."""


class Descriptions(Protocol):
    """Documents of the catalogue, as the caller of a request may see them."""

    def folder(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return the document of a folder.

        Args:
            request: The request.
            name: Name of the folder, "" for the root.

        Raises:
            NotFound: There is no such folder.
        """
        ...

    def service(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return the document of a service.

        Args:
            request: The request.
            name: Qualified name of the service.

        Raises:
            NotFound: There is no such service.
        """
        ...

    def task(self, request: Request, service: str, name: str) -> Mapping[str, Any]:
        """Return the document of a task.

        Args:
            request: The request.
            service: Qualified name of the service.
            name: Name of the task.

        Raises:
            NotFound: There is no such service or task.
        """
        ...

    def layers(self, request: Request, service: str, task: str) -> Mapping[str, int]:
        """Return the number of the layer of each output of a task that is one of the map of its jobs.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
        """
        ...


class NoDescriptions:
    """The descriptions of a function that answers for no service."""

    def folder(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return a folder with nothing in it.

        Args:
            request: The request.
            name: Name of the folder.
        """
        return {"folders": [], "services": []}

    def service(self, request: Request, name: str) -> Mapping[str, Any]:
        """Raise, since there is none.

        Args:
            request: The request.
            name: Qualified name of the service.

        Raises:
            NotFound: Always.
        """
        raise NotFound(f"Service '{name}' not found.")

    def task(self, request: Request, service: str, name: str) -> Mapping[str, Any]:
        """Raise, since there is none.

        Args:
            request: The request.
            service: Qualified name of the service.
            name: Name of the task.

        Raises:
            NotFound: Always.
        """
        raise NotFound(f"Task '{name}' not found in service '{service}'.")

    def layers(self, request: Request, service: str, task: str) -> Mapping[str, int]:
        """Return none.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
        """
        return {}


@dataclass(frozen=True)
class DirectorySite:
    """What the pages know of the site beside the documents that they show.

    Attributes:
        public_url: Configured public URL of the site, or "".
        descriptions: Documents of the catalogue.
        read: Reads other resources of this function; None if it has none that a page shows.
        stores: Origins of the store of large answers, files and uploads, from which scripts read.
    """

    public_url: str = ""
    descriptions: Descriptions = field(default_factory=NoDescriptions)
    read: Read | None = None
    stores: tuple[str, ...] = ()
