"""Files of text in linear time too: they are read in the tool's process, which is paid for until its end."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from dev.fuzz.growth import HostileText, grows_faster
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
COLLECTION = '{"type":"GeometryCollection","geometries":'
PLACE = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>"
DATA, DATA_END = mark("<ExtendedData>…</ExtendedData>")
HEIGHT, HEIGHT_END = mark(
    "<LineString><altitudeMode>relativeToGround</altitudeMode><coordinates>…</coordinates></LineString>"
)

CSV = [
    HostileText("x,y,n\n1,2,", "9"), HostileText("x,y,n\n1,2,0.", "9"),
    HostileText("x,y,n\n1,2,", "9", "!"), HostileText("x,y,n\n", "1,2,3\n"),
    HostileText("x,y", ",a", "\n1,2,3"), HostileText("x,y", ",a"), HostileText("x,y", ",", "\n1,2"),
    HostileText("x,y,n\n1,2,", '"'), HostileText('x,y,n\n1,2,"', "a\n"), HostileText("", '"'),
    HostileText("sep=;\nx;y;n\n1;2;", "1.000", ",5"), HostileText("x;y;n\n1;2;", "1.234."),
    HostileText("WKT\nPOINT (", "1", ")"), HostileText("WKT\n", "POINT (1 2)\n"),
    HostileText("x,y,srid\n1,2,", "4326"), HostileText("x,y\n", "\n"),
]  # fmt: skip
SHAPES = [
    HostileText("", "("), HostileText("POINT ", "(", "1 2)"),
    HostileText("CIRCULARSTRING (", "1 2,", "3 4)"), HostileText("", "CURVEPOLYGON("),
    HostileText("SRID", " ", "=1;"), HostileText("SRID=", "1", ";POINT (1 2)"),
    HostileText("GEOMETRYCOLLECTION(", "POINT(1 2),", "X)"), HostileText("0101", "00"),
    HostileText("\\x01", "00"), HostileText("", "Z"), HostileText("POINT", "Z", "("),
    HostileText("MULTIPOINT (", "1 2,", "1 2)"), HostileText('{"coordinates":', "["),
    HostileText(COLLECTION, '[{"type":"GeometryCollection"'),
    HostileText("TIN (", "((0 0, 0 1, 1 1, 0 0)),", "X)"),
    HostileText("COMPOUNDCURVE (", "(0 0, 1 1),", "(1 1, 2 2))"),
]  # fmt: skip
KML = [
    HostileText(POINT, "1", SOME), HostileText(POINT, "1,", SOME), HostileText(POINT, " ", f"1,2{SOME}"),
    HostileText(POINT, " ,", SOME), HostileText(POINT, "1,2 ", SOME), HostileText(POINT, "1 , 2 ", SOME),
    HostileText(HEIGHT, "1,2,0 ", HEIGHT_END), HostileText(HEIGHT, "1,2,", HEIGHT_END),
    HostileText(HEIGHT, "1", HEIGHT_END), HostileText("<kml>", "<a:b/>", "</kml>"),
    HostileText("<kml><Document>", PLACE, "</Document></kml>"), HostileText("<kml><Document>", "<Folder>"),
    HostileText("<!--", "-", "--><kml/>"), HostileText(" ", " ", "<kml/>"),
    HostileText(DATA, '<Data name="a"><value>1</value></Data>', DATA_END),
    HostileText(f'{DATA}<Data name="a"><value>', "1", f"</value></Data>{DATA_END}"),
    HostileText("<kml><Placemark><TimeStamp><when>", "1", "</when></TimeStamp></Placemark></kml>"),
]  # fmt: skip
GRIDS = [
    HostileText("ncols 1\nnrows 1\n", " "), HostileText("ncols ", "1"),
    HostileText("ncols 2\nnrows 2\ncellsize 1\n", "1 "), HostileText("ncols", " ", "1"),
    HostileText("ncols 1\n", "ncols 1\n"),
]  # fmt: skip
GEOJSON = [
    HostileText("{", '"crs":', "1}"), HostileText("{", '"crs":{"properties":{},"type":"name"},', '"a":1}'),
    HostileText('{"crs"', " ", ":{}}"), HostileText('{"crs":{"a":"', "x", '"}}'),
    HostileText('{"crs":', "{", "}"),
]  # fmt: skip


def write(name: str, text: str) -> Path:
    path = Path(tempfile.gettempdir(), name)
    path.write_text(text, "utf-8", newline="")
    return path


READERS: dict[str, tuple[Callable[[str], object], list[HostileText]]] = {
    "CSV": (lambda text: read_csv(write("a.csv", text), warn=ignore_warning, maximum=1_000_000), CSV),
    "shapes": (lambda text: (is_shape_text(text), read_shapes([text], ignore_warning)), SHAPES),
    "KML": (lambda text: prepare_kml(write("a.kml", text), ignore_warning), KML),
    "grid": (lambda text: prepare_grid(write("a.asc", text)), GRIDS),
    "GeoJSON": (lambda text: check_reference_of(write("a.geojson", text)), GEOJSON),
}
CASES = [(reader, text) for reader, (_, texts) in READERS.items() for text in texts]


@pytest.mark.parametrize(("reader", "text"), CASES, ids=lambda part: repr(part)[:80])
def test_file_is_read_in_linear_time(reader: str, text: HostileText) -> None:
    def read(text: str) -> None:
        with suppress(InvalidValue, RecursionError):
            READERS[reader][0](text)

    assert not grows_faster(read, text)
