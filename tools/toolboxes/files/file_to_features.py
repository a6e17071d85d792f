"""The features of a file."""

from typing import Annotated, Any

from gpserverless import DataFile, FeatureSet, Field, Run, read_features, tool, write_count

Read = Annotated[FeatureSet[Any], Field(alias="out_features", description="The features.")]


@tool
def file_to_features(in_file: DataFile, run: Run, layer: str | None = None) -> Read:
    """Read the features of a file.

    A file is a shapefile or file geodatabase in a zip, a GeoPackage, GeoJSON, CSV with columns of coordinates
    or WKT, KML or FlatGeobuf.

    Args:
        in_file: The file.
        layer: Name of the layer, where the file has several.
    """
    features = read_features(in_file, layer, warn=run.warn)
    run.info(f"Read {write_count(len(features), 'feature', 'features')}.")
    return features
