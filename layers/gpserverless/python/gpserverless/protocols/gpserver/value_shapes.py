"""The shape of the value of every GP data type, as outputs have it."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

GeometryType = Literal[
    "esriGeometryPoint", "esriGeometryMultipoint", "esriGeometryPolyline", "esriGeometryPolygon"
]


class SpatialReference(TypedDict):
    """A spatial reference: ids, or the WKT of one that has none; empty if it is unknown."""

    wkid: NotRequired[int]
    latestWkid: NotRequired[int]
    vcsWkid: NotRequired[int]
    wkt: NotRequired[str]


class Field(TypedDict):
    """A column of attributes."""

    name: str
    type: str
    alias: NotRequired[str]
    length: NotRequired[int]
    nullable: NotRequired[bool]
    editable: NotRequired[bool]
    domain: NotRequired[dict[str, Any] | None]


class Feature(TypedDict):
    """A feature: attributes by field, and its geometry; null where it has none."""

    attributes: dict[str, Any]
    geometry: dict[str, Any] | None


class Row(TypedDict):
    """A row of a table."""

    attributes: dict[str, Any]


class FeatureSet(TypedDict):
    """Features of one geometry type and one spatial reference."""

    displayFieldName: str
    geometryType: GeometryType
    spatialReference: SpatialReference
    hasZ: NotRequired[bool]
    hasM: NotRequired[bool]
    fields: list[Field]
    features: list[Feature]
    exceededTransferLimit: bool


class RecordSet(TypedDict):
    """Rows."""

    displayFieldName: str
    fields: list[Field]
    features: list[Row]
    exceededTransferLimit: bool


class FeaturesOfLayer(TypedDict):
    """The features of a layer object; their fields are in the layer's definition."""

    displayFieldName: str
    geometryType: GeometryType
    spatialReference: SpatialReference
    hasZ: NotRequired[bool]
    hasM: NotRequired[bool]
    features: list[Feature]
    exceededTransferLimit: bool


class LayerDefinition(TypedDict):
    """The definition of a layer object."""

    name: str
    type: Literal["Feature Layer"]
    geometryType: GeometryType
    hasZ: NotRequired[bool]
    hasM: NotRequired[bool]
    objectIdField: str
    fields: list[Field]
    drawingInfo: dict[str, Any]
    templates: list[Any]


class LayerObject(TypedDict):
    """Features with the definition of their layer, as `returnFeatureCollection` asks."""

    layerDefinition: LayerDefinition
    featureSet: FeaturesOfLayer


class HostedLayer(TypedDict):
    """The layer of a hosted service that keeps the features or rows of an output, and its portal item."""

    url: str
    itemId: NotRequired[str]


class LinearUnit(TypedDict):
    """A distance."""

    distance: float
    units: str


class ArealUnit(TypedDict):
    """An area."""

    area: float
    units: str


class TimeUnit(TypedDict):
    """A span of time."""

    time: float
    units: str


class File(TypedDict):
    """A file, by its URL."""

    url: str


class Raster(TypedDict):
    """A raster, by its URL; without members where there is none, as clients cannot do with null."""

    url: NotRequired[str]
    format: NotRequired[str]


class Extent(TypedDict):
    """An envelope, with its spatial reference under both names that it has in the protocol."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float
    zmin: NotRequired[float]
    zmax: NotRequired[float]
    mmin: NotRequired[float]
    mmax: NotRequired[float]
    spatialReference: NotRequired[SpatialReference]
    spatial_reference: NotRequired[SpatialReference]


class MapImage(TypedDict):
    """A picture of a result, fetched by its URL."""

    href: str
    width: int
    height: int
    extent: Extent
    scale: float
    messages: NotRequired[list[str]]


class DrawnResult(TypedDict):
    """A result as a picture, when its request has the options of one."""

    mapImage: MapImage


VALUES: dict[str, Any] = {
    "GPBoolean": bool | None,
    "GPLong": int | None,
    "GPDouble": float | None,
    "GPString": str | None,
    "GPStringHidden": str | None,
    "GPSQLExpression": str | None,
    "GPDate": int | None,
    "GPLinearUnit": LinearUnit | None,
    "GPArealUnit": ArealUnit | None,
    "GPTimeUnit": TimeUnit | None,
    "Field": Field | None,
    "GPFeatureRecordSetLayer": FeatureSet | LayerObject | HostedLayer | DrawnResult,
    "GPRecordSet": RecordSet | HostedLayer,
    "GPDataFile": File | None,
    "GPRasterData": Raster | DrawnResult,
    "GPRasterDataLayer": Raster | DrawnResult,
    "GPValueTable": list[list[Any] | dict[str, Any]],
    "GPSpatialReference": SpatialReference | None,
    "GPCoordinateSystem": SpatialReference | None,
    "GPExtent": Extent | None,
    "GPEnvelope": Extent | None,
}
"""By name on the wire. Members of a GPComposite output have the data type that the value really has."""
