"""The shapes of placemarks, edited to what LIBKML reads right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from gpserverless.formats.files.kml_edit import GX, KmlEdit

_TRACKS = (f"{{{GX}}}Track", f"{{{GX}}}MultiTrack")
_SHAPES = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", *_TRACKS})
_NUMBER = r"[-+]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?[0-9]+)?"
_VERTICES = re.compile(rf"\s*+(?>{_NUMBER},{_NUMBER}(?:,(?:{_NUMBER})?)?(?:\s+|$))++", re.ASCII)
_BLANK_COMMA = re.compile(r"(?<!\s)\s*+,\s*+")
_HEIGHT = re.compile(rf"(?<!\S){_NUMBER},{_NUMBER},[-+]?[0.]*[1-9]", re.ASCII)
_FEWEST = {"LineString": 2, "LinearRing": 3}
_RELATIVE = frozenset({"relativeToGround", "relativeToSeaFloor"})


def edit_shapes(mark: Element, edit: KmlEdit) -> None:
    """Edit the shapes of a placemark.

    Nested and several shapes become one, rings lines, models points. A part whose coordinates are no numbers
    is dropped.

    Args:
        mark: The placemark.
        edit: The course of the edit.
    """
    given = [child for child in mark if child.tag in _SHAPES]
    if not given:
        return
    parts = [part for shape in given for part in _list_parts(shape, edit)]
    kept = [part for part in parts if _edit_part(part, edit)]
    if len(kept) < len(parts):
        edit.lose(
            "placemark has coordinates that cannot be read; these are left out.",
            "placemarks have coordinates that cannot be read; these are left out.",
        )
    if any(_is_relative(part) for part in kept):
        edit.lose(
            "placemark has heights above the ground, not above the sea; they are read as they are.",
            "placemarks have heights above the ground, not above the sea; they are read as they are.",
        )
    flat = given[0].tag == "MultiGeometry" and kept == list(given[0])
    if len(given) == 1 and (flat or kept == given):
        return
    for shape in given:
        mark.remove(shape)
    if len(kept) == 1:
        mark.append(kept[0])
    elif kept:
        SubElement(mark, "MultiGeometry").extend(kept)
    edit.changed = True


def _list_parts(shape: Element, edit: KmlEdit) -> Iterator[Element]:
    if shape.tag == "MultiGeometry":
        for child in shape:
            if child.tag in _SHAPES:
                yield from _list_parts(child, edit)
        return
    if shape.tag in _TRACKS:
        edit.lose(
            "track was read as a line, without the times of its vertices.",
            "tracks were read as lines, without the times of their vertices.",
        )
    yield _make_point(shape) if shape.tag == "Model" else shape


def _make_point(model: Element) -> Element:
    """Return the place of a model as a point."""
    place = [model.findtext(f"Location/{name}", "") for name in ("longitude", "latitude", "altitude")]
    point = Element("Point")
    SubElement(point, "coordinates").text = ",".join(place).rstrip(",")
    return point


def _edit_part(part: Element, edit: KmlEdit) -> bool:
    """Edit the coordinates of a part; return whether they can be read."""
    if part.tag in _TRACKS:
        return sum(1 for _ in part.iter(f"{{{GX}}}coord")) > 1
    if part.tag == "Polygon":
        rings = [(edge, edge.find("LinearRing")) for edge in part if edge.tag.endswith("BoundaryIs")]
        for edge, ring in rings:
            if edge.tag == "innerBoundaryIs" and (ring is None or not _edit_vertices(ring, edit)):
                part.remove(edge)
                edit.changed = True
        outer = part.find("outerBoundaryIs/LinearRing")
        return outer is not None and _edit_vertices(outer, edit)
    if not _edit_vertices(part, edit):
        return False
    if part.tag == "LinearRing":
        part.tag, edit.changed = "LineString", True
    return True


def _edit_vertices(part: Element, edit: KmlEdit) -> bool:
    element = part.find("coordinates")
    text = "" if element is None or element.text is None else element.text
    joined = _BLANK_COMMA.sub(",", text) if ", " in text or " ," in text else text
    if element is None or not _VERTICES.fullmatch(joined):
        return False
    if part.tag != "Point":
        vertices = joined.split()
        if part.tag == "LinearRing" and vertices[0] != vertices[-1]:
            vertices.append(vertices[0])
            joined = " ".join(vertices)
        if len(vertices) < _FEWEST[part.tag]:
            return False
    if joined != text:
        element.text, edit.changed = joined, True
    return True


def _is_relative(part: Element) -> bool:
    modes = {element.text for element in part if element.tag.endswith("altitudeMode")}
    return bool(modes & _RELATIVE) and any(_HEIGHT.search(e.text or "") for e in part.iter("coordinates"))
