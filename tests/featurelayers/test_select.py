"""Every query on a layer gives the rows that numpy and shapely find in the plain features."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon

from gpserverless.errors import InvalidValue, TooLarge
from gpserverless.featurelayers import layer_file
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import LayerFilter, Order, PageQuery, SpatialFilter, SpatialRelation
from gpserverless.featurelayers.select import count_rows, find_extent, select_ids, select_page
from gpserverless.featurelayers.tables import OpenTables
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.values.spatial_reference import SpatialReference

Parcels = FeatureSet[Any]
Mask = NDArray[np.bool_]

ALL = LayerFilter()
BOX = shapely.box(2000, 2000, 5000, 4000)
LAKE = Polygon([(1000, 1000), (6000, 1500), (3000, 7000)], [[(2500, 2000), (3500, 2000), (3000, 3000)]])


def take(parcels: Parcels, name: str) -> list[Any]:
    return [None if value != value else value for value in parcels.column(name).tolist()]  # noqa: PLR0124


def mask(parcels: Parcels, name: str, holds: Callable[[Any], bool]) -> Mask:
    return np.array([value is not None and holds(value) for value in take(parcels, name)])


WHERE: list[tuple[str, Callable[[Parcels], Mask]]] = [
    ("1=1", lambda p: np.ones(len(p), bool)),
    ("1=2", lambda p: np.zeros(len(p), bool)),
    ("POP > 10", lambda p: p.column("POP") > 10),
    ("pop / 7 = -2", lambda p: p.column("POP") == -14),
    ("POP > 10 AND SHARE < 20", lambda p: (p.column("POP") > 10) & (p.column("SHARE") < 20)),
    ("NOT (SHARE < 20)", lambda p: p.column("SHARE") >= 20),
    ("SHARE IS NULL", lambda p: np.isnan(p.column("SHARE"))),
    ("NAME = 'O''Hara'", lambda p: mask(p, "NAME", lambda v: v == "O'Hara")),
    ("NAME LIKE '%🏝'", lambda p: mask(p, "NAME", lambda v: v.endswith("🏝"))),
    ("NAME = ''", lambda p: mask(p, "NAME", lambda v: v == "")),
    ("NAME IN ('北京', 'a%b_c')", lambda p: mask(p, "NAME", lambda v: v in ("北京", "a%b_c"))),
    ("NAME IS NOT NULL", lambda p: mask(p, "NAME", lambda v: True)),
    ("EMPTY IS NULL", lambda p: np.ones(len(p), bool)),
    ("EMPTY = 0", lambda p: np.zeros(len(p), bool)),
    ("EMPTY <> 0", lambda p: np.zeros(len(p), bool)),
    ("BUILT < DATE '1970-01-01'", lambda p: mask(p, "BUILT", lambda v: v < 0)),
    ("BUILT = TIMESTAMP '2020-01-01 00:00:00'", lambda p: mask(p, "BUILT", lambda v: v == 1_577_836_800_000)),
    ("FLOORS BETWEEN 2 AND 4", lambda p: mask(p, "FLOORS", lambda v: 2 <= v <= 4)),
    ("fid > 7 AND fid <= 1000", lambda p: (p.column("fid") > 7) & (p.column("fid") <= 1000)),
    ('"fid" IN (7, 8, 10)', lambda p: np.isin(p.column("fid"), [7, 8, 10])),
]


@pytest.mark.parametrize(("where", "truth"), WHERE, ids=[where for where, _ in WHERE])
def test_condition(layer: LayerFile, parcels: Parcels, where: str, truth: Callable[[Parcels], Mask]) -> None:
    expected = np.sort(parcels.object_ids[truth(parcels)])
    assert select_ids(layer, LayerFilter(where=where)).tolist() == expected.tolist()
    assert count_rows(layer, LayerFilter(where=where)) == len(expected)


MORE_THAN_A_CONDITION = [
    "1=1; DROP TABLE g",
    "1=1 -- ",
    "1=1 /* */",
    "POP IN (SELECT 1)",
    "EXISTS (SELECT * FROM meta)",
    "1=1 UNION SELECT * FROM meta",
    "load_extension('x') = 1",
    "randomblob(1000000000) IS NULL",
    "POP = (SELECT count(*) FROM c, c, c)",
    "rowid = 1",
    "c.data IS NULL",
    "POP = :x",
    "POP = ?",
    "POP COLLATE NOCASE = 1",
    "NAME GLOB 'A*'",
    "NAME REGEXP '(a+)+$'",
    "'abc",
    "POP >",
    "POP",
    "POP = 'text'",
    "NOWHERE = 1",
    "(" * 5000 + "1=1" + ")" * 5000,
]


@pytest.mark.parametrize("where", MORE_THAN_A_CONDITION, ids=lambda where: where[:30])
def test_what_is_no_condition_is_refused(layer: LayerFile, where: str) -> None:
    for nothing in (None, (), (-1,)):  # also if no row is left to be asked
        with pytest.raises(InvalidValue):
            count_rows(layer, LayerFilter(where=where, object_ids=nothing))


RELATIONS: dict[SpatialRelation, Callable[[Any, Any], Any]] = {
    "intersects": shapely.intersects,
    "contains": shapely.contains,
    "within": shapely.within,
    "crosses": shapely.crosses,
    "touches": shapely.touches,
    "overlaps": shapely.overlaps,
    "envelope_intersects": lambda a, b: shapely.intersects(shapely.envelope(a), shapely.envelope(b)),
}


def find_places(parcels: Parcels) -> dict[str, Any]:
    """Return filters of every type, of which each relation but a few finds something."""
    first = parcels.geometries[1]
    return {
        "box": BOX,
        "polygon with hole": LAKE,
        "line": LineString([(0, 0), (9000, 7000), (9000, 100)]),
        "point": Point(shapely.get_coordinates(first)[0]),
        "small polygon in a parcel": first.representative_point().buffer(1),
        "neighbour": shapely.box(first.bounds[2], first.bounds[1], first.bounds[2] + 50, first.bounds[3]),
        "empty": Polygon(),
        "far away": shapely.box(1e9, 1e9, 2e9, 2e9),
    }


@pytest.mark.parametrize("relation", RELATIONS)
def test_relation(layer: LayerFile, parcels: Parcels, relation: SpatialRelation) -> None:
    found = 0
    for name, place in find_places(parcels).items():
        truth = RELATIONS[relation](place, parcels.geometries)
        for is_box in {False, name in ("box", "neighbour", "far away")}:
            ids = select_ids(layer, LayerFilter(spatial=SpatialFilter(place, relation, is_box)))
            assert ids.tolist() == sorted(parcels.object_ids[truth].tolist()), name
        found += len(ids)
    assert found


@pytest.mark.parametrize("relation", RELATIONS)
def test_shapes_that_are_not_valid_are_compared(tmp_path: Path, relation: SpatialRelation) -> None:
    """Neither a bow tie nor a vertex without a place ends a query for the other features."""
    with np.errstate(invalid="ignore"):
        lost = [Polygon([(0, 0), (1, nowhere), (2, 2)]) for nowhere in (np.nan, np.inf)]
    shapes = [Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), *lost, LAKE]
    write_layer(FeatureSet.of(shapes, SpatialReference(25832)), tmp_path / "x.sqlite", "x")
    with LayerFile(tmp_path / "x.sqlite") as layer:
        for place in (shapely.box(0, 0, 1, 1), shapes[0], LineString([(0, 0), (1500, 1300)]), Point(1, 1)):
            found = select_ids(layer, LayerFilter(spatial=SpatialFilter(place, relation))).tolist()
            assert [n for n in found if n in (1, 4)] == [
                n for n in (1, 4) if RELATIONS[relation](place, shapes[n - 1])
            ]
        assert layer.manifest.extent == (0, 0, 6000, 7000)
        assert find_extent(layer, LayerFilter(object_ids=(3,))) is None
        with pytest.raises(InvalidValue, match="not finite"):
            count_rows(layer, LayerFilter(spatial=SpatialFilter(shapes[1], relation)))


def test_all_conditions_hold_together(layer: LayerFile, parcels: Parcels) -> None:
    ids = (1, 7, 10**30, -5, *range(500, 4000), 10)
    wanted = LayerFilter("POP > 0", ids, SpatialFilter(BOX, "intersects", is_box=True))
    truth = (parcels.column("POP") > 0) & np.isin(parcels.object_ids, ids[5:])
    truth &= shapely.intersects(BOX, parcels.geometries)
    page = select_page(layer, PageQuery(wanted, (), limit=10_000))
    assert page.rows.object_ids.tolist() == sorted(parcels.object_ids[truth].tolist())
    assert not page.exceeded


def test_object_ids_are_looked_up(layer: LayerFile, parcels: Parcels) -> None:
    wanted = [10, 7, 8, 10, 7501, 7504, 0]
    page = select_page(layer, PageQuery(LayerFilter(object_ids=tuple(wanted)), ("POP",)))
    assert page.rows.object_ids.tolist() == sorted(set(wanted) & set(parcels.object_ids.tolist()))


def assert_same(found: FeatureSet[Any] | Table, truth: Parcels) -> None:
    assert isinstance(found, FeatureSet)
    assert [(f.name, f.type) for f in found.fields] == [(f.name, f.type) for f in truth.fields]
    for name in truth.columns:
        assert take(found, name) == take(truth, name), name
        assert found.columns[name].dtype == truth.columns[name].dtype
    assert (shapely.to_wkb(found.geometries) == shapely.to_wkb(truth.geometries)).all()
    assert found.spatial_reference == truth.spatial_reference
    assert found.geometry_type == truth.geometry_type


NAMES = ("POP", "NAME", "SHARE", "EMPTY", "BUILT", "FLOORS", "BIG")


@pytest.mark.parametrize("size", [1000, 700, 1, 5000])
def test_pages_make_up_the_layer(layer: LayerFile, parcels: Parcels, size: int) -> None:
    order = np.argsort(parcels.object_ids)
    starts = [0, 1, 1023, 1024, 2499] if size == 1 else list(range(0, len(parcels), size))
    for start in starts:
        page = select_page(layer, PageQuery(ALL, NAMES, offset=start, limit=size))
        assert_same(page.rows, parcels.take(order[start : start + size]))
        assert page.exceeded == (start + size < len(parcels))


def test_page_behind_the_end_is_empty(layer: LayerFile) -> None:
    for wanted in (ALL, LayerFilter(where="POP > 0")):
        page = select_page(layer, PageQuery(wanted, NAMES, offset=2500))
        assert (len(page.rows), page.exceeded) == (0, False)


ORDERS = [
    (Order("POP"),),
    (Order("pop", descending=True),),
    (Order("NAME"), Order("POP", descending=True)),
    (Order("NAME", descending=True), Order("SHARE")),
    (Order("SHARE", descending=True),),
    (Order("FLOORS", descending=True), Order("BUILT"), Order("NAME", descending=True)),
    (Order("EMPTY"), Order("fid", descending=True)),
    (Order("BIG", descending=True),),
    (Order("fid"), Order("POP")),
    (Order("FID", descending=True),),
]


@pytest.mark.parametrize("order_by", ORDERS, ids=str)
@pytest.mark.parametrize("where", ["", "POP > 0"])
def test_order(layer: LayerFile, parcels: Parcels, order_by: tuple[Order, ...], where: str) -> None:
    rows = list(range(len(parcels))) if not where else np.flatnonzero(parcels.column("POP") > 0).tolist()
    rows.sort(key=parcels.object_ids.tolist().__getitem__)
    for key in reversed(order_by):
        values = take(parcels, parcels.field(key.field).name)
        absent = [row for row in rows if values[row] is None]
        present = sorted(
            (row for row in rows if values[row] is not None), key=values.__getitem__, reverse=key.descending
        )
        rows = present + absent if key.descending else absent + present
    expected = parcels.object_ids[rows].tolist()
    assert select_ids(layer, LayerFilter(where=where), order_by).tolist() == expected
    pages = [
        select_page(layer, PageQuery(LayerFilter(where=where), NAMES, order_by, start, 300))
        for start in range(0, len(rows), 300)
    ]
    assert [fid for page in pages for fid in page.rows.object_ids.tolist()] == expected
    assert [page.exceeded for page in pages] == [True] * (len(pages) - 1) + [False]
    assert_same(pages[1].rows, parcels.take(rows[300:600]))


def test_extent(layer: LayerFile, parcels: Parcels) -> None:
    assert find_extent(layer, ALL) == tuple(shapely.total_bounds(parcels.geometries).tolist())
    some = parcels.geometries[parcels.column("POP") > 40]
    found = find_extent(layer, LayerFilter(where="POP > 40"))
    assert found == tuple(shapely.total_bounds(some).tolist())
    nothing = (parcels.object_ids[0].item(),)  # a feature without a shape
    assert find_extent(layer, LayerFilter(object_ids=nothing)) is None
    assert find_extent(layer, LayerFilter(where="1=2")) is None


def test_columns_are_those_that_were_asked_for(layer: LayerFile) -> None:
    page = select_page(layer, PageQuery(ALL, ("name", "FID"), limit=3, with_geometry=False))
    assert isinstance(page.rows, Table)
    assert [field.name for field in page.rows.fields] == ["fid", "NAME"]
    with pytest.raises(InvalidValue, match="no field 'nowhere'"):
        select_page(layer, PageQuery(ALL, ("nowhere",)))
    with pytest.raises(InvalidValue, match="no field 'nowhere'"):
        select_ids(layer, ALL, (Order("nowhere"),))


def test_shapes_that_memory_does_not_hold_are_refused_and_still_found(
    layer: LayerFile, source: Path | OpenTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = LayerFilter(spatial=SpatialFilter(LAKE))
    expected = count_rows(layer, found)
    with LayerFile(source) as again:
        monkeypatch.setattr(layer_file, "MOST_SHAPE_BYTES", 64 * 1000)
        assert count_rows(again, found) == expected
        with pytest.raises(TooLarge, match=r"these 2,000 features of 'Parcels' have more than 0 MB"):
            select_page(again, PageQuery(ALL, ()))
        assert len(select_page(again, PageQuery(ALL, (), limit=100)).rows) == 100
        assert len(select_page(again, PageQuery(ALL, (), with_geometry=False)).rows) == 2000
