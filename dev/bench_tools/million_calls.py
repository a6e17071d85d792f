"""Every task of Analysis that takes features, with the layers and values of its run on a million of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import LinearUnit

WEB_MERCATOR = SpatialReference(3857)


@dataclass(frozen=True)
class Call:
    """One run of a tool.

    Attributes:
        module: The module of the tool in its toolbox.
        layers: Names of layers by parameter; several are given as a list.
        values: Other values.
        variant: A word for a second run of the same tool.
    """

    module: str
    layers: Mapping[str, str | tuple[str, ...]]
    values: Mapping[str, Any] = field(default_factory=dict)
    variant: str = ""

    @property
    def name(self) -> str:
        """The name of the run, which no other has."""
        return f"{self.module} {self.variant}".strip()


def _metres(distance: float) -> LinearUnit:
    return LinearUnit(distance, "esriMeters")


def _one(module: str, layer: str, parameter: str = "in_features", **values: Any) -> Call:
    return Call(module, {parameter: layer}, values)


def _two(module: str, first: tuple[str, str], second: tuple[str, str], **values: Any) -> Call:
    return Call(module, dict((first, second)), values)


CALLS: tuple[Call, ...] = (
    _one("add_field", "points", "in_table", field_name="CHECKED", field_type="LONG"),
    _two("aggregate_points", ("point_layer", "points"), ("polygon_layer", "areas")),
    Call("append", {"target": "points", "inputs": ("other points",)}),
    _one("buffer", "points", buffer_distance_or_field=_metres(100)),
    Call("buffer", {"in_features": "lines"}, {"buffer_distance_or_field": _metres(100)}, "lines"),
    Call(
        "buffer",
        {"in_features": "points"},
        {"buffer_distance_or_field": _metres(100), "method": "GEODESIC"},
        "geodesic",
    ),
    Call(
        "buffer",
        {"in_features": "points"},
        {"buffer_distance_or_field": _metres(100), "dissolve_option": "ALL"},
        "dissolved",
    ),
    _one(
        "calculate_field", "points", "in_table", field="HALF", expression="!VALUE! / 2", field_type="DOUBLE"
    ),
    _one(
        "calculate_geometry_attributes",
        "polygons",
        geometry_property='[["AREA", "AREA_GEODESIC"], ["X", "CENTROID_X"]]',
    ),
    _one("central_feature", "points", "Input_Feature_Class", Case_Field="CASE"),
    _one("check_geometry", "polygons"),
    _two("clip", ("in_features", "polygons"), ("clip_features", "zone")),
    Call("count_overlapping_features", {"in_features": ("polygons",)}),
    _one("create_thiessen_polygons", "points"),
    _one("delete_identical", "points", "in_dataset", fields=["Shape"]),
    Call("delete_identical", {"in_dataset": "polygons"}, {"fields": ["Shape"]}, "polygons"),
    _one("densify", "lines", distance=_metres(50)),
    Call("densify", {"in_features": "polygons"}, {"distance": _metres(50)}, "polygons"),
    _one(
        "density_based_clustering",
        "points",
        cluster_method="DBSCAN",
        min_features_cluster=5,
        search_distance=_metres(1_000),
    ),
    _one("directional_distribution", "points", "Input_Feature_Class", Case_Field="CASE"),
    _one("dissolve", "cells", dissolve_field=["CASE"]),
    Call("dissolve", {"in_features": "polygons"}, {}, "all"),
    Call("dissolve", {"in_features": "lines"}, {"dissolve_field": ["CASE"]}, "lines"),
    _two("erase", ("in_features", "polygons"), ("erase_features", "zone")),
    _one("feature_envelope_to_polygon", "polygons"),
    Call("feature_to_line", {"in_features": ("lines",)}),
    _one("feature_to_point", "polygons"),
    Call("feature_to_polygon", {"in_features": ("cells",)}),
    _one("feature_vertices_to_points", "lines"),
    Call("feature_vertices_to_points", {"in_features": "lines"}, {"point_location": "DANGLE"}, "dangle"),
    Call("feature_vertices_to_points", {"in_features": "lines"}, {"point_location": "MID"}, "mid"),
    _one("frequency", "points", "in_table", frequency_fields=["CASE"]),
    Call("generate_near_table", {"in_features": "points", "near_features": ("other points",)}),
    _one("generate_points_along_lines", "lines", "features", distance=_metres(200)),
    _one("geodetic_densify", "lines", distance=_metres(100)),
    _one(
        "hot_spots",
        "points",
        "Input_Feature_Class",
        Input_Field="VALUE",
        Conceptualization_of_Spatial_Relationships="K_NEAREST_NEIGHBORS",
        number_of_neighbors=8,
    ),
    _two("identity", ("in_features", "polygons"), ("identity_features", "areas")),
    Call("intersect", {"in_features": ("polygons", "areas")}),
    Call("intersect", {"in_features": ("half as many cells", "as many moved cells")}, {}, "cells"),
    _two(
        "join_field",
        ("in_data", "points"),
        ("join_table", "other points"),
        in_field="NAME",
        join_field="NAME",
        fields=["VALUE"],
    ),
    _one("mean_center", "points", "Input_Feature_Class", Case_Field="CASE"),
    _one("median_center", "points", "Input_Feature_Class", Case_Field="CASE"),
    Call("merge", {"inputs": ("points", "other points")}),
    _one("minimum_bounding_geometry", "polygons"),
    Call("minimum_bounding_geometry", {"in_features": "polygons"}, {"geometry_type": "CIRCLE"}, "circles"),
    Call(
        "minimum_bounding_geometry",
        {"in_features": "points"},
        {"geometry_type": "CONVEX_HULL", "group_option": "LIST", "group_field": ["CASE"]},
        "groups",
    ),
    _one("multipart_to_singlepart", "pairs"),
    _one("multiple_ring_buffer", "points", distances=[50.0, 100.0], dissolve_option="NONE"),
    Call("near", {"in_features": "points", "near_features": ("other points",)}),
    Call("near", {"in_features": "points", "near_features": ("lines",)}, {}, "lines"),
    Call(
        "near",
        {"in_features": "points", "near_features": ("other points",)},
        {"method": "GEODESIC"},
        "geodesic",
    ),
    _one("pairwise_buffer", "polygons", buffer_distance_or_field=_metres(100)),
    _two("pairwise_clip", ("in_features", "lines"), ("clip_features", "areas")),
    _one("pairwise_dissolve", "polygons", dissolve_field=["CASE"]),
    _two("pairwise_erase", ("in_features", "polygons"), ("erase_features", "gaps")),
    Call("pairwise_intersect", {"in_features": ("lines", "areas")}),
    _one("points_to_line", "points", "features", line_field="CASE"),
    _one("project", "polygons", "in_dataset", out_coor_system=WEB_MERCATOR),
    Call(
        "project", {"in_dataset": "lines"}, {"out_coor_system": WEB_MERCATOR, "preserve_shape": True}, "shape"
    ),
    _one("repair_geometry", "polygons"),
    _one("select", "points", where_clause="VALUE > 1000 AND NAME LIKE 'place 1%'"),
    _two("select_layer_by_location", ("in_layer", "points"), ("select_features", "areas")),
    Call(
        "select_layer_by_location",
        {"in_layer": "points", "select_features": "other points"},
        {"overlap_type": "WITHIN_A_DISTANCE", "search_distance": _metres(500)},
        "distance",
    ),
    _one("simplify_line", "lines", tolerance=_metres(20)),
    _one("simplify_polygon", "polygons", tolerance=_metres(20)),
    Call(
        "simplify_polygon",
        {"in_features": "cells"},
        {"tolerance": _metres(20), "algorithm": "EFFECTIVE_AREA"},
        "coverage",
    ),
    _one("smooth_line", "lines", tolerance=_metres(100)),
    _one("smooth_polygon", "polygons", tolerance=_metres(300)),
    _one("sort", "points", "in_dataset", sort_field="CASE DESCENDING"),
    _two("spatial_join", ("target_features", "points"), ("join_features", "areas")),
    Call("spatial_join", {"target_features": "areas", "join_features": "points"}, {}, "to areas"),
    Call(
        "spatial_join",
        {"target_features": "points", "join_features": "other points"},
        {"match_option": "CLOSEST"},
        "closest",
    ),
    Call(
        "spatial_join",
        {"target_features": "cells", "join_features": "polygons"},
        {"match_option": "LARGEST_OVERLAP"},
        "largest",
    ),
    _two("split", ("in_features", "polygons"), ("split_features", "areas"), split_field="NAME"),
    _two(
        "split_line_at_point",
        ("in_features", "lines"),
        ("point_features", "points"),
        search_radius=_metres(100),
    ),
    _one(
        "statistics", "points", "in_table", statistics_fields="VALUE MEAN;VALUE MEDIAN", case_field=["CASE"]
    ),
    _two(
        "summarize_nearby",
        ("in_features", "few points"),
        ("in_sum_features", "points"),
        distance_type="STRAIGHT_LINE",
        distances=[2.0],
        distance_units="KILOMETERS",
    ),
    _two("summarize_within", ("in_polygons", "areas"), ("in_sum_features", "polygons")),
    _two("sym_diff", ("in_features", "polygons"), ("update_features", "areas")),
    _two(
        "tabulate_intersection",
        ("in_zone_features", "areas"),
        ("in_class_features", "polygons"),
        zone_fields=["NAME"],
        class_fields=["CASE"],
    ),
    Call("union", {"in_features": ("polygons", "areas")}),
    _one(
        "xy_table_to_point",
        "points",
        "in_table",
        xfield="X",
        yfield="Y",
        coordinate_system=SpatialReference(32633),
    ),
)
"""All runs, by name of the module."""

_EARLIER = "Measured before this step was told in several; not measured again yet."

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "buffer dissolved": "One shape of a million circles: its vertices are there twice at its making.",
        "count_overlapping_features": "The index of all outlines is built in one step.",
        "create_thiessen_polygons": "The triangulation of all places is one step of GEOS, told before it.",
        "dissolve lines": "The parts of all cases are listed in one step.",
        "pairwise_dissolve": "The parts of all cases are listed in one step.",
        "feature_to_line": "The features of all pieces are listed at once, at the end.",
        "feature_to_polygon": "Cells hang together: one step of GEOS cuts all outlines, told before.",
        "intersect cells": "Two million parts in two steps: order, attributes.",
        "multiple_ring_buffer": "The result is two million circles of 85 vertices.",
        "near geodesic": _EARLIER,
        "near lines": _EARLIER,
        "spatial_join largest": _EARLIER,
        "simplify_polygon coverage": "Borders are compared and simplified in two steps of GEOS, told before.",
    }
)
"""By name of the run, the reason for more memory or a longer silence than asked for."""
