"""The features of a file."""

from typing import Annotated, Any, Literal

from gpserverless import DataFile, FeatureSet, Field, Run, read_features, tool, write_count

Read = Annotated[FeatureSet[Any], Field(alias="out_features", description="The features.")]


@tool
def file_to_features(
    in_file: DataFile,
    run: Run,
    layer: str | None = None,
    geometry_type: Literal["POINT", "POLYLINE", "POLYGON"] | None = None,
) -> Read:
    """Read the features of a file.

    A file is a shapefile or file geodatabase in a zip, a GeoPackage, GeoJSON, CSV with columns of coordinates
    or WKT, KML or FlatGeobuf.

    Args:
        in_file: The file.
        layer: Name of the layer, where the file has several.
        geometry_type: The geometry type to read, where the layer mixes several. Of a collection its parts of
            this type are read; multipoints are points.
    """
    features = read_features(in_file, layer, geometry_type=geometry_type, warn=run.warn)
    run.info(f"Read {write_count(len(features), 'feature', 'features')}.")
    return features
