"""A result becomes a layer: written once, opened by another process, and asked as map clients ask."""

from __future__ import annotations

from pathlib import Path

import shapely
from shapely import Point

from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import (
    LayerFilter,
    Order,
    PageQuery,
    SpatialFilter,
    Statistic,
    SummaryQuery,
)
from gpserverless.featurelayers.select import count_rows, find_extent, select_ids, select_page
from gpserverless.featurelayers.statistics import count_distinct, select_distinct, summarize
from gpserverless.featurelayers.write import write_layer
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.spatial_reference import SpatialReference


def test_story_of_a_layer(tmp_path: Path) -> None:
    wells = FeatureSet.of(
        [Point(0, 0), Point(300, 400), None, Point(10, 0)],
        SpatialReference(25832),
        {"owner": ["city", "O'Hara", "city", None], "depth": [12.5, 8.0, 30.0, 9.0]},
    )
    written = write_layer(wells, tmp_path / "wells.sqlite", "Wells")
    assert (written.name, written.geometry_type, written.count) == ("Wells", "esriGeometryPoint", 4)
    assert written.extent == (0, 0, 300, 400)
    assert [each["name"] for each in written.fields] == ["OBJECTID", "owner", "depth"]
    assert written.size == (tmp_path / "wells.sqlite").stat().st_size

    with LayerFile(tmp_path / "wells.sqlite") as layer:
        assert layer.manifest == written
        deep = LayerFilter(where="depth > 8.5")
        assert count_rows(layer, deep) == 3
        assert select_ids(layer, deep).tolist() == [1, 3, 4]
        assert find_extent(layer, deep) == (0, 0, 10, 0)

        page = select_page(layer, PageQuery(deep, ("owner",), (Order("depth", descending=True),), limit=2))
        assert page.exceeded
        assert isinstance(page.rows, FeatureSet)
        assert page.rows.column("OBJECTID").tolist() == [3, 1]
        assert page.rows.column("owner").tolist() == ["city", "city"]
        assert page.rows.geometries.tolist() == [None, Point(0, 0)]
        assert page.rows.spatial_reference == SpatialReference(25832)

        near = LayerFilter(spatial=SpatialFilter(shapely.box(-1, -1, 20, 1), is_box=True))
        assert select_ids(layer, near).tolist() == [1, 4]

        figures = (Statistic("count", "owner", "n"), Statistic("max", "depth", "deepest"))
        groups = summarize(layer, SummaryQuery(LayerFilter(), figures, ("owner",), "MAX(depth) > 8"))
        assert groups.rows.column("owner").tolist() == [None, "city"]
        assert groups.rows.column("n").tolist() == [0, 2]
        assert groups.rows.column("deepest").tolist() == [9, 30]

        owners = select_distinct(layer, PageQuery(LayerFilter(), ("owner",)))
        assert owners.rows.column("owner").tolist() == [None, "O'Hara", "city"]
        assert count_distinct(layer, deep, ("owner",)) == 2
