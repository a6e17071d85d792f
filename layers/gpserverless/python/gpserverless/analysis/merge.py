"""Several layers as one, with the fields of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gpserverless.analysis.inputs import align, check_types, find_shapes, make_unique
from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.text_values import write_texts
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import Column, FeatureSet
from gpserverless.features.fields import (
    BIG_INTEGER,
    DOUBLE,
    INTEGER,
    OID,
    SINGLE,
    SMALL_INTEGER,
    STRING,
    Field,
)
from gpserverless.features.rows import make_object_column

SOURCE = "MERGE_SRC"
"""The field of the place of a feature's layer in the list."""

_EXACT = 2**53  # whole numbers beyond it have no floats of their own

_WIDTHS = (SMALL_INTEGER, INTEGER, BIG_INTEGER, SINGLE, DOUBLE)


def merge(
    inputs: Sequence[FeatureSet[Any]], watch: Watch, *, parameter: str = "inputs", add_source: bool = False
) -> FeatureSet[Any]:
    """Put the features of several layers of one geometry type in one, in the reference of the first.

    Fields of one name, in any letter case, become one: of the widest type of numbers, or a text if the types
    are of different kinds, which a warning says. A field that a layer lacks is null there. Object ids are
    left out.

    Args:
        inputs: The layers; tables are layers without shapes.
        watch: Takes warnings.
        parameter: Name of the parameter, for errors.
        add_source: Whether a field says of each feature from which layer it is.

    Raises:
        InvalidParameter: There is no layer, or they are of different geometry types.
    """
    if not inputs:
        raise InvalidParameter(parameter, "it holds no layer", "a list of layers")
    shaped = [each for each in inputs if find_shapes(each.geometries).any()] or [inputs[0]]
    for each in shaped:
        check_types(each, parameter, [shaped[0].geometry_type])
    first = next((each for each in inputs if each.spatial_reference is not None), inputs[0])
    with name_in_errors(parameter):
        layers = [align(each, first, watch) for each in inputs]
    fields = unite_fields(layers, watch)
    shapes = np.concatenate([layer.geometries for layer in layers])
    _warn_of_digits(layers, fields, watch)
    bare: FeatureSet[Any] = FeatureSet(spatial_reference=first.spatial_reference)
    merged = bare.with_geometries(shapes, shaped[0].geometry_type)
    columns = {}
    for number, field in enumerate(fields):
        watch.progress("Merging fields", 100 * number // len(fields))
        columns[field.name] = stack_columns(layers, field)
    merged = merged.with_columns(columns, fields)
    return _add_source(merged, [len(layer) for layer in layers], parameter) if add_source else merged


def _add_source(merged: FeatureSet[Any], sizes: Sequence[int], parameter: str) -> FeatureSet[Any]:
    """Return merged features with the place of their layer in the list, such as `inputs[0]`."""
    places = [f"{parameter}[{place}]" for place, size in enumerate(sizes) for _ in range(size)]
    name = make_unique(SOURCE, list(merged.columns))
    return merged.with_columns({name: make_object_column(places)}, [Field(name)])


def _warn_of_digits(layers: Sequence[FeatureSet[Any]], fields: Sequence[Field], watch: Watch) -> None:
    for field in fields:
        columns = [_get_column(layer, field) for layer in layers if field.type == DOUBLE]
        whole = [column for column in columns if column is not None and column.dtype.kind == "i"]
        if any((np.abs(column) > _EXACT).any() for column in whole):
            watch.warn(
                f"Field '{field.name[:60]}' became a Double: of its largest numbers the last digits are lost."
            )


def unite_fields(layers: Sequence[FeatureSet[Any]], watch: Watch) -> list[Field]:
    """Return the fields of all layers without object ids, in the order of their first layer.

    Args:
        layers: The layers.
        watch: Takes a warning of a field of several kinds.
    """
    found: dict[str, list[Field]] = {}
    for layer in layers:
        for field in layer.fields:
            if field.type != OID:
                found.setdefault(field.name.lower(), []).append(field)
    return [_unite_types(same, watch) for same in found.values()]


def _unite_types(fields: Sequence[Field], watch: Watch) -> Field:
    first, types = fields[0], {field.type for field in fields}
    lengths = [field.length for field in fields if field.length is not None]
    nullable = None if any(field.nullable is None for field in fields) else True
    if len(types) == 1:
        return replace(first, length=max(lengths, default=None), nullable=nullable)
    if types <= set(_WIDTHS):
        widest = max(types, key=_WIDTHS.index)
        is_exact = widest not in (SINGLE, DOUBLE) or types <= {SINGLE, DOUBLE, SMALL_INTEGER}
        kind = widest if is_exact else DOUBLE
        return replace(first, type=kind, nullable=nullable, domain=None)
    kinds = ", ".join(sorted(kind.removeprefix("esriFieldType") for kind in types))
    watch.warn(f"Field '{first.name[:60]}' is of several types ({kinds}); its values became texts.")
    return Field(first.name, STRING, first.alias, max(lengths, default=None), nullable)


def stack_columns(layers: Sequence[FeatureSet[Any]], field: Field) -> Column:
    """Return the values of a field of all layers, one layer after the other, null where one lacks it.

    Args:
        layers: The layers.
        field: The field that they have together.
    """
    columns = [_get_column(layer, field) for layer in layers]
    floats = field.type in (SINGLE, DOUBLE)
    numbers = [column for column in columns if column is not None and column.dtype.kind != "O"]
    if len(numbers) == len(columns):
        return np.concatenate(columns)  # type: ignore[arg-type]
    if floats:
        empty = [np.full(len(layer), np.nan) for layer in layers]
        pairs = zip(columns, empty, strict=True)
        return np.concatenate([none if column is None else _read_floats(column) for column, none in pairs])
    blanks = [np.full(len(layer), None, object) for layer in layers]
    pairs = zip(columns, blanks, strict=True)
    return np.concatenate([none if column is None else column.astype(object) for column, none in pairs])


def _read_floats(column: Column) -> Column:
    return np.asarray(column, np.float64)  # None becomes NaN


def _get_column(layer: FeatureSet[Any], field: Field) -> Column | None:
    named = next((each for each in layer.fields if each.name.lower() == field.name.lower()), None)
    if named is None or named.type == OID:
        return None
    column = layer.columns[named.name]
    return write_texts(column, named.type) if field.type == STRING != named.type else column
