"""KML files: times, data of any name, folders, odd shapes, and what KML holds besides features."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, DOUBLE, Field
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features
from gpserverless.values.spatial_reference import WGS84
from tests.formats.files.tables import values

POINT = "<Point><coordinates>10,50,0</coordinates></Point>"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
    'xmlns:gx="http://www.google.com/kml/ext/2.2">'
)
NOON = 1588334400000  # 2020-05-01T12:00:00Z
DAY = 1588291200000  # 2020-05-01T00:00:00Z


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def mark(content: str, shape: str = POINT) -> str:
    return f"<Placemark>{content}{shape}</Placemark>"


def data(**given: str) -> str:
    pairs = (f'<Data name="{name}"><value>{value}</value></Data>' for name, value in given.items())
    return f"<ExtendedData>{''.join(pairs)}</ExtendedData>"


def read(tmp_path: Path, content: str, layer: str | None = None) -> tuple[FeatureSet[Any], list[str]]:
    said: list[str] = []
    path = tmp_path / "a.kml"
    path.write_text(f"{HEAD}{content}</kml>", encoding="utf-8")
    return read_features(path, layer, warn=said.append), said


def attributes(features: FeatureSet[Any]) -> dict[str, Any]:
    """Return the attributes of the first feature."""
    return {f.name: values(features, f.name)[0] for f in features.fields}


def wkt(features: FeatureSet[Any]) -> list[str | None]:
    return [shape and shape.wkt for shape in features.geometries]


TIMES = [
    ("2020-05-01T12:00:00Z", NOON),
    ("2020-05-01T14:00:00+02:00", NOON),
    ("2020-05-01T12:00:00", NOON),
    ("2020-05-01T12:00:00.250Z", NOON + 250),
    ("2020-05-01T12:00:00.2500000Z", NOON + 250),
    ("2020-05-01 12:00:00Z", NOON),
    ("2020-05-01", DAY),
    ("2020-05", DAY),
    ("2020", 1577836800000),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_time_of_a_placemark_is_a_date(text: str, expected: int, tmp_path: Path) -> None:
    stamp = mark(f"<name>A</name><TimeStamp><when>{text}</when></TimeStamp>")
    features, said = read(tmp_path, f"<Document>{stamp}</Document>")
    assert attributes(features) == {"Name": "A", "timestamp": expected}
    assert (features.field("timestamp").type, said) == (DATE, [])


def test_span_of_a_placemark_is_two_dates(tmp_path: Path) -> None:
    spans = mark("<TimeSpan><begin>2020-05-01</begin><end>2020-05-01T12:00:00Z</end></TimeSpan>")
    spans += mark("<TimeSpan><end>2020-05</end></TimeSpan>")
    features, _ = read(tmp_path, f"<Document>{spans}</Document>")
    assert (values(features, "begin"), values(features, "end")) == ([DAY, None], [NOON, DAY])


def test_time_that_is_none_is_null_and_told(tmp_path: Path) -> None:
    marks = "".join(
        mark(f"<TimeStamp><when>{t}</when></TimeStamp>") for t in ("spring", "2020-13-01", "2020-05-01")
    )
    features, said = read(tmp_path, f"<Document>{marks}</Document>")
    assert values(features, "timestamp") == [None, None, DAY]
    assert said == ["2 times cannot be read; they are null."]


def test_data_of_any_name_is_kept(tmp_path: Path) -> None:
    given = dict.fromkeys(
        ("begin", "end", "timestamp", "id", "icon", "altitudeMode", "tessellate", "visibility", "drawOrder"),
        "v",
    )
    given |= {"extrude": "1", "heading": "90", "kml": "k", "Größe": "7", "a b": "c"}
    features, said = read(tmp_path, f"<Document>{mark(data(**given))}</Document>")
    assert (attributes(features), said) == (given, [])


def test_data_and_elements_of_one_name_both_survive(tmp_path: Path) -> None:
    stamp = "<name>A</name><TimeStamp><when>2020-05-01</when></TimeStamp>"
    features, _ = read(tmp_path, f"<Document>{mark(stamp + data(timestamp='t', NAME='n'))}</Document>")
    assert attributes(features) == {"Name_1": "A", "timestamp_1": DAY, "timestamp": "t", "NAME": "n"}


def test_data_of_one_name_twice_both_survive(tmp_path: Path) -> None:
    twice = data(a="1") + ""
    twice = twice.replace("</ExtendedData>", '<Data name="A"><value>2</value></Data></ExtendedData>')
    features, said = read(tmp_path, f"<Document>{mark(twice)}</Document>")
    assert attributes(features) == {"a": "1", "A_1": "2"}
    assert said == ["1 value of a name that occurs twice in its placemark is called A_1."]


def test_elements_of_drawing_are_no_attributes(tmp_path: Path) -> None:
    drawn = "<visibility>0</visibility><open>1</open><styleUrl>#s</styleUrl><LookAt><range>5</range></LookAt>"
    style = "<Style><LineStyle><color>ff0000ff</color><width>3</width></LineStyle></Style>"
    named = mark(f"<name>A</name>{drawn}{style}").replace("<Placemark>", '<Placemark id="p1">')
    assert "p1" in named
    features, said = read(tmp_path, f"<Document>{named}</Document>")
    assert (attributes(features), said) == ({"Name": "A"}, [])


SCHEMA = (
    '<Schema name="S" id="S"><SimpleField type="int" name="n"/><SimpleField type="double" name="d"/>'
    '<SimpleField type="string" name="end"/><SimpleField type="int" name="odd"/></Schema>'
)


def simple(url: str = "#S", **given: str) -> str:
    pairs = (f'<SimpleData name="{name}">{value}</SimpleData>' for name, value in given.items())
    return f'<ExtendedData><SchemaData schemaUrl="{url}">{"".join(pairs)}</SchemaData></ExtendedData>'


def test_schema_data_are_typed_and_an_empty_number_is_null(tmp_path: Path) -> None:
    marks = mark(simple(n="5", d="1.5", end="never", odd="7")) + mark(simple(n="", d="", end="", odd="x"))
    features, _ = read(tmp_path, f"<Document>{SCHEMA}{marks}</Document>")
    assert {f.name: values(features, f.name) for f in features.fields if f.name != "end"} == {
        "n": [5, None],
        "d": [1.5, None],
        "odd": ["7", "x"],
    }
    assert features.columns["end"].tolist()[0] == "never"


def test_data_without_their_schema_and_contacts_are_kept(tmp_path: Path) -> None:
    foreign = '<ExtendedData xmlns:c="urn:c"><c:camp>3</c:camp></ExtendedData>'
    marks = mark(simple("#none", n="5")) + mark(f"<address>Here 1</address>{foreign}")
    features, _ = read(tmp_path, f"<Document>{marks}</Document>")
    assert {f.name: values(features, f.name) for f in features.fields} == {
        "n": ["5", None],
        "camp": [None, "3"],
        "address": [None, "Here 1"],
    }


FOLDERS = {
    "nested": f"<Document><Folder><name>T</name><Folder>{mark('')}</Folder></Folder></Document>",
    "beside an empty one": f"<Document><Folder><name>E</name></Folder><Folder>{mark('')}</Folder></Document>",
    "above an empty one": f"<Document>{mark('')}<Folder><name>E</name><Folder/></Folder></Document>",
    "four deep": f"<Folder><Folder><Document><Folder>{mark('')}</Folder></Document></Folder></Folder>",
    "a document in a document": f"<Document><Document>{mark('')}</Document></Document>",
    "a placemark alone": mark(""),
    "beside a link": f"<Document><NetworkLink><Link/></NetworkLink>{mark('')}</Document>",
}


@pytest.mark.parametrize("case", FOLDERS)
def test_folder_without_placemarks_is_no_layer(case: str, tmp_path: Path) -> None:
    assert wkt(read(tmp_path, FOLDERS[case])[0]) == ["POINT (10 50)"]


def test_folders_with_placemarks_are_layers(tmp_path: Path) -> None:
    folders = "".join(f"<Folder><name>{n}</name>{mark(f'<name>{n}1</name>')}</Folder>" for n in "AB")
    content = f"<Document><Folder><name>All</name>{folders}</Folder></Document>"
    assert attributes(read(tmp_path, content, "B")[0]) == {"Name": "B1"}
    with pytest.raises(InvalidValue, match="several layers") as caught:
        read(tmp_path, content)
    assert caught.value.accepted == "one of: A, B"


def test_several_features_at_the_root_are_all_read(tmp_path: Path) -> None:
    features, _ = read(tmp_path, mark("<name>1</name>") + mark("<name>2</name>"))
    assert values(features, "Name") == ["1", "2"]


LINE = "<LineString><coordinates>{}</coordinates></LineString>"
RING = "<LinearRing><coordinates>0,0 4,0 4,4 0,0</coordinates></LinearRing>"
SQUARE = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>"


def several(*shapes: str) -> str:
    return f"<MultiGeometry>{''.join(shapes)}</MultiGeometry>"


ONE, TWO = LINE.format("1,2 3,4"), LINE.format("5,6 7,8")
SHAPES = {
    "points": (several(POINT, POINT.replace("10", "11")), "MULTIPOINT ((10 50), (11 50))"),
    "lines": (several(ONE, TWO), "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))"),
    "nested lines": (several(ONE, several(several(TWO))), "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))"),
    "one nested line": (several(several(ONE)), "LINESTRING (1 2, 3 4)"),
    "two shapes without a collection": (ONE + TWO, "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))"),
    "a ring": (RING, "LINESTRING (0 0, 4 0, 4 4, 0 0)"),
    "a ring among lines": (several(ONE, RING), "MULTILINESTRING ((1 2, 3 4), (0 0, 4 0, 4 4, 0 0))"),
    "an open ring": (SQUARE.replace(" 0,0<", "<"), "POLYGON ((0 0, 4 0, 4 4, 0 0))"),
    "polygons": (
        several(SQUARE, SQUARE.replace("4", "2")),
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((0 0, 2 0, 2 2, 0 0)))",
    ),
    "blanks behind commas": (LINE.format("1, 2, 0 3 ,4,0"), "LINESTRING (1 2, 3 4)"),
    "an absolute height": (
        "<Point><altitudeMode>absolute</altitudeMode><coordinates>1,2,30</coordinates></Point>",
        "POINT Z (1 2 30)",
    ),
    "a model": (
        "<Model><Location><longitude>1</longitude><latitude>2</latitude><altitude>3</altitude></Location></Model>",
        "POINT Z (1 2 3)",
    ),
}


@pytest.mark.parametrize("case", SHAPES)
def test_shape_is_what_its_parts_are(case: str, tmp_path: Path) -> None:
    shape, expected = SHAPES[case]
    features, said = read(tmp_path, f"<Document>{mark('', shape)}</Document>")
    assert (wkt(features), said) == ([expected], [])


UNREADABLE = [
    "<Point><coordinates></coordinates></Point>",
    "<Point/>",
    "<Point><coordinates>x,y</coordinates></Point>",
    "<Point><coordinates>10;50</coordinates></Point>",
    "<Point><coordinates>10 50</coordinates></Point>",
    "<Point><coordinates>nan,nan</coordinates></Point>",
    LINE.format("1,2"),
    LINE.format("1,2 3"),
    LINE.format("1,2 " * 3000 + "x"),
    SQUARE.replace("4,0 4,4 ", ""),
    "<Polygon/>",
]


@pytest.mark.parametrize("shape", UNREADABLE)
def test_coordinates_that_are_none_are_no_place(shape: str, tmp_path: Path) -> None:
    features, said = read(tmp_path, f"<Document>{mark('', POINT)}{mark('', shape)}</Document>")
    assert wkt(features) == ["POINT (10 50)", None]
    assert said == ["1 placemark has coordinates that cannot be read; these are left out."]


def test_heights_above_the_ground_are_told(tmp_path: Path) -> None:
    relative = POINT.replace("<Point>", "<Point><altitudeMode>relativeToGround</altitudeMode>")
    features, said = read(tmp_path, f"<Document>{mark('', relative.replace(',0<', ',30<'))}</Document>")
    assert wkt(features) == ["POINT Z (10 50 30)"]
    assert said == ["1 placemark has heights above the ground, not above the sea; they are read as they are."]
    assert read(tmp_path, f"<Document>{mark('', relative)}</Document>")[1] == []


def test_track_is_a_line_and_its_span(tmp_path: Path) -> None:
    hours = "".join(f"<when>2020-05-01T{h}:00:00Z</when>" for h in ("00", "12"))
    track = f"<gx:Track>{hours}<gx:coord>1 2 0</gx:coord><gx:coord>3 4 0</gx:coord></gx:Track>"
    features, said = read(tmp_path, f"<Document>{mark('', track)}</Document>")
    assert wkt(features) == ["LINESTRING (1 2, 3 4)"]
    assert attributes(features) == {"begin": DAY, "end": NOON}
    assert said == ["1 track was read as a line, without the times of its vertices."]


LINK = "<NetworkLink><name>x</name><Link><href>https://example.org/b.kml</href></Link></NetworkLink>"
BOX = "<LatLonBox><north>1</north><south>0</south><east>1</east><west>0</west></LatLonBox>"
OVERLAY = f"<GroundOverlay><Icon><href>a.png</href></Icon>{BOX}</GroundOverlay>"
BARE = [
    (LINK, r"only links to other files \(NetworkLink\), no placemarks"),
    (f"<Document>{LINK}</Document>", "only links to other files"),
    (f"<Folder><name>F</name><Folder>{LINK}{LINK}</Folder></Folder>", "only links to other files"),
    (f"<Document>{OVERLAY}</Document>", r"only images \(overlays\), no placemarks"),
]


@pytest.mark.parametrize(("content", "problem"), BARE)
def test_kml_without_placemarks_says_what_it_holds(content: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=problem):
        read(tmp_path, content)


def test_links_and_images_beside_placemarks_are_told(tmp_path: Path) -> None:
    features, said = read(tmp_path, f"<Document>{LINK}{LINK}{OVERLAY}{mark('')}</Document>")
    assert wkt(features) == ["POINT (10 50)"]
    assert said == [
        "2 links to other KML files were not followed.",
        "1 image (overlay) was left out.",
    ]


def test_kmz_whose_document_links_to_another_in_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr("doc.kml", f"{HEAD}<Document>{LINK}</Document></kml>")
        archive.writestr("files/b.kml", f"{HEAD}<Document>{mark('')}</Document></kml>")
    assert wkt(read_features(tmp_path / "a.kmz")) == ["POINT (10 50)"]


HEADS = [
    '<kml xmlns="http://earth.google.com/kml/2.1">',
    "<kml>",
    '<?xml version="1.0" encoding="ISO-8859-1"?><k:kml xmlns:k="http://www.opengis.net/kml/2.2">',
]


@pytest.mark.parametrize("head", HEADS)
def test_kml_of_every_version(head: str, tmp_path: Path) -> None:
    k = "k:" if "k:kml" in head else ""
    body = f"<Document>{mark('<name>é</name><TimeStamp><when>2020</when></TimeStamp>')}</Document></kml>"
    body = body.replace("</", "\0").replace("<", f"<{k}").replace("\0", f"</{k}")
    (tmp_path / "a.kml").write_bytes((head + body).encode("latin-1" if "8859" in head else "utf-8"))
    features = read_features(tmp_path / "a.kml")
    assert (attributes(features), wkt(features)) == (
        {"Name": "é", "timestamp": 1577836800000},
        ["POINT (10 50)"],
    )


GROWING = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
TYPES = {
    "an entity of a file": '<!DOCTYPE kml [<!ENTITY s SYSTEM "file:///etc/passwd">]>',
    "entities that grow": f'<!DOCTYPE kml [<!ENTITY a0 "aaaaaaaaaa">{GROWING}]>',
    "one that lies elsewhere": '<!DOCTYPE kml SYSTEM "http://x.test/kml.dtd">',
    "one behind a comment": "<!-- <kml> --><?x y?>\n<!DOCTYPE kml>",
    "one far behind": f"<!--{'x' * 200_000}--><!DOCTYPE kml>",
}


@pytest.mark.parametrize(
    "before", ["<?xml version='1.0'?>", "", "\ufeff<?xml version='1.0'?>", " \n<?xml version='1.0'?>"]
)
@pytest.mark.parametrize("case", TYPES)
def test_document_type_is_refused(case: str, before: str, tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    doctype = TYPES[case] if before or case == "one behind a comment" else f"<!-- -->{TYPES[case]}"
    path.write_text(f"{before}{doctype}<kml>{mark('<name>&s;</name>')}</kml>", encoding="utf-8")
    with pytest.raises(InvalidValue, match="has a document type"):
        read_features(path)


def test_html_in_a_description_is_a_text(tmp_path: Path) -> None:
    features, _ = read(tmp_path, mark("<description><![CDATA[<!DOCTYPE html><p>x]]></description>"))
    assert attributes(features)["description"] == "<!DOCTYPE html><p>x"


def there_and_back(features: FeatureSet[Any]) -> tuple[FeatureSet[Any], list[str]]:
    said: list[str] = []
    return read_features(write_features(features, "KML", warn=said.append), warn=said.append), said


def test_fields_of_any_name_come_back() -> None:
    columns = {n: ["v"] for n in ("begin", "id", "icon", "NAME", "description", "visibility", "end", "Größe")}
    read, said = there_and_back(FeatureSet.of([shapely.Point(1, 2)], WGS84, columns))
    assert (attributes(read), said) == (dict.fromkeys(columns, "v"), [])


def test_name_and_description_label_the_placemark() -> None:
    features = FeatureSet.of([shapely.Point(1, 2)], WGS84, {"NAME": ["Aburg"], "description": ["<b>"]})
    text = write_features(features, "KML").read_text(encoding="utf-8")
    assert "<name>Aburg</name>" in text
    assert "<description>&lt;b&gt;</description>" in text


def test_times_are_written_as_times_of_placemarks() -> None:
    columns: dict[str, Any] = {"timestamp": [NOON, None], "v": [0.5, 1.5]}
    fields = [Field("timestamp", DATE), Field("v", DOUBLE)]
    features = FeatureSet.of([shapely.Point(1, 2)] * 2, WGS84).with_columns(columns, fields)
    assert "<when>2020-05-01T12:00:00Z</when>" in write_features(features, "KML").read_text(encoding="utf-8")
    read, _ = there_and_back(features)
    assert (values(read, "timestamp"), values(read, "v")) == ([NOON, None], [0.5, 1.5])
    spans = FeatureSet.of([shapely.Point(1, 2)], WGS84).with_columns(
        {"begin": [DAY], "end": [NOON]}, [Field("begin", DATE), Field("end", DATE)]
    )
    assert "<TimeSpan>" in write_features(spans, "KML").read_text(encoding="utf-8")
    assert attributes(there_and_back(spans)[0]) == {"begin": DAY, "end": NOON}


def test_texts_of_any_characters_are_written_well_formed() -> None:
    texts = {
        "t": ["a]]>b\x00c\x1f<&\ufffe.", "d\x0be", "plain"],
        "description": ["]]>", None, "<![CDATA[x]]>"],
    }
    read, said = there_and_back(FeatureSet.of([shapely.Point(1, 2)] * 3, WGS84, texts))
    assert values(read, "t") == ["a]]>b c <& .", "d e", "plain"]
    assert values(read, "description") == texts["description"]
    assert said == ["2 texts have characters that KML cannot hold, in field t; they are blanks."]


def test_kml_numbers_names_and_lists_come_back() -> None:
    columns: dict[str, Any] = {'a<b & "c"': [1, 2], "big": [2**40, 1], "tags": [{"a": ["b"]}, None]}
    read, _ = there_and_back(FeatureSet.of([shapely.Point(1, 2)] * 2, WGS84, columns))
    assert {f.name: values(read, f.name) for f in read.fields} == {
        'a<b & "c"': [1, 2],
        "big": [str(2**40), "1"],
        "tags": ['{"a":["b"]}', None],
    }


def test_point_of_unknown_height_has_none(tmp_path: Path) -> None:
    features = FeatureSet.of([shapely.Point(1, 2, float("nan")), shapely.Point(3, 4, 5)], WGS84)
    assert "null" not in write_features(features, "KML").read_text(encoding="utf-8")


def test_kml_without_features_is_an_empty_layer(tmp_path: Path) -> None:
    for content in ("", "<Document/>", "<Document><Folder><name>E</name></Folder></Document>"):
        assert len(read(tmp_path, content)[0]) == 0
    assert len(there_and_back(FeatureSet.of([], WGS84))[0]) == 0


def test_latitudes_beyond_the_poles_are_told(tmp_path: Path) -> None:
    swapped = POINT.replace("10,50", "-33.8,151.2")
    assert read(tmp_path, f"<Document>{mark('', swapped)}</Document>")[1] == [
        "1 feature has latitudes beyond 90 degrees."
    ]


UNDECLARED = [
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document xsi:schemaLocation="x">{}</Document></kml>',
    "\n \n<?xml version='1.0'?><kml><Document>{}</Document></kml>",
    "<kml><Document><atom:link href='a:b'/>{}</Document></kml>",
]


@pytest.mark.parametrize("form", UNDECLARED)
def test_prefixes_without_a_declaration_and_blanks_in_front(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    stamped = mark("<TimeStamp><when>2020-05</when></TimeStamp>" + data(begin="5"))
    path.write_text(form.format(stamped), encoding="utf-8")
    features = read_features(path)
    assert (attributes(features), wkt(features)) == ({"timestamp": DAY, "begin": "5"}, ["POINT (10 50)"])


def test_elements_nested_too_deeply_are_refused(tmp_path: Path) -> None:
    deep = "<MultiGeometry>" * 5000 + "</MultiGeometry>" * 5000
    with pytest.raises(InvalidValue, match="too deeply"):
        read(tmp_path, f"<Document>{mark('', deep)}</Document>")
