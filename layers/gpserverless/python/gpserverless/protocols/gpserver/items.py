"""What is known about services and tasks beside their signatures: item info, metadata, a thumbnail."""

from __future__ import annotations

import re
import struct
import zlib
from functools import cache
from xml.etree.ElementTree import Element, SubElement, tostring

from gpserverless.protocols.gpserver import shapes
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec

THUMBNAIL_SIZE = (200, 133)
"""Width and height in pixels of the thumbnails of items."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COLOURS = bytes.fromhex("f4f6f3 dfe6e0 a9cfc4 2f7f74 d9542b")
"""Of the thumbnail: paper, grid, zone, outline, point; three bytes each."""


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
        "url": f"{root}/rest/services/{spec.name}/GPServer",
        "extent": [],
        "accessInformation": "",
        "licenseInfo": "",
    }


def service_metadata(spec: ServiceSpec) -> bytes:
    """Return the metadata of a service: XML, UTF-8."""
    root = Element("metadata", {"xml:lang": "en"})
    identification = SubElement(root, "dataIdInfo")
    citation = SubElement(identification, "idCitation")
    _add(citation, "resTitle", spec.name.rpartition("/")[2])
    _add(identification, "idAbs", spec.description)
    _add(identification, "idPurp", _summary(spec.description))
    keywords = SubElement(identification, "searchKeys")
    for keyword in ("geoprocessing", *(task.title for task in spec.tasks)):
        _add(keywords, "keyword", keyword)
    return _document(root)


def task_metadata(task: TaskSpec) -> bytes:
    """Return the metadata of a task, with what its parameters mean: XML, UTF-8."""
    root = Element("metadata", {"xml:lang": "en"})
    tool = SubElement(root, "tool", {"name": task.name, "displayname": _clean(task.title)})
    parameters = SubElement(tool, "parameters")
    for parameter in task.parameters:
        _add(_described(parameters, parameter), "dialogReference", parameter.description)
    _add(tool, "summary", task.description)
    citation = SubElement(SubElement(root, "dataIdInfo"), "idCitation")
    _add(citation, "resTitle", task.title)
    return _document(root)


def _described(parameters: Element, parameter: Parameter) -> Element:
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
    """Return the thumbnail of every service: a point and its zone on a grid, as PNG."""
    width, height = THUMBNAIL_SIZE
    rows = (bytes(_colour(x, y) for x in range(width)) for y in range(height))
    pixels = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # eight bits a pixel, indexed colours
    chunks = ((b"IHDR", header), (b"PLTE", _COLOURS), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _colour(x: int, y: int) -> int:
    width, height = THUMBNAIL_SIZE
    square = (x - width / 2) ** 2 + (y - height / 2) ** 2
    if square < 6**2:
        return 4
    if square < 46**2:
        return 2
    if square < 48**2:
        return 3
    return 1 if x % 25 == 0 or y % 25 == 0 else 0


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _summary(text: str) -> str:
    return text.partition("\n\n")[0]


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _document(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
