"""Shapefiles as people send them: made by hand, so that the right reading is known."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import CRS

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DATE, STRING
from gpserverless.formats.files.code_pages import find_codec
from gpserverless.formats.files.read import read_features
from tests.formats.files.shapefiles import (
    MULTIPATCH,
    POLYLINE,
    WGS84_PRJ,
    dbf,
    line,
    multipatch,
    pack,
    points,
    shp_and_shx,
)

NAME = (b"NAME", "C", 20)
JAN_2_2020 = 1577923200000


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def read(members: dict[str, bytes]) -> tuple[FeatureSet[Any], list[str]]:
    said: list[str] = []
    path = pack(Path(tempfile.mkdtemp()) / "a.zip", members)
    return read_features(path, warn=said.append), said


def named(text: bytes, cpg: bytes | None = None, driver: int = 0) -> tuple[list[Any], list[str]]:
    members = points([NAME], [[text]], driver)
    features, said = read(members if cpg is None else members | {"towns.cpg": cpg})
    return features.columns["NAME"].tolist(), said


class TestEncodings:
    @pytest.mark.parametrize(
        ("cpg", "codec"),
        [
            (b"UTF-8", "utf-8"),
            (b"utf8", "utf-8"),
            (b"UTF-8\r\n", "utf-8"),
            (b"\xef\xbb\xbfUTF-8", "utf-8"),
            (b"65001", "utf-8"),
            (b"1252", "cp1252"),
            (b"ANSI 1252", "cp1252"),
            (b"CP1252", "cp1252"),
            (b"windows-1252", "cp1252"),
            (b"ISO-8859-1", "cp1252"),
            (b"88591", "cp1252"),
            (b"8859_15", "iso8859-15"),
            (b"OEM", "cp850"),
            (b"OEM 850", "cp850"),
            (b"850", "cp850"),
        ],
    )
    def test_every_spelling_of_an_encoding(self, cpg: bytes, codec: str) -> None:
        assert named("Köln Süd".encode(codec), cpg) == (["Köln Süd"], [])

    @pytest.mark.parametrize(
        ("cpg", "codec", "text"),
        [
            (b"ANSI 1250", "cp1250", "Hněvošický háj"),
            (b"1251", "cp1251", "Москва"),
            (b"SJIS", "cp932", "東京"),
            (b"Big5", "cp950", "臺北"),
            (b"GBK", "gbk", "北京"),
            (b"EUC-KR", "euc_kr", "서울"),
            (b"ISO-8859-7", "iso8859-7", "Αθήνα"),
            (b"KOI8-R", "koi8-r", "Москва"),
        ],
    )
    def test_other_scripts(self, cpg: bytes, codec: str, text: str) -> None:
        assert named(text.encode(codec), cpg) == ([text], [])

    @pytest.mark.parametrize(
        ("driver", "codec", "text"),
        [
            (0x03, "cp1252", "Süd 5 €"),
            (0xC8, "cp1250", "háj ě"),
            (0x02, "cp850", "Köln"),
            (0x26, "cp866", "Москва"),
        ],
    )
    def test_table_itself_tells(self, driver: int, codec: str, text: str) -> None:
        assert named(text.encode(codec), driver=driver) == ([text], [])
        assert named(text.encode(codec), b"OEM", driver) == ([text], [])

    @pytest.mark.parametrize("driver", [0, 0x57])
    @pytest.mark.parametrize(("codec", "title"), [("utf-8", "UTF-8"), ("cp1252", "Windows 1252")])
    def test_without_a_name_the_texts_tell_and_the_caller_learns_which(
        self, driver: int, codec: str, title: str
    ) -> None:
        said = [f"The shapefile does not name the encoding of its texts; they are read as {title}."]
        assert named("Köln „Süd“".encode(codec), driver=driver) == (["Köln „Süd“"], said)

    def test_plain_letters_need_no_name(self) -> None:
        assert named(b"Aburg") == (["Aburg"], [])

    def test_unknown_name_is_told(self) -> None:
        texts, said = named("Köln".encode(), b"KLINGON")
        assert texts == ["Köln"]
        assert said[0] == "The encoding 'KLINGON' that the shapefile names is not known."

    def test_wrong_name_is_told(self) -> None:
        texts, said = named("Köln".encode("cp1252"), b"UTF-8")
        assert texts == ["Köln"]
        assert said == [
            "The texts are not in UTF-8, which the shapefile names; they are read as Windows 1252."
        ]

    def test_text_cut_within_a_letter_loses_that_letter_and_is_told(self) -> None:
        members = points([(b"NAME", "C", 4)], [["Süd".encode()], ["abcü".encode()[:4]]]) | {
            "towns.cpg": b"UTF-8"
        }
        features, said = read(members)
        assert features.columns["NAME"].tolist() == ["Süd", "abc"]
        assert said == ["1 text does not end or read well in UTF-8; the damaged characters are left out."]

    def test_names_of_fields_are_texts_too(self) -> None:
        features, _ = read(points([("Größe".encode("cp1252"), "N", 5)], [[b"7"]]) | {"towns.cpg": b"1252"})
        assert features.columns["Größe"].tolist() == [7]

    @pytest.mark.parametrize("name", ["", "rot13", "base64", "hex", "../etc/passwd", "unicode_escape"])
    def test_what_is_no_code_page(self, name: str) -> None:
        assert find_codec(name) is None


class TestTables:
    def test_two_fields_of_one_name_both_survive(self) -> None:
        fields = [(b"NAME", "C", 6), (b"name", "C", 6), (b"NAME_1", "N", 3)]
        features, said = read(points(fields, [[b"first", b"second", b"3"]]))
        assert {n: c.tolist() for n, c in features.columns.items()} == {
            "NAME": ["first"],
            "name_2": ["second"],
            "NAME_1": [3],
        }
        assert said == ["Fields of one name were renamed: name to name_2."]

    def test_impossible_dates_are_null_and_told(self) -> None:
        days = [b"20200102", b"20231399", b"20230230", b"00000000", b"", b"2020 1 2", b"2020/1/2"]
        features, said = read(points([(b"D", "D", 8), (b"a", "N", 3)], [[day, b"1"] for day in days]))
        assert features.field("D").type == DATE
        assert features.columns["D"].tolist() == [JAN_2_2020, None, None, None, None, None, None]
        assert features.columns["a"].tolist() == [1] * len(days)
        assert said == ["Field D: 4 values are no dates of the calendar; null is read instead."]

    def test_dates_before_1970_and_with_separators(self) -> None:
        features, said = read(points([(b"D", "D", 10)], [[b"19691231"], [b"2020-01-02"], [b"2020/01/02"]]))
        assert (features.columns["D"].tolist(), said) == ([-86_400_000, JAN_2_2020, JAN_2_2020], [])

    def test_dates_as_texts_stay_texts(self) -> None:
        features, _ = read(points([(b"D", "C", 10)], [[b"20231399"]]))
        assert (features.field("D").type, features.columns["D"].tolist()) == (STRING, ["20231399"])

    @pytest.mark.parametrize(
        ("width", "value", "told"), [(18, 2**53 + 1, 0), (20, 2**53 + 1, 1), (20, 2**40, 0)]
    )
    def test_integers_that_lose_digits_are_told(self, width: int, value: int, told: int) -> None:
        features, said = read(points([(b"N", "N", width)], [[str(value).encode()], [b""]]))
        assert features.columns["N"].tolist()[0] == pytest.approx(value, rel=1e-15)
        assert (features.columns["N"].tolist()[0] == value) is not bool(told)
        assert said == ["Field N holds integers of more than 15 digits; the last ones are rounded."] * told

    def test_deleted_rows_go_with_their_shapes(self) -> None:
        features, said = read(points([NAME], [[b"a"], [b"gone"], [b"c"]], deleted=[1]))
        assert features.columns["NAME"].tolist() == ["a", "c"]
        assert shapely.get_x(features.geometries).tolist() == [10, 12]
        assert said == []

    def test_more_rows_than_shapes_are_told(self) -> None:
        members = points([NAME], [[b"a"], [b"b"]])
        _, said = read(members | {"towns.dbf": dbf([NAME], [[b"a"], [b"b"], [b"c"]])})
        assert said == ["The shapefile has 2 shapes and 3 rows in its table (.dbf)."]

    def test_missing_table_is_told(self) -> None:
        members = points([NAME], [[b"a"]])
        del members["towns.dbf"]
        features, said = read(members)
        assert len(features) == 1
        assert said == [
            "The shapefile has no table (.dbf) that can be read: its features have no attributes."
        ]

    def test_fields_of_other_programs_are_left_out_and_told(self) -> None:
        fields = [(b"NOTE", "M", 10), NAME]
        features, said = read(points(fields, [[b"1", b"a"]]))
        assert list(features.columns) == ["NAME"]
        assert said == ["Fields of types that shapefiles do not have are left out: NOTE (M)."]


class TestFiles:
    def test_names_may_differ_in_letter_case(self) -> None:
        members = points([NAME], [["Süd".encode("cp1252")]])
        mixed = {
            "Towns.SHP": members["towns.shp"],
            "towns.Shx": members["towns.shx"],
            "TOWNS.DBF": members["towns.dbf"],
            "towns.PRJ": WGS84_PRJ,
            "TOWNS.CPG": b"1252",
        }
        features, said = read(mixed)
        assert (features.columns["NAME"].tolist(), said) == (["Süd"], [])
        assert features.spatial_reference is not None

    def test_missing_reference_is_told(self) -> None:
        members = points([NAME], [[b"a"]])
        del members["towns.prj"]
        features, said = read(members)
        assert features.spatial_reference is None
        assert said == ["The file names no spatial reference; that of the features is not known."]

    @pytest.mark.parametrize("text", ["EPSG:25832", str(CRS(25832).to_wkt()), "\ufeff" + CRS(25832).to_wkt()])
    def test_reference_in_another_form_than_esris_is_read(self, text: str) -> None:
        features, said = read(points([NAME], [[b"a"]]) | {"towns.prj": text.encode()})
        assert features.spatial_reference is not None
        assert (features.spatial_reference.wkid, said) == (25832, [])

    def test_reference_that_cannot_be_read_is_told(self) -> None:
        features, said = read(points([NAME], [[b"a"]]) | {"towns.prj": b"somewhere"})
        assert features.spatial_reference is None
        assert said == ["The spatial reference of the file is left aside: it is not a spatial reference."]

    def test_reference_that_is_too_long_is_refused_as_a_whole(self) -> None:
        text = f"{CRS(25832).to_wkt()}{' ' * 20_000}".encode()
        with pytest.raises(InvalidValue, match=r"the \.prj file of the shapefile has 2\d,\d\d\d bytes"):
            read(points([NAME], [[b"a"]]) | {"towns.prj": b"\n" + text})

    def test_index_is_followed(self) -> None:
        """An edited shape is appended, and the index points there."""
        old, new, other = line((0, 0), (1, 1)), line((5, 5), (6, 6), (7, 5)), line((2, 2), (3, 3))
        shp, _ = shp_and_shx([old, other, new], POLYLINE)
        places = [(100 + 8 + len(old) + 8 + len(other), len(new)), (100 + 8 + len(old), len(other))]
        shx = struct.pack(">i20xi", 9994, (100 + 16) // 2) + shp[28:100]
        shx += b"".join(struct.pack(">ii", place // 2, size // 2) for place, size in places)
        features, said = read(
            {"r.shp": shp, "r.shx": shx, "r.dbf": dbf([NAME], [[b"a"], [b"b"]]), "r.prj": WGS84_PRJ}
        )
        assert [g.wkt for g in features.geometries] == [
            "LINESTRING (5 5, 6 6, 7 5)",
            "LINESTRING (2 2, 3 3)",
        ]
        assert said == []

    @pytest.mark.parametrize("damage", [b"", b"nonsense", "cut", "beyond"])
    def test_damaged_index_is_made_anew_and_told(self, damage: bytes | str) -> None:
        members = points([NAME], [[b"a"], [b"b"]])
        whole = members["towns.shx"]
        beyond = whole[:-8] + struct.pack(">ii", 10_000, 10)
        members["towns.shx"] = {"cut": whole[:-8], "beyond": beyond}.get(str(damage), damage)  # type: ignore[assignment]
        features, said = read(members)
        assert shapely.get_x(features.geometries).tolist() == [10, 11]
        assert said == ["The index (.shx) of the shapefile is damaged; it is made anew from the shapes."]

    def test_missing_index_is_made(self) -> None:
        members = points([NAME], [[b"a"], [b"b"]])
        del members["towns.shx"]
        features, said = read(members)
        assert (shapely.get_x(features.geometries).tolist(), said) == ([10, 11], [])


SURFACE = (
    "1 shape is a surface in space (multipatch, TIN): the footprint on the plane is read, without heights."
)
ROOF = ((0, 0, 5), (4, 0, 5), (0, 3, 5), (4, 3, 5))
WALL = ((0, 0, 0), (4, 0, 0), (4, 0, 5), (0, 0, 5), (0, 0, 0))
RING = ((0, 0, 5), (0, 3, 5), (4, 3, 5), (4, 0, 5), (0, 0, 5))


class TestMultipatches:
    @pytest.mark.parametrize(("part_type", "places"), [(0, ROOF), (2, RING)])
    def test_its_footprint_is_read(
        self, part_type: int, places: tuple[tuple[float, float, float], ...]
    ) -> None:
        shp, shx = shp_and_shx([multipatch(part_type, *places)], MULTIPATCH)
        members = {"b.shp": shp, "b.shx": shx, "b.dbf": dbf([NAME], [[b"a"]]), "b.prj": WGS84_PRJ}
        features, said = read(members)
        assert features.geometry_type == "esriGeometryPolygon"
        assert shapely.equals(features.geometries[0], shapely.box(0, 0, 4, 3))
        assert said == [SURFACE]

    def test_wall_alone_has_none(self) -> None:
        shp, shx = shp_and_shx([multipatch(2, *WALL)], MULTIPATCH)
        features, said = read(
            {"b.shp": shp, "b.shx": shx, "b.dbf": dbf([NAME], [[b"a"]]), "b.prj": WGS84_PRJ}
        )
        assert features.geometries.tolist() == [None]
        assert said[-1] == "1 surface has walls alone and so no footprint; null is read instead."
