"""The pages of a service: itself, and its item in a portal."""

from __future__ import annotations

from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.labels import EXECUTION_TYPES
from gpserverless.protocols.directory.page import Page, Subject


def draw_service(subject: Subject, document: Any) -> Page:
    """Return the page of a service.

    Args:
        subject: The resource.
        document: Its document.
    """
    service = subject.name("service")
    described = (subject.descriptions.task(subject.request, service, name) for name in document["tasks"])
    values = {
        "service": document,
        "execution": EXECUTION_TYPES[document["executionType"]],
        "tasks": [(task, subject.links.task(service, task["name"])) for task in described],
        "path": subject.links.service(service),
        "soap": subject.links.soap(service),
        "toolbox": subject.links.toolbox(service),
        "has_uploads": "Uploads" in document["capabilities"].split(","),
    }
    return Page("service.html", service.rpartition("/")[2], values)


def draw_service_info(subject: Subject, document: Any) -> Page:
    """Return the page of the list of resources about a service.

    Args:
        subject: The resource.
        document: Its document.
    """
    path = f"{subject.links.service(subject.name('service'))}/info"
    resources = [(name, f"{path}/{name}") for name in document["resources"]]
    return Page("service_info.html", Text("Info"), {"resources": resources})


def draw_item_info(subject: Subject, document: Any) -> Page:
    """Return the page of a service as an item of a portal.

    Args:
        subject: The resource.
        document: Its document.
    """
    thumbnail = f"{subject.links.service(subject.name('service'))}/info/{document['thumbnail']}"
    return Page("item_info.html", Text("Item info"), {"item": document, "thumbnail": thumbnail})
