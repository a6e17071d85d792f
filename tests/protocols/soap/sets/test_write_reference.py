"""A spatial reference is written by its ids, by its kind, and by its WKT only where it has no id."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pyproj
import pytest
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from gpserverless.errors import InvalidValue
from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.schema.write import write_node
from gpserverless.protocols.soap.sets import write_reference
from gpserverless.protocols.soap.sets.write_reference import make_reference_node

GEOGRAPHIC, PROJECTED = "GeographicCoordinateSystem", "ProjectedCoordinateSystem"
REFERENCES: list[tuple[Any, str, dict[str, Any]]] = [
    ({"wkid": 4326}, GEOGRAPHIC, {"WKID": 4326, "LatestWKID": 4326, "LeftLongitude": -180.0}),
    ({"wkid": 104905}, GEOGRAPHIC, {"WKID": 104905, "LatestWKID": 104905, "LeftLongitude": -180.0}),
    ({"wkid": 25832}, PROJECTED, {"WKID": 25832, "LatestWKID": 25832}),
    ({"wkid": 102100, "latestWkid": 3857}, PROJECTED, {"WKID": 102100, "LatestWKID": 3857}),
    ({"wkid": 3857}, PROJECTED, {"WKID": 102100, "LatestWKID": 3857}),
    ({"wkid": 102100, "latestWkid": None}, PROJECTED, {"WKID": 102100, "LatestWKID": 3857}),
    (
        {"wkid": 25832, "vcsWkid": 105790, "latestVcsWkid": 3855},
        PROJECTED,
        {"WKID": 25832, "LatestWKID": 25832, "VCSWKID": 105790, "LatestVCSWKID": 3855},
    ),
    ({"wkt": pyproj.CRS(25832).to_wkt()}, PROJECTED, {"WKID": 25832, "LatestWKID": 25832}),
    ({}, "UnknownCoordinateSystem", {}),
    ({"wkid": None}, "UnknownCoordinateSystem", {}),
    (None, "UnknownCoordinateSystem", {}),
]


@pytest.mark.parametrize(("value", "kind", "members"), REFERENCES)
def test_a_reference_is_a_node_of_its_kind(value: Any, kind: str, members: dict[str, Any]) -> None:
    node = make_reference_node(value)
    assert node.type_name == kind
    assert {name: member for name, member in node.members.items() if member is not None} == members
    assert write_node("SpatialReference", node)


OWN = [
    ("+proj=laea +lat_0=47 +lon_0=11 +datum=WGS84 +units=m", PROJECTED, 'PROJCS["'),
    ("+proj=longlat +a=6378000 +b=6350000", GEOGRAPHIC, 'GEOGCS["'),
]


@pytest.mark.parametrize(("definition", "kind", "start"), OWN)
def test_a_reference_without_id_is_written_in_the_words_of_arcgis(
    definition: str, kind: str, start: str
) -> None:
    own = pyproj.CRS(definition)
    node = make_reference_node({"wkt": own.to_wkt()})
    assert node.type_name == kind
    wkt = node.members["WKT"]
    assert wkt.startswith(start)
    assert "AUTHORITY" not in wkt
    assert "PROJCRS" not in wkt
    read, known = pyproj.CRS(wkt), pyproj.Proj(own)
    assert pyproj.Proj(read)(11.5, 48.1) == pytest.approx(known(11.5, 48.1))


WRONG = [{"wkid": -5}, {"wkid": "here"}, {"wkt": "no WKT"}, {"wkid": 999999}]


@pytest.mark.parametrize("value", WRONG)
def test_a_reference_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        make_reference_node(value)


def test_the_ids_written_without_proj_are_of_the_kind_that_proj_says() -> None:
    kinds = {PJType.GEOGRAPHIC_2D_CRS: GEOGRAPHIC, PJType.GEOGRAPHIC_3D_CRS: GEOGRAPHIC}
    kinds[PJType.PROJECTED_CRS] = PROJECTED
    ranges = (*write_reference._GEOGRAPHIC, *write_reference._PROJECTED)
    wrong = {
        info.code
        for authority in ("EPSG", "ESRI")
        for info in query_crs_info(authority, allow_deprecated=True)
        if info.type in kinds
        and any(first <= int(info.code) <= last for first, last in ranges)
        and make_reference_node({"wkid": int(info.code)}).type_name != kinds[info.type]
    }
    assert wrong == set()


def test_a_schema_in_an_usual_reference_loads_no_library() -> None:
    code = (
        "import sys\n"
        "from gpserverless.protocols.soap.sets.write import make_features_node, make_table_node\n"
        "from gpserverless.protocols.soap.schema.write import write_node\n"
        "for wkid in (4326, 102100, 25832, 32633, 2056, 4258, 104905):\n"
        "    sets = {'geometryType': 'esriGeometryPoint', 'spatialReference': {'wkid': wkid},\n"
        "        'fields': [{'name': 'a'}], 'features': []}\n"
        "    write_node('Value', make_features_node(sets)), write_node('Value', make_table_node(sets))\n"
        "print({'numpy', 'shapely', 'pyproj', 'simdjson'} & set(sys.modules))\n"
    )
    paths = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=paths, check=True)
    assert done.stdout == "set()\n"


def test_an_unknown_reference_has_no_members() -> None:
    assert make_reference_node({}) == Node("UnknownCoordinateSystem")
