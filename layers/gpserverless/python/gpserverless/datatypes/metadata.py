"""Limits and markers beside a type, in `Annotated[type, …]`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import annotated_types
from pydantic.fields import FieldInfo

from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.markers import Category, FieldOf, Marker
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.scalars import GPDouble, GPLong
from gpserverless.errors import AuthoringError


@dataclass(frozen=True)
class Annotation:
    """The data type and the settings of an annotation."""

    #: The GP data type.
    data_type: DataType
    #: Whether None is one of the types.
    optional: bool = False
    #: The pydantic `Field` in it, for title, alias and description, or None.
    field: FieldInfo | None = None
    #: Heading under which clients show the parameter.
    category: str = ""
    #: Name of the parameter whose fields are meant.
    dependency: str = ""


def apply_metadata(annotation: Annotation, metadata: Iterable[Any]) -> Annotation:
    """Return an annotation with the metadata beside its type; unknown metadata has no effect.

    Args:
        annotation: The annotation without metadata.
        metadata: Markers, pydantic's `Field` and the limits of `annotated_types`.

    Raises:
        AuthoringError: A limit or marker does not fit the type.
    """
    for item in metadata:
        annotation = _apply_item(annotation, item)
    return annotation


def _apply_item(annotation: Annotation, item: Any) -> Annotation:
    match item:
        case Marker():
            dependency = item.parameter if isinstance(item, FieldOf) else annotation.dependency
            return replace(annotation, data_type=item.apply(annotation.data_type), dependency=dependency)
        case Category():
            return replace(annotation, category=item.name)
        case FieldInfo():
            return _apply_limits(replace(annotation, field=item), item.metadata)
        case annotated_types.BaseMetadata():
            return _apply_limits(annotation, (item,))
    return annotation


def _apply_limits(annotation: Annotation, limits: Iterable[Any]) -> Annotation:
    data_type = annotation.data_type
    for limit in limits:
        data_type = _apply_limit(data_type, limit)
    return replace(annotation, data_type=data_type)


def _apply_limit(data_type: DataType, limit: Any) -> DataType:
    if isinstance(data_type, GPMultiValue):
        return replace(data_type, element=_apply_limit(data_type.element, limit))
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
