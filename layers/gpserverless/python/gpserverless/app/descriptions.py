"""The documents of the catalogue for the pages of the directory: those that programs get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import NotFound
from gpserverless.http.request import Request
from gpserverless.protocols.gpserver import describe
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.layers import number_outputs


@dataclass(frozen=True)
class CatalogueDescriptions:
    """The documents of a catalogue, each as the caller of a request may see it.

    Attributes:
        catalogue: The published services.
    """

    catalogue: Catalogue

    def folder(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return the document of a folder.

        Args:
            request: The request.
            name: Name of the folder, "" for the root.

        Raises:
            NotFound: There is no such folder.
        """
        return describe.catalogue(self._seen_by(request), name)

    def service(self, request: Request, name: str) -> Mapping[str, Any]:
        """Return the document of a service.

        Args:
            request: The request.
            name: Qualified name of the service.

        Raises:
            NotFound: There is no such service.
        """
        return describe.service(self._seen_by(request).service(name), request.root)

    def task(self, request: Request, service: str, name: str) -> Mapping[str, Any]:
        """Return the document of a task.

        Args:
            request: The request.
            service: Qualified name of the service.
            name: Name of the task.

        Raises:
            NotFound: There is no such service or task.
        """
        visible = self._seen_by(request)
        return describe.task(visible.service(service), visible.task(service, name), request.root)

    def layers(self, request: Request, service: str, task: str) -> Mapping[str, int]:
        """Return the number of the layer of each output of a task that is one of the map of its jobs.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
        """
        try:
            spec = self._seen_by(request).service(service)
        except NotFound:  # the service has gone since the job ran
            return {}
        outputs = number_outputs(spec, request.caller)
        return {each.parameter.name: each.number for each in outputs if each.task == task}

    def _seen_by(self, request: Request) -> Catalogue:
        return self.catalogue.for_caller(request.caller)
