"""A task that returns its inputs, one of every data type."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from shapely import Point

from gpserverless import (
    ArealUnit,
    AttributeField,
    Category,
    DataFile,
    Declared,
    Extent,
    FeatureSet,
    Field,
    FieldOf,
    HiddenText,
    Layers,
    LinearUnit,
    Raster,
    Run,
    SpatialReference,
    SqlExpression,
    Table,
    TimeUnit,
    tool,
)

OneOf = Annotated[LinearUnit | int | str, Declared("GPComposite")]
Reference = Annotated[SpatialReference, Declared("GPSpatialReference")]
System = Annotated[SpatialReference, Declared("GPCoordinateSystem")]
Envelope = Annotated[Extent, Declared("GPEnvelope")]
RasterData = Annotated[Raster, Declared("GPRasterData")]

PLACES = "toolboxes/conformance/_tasks/places.json"


@dataclass(frozen=True)
class Row:
    """One row of the value table."""

    Name: str
    Count: int | None = None
    Area: ArealUnit | None = None


@dataclass(frozen=True)
class EchoOutputs:
    """One output for every data type."""

    Out_GPBoolean: bool | None
    Out_GPLong: int | None
    Out_GPDouble: float | None
    Out_GPString: str | None
    Out_GPStringHidden: HiddenText | None
    Out_GPSQLExpression: SqlExpression | None
    Out_GPDate: datetime | None
    Out_GPLinearUnit: LinearUnit | None
    Out_GPArealUnit: ArealUnit | None
    Out_GPTimeUnit: TimeUnit | None
    Out_Field: AttributeField | None
    Out_GPFeatureRecordSetLayer: FeatureSet[Any] | None
    Out_GPRecordSet: Table | None
    Out_GPValueTable: list[Row] | None
    Out_GPComposite: OneOf | None
    Out_GPSpatialReference: Reference | None
    Out_GPCoordinateSystem: System | None
    Out_GPExtent: Extent | None
    Out_GPEnvelope: Envelope | None
    Out_Layer: FeatureSet[Point] | None
    Out_GPDataFile: Annotated[DataFile | None, Field(description="The file, or one that holds In_GPString.")]
    Out_GPRasterData: RasterData | None
    Out_GPRasterDataLayer: Raster | None
    Out_GPMultiValue_GPBoolean: list[bool] | None
    Out_GPMultiValue_GPLong: list[int] | None
    Out_GPMultiValue_GPDouble: list[float] | None
    Out_GPMultiValue_GPString: list[str] | None
    Out_GPMultiValue_GPStringHidden: list[HiddenText] | None
    Out_GPMultiValue_GPSQLExpression: list[SqlExpression] | None
    Out_GPMultiValue_GPDate: list[datetime] | None
    Out_GPMultiValue_GPLinearUnit: list[LinearUnit] | None
    Out_GPMultiValue_GPArealUnit: list[ArealUnit] | None
    Out_GPMultiValue_GPTimeUnit: list[TimeUnit] | None
    Out_GPMultiValue_Field: list[AttributeField] | None
    Out_GPMultiValue_GPFeatureRecordSetLayer: list[FeatureSet[Any]] | None
    Out_GPMultiValue_GPRecordSet: list[Table] | None
    Out_GPMultiValue_GPComposite: list[OneOf] | None
    Out_GPMultiValue_GPSpatialReference: list[Reference] | None
    Out_GPMultiValue_GPCoordinateSystem: list[System] | None
    Out_GPMultiValue_GPExtent: list[Extent] | None
    Out_GPMultiValue_GPEnvelope: list[Envelope] | None
    Out_GPMultiValue_GPDataFile: list[DataFile] | None
    Out_GPMultiValue_GPRasterData: list[RasterData] | None
    Out_GPMultiValue_GPRasterDataLayer: list[Raster] | None


@tool
def echo(
    run: Run,
    In_GPBoolean: bool | None = None,
    In_GPLong: int | None = None,
    In_GPDouble: float | None = None,
    In_GPString: str | None = None,
    In_GPStringHidden: HiddenText | None = None,
    In_GPSQLExpression: Annotated[SqlExpression | None, FieldOf("In_GPFeatureRecordSetLayer")] = None,
    In_GPDate: datetime | None = None,
    In_GPLinearUnit: LinearUnit | None = None,
    In_GPArealUnit: ArealUnit | None = None,
    In_GPTimeUnit: TimeUnit | None = None,
    In_Field: Annotated[AttributeField | None, FieldOf("In_GPFeatureRecordSetLayer")] = None,
    In_GPFeatureRecordSetLayer: FeatureSet[Any] | None = None,
    In_GPRecordSet: Table | None = None,
    In_GPValueTable: Annotated[list[Row] | None, Category("Tables")] = None,
    In_GPComposite: OneOf | None = None,
    In_GPSpatialReference: Reference | None = None,
    In_GPCoordinateSystem: System | None = None,
    In_GPExtent: Extent | None = None,
    In_GPEnvelope: Envelope | None = None,
    In_Layer: Annotated[FeatureSet[Point] | None, Layers({"Places": PLACES})] = None,
    In_GPDataFile: DataFile | None = None,
    In_GPRasterData: RasterData | None = None,
    In_GPRasterDataLayer: Raster | None = None,
    In_GPMultiValue_GPBoolean: list[bool] | None = None,
    In_GPMultiValue_GPLong: list[int] | None = None,
    In_GPMultiValue_GPDouble: list[float] | None = None,
    In_GPMultiValue_GPString: list[str] | None = None,
    In_GPMultiValue_GPStringHidden: list[HiddenText] | None = None,
    In_GPMultiValue_GPSQLExpression: list[SqlExpression] | None = None,
    In_GPMultiValue_GPDate: list[datetime] | None = None,
    In_GPMultiValue_GPLinearUnit: list[LinearUnit] | None = None,
    In_GPMultiValue_GPArealUnit: list[ArealUnit] | None = None,
    In_GPMultiValue_GPTimeUnit: list[TimeUnit] | None = None,
    In_GPMultiValue_Field: list[AttributeField] | None = None,
    In_GPMultiValue_GPFeatureRecordSetLayer: list[FeatureSet[Any]] | None = None,
    In_GPMultiValue_GPRecordSet: list[Table] | None = None,
    In_GPMultiValue_GPComposite: list[OneOf] | None = None,
    In_GPMultiValue_GPSpatialReference: list[Reference] | None = None,
    In_GPMultiValue_GPCoordinateSystem: list[System] | None = None,
    In_GPMultiValue_GPExtent: list[Extent] | None = None,
    In_GPMultiValue_GPEnvelope: list[Envelope] | None = None,
    In_GPMultiValue_GPDataFile: list[DataFile] | None = None,
    In_GPMultiValue_GPRasterData: list[RasterData] | None = None,
    In_GPMultiValue_GPRasterDataLayer: list[Raster] | None = None,
) -> EchoOutputs:
    """Give back every value as it was understood.

    Args:
        In_GPBoolean: A truth value.
        In_GPLong: A whole number.
        In_GPDouble: A number.
        In_GPString: A text.
        In_GPStringHidden: A text that is not shown again.
        In_GPSQLExpression: A condition on the fields of the features.
        In_GPDate: A moment.
        In_GPLinearUnit: A distance.
        In_GPArealUnit: An area.
        In_GPTimeUnit: A span of time.
        In_Field: A field of the features.
        In_GPFeatureRecordSetLayer: Features of any geometry type.
        In_GPRecordSet: Rows.
        In_GPValueTable: Rows of a name, a number and an area.
        In_GPComposite: A distance, a whole number or a text.
        In_GPSpatialReference: A spatial reference.
        In_GPCoordinateSystem: A coordinate system.
        In_GPExtent: A box.
        In_GPEnvelope: A box.
        In_Layer: Points, or the layer that is published with the task.
        In_GPDataFile: A file.
        In_GPRasterData: A raster.
        In_GPRasterDataLayer: A raster.
        In_GPMultiValue_GPBoolean: Truth values.
        In_GPMultiValue_GPLong: Whole numbers.
        In_GPMultiValue_GPDouble: Numbers.
        In_GPMultiValue_GPString: Texts.
        In_GPMultiValue_GPStringHidden: Texts that are not shown again.
        In_GPMultiValue_GPSQLExpression: Conditions.
        In_GPMultiValue_GPDate: Moments.
        In_GPMultiValue_GPLinearUnit: Distances.
        In_GPMultiValue_GPArealUnit: Areas.
        In_GPMultiValue_GPTimeUnit: Spans of time.
        In_GPMultiValue_Field: Fields.
        In_GPMultiValue_GPFeatureRecordSetLayer: Sets of features.
        In_GPMultiValue_GPRecordSet: Tables.
        In_GPMultiValue_GPComposite: Distances, whole numbers and texts.
        In_GPMultiValue_GPSpatialReference: Spatial references.
        In_GPMultiValue_GPCoordinateSystem: Coordinate systems.
        In_GPMultiValue_GPExtent: Boxes.
        In_GPMultiValue_GPEnvelope: Boxes.
        In_GPMultiValue_GPDataFile: Files.
        In_GPMultiValue_GPRasterData: Rasters.
        In_GPMultiValue_GPRasterDataLayer: Rasters.
    """
    run.info("Echo.")
    return EchoOutputs(
        In_GPBoolean,
        In_GPLong,
        In_GPDouble,
        In_GPString,
        In_GPStringHidden,
        In_GPSQLExpression,
        In_GPDate,
        In_GPLinearUnit,
        In_GPArealUnit,
        In_GPTimeUnit,
        In_Field,
        In_GPFeatureRecordSetLayer,
        In_GPRecordSet,
        In_GPValueTable,
        In_GPComposite,
        In_GPSpatialReference,
        In_GPCoordinateSystem,
        In_GPExtent,
        In_GPEnvelope,
        In_Layer,
        In_GPDataFile or (None if In_GPString is None else _write_file(In_GPString)),
        In_GPRasterData,
        In_GPRasterDataLayer,
        In_GPMultiValue_GPBoolean,
        In_GPMultiValue_GPLong,
        In_GPMultiValue_GPDouble,
        In_GPMultiValue_GPString,
        In_GPMultiValue_GPStringHidden,
        In_GPMultiValue_GPSQLExpression,
        In_GPMultiValue_GPDate,
        In_GPMultiValue_GPLinearUnit,
        In_GPMultiValue_GPArealUnit,
        In_GPMultiValue_GPTimeUnit,
        In_GPMultiValue_Field,
        In_GPMultiValue_GPFeatureRecordSetLayer,
        In_GPMultiValue_GPRecordSet,
        In_GPMultiValue_GPComposite,
        In_GPMultiValue_GPSpatialReference,
        In_GPMultiValue_GPCoordinateSystem,
        In_GPMultiValue_GPExtent,
        In_GPMultiValue_GPEnvelope,
        In_GPMultiValue_GPDataFile,
        In_GPMultiValue_GPRasterData,
        In_GPMultiValue_GPRasterDataLayer,
    )


def _write_file(text: str) -> DataFile:
    path = Path(tempfile.mkdtemp()) / "echo.txt"
    path.write_text(text, encoding="utf-8")
    return DataFile(path)
