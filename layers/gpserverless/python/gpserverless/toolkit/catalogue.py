"""The catalogue: every published service by name, from the tools or from the catalogue file."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import orjson

from gpserverless.caller import Access, Caller
from gpserverless.errors import NotFound, SettingsError
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec

FILE = "catalogue.json"
"""Name of the catalogue file, in the folder of the toolboxes."""


@dataclass(frozen=True)
class Catalogue:
    """The published services."""

    #: The services by qualified name, in order.
    services: Mapping[str, ServiceSpec]

    @classmethod
    def select(
        cls, services: Iterable[ServiceSpec], switched_on: Iterable[str] = (), access: Access | None = None
    ) -> Catalogue:
        """Return the catalogue of the services that are published with these settings.

        Args:
            services: All services.
            switched_on: Names of the settings that are on.
            access: Rule of the services that have none of their own; None for anybody.
        """
        on = {"", *switched_on}
        published = [s for s in services if s.published_when in on]
        return cls({s.name: replace(s, access=s.access or access) for s in published})

    def for_caller(self, caller: Caller) -> Catalogue:
        """Return the services and tasks that a caller may see.

        Args:
            caller: The caller.
        """
        if not self._has_rules and not caller.services:
            return self
        return Catalogue({s.name: s.for_caller(caller) for s in self.services.values() if s.shows_to(caller)})

    @cached_property
    def _has_rules(self) -> bool:
        return any(service.has_rules for service in self.services.values())

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that hold a service, in order."""
        return tuple(dict.fromkeys(n.partition("/")[0] for n in self.services if "/" in n))

    def list_services(self, folder: str) -> tuple[ServiceSpec, ...]:
        """Return the services in a folder, in order.

        Args:
            folder: Name of the folder; "" for the root.

        Raises:
            NotFound: There is no such folder.
        """
        if folder and folder not in self.folders:
            raise NotFound(f"Folder '{folder}' not found.")
        return tuple(s for n, s in self.services.items() if n.rpartition("/")[0] == folder)

    def service(self, name: str) -> ServiceSpec:
        """Return a service.

        Args:
            name: Its qualified name: "Samples" or "Conformance/Sync".

        Raises:
            NotFound: There is none of this name.
        """
        if name not in self.services:
            raise NotFound(f"Service '{name}' not found.")
        return self.services[name]

    @property
    def webhooks(self) -> Mapping[str, str]:
        """The webhook of each service that has one, by the name of the service."""
        return {s.name: s.webhook for s in self.services.values() if s.webhook}

    def task(self, service: str, name: str) -> TaskSpec:
        """Return a task.

        Args:
            service: Qualified name of the service.
            name: Name of the task.

        Raises:
            NotFound: There is no such service or task.
        """
        task = self.service(service).task(name)
        if task is None:
            known = ", ".join(t.name for t in self.services[service].tasks)
            raise NotFound(f"Task '{name}' not found in service '{service}'. Its tasks: {known}.")
        return task


def dump_catalogue(services: Iterable[ServiceSpec]) -> bytes:
    """Return the text of the catalogue file of services.

    Args:
        services: The specs of all services.
    """
    document = {"services": [s.to_document() for s in services]}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse_catalogue(text: bytes, switched_on: Iterable[str] | None = None) -> tuple[ServiceSpec, ...]:
    """Return the services of the text of a catalogue file.

    Args:
        text: JSON of a catalogue.
        switched_on: Names of the settings that are on, None for all. The other services are not read.
    """
    documents = orjson.loads(text)["services"]
    if switched_on is not None:
        on = {"", *switched_on}
        documents = [document for document in documents if document["published_when"] in on]
    return tuple(ServiceSpec.from_document(document) for document in documents)


def find_catalogue_file(package: str = "toolboxes") -> Path:
    """Return the path of the catalogue file of a package, without importing a tool.

    Args:
        package: Name of a package of toolboxes.

    Raises:
        SettingsError: There is no such package.
    """
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SettingsError(f"There is no package '{package}' of toolboxes on the import path.")
    return Path(found.submodule_search_locations[0]) / FILE
