"""One of each data type, with the settings that change how it reads."""

from __future__ import annotations

from typing import Annotated, Any

from gpserverless import (
    ArealUnit,
    AttributeField,
    Declared,
    Extent,
    HiddenText,
    LinearUnit,
    SpatialReference,
    SqlExpression,
    TimeUnit,
)
from gpserverless.datatypes.annotations import read_annotation
from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.dates import GPDate
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.datatypes.scalars import GPBoolean, GPDouble, GPLong, GPString
from gpserverless.datatypes.value_table import GPValueTable, ValueColumn


def read_type(annotation: Any) -> DataType:
    """Return the data type of an annotation.

    Args:
        annotation: As tools have it.
    """
    return read_annotation(annotation).data_type


TYPES: tuple[DataType, ...] = (
    GPBoolean(), GPLong(), GPDouble(), GPString(("a", "b")), GPDate(), GPDataFile(), GPRasterData(),
    GPFeatureRecordSetLayer(), GPRecordSet(),
    GPValueTable((ValueColumn("a", "a", GPString()), ValueColumn("b", "b", GPLong()))),
    *map(read_type, (
        LinearUnit, ArealUnit, TimeUnit, AttributeField, Extent, SpatialReference, HiddenText, SqlExpression,
        list[str], list[LinearUnit], LinearUnit | str,
        Annotated[SpatialReference, Declared("GPSpatialReference")],
        Annotated[LinearUnit | int | str, Declared("GPComposite")],
    )),
)  # fmt: skip
