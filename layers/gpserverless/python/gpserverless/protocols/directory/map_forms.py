"""The fields of the requests of a map: export, identify, find."""

from __future__ import annotations

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.layer_fields import (
    DECIMALS,
    DEFINITIONS,
    GEOMETRY,
    GEOMETRY_TYPES,
    RETURN_GEOMETRY,
    RETURN_M,
    RETURN_Z,
    TIME,
    TOLERANCE,
    YES_NO,
)
from gpserverless.protocols.directory.picture_fields import EXTENT, SIZE, ask_references, ask_resolution
from gpserverless.protocols.directory.request_form import FieldGroup, RequestField

_REFERENCE = Text("Number, WKT or JSON. If it is left empty: that of the map.")

_LAYERS_SHOWN = RequestField(
    Text("Layers"), Text("show, hide, include or exclude with numbers. Without any: all."), example="show:0"
)

EXPORT = (
    FieldGroup(
        "",
        {
            "bbox": EXTENT,
            "size": SIZE,
            "format": RequestField(
                Text("Format"),
                Text("png32 has every colour and opacity."),
                "select",
                {
                    "png32": "PNG32",
                    "png24": "PNG24",
                    "png8": "PNG8",
                    "png": "PNG",
                    "jpg": "JPG",
                    "gif": "GIF",
                    "svg": "SVG",
                    "pdf": "PDF",
                },
            ),
            "transparent": RequestField(
                Text("Transparent"), Text("The ground of the picture stays open."), "flag"
            ),
        },
    ),
    FieldGroup(
        Text("References and layers"),
        {
            **ask_references(_REFERENCE),
            "dpi": ask_resolution(Text("Pixels per inch, by which symbols grow.")),
            "layers": _LAYERS_SHOWN,
            "layerDefs": DEFINITIONS,
            "time": TIME,
        },
    ),
)
"""The fields of a picture of a map."""

_HIT_SHAPES = FieldGroup(
    Text("Shapes and names of the answer"),
    {
        "returnGeometry": RETURN_GEOMETRY,
        "returnFieldName": RequestField(
            Text("Names of fields"),
            Text("Attributes have the names of their fields, not those for people."),
            "flag",
        ),
        "returnUnformattedValues": RequestField(
            Text("Values as they are"), Text("Numbers stay numbers."), "flag"
        ),
        "maxAllowableOffset": TOLERANCE,
        "geometryPrecision": DECIMALS,
        "returnZ": RETURN_Z,
        "returnM": RETURN_M,
    },
)

IDENTIFY = (
    FieldGroup(
        "",
        {
            "geometry": GEOMETRY,
            "geometryType": RequestField(
                Text("Geometry type"), Text("If it is not given: a point."), "select", GEOMETRY_TYPES
            ),
            "sr": RequestField(Text("Spatial reference"), _REFERENCE, example="4326"),
            "tolerance": RequestField(
                Text("Tolerance"), Text("Pixels of the picture by which the geometry grows."), example="3"
            ),
            "layers": RequestField(
                Text("Layers"), Text("top, visible or all, perhaps with numbers."), example="all"
            ),
        },
    ),
    FieldGroup(
        Text("Picture"),
        {
            "mapExtent": RequestField(
                Text("Extent of the picture"), Text("xmin,ymin,xmax,ymax in the spatial reference above.")
            ),
            "imageDisplay": RequestField(
                Text("Size of the picture"),
                Text("Width and height in pixels, and pixels per inch."),
                example="400,400,96",
            ),
            "layerDefs": DEFINITIONS,
            "time": TIME,
        },
    ),
    _HIT_SHAPES,
)
"""The fields of a search at a place."""

FIND = (
    FieldGroup(
        "",
        {
            "searchText": RequestField(Text("Text"), Text("The text that is searched in the attributes.")),
            "contains": RequestField(
                Text("Contains it"),
                Text("Whether a part of a value is enough. If it is not given: yes."),
                "select",
                YES_NO,
            ),
            "searchFields": RequestField(Text("Fields"), Text("Names with commas. Without any: all.")),
            "layers": RequestField(Text("Layers"), Text("Numbers with commas."), example="0"),
        },
    ),
    FieldGroup(
        Text("References and layers"),
        {
            "sr": RequestField(Text("Spatial reference"), _REFERENCE, example="4326"),
            "layerDefs": DEFINITIONS,
            "time": TIME,
        },
    ),
    _HIT_SHAPES,
)
"""The fields of a search for a text."""
