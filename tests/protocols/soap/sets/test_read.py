"""Record sets: every type of field, of geometry and of reference becomes the value that REST reads."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.formats.feature_json import decode_features, decode_table
from gpserverless.protocols.soap.sets.read import read_record_set
from gpserverless.protocols.soap.xml.element import Element
from gpserverless.protocols.soap.xml.envelope import read_envelope
from gpserverless.protocols.soap.xml.read import read_xml
from gpserverless.values.spatial_reference import SpatialReference
from tests.protocols.soap.documents import (
    ENVELOPES,
    cell,
    element,
    field,
    ordinates,
    points,
    polygon,
    polyline,
    record,
    record_set,
    shape,
)

UTM = SpatialReference(25832)
SQUARE: list[tuple[float, ...]] = [(0, 0), (0, 10), (10, 10), (10, 0), (0, 0)]
HOLE: list[tuple[float, ...]] = [(2, 2), (4, 2), (4, 4), (2, 4), (2, 2)]
FAR: list[tuple[float, ...]] = [(20, 0), (20, 1), (21, 1), (20, 0)]


def point(*place: float, names: str = "XY") -> str:
    """Return a point as a cell."""
    return cell(ordinates(place, names), "t:PointN")


def multipoint(*places: tuple[float, ...], names: str = "XY") -> str:
    """Return a multipoint as a cell."""
    return cell(points(*places, names=names), "t:MultipointN")


def read_features(document: bytes, told: list[str] | None = None) -> FeatureSet[Any]:
    """Read features as a tool gets them, with the warnings."""
    text = read_record_set(read_xml(document).children[0], with_geometry=True)
    return decode_features(text, warn=None if told is None else told.append)


def read_table(document: bytes) -> Table:
    """Read a table as a tool gets it."""
    return decode_table(read_record_set(read_xml(document).children[0], with_geometry=False))


def refuse(document: bytes) -> str:
    """Return the problem of features that are refused."""
    with pytest.raises(InvalidValue) as refused:
        read_record_set(read_xml(document).children[0], with_geometry=True)
    return refused.value.problem


def find_value(name: str, place: int) -> Element:
    """Return a value in an envelope of a client."""
    values = read_envelope((ENVELOPES / f"{name}.xml").read_bytes()).arguments.find("Values")
    assert values is not None
    return values.children[place]


# --- clients ----------------------------------------------------------------------------------------------


def test_polygon_of_arcpy() -> None:
    features = decode_features(read_record_set(find_value("arcpy-submit-job", 0), with_geometry=True))
    assert features.spatial_reference == UTM
    assert [each.area for each in features.geometries] == [100 * 100 - 20 * 20]
    assert {f.name: f.type.removeprefix("esriFieldType") for f in features.fields} == {
        "OBJECTID": "OID",
        "owner": "String",
        "surveyed": "Date",
        "Shape_Length": "Double",
    }
    assert [features.column(f.name).tolist() for f in features.fields] == [
        [1],
        [" Müller & Co"],
        [1778312125000],
        [None],
    ]


def test_points_of_dotnet() -> None:
    features = decode_features(read_record_set(find_value("dotnet-execute", 0), with_geometry=True))
    assert [None if g is None else shapely.to_wkt(g) for g in features.geometries] == [
        "POINT Z (11.5 48.1 519)",
        None,
    ]
    assert features.column("crew").tolist() == [4, None]
    assert features.spatial_reference == SpatialReference(4326)


def test_table_of_zeep() -> None:
    table = decode_table(read_record_set(find_value("zeep-execute", 0), with_geometry=False))
    assert table.column("id").tolist() == [7, 8]
    assert table.column("label").tolist() == [" seven", None]


# --- fields -----------------------------------------------------------------------------------------------

CELLS = [
    ("OID", ["1", " 2 "], [1, 2]),
    ("Integer", ["-2147483648", "2147483647"], [-(2**31), 2**31 - 1]),
    ("Integer", ["7.0", "1e2", "+3"], [7, 100, 3]),
    ("Integer", ["7", None, ""], [7, None, None]),
    ("SmallInteger", ["-32768", "32767"], [-32768, 32767]),
    ("BigInteger", ["9223372036854775807", "-9223372036854775807"], [2**63 - 1, 1 - 2**63]),
    ("Double", ["0.1", "-1E-300", "17", " 2.5 "], [0.1, -1e-300, 17.0, 2.5]),
    ("Double", ["1", None, "NaN", ""], [1.0, None, None, None]),
    ("Single", ["0.5", "3.4028235E38"], [0.5, 3.4028235e38]),
    (
        "String",
        [" a ", "", None, "&lt;&amp;]]&gt;", "🌍", "a&#13;&#10;b"],
        [" a ", "", None, "<&]]>", "🌍", "a\r\nb"],
    ),
    ("String", ["5", "true"], ["5", "true"]),
    ("GUID", ["{A}", None], ["{A}", None]),
    ("GlobalID", ["{A}"], ["{A}"]),
    ("XML", ["&lt;a/&gt;"], ["<a/>"]),
    ("Date", ["1970-01-01T00:00:00", "1970-01-01T00:00:00.25", "1969-12-31T23:59:59.5"], [0, 250, -500]),
    ("Date", ["1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00Z", None, ""], [0, 0, None, None]),
    ("Date", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"], [-62135596800000, 253402300799000]),
    ("DateOnly", ["2024-02-29"], ["2024-02-29"]),
    ("TimeOnly", ["13:45:00"], ["13:45:00"]),
    ("TimestampOffset", ["2024-01-02T03:04:05+01:00"], ["2024-01-02T03:04:05+01:00"]),
]
HINTS = {
    "OID": "x:int", "Integer": "x:int", "SmallInteger": "x:short", "Double": "x:double", "Single": "x:float",
    "Date": "x:dateTime",
}  # fmt: skip


@pytest.mark.parametrize("typed", ["as the field", "as text", "without types"])
@pytest.mark.parametrize(("kind", "texts", "values"), CELLS)
def test_type_of_the_field_decides(kind: str, texts: list[str | None], values: list[Any], typed: str) -> None:
    hint = {"as the field": HINTS.get(kind, "x:string"), "as text": "x:string", "without types": ""}[typed]
    table = read_table(record_set([field("A", kind)], [record(cell(text, hint)) for text in texts]))
    assert table.column("A").tolist() == values
    assert [f.type for f in table.fields] == [f"esriFieldType{kind}"]


def test_description_of_a_field() -> None:
    name = "<Field><Name>A</Name><Type>esriFieldTypeString</Type><IsNullable>false</IsNullable>"
    more = "<AliasName>The A</AliasName><ModelName>B</ModelName><Domain><Name>D</Name></Domain>"
    bare = "<Field><Name>B</Name></Field>"
    table = read_table(record_set([f"{name}<Length>12</Length>{more}</Field>", bare], []))
    assert [(f.name, f.type, f.alias, f.length, f.nullable) for f in table.fields] == [
        ("A", "esriFieldTypeString", "The A", 12, False),
        ("B", "esriFieldTypeString", "B", None, None),
    ]


def test_field_that_the_value_names_has_the_ids() -> None:
    told = "<OIDFieldName>number</OIDFieldName>"
    table = read_table(record_set([field("number", "Integer")], [record(cell("5"))], told))
    assert [f.type for f in table.fields] == ["esriFieldTypeOID"]


def test_a_table_is_read_without_its_geometries() -> None:
    table = read_table(record_set([shape("Point"), field("A", "Integer")], [record(point(1, 2), cell("5"))]))
    assert [(f.name, table.column(f.name).tolist()) for f in table.fields] == [("A", [5])]


def test_features_without_records_or_other_fields() -> None:
    assert len(read_features(record_set([shape("Point")], []))) == 0
    assert len(read_features(record_set([shape("Point")], [record(point(1, 2))] * 3))) == 3
    assert len(read_table(record_set([], []))) == 0


def test_exceeded_limit_is_told() -> None:
    told: list[str] = []
    more = "<ExceededTransferLimit>true</ExceededTransferLimit>"
    read_features(record_set([shape("Point")], [record(point(1, 2))], more), told)
    assert told == [
        "exceededTransferLimit is true: 1 feature is given, and there are more that are not read."
    ]


# --- geometries -------------------------------------------------------------------------------------------

CURVED_SQUARE = "<Ring><SegmentArray>{}</SegmentArray></Ring>"
GEOMETRIES = [
    ("Point", point(1, 2), "POINT (1 2)"),
    ("Point", point(1, 2, 3, names="XYZ"), "POINT Z (1 2 3)"),
    ("Point", point(1, 2, 4, names="XYM"), "POINT M (1 2 4)"),
    ("Point", point(1, 2, 4, 3, names="XYMZ"), "POINT ZM (1 2 3 4)"),
    ("Point", cell("<ID>7</ID><X>1</X><Y>2</Y>", "t:PointN"), "POINT (1 2)"),
    ("Point", cell("<X> 1e3 </X><Y>-2.5E-1</Y>"), "POINT (1000 -0.25)"),
    ("Point", cell("<X>NaN</X><Y>NaN</Y>", "t:PointN"), None),
    ("Point", cell("<X>1</X><Y>2</Y><Z>NaN</Z>", "t:PointN"), "POINT (1 2)"),
    ("Point", cell(None), None),
    ("Point", cell(""), None),
    ("Point", cell("", "t:PointN"), None),
    ("Point", cell("", "t:Geometry"), None),
    ("Multipoint", multipoint((1, 2), (3, 4)), "MULTIPOINT ((1 2), (3 4))"),
    ("Multipoint", multipoint((1, 2, 5), names="XYZ"), "MULTIPOINT Z ((1 2 5))"),
    ("Multipoint", multipoint((1, 2, 5), names="XYM"), "MULTIPOINT M ((1 2 5))"),
    ("Multipoint", multipoint((1, 2, 6, 5), names="XYMZ"), "MULTIPOINT ZM ((1 2 5 6))"),
    ("Multipoint", multipoint(), None),
    ("Multipoint", cell("<HasID>true</HasID>", "t:MultipointN"), None),
    ("Polyline", polyline([(0, 0), (1, 1)]), "LINESTRING (0 0, 1 1)"),
    (
        "Polyline",
        polyline([(0, 0), (1, 1)], [], [(2, 2), (3, 4)]),
        "MULTILINESTRING ((0 0, 1 1), (2 2, 3 4))",
    ),
    ("Polyline", polyline([(0, 0, 5), (1, 1, 6)], names="XYZ"), "LINESTRING Z (0 0 5, 1 1 6)"),
    ("Polyline", polyline([(0, 0, 5), (1, 1, 6)], names="XYM"), "LINESTRING M (0 0 5, 1 1 6)"),
    ("Polyline", polyline([(0, 0, 7, 5), (1, 1, 8, 6)], names="XYMZ"), "LINESTRING ZM (0 0 5 7, 1 1 6 8)"),
    ("Polyline", polyline(), None),
    ("Polyline", polyline([]), None),
    ("Polygon", polygon(SQUARE), "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))"),
    ("Polygon", polygon(SQUARE[:-1]), "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))"),
    (
        "Polygon",
        polygon(SQUARE, HOLE),
        "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))",
    ),
    (
        "Polygon",
        polygon(FAR, SQUARE),
        "MULTIPOLYGON (((20 0, 20 1, 21 1, 20 0)), ((0 0, 0 10, 10 10, 10 0, 0 0)))",
    ),
    (
        "Polygon",
        polygon([(*place, 5) for place in FAR], names="XYZ"),
        "POLYGON Z ((20 0 5, 20 1 5, 21 1 5, 20 0 5))",
    ),
    ("Polygon", polygon(), None),
    (
        "Polygon",
        cell("<XMin>0</XMin><YMin>0</YMin><XMax>1</XMax><YMax>2</YMax>", "t:EnvelopeN"),
        "POLYGON ((0 0, 0 2, 1 2, 1 0, 0 0))",
    ),
]


@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize(("kind", "geometry", "wkt"), GEOMETRIES)
def test_geometry(kind: str, geometry: str, wkt: str | None, place: str) -> None:
    fields, cells = [shape(kind), field("A", "Integer")], [geometry, cell("5")]
    if place == "last":
        fields, cells = fields[::-1], cells[::-1]
    features = read_features(record_set(fields, [record(*cells)]))
    assert [None if g is None else shapely.to_wkt(g) for g in features.geometries] == [wkt]
    assert features.column("A").tolist() == [5]
    assert features.geometry_type == f"esriGeometry{kind}"


@pytest.mark.parametrize(
    "geometry",
    [
        cell(f"<RingArray><Ring>{points(*SQUARE)}</Ring></RingArray>"),
        cell(f"<RingArray><Ring>{points(*SQUARE)}</Ring></RingArray>", "t:Geometry"),
        cell(f"<t:RingArray><t:Ring>{points(*SQUARE)}</t:Ring></t:RingArray>", "t:PolygonN"),
        cell(f"<KnownSimple>true</KnownSimple><RingArray><Ring>{points(*SQUARE)}</Ring></RingArray>"),
    ],
)
def test_type_of_a_geometry_is_a_hint(geometry: str) -> None:
    assert read_features(record_set([shape("Polygon")], [record(geometry)])).geometries[0].area == 100


@pytest.mark.parametrize(
    ("kinds", "wkts", "z", "m"),
    [
        (["XYZ", "XY"], ["LINESTRING Z (0 0 5, 1 1 6)", "LINESTRING Z (0 0 NaN, 1 1 NaN)"], True, False),
        (["XYM", "XY"], ["LINESTRING M (0 0 5, 1 1 6)", "LINESTRING M (0 0 NaN, 1 1 NaN)"], False, True),
        (
            ["XYZ", "XYM"],
            ["LINESTRING ZM (0 0 5 NaN, 1 1 6 NaN)", "LINESTRING ZM (0 0 NaN 5, 1 1 NaN 6)"],
            True,
            True,
        ),
    ],
)
@pytest.mark.parametrize("said", [True, False])
def test_third_ordinates_mean_the_same_in_every_record(
    kinds: list[str], wkts: list[str], z: bool, m: bool, said: bool
) -> None:
    given = {"XY": [(0, 0), (1, 1)], "XYZ": [(0, 0, 5), (1, 1, 6)], "XYM": [(0, 0, 5), (1, 1, 6)]}
    lines = [record(polyline(given[names], names=names)) for names in kinds]
    features = read_features(record_set([shape("Polyline", z=z and said, m=m and said)], lines))
    assert [shapely.to_wkt(g) for g in features.geometries] == wkts
    assert (features.has_z, features.has_m) == (z, m)


def test_one_vertex_may_have_no_height() -> None:
    path = "<Point><X>0</X><Y>0</Y><Z>5</Z></Point><Point><X>1</X><Y>1</Y></Point>"
    line = f"<PathArray><Path><PointArray>{path}</PointArray></Path></PathArray>"
    features = read_features(record_set([shape("Polyline", z=True)], [record(cell(line, "t:PolylineN"))]))
    assert shapely.to_wkt(features.geometries[0]) == "LINESTRING Z (0 0 5, 1 1 NaN)"


# --- curves -----------------------------------------------------------------------------------------------


def segment(
    kind: str, start: tuple[float, ...], end: tuple[float, ...], more: str = "", names: str = "XY"
) -> str:
    """Return a segment of a path."""
    ends = f"<FromPoint>{ordinates(start, names)}</FromPoint><ToPoint>{ordinates(end, names)}</ToPoint>"
    return f'<Segment i:type="t:{kind}">{ends}{more}</Segment>'


def curve(*segments: str) -> str:
    """Return a polyline of one path of segments."""
    path = f"<Path><SegmentArray>{''.join(segments)}</SegmentArray></Path>"
    return cell(f"<PathArray>{path}</PathArray>", "t:PolylineN")


def arc(centre: tuple[float, float], *, counter_clockwise: bool, more: str = "") -> str:
    """Return what an arc has beside its ends."""
    direction = f"<IsCounterClockwise>{str(counter_clockwise).lower()}</IsCounterClockwise>"
    return f"<CenterPoint>{ordinates(centre, 'XY')}</CenterPoint>{direction}<IsMinor>true</IsMinor>{more}"


LINE = segment("Line", (-2, 0), (-1, 0))
HALF_CIRCLE = segment("CircularArc", (-1, 0), (1, 0), arc((0, 0), counter_clockwise=False))
LENGTHS = [
    ("lines", [LINE, segment("Line", (-1, 0), (0, 1))], 1 + 2**0.5, None),
    ("a half circle", [LINE, HALF_CIRCLE], 1 + 3.14159, 1.0),
    (
        "the other half",
        [segment("CircularArc", (-1, 0), (1, 0), arc((0, 0), counter_clockwise=True))],
        3.14159,
        0.0,
    ),
    (
        "a circle",
        [segment("CircularArc", (1, 0), (1, 0), arc((0, 0), counter_clockwise=True))],
        2 * 3.14159,
        1.0,
    ),
    (
        "an arc that is a line",
        [segment("CircularArc", (-1, 0), (1, 0), "<IsLine>true</IsLine>")],
        2,
        None,
    ),
    (
        "half of an ellipse",  # 9.6884 is its circumference: 2 * 4 * E(sqrt(3) / 2)
        [
            segment(
                "EllipticArc",
                (-2, 0),
                (2, 0),
                "<EllipseStd>false</EllipseStd>"
                + arc((0, 0), counter_clockwise=False)
                + "<Rotation>0</Rotation><MinorMajorRatio>0.5</MinorMajorRatio>",
            )
        ],
        9.6884 / 2,
        1.0,
    ),
    (
        "a Bezier curve",
        [
            segment(
                "BezierCurve",
                (0, 0),
                (3, 0),
                "<Degree>3</Degree>" + points((1, 0), (2, 0), array="ControlPointArray"),
            )
        ],
        3,
        0.0,
    ),
    (
        "a Bezier curve with its ends",  # a quarter of a circle, as drawing programs approximate it
        [
            segment(
                "BezierCurve",
                (1, 0),
                (0, 1),
                points((1, 0), (1, 0.55228), (0.55228, 1), (0, 1), array="ControlPointArray"),
            )
        ],
        3.14159 / 2,
        1.0,
    ),
]


@pytest.mark.parametrize(
    ("segments", "length", "top"), [each for _, *each in LENGTHS], ids=[name for name, *_ in LENGTHS]
)
def test_curve(segments: list[str], length: float, top: float | None) -> None:
    told: list[str] = []
    features = read_features(record_set([shape("Polyline")], [record(curve(*segments))]), told)
    line = features.geometries[0]
    assert line.length == pytest.approx(length, rel=1e-3)
    if top is None:
        assert told == []
    else:
        assert line.bounds[3] == pytest.approx(top, abs=1e-3)
        assert told == ["Densified 1 true curve: a chord departs by at most 0.03 % of the radius."]


def test_curve_in_a_ring_beside_straight_polygons() -> None:
    half = HALF_CIRCLE + segment("Line", (1, 0), (-1, 0))
    ring = f"<RingArray>{CURVED_SQUARE.format(half)}</RingArray>"
    records = [record(polygon(SQUARE)), record(cell(ring, "t:PolygonN"))]
    areas = [each.area for each in read_features(record_set([shape("Polygon")], records)).geometries]
    assert areas == pytest.approx([100, 3.14159 / 2], rel=1e-3)


def test_curve_with_heights() -> None:
    half = segment("CircularArc", (-1, 0, 10), (1, 0, 20), arc((0, 0), counter_clockwise=False), names="XYZ")
    features = read_features(record_set([shape("Polyline", z=True)], [record(curve(half))]))
    heights = shapely.get_coordinates(features.geometries[0], include_z=True)[:, 2]
    assert [heights[0], heights[len(heights) // 2], heights[-1]] == pytest.approx([10, 15, 20])


# --- spatial references -----------------------------------------------------------------------------------

WEB, WGS = "<WKID>102100</WKID><LatestWKID>3857</LatestWKID>", "<WKID>4326</WKID>"


def locate(reference: str) -> str:
    """Return a point with a spatial reference of its own."""
    inner = f'<SpatialReference i:type="t:ProjectedCoordinateSystem">{reference}</SpatialReference>'
    return cell(f"<X>1</X><Y>2</Y>{inner}", "t:PointN")


@pytest.mark.parametrize(
    ("of_the_field", "geometries", "expected"),
    [
        (WGS, [point(1, 2)], 4326),
        (WEB, [point(1, 2), locate(WEB), locate("<WKID>3857</WKID>")], 3857),
        ("", [point(1, 2)], None),
        ("", [locate(WGS), locate(WGS), point(1, 2)], 4326),
        (WGS, [locate("")], 4326),
    ],
)
def test_reference_of_a_set(of_the_field: str, geometries: list[str], expected: int | None) -> None:
    features = read_features(
        record_set([shape("Point", reference=of_the_field)], [record(each) for each in geometries])
    )
    assert features.spatial_reference == (None if expected is None else SpatialReference(expected))


def test_a_geometry_in_another_reference_is_refused() -> None:
    with pytest.raises(InvalidValue, match="in different spatial references"):
        read_features(record_set([shape("Point", reference=WGS)], [record(locate(WEB))]))


def test_a_vertex_in_another_reference_is_refused() -> None:
    vertices = "".join(
        f"<Point><X>1</X><Y>2</Y><SpatialReference>{each}</SpatialReference></Point>" for each in (WGS, WEB)
    )
    several = cell(f"<PointArray>{vertices}</PointArray>", "t:MultipointN")
    problem = refuse(record_set([shape("Multipoint", reference="")], [record(several)]))
    assert problem == "record 1: its points are in different spatial references"


# --- refused ----------------------------------------------------------------------------------------------

DIGITS = "7" * 5_000
VALUES = [
    ("Integer", "seven"),
    ("Integer", "7.5"),
    ("Integer", "true"),
    ("Integer", "9223372036854775808"),
    ("Integer", DIGITS),
    ("Double", "1,5"),
    ("Double", "INF"),
    ("Double", "-INF"),
    ("Double", "1e999"),
    ("Double", "1_000"),
    ("Double", "0x10"),
    ("Double", "infinity"),
    ("Double", "٣"),
    ("Double", DIGITS),
    ("Date", "yesterday"),
    ("Date", "2024-02-30T00:00:00"),
    ("Date", "24:00:00"),
    ("Date", "12024-01-01T00:00:00"),
    ("Date", DIGITS),
]


@pytest.mark.parametrize(("kind", "text"), VALUES)
def test_a_value_that_does_not_fit_its_field(kind: str, text: str) -> None:
    good = {"Integer": "1", "Double": "1", "Date": "2024-01-01T00:00:00"}[kind]
    document = record_set([field("depth", kind)], [record(cell(good)), record(cell(text))])
    with pytest.raises(InvalidValue) as refused:
        read_record_set(read_xml(document).children[0], with_geometry=False)
    assert refused.value.problem.startswith(
        f"record 2: field 'depth' is of type esriFieldType{kind} and holds '{text[:60]}"
    )
    assert len(refused.value.problem) < 200


REFUSED = [
    (element("<GPValue/>"), "it has no RecordSet"),
    (element("<GPValue><RecordSet/></GPValue>"), "its record set has no Fields"),
    (element("<GPValue><RecordSet><Fields/></RecordSet></GPValue>"), "its record set has no Fields"),
    (element("<GPValue><RecordSet/><RecordSet/></GPValue>"), "its GPValue has more than one RecordSet"),
    (record_set([field("A", "Integer")], []), "its record set has 0 fields of geometries"),
    (record_set([shape("Point"), field("B", "Geometry")], []), "its record set has 2 fields of geometries"),
    (record_set([field("A", "Integer")] * 2, []), "its record set has two fields 'A'"),
    (record_set([field("", "Integer")], []), "a field of its record set has no Name"),
    (
        record_set([shape("Point"), field("A", "String").replace("<Length>0", "<Length>1e20")], []),
        "the Length of field 'A' is '1e20'",
    ),
    (record_set([field("A", "Money")], []), "field 'A' is of type 'esriFieldTypeMoney'"),
    (
        record_set([shape("Point")], [record(point(1, 2)), record()]),
        "record 2 holds 0 values for 1 field",
    ),
    (
        record_set([shape("Point")], [record(point(1, 2), cell("5"))]),
        "record 1 holds 2 values for 1 field",
    ),
    (
        record_set([shape("Point"), field("A", "String")], [record(point(1, 2), point(1, 2))]),
        "record 1: field 'A' holds elements",
    ),
    (
        record_set([shape("Point"), field("A", "String")], [record(point(1, 2), cell("<a/>"))]),
        "record 1: field 'A' holds elements",
    ),
    (
        record_set([shape("Point")], [record(cell(None)), record(polygon(SQUARE))]),
        "record 2: it is one of polygons",
    ),
    (record_set([shape("Polygon")], [record(point(1, 2))]), "record 1: it is one of points"),
    (
        record_set([shape("Polygon")], [record(cell("<Bytes>AAAA</Bytes>", "t:PolygonB"))]),
        "record 1: a geometry of type PolygonB is not read",
    ),
    (
        record_set([shape("Point")], [record(cell("<Bytes>AAAA</Bytes>", "t:PointB"))]),
        "record 1: a geometry of type PointB is not read",
    ),
    (
        record_set([shape("MultiPatch")], [record(cell("<Bytes>AAAA</Bytes>", "t:MultiPatchB"))]),
        "record 1: a geometry of type MultiPatchB is not read",
    ),
    (
        record_set([shape("Point")], [record(cell("<Bytes>AAAA</Bytes>"))]),
        "record 1: a geometry has no coordinates that are read",
    ),
    (record_set([shape("Point")], [record(cell("POINT (1 2)"))]), "record 1: its geometry is a text"),
    (
        record_set([shape("Point")], [record(point(1, 2)), record(cell("<X>east</X><Y>2</Y>", "t:PointN"))]),
        "record 2: an ordinate of its point is 'east'",
    ),
    (
        record_set([shape("Point")], [record(cell("<X>1</X>", "t:PointN"))]),
        "record 1: an ordinate of its point is ''",
    ),
    (
        record_set([shape("Point")], [record(cell("<X>1</X><X>2</X><Y>2</Y>", "t:PointN"))]),
        "record 1: an ordinate of its point is ''",
    ),
    (
        record_set([shape("Point")], [record(cell("<X>1</X><Y>2</Y><Z>INF</Z>", "t:PointN"))]),
        "record 1: an ordinate of its point is 'INF'",
    ),
    (
        record_set([shape("Point")], [record(cell(f"<X>{DIGITS}</X><Y>2</Y>", "t:PointN"))]),
        "record 1: an ordinate of its point is '777",
    ),
    (
        record_set([shape("Polyline")], [record(polyline([(0, 0), (float("nan"), 1)]))]),
        "record 1: the X of a vertex is 'nan'",
    ),
    (
        record_set([shape("Multipoint")], [record(cell("<PointArray><Point/></PointArray>"))]),
        "record 1: the X of a vertex is ''",
    ),
    (
        record_set(
            [shape("Multipoint")],
            [
                record(multipoint((1, 2, float("inf")), names="XYZ")),
            ],
        ),
        "record 1: the Z of a vertex is 'inf'",
    ),
    (
        record_set([shape("Polyline")], [record(curve(LINE, segment("Line", (5, 5), (6, 6))))]),
        "record 1: a segment does not begin where the one before it ends",
    ),
    (
        record_set([shape("Polyline")], [record(curve(segment("Spiral", (0, 0), (1, 1))))]),
        "record 1: a segment is of type Spiral",
    ),
    (
        record_set([shape("Polyline")], [record(curve(segment("CircularArc", (0, 0), (1, 1))))]),
        "record 1: a segment has no CenterPoint",
    ),
    (
        record_set(
            [shape("Polyline")],
            [
                record(
                    curve(
                        segment("CircularArc", (0, 0), (1, 1), "<CenterPoint><X>0</X><Y>1</Y></CenterPoint>")
                    )
                )
            ],
        ),
        "record 1: an arc does not say its direction",
    ),
    (
        record_set(
            [shape("Polyline")],
            [record(curve(segment("CircularArc", (-1, 0), (3, 0), arc((0, 0), counter_clockwise=True))))],
        ),
        "record 1: the ends of an arc are not on one circle or ellipse around its CenterPoint",
    ),
    (
        record_set(
            [shape("Polyline")],
            [record(curve(segment("EllipticArc", (0, 0), (1, 1), "<EllipseStd>true</EllipseStd>")))],
        ),
        "record 1: an elliptic arc is in the coordinates of its axes (EllipseStd)",
    ),
    (
        record_set(
            [shape("Polyline")],
            [
                record(
                    curve(segment("BezierCurve", (0, 0), (1, 1), points((0, 1), array="ControlPointArray")))
                )
            ],
        ),
        "record 1: a Bezier curve is not of degree 3 with two control points",
    ),
    (
        record_set([shape("Point", reference="<WKID>here</WKID>")], []),
        "the WKID of its spatial reference is 'here'",
    ),
    (
        record_set([shape("Point").replace("<HasZ>false", "<HasZ>maybe")], []),
        "the HasZ of its GeometryDef is",
    ),
]


@pytest.mark.parametrize(("document", "problem"), REFUSED, ids=[problem[:60] for _, problem in REFUSED])
def test_what_is_no_record_set_is_refused_with_its_record(document: bytes, problem: str) -> None:
    told = refuse(document)
    assert told.startswith(problem)
    assert len(told) < 200


def test_what_comes_out_is_json() -> None:
    document = record_set([shape("Point"), field("A", "Integer")], [record(point(1, 2), cell("5"))])
    assert json.loads(read_record_set(read_xml(document).children[0], with_geometry=True)) == {
        "fields": [{"name": "A", "type": "esriFieldTypeInteger", "alias": "A", "nullable": True}],
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 25832},
        "hasZ": False,
        "hasM": False,
        "features": [{"attributes": {"A": 5}, "geometry": {"x": 1.0, "y": 2.0}}],
    }
