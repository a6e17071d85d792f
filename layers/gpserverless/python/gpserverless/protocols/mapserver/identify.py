"""The features at a place of a map."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gpserverless.clock import Clock, SystemClock
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import LayerFilter, PageQuery, SpatialFilter
from gpserverless.featurelayers.select import select_ids, select_page
from gpserverless.features.feature_set import FeatureSet
from gpserverless.geometry.geometry_types import ENVELOPE, GEOMETRY_TYPES
from gpserverless.http.fields import read_reference, read_text
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.mapserver.documents import find_reference
from gpserverless.protocols.mapserver.hits import MOST_HITS, HitStyle, answer_hits, read_hit_style, write_hits
from gpserverless.protocols.mapserver.layer_choice import choose_searched, read_conditions
from gpserverless.protocols.mapserver.ports import DescribeLayer, Map, MapLayer, MapSource
from gpserverless.protocols.mapserver.read_place import project_place, read_place
from gpserverless.values.quotation import quoted

_TYPES = (*GEOMETRY_TYPES, ENVELOPE)
_KINDS = frozenset(kind.lower() for kind in _TYPES)


@dataclass(frozen=True)
class Identifier:
    """Answers the requests for features at a place.

    Attributes:
        source: Opens layers.
        describe: Describes layers.
        clock: The time.
    """

    source: MapSource
    describe: DescribeLayer
    clock: Clock = field(default_factory=SystemClock)

    def identify(self, request: Request, shown: Map) -> Response:
        """Return the features at a place, those of the topmost layer first.

        Args:
            request: The request.
            shown: The map.

        Raises:
            InvalidParameter: An option is wrong.
        """
        reference = read_reference(request, "sr") or find_reference(shown)
        kind = read_text(request, "geometryType")
        if kind and kind.lower() not in _KINDS:
            raise InvalidParameter("geometryType", f"{quoted(kind)} is not supported", ", ".join(_TYPES))
        place = read_place(request, reference)
        layers, is_top = choose_searched(request, shown)
        conditions = read_conditions(request, self.clock.now())
        style = read_hit_style(request, reference)
        hits: list[dict[str, Any]] = []
        for layer in layers:
            if layer.manifest.count and len(hits) <= MOST_HITS and not (is_top and hits):
                hits += self._search(shown, layer, place, conditions.filter_layer(layer), style)
        return answer_hits(request, hits)

    def _search(
        self, shown: Map, layer: MapLayer, place: FeatureSet[Any], wanted: LayerFilter, style: HitStyle
    ) -> list[dict[str, Any]]:
        display = str(self.describe(shown, layer)["displayField"])
        with self.source.open_layer(layer) as file:
            try:
                ids = _find_ids(file, layer, place, wanted)
                fields = tuple(field.name for field in file.fields)
                query = PageQuery(LayerFilter(object_ids=ids), fields, limit=MOST_HITS + 1)
                rows = select_page(file, query).rows
            except InvalidValue as error:
                name = "layerDefs" if wanted.where else "geometry"
                raise InvalidParameter(name, error.problem, error.accepted) from None
        return write_hits(layer, rows, display, style)


def _find_ids(
    file: LayerFile, layer: MapLayer, place: FeatureSet[Any], wanted: LayerFilter
) -> tuple[int, ...]:
    reference = layer.reference or place.spatial_reference
    shapes = list(place.geometries)
    if reference is not None:
        shapes = project_place(place, reference, layer.manifest.extent)
    found = [select_ids(file, replace(wanted, spatial=SpatialFilter(shape))) for shape in shapes]
    if not found:
        return ()
    return tuple(np.unique(np.concatenate(found))[: MOST_HITS + 1].tolist())
