"""Services as items of a portal: item info, metadata, thumbnail."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from gpserverless.protocols.gpserver import shapes
from gpserverless.protocols.gpserver.urls import service_url
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
    summary = _summary(spec.description)
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


def service_metadata(spec: ServiceSpec) -> bytes:
    """Return the metadata of a service: XML, UTF-8.

    Args:
        spec: The spec of the service.
    """
    root = Element("metadata", {"xml:lang": "en"})
    identification = SubElement(root, "dataIdInfo")
    citation = SubElement(identification, "idCitation")
    _add(citation, "resTitle", spec.name.rpartition("/")[2])
    _add(identification, "idAbs", spec.description)
    _add(identification, "idPurp", _summary(spec.description))
    keywords = SubElement(identification, "searchKeys")
    for keyword in ("geoprocessing", *(task.title for task in spec.tasks)):
        _add(keywords, "keyword", keyword)
    return _write_xml(root)


def task_metadata(task: TaskSpec) -> bytes:
    """Return the metadata of a task, with its parameters: XML, UTF-8.

    Args:
        task: The spec of the task.
    """
    root = Element("metadata", {"xml:lang": "en"})
    tool = SubElement(root, "tool", {"name": task.name, "displayname": _clean(task.title)})
    parameters = SubElement(tool, "parameters")
    for parameter in task.parameters:
        _add(_add_parameter(parameters, parameter), "dialogReference", parameter.description)
    _add(tool, "summary", task.description)
    citation = SubElement(SubElement(root, "dataIdInfo"), "idCitation")
    _add(citation, "resTitle", task.title)
    return _write_xml(root)


def _add_parameter(parameters: Element, parameter: Parameter) -> Element:
    kind = "Derived" if parameter.direction == "output" else "Required" if parameter.required else "Optional"
    attributes = {
        "name": parameter.name,
        "displayname": _clean(parameter.title),
        "type": kind,
        "direction": parameter.direction.title(),
        "datatype": parameter.data_type.name,
    }
    return SubElement(parameters, "param", attributes)


@cache
def thumbnail() -> bytes:
    """Return the thumbnail of every service: PNG, 200 by 133 pixels."""
    return Path(__file__).with_name("thumbnail.png").read_bytes()


def _summary(text: str) -> str:
    return text.partition("\n\n")[0]


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """Remove the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _write_xml(root: Element) -> bytes:
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text
