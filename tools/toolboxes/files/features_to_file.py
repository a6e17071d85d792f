"""Features as a file to take home."""

from typing import Annotated, Any, Literal

from gpserverless import DataFile, FeatureSet, Field, Run, tool, write_features

Made = Annotated[DataFile, Field(alias="out_file", description="The file.")]


@tool
def features_to_file(
    in_features: FeatureSet[Any],
    run: Run,
    format: Literal[
        "Shapefile", "GeoPackage", "GeoJSON", "CSV", "KML", "FlatGeobuf", "File Geodatabase"
    ] = "GeoPackage",
    name: str = "features",
) -> Made:
    """Write features into a file.

    A shapefile and a file geodatabase come as a zip. What a format cannot hold as it is, such as long field
    names in a shapefile, is told in a message. GeoJSON and KML are in longitude and latitude on WGS 84.

    Args:
        in_features: The features.
        format: The format of the file.
        name: Name of the file and of its layer, without an extension.
    """
    return DataFile(write_features(in_features, format, name, warn=run.warn))
