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
Annotated[X, …]                        Keywords, Labels, FieldOf, Layers, TimeFields, FileTypes, Category of
                                       `markers`; UniqueValues, GraduatedColors, GraduatedSymbols,
                                       LayerRenderer, LabelField of `symbology`
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gpserverless.datatypes.alternatives import Alternatives, GPComposite
from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.metadata import Annotation, apply_metadata
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.registry import DATA_TYPES
from gpserverless.datatypes.scalars import GPString
from gpserverless.datatypes.value_table import GPValueTable, ValueColumn
from gpserverless.errors import AuthoringError
from gpserverless.features.feature_set import FeatureSet, Table

_PLAIN: dict[Any, DataType] = {kind.annotation: kind() for kind in DATA_TYPES if kind.annotation is not None}
_PLAIN |= {FeatureSet: GPFeatureRecordSetLayer(), Table: GPRecordSet()}  # whose modules must not import numpy

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


def read_annotation(annotation: Any) -> Annotation:
    """Return the data type and the settings of a parameter's annotation.

    Args:
        annotation: The type of a parameter, of a member of a row, or of an output.

    Raises:
        AuthoringError: The type has no GP data type, or a limit does not fit it; the caller adds the name.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return apply_metadata(read_annotation(arguments[0]), arguments[1:])
    if origin in (Union, types.UnionType):
        members = tuple(read_annotation(a).data_type for a in arguments if a is not type(None))
        return Annotation(members[0] if len(members) == 1 else Alternatives(members), type(None) in arguments)
    return Annotation(_find_data_type(annotation, origin, arguments))


def _find_data_type(annotation: Any, origin: Any, arguments: tuple[Any, ...]) -> DataType:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if origin is Literal and all(isinstance(a, str) for a in arguments):
        return GPString(arguments)
    if origin is list and arguments:
        return _read_list(arguments[0])
    if origin is FeatureSet:
        members = get_args(arguments[0]) or arguments
        if all(m in _GEOMETRIES for m in members):
            return GPFeatureRecordSetLayer(tuple(t for m in members for t in _GEOMETRIES[m]))
    raise AuthoringError(f"the type {annotation!r} has no GP data type; use {_KNOWN}")


def _read_list(element: Any) -> DataType:
    if element not in _PLAIN and (dataclasses.is_dataclass(element) or typing.is_typeddict(element)):
        return GPValueTable(tuple(_read_columns(element)), element)
    data_type = read_annotation(element).data_type
    if isinstance(data_type, GPMultiValue | GPValueTable):
        raise AuthoringError("a list cannot hold lists; write list[Row] with a dataclass Row for a table")
    return GPMultiValue(data_type)


def _read_columns(row: Any) -> Iterator[ValueColumn]:
    members = dataclasses.fields(row) if dataclasses.is_dataclass(row) else ()
    with_default = {member.name for member in members if _has_default(member)}
    for key, hint in typing.get_type_hints(row, include_extras=True).items():
        try:
            read = read_annotation(_unwrap_required(hint))
        except AuthoringError as error:
            raise AuthoringError(f"column '{key}': {error}") from None
        if isinstance(read.data_type, GPMultiValue | GPValueTable | GPComposite):
            raise AuthoringError(f"column '{key}': a cell holds one value, not a {read.data_type.name}")
        may_be_missing = key in with_default or get_origin(hint) is typing.NotRequired
        name = key if read.field is None or read.field.alias is None else read.field.alias
        yield ValueColumn(key, name, read.data_type, read.optional, may_be_missing)


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


def _unwrap_required(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) in (typing.Required, typing.NotRequired) else hint
