"""From a Python annotation to a GP data type: the table that tool authors rely on.

bool, int, float, str, datetime        GPBoolean, GPLong, GPDouble, GPString, GPDate
Literal["a", "b"]                      GPString with a choice list
HiddenText, SqlExpression              GPStringHidden, GPSQLExpression
LinearUnit, ArealUnit, TimeUnit        GPLinearUnit, GPArealUnit, GPTimeUnit
FeatureSet[Point], FeatureSet          GPFeatureRecordSetLayer of that geometry, of any
Table, DataFile, Raster                GPRecordSet, GPDataFile, GPRasterDataLayer
AttributeField, Extent                 Field, GPExtent
SpatialReference                       GPString that takes WKID, WKT or JSON
list[X]                                GPMultiValue:X
list[Row]                              GPValueTable, where Row is a dataclass or a TypedDict of the above
X | Y                                  GPString that takes the first that accepts the value
Annotated[X | Y, Declared("GPComposite")]  the protocol's own type for it
Annotated[X, Field(ge=…, max_length=…)]    limits, checked before the tool runs
Annotated[X, …]                        Keywords, Labels, FieldOf, Layers, FileTypes, Category of `markers`
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gpserverless.datatypes.alternatives import Alternatives, GPComposite
from gpserverless.datatypes.attribute_field import GPField
from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.dates import GPDate
from gpserverless.datatypes.extent import GPExtent
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import DataFile, GPDataFile, GPRasterData, Raster
from gpserverless.datatypes.hidden import GPStringHidden
from gpserverless.datatypes.linear_unit import GPLinearUnit
from gpserverless.datatypes.markers import Category, FieldOf, Marker
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.quantities import GPArealUnit, GPTimeUnit
from gpserverless.datatypes.scalars import GPBoolean, GPDouble, GPLong, GPString, Range
from gpserverless.datatypes.spatial_reference import SpatialReferenceText
from gpserverless.datatypes.sql import GPSQLExpression
from gpserverless.datatypes.value_table import GPValueTable, ValueColumn
from gpserverless.errors import AuthoringError
from gpserverless.features.feature_set import FeatureSet, Table
from gpserverless.features.fields import Field as AttributeField
from gpserverless.features.sql.expression import SqlExpression
from gpserverless.values.areal_units import ArealUnit
from gpserverless.values.extent import Extent
from gpserverless.values.hidden_text import HiddenText
from gpserverless.values.spatial_reference import SpatialReference
from gpserverless.values.time_units import TimeUnit
from gpserverless.values.units import LinearUnit

_PLAIN: dict[Any, DataType] = {
    bool: GPBoolean(),
    int: GPLong(),
    float: GPDouble(),
    str: GPString(),
    datetime: GPDate(),
    HiddenText: GPStringHidden(),
    SqlExpression: GPSQLExpression(),
    LinearUnit: GPLinearUnit(),
    ArealUnit: GPArealUnit(),
    TimeUnit: GPTimeUnit(),
    FeatureSet: GPFeatureRecordSetLayer(),
    Table: GPRecordSet(),
    DataFile: GPDataFile(),
    Raster: GPRasterData(),
    AttributeField: GPField(),
    Extent: GPExtent(),
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
    "bool, int, float, str, datetime, Literal of texts, HiddenText, SqlExpression, LinearUnit, ArealUnit, "
    "TimeUnit, SpatialReference, Extent, AttributeField, FeatureSet[Point], FeatureSet[MultiPoint], "
    "FeatureSet[LineString], FeatureSet[Polygon], FeatureSet, Table, DataFile, Raster, list of one of them "
    "or of a dataclass of them, or a union of them"
)


@dataclass(frozen=True)
class Annotation:
    """What an annotation says.

    Attributes:
        data_type: The GP data type.
        optional: Whether None is one of the types.
        field: The pydantic `Field` in it, for title, alias and description, or None.
        category: Heading under which clients show the parameter.
        dependency: Name of the parameter whose fields are meant.
    """

    data_type: DataType
    optional: bool = False
    field: FieldInfo | None = None
    category: str = ""
    dependency: str = ""


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
        return _list_of(arguments[0])
    if origin is FeatureSet:
        members = get_args(arguments[0]) or arguments
        if all(m in _GEOMETRIES for m in members):
            return GPFeatureRecordSetLayer(tuple(t for m in members for t in _GEOMETRIES[m]))
    raise AuthoringError(f"the type {annotation!r} has no GP data type; use {_KNOWN}")


def _list_of(element: Any) -> DataType:
    if element not in _PLAIN and (dataclasses.is_dataclass(element) or typing.is_typeddict(element)):
        return GPValueTable(tuple(_columns(element)), element)
    data_type = read_annotation(element).data_type
    if isinstance(data_type, GPMultiValue | GPValueTable):
        raise AuthoringError("a list cannot hold lists; write list[Row] with a dataclass Row for a table")
    return GPMultiValue(data_type)


def _columns(row: Any) -> Iterator[ValueColumn]:
    members = dataclasses.fields(row) if dataclasses.is_dataclass(row) else ()
    with_default = {member.name for member in members if _has_default(member)}
    for key, hint in typing.get_type_hints(row, include_extras=True).items():
        try:
            read = read_annotation(_required_hint(hint))
        except AuthoringError as error:
            raise AuthoringError(f"column '{key}': {error}") from None
        if isinstance(read.data_type, GPMultiValue | GPValueTable | GPComposite):
            raise AuthoringError(f"column '{key}': a cell holds one value, not a {read.data_type.name}")
        may_be_missing = key in with_default or get_origin(hint) is typing.NotRequired
        name = key if read.field is None or read.field.alias is None else read.field.alias
        yield ValueColumn(key, name, read.data_type, read.optional, may_be_missing)


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


def _required_hint(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) in (typing.Required, typing.NotRequired) else hint


def _with_metadata(annotation: Annotation, metadata: tuple[Any, ...]) -> Annotation:
    for item in metadata:
        if isinstance(item, Marker):
            annotation = replace(annotation, data_type=item.apply(annotation.data_type))
            if isinstance(item, FieldOf):
                annotation = replace(annotation, dependency=item.parameter)
        elif isinstance(item, Category):
            annotation = replace(annotation, category=item.name)
        elif isinstance(item, FieldInfo):
            annotation = replace(annotation, field=item)
            for limit in item.metadata:
                annotation = replace(annotation, data_type=_with_limit(annotation.data_type, limit))
        elif isinstance(item, annotated_types.BaseMetadata):
            annotation = replace(annotation, data_type=_with_limit(annotation.data_type, item))
    return annotation


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


__all__ = ["Annotation", "Range", "read_annotation"]
