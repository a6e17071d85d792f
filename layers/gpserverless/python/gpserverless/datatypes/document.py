"""Data types as JSON documents, for the catalogue file that the light functions read."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any

from gpserverless.datatypes.alternatives import Alternatives, GPComposite
from gpserverless.datatypes.attribute_field import GPField
from gpserverless.datatypes.base import JSON, DataType
from gpserverless.datatypes.coordinate_system import GPSpatialReference
from gpserverless.datatypes.dates import GPDate
from gpserverless.datatypes.extent import GPExtent
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.datatypes.hidden import GPStringHidden
from gpserverless.datatypes.linear_unit import GPLinearUnit
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.quantities import GPArealUnit, GPTimeUnit
from gpserverless.datatypes.scalars import GPBoolean, GPDouble, GPLong, GPString, Range
from gpserverless.datatypes.spatial_reference import SpatialReferenceText
from gpserverless.datatypes.sql import GPSQLExpression
from gpserverless.datatypes.value_table import GPValueTable, ValueColumn

KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        GPBoolean, GPLong, GPDouble, GPString, GPStringHidden, GPSQLExpression, GPDate, GPLinearUnit,
        GPArealUnit, GPTimeUnit, GPField, GPFeatureRecordSetLayer, GPRecordSet, GPDataFile, GPRasterData,
        GPMultiValue, GPValueTable, Alternatives, GPComposite, GPSpatialReference, GPExtent,
        SpatialReferenceText, Range, ValueColumn,
    )
}  # fmt: skip
"""Every data type there is, and the classes of values they are set with, by class name."""


def to_document(value: Any) -> JSON:
    """Return a data type, or a value in one, as JSON; settings that are at their default are left out."""
    if type(value).__name__ in KINDS:
        published = [f for f in fields(value) if f.metadata.get("published", True)]
        changed = {f.name: to_document(getattr(value, f.name)) for f in published if _is_changed(f, value)}
        return {"kind": type(value).__name__, **changed}
    return [to_document(v) for v in value] if isinstance(value, tuple) else value


def _is_changed(setting: Field[Any], value: Any) -> bool:
    return setting.default is MISSING or getattr(value, setting.name) != setting.default


def from_document(document: JSON) -> Any:
    """Return what `to_document` was given."""
    if isinstance(document, dict):
        settings = {n: from_document(v) for n, v in document.items() if n != "kind"}
        return KINDS[document["kind"]](**settings)
    return tuple(from_document(v) for v in document) if isinstance(document, list) else document


def data_type(document: JSON) -> DataType:
    """Return the data type of a document.

    Raises:
        TypeError: The document is not one of a data type.
    """
    value = from_document(document)
    if not isinstance(value, DataType):
        raise TypeError(f"not a data type: {document!r}")
    return value
