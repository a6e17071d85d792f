"""KML documents, edited before GDAL reads them.

LIBKML reads much of KML in silence as something else: coordinates that are no numbers as 0,0, an empty
integer as 0, a year as no time, only the last of several shapes. So a document is edited to what LIBKML reads
right, and what has no place among features is told (OGC 07-147r2).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.kml_data import edit_data
from gpserverless.formats.files.kml_edit import GX, KmlEdit
from gpserverless.formats.files.kml_shapes import edit_shapes
from gpserverless.formats.files.kml_times import edit_times
from gpserverless.formats.files.warn import Warn
from gpserverless.formats.files.xml_prolog import has_document_type
from gpserverless.values.counts import write_count

KML = "http://www.opengis.net/kml/2.2"
_OLD = "http://earth.google.com/kml/"
_CONTAINERS = frozenset({"kml", "Document", "Folder"})
_OVERLAYS = frozenset({"GroundOverlay", "ScreenOverlay", "PhotoOverlay"})
_PREFIX = re.compile(rb"[</\s]([A-Za-z]\w*):[A-Za-z][\w.-]*(?=[\s=/>])")
_DECLARED = re.compile(rb"xmlns:(\w+)\s*=")
_ROOT = re.compile(rb"<(?:\w+:)?kml\b")
_SPACES = {b"gx": GX.encode(), b"kml": KML.encode()}

ET.register_namespace("gx", GX)


@dataclass(frozen=True)
class KmlDocument:
    """A KML document that LIBKML reads right.

    Attributes:
        path: The file.
        placemarks: Number of its features.
        links: Number of links to other files.
        overlays: Number of images.
    """

    path: Path
    placemarks: int
    links: int
    overlays: int


def prepare_kml(path: Path, warn: Warn) -> KmlDocument | None:
    """Edit a KML document; None if it is not well-formed.

    Args:
        path: The file; an edited one of the same name is made in a new folder.
        warn: Takes a sentence about every loss.

    Raises:
        InvalidValue: It declares a document type, and perhaps entities.
    """
    if has_document_type(path):
        raise InvalidValue("the KML file has a document type (<!DOCTYPE>)", "a KML file without one")
    edit = KmlEdit()
    root = _parse(path, edit)
    if root is None:
        return None
    _strip_namespaces(root)
    root = _wrap_bare_root(root, edit)
    links, overlays = _remove(root, {"NetworkLink"}, edit), _remove(root, _OVERLAYS, edit)
    marks = list(root.iter("Placemark"))
    for mark in marks:
        edit_shapes(mark, edit)
        edit_times(mark, edit)
    _join_roots(root, edit)
    _lift_out_of_bare_folders(root, edit)
    if not marks:
        _add_empty_layer(root, path.stem, edit)
    edit_data(root, edit)
    if marks:
        edit.lose(
            "link to another KML file was not followed.", "links to other KML files were not followed.", links
        )
        edit.lose("image (overlay) was left out.", "images (overlays) were left out.", overlays)
    _tell_losses(edit, warn)
    return KmlDocument(_write(root, path) if edit.changed else path, len(marks), links, overlays)


def _wrap_bare_root(root: Element, edit: KmlEdit) -> Element:
    """Return a document whose root is `kml`, as GDAL expects it."""
    if root.tag not in {"Document", "Folder", "Placemark"}:
        return root
    edit.changed = True
    whole = Element("kml")
    whole.append(root)
    return whole


def _tell_losses(edit: KmlEdit, warn: Warn) -> None:
    for (one, several), number in edit.losses.items():
        if number:
            warn(write_count(number, one, several))


def _parse(path: Path, edit: KmlEdit) -> Element | None:
    """Parse a document, also one with blanks in front or with prefixes that it does not declare."""
    try:
        return ET.parse(path).getroot()  # noqa: S314 - expat bounds entities  # nosec B314
    except (ET.ParseError, LookupError, ValueError):
        text = path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip()
    used = set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {b"xml", b"xmlns"}
    spaces = b"".join(b' xmlns:%b="%b"' % (p, _SPACES.get(p, b"urn:" + p)) for p in sorted(used))
    try:
        edit.changed = True
        return ET.fromstring(_ROOT.sub(lambda start: start[0] + spaces, text, count=1))  # noqa: S314  # nosec B314
    except (ET.ParseError, LookupError, ValueError):
        return None


def _strip_namespaces(root: Element) -> None:
    """Give the elements of KML, in every version, their bare names."""
    for element in root.iter():
        space, _, name = element.tag.rpartition("}")
        if space[1:] == KML or space[1:].startswith(_OLD) or "opengis.net/kml" in space:
            element.tag = name


def _list_containers(root: Element) -> list[Element]:
    return [element for element in root.iter() if element.tag in _CONTAINERS]


def _remove(root: Element, tags: set[str] | frozenset[str], edit: KmlEdit) -> int:
    """Remove the features of some tags and return their number."""
    found = [(parent, child) for parent in _list_containers(root) for child in parent if child.tag in tags]
    for parent, child in found:
        parent.remove(child)
        edit.changed = True
    return len(found)


def _join_roots(root: Element, edit: KmlEdit) -> None:
    """Put the features at the root into one document: LIBKML reads only one of several."""
    features = [child for child in root if child.tag in {"Placemark", "Document", "Folder"}]
    if root.tag == "kml" and [child.tag for child in features] != ["Document"]:
        document = Element("Document")
        for child in list(root):
            root.remove(child)
            document.append(child)
        root.append(document)
        edit.changed = True


def _lift_out_of_bare_folders(root: Element, edit: KmlEdit) -> None:
    """Put the folders in a folder without features of its own in its place: it is no layer."""
    for parent in reversed(_list_containers(root)):
        if parent.tag == "kml":
            continue
        children = list(parent)
        lifted = [child for each in children for child in _lift(each)]
        if lifted != children:
            parent[:] = lifted
            edit.changed = True


def _add_empty_layer(root: Element, name: str, edit: KmlEdit) -> None:
    """Put one empty folder into a document without features, which would have no layer."""
    root[:] = [Element("Document")]
    SubElement(SubElement(root[0], "Folder"), "name").text = name
    edit.changed = True


def _lift(element: Element) -> Iterator[Element]:
    bare = element.tag in {"Document", "Folder"} and element.find("Placemark") is None
    if not bare:
        yield element
        return
    yield from (child for child in element if child.tag in {"Document", "Folder", "Schema"})


def _write(root: Element, path: Path) -> Path:
    root.set("xmlns", KML)
    made = Path(tempfile.mkdtemp(prefix="kml-"), path.parent.name, path.name)
    made.parent.mkdir(exist_ok=True)
    ET.ElementTree(root).write(made, encoding="utf-8", xml_declaration=True)
    return made
