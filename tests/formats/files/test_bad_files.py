"""Malicious and damaged files: archives that lead out, bombs, disguises, and plain damage."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import urlopen
from zipfile import ZipInfo

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.formats.files.archives import ArchiveLimits, unpack
from gpserverless.formats.files.gdal import UNWANTED, WANTED, load_pyogrio, relay_gdal_messages
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features
from tests.formats.files.tables import table

CSV = b"x,y,name\n1,2,a\n"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def zipped(*entries: tuple[str | ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


def link(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def encrypted(data: bytes) -> bytes:
    """Set the flag of encryption in both headers of the only entry."""
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[local + 6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


def lying(data: bytes) -> bytes:
    """Say in both headers of the only entry that it is one byte long."""
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    changed = bytearray(data)
    for place in (local + 22, central + 24):
        changed[place : place + 4] = struct.pack("<I", 1)
    return bytes(changed)


BOMB = b"0" * 3_000_000
ARCHIVES: dict[str, tuple[bytes, str]] = {
    "a path upwards": (zipped(("../a.csv", CSV)), "leads out of the archive"),
    "a path upwards inside": (zipped(("a/../../a.csv", CSV)), "leads out of the archive"),
    "an absolute path": (zipped(("/tmp/a.csv", CSV)), "leads out of the archive"),
    "a path of Windows": (zipped(("..\\a.csv", CSV)), "leads out of the archive"),
    "a drive": (zipped(("c:a.csv", CSV)), "leads out of the archive"),
    "a symbolic link": (zipped((link("a.csv"), b"/etc/passwd")), "is a link or a device"),
    "an encrypted entry": (encrypted(zipped(("a.csv", CSV))), "is encrypted"),
    "an archive in the archive": (
        zipped(("a.zip", zipped(("a.csv", CSV)))),
        "holds an archive in the archive, 'a.zip'",
    ),
    "a size that lies": (lying(zipped(("a.csv", CSV))), "damaged"),
    "a long name": (zipped((f"{'ä' * 126}.csv", CSV)), "has a name that is too long"),
    "many folders": (zipped((f"{'a/' * 50}a.csv", CSV)), "has a name that is too long"),
    "no archive": (b"PK\x03\x04 but no more", "damaged"),
    "a cut archive": (zipped(("a.csv", CSV))[:-30], "damaged"),
    "nothing known": (zipped(("a.exe", b"MZ"), ("b/readme.md", b"#")), "holds no file of a known format"),
    "nothing": (zipped(), "holds no file of a known format"),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_malicious_archive_is_refused(case: str, tmp_path: Path) -> None:
    content, problem = ARCHIVES[case]
    path = tmp_path / "data.zip"
    path.write_bytes(content)
    with pytest.raises(InvalidValue, match=problem):
        read_features(path)
    assert not (tmp_path.parent / "a.csv").exists()


def test_archive_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.zip"
    path.write_bytes(zipped(*((f"{i}.csv", b"") for i in range(10_001))))
    with pytest.raises(InvalidValue, match="has 10,001 entries"):
        read_features(path)


@pytest.mark.parametrize("entries", [[("a.csv", BOMB)], [(f"{i}.csv", BOMB[:300_000]) for i in range(10)]])
def test_bomb_is_stopped_while_it_inflates(entries: list[tuple[str, bytes]], tmp_path: Path) -> None:
    path, target = tmp_path / "data.zip", tmp_path / "target"
    path.write_bytes(zipped(*entries))
    with pytest.raises(InvalidValue, match="inflates to far more"):
        unpack(path, target, ArchiveLimits(size=1_000_000))
    assert sum(p.stat().st_size for p in target.iterdir()) <= 1_000_000


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archive_with_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.zip"
    path.write_bytes(zipped(("a.csv", CSV), ("a.csv", CSV)))
    with pytest.raises(InvalidValue, match="damaged"):
        read_features(path)


def test_archive_size_is_counted_over_all_entries(tmp_path: Path) -> None:
    path, target = tmp_path / "data.zip", tmp_path / "target"
    target.mkdir()
    content = [os.urandom(1000) for _ in range(3)]
    path.write_bytes(zipped(*((f"{i}.bin", each) for i, each in enumerate(content))))
    unpack(path, target, ArchiveLimits(size=3000))
    assert [p.read_bytes() for p in sorted(target.iterdir())] == content
    with pytest.raises(InvalidValue, match="inflates to far more"):
        unpack(path, Path(tempfile.mkdtemp()), ArchiveLimits(size=2999))


VRT = (
    b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource>'
    b"</OGRVRTLayer></OGRVRTDataSource>"
)
DISGUISES: dict[str, tuple[str, bytes]] = {
    "VRT as GeoJSON": ("a.geojson", VRT),
    "VRT as KML": ("a.kml", VRT),
    "VRT as GeoPackage": ("a.gpkg", VRT),
    "VRT as FlatGeobuf": ("a.fgb", VRT),
    "VRT by its own name": ("a.vrt", VRT),
    "a script as GeoPackage": ("a.gpkg", b"#!/bin/sh\n"),
    "an image as CSV": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0"),
    "a shapefile without its other files": ("a.shp", b"\0\0\x27\x0a"),
    "no extension": ("a", CSV),
}


@pytest.mark.parametrize("case", DISGUISES)
def test_file_content_must_match_its_extension(case: str, tmp_path: Path) -> None:
    name, content = DISGUISES[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidValue, match="is not"):
        read_features(tmp_path / name)


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda data: data[: len(data) // 2],
    "only a head": lambda data: data[:20],
    "zeros after the head": lambda data: data[:20] + bytes(len(data) - 20),
}


@pytest.mark.parametrize("name", ["GeoPackage", "FlatGeobuf", "GeoJSON", "KML"])
@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_file_is_refused_or_read_in_part(name: str, damage: str) -> None:
    path = write_features(table(), name)  # type: ignore[arg-type]  # a name of the table of formats
    path.write_bytes(DAMAGED[damage](path.read_bytes()))
    said: list[str] = []
    with suppress(InvalidValue):
        assert len(read_features(path, warn=said.append)) == len(table()) or said


def test_csv_with_markup_is_only_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x,y,name\n1,2,<OGRVRTDataSource/>\n")
    assert read_features(tmp_path / "a.csv").columns["name"].tolist() == ["<OGRVRTDataSource/>"]


def test_geopackage_view_reads_no_other_file() -> None:
    path = write_features(table("esriGeometryPoint"), "GeoPackage", "towns")
    read = "gdal_get_pixel_value('/etc/passwd', 1, 'pixel', 0, 0)"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"CREATE VIEW other AS SELECT fid, geom, {read} AS v FROM towns")
        database.execute("INSERT INTO gpkg_contents (table_name, data_type) VALUES ('other', 'features')")
        database.execute("INSERT INTO gpkg_geometry_columns VALUES ('other', 'geom', 'POINT', 4326, 0, 0)")
    assert load_pyogrio().read(path, sql="PRAGMA trusted_schema")[3][0].tolist() == [0]
    with pytest.raises(InvalidValue, match="no layer 'other'"):
        read_features(path, "other")
    assert len(read_features(path)) == 3


class Counting(BaseHTTPRequestHandler):
    """Counts the requests, whatever they are."""

    count = 0

    def do_GET(self) -> None:
        Counting.count += 1
        self.send_response(200)
        self.end_headers()

    do_HEAD = do_POST = do_GET  # noqa: N815 - the names of http.server

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Listen at a port of this machine."""
    with HTTPServer(("127.0.0.1", 0), Counting) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def test_gdal_asks_no_server(port: int, tmp_path: Path) -> None:
    place = f"http://127.0.0.1:{port}/a"
    link = {"type": "link", "properties": {"href": place, "type": "ogcwkt"}}
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    named = tmp_path / "a.geojson"
    named.write_text(json.dumps({"type": "FeatureCollection", "crs": link, "features": [point]}))
    for path in (str(named), f"/vsicurl/{place}.fgb", f"/vsicurl_streaming/{place}.gpkg", f"{place}.geojson"):
        with suppress(Exception):
            load_pyogrio().read(path)
    assert Counting.count == 0
    with urlopen(place) as answer:
        assert (answer.status, Counting.count) == (200, 1)


def test_gdal_knows_the_wanted_formats_only() -> None:
    load_pyogrio()
    from pyogrio import list_drivers

    assert set(list_drivers()) == WANTED, "a release of GDAL brought a driver: add it to UNWANTED"
    assert WANTED.isdisjoint(UNWANTED)
    assert "GDAL_SKIP" not in os.environ


def test_gdal_error_does_not_show_folders_of_the_machine() -> None:
    from pyogrio.errors import DataSourceError

    with (
        pytest.raises(InvalidValue, match=r"cannot be read: a\.fgb not recognized"),
        relay_gdal_messages("be read", None),
    ):
        raise DataSourceError("'/tmp/run/a.fgb' not recognized")
