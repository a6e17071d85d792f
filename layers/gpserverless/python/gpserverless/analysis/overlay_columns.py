"""The attributes of the pieces of an overlay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.inputs import make_unique
from gpserverless.analysis.layers import OLD_MEASURES, Layer
from gpserverless.analysis.operations import Indices
from gpserverless.analysis.pieces import Pieces
from gpserverless.features.feature_set import Column, FeatureSet
from gpserverless.features.fields import INTEGER, OID, Field

JoinAttributes = Literal["ALL", "NO_FID", "ONLY_FID"]
"""The attributes that a piece gets: all of its features, all but their object ids, or these alone."""

_INT32 = 2**31


def make_features(
    pieces: Pieces, layers: Sequence[Layer], geometry_type: str, join: JoinAttributes
) -> FeatureSet[Any]:
    """Return pieces with the attributes of their features.

    Of each layer the column FID_ and its name holds the object id of the feature, -1 outside the layer; its
    other columns follow, null outside. A name that is taken gets a number behind it.

    Args:
        pieces: The pieces.
        layers: The layers, in the order of the pieces' members.
        geometry_type: Esri name of the type of the pieces.
        join: The attributes wanted.
    """
    columns: dict[str, Column] = {}
    fields: list[Field] = []
    for layer, index in zip(layers, pieces.members.T, strict=True):
        if join != "NO_FID":
            name = make_unique(f"FID_{layer.name}", columns)
            columns[name] = _take_ids(layer.ids, index)
            fields.append(Field(name, INTEGER))
        for field in layer.features.fields if join != "ONLY_FID" else ():
            if field.type == OID or field.name.lower() in OLD_MEASURES:
                continue
            name = make_unique(field.name, columns)
            columns[name] = take_or_null(layer.features.columns[field.name], index)
            fields.append(replace(field, name=name, nullable=None))
    bare: FeatureSet[Any] = FeatureSet(spatial_reference=layers[0].features.spatial_reference)
    shaped = bare.with_geometries(pieces.shapes, geometry_type)
    return replace(shaped, fields=tuple(fields), columns=columns)


def _take_ids(ids: Indices, index: Indices) -> Column:
    if not len(ids):
        return np.full(len(index), -1)
    return np.where(index < 0, -1, ids[index])


def take_or_null(column: NDArray[Any], index: Indices) -> Column:
    """Return values of a column by index, null for -1: None, or NaN among floats.

    Args:
        column: Shape (N,).
        index: Shape (P,), -1 to N less one.
    """
    outside = index < 0
    if not outside.any():
        return column[index]
    kind = np.float64 if column.dtype.kind == "f" else object
    values: Column = np.full(len(index), np.nan if kind is np.float64 else None, kind)
    values[~outside] = column[index[~outside]]
    return values
