"""Spatial references: every form clients send, what they mean, and what is refused."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest
from pyproj import CRS

from gpserverless.errors import InvalidValue
from gpserverless.values.coordinate_names import find_wkid
from gpserverless.values.spatial_reference import WGS84, SpatialReference, get_transformer
from gpserverless.values.wkt import LONGEST_WKT

read = SpatialReference.from_json
BRITISH_WKT = CRS.from_epsg(27700).to_wkt("WKT1_ESRI")
ZONE_WKT = CRS.from_epsg(32632).to_wkt()
TURNED_WKT = CRS.from_user_input("+proj=ob_tran +o_proj=longlat +o_lat_p=39 +lon_0=18 +type=crs").to_wkt()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4326, {"wkid": 4326, "latestWkid": 4326}),
        ("4326", {"wkid": 4326, "latestWkid": 4326}),
        ({"wkid": 4326}, {"wkid": 4326, "latestWkid": 4326}),
        ({"wkid": "4326"}, {"wkid": 4326, "latestWkid": 4326}),
        ({"wkid": 102718, "latestWkid": 2263}, {"wkid": 102718, "latestWkid": 2263}),
        ({"latestWkid": 2263}, {"wkid": 2263, "latestWkid": 2263}),
        ({"wkid": 4326, "vcsWkid": 5773}, {"wkid": 4326, "latestWkid": 4326, "vcsWkid": 5773}),
        ({"wkt": BRITISH_WKT}, {"wkt": BRITISH_WKT}),
        ({"wkt2": BRITISH_WKT}, {"wkt": BRITISH_WKT}),
        (BRITISH_WKT, {"wkt": BRITISH_WKT}),
        *((wkid, {"wkid": 102100, "latestWkid": 3857}) for wkid in (3857, 102100, 102113, 900913, 3785)),
    ],
)
def test_every_form_is_read_and_written_as_arcgis_does(value: Any, expected: dict[str, Any]) -> None:
    assert read(value).to_json() == expected


@pytest.mark.parametrize(
    ("value", "wkid"),
    [
        ("EPSG:25832", 25832),
        ("epsg:4326", 4326),
        ("ESRI:54009", 54009),
        ("ESRI:102100", 102100),
        ({"wkid": "EPSG:25832"}, 25832),
        ({"wkt": "EPSG:25832"}, 25832),
        ({"latestWkid": "EPSG:25832"}, 25832),
    ],
)
def test_authority_before_a_wkid_is_left_aside(value: Any, wkid: int) -> None:
    assert SpatialReference.from_json(value) == SpatialReference(wkid)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -1,
        0,
        10**12,
        "",
        "EPSG:",
        "OGC:CRS84",
        "+proj=longlat",
        "+init=epsg:4326",
        "४३२६",
        [],
        {},
        {"wkid": None},
        {"wkid": "x"},
        {"wkid": True},
        {"wkid": 4326.5},
        {"wkt": "nonsense"},
        {"wkt": "+proj=longlat"},
        {"wkt": 5.5},
        {"wkt": BRITISH_WKT + " " * LONGEST_WKT},
        *(
            {"wkt": f'{BRITISH_WKT[:-1]},EXTENSION["PROJ4","+proj=longlat {word}"]]'}
            for word in (
                "+nadgrids=/etc/passwd",
                "+nadgrids=@a.gsb",
                "+geoidgrids=egm96_15.gtx",
                "+init=epsg:4326",
                "+file=x",
                "nadgrids=@a",
                "+proj_file=a",
                "+x=../a",
                "+proj=pipeline +step +proj=merc",
                "+proj=hgridshift",
                "+o_proj=tinshift",
                "+model=a.json",
                "+y=1",
            )
        ),
        *(
            {"wkt": ZONE_WKT.replace("Transverse Mercator", name)}
            for name in (
                "PROJ hgridshift grids=/etc/passwd",
                "PROJ-based operation method: +proj=tinshift +file=/etc/passwd",
                "proj defmodel model=/etc/passwd",
                "PROJ pipeline",
                " PROJ merc",
            )
        ),
        {"wkt": ZONE_WKT.replace('"Transverse Mercator"', "\u201cPROJ merc grids=/etc/passwd\u201d")},
        {"wkt": BRITISH_WKT[:-1] + ",EXTENSION[PROJ4]]"},
        {"wkt": f"BOUNDCRS[SOURCECRS[{BRITISH_WKT}]]"},
        {"wkt": f'COMPD_CS["a",{BRITISH_WKT},BOUNDCRS["b"]]'},
    ],
)
def test_malformed_spatial_reference_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue) as refusal:
        read(value)
    assert "WKID" in refusal.value.accepted or "WKT" in refusal.value.accepted


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (99999, "99999"),
        ({"wkid": 99999}, "99999"),
        (5773, "5773 is not a horizontal"),  # a vertical system
        (4978, "4978 is not a horizontal"),  # geocentric
        ({"wkt": "PROJCS[broken"}, "WKT"),
    ],
)
def test_unknown_system_is_named(value: Any, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        _ = read(value).crs


@pytest.mark.parametrize("wkid", [102003, 102008, 102039, 102649, 102718, 54030, 53032, 104199, 32661, 2263])
def test_wkids_of_epsg_and_esri_resolve(wkid: int) -> None:
    assert read(wkid).crs.name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (3857, 102100, True),
        (102113, 900913, True),
        (27700, {"wkt": BRITISH_WKT}, True),
        (4326, {"wkt": CRS.from_epsg(4326).to_wkt()}, True),
        ({"wkid": 102718, "latestWkid": 2263}, 2263, True),
        (4326, 4269, False),
        (3857, 4326, False),
        (99999, 4326, False),
    ],
)
def test_equality_is_of_meaning(one: Any, other: Any, same: bool) -> None:
    assert (read(one) == read(other)) is same
    assert (len({read(one), read(other)}) == 1) is same


@pytest.mark.parametrize(
    ("wkid", "unit", "metres"),
    [
        (4326, "esriDecimalDegrees", 1.0),
        (32633, "esriMeters", 1.0),
        (2263, "esriFeet", 1200 / 3937),
        (2222, "esriIntFeet", 0.3048),
        (27200, "esriMeters", 1.0),
        (2314, "esriUnknownUnits", 0.3047972654),  # Clarke's foot
    ],
)
def test_unit_is_that_of_the_coordinates(wkid: int, unit: str, metres: float) -> None:
    reference = read(wkid)
    assert reference.unit == unit
    assert reference.metres_per_unit == pytest.approx(metres, rel=1e-9)
    assert reference.is_geographic is (unit == "esriDecimalDegrees")


COMPOUND = CRS.from_epsg(5972)  # ETRS89 / UTM 32N + NN2000 height


@pytest.mark.parametrize(
    ("value", "wkid", "vertical"),
    [
        (7415, 28992, 5709),
        (5972, 25832, 5941),
        ({"wkid": 9518}, 4326, 3855),
        ({"wkid": 5972, "vcsWkid": 5776}, 25832, 5776),
        (COMPOUND.to_wkt("WKT1_GDAL"), 25832, 5941),
        (COMPOUND.to_wkt("WKT2_2019"), 25832, 5941),
        (CRS.from_epsg(25832).to_wkt("WKT2_2019"), 25832, None),  # its area of use has degree signs
        (CRS.from_epsg(2263).to_wkt("WKT1_ESRI"), 2263, None),
        (4326, 4326, None),
    ],
)
def test_system_is_told_by_its_horizontal_wkid(value: Any, wkid: int, vertical: int | None) -> None:
    document = read(value).resolve().to_json()
    assert document == {"wkid": wkid, "latestWkid": wkid} | (
        {} if vertical is None else {"vcsWkid": vertical}
    )


def test_compound_system_without_codes_keeps_its_horizontal_wkt() -> None:
    own = COMPOUND.to_wkt().replace("0.9996", "0.9995").replace("EPSG", "OWN").replace("zone 32N", "own")
    document = read(own).resolve().to_json()
    horizontal = CRS.from_wkt(document["wkt"])
    assert not horizontal.is_compound
    assert "0.9995" in document["wkt"]


GDAL_MERCATOR = (
    'PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",'
    'DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Mercator_1SP"],'
    'PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],'
    'PARAMETER["false_northing",0],UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH],'
    'EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m'
    ' +nadgrids=@null +wktext +no_defs"]{authority}]'
)


@pytest.mark.parametrize("authority", [',AUTHORITY["EPSG","3857"]', ""])
def test_web_mercator_of_gdal_is_web_mercator(authority: str) -> None:
    reference = read({"wkt": GDAL_MERCATOR.replace("{authority}", authority)}).resolve()
    assert reference.to_json() == {"wkid": 102100, "latestWkid": 3857}
    # The sphere of Web Mercator, not the ellipsoid: y = R ln tan(45° + 30°).
    _, y = get_transformer(WGS84, reference).transform(0.0, 60.0)
    assert y == pytest.approx(6378137 * math.log(math.tan(math.radians(75))), abs=1e-6)


def test_grids_of_a_datum_are_left_aside() -> None:
    wkt = CRS.from_epsg(4267).to_wkt("WKT1_GDAL")
    with_grid = wkt.replace(
        ',AUTHORITY["EPSG","6267"]', ',EXTENSION["PROJ4_GRIDS","NTv2_0.gsb"],AUTHORITY["EPSG","6267"]'
    )
    assert with_grid != wkt
    assert read(with_grid).resolve() == read(4267)


@pytest.mark.parametrize(
    "value", [None, "", {}, {"wkid": None}, {"wkid": None, "latestWkid": None, "wkt": ""}, {"wkt": None}]
)
def test_reference_that_says_nothing_is_none(value: Any) -> None:
    assert SpatialReference.from_optional_json(value) is None


def test_operation_is_that_of_the_place() -> None:
    nad27 = read(4267)
    texas, alaska = nad27.operation_to(WGS84, (-99, 31)), nad27.operation_to(WGS84, (-150, 65))
    assert "NAD27 to WGS 84" in texas
    assert texas != alaska
    for reference in (27700, 31467, 4230, 4267):
        assert "proj_trans" not in read(reference).operation_to(WGS84, (math.inf, 0))


@pytest.mark.parametrize(("wkid", "geographic"), [(3857, 4326), (2263, 4269), (4326, 4326), (27700, 4277)])
def test_projected_system_knows_its_geographic_one(wkid: int, geographic: int) -> None:
    assert read(wkid).geographic == read(geographic)


@pytest.mark.parametrize("wkid", [4326, 32661, 2263, 3035])
def test_coordinates_are_always_x_then_y(wkid: int) -> None:
    # EPSG defines all of these with the northing or latitude first.
    forth, back = get_transformer(WGS84, read(wkid)), get_transformer(read(wkid), WGS84)
    assert back.transform(*forth.transform(10.0, 60.0)) == pytest.approx((10.0, 60.0), abs=1e-6)


def test_transformer_is_made_once() -> None:
    assert get_transformer(read(4326), read(3857)) is get_transformer(read({"wkid": 4326}), read(102100))


def test_reading_and_writing_need_no_geometry_library() -> None:
    program = (
        "import sys\n"
        "from gpserverless.features import fields\n"
        "from gpserverless.values import spatial_reference, units\n"
        "sr = spatial_reference.SpatialReference.from_json({'wkid': 102100})\n"
        "assert sr == spatial_reference.SpatialReference(3857) and sr.to_json() and hash(sr)\n"
        "units.LinearUnit.parse('5 Miles').metres\n"
        "loaded = {'numpy', 'shapely', 'pyproj'} & set(sys.modules)\n"
        "sys.exit(str(loaded) if loaded else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, check=False
    )
    assert done.returncode == 0


def test_turned_pole_in_the_words_of_proj_is_read() -> None:
    turned = read(TURNED_WKT)
    assert "PROJ ob_tran o_proj=longlat" in TURNED_WKT
    x, y = get_transformer(WGS84, turned).transform(18, 51)
    assert (x, y) == pytest.approx((0, 0), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "wkid"),
    [
        ("WGS_1984_UTM_Zone_32N", 32632),
        ("wgs 84 / utm zone 32N", 32632),
        ("GCS_WGS_1984", 4326),
        ("WGS 84", 4326),
    ],
)
def test_name_in_arcgis_or_epsg_is_found(name: str, wkid: int) -> None:
    assert find_wkid(name) == wkid


@pytest.mark.parametrize(
    "name", ["WGS 8", "ETRS8", "WGS 84 / UTM zone 3", "UTM", "+proj=merc", "a.gsb", "@a"]
)
def test_name_that_only_begins_like_one_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match="no coordinate system named"):
        find_wkid(name)


def test_system_that_proj_cannot_transform_is_refused() -> None:
    odd = read(
        ZONE_WKT.replace("Transverse Mercator", "Sideways Mercator").replace('ID["EPSG",9807]', 'ID["X",1]')
    )
    with pytest.raises(InvalidValue, match="PROJ cannot transform 4326 to the WKT given"):
        get_transformer(WGS84, odd)
