"""One geometry, outside a record set: its Esri JSON, with its own flags and its own reference."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.read_geometry import read_extent, read_geometry
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.protocols.soap.xml.read import read_xml
from tests.protocols.soap.documents import element, ordinates, points

WGS = '<SpatialReference i:type="t:GeographicCoordinateSystem"><WKID>4326</WKID></SpatialReference>'
SIDES = "<XMin>1</XMin><YMin>2</YMin><XMax>3</XMax><YMax>4</YMax>"
BOX = {"xmin": 1.0, "ymin": 2.0, "xmax": 3.0, "ymax": 4.0}
IN_WGS = {"spatialReference": {"wkid": 4326}}


def read(content: str, kind: str) -> Element:
    """Read the element of a geometry."""
    return read_xml(element(f'<Value i:type="t:{kind}">{content}</Value>')).children[0]


@pytest.mark.parametrize(
    ("kind", "content", "document"),
    [
        ("PointN", ordinates((1, 2), "XY"), {"x": 1.0, "y": 2.0}),
        ("PointN", ordinates((1, 2, 4, 3), "XYMZ") + WGS, {"x": 1.0, "y": 2.0, "z": 3.0, "m": 4.0, **IN_WGS}),
        ("", ordinates((1, 2), "XY"), {"x": 1.0, "y": 2.0}),
        ("PointN", "", None),
        ("Geometry", "", None),
        ("MultipointN", points((1, 2)), {"points": [(1.0, 2.0)], "hasZ": False, "hasM": False}),
        (
            "MultipointN",
            f"<HasZ>true</HasZ>{points((1, 2, 3), names='XYZ')}{WGS}",
            {"points": [(1.0, 2.0, 3.0)], "hasZ": True, "hasM": False, **IN_WGS},
        ),
        (
            "PolylineN",
            f"<PathArray><Path>{points((0, 0, 7), (1, 1, 8), names='XYM')}</Path></PathArray>",
            {"paths": [[(0.0, 0.0, 7.0), (1.0, 1.0, 8.0)]], "hasZ": False, "hasM": True},
        ),
        (
            "PolygonN",
            f"<RingArray><Ring>{points((0, 0), (0, 1), (1, 1), (0, 0))}</Ring></RingArray>{WGS}",
            {
                "rings": [[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0)]],
                "hasZ": False,
                "hasM": False,
                **IN_WGS,
            },
        ),
        ("EnvelopeN", SIDES, BOX),
    ],
)
def test_geometry_of_its_own(kind: str, content: str, document: dict[str, Any] | None) -> None:
    assert read_geometry(read(content, kind)) == document


@pytest.mark.parametrize(
    ("kind", "content", "document"),
    [
        ("EnvelopeN", SIDES, BOX),
        ("", SIDES, BOX),
        ("Envelope", SIDES, BOX),
        ("EnvelopeN", SIDES + WGS, {**BOX, **IN_WGS}),
        ("EnvelopeN", f"{SIDES}<ZMin>5</ZMin><ZMax>6</ZMax>", {**BOX, "zmin": 5.0, "zmax": 6.0}),
        ("EnvelopeN", f"{SIDES}<ZMin>NaN</ZMin><ZMax>NaN</ZMax>", BOX),
        ("EnvelopeN", "<XMin>NaN</XMin><YMin>NaN</YMin><XMax>NaN</XMax><YMax>NaN</YMax>", None),
        ("EnvelopeN", "", None),
        ("", "", None),
    ],
)
def test_extent(kind: str, content: str, document: dict[str, Any] | None) -> None:
    assert read_extent(read(content, kind)) == document


@pytest.mark.parametrize(
    ("kind", "content", "problem"),
    [
        ("EnvelopeN", SIDES.replace("4", "north"), "a side of its envelope is 'north'"),
        ("EnvelopeN", "<XMin>1</XMin>", "a side of its envelope is ''"),
        ("EnvelopeN", f"{SIDES}<XMin>2</XMin>", "its Value has more than one XMin"),
        ("EnvelopeB", "<Bytes>AAAA</Bytes>", "a geometry of type EnvelopeB is not read"),
        ("PointN", ordinates((1, 2), "XY"), "it is no envelope"),
    ],
)
def test_what_is_no_extent_is_refused(kind: str, content: str, problem: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_extent(read(content, kind))
    assert refused.value.problem == problem
