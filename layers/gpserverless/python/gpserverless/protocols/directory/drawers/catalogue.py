"""The pages of the catalogue: the root, and a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.errors import NotFound
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.labels import EXECUTION_TYPES
from gpserverless.protocols.directory.page import Page, Subject


@dataclass(frozen=True)
class FolderCard:
    """A folder of the catalogue.

    Attributes:
        name: Its name.
        path: Path of its page.
        services: Number of its services; None if others know it.
        names: The names of the services, without the folder.
    """

    name: str
    path: str
    services: int | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class ServiceCard:
    """A service of a folder.

    Attributes:
        name: Its name without the folder.
        path: Path of its page.
        kind: Type of the service.
        summary: First paragraph of its description.
        execution: Label of its execution type.
        tasks: The names of its tasks, each with the path of its page.
    """

    name: str
    path: str
    kind: str
    summary: str
    execution: str
    tasks: tuple[tuple[str, str], ...]


def draw_catalogue(subject: Subject, document: Any) -> Page:
    """Return the page of a folder, or of the root of the catalogue.

    Args:
        subject: The resource.
        document: Its document.
    """
    folder = subject.name("folder")
    folders = [_describe_folder(subject, name) for name in document["folders"]]
    services = [_describe_service(subject, each) for each in document["services"]]
    soap = subject.links.soap("")
    values = {"is_root": not folder, "folders": folders, "services": services, "soap": soap}
    return Page("catalogue.html", folder or Text("Geoprocessing services"), values)


def _describe_folder(subject: Subject, name: str) -> FolderCard:
    try:
        services = subject.descriptions.folder(subject.request, name)["services"]
    except NotFound:  # that of hosted services, which another function lists
        return FolderCard(name, subject.links.folder(name), None, ())
    names = tuple(_short(each["name"]) for each in services)
    return FolderCard(name, subject.links.folder(name), len(names), names)


def _describe_service(subject: Subject, entry: Mapping[str, Any]) -> ServiceCard:
    name = entry["name"]
    document = subject.descriptions.service(subject.request, name)
    return ServiceCard(
        _short(name),
        subject.links.service(name),
        entry["type"],
        document["serviceDescription"].partition("\n\n")[0],
        EXECUTION_TYPES[document["executionType"]],
        tuple((task, subject.links.task(name, task)) for task in document["tasks"]),
    )


def _short(name: str) -> str:
    return name.rpartition("/")[2]
