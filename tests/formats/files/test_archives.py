"""Archives as people send them: what lies beside the data is no layer, and limits are absolute."""

from __future__ import annotations

import errno
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.formats.files.read import read_features
from gpserverless.formats.files.write import write_features, write_layers
from tests.formats.files.shapefiles import pack, points
from tests.formats.files.tables import table

TOWNS = points([(b"NAME", "C", 20)], [[b"Aburg"], [b"Bedorf"]])
GEOJSON = b'{"type":"FeatureCollection","features":[]}'


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def read(members: dict[str, bytes], layer: str | None = None) -> tuple[FeatureSet[Any], list[str]]:
    said: list[str] = []
    path = pack(Path(tempfile.mkdtemp()) / "a.zip", members)
    return read_features(path, layer, warn=said.append), said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.txt", b"Towns, by the survey, of 2020; x and y are in degrees.\n"),
        ("towns.VERSION.txt", b"4.1.0\n"),
        ("LICENSE.txt", "Ünïcode".encode("utf-16")),
        ("metadata.json", b'{"title": "Towns"}'),
        ("list.json", b'["Towns"]'),
        ("towns.shp.xml", b"<metadata/>"),
        ("towns.xml", b"<?xml version='1.0'?><metadata/>"),
        ("__MACOSX/._towns.shp", b"\0\5\x16\7"),
        ("._towns.shp", b"\0\5\x16\7"),
        ("data/._towns.geojson", b"\0\5\x16\7"),
        (".DS_Store", b"\0\0\0\1Bud1"),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
        ("towns.qml", b"<qgis/>"),
    ],
)
def test_what_lies_beside_the_data_is_no_layer(name: str, content: bytes) -> None:
    features, said = read(TOWNS | {name: content})
    assert (features.columns["NAME"].tolist(), said) == (["Aburg", "Bedorf"], [])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "prices.csv",
            b"name,price\na,1\n",
            "'prices.csv' is left out: the CSV file has no columns of coordinates.",
        ),
        (
            "b.gpkg",
            b"nonsense",
            "'b.gpkg' is not the GeoPackage file that its name promises; it is left out.",
        ),
        ("b.kmz", b"PK", "The archive holds an archive in the archive, 'b.kmz'; it is left out."),
    ],
)
def test_what_looks_like_data_is_left_out_with_a_word(name: str, content: bytes, told: str) -> None:
    features, said = read(TOWNS | {name: content})
    assert (len(features), said) == (2, [told])


def test_text_alone_is_refused_with_its_reason() -> None:
    with pytest.raises(InvalidValue, match="no columns of coordinates"):
        read({"README.txt": b"hello"})


def test_text_with_coordinates_is_a_layer() -> None:
    with pytest.raises(InvalidValue, match="several layers") as caught:
        read(TOWNS | {"wells.txt": b"x,y\n1,2\n"})
    assert caught.value.accepted == "one of: towns, wells"


def test_layers_of_one_name_are_told_apart_by_their_files() -> None:
    members = TOWNS | {"towns.geojson": GEOJSON, "old/towns.geojson": GEOJSON}
    with pytest.raises(InvalidValue) as caught:
        read(members)
    titles = caught.value.accepted.removeprefix("one of: ").split(", ")
    assert sorted(titles) == ["old/towns.geojson", "towns.geojson", "towns.shp"]
    assert len(read(members, "towns.shp")[0]) == 2


@pytest.mark.parametrize("folder", ["", "towns/", "Towns.GDB/"])
def test_geodatabase_lies_anywhere_in_the_zip(folder: str) -> None:
    with zipfile.ZipFile(write_layers({"towns": table()}, "File Geodatabase", "towns")) as made:
        members = {folder + name.partition("/")[2]: made.read(name) for name in made.namelist()}
    features, said = read(members)
    assert (len(features), said) == (3, [])


def test_names_with_backslashes_are_paths() -> None:
    assert len(read({f"data\\{name}": content for name, content in TOWNS.items()})[0]) == 2


def test_many_entries_and_blank_texts_are_no_bomb() -> None:
    wide = points([(b"REMARK", "C", 254), (b"NAME", "C", 254)], [[b"", b"a"]] * 5000)
    features, _ = read(wide | {f"pictures/{i}.png": b"\x89PNG" for i in range(500)})
    assert len(features) == 5000


def test_kmz_with_pictures_is_one_layer(tmp_path: Path) -> None:
    kml = write_features(table().only("TEXT"), "KML").read_bytes()
    path = pack(tmp_path / "a.kmz", {"doc.kml": kml} | {f"files/{i}.png": b"\x89PNG" for i in range(300)})
    assert len(read_features(path)) == 3


def test_full_disk_is_no_fault_of_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gpserverless.formats.files.archives._inflate", fill)
    with pytest.raises(OSError, match="No space left"):
        read(TOWNS)
