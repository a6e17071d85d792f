"""Counts of the polygons that cover each place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gpserverless.analysis.faces import Faces, find_faces
from gpserverless.analysis.inputs import check_types, make_unique
from gpserverless.analysis.layers import Layer, prepare_layers
from gpserverless.analysis.operations import Indices
from gpserverless.analysis.tolerance import read_tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.geometry.geometry_types import POLYGON

COUNT, LAYERS = "COUNT_", "COUNT_FC"
"""Columns of the number of features, and of the layers that they are from."""


def count_overlaps(
    parameter: str, layers: Sequence[FeatureSet[Any]], least: int, watch: Watch
) -> tuple[FeatureSet[Any], Table]:
    """Return the parts into which polygons divide each other, with the number of those that cover each.

    Args:
        parameter: Name of the parameter of the layers.
        layers: Layers of polygons.
        least: Parts that fewer polygons cover are left out.
        watch: Takes progress and warnings.

    Returns:
        The parts, and a table with a row for each part and each polygon that covers it.

    Raises:
        InvalidParameter: There is no layer, or one does not hold polygons.
    """
    if not layers:
        raise InvalidParameter(parameter, "it holds no layer", "at least one layer of polygons")
    for features in layers:
        check_types(features, parameter, [POLYGON])
    tolerance = read_tolerance(None, layers[0].spatial_reference)
    prepared = prepare_layers([(parameter, features) for features in layers], tolerance, watch)
    shapes = np.concatenate([layer.shapes for layer in prepared])
    owner = np.repeat(np.arange(len(prepared)), [len(layer.shapes) for layer in prepared])
    watch.progress("Dividing polygons by each other")
    faces = find_faces(shapes, tolerance, watch)
    watch.progress("Counting polygons")
    counts = np.bincount(faces.face, minlength=len(faces.shapes))
    kept = np.flatnonzero(counts >= least)
    pairs = np.unique(np.stack([faces.face, owner[faces.polygon]]), axis=1)
    of_layers = np.bincount(pairs[0], minlength=len(faces.shapes))
    watch.progress("Making parts")
    bare: FeatureSet[Any] = FeatureSet(spatial_reference=prepared[0].features.spatial_reference)
    parts = bare.with_geometries(faces.shapes[kept], POLYGON)
    parts = parts.with_columns({COUNT: counts[kept], LAYERS: of_layers[kept]})
    watch.progress("Listing polygons of parts")
    return parts, _list_pairs(prepared, faces, kept, owner)


def _list_pairs(layers: Sequence[Layer], faces: Faces, kept: Indices, owner: Indices) -> Table:
    number = np.zeros(len(faces.shapes), np.int64)
    number[kept] = np.arange(1, len(kept) + 1)
    listed = number[faces.face] > 0
    polygon = faces.polygon[listed]
    ids = np.concatenate([layer.ids for layer in layers])
    names: list[str] = []
    for layer in layers:
        names.append(make_unique(layer.name, names))
    titles = np.array(names, object)[owner[polygon]]
    return Table().with_columns(
        {"OVERLAP_OID": number[faces.face[listed]], "ORIG_OID": ids[polygon], "ORIG_NAME": titles}
    )
