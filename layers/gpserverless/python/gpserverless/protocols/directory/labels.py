"""Words of the protocol as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.pages.texts import Text

EXECUTION_TYPES: Mapping[str, Text] = {
    "esriExecutionTypeSynchronous": Text("Synchronous"),
    "esriExecutionTypeAsynchronous": Text("Asynchronous"),
}
DIRECTIONS: Mapping[str, Text] = {
    "esriGPParameterDirectionInput": Text("Input"),
    "esriGPParameterDirectionOutput": Text("Output"),
}
PARAMETER_TYPES: Mapping[str, Text] = {
    "esriGPParameterTypeRequired": Text("Required"),
    "esriGPParameterTypeOptional": Text("Optional"),
    "esriGPParameterTypeDerived": Text("Derived"),
}
JOB_STATUSES: Mapping[str, Text] = {
    "esriJobSubmitted": Text("Submitted"),
    "esriJobExecuting": Text("Running"),
    "esriJobCancelling": Text("Being cancelled"),
    "esriJobSucceeded": Text("Succeeded"),
    "esriJobFailed": Text("Failed"),
    "esriJobTimedOut": Text("Timed out"),
    "esriJobCancelled": Text("Cancelled"),
}
FINAL = frozenset({"esriJobSucceeded", "esriJobFailed", "esriJobTimedOut", "esriJobCancelled"})
"""The statuses of a job that has ended."""

MESSAGE_CLASSES: Mapping[str, str] = {
    "esriJobMessageTypeInformative": "informative",
    "esriJobMessageTypeWarning": "warning",
    "esriJobMessageTypeError": "error",
}
MESSAGE_TYPES: Mapping[str, Text] = {
    "esriJobMessageTypeInformative": Text("Information"),
    "esriJobMessageTypeWarning": Text("Warning"),
    "esriJobMessageTypeError": Text("Error"),
}
GEOMETRY_TYPES: Mapping[str, Text] = {
    "esriGeometryPoint": Text("Points"),
    "esriGeometryMultipoint": Text("Multipoints"),
    "esriGeometryPolyline": Text("Lines"),
    "esriGeometryPolygon": Text("Polygons"),
}
DATA_TYPES: Mapping[str, Text] = {
    "GPBoolean": Text("Yes or no"),
    "GPLong": Text("Whole number"),
    "GPDouble": Text("Number"),
    "GPString": Text("Text"),
    "GPStringHidden": Text("Hidden text"),
    "GPSQLExpression": Text("Condition in SQL"),
    "GPDate": Text("Date and time"),
    "GPLinearUnit": Text("Length"),
    "GPArealUnit": Text("Area"),
    "GPTimeUnit": Text("Span of time"),
    "Field": Text("Field"),
    "GPFeatureRecordSetLayer": Text("Features"),
    "GPRecordSet": Text("Table"),
    "GPDataFile": Text("File"),
    "GPRasterData": Text("Raster"),
    "GPRasterDataLayer": Text("Raster"),
    "GPValueTable": Text("Table of values"),
    "GPSpatialReference": Text("Spatial reference"),
    "GPCoordinateSystem": Text("Coordinate system"),
    "GPExtent": Text("Extent"),
    "GPEnvelope": Text("Extent"),
    "GPComposite": Text("One of several types"),
}
"""Data types; one that is not here shows its name alone."""

LIST = "GPMultiValue:"
"""Beginning of the name of a data type of several values of one."""


def data_type_labels(name: str) -> tuple[Text | None, bool]:
    """Return the label of a data type, None if it has none, and whether it is of several values.

    Args:
        name: Name of the data type.
    """
    return DATA_TYPES.get(name.removeprefix(LIST)), name.startswith(LIST)
