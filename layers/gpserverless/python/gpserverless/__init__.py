"""GPServerless: typed Python functions as ArcGIS-compatible geoprocessing services on AWS.

This is the front door for tool authors. A name is imported at its first use, so that the functions that
describe services and answer polls import their part of the package without a geometry library.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import Field

    from gpserverless.caller import Access, Role
    from gpserverless.datatypes.files import DataFile, Raster
    from gpserverless.datatypes.markers import (
        Category,
        Declared,
        FieldOf,
        FileTypes,
        Keywords,
        Labels,
        Layers,
        TimeFields,
    )
    from gpserverless.datatypes.symbology import (
        GraduatedColors,
        GraduatedSymbols,
        LabelField,
        LayerRenderer,
        UniqueValues,
    )
    from gpserverless.errors import ToolError
    from gpserverless.features.feature_set import FeatureSet, Table
    from gpserverless.features.fields import Field as AttributeField
    from gpserverless.features.sql.expression import SqlExpression
    from gpserverless.formats.files.read import read_features
    from gpserverless.formats.files.write import write_features, write_layers
    from gpserverless.toolkit.run import Run
    from gpserverless.toolkit.service import Service
    from gpserverless.toolkit.tool import tool
    from gpserverless.values.areal_units import ArealUnit
    from gpserverless.values.counts import write_count
    from gpserverless.values.extent import Extent
    from gpserverless.values.hidden_text import HiddenText
    from gpserverless.values.spatial_reference import SpatialReference
    from gpserverless.values.time_units import TimeUnit
    from gpserverless.values.units import LinearUnit

__version__ = "0.1.0"

_EXPORTS = {
    "Access": ("gpserverless.caller", "Access"),
    "ArealUnit": ("gpserverless.values.areal_units", "ArealUnit"),
    "AttributeField": ("gpserverless.features.fields", "Field"),
    "Category": ("gpserverless.datatypes.markers", "Category"),
    "DataFile": ("gpserverless.datatypes.files", "DataFile"),
    "Declared": ("gpserverless.datatypes.markers", "Declared"),
    "Extent": ("gpserverless.values.extent", "Extent"),
    "FeatureSet": ("gpserverless.features.feature_set", "FeatureSet"),
    "Field": ("pydantic", "Field"),
    "FieldOf": ("gpserverless.datatypes.markers", "FieldOf"),
    "FileTypes": ("gpserverless.datatypes.markers", "FileTypes"),
    "GraduatedColors": ("gpserverless.datatypes.symbology", "GraduatedColors"),
    "GraduatedSymbols": ("gpserverless.datatypes.symbology", "GraduatedSymbols"),
    "HiddenText": ("gpserverless.values.hidden_text", "HiddenText"),
    "Keywords": ("gpserverless.datatypes.markers", "Keywords"),
    "LabelField": ("gpserverless.datatypes.symbology", "LabelField"),
    "Labels": ("gpserverless.datatypes.markers", "Labels"),
    "LayerRenderer": ("gpserverless.datatypes.symbology", "LayerRenderer"),
    "Layers": ("gpserverless.datatypes.markers", "Layers"),
    "LinearUnit": ("gpserverless.values.units", "LinearUnit"),
    "Raster": ("gpserverless.datatypes.files", "Raster"),
    "Role": ("gpserverless.caller", "Role"),
    "Run": ("gpserverless.toolkit.run", "Run"),
    "Service": ("gpserverless.toolkit.service", "Service"),
    "SpatialReference": ("gpserverless.values.spatial_reference", "SpatialReference"),
    "SqlExpression": ("gpserverless.features.sql.expression", "SqlExpression"),
    "Table": ("gpserverless.features.feature_set", "Table"),
    "TimeFields": ("gpserverless.datatypes.markers", "TimeFields"),
    "TimeUnit": ("gpserverless.values.time_units", "TimeUnit"),
    "UniqueValues": ("gpserverless.datatypes.symbology", "UniqueValues"),
    "tool": ("gpserverless.toolkit.tool", "tool"),
    "read_features": ("gpserverless.formats.files.read", "read_features"),
    "write_count": ("gpserverless.values.counts", "write_count"),
    "write_features": ("gpserverless.formats.files.write", "write_features"),
    "write_layers": ("gpserverless.formats.files.write", "write_layers"),
    "ToolError": ("gpserverless.errors", "ToolError"),
}

__all__ = [
    "Access",
    "ArealUnit",
    "AttributeField",
    "Category",
    "DataFile",
    "Declared",
    "Extent",
    "FeatureSet",
    "Field",
    "FieldOf",
    "FileTypes",
    "GraduatedColors",
    "GraduatedSymbols",
    "HiddenText",
    "Keywords",
    "LabelField",
    "Labels",
    "LayerRenderer",
    "Layers",
    "LinearUnit",
    "Raster",
    "Role",
    "Run",
    "Service",
    "SpatialReference",
    "SqlExpression",
    "Table",
    "TimeFields",
    "TimeUnit",
    "ToolError",
    "UniqueValues",
    "read_features",
    "tool",
    "write_count",
    "write_features",
    "write_layers",
]


def __getattr__(name: str) -> Any:
    if name not in _EXPORTS:
        raise AttributeError(f"module 'gpserverless' has no attribute '{name}'")
    module, attribute = _EXPORTS[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value
