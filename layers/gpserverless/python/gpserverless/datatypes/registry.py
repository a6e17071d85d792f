"""Every data type there is. A new one is added here."""

from __future__ import annotations

from gpserverless.datatypes.alternatives import Alternatives, GPComposite
from gpserverless.datatypes.attribute_field import GPField
from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.coordinate_system import GPSpatialReference
from gpserverless.datatypes.dates import GPDate
from gpserverless.datatypes.extent import GPExtent
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.datatypes.hidden import GPStringHidden
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.quantities import GPArealUnit, GPLinearUnit, GPTimeUnit
from gpserverless.datatypes.scalars import GPBoolean, GPDouble, GPLong, GPString
from gpserverless.datatypes.spatial_reference import SpatialReferenceText
from gpserverless.datatypes.sql import GPSQLExpression
from gpserverless.datatypes.value_table import GPValueTable

DATA_TYPES: tuple[type[DataType], ...] = (
    GPBoolean, GPLong, GPDouble, GPString, GPStringHidden, GPSQLExpression, GPDate, GPLinearUnit, GPArealUnit,
    GPTimeUnit, GPField, GPFeatureRecordSetLayer, GPRecordSet, GPDataFile, GPRasterData, GPMultiValue,
    GPValueTable, Alternatives, GPComposite, GPSpatialReference, GPExtent, SpatialReferenceText,
)  # fmt: skip
"""The data types; each says under `annotation` which Python class stands for it."""
