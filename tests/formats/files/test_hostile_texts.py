"""Files of text in linear time too: they are read in the tool's process, which is paid for until its end."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from dev.fuzz.growth import Shape, grows_faster
from gpserverless.errors import InvalidValue
from gpserverless.formats.files.csv import read_csv
from gpserverless.formats.files.geojson_document import check_reference_of
from gpserverless.formats.files.kml_document import prepare_kml
from gpserverless.formats.files.warn import ignore_warning
from gpserverless.formats.files.wkt import is_shape_text, read_shapes
from gpserverless.formats.grids import prepare_grid


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def mark(inside: str) -> tuple[str, str]:
    """Return a KML document up to a place inside one placemark, and from there on."""
    before, _, after = inside.partition("…")
    return f"<kml><Placemark>{before}", f"{after}</Placemark></kml>"


POINT, SOME = mark("<Point><coordinates>…</coordinates></Point>")
PLACE = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>"
DATA, DATA_END = mark("<ExtendedData>…</ExtendedData>")
HEIGHT, HEIGHT_END = mark(
    "<LineString><altitudeMode>relativeToGround</altitudeMode><coordinates>…</coordinates></LineString>"
)

CSV = [
    Shape("x,y,n\n1,2,", "9"), Shape("x,y,n\n1,2,0.", "9"), Shape("x,y,n\n1,2,", "9", "!"),
    Shape("x,y,n\n", "1,2,3\n"), Shape("x,y", ",a", "\n1,2,3"), Shape("x,y", ",a"),
    Shape("x,y", ",", "\n1,2"), Shape("x,y,n\n1,2,", '"'), Shape('x,y,n\n1,2,"', "a\n"), Shape("", '"'),
    Shape("sep=;\nx;y;n\n1;2;", "1.000", ",5"), Shape("x;y;n\n1;2;", "1.234."),
    Shape("WKT\nPOINT (", "1", ")"), Shape("WKT\n", "POINT (1 2)\n"), Shape("x,y,srid\n1,2,", "4326"),
    Shape("x,y\n", "\n"),
]  # fmt: skip
SHAPES = [
    Shape("", "("), Shape("POINT ", "(", "1 2)"), Shape("CIRCULARSTRING (", "1 2,", "3 4)"),
    Shape("", "CURVEPOLYGON("), Shape("SRID", " ", "=1;"), Shape("SRID=", "1", ";POINT (1 2)"),
    Shape("GEOMETRYCOLLECTION(", "POINT(1 2),", "X)"), Shape("0101", "00"), Shape("\\x01", "00"),
    Shape("", "Z"), Shape("POINT", "Z", "("), Shape("MULTIPOINT (", "1 2,", "1 2)"),
    Shape('{"coordinates":', "["),
    Shape('{"type":"GeometryCollection","geometries":', '[{"type":"GeometryCollection"'),
    Shape("TIN (", "((0 0, 0 1, 1 1, 0 0)),", "X)"),
    Shape("COMPOUNDCURVE (", "(0 0, 1 1),", "(1 1, 2 2))"),
]  # fmt: skip
KML = [
    Shape(POINT, "1", SOME), Shape(POINT, "1,", SOME), Shape(POINT, " ", f"1,2{SOME}"),
    Shape(POINT, " ,", SOME), Shape(POINT, "1,2 ", SOME), Shape(POINT, "1 , 2 ", SOME),
    Shape(HEIGHT, "1,2,0 ", HEIGHT_END), Shape(HEIGHT, "1,2,", HEIGHT_END), Shape(HEIGHT, "1", HEIGHT_END),
    Shape("<kml>", "<a:b/>", "</kml>"),
    Shape("<kml><Document>", PLACE, "</Document></kml>"),
    Shape("<kml><Document>", "<Folder>"), Shape("<!--", "-", "--><kml/>"), Shape(" ", " ", "<kml/>"),
    Shape(DATA, '<Data name="a"><value>1</value></Data>', DATA_END),
    Shape(f'{DATA}<Data name="a"><value>', "1", f"</value></Data>{DATA_END}"),
    Shape("<kml><Placemark><TimeStamp><when>", "1", "</when></TimeStamp></Placemark></kml>"),
]  # fmt: skip
GRIDS = [
    Shape("ncols 1\nnrows 1\n", " "), Shape("ncols ", "1"), Shape("ncols 2\nnrows 2\ncellsize 1\n", "1 "),
    Shape("ncols", " ", "1"), Shape("ncols 1\n", "ncols 1\n"),
]  # fmt: skip
GEOJSON = [
    Shape("{", '"crs":', "1}"), Shape("{", '"crs":{"properties":{},"type":"name"},', '"a":1}'),
    Shape('{"crs"', " ", ":{}}"), Shape('{"crs":{"a":"', "x", '"}}'), Shape('{"crs":', "{", "}"),
]  # fmt: skip


def write(name: str, text: str) -> Path:
    path = Path(tempfile.gettempdir(), name)
    path.write_text(text, "utf-8", newline="")
    return path


READERS: dict[str, tuple[Callable[[str], object], list[Shape]]] = {
    "CSV": (lambda text: read_csv(write("a.csv", text), warn=ignore_warning, maximum=1_000_000), CSV),
    "shapes": (lambda text: (is_shape_text(text), read_shapes([text], ignore_warning)), SHAPES),
    "KML": (lambda text: prepare_kml(write("a.kml", text), ignore_warning), KML),
    "grid": (lambda text: prepare_grid(write("a.asc", text)), GRIDS),
    "GeoJSON": (lambda text: check_reference_of(write("a.geojson", text)), GEOJSON),
}
CASES = [(reader, shape) for reader, (_, shapes) in READERS.items() for shape in shapes]


@pytest.mark.parametrize(("reader", "shape"), CASES, ids=lambda part: repr(part)[:80])
def test_a_file_is_read_in_linear_time(reader: str, shape: Shape) -> None:
    def read(text: str) -> None:
        with suppress(InvalidValue, RecursionError):
            READERS[reader][0](text)

    assert not grows_faster(read, shape)
