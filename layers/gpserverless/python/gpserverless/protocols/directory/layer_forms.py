"""The fields of the requests of result services: the query of a layer, and export, identify, find of maps."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.labels import GEOMETRY_TYPES
from gpserverless.protocols.directory.request_form import FieldGroup, RequestField

_REFERENCE = Text("Number, WKT or JSON. If it is left empty: that of the layer.")
_MAP_REFERENCE = Text("Number, WKT or JSON. If it is left empty: that of the map.")
_GEOMETRY_TYPES = {
    "": Text("Not given"),
    "esriGeometryEnvelope": Text("Extent"),
    **GEOMETRY_TYPES,
}
_RELATIONS: Mapping[str, str] = {
    "": Text("Not given"),
    "esriSpatialRelIntersects": Text("Meets it"),
    "esriSpatialRelContains": Text("Is contained in it"),
    "esriSpatialRelWithin": Text("Has it within"),
    "esriSpatialRelCrosses": Text("Crosses it"),
    "esriSpatialRelTouches": Text("Touches it"),
    "esriSpatialRelOverlaps": Text("Overlaps it"),
    "esriSpatialRelEnvelopeIntersects": Text("Its extent meets it"),
    "esriSpatialRelIndexIntersects": Text("Its extent meets it"),
}
_UNITS: Mapping[str, str] = {
    "": Text("Not given"),
    "esriSRUnit_Meter": Text("Meters"),
    "esriSRUnit_Kilometer": Text("Kilometers"),
    "esriSRUnit_Foot": Text("Feet"),
    "esriSRUnit_StatuteMile": Text("Miles"),
    "esriSRUnit_NauticalMile": Text("Nautical miles"),
    "esriSRUnit_USNauticalMile": Text("Nautical miles (US)"),
}
_YES_NO: Mapping[str, str] = {"": Text("Not given"), "true": Text("Yes"), "false": Text("No")}
_WHERE = RequestField(
    Text("Condition"),
    Text("A condition in SQL on the fields. Without one, every feature is meant."),
    "area",
)
_GEOMETRY = RequestField(
    Text("Geometry"), Text("xmin,ymin,xmax,ymax or x,y, or a geometry in Esri JSON."), "area"
)
_GEOMETRY_TYPE = RequestField(
    Text("Geometry type"), Text("If it is not given: an extent."), "select", _GEOMETRY_TYPES
)
_Z = RequestField(Text("Return z"), Text("Features are answered with their heights."), "flag")
_M = RequestField(Text("Return m"), Text("Features are answered with their measures."), "flag")
_TOLERANCE = RequestField(
    Text("Largest offset"),
    Text("How far a simplified shape may depart, in units of the answer."),
    example="10",
)
_DECIMALS = RequestField(Text("Decimals"), Text("Decimals of the coordinates."), example="6")
_RETURN_GEOMETRY = RequestField(Text("Return shapes"), Text("If it is not given: yes."), "select", _YES_NO)
_DEFINITIONS = RequestField(
    Text("Conditions of layers"),
    Text("A condition for each layer by its number, in JSON or as 0:POP > 5;1:AREA < 3."),
)

QUERY = (
    FieldGroup(
        "",
        {
            "where": _WHERE,
            "outFields": RequestField(
                Text("Fields"),
                Text("Names with commas, or * for all. Without any: the id alone."),
                example="*",
            ),
            "objectIds": RequestField(
                Text("Object ids"), Text("Ids with commas. Other features are left out."), example="1,2,3"
            ),
        },
    ),
    FieldGroup(
        Text("Place"),
        {
            "geometry": _GEOMETRY,
            "geometryType": _GEOMETRY_TYPE,
            "inSR": RequestField(Text("Spatial reference of the geometry"), _REFERENCE, example="4326"),
            "spatialRel": RequestField(
                Text("Relation"),
                Text("How a feature lies to the geometry. If it is not given: it meets it."),
                "select",
                _RELATIONS,
            ),
            "distance": RequestField(
                Text("Distance"),
                Text("By so much the geometry grows first, measured on the earth."),
                example="5",
            ),
            "units": RequestField(
                Text("Units of the distance"), Text("If they are not given: meters."), "select", _UNITS
            ),
        },
    ),
    FieldGroup(
        Text("Kind of the answer"),
        {
            "returnCountOnly": RequestField(Text("Count"), Text("The number of features alone."), "flag"),
            "returnIdsOnly": RequestField(Text("Ids"), Text("All object ids alone."), "flag"),
            "returnExtentOnly": RequestField(
                Text("Extent"), Text("The extent of the features alone."), "flag"
            ),
            "returnDistinctValues": RequestField(
                Text("Different values"), Text("Each combination of values of the fields once."), "flag"
            ),
            "outStatistics": RequestField(
                Text("Statistics"),
                Text(
                    "A list in JSON: statisticType (count, sum, min, max, avg, stddev, var), "
                    "onStatisticField and outStatisticFieldName."
                ),
                "area",
            ),
            "groupByFieldsForStatistics": RequestField(
                Text("Groups of the statistics"), Text("Names of fields with commas. Each group is a row.")
            ),
            "having": RequestField(
                Text("Condition on groups"), Text("In SQL, on the names of the statistics.")
            ),
        },
    ),
    FieldGroup(
        Text("Order and pages"),
        {
            "orderByFields": RequestField(
                Text("Order"),
                Text("Names of fields with commas, each with DESC for the largest first."),
                example="NAME, POP DESC",
            ),
            "resultOffset": RequestField(
                Text("Begin behind"), Text("So many rows are left out."), example="0"
            ),
            "resultRecordCount": RequestField(
                Text("Most rows"), Text("At most as many as the layer sends at once.")
            ),
            "resultType": RequestField(
                Text("Kind of the page"),
                Text("Tiles may hold more features than pages."),
                "select",
                {"": Text("Not given"), "standard": Text("Page"), "tile": Text("Tile")},
            ),
            "returnExceededLimitFeatures": RequestField(
                Text("Return a part"),
                Text("If there are more features than are sent: the first ones, or none."),
                "select",
                _YES_NO,
            ),
        },
    ),
    FieldGroup(
        Text("Shapes of the answer"),
        {
            "returnGeometry": _RETURN_GEOMETRY,
            "outSR": RequestField(Text("Spatial reference of the answer"), _REFERENCE, example="3857"),
            "maxAllowableOffset": _TOLERANCE,
            "geometryPrecision": _DECIMALS,
            "quantizationParameters": RequestField(
                Text("Grid"), Text("JSON with extent, tolerance and originPosition: whole numbers on a grid.")
            ),
            "returnZ": _Z,
            "returnM": _M,
        },
    ),
)
"""The fields of the query of a layer."""

SERVICE_QUERY = (
    FieldGroup("", {"layerDefs": _DEFINITIONS}),
    FieldGroup(
        Text("Place"),
        {name: QUERY[1].fields[name] for name in ("geometry", "geometryType", "inSR", "spatialRel")},
    ),
    FieldGroup(
        Text("Kind of the answer"),
        {
            "returnCountOnly": QUERY[2].fields["returnCountOnly"],
            "returnIdsOnly": QUERY[2].fields["returnIdsOnly"],
            "returnGeometry": _RETURN_GEOMETRY,
            "outSR": QUERY[4].fields["outSR"],
        },
    ),
)
"""The fields of the query of several layers."""

_LAYERS_SHOWN = RequestField(
    Text("Layers"), Text("show, hide, include or exclude with numbers. Without any: all."), example="show:0"
)

EXPORT = (
    FieldGroup(
        "",
        {
            "bbox": RequestField(
                Text("Extent"), Text("xmin,ymin,xmax,ymax. It grows to the shape of the picture.")
            ),
            "size": RequestField(
                Text("Size"), Text("Width and height in pixels, up to 4096 each."), example="400,400"
            ),
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
            "bboxSR": RequestField(Text("Spatial reference of the extent"), _MAP_REFERENCE, example="4326"),
            "imageSR": RequestField(Text("Spatial reference of the picture"), _MAP_REFERENCE, example="3857"),
            "dpi": RequestField(
                Text("Resolution"), Text("Pixels per inch, by which symbols grow."), example="96"
            ),
            "layers": _LAYERS_SHOWN,
            "layerDefs": _DEFINITIONS,
        },
    ),
)
"""The fields of a picture of a map."""

_HIT_SHAPES = FieldGroup(
    Text("Shapes and names of the answer"),
    {
        "returnGeometry": _RETURN_GEOMETRY,
        "returnFieldName": RequestField(
            Text("Names of fields"),
            Text("Attributes have the names of their fields, not those for people."),
            "flag",
        ),
        "returnUnformattedValues": RequestField(
            Text("Values as they are"), Text("Numbers stay numbers."), "flag"
        ),
        "maxAllowableOffset": _TOLERANCE,
        "geometryPrecision": _DECIMALS,
        "returnZ": _Z,
        "returnM": _M,
    },
)

IDENTIFY = (
    FieldGroup(
        "",
        {
            "geometry": _GEOMETRY,
            "geometryType": RequestField(
                Text("Geometry type"), Text("If it is not given: a point."), "select", _GEOMETRY_TYPES
            ),
            "sr": RequestField(Text("Spatial reference"), _MAP_REFERENCE, example="4326"),
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
            "layerDefs": _DEFINITIONS,
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
                _YES_NO,
            ),
            "searchFields": RequestField(Text("Fields"), Text("Names with commas. Without any: all.")),
            "layers": RequestField(Text("Layers"), Text("Numbers with commas."), example="0"),
        },
    ),
    FieldGroup(
        Text("References and layers"),
        {
            "sr": RequestField(Text("Spatial reference"), _MAP_REFERENCE, example="4326"),
            "layerDefs": _DEFINITIONS,
        },
    ),
    _HIT_SHAPES,
)
"""The fields of a search for a text."""
