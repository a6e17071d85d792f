"""Spatial references: ids before WKT, a WKT where no id is known, and nothing where there is nothing."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest
from pyproj import CRS

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.sets.read_reference import read_reference
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.protocols.soap.xml.read import read_xml
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.soap.documents import element

UTM = CRS.from_epsg(25832).to_wkt("WKT1_ESRI")
VERTICAL = 'VERTCS["DHHN92_height",VDATUM["DHHN92"],PARAMETER["Vertical_Shift",0.0],PARAMETER["Direction",1.0],UNIT["Meter",1.0]]'  # noqa: E501 - one text


def read(content: str, kind: str = "ProjectedCoordinateSystem") -> Element:
    """Read the element of a spatial reference."""
    return read_xml(element(f'<SpatialReference i:type="t:{kind}">{content}</SpatialReference>')).children[0]


def wkt(text: str) -> str:
    """Return the member of a WKT."""
    return f"<WKT>{escape(text)}</WKT>"


@pytest.mark.parametrize(
    ("content", "document"),
    [
        ("<WKID>4326</WKID>", {"wkid": 4326}),
        ("<WKID> 25832 </WKID>", {"wkid": 25832}),
        ("<WKID>102100</WKID><LatestWKID>3857</LatestWKID>", {"wkid": 102100, "latestWkid": 3857}),
        ("<LatestWKID>3857</LatestWKID>", {"wkid": 3857, "latestWkid": 3857}),
        (f"{wkt(UTM)}<HighPrecision>true</HighPrecision><WKID>25832</WKID>", {"wkid": 25832}),
        (f"{wkt(UTM)}<WKID>0</WKID>", {"wkt": UTM}),
        (f"{wkt(UTM)}<WKID>-1</WKID>", {"wkt": UTM}),
        (f"{wkt(UTM)}<WKID>999999</WKID>", {"wkt": UTM}),
        ("<WKID>999999</WKID>", {"wkid": 999999}),
        (wkt(UTM), {"wkt": UTM}),
        (
            "<WKID>25832</WKID><VCSWKID>5783</VCSWKID><LatestVCSWKID>5783</LatestVCSWKID>",
            {"wkid": 25832, "vcsWkid": 5783, "latestVcsWkid": 5783},
        ),
        (
            "<WKID>25832</WKID><LatestVCSWKID>5783</LatestVCSWKID>",
            {"wkid": 25832, "vcsWkid": 5783, "latestVcsWkid": 5783},
        ),
        ("<XOrigin>-400</XOrigin><XYScale>1000000000</XYScale>", None),
        ("<WKT/>", None),
        ("", None),
    ],
)
def test_ids_count_before_wkt(content: str, document: dict[str, Any] | None) -> None:
    assert read_reference(read(content)) == document


def test_an_unknown_system_is_none() -> None:
    assert read_reference(read("<WKT>anything</WKT><WKID>4326</WKID>", "UnknownCoordinateSystem")) is None
    assert read_reference(Element("SpatialReference", is_nil=True)) is None


@pytest.mark.parametrize("text", [UTM, f"{UTM},{VERTICAL}"])
def test_wkt_of_esri_is_the_system_of_its_id(text: str) -> None:
    document = read_reference(read(wkt(text)))
    assert SpatialReference.from_json(document) == SpatialReference(25832)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<WKID>UTM</WKID>", "the WKID of its spatial reference is 'UTM'"),
        ("<WKID>4326.5</WKID>", "the WKID of its spatial reference is '4326.5'"),
        ("<WKID>1</WKID><LatestWKID>99999999999999999999</LatestWKID>", "the LatestWKID of its spatial"),
        (f"<WKID>{'9' * 5000}</WKID>", "the WKID of its spatial reference is '999"),
        ("<WKID>1</WKID><WKID>2</WKID>", "its SpatialReference has more than one WKID"),
        ("<WKT>+proj=utm +zone=32</WKT>", "it is not a spatial reference"),
        ("<WKT>/etc/passwd</WKT>", "it is not a spatial reference"),
        (wkt(f"PROJCS[{'x' * 5000}]"), "the WKT has 5,008 characters"),
    ],
)
def test_what_is_refused(content: str, problem: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_reference(read(content))
    assert refused.value.problem.startswith(problem)
