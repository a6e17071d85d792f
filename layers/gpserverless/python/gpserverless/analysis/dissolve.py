"""Features united by the values of fields, with statistics of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.blocks import BLOCK
from gpserverless.analysis.cases import Cases, find_cases
from gpserverless.analysis.components import unite_in_blocks
from gpserverless.analysis.dissolve_parts import find_members
from gpserverless.analysis.inputs import drop_shapeless, repair
from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.summary_statistics import Statistic, add_statistics
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.geometry.dissolve import unite, unite_polygons

_STEPS = 50
"""Parts of the work after which progress is told."""

_GRID = 1e-9
"""The grid on which shapes are united that have no union without one, as a share of their extent."""

Shapes = NDArray[np.object_]

MULTIPART: dict[str, Callable[..., Any]] = {
    "esriGeometryPoint": shapely.multipoints,
    "esriGeometryMultipoint": shapely.multipoints,
    "esriGeometryPolyline": shapely.multilinestrings,
    "esriGeometryPolygon": shapely.multipolygons,
}
"""The makers of shapes of several parts, by geometry type."""


@dataclass(frozen=True)
class DissolveOptions:
    """The form of the result."""

    #: Names of the fields whose values are kept apart; none for one feature of all.
    fields: Sequence[str] = ()
    #: Statistics of other fields.
    statistics: Sequence[Statistic] = ()
    #: Whether parts that do not meet stay one feature.
    multi_part: bool = True
    #: Whether lines are joined at common ends alone, and not split where they cross.
    unsplit_lines: bool = False
    #: Text between the values of CONCATENATE.
    separator: str = ""


def dissolve(features: FeatureSet[Any], options: DissolveOptions, watch: Watch) -> FeatureSet[Any]:
    """Unite the features of each case; the result has the fields of the cases and the statistics.

    Points become multipoints, or points if each part is a feature of its own. The statistics of such a part
    are those of the features that have a part in it.

    Args:
        features: Features of any type.
        options: The form of the result.
        watch: Takes the progress, and warnings of features without a shape or with an invalid one.

    Raises:
        InvalidParameter: There is no such field.
    """
    features = _flatten(repair(drop_shapeless(features, watch), watch), watch)
    with name_in_errors("dissolve_field"):
        cases = find_cases(features, options.fields)
    united = _unite_cases(features, cases, options, watch)
    watch.progress("Adding up values")
    if options.multi_part:
        table = add_statistics(cases.table, features, cases, options.statistics, options.separator)
        return _attach(features, united, table)
    parts, case = shapely.get_parts(united, return_index=True)
    part, row = find_members(features, cases.of_row, parts, case)
    members = Cases(part, cases.table.take(case))
    table = add_statistics(members.table, features.take(row), members, options.statistics, options.separator)
    return _attach(features, parts, table)


def _flatten(features: FeatureSet[Any], watch: Watch) -> FeatureSet[Any]:
    if not (features.has_z or features.has_m):
        return features
    watch.warn("Dissolved features have no z and m.")
    return features.with_geometries(shapely.force_2d(features.geometries))


def _unite_cases(features: FeatureSet[Any], cases: Cases, options: DissolveOptions, watch: Watch) -> Shapes:
    """Return one multipart shape for each case, shape (K,)."""
    order = np.argsort(cases.of_row, kind="stable")
    shapes = features.geometries[order]
    last = np.cumsum(cases.sizes)
    united: Shapes = np.empty(cases.count, object)
    step = max(1, cases.count // _STEPS)
    for number, (begin, end) in enumerate(zip(last - cases.sizes, last, strict=True)):
        if number % step == 0:
            watch.progress("Dissolving", 100 * number // cases.count)
        united[number] = _unite_shapes(shapes[begin:end], features.geometry_type, options, watch)
    watch.progress("Listing parts")
    parts, owner = shapely.get_parts(united, return_index=True)
    del united
    watch.progress("Putting parts together")
    made: Shapes = np.empty(cases.count, object)
    MULTIPART[features.geometry_type](parts, indices=owner, out=made)
    return made


def _unite_shapes(shapes: Shapes, kind: str, options: DissolveOptions, watch: Watch) -> Any:
    if kind == "esriGeometryPolyline" and options.unsplit_lines:
        return shapely.line_merge(shapely.multilinestrings(shapely.get_parts(shapes)))
    if len(shapes) == 1 and kind == "esriGeometryPolygon":
        return shapes[0]
    try:
        if kind == "esriGeometryPolygon" and len(shapes) <= BLOCK:
            united = unite_polygons(shapes)
        elif kind == "esriGeometryPolygon":
            parts = unite_in_blocks(shapes.copy(), unite_polygons, watch)
            united = shapely.multipolygons(parts.tolist())
        else:
            if len(shapes) > BLOCK:
                watch.progress(f"Dissolving {len(shapes):,} shapes into one, in one step")
            united = unite(shapes)
    except shapely.errors.GEOSException:
        xmin, ymin, xmax, ymax = shapely.total_bounds(shapes)
        grid = _GRID * max(xmax - xmin, ymax - ymin)
        watch.warn(f"Shapes were united on a grid of {grid:.3g}, since they have no union without one.")
        united = shapely.union_all(shapes, grid_size=grid)
    return shapely.line_merge(united) if kind == "esriGeometryPolyline" else united


def _attach(features: FeatureSet[Any], shapes: Shapes, table: Table) -> FeatureSet[Any]:
    """Return the shapes with the columns of a table."""
    kind = features.geometry_type
    if kind in ("esriGeometryPoint", "esriGeometryMultipoint"):
        is_single = len(shapes) and shapely.get_type_id(shapes[0]) == 0
        kind = "esriGeometryPoint" if is_single else "esriGeometryMultipoint"
    bare: FeatureSet[Any] = FeatureSet(spatial_reference=features.spatial_reference)
    return bare.with_geometries(shapes, kind).with_columns(dict(table.columns), table.fields)
