"""Tables of the parts of classes in zones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gpserverless.analysis.inputs import make_unique
from gpserverless.analysis.layers import DIMENSIONS, Layer, prepare_layers
from gpserverless.analysis.pieces import Pieces, intersect_pieces, start_pieces
from gpserverless.analysis.tolerance import read_tolerance
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import Field
from gpserverless.features.value_numbers import number_groups
from gpserverless.geometry.measures import measure_areas, measure_lengths
from gpserverless.values.areal_units import SQUARE_METRES_PER_UNIT, UNKNOWN_AREA, find_areal_unit
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.units import METRES_PER_UNIT, UNKNOWN, LinearUnit, find_linear_unit

SIZES = ("PNT_COUNT", "LENGTH", "AREA")
"""The column of sizes, by the dimension of the parts."""

PERCENTAGE = "PERCENTAGE"
"""The column of shares."""


@dataclass(frozen=True)
class Side:
    """The zones, or the classes."""

    #: Name of the parameter.
    name: str
    #: The features.
    features: FeatureSet[Any]
    #: Name of the parameter of their fields.
    fields_name: str
    #: The fields whose values make one zone or class.
    fields: Sequence[str]


@dataclass(frozen=True)
class Tabulation:
    """The choices of a table."""

    #: Fields of the classes that are added up.
    sums: Sequence[str] = ()
    #: The tolerance that the caller gives.
    tolerance: LinearUnit | None = None
    #: The unit of lengths or areas; UNKNOWN for that of the zones' spatial reference.
    unit: str = "UNKNOWN"


def tabulate(zones: Side, classes: Side, choices: Tabulation, watch: Watch) -> Table:
    """Return one row for each zone and each class in it, with the size and the share of its parts there.

    The share is that of the zone's area if both are polygons, or of its length if both are lines; else that
    of all parts of classes in the zone.

    Args:
        zones: The zones.
        classes: The classes, of no higher dimension.
        choices: The choices.
        watch: Takes progress and warnings.

    Raises:
        InvalidParameter: The classes are of a higher dimension, or a field or a unit does not suit.
    """
    dimension = DIMENSIONS[classes.features.geometry_type]
    if dimension > DIMENSIONS[zones.features.geometry_type]:
        raise InvalidParameter(
            classes.name, f"its shapes are of a higher dimension than those of {zones.name}"
        )
    _check_fields(zones, classes, choices.sums)
    reference = zones.features.spatial_reference or classes.features.spatial_reference
    factor = _read_unit(choices.unit, dimension, reference)
    tolerance = read_tolerance(choices.tolerance, zones.features.spatial_reference, "xy_tolerance")
    given = [(zones.name, zones.features), (classes.name, classes.features)]
    layers = prepare_layers(given, tolerance, watch)
    starts = [start_pieces(layer.shapes) for layer in layers]
    pieces = intersect_pieces(starts[0], starts[1], dimension, tolerance, watch).pieces
    watch.progress("Adding up")
    return _tabulate((zones, classes), layers, pieces, choices.sums, factor)


def _check_fields(zones: Side, classes: Side, sums: Sequence[str]) -> None:
    if not zones.fields:
        raise InvalidParameter(zones.fields_name, "it names no field", "at least one field")
    for side in (zones, classes):
        for name in side.fields:
            _find_field(side.features, name, side.fields_name)
    for name in sums:
        if not _find_field(classes.features, name, "sum_fields").is_number:
            raise InvalidParameter("sum_fields", f"field '{name[:60]}' holds no numbers", "fields of numbers")


def _find_field(features: FeatureSet[Any], name: str, parameter: str) -> Field:
    try:
        return features.field(name)
    except InvalidValue as error:
        raise InvalidParameter(parameter, error.problem, error.accepted) from None


def _read_unit(unit: str, dimension: int, reference: SpatialReference | None) -> float:
    """Return metres or square metres in one unit."""
    own = 1.0 if reference is None else reference.metres_per_unit
    word = re.sub("[^A-Za-z]", "", unit)
    if dimension == 0 or word.upper() in ("", "UNKNOWN"):
        return own**dimension
    try:
        token = find_areal_unit(word) if dimension == 2 else find_linear_unit(word)
    except InvalidValue as error:
        raise InvalidParameter("out_units", error.problem, error.accepted) from None
    if token in (UNKNOWN, UNKNOWN_AREA):
        return own**dimension
    sizes = SQUARE_METRES_PER_UNIT if dimension == 2 else METRES_PER_UNIT
    if token not in sizes:
        raise InvalidParameter("out_units", f"{unit[:60]} is an angle", "a unit of length, such as METERS")
    return sizes[token]


def _tabulate(
    sides: tuple[Side, Side], layers: Sequence[Layer], pieces: Pieces, sums: Sequence[str], factor: float
) -> Table:
    zones, classes = layers
    zone_group, class_group = (_number(layer, side) for layer, side in zip(layers, sides, strict=True))
    number = int(class_group.max(initial=0)) + 1
    keys = zone_group[pieces.members[:, 0]] * number + class_group[pieces.members[:, 1]]
    found, first, row = np.unique(keys, return_index=True, return_inverse=True)
    sizes = _measure(pieces.shapes, classes)
    total = np.bincount(row, weights=sizes, minlength=len(found)).astype(np.float64)
    columns, fields = _copy_fields(sides, layers, pieces.members[first])
    share = sizes / np.maximum(_measure(classes.shapes, classes), 1e-300)[pieces.members[:, 1]]
    for name in sums:
        values = np.nan_to_num(classes.features.numbers(name))[pieces.members[:, 1]] * share
        free = make_unique(classes.features.field(name).name, columns)
        columns[free] = np.bincount(row, weights=values, minlength=len(found))
    size_name = make_unique(SIZES[classes.dimension], columns)
    columns[size_name] = total.astype(np.int64) if classes.dimension == 0 else total / factor
    if zones.dimension == classes.dimension and zones.dimension > 0:
        whole = np.bincount(zone_group, weights=_measure(zones.shapes, zones))
    else:
        whole = np.bincount(found // number, weights=total)
    columns[make_unique(PERCENTAGE, columns)] = 100 * total / whole[found // number]
    return Table().with_columns(columns, fields)


def _copy_fields(
    sides: tuple[Side, Side], layers: Sequence[Layer], members: NDArray[np.int64]
) -> tuple[dict[str, NDArray[Any]], list[Field]]:
    """Return the columns of zones and classes, one value for each row."""
    columns: dict[str, NDArray[Any]] = {}
    fields: list[Field] = []
    for layer, side, index in zip(layers, sides, members.T, strict=True):
        for name in side.fields:
            described = layer.features.field(name)
            free = make_unique(described.name, columns)
            columns[free] = layer.features.columns[described.name][index]
            fields.append(replace(described, name=free))
    return columns, fields


def _number(layer: Layer, side: Side) -> NDArray[np.int64]:
    """Number the zones or classes that have equal values in all fields."""
    if not side.fields:
        return np.zeros(len(layer.features), np.int64)
    return number_groups([layer.features.column(name) for name in side.fields])


def _measure(shapes: NDArray[np.object_], layer: Layer) -> NDArray[np.float64]:
    """Return square metres, metres or numbers of points, by the dimension of a layer."""
    reference = layer.features.spatial_reference
    if layer.dimension == 0:
        return shapely.get_num_geometries(shapes).astype(np.float64)
    return (measure_areas if layer.dimension == 2 else measure_lengths)(shapes, reference)
