"""The grid of quantized coordinates that a query asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.errors import InvalidParameter
from gpserverless.featurelayers.manifest import Extent, LayerManifest
from gpserverless.http.fields import make_reference
from gpserverless.protocols.featureserver.extents import project_extent
from gpserverless.protocols.featureserver.options import DEFAULT_REFERENCE, Options
from gpserverless.protocols.featureserver.quantization import Grid, OriginPosition
from gpserverless.values.numbers import read_float
from gpserverless.values.quotation import quoted
from gpserverless.values.resolution import GEOGRAPHIC_DECIMALS, ORDINATE_DECIMALS, count_decimals
from gpserverless.values.spatial_reference import SpatialReference

_NAME = "quantizationParameters"
_ACCEPTED = (
    '{"mode": "view", "originPosition": "upperLeft", "tolerance": 1, '
    '"extent": {"xmin": 0, "ymin": 0, "xmax": 1, "ymax": 1, "spatialReference": {"wkid": 3857}}}'
)
_SMALL = 1e6
_CELLS = 10_000  # on the longer side of an extent, for a query that names no tolerance
_POSITIONS: Mapping[str, OriginPosition] = {"upperleft": "upperLeft", "lowerleft": "lowerLeft"}
_SIDES = ("xmin", "ymin", "xmax", "ymax")


def read_grid(options: Options, manifest: LayerManifest, reference: SpatialReference | None) -> Grid | None:
    """Return the grid of a query, in the spatial reference of its answer; None without any.

    Without a tolerance it is `maxAllowableOffset`, or the extent is divided in 10,000 cells. The
    mode "edit" asks for shapes as they are: its grid is that of the resolution.

    Args:
        options: The fields of the request.
        manifest: The layer, whose extent counts for parameters without one.
        reference: Spatial reference of the answer, None if it is not known.

    Raises:
        InvalidParameter: The parameters are wrong.
    """
    document = options.json(_NAME, _ACCEPTED)
    if document in (None, {}):
        return None
    if not isinstance(document, Mapping):
        raise InvalidParameter(_NAME, f"{quoted(document)} is no object", _ACCEPTED)
    mode = str(document.get("mode") or "view").lower()
    if mode not in ("view", "edit"):
        raise InvalidParameter(_NAME, f"there is no mode {quoted(document['mode'])}", _ACCEPTED)
    position = _POSITIONS.get(str(document.get("originPosition") or "upperLeft").lower())
    if position is None:
        raise InvalidParameter(_NAME, f"there is no origin {quoted(document['originPosition'])}", _ACCEPTED)
    tolerance = _read_tolerance(document.get("tolerance"))
    of_extent = options.reference(DEFAULT_REFERENCE)
    given = _read_extent(document.get("extent"), reference, of_extent) or _find_extent(manifest, reference)
    west, south, _, north = extent = given or (0.0,) * 4
    finest = 10.0 ** -_find_decimals(reference, extent)
    origin = west, north if position == "upperLeft" else south
    if mode == "edit":
        return Grid(position, finest, origin, keeps_vertices=True)
    scale = tolerance or options.number("maxAllowableOffset") or max(finest, _measure_cell(extent))
    return Grid(position, scale, origin)


def _find_decimals(reference: SpatialReference | None, extent: Extent) -> int:
    """Return the decimals of the resolution; without a reference, small coordinates may be degrees."""
    decimals = count_decimals(reference)
    if decimals is not None:
        return decimals
    return GEOGRAPHIC_DECIMALS if max(map(abs, extent)) < _SMALL else ORDINATE_DECIMALS


def _measure_cell(extent: Extent) -> float:
    west, south, east, north = extent
    return max(east - west, north - south) / _CELLS


def _read_tolerance(value: Any) -> float | None:
    if value is None:
        return None
    tolerance = read_float(value)
    if tolerance is None or not 0 < tolerance < float("inf"):
        raise InvalidParameter(_NAME, "its tolerance is no number above 0", _ACCEPTED)
    return tolerance


def _find_extent(manifest: LayerManifest, reference: SpatialReference | None) -> Extent | None:
    own = SpatialReference.from_optional_json(manifest.spatial_reference)
    if manifest.extent is None or own is None or reference is None or own == reference:
        return manifest.extent
    return project_extent(manifest.extent, own, reference)


def _read_extent(
    document: Any, reference: SpatialReference | None, default: SpatialReference | None
) -> Extent | None:
    if document in (None, {}):
        return None
    sides = [read_float(document.get(side)) for side in _SIDES] if isinstance(document, Mapping) else [None]
    if any(side is None or abs(side) == float("inf") for side in sides):
        raise InvalidParameter(_NAME, "its extent has not the numbers xmin, ymin, xmax and ymax", _ACCEPTED)
    west, south, east, north = (side or 0.0 for side in sides)
    own = make_reference(_NAME, document.get("spatialReference")) or default
    if own is None or reference is None or own == reference:
        return west, south, east, north
    return project_extent((west, south, east, north), own, reference)
