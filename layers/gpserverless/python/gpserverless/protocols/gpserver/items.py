"""Services as items of a portal: item info and thumbnail."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gpserverless.protocols.gpserver import shapes
from gpserverless.protocols.gpserver.urls import service_url
from gpserverless.toolkit.spec import ServiceSpec


def service_info() -> shapes.ServiceInfo:
    """Return the list of the resources about a service."""
    return {"resources": ["iteminfo", "metadata", "thumbnail"]}


def item_info(spec: ServiceSpec, root: str) -> shapes.ItemInfo:
    """Return a service as an item of a portal.

    Args:
        spec: The service.
        root: Public URL of the site.
    """
    name = spec.name.rpartition("/")[2]
    summary = summarize(spec.description)
    return {
        "culture": "en-US",
        "name": name,
        "title": name,
        "type": "Geoprocessing Service",
        "typeKeywords": ["ArcGIS Server", "Geoprocessing Service", "Service", "Tool"],
        "summary": summary,
        "snippet": summary,
        "description": spec.description,
        "tags": ["geoprocessing", *(task.title for task in spec.tasks)],
        "thumbnail": "thumbnail",
        "url": service_url(root, spec.name),
        "extent": [],
        "accessInformation": "",
        "licenseInfo": "",
    }


@cache
def thumbnail() -> bytes:
    """Return the thumbnail of every service: PNG, 200 by 133 pixels."""
    return Path(__file__).with_name("thumbnail.png").read_bytes()


def summarize(text: str) -> str:
    """Return the first paragraph of a description.

    Args:
        text: The description.
    """
    return text.partition("\n\n")[0]
