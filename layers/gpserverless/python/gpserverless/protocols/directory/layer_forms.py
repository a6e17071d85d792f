"""The fields of the query of a layer, and of several layers."""

from __future__ import annotations

from collections.abc import Mapping

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
from gpserverless.protocols.directory.request_form import FieldGroup, RequestField

_REFERENCE = Text("Number, WKT or JSON. If it is left empty: that of the layer.")
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
_WHERE = RequestField(
    Text("Condition"),
    Text("A condition in SQL on the fields. Without one, every feature is meant."),
    "area",
)
_GEOMETRY_TYPE = RequestField(
    Text("Geometry type"), Text("If it is not given: an extent."), "select", GEOMETRY_TYPES
)

QUERY = (
    FieldGroup(
        "",
        {
            "where": _WHERE,
            "time": TIME,
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
            "geometry": GEOMETRY,
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
                YES_NO,
            ),
        },
    ),
    FieldGroup(
        Text("Shapes of the answer"),
        {
            "returnGeometry": RETURN_GEOMETRY,
            "outSR": RequestField(Text("Spatial reference of the answer"), _REFERENCE, example="3857"),
            "maxAllowableOffset": TOLERANCE,
            "geometryPrecision": DECIMALS,
            "quantizationParameters": RequestField(
                Text("Grid"), Text("JSON with extent, tolerance and originPosition: whole numbers on a grid.")
            ),
            "returnZ": RETURN_Z,
            "returnM": RETURN_M,
        },
    ),
)
"""The fields of the query of a layer."""

SERVICE_QUERY = (
    FieldGroup("", {"layerDefs": DEFINITIONS}),
    FieldGroup(
        Text("Place"),
        {name: QUERY[1].fields[name] for name in ("geometry", "geometryType", "inSR", "spatialRel")},
    ),
    FieldGroup(
        Text("Kind of the answer"),
        {
            "returnCountOnly": QUERY[2].fields["returnCountOnly"],
            "returnIdsOnly": QUERY[2].fields["returnIdsOnly"],
            "returnGeometry": RETURN_GEOMETRY,
            "outSR": QUERY[4].fields["outSR"],
        },
    ),
)
"""The fields of the query of several layers."""
