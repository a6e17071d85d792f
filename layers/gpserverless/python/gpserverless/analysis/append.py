"""Features added behind those of a layer, in its fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gpserverless.analysis.conditions import choose_rows
from gpserverless.analysis.convert import convert_column
from gpserverless.analysis.inputs import check_types, find_shapes
from gpserverless.analysis.merge import merge
from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import OID, Field
from gpserverless.features.sql.expression import SqlExpression


def append(
    target: FeatureSet[Any],
    inputs: Sequence[FeatureSet[Any]],
    watch: Watch,
    *,
    test_fields: bool = True,
    where: SqlExpression | None = None,
) -> FeatureSet[Any]:
    """Return the features of a layer and behind them those of others, with the fields of the layer.

    Args:
        target: The layer; its geometry type and spatial reference are those of the result.
        inputs: The layers to add.
        watch: Takes warnings.
        test_fields: Whether the others must have the same fields; else a field that they lack is null, and
            one that the layer lacks is left out.
        where: The condition of the features to add; None to add all.

    Raises:
        InvalidParameter: A layer is of another geometry type or has other fields, a value does not fit its
            field, or the condition does not fit the fields.
    """
    if not inputs:
        raise InvalidParameter("inputs", "it holds no layer", "a list of layers")
    with name_in_errors("expression"):
        added = [each if where is None else each.take(choose_rows(each, where, watch)) for each in inputs]
    ours = {field.name.lower(): field for field in target.fields if field.type != OID}
    with name_in_errors("inputs"):
        layers = [_fit(each, target, ours, test_fields=test_fields) for each in added]
    merged = merge([target, *layers], watch)
    return merged.with_columns(
        {field.name: merged.columns[field.name] for field in ours.values()}, list(ours.values())
    )


def _fit(
    layer: FeatureSet[Any], target: FeatureSet[Any], ours: dict[str, Field], *, test_fields: bool
) -> FeatureSet[Any]:
    """Return a layer with the fields that it shares with the target, in the target's types."""
    if find_shapes(layer.geometries).any():
        check_types(layer, "inputs", [target.geometry_type])
    theirs = {field.name.lower(): field for field in layer.fields if field.type != OID}
    if test_fields and ours.keys() != theirs.keys():
        other = min(ours.keys() ^ theirs.keys())
        raise InvalidParameter(
            "inputs", f"the field '{other[:60]}' is not on both sides", "the fields of target, or NO_TEST"
        )
    shared = [name for name in ours if name in theirs]
    columns = {ours[name].name: convert_column(layer, theirs[name].name, ours[name]) for name in shared}
    return layer.only().with_columns(columns, [ours[name] for name in shared])
