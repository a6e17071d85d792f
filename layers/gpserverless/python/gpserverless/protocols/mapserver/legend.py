"""Legends of maps."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pybase64

from gpserverless.drawing.legend import draw_swatch, name_swatch
from gpserverless.drawing.renderer import SymbolClass
from gpserverless.http.picture_fields import read_dpi
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.protocols.mapserver.export import find_style
from gpserverless.protocols.mapserver.ports import Map


def answer_legend(request: Request, shown: Map) -> Response:
    """Return the legend of a map.

    Args:
        request: The request.
        shown: The map.

    Raises:
        InvalidParameter: The resolution is wrong.
    """
    dpi = read_dpi(request)
    layers = [
        {
            "layerId": layer.number,
            "layerName": layer.manifest.name,
            "layerType": "Feature Layer",
            "minScale": 0,
            "maxScale": 0,
            "legend": [_describe(each, dpi) for each in find_style(layer)[0].renderer.classes],
        }
        for layer in shown.feature_layers
    ]
    return write({"layers": layers}, request.answer_format)


@lru_cache(maxsize=1_000)
def _describe(each: SymbolClass, dpi: float) -> dict[str, Any]:
    content, side = draw_swatch(each.symbol, dpi)
    described: dict[str, Any] = {
        "label": each.label,
        "url": name_swatch(content),
        "imageData": pybase64.b64encode(content).decode(),
        "contentType": "image/png",
        "height": side,
        "width": side,
    }
    return {**described, "values": [each.value]} if each.value else described
