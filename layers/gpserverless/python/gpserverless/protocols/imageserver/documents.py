"""The documents of an image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gpserverless.drawing.raster_picture import find_stretch
from gpserverless.formats.raster_views import BandStatistics, list_colors
from gpserverless.http.arcgis_version import VERSION
from gpserverless.http.picture_answers import write_extent
from gpserverless.http.picture_fields import MAX_SIDE
from gpserverless.protocols.imageserver.raster import OpenImage

FUNCTIONS: Mapping[str, Any] = {"rasterFunctionInfos": [{"name": "None", "description": "", "help": ""}]}
"""The functions that an image may be drawn by: none. Clients do not load an image without the list."""

_MOST_EXACT = 2.0**53
"""Largest whole number up to which readers of JSON have all; -3.4e38, often a value of no data, is beyond."""

_PIXEL_TYPES = {
    "uint8": "U8",
    "int8": "S8",
    "uint16": "U16",
    "int16": "S16",
    "uint32": "U32",
    "int32": "S32",
    "float32": "F32",
    "float64": "F64",
}
"""Names of the types of cells by those of GDAL."""

_SAME: Mapping[str, Any] = {
    "copyrightText": "",
    "minPixelSize": 0,
    "maxPixelSize": 0,
    "serviceDataType": "esriImageServiceDataTypeGeneric",
    "capabilities": "Image,Metadata",
    "defaultResamplingMethod": "Bilinear",
    "defaultCompressionQuality": 75,
    "maxImageHeight": MAX_SIDE,
    "maxImageWidth": MAX_SIDE,
    "maxRecordCount": 0,
    "allowRasterFunction": False,
    **FUNCTIONS,
    "rasterTypeInfos": [],
    "hasHistograms": False,
    "hasColormap": False,
    "hasRasterAttributeTable": False,
    "hasMultidimensions": False,
    "singleFusedMapCache": False,
    "fields": [],
    "objectIdField": "",
    "supportsStatistics": True,
}


def name_pixel_type(opened: OpenImage) -> str:
    """Return the name of the type of an image's cells, such as "F32".

    Args:
        opened: The image.
    """
    return _PIXEL_TYPES.get(opened.dataset.dtypes[0], "UNKNOWN")


def describe_image(opened: OpenImage) -> dict[str, Any]:
    """Return the document of an image.

    Args:
        opened: The image.
    """
    image, dataset, measured = opened.image, opened.dataset, opened.statistics
    extent = write_extent(opened.bounds, opened.reference)
    colors = list_colors(dataset)
    return {
        "currentVersion": VERSION,
        "serviceDescription": image.description,
        "name": image.name,
        "description": image.description,
        "extent": extent,
        "initialExtent": extent,
        "fullExtent": extent,
        "spatialReference": extent.get("spatialReference"),
        "pixelSizeX": (opened.bounds[2] - opened.bounds[0]) / dataset.width,
        "pixelSizeY": (opened.bounds[3] - opened.bounds[1]) / dataset.height,
        "bandCount": len(colors),
        "bandNames": [dataset.descriptions[number - 1] or f"Band_{number}" for number in colors],
        "pixelType": name_pixel_type(opened),
        "noDataValue": write_number(dataset.nodata),
        **_list_statistics(measured),
        **_SAME,
    }


def describe_statistics(opened: OpenImage) -> dict[str, Any]:
    """Return the statistics of the bands of an image.

    Args:
        opened: The image.
    """
    bands = zip(list_colors(opened.dataset), opened.statistics, strict=True)
    return {"statistics": [_describe_band(opened, band, each) for band, each in bands]}


def write_number(value: float | None) -> float | int | None:
    """Return a number as JSON can hold it: NaN and infinity are none.

    Args:
        value: The number.
    """
    if value is None or value - value != 0:  # infinity minus infinity is NaN
        return None
    return int(value) if abs(value) <= _MOST_EXACT and value == int(value) else value


def _describe_band(opened: OpenImage, band: int, measured: BandStatistics) -> dict[str, float]:
    """Return the statistics of a band, and beside them the values that pictures show black and brightest."""
    described = {
        "min": measured.low,
        "max": measured.high,
        "mean": measured.mean,
        "standardDeviation": measured.deviation,
    }
    if opened.dataset.colorinterp[band - 1].name == "palette":
        return described
    low, high = find_stretch(np.dtype(opened.dataset.dtypes[band - 1]), measured)
    return {**described, "stretchMinimum": low, "stretchMaximum": high}


def _list_statistics(measured: Sequence[BandStatistics]) -> dict[str, list[float]]:
    return {
        "minValues": [each.low for each in measured],
        "maxValues": [each.high for each in measured],
        "meanValues": [each.mean for each in measured],
        "stdvValues": [each.deviation for each in measured],
    }
