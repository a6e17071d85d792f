"""Random queries of several conditions, orders and pages, against the plain features."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import LayerFilter, Order, PageQuery, SpatialFilter
from gpserverless.featurelayers.select import count_rows, find_extent, select_ids, select_page
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.sql.expression import SqlExpression
from tests.featurelayers.parcels import COUNT

CONDITIONS = [
    "POP > {0}",
    "SHARE BETWEEN {0} AND {1}",
    "FLOORS IN ({0}, 2, 5)",
    "NAME LIKE '%{0}%' OR NAME < 'b'",
    "BUILT IS NULL",
    "EMPTY IS NULL AND POP <> {1}",
    "fid % 7 = {0}",
    "BIG - 4611686018427387904 > {1} * 50",
]
NAMES = ("POP", "NAME", "SHARE", "EMPTY", "BUILT", "FLOORS", "BIG", "fid")

conditions = st.tuples(
    st.lists(st.tuples(st.sampled_from(CONDITIONS), st.booleans()), max_size=3),
    st.integers(-10, 40),
    st.integers(0, 60),
).map(
    lambda drawn: " AND ".join(
        ("NOT " if inverse else "") + f"({text.format(drawn[1], drawn[2])})" for text, inverse in drawn[0]
    )
)
ids = st.none() | st.lists(st.integers(-5, 3 * COUNT + 20), max_size=600).map(tuple)
corners = st.tuples(*[st.integers(-500, 11_000)] * 4)
orders = st.lists(
    st.builds(Order, st.sampled_from(NAMES), st.booleans()), max_size=3, unique_by=lambda key: key.field
).map(tuple)


def draw_place(sides: tuple[int, int, int, int], is_box: bool) -> SpatialFilter:
    box = shapely.box(min(sides[0], sides[2]), min(sides[1::2]), max(sides[0], sides[2]), max(sides[1::2]))
    place = box if is_box else shapely.Point(sides[:2]).buffer(sides[2] / 4 + 200).union(box)
    return SpatialFilter(place, is_box=is_box)


places = st.none() | st.builds(draw_place, corners, st.booleans())


def find_truth(parcels: FeatureSet[Any], wanted: LayerFilter) -> list[int]:
    holds = np.ones(len(parcels), bool)
    if wanted.where:
        holds &= SqlExpression(wanted.where).select(parcels)
    if wanted.object_ids is not None:
        holds &= np.isin(parcels.object_ids, wanted.object_ids)
    if wanted.spatial is not None:
        holds &= shapely.intersects(wanted.spatial.geometry, parcels.geometries)
    return np.flatnonzero(holds).tolist()


def sort_truth(parcels: FeatureSet[Any], rows: list[int], order_by: tuple[Order, ...]) -> list[int]:
    columns = {name: parcels.column(name).tolist() for name in NAMES}

    def compare(a: int, b: int) -> int:
        for key in (*order_by, Order("fid")):
            one, other = columns[key.field][a], columns[key.field][b]
            one, other = (None if value != value else value for value in (one, other))  # noqa: PLR0124
            if one != other:
                below = one is None or (other is not None and one < other)
                return -1 if below != key.descending else 1
        return 0

    return sorted(rows, key=cmp_to_key(compare))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=conditions,
    object_ids=ids,
    spatial=places,
    order_by=orders,
    part=st.tuples(st.integers(0, COUNT + 10), st.integers(1, 2000)),
)
def test_any_query_is_that_of_the_features(
    layer: LayerFile,
    parcels: FeatureSet[Any],
    where: str,
    object_ids: tuple[int, ...] | None,
    spatial: SpatialFilter | None,
    order_by: tuple[Order, ...],
    part: tuple[int, int],
) -> None:
    offset, limit = part
    wanted = LayerFilter(where, object_ids, spatial)
    rows = sort_truth(parcels, find_truth(parcels, wanted), order_by)
    truth = parcels.take(rows)
    assert count_rows(layer, wanted) == len(rows)
    assert select_ids(layer, wanted, order_by).tolist() == truth.object_ids.tolist()
    shapes = truth.geometries[~shapely.is_missing(truth.geometries)]
    assert find_extent(layer, wanted) == (tuple(shapely.total_bounds(shapes)) if len(shapes) else None)

    page = select_page(layer, PageQuery(wanted, NAMES, order_by, offset, limit))
    some = truth.take(list(range(min(offset, len(rows)), min(offset + limit, len(rows)))))
    assert page.exceeded == (offset + limit < len(rows))
    assert isinstance(page.rows, FeatureSet)
    assert (page.rows.geometries == some.geometries).all()
    for name in NAMES:
        np.testing.assert_array_equal(page.rows.column(name), some.column(name))
