"""KMZ: every geometry as KML draws it, every text as XML can hold it."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.kml import encode_kmz
from gpserverless.values.spatial_reference import WGS84

DRAWN = [
    ("POINT (1 2)", "<Point><coordinates>1.0,2.0</coordinates></Point>"),
    ("LINESTRING (0 0, 1 1)", "<LineString><coordinates>0.0,0.0 1.0,1.0</coordinates></LineString>"),
    (
        "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 2, 6 2, 6 3, 5 2))",
        "<Polygon>"
        "<outerBoundaryIs><LinearRing><coordinates>0.0,0.0 9.0,0.0 9.0,9.0 0.0,0.0</coordinates></LinearRing>"
        "</outerBoundaryIs><innerBoundaryIs><LinearRing>"
        "<coordinates>5.0,2.0 6.0,2.0 6.0,3.0 5.0,2.0</coordinates></LinearRing></innerBoundaryIs></Polygon>",
    ),
    (
        "MULTIPOINT (1 2, 3 4)",
        "<MultiGeometry><Point><coordinates>1.0,2.0</coordinates></Point>"
        "<Point><coordinates>3.0,4.0</coordinates></Point></MultiGeometry>",
    ),
]


def document(geometry: BaseGeometry | None, z: bool = False, **columns: object) -> str:
    features = FeatureSet.of([geometry], WGS84, {name: [value] for name, value in columns.items()})
    with zipfile.ZipFile(io.BytesIO(encode_kmz(features, z=z))) as archive:
        return archive.read("doc.kml").decode()


@pytest.mark.parametrize(("wkt", "kml"), DRAWN)
def test_geometries_have_their_kml_elements(wkt: str, kml: str) -> None:
    assert kml in document(shapely.from_wkt(wkt))


def test_heights_are_absolute() -> None:
    high = shapely.from_wkt("POINT Z (1 2 3)")
    assert "<altitudeMode>absolute</altitudeMode><coordinates>1.0,2.0,3.0</coordinates>" in document(
        high, z=True
    )
    assert "<Point><coordinates>1.0,2.0</coordinates>" in document(high)


def test_texts_are_escaped_and_nulls_left_out() -> None:
    text = document(shapely.Point(0, 0), NAME="<b>&\x00", EMPTY=None)
    assert '<Data name="NAME"><value>&lt;b&gt;&amp; </value></Data>' in text
    assert "EMPTY" not in text


def test_feature_without_a_shape_is_a_placemark_without_one() -> None:
    assert document(None, NAME="a").endswith("</ExtendedData></Placemark></Document></kml>\n")


def test_document_says_that_the_limit_of_features_is_exceeded() -> None:
    none = FeatureSet.of([], WGS84)
    texts = []
    for exceeded in (True, False):
        with zipfile.ZipFile(io.BytesIO(encode_kmz(none, exceeded=exceeded))) as archive:
            texts.append(archive.read("doc.kml").decode())
    (told,) = ElementTree.fromstring(texts[0])
    assert [child.tag.rpartition("}")[2] for child in told] == ["description", "ExtendedData"]
    assert "The limit of features is exceeded" in (told[0].text or "")
    assert "exceeded" not in texts[1]


def test_features_without_a_reference_are_refused() -> None:
    with pytest.raises(InvalidValue, match="spatial reference"):
        encode_kmz(FeatureSet.of([shapely.Point(0, 0)], None))
