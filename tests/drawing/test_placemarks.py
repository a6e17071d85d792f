"""Styles of KML: the colours, widths and sizes with which a map is drawn, as Google Earth reads them."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from PIL import Image
from shapely.geometry.base import BaseGeometry

from gpserverless.drawing.encode import encode_image
from gpserverless.drawing.placemarks import make_placemark_styles
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.files.gdal import load_pyogrio
from gpserverless.formats.files.sources import find_sources
from gpserverless.formats.kml import encode_kmz
from gpserverless.values.spatial_reference import WGS84

KML = {"": "http://www.opengis.net/kml/2.2"}
POINT, LINE, AREA = shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1)
OUTLINE = {"type": "esriSLS", "style": "esriSLSSolid", "color": [1, 2, 3, 255], "width": 3}
FILL = {"type": "esriSFS", "style": "esriSFSSolid", "color": [255, 128, 0, 64]}
MARKER = {"type": "esriSMS", "style": "esriSMSSquare", "color": [255, 128, 0, 64], "size": 24}
PNG = encode_image(Image.new("RGBA", (2, 2)), "png32", transparent=True, dpi=96)
PICTURE = {"type": "esriPMS", "imageData": base64.b64encode(PNG).decode(), "width": 12, "height": 24}


def draw(shape: BaseGeometry, symbol: dict[str, Any]) -> tuple[str, dict[str, bytes]]:
    styles = make_placemark_styles({"type": "simple", "symbol": symbol}, FeatureSet.of([shape], WGS84))
    assert styles.numbers.tolist() == [0]
    return styles.styles[0], dict(styles.pictures)


@pytest.mark.parametrize(
    ("shape", "symbol", "style"),
    [
        (LINE, OUTLINE, "<LineStyle><color>ff030201</color><width>4</width></LineStyle>"),
        (LINE, {**OUTLINE, "style": "esriSLSNull"}, "<LineStyle><width>0</width></LineStyle>"),
        (
            AREA,
            {**FILL, "outline": OUTLINE},
            "<LineStyle><color>ff030201</color><width>4</width></LineStyle>"
            "<PolyStyle><color>400080ff</color><fill>1</fill><outline>1</outline></PolyStyle>",
        ),
        (
            AREA,
            {**FILL, "style": "esriSFSNull"},
            "<LineStyle><width>0</width></LineStyle><PolyStyle><fill>0</fill><outline>0</outline></PolyStyle>",
        ),
        (POINT, {**MARKER, "color": None}, "<IconStyle><scale>0</scale></IconStyle>"),
    ],
)
def test_colours_and_widths(shape: BaseGeometry, symbol: dict[str, Any], style: str) -> None:
    assert draw(shape, symbol) == (style, {})


@pytest.mark.parametrize(
    ("symbol", "color", "name"),
    [
        (MARKER, "400080ff", "files/square.png"),
        ({**MARKER, "style": "esriSMSCircle"}, "400080ff", "files/circle.png"),
        ({**MARKER, "color": None, "outline": OUTLINE}, "ff030201", "files/square-open.png"),
        ({**MARKER, "style": "esriSMSX", "outline": OUTLINE}, "ff030201", "files/x-open.png"),
    ],
)
def test_a_marker_is_a_white_picture_of_its_shape_and_size(
    symbol: dict[str, Any], color: str, name: str
) -> None:
    text, pictures = draw(POINT, symbol)
    style = ElementTree.fromstring(text)
    assert (style.findtext("color"), style.findtext("Icon/href")) == (color, name)
    pixels = np.asarray(Image.open(io.BytesIO(pictures[name])).convert("RGBA"))
    drawn = pixels[..., 3] > 128
    assert (pixels[drawn][:, :3] > 250).all(), "the colour of the style is multiplied with it"
    height = drawn.any(axis=1).sum() / len(drawn) * float(style.findtext("scale") or 0) * 32
    assert height == pytest.approx(32, abs=2), "24 points are 32 pixels"


def test_a_picture_stays_as_it_is() -> None:
    text, pictures = draw(POINT, {**PICTURE, "angle": 30})
    assert pictures == {"files/0.png": PNG}
    style = ElementTree.fromstring(text)
    assert [child.tag for child in style] == ["scale", "heading", "Icon", "hotSpot"]
    assert (style.findtext("scale"), style.findtext("heading")) == ("1", "330")


def make_town() -> tuple[FeatureSet[Any], dict[str, Any]]:
    """Return three points, and a renderer of which one class is for the first and none for the last."""
    points = FeatureSet.of([POINT, shapely.Point(3, 4), POINT], WGS84, {"USE": ["<a>", "b", "c"]})
    infos = [
        {"value": value, "symbol": {**MARKER, "color": [*color, 255]}}
        for value, color in (("<a>", (255, 0, 0)), ("b", (0, 0, 255)))
    ]
    return points, {"type": "uniqueValue", "field1": "USE", "uniqueValueInfos": infos}


def test_each_placemark_has_the_style_of_its_class() -> None:
    points, renderer = make_town()
    kmz = encode_kmz(points, styles=make_placemark_styles(renderer, points))
    with zipfile.ZipFile(io.BytesIO(kmz)) as archive:
        assert archive.namelist() == ["doc.kml", "files/square.png"]
        root = ElementTree.fromstring(archive.read("doc.kml"))
    styles = {f"#{each.get('id')}": each for each in root.findall("Document/Style", KML)}
    links = [each.findtext("styleUrl", "", KML) for each in root.findall(".//Placemark", KML)]
    colors = [styles[link].findtext("IconStyle/color", None, KML) for link in links]
    assert colors == ["ff0000ff", "ffff0000", None]
    assert styles[links[2]].findtext("IconStyle/scale", None, KML) == "0", "it is in no class: not drawn"
    order = [child.tag.partition("}")[2] for child in root.findall(".//Placemark", KML)[0]]
    assert order == ["styleUrl", "ExtendedData", "Point"]


def test_a_renderer_of_another_field_is_told() -> None:
    points, renderer = make_town()
    styles = make_placemark_styles({**renderer, "field1": "NOPE"}, points)
    assert (len(styles.styles), styles.numbers.tolist()) == (1, [0, 0, 0])
    with zipfile.ZipFile(io.BytesIO(encode_kmz(points, styles=styles))) as archive:
        assert b"<description>The features are drawn with one symbol: there is no field" in archive.read(
            "doc.kml"
        )


def test_gdal_reads_the_features_beside_styles_and_pictures(tmp_path: Path) -> None:
    points, renderer = make_town()
    path = tmp_path / "town.kmz"
    path.write_bytes(encode_kmz(points, styles=make_placemark_styles(renderer, points)))
    _, _, shapes, columns = load_pyogrio().read(path, columns=["USE"])
    assert shapely.from_wkb(shapes).tolist() == list(points.geometries)
    assert columns[0].tolist() == ["<a>", "b", "c"]
    told: list[str] = []
    assert [source.path.name for source in find_sources(path, told.append)] == ["doc.kml"]
    assert not told, "a picture is no data set that is left out"
