"""From a Python annotation to a GP data type: the table that tool authors rely on.

bool, int, float, str, datetime        GPBoolean, GPLong, GPDouble, GPString, GPDate
Literal["a", "b"]                      GPString with a choice list
LinearUnit                             GPLinearUnit
FeatureSet[Point], FeatureSet          GPFeatureRecordSetLayer of that geometry, of any
Table, DataFile, Raster                GPRecordSet, GPDataFile, GPRasterDataLayer
SpatialReference                       GPString that takes WKID, WKT or JSON
list[X]                                GPMultiValue:X
X | Y                                  the first that accepts the value
Annotated[X, Field(ge=…, max_length=…)]  limits, checked before the tool runs
Annotated[bool, Keywords("ON", "OFF")] words accepted for true and false
"""

from __future__ import annotations

import types
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.dates import GPDate
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import DataFile, GPDataFile, GPRasterData, Raster
from gpserverless.datatypes.linear_unit import GPLinearUnit
from gpserverless.datatypes.multi_value import Alternatives, GPMultiValue
from gpserverless.datatypes.scalars import GPBoolean, GPDouble, GPLong, GPString, Range
from gpserverless.datatypes.spatial_reference import SpatialReferenceText
from gpserverless.errors import AuthoringError
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.spatial_reference import SpatialReference
from gpserverless.features.units import LinearUnit

_PLAIN: dict[Any, DataType] = {
    bool: GPBoolean(),
    int: GPLong(),
    float: GPDouble(),
    str: GPString(),
    datetime: GPDate(),
    LinearUnit: GPLinearUnit(),
    FeatureSet: GPFeatureRecordSetLayer(),
    Table: GPRecordSet(),
    DataFile: GPDataFile(),
    Raster: GPRasterData(),
    SpatialReference: SpatialReferenceText(),
}

_GEOMETRIES: dict[Any, tuple[str, ...]] = {
    Point: ("esriGeometryPoint",),
    MultiPoint: ("esriGeometryMultipoint",),
    LineString: ("esriGeometryPolyline",),
    Polygon: ("esriGeometryPolygon",),
    BaseGeometry: (),
    Any: (),
}

_KNOWN = (
    "bool, int, float, str, datetime, Literal of texts, LinearUnit, SpatialReference, FeatureSet[Point], "
    "FeatureSet[MultiPoint], FeatureSet[LineString], FeatureSet[Polygon], FeatureSet, Table, DataFile, "
    "Raster, list of one of them, or a union of them"
)


@dataclass(frozen=True)
class Keywords:
    """The words that a tool of ArcGIS uses for true and for false.

    Args:
        true: Such as "KEEP_ALL".
        false: Such as "ONLY_INTERSECTING".
    """

    true: str
    false: str


@dataclass(frozen=True)
class Annotation:
    """What an annotation says.

    Attributes:
        data_type: The GP data type.
        optional: Whether None is one of the types.
        field: The pydantic `Field` in it, for title, alias and description, or None.
    """

    data_type: DataType
    optional: bool = False
    field: FieldInfo | None = None


def read_annotation(annotation: Any) -> Annotation:
    """Return what a parameter's annotation says.

    Raises:
        AuthoringError: The type has no GP data type, or a limit does not fit it; the caller adds the name.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _with_metadata(read_annotation(arguments[0]), arguments[1:])
    if origin in (Union, types.UnionType):
        members = tuple(read_annotation(a).data_type for a in arguments if a is not type(None))
        return Annotation(members[0] if len(members) == 1 else Alternatives(members), type(None) in arguments)
    return Annotation(_data_type(annotation, origin, arguments))


def _data_type(annotation: Any, origin: Any, arguments: tuple[Any, ...]) -> DataType:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if origin is Literal and all(isinstance(a, str) for a in arguments):
        return GPString(arguments)
    if origin is list and arguments:
        return GPMultiValue(read_annotation(arguments[0]).data_type)
    if origin is FeatureSet:
        members = get_args(arguments[0]) or arguments
        if all(m in _GEOMETRIES for m in members):
            return GPFeatureRecordSetLayer(tuple(t for m in members for t in _GEOMETRIES[m]))
    raise AuthoringError(f"the type {annotation!r} has no GP data type; use {_KNOWN}")


def _with_metadata(annotation: Annotation, metadata: tuple[Any, ...]) -> Annotation:
    for item in metadata:
        if isinstance(item, Keywords):
            annotation = replace(annotation, data_type=_with_keywords(annotation.data_type, item))
        elif isinstance(item, FieldInfo):
            annotation = replace(annotation, field=item)
            for limit in item.metadata:
                annotation = replace(annotation, data_type=_with_limit(annotation.data_type, limit))
        elif isinstance(item, annotated_types.BaseMetadata):
            annotation = replace(annotation, data_type=_with_limit(annotation.data_type, item))
    return annotation


def _with_keywords(data_type: DataType, keywords: Keywords) -> DataType:
    if not isinstance(data_type, GPBoolean):
        raise AuthoringError(f"Keywords belong to bool, not to {data_type.name}")
    return replace(data_type, keywords=(keywords.true, keywords.false))


def _with_limit(data_type: DataType, limit: Any) -> DataType:
    if isinstance(data_type, GPMultiValue):
        return replace(data_type, element=_with_limit(data_type.element, limit))
    if isinstance(data_type, (GPLong, GPDouble)):
        for bound in ("ge", "gt", "le", "lt"):
            if hasattr(limit, bound):
                return replace(data_type, limits=replace(data_type.limits, **{bound: getattr(limit, bound)}))
    if isinstance(data_type, (GPFeatureRecordSetLayer, GPRecordSet)) and isinstance(
        limit, annotated_types.MaxLen
    ):
        return replace(data_type, max_features=limit.max_length)
    known = "ge, gt, le, lt for numbers, max_length for feature sets and tables"
    raise AuthoringError(f"the limit {limit!r} does not fit {data_type.name}; known are {known}")


__all__ = ["Annotation", "Keywords", "Range", "read_annotation"]
