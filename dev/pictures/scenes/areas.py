"""Areas in other forms: boxes, rectangles and points of them, single parts, mended shapes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely

from dev.pictures.card import Scene
from dev.pictures.layers import Half, classes, fit, list_rows, shapes, show, table
from dev.pictures.look import (
    AREA_STYLE,
    HUES,
    OUTPUT,
    PAPER,
    POINT_STYLE,
    RESULT_POINT,
    RESULT_STYLE,
    SOFT_STYLE,
    Style,
)
from dev.pictures.sources import choose, read_layer
from gpserverless import FeatureSet, Run, SpatialReference
from toolboxes.analysis.check_geometry import check_geometry
from toolboxes.analysis.feature_envelope_to_polygon import feature_envelope_to_polygon
from toolboxes.analysis.feature_to_point import feature_to_point
from toolboxes.analysis.minimum_bounding_geometry import minimum_bounding_geometry
from toolboxes.analysis.multipart_to_singlepart import multipart_to_singlepart
from toolboxes.analysis.repair_geometry import repair_geometry

_STATES = SpatialReference(102003)
_WEST = ("California", "Nevada", "Idaho", "Texas", "Louisiana", "Minnesota")


def make_envelopes() -> Scene:
    """Return the scene of Analysis/FeatureEnvelopeToPolygon."""
    states = choose(read_layer("us_states"), "STATE_NAME", *_WEST).project(_STATES)
    after = feature_envelope_to_polygon(states, Run())
    return _surround(states, after, "the box along the axes around each of them", "a box for each")


def _surround(states: FeatureSet[Any], after: FeatureSet[Any], words: str, text: str) -> Scene:
    """Return the scene of six states and the polygons around them."""
    box = Style(OUTPUT, OUTPUT, 1.6, 0.22)
    return show(
        f"Six states of the USA, and {words}",
        fit(after),
        Half("in_features", "6 states", [shapes(states, AREA_STYLE, "a state")]),
        Half("out_feature_class", text, [shapes(states, SOFT_STYLE), shapes(after, box, "a polygon")]),
    )


def make_bounding() -> Scene:
    """Return the scene of Analysis/MinimumBoundingGeometry."""
    states = choose(read_layer("us_states"), "STATE_NAME", *_WEST).project(_STATES)
    after = minimum_bounding_geometry(states, Run())
    return _surround(states, after, "the rectangle of the least area around each", "RECTANGLE_BY_AREA")


def make_feature_to_point() -> Scene:
    """Return the scene of Analysis/FeatureToPoint."""
    counties = choose(read_layer("us_counties"), "STATE_NAME", "Oregon", "Idaho").project(_STATES)
    after = feature_to_point(counties, Run())
    return show(
        "The counties of Oregon and Idaho, and a point at the centroid of each of these counties",
        fit(counties),
        Half("in_features", f"{len(counties)} counties", [shapes(counties, AREA_STYLE, "a county")]),
        Half(
            "out_feature_class",
            f"{len(after)} points",
            [shapes(counties, SOFT_STYLE), shapes(after, RESULT_POINT, "a centroid")],
        ),
    )


def make_single_parts() -> Scene:
    """Return the scene of Analysis/MultipartToSinglepart."""
    whole = choose(read_layer("world_countries"), "ISO_A3", "PHL").project(SpatialReference(32651))
    after = multipart_to_singlepart(whole, Run())
    looks = {index: (Style(hue, PAPER, 0.4), "") for index, hue in enumerate(HUES)}
    return show(
        "The Philippines as one feature of many parts, and each of their islands as a feature of its own",
        fit(whole, 0.02),
        Half("in_features", "one feature", [shapes(whole, Style(HUES[1], PAPER, 0.4), "a country")]),
        Half(
            "out_feature_class",
            f"{len(after)} features, each in a colour",
            [classes(after, np.arange(len(after)) % len(HUES), looks)],
        ),
    )


@cache
def _read_rough() -> FeatureSet[Any]:
    """Return counties of Maryland and Virginia whose vertices are rounded so much that outlines cross."""
    counties = choose(read_layer("us_counties"), "STATE_NAME", "Maryland").project(SpatialReference(26918))
    rough = shapely.transform(counties.geometries, lambda places: np.round(places / 4000) * 4000)
    rough = shapely.remove_repeated_points(rough)
    return counties.with_geometries(rough, "esriGeometryPolygon")


def make_check() -> Scene:
    """Return the scene of Analysis/CheckGeometry."""
    rough = _read_rough()
    problems = check_geometry(rough, Run())
    places = np.column_stack([problems.numbers("X"), problems.numbers("Y")])
    points = shapely.points(places[~np.isnan(places).any(axis=1)])
    columns = ("PROBLEM", "FEATURE_ID", "X", "Y")
    return show(
        "Counties of Maryland with rounded vertices, and a table of the problems that their shapes have",
        fit(rough),
        Half(
            "in_features",
            "",
            [shapes(rough, AREA_STYLE, "a county"), shapes(points, POINT_STYLE, "a problem")],
        ),
        table("out_table", f"{len(places)} problems", columns, list_rows(problems, columns), 0.45),
    )


def make_repair() -> Scene:
    """Return the scene of Analysis/RepairGeometry."""
    rough = _read_rough()
    after = repair_geometry(rough, Run())
    bad = ~shapely.is_valid(rough.geometries)
    style = {False: (SOFT_STYLE, "a valid shape"), True: (AREA_STYLE, "an invalid shape")}
    done = {False: (SOFT_STYLE, ""), True: (RESULT_STYLE, "a shape mended")}
    return show(
        "Counties of Maryland with rounded vertices whose outlines cross, and the same counties mended",
        fit(rough),
        Half("in_features", f"{int(bad.sum())} of {len(bad)} are invalid", [classes(rough, bad, style)]),
        Half("out_feature_class", "all are valid", [classes(after, bad, done)]),
    )
