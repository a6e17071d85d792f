"""Metadata of services and tasks, in XML; they are loaded when somebody asks for them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from gpserverless.protocols.gpserver.items import summarize
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
    _add(identification, "idPurp", summarize(spec.description))
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


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """Remove the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _write_xml(root: Element) -> bytes:
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text
