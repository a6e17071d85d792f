"""GPServerless: typed Python functions as ArcGIS-compatible geoprocessing services on AWS.

This is the front door for tool authors. Its names are loaded when first used, so that the functions which
describe services and answer polls can import their part of the package without a geometry library.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import Field

    from gpserverless.datatypes.annotations import Keywords
    from gpserverless.datatypes.files import DataFile, Raster
    from gpserverless.errors import ToolError
    from gpserverless.features.feature_set import FeatureSet, Table
    from gpserverless.features.fields import Field as AttributeField
    from gpserverless.features.spatial_reference import SpatialReference
    from gpserverless.features.units import LinearUnit
    from gpserverless.toolkit.run import Run
    from gpserverless.toolkit.service import Service
    from gpserverless.toolkit.tool import tool

__version__ = "0.1.0"

_DOORS = {
    "AttributeField": ("gpserverless.features.fields", "Field"),
    "DataFile": ("gpserverless.datatypes.files", "DataFile"),
    "FeatureSet": ("gpserverless.features.feature_set", "FeatureSet"),
    "Field": ("pydantic", "Field"),
    "Keywords": ("gpserverless.datatypes.annotations", "Keywords"),
    "LinearUnit": ("gpserverless.features.units", "LinearUnit"),
    "Raster": ("gpserverless.datatypes.files", "Raster"),
    "Run": ("gpserverless.toolkit.run", "Run"),
    "Service": ("gpserverless.toolkit.service", "Service"),
    "SpatialReference": ("gpserverless.features.spatial_reference", "SpatialReference"),
    "Table": ("gpserverless.features.feature_set", "Table"),
    "ToolError": ("gpserverless.errors", "ToolError"),
    "tool": ("gpserverless.toolkit.tool", "tool"),
}

__all__ = [
    "AttributeField",
    "DataFile",
    "FeatureSet",
    "Field",
    "Keywords",
    "LinearUnit",
    "Raster",
    "Run",
    "Service",
    "SpatialReference",
    "Table",
    "ToolError",
    "tool",
]


def __getattr__(name: str) -> Any:
    if name not in _DOORS:
        raise AttributeError(f"module 'gpserverless' has no attribute '{name}'")
    module, attribute = _DOORS[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value
