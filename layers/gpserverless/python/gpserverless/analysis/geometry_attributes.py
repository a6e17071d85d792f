"""Properties of shapes as attributes, in the unit wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.blocks import split_rows
from gpserverless.analysis.convert import fit_values
from gpserverless.analysis.fields import check_new_name
from gpserverless.analysis.geometry_properties import PROPERTIES, Property
from gpserverless.analysis.inputs import find_shapes, repair
from gpserverless.analysis.parameter_names import name_in_errors
from gpserverless.analysis.value_tables import read_pairs
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import DOUBLE, INTEGER, Field
from gpserverless.features.rows import is_null, make_object_column
from gpserverless.values.areal_units import ArealUnit
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import LinearUnit

PARAMETER = "geometry_property"


@dataclass(frozen=True)
class AttributeUnits:
    """Units of the values, in metres and square metres; None for that of the spatial reference."""

    length: float | None = None
    area: float | None = None


def read_properties(text: str, features: FeatureSet[Any]) -> list[tuple[str, Property]]:
    """Read the fields to fill, and the property of each.

    Args:
        text: `[["AREA_KM", "AREA"], …]`, or `AREA_KM AREA;X CENTROID_X`.
        features: The features.

    Raises:
        InvalidParameter: The text has another form, there is no such property, or the shapes have none such.
    """
    found = []
    for name, word in read_pairs(text, PARAMETER, '[["SIZE", "AREA"], ["X", "CENTROID_X"]]'):
        chosen = PROPERTIES.get(word.upper())
        if chosen is None:
            raise InvalidParameter(PARAMETER, f"'{word[:40]}' is no property", ", ".join(PROPERTIES))
        if find_shapes(features.geometries).any():
            with_types = [p for p, each in PROPERTIES.items() if features.geometry_type in each.types]
            if features.geometry_type not in chosen.types:
                raise InvalidParameter(PARAMETER, f"the shapes have no {word.upper()}", ", ".join(with_types))
        found.append((name, chosen))
    if not found:
        raise InvalidParameter(PARAMETER, "it names no property", '[["SIZE", "AREA"]]')
    return found


def read_units(length: str | None, area: str | None) -> AttributeUnits:
    """Read the units of lengths and areas.

    Args:
        length: Such as KILOMETERS, FEET_INT or MILES_US; None or "" for the unit of the spatial reference.
        area: Such as SQUARE_KILOMETERS, HECTARES, ACRES_US or SQUARE_MILES_INT.

    Raises:
        InvalidParameter: There is no such unit.
    """
    with name_in_errors("length_unit"):
        metres = LinearUnit(1, length).metres if length and length.strip() else None
    with name_in_errors("area_unit"):
        word = (area or "").strip().upper().removesuffix("_INT")
        square_metres = ArealUnit(1, word).square_metres if word else None
    return AttributeUnits(metres, square_metres)


def add_properties(
    features: FeatureSet[Any],
    properties: Sequence[tuple[str, Property]],
    units: AttributeUnits,
    reference: SpatialReference | None,
    watch: Watch,
) -> FeatureSet[Any]:
    """Return the features with properties of their shapes in fields; null without a shape.

    Lengths and areas of longitude and latitude are measured on the ellipsoid, in metres if no unit is given.

    Args:
        features: The features.
        properties: Fields and properties; a field that is not there is added.
        units: Units of lengths and areas.
        reference: Spatial reference to measure in; None for that of the features.
        watch: Takes the progress, and warnings.

    Raises:
        InvalidParameter: A value does not fit a field that is there, or a name is none of a field.
    """
    blocks: list[list[NDArray[np.float64]]] = [[] for _ in properties]
    placed = features if reference is None else features.project(reference, warn=watch.warn)
    if placed.is_geographic and any(each.measure in ("length", "area") for _, each in properties):
        watch.info("Lengths and areas of longitudes and latitudes are measured on the ellipsoid.")
    has_area = any(each.measure == "area" for _, each in properties)
    valid = repair(placed, watch) if has_area else placed  # a ring that crosses itself has no area of its own
    for rows in split_rows(len(features), watch, "Measuring"):
        block = np.arange(rows.start, rows.stop)
        for values, (_, each) in zip(blocks, properties, strict=True):
            some = (valid if each.measure == "area" else placed).take(block)
            values.append(_measure(some, each) / _find_divisor(each, units, placed))
    for (name, each), values in zip(properties, blocks, strict=True):
        features = _fill(features, name, each, np.concatenate(values) if values else np.empty(0))
    return features


def _measure(features: FeatureSet[Any], each: Property) -> NDArray[np.float64]:
    """Return a property of each feature, NaN without a shape."""
    shaped = find_shapes(features.geometries)
    values = np.full(len(features), np.nan)
    if shaped.any():
        values[shaped] = each.compute(features.take(shaped))
    return values


def _find_divisor(each: Property, units: AttributeUnits, features: FeatureSet[Any]) -> float:
    own = 1.0 if features.spatial_reference is None else features.spatial_reference.metres_per_unit
    if each.measure == "length":
        return units.length or own
    return (units.area or own**2) if each.measure == "area" else 1.0


def _fill(
    features: FeatureSet[Any], name: str, each: Property, values: NDArray[np.float64]
) -> FeatureSet[Any]:
    known = next((field for field in features.fields if field.name.lower() == name.lower()), None)
    if known is None:
        check_new_name(name, PARAMETER)
    field = known or Field(name, INTEGER if each.measure == "count" else DOUBLE)
    column: NDArray[Any] = values
    if field.type == INTEGER and np.isnan(values).any():
        column = make_object_column([None if is_null(value) else value for value in values.tolist()])
    with name_in_errors(PARAMETER):
        return features.with_columns({field.name: fit_values(column, DOUBLE, field)}, [field])
