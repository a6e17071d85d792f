"""Spatial references: every form clients send, what they mean, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pyproj import CRS

from gpserverless.errors import InvalidValue
from gpserverless.values.spatial_reference import LONGEST_WKT, WGS84, SpatialReference, get_transformer

read = SpatialReference.from_json
BRITISH_WKT = CRS.from_epsg(27700).to_wkt("WKT1_ESRI")


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
    "value",
    [
        None,
        True,
        -1,
        0,
        10**12,
        "",
        "EPSG:4326",
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
        {"wkt": BRITISH_WKT[:-1] + ',EXTENSION["PROJ4","+proj=longlat +nadgrids=/etc/passwd"]]'},
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


def test_compound_system_counts_by_its_horizontal_part() -> None:
    assert read(7415).crs.name == "Amersfoort / RD New"


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
