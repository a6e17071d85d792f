"""KMZ: every geometry as KML draws it, every text as XML can hold it."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, Field
from gpserverless.formats import kml
from gpserverless.formats.kml import encode_kmz
from gpserverless.values.spatial_reference import WGS84, SpatialReference

KML = "{http://www.opengis.net/kml/2.2}"
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


def unpack(kmz: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(kmz)) as archive:
        return archive.read("doc.kml").decode()


def document(geometry: BaseGeometry | None, z: bool = False, **columns: object) -> str:
    features = FeatureSet.of([geometry], WGS84, {name: [value] for name, value in columns.items()})
    return unpack(encode_kmz(features, z=z))


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


def test_shape_across_the_antimeridian_is_cut_there() -> None:
    features = FeatureSet.of([shapely.box(170, 0, 190, 10)], SpatialReference(4326)).project(
        SpatialReference(102100)
    )
    text = zipfile.ZipFile(io.BytesIO(encode_kmz(features))).read("doc.kml").decode()
    numbers = re.findall(r"<coordinates>([^<]*)</coordinates>", text)
    longitudes = [sorted({round(float(p.split(",")[0]), 6) for p in ring.split()}) for ring in numbers]
    assert sorted(longitudes) == [[-180, -170], [170, 180]]


def test_shape_without_a_place_is_counted_in_the_description() -> None:
    beyond = FeatureSet.of(shapely.points([[4e7, 0], [0, 0]]), SpatialReference(8857))
    text = zipfile.ZipFile(io.BytesIO(encode_kmz(beyond))).read("doc.kml").decode()
    assert "<Document><description>1 feature has no place in the spatial reference 4326" in text


def test_name_and_time_are_those_of_the_placemark() -> None:
    fields = [Field("timestamp", DATE), Field("END", DATE)]
    features = FeatureSet.of([shapely.Point(0, 0)], WGS84, {"Name": ["<A>"]})
    features = features.with_columns({"timestamp": [1588334400250], "END": [0]}, fields)
    text = unpack(encode_kmz(features))
    assert "<name>&lt;A&gt;</name><TimeStamp><when>2020-05-01T12:00:00.250Z</when></TimeStamp>" in text
    assert '<Data name="Name"><value>&lt;A&gt;</value></Data><Data name="END"><value>0</value>' in text


def test_span_is_written_as_far_as_it_is_known() -> None:
    fields = [Field("begin", DATE), Field("end", DATE)]
    features = FeatureSet.of([shapely.Point(0, 0)] * 3, WGS84)
    text = unpack(
        encode_kmz(features.with_columns({"begin": [0, None, None], "end": [1000, 0, None]}, fields))
    )
    start, second = "1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z"
    assert f"<TimeSpan><begin>{start}</begin><end>{second}</end></TimeSpan>" in text
    assert f"<TimeSpan><end>{start}</end></TimeSpan>" in text
    assert text.count("<TimeSpan>") == 2


def test_any_name_and_text_is_well_formed() -> None:
    columns = {'a\x01<"\ud800': ["]]>\x1f\udfff"], "tags": [["a", None]], "nothing": [float("nan")]}
    root = ElementTree.fromstring(unpack(encode_kmz(FeatureSet.of([shapely.Point(0, 0)], WGS84, columns))))
    data = {e.get("name"): "".join(e.itertext()) for e in root.iter(f"{KML}Data")}
    assert data == {'a <" ': "]]>  ", "tags": '["a",null]'}


def test_stripes_of_many_features_make_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = [shapely.Point(n, n) for n in range(7)]
    columns = {
        "name": [f"n{n}" for n in range(7)],
        "timestamp": [None, 0, None, None, None, None, 86_400_000],
    }
    features = FeatureSet.of(shapes, WGS84).with_columns(columns, [Field("timestamp", DATE)])
    whole = zipfile.ZipFile(io.BytesIO(encode_kmz(features))).read("doc.kml")
    monkeypatch.setattr(kml, "_ROWS_AT_ONCE", 2)
    striped = zipfile.ZipFile(io.BytesIO(encode_kmz(features))).read("doc.kml")
    assert striped == whole
    assert striped.count(b"<Placemark>") == 7
    assert striped.count(b"<when>") == 2
