"""Layers of this server, cut out and packed."""

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import shapely
from shapely import Polygon

from gpserverless import (
    DataFile,
    FeatureSet,
    Field,
    Run,
    ToolError,
    read_features,
    tool,
    write_count,
    write_layers,
)

FILES = {"Cities": "cities.fgb", "Countries": "countries.fgb", "Lakes": "lakes.fgb"}
"""The layers that can be extracted, in the folder `_layers`."""

FORMATS: dict[str, Literal["File Geodatabase", "Shapefile", "GeoPackage", "GeoJSON", "CSV", "KML"]] = {
    "File Geodatabase - GDB - .gdb": "File Geodatabase",
    "Shapefile - SHP - .shp": "Shapefile",
    "GeoPackage - GPKG - .gpkg": "GeoPackage",
    "GeoJSON - GEOJSON - .geojson": "GeoJSON",
    "Comma Separated Values - CSV - .csv": "CSV",
    "Keyhole Markup Language - KML - .kml": "KML",
}

Zip = Annotated[DataFile, Field(alias="Output_Zip_File", description="The layers in a zip.")]


@tool
def extract_data_task(
    layers: Annotated[list[Literal["Cities", "Countries", "Lakes"]], Field(alias="Layers_to_Clip")],
    area: Annotated[FeatureSet[Polygon], Field(alias="Area_of_Interest")],
    run: Run,
    feature_format: Annotated[
        Literal[
            "File Geodatabase - GDB - .gdb",
            "Shapefile - SHP - .shp",
            "GeoPackage - GPKG - .gpkg",
            "GeoJSON - GEOJSON - .geojson",
            "Comma Separated Values - CSV - .csv",
            "Keyhole Markup Language - KML - .kml",
        ],
        Field(alias="Feature_Format"),
    ] = "File Geodatabase - GDB - .gdb",
    raster_format: Annotated[
        Literal["ESRI GRID - GRID", "Tagged Image File Format - TIFF - .tif"], Field(alias="Raster_Format")
    ] = "ESRI GRID - GRID",
) -> Zip:
    """Cut layers to an area of interest and pack them into a zip.

    Args:
        layers: Names of the layers.
        area: The area; where it is empty nothing is extracted.
        feature_format: The format of the files.
        raster_format: The format of rasters; none of the layers is one.
    """
    if not len(area):
        raise ToolError("Area_of_Interest holds no polygon.")
    cut: dict[str, FeatureSet[Any]] = {}
    for name in run.track(list(dict.fromkeys(layers)), "Extracting"):
        layer = read_features(Path(__file__).with_name("_layers") / FILES[name])
        cut[name] = _clip(layer, area)
        run.info(f"{name}: {write_count(len(cut[name]), 'feature', 'features')}.")
    return DataFile(write_layers(cut, FORMATS[feature_format], "output", zipped=True, warn=run.warn))


def _clip(layer: FeatureSet[Any], area: FeatureSet[Polygon]) -> FeatureSet[Any]:
    """Return the parts of features that lie within an area."""
    if layer.spatial_reference is not None:
        area = area.project(layer.spatial_reference).cut_at_antimeridian()
    area, _ = area.repair()
    whole = shapely.union_all(area.geometries)
    shapely.prepare(whole)
    met = layer.take(shapely.intersects(layer.geometries, whole))
    met, _ = met.repair()
    inside = shapely.contains_properly(whole, met.geometries)
    shapes = met.geometries.copy()
    shapes[~inside] = shapely.intersection(shapes[~inside], whole)
    dimension = shapely.get_dimensions(met.geometries)
    kept = (shapely.get_dimensions(shapes) == dimension) & ~shapely.is_empty(shapes)
    shapes = np.array(
        [_keep_dimension(s, d) for s, d in zip(shapes[kept], dimension[kept], strict=True)], object
    )
    return met.take(kept).with_geometries(shapes, met.geometry_type)


def _keep_dimension(shape: Any, dimension: int) -> Any:
    """Drop the points and lines where a shape only touches the area."""
    if shape.geom_type != "GeometryCollection":
        return shape
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])
