"""The fields that requests of layers and of maps share."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.labels import GEOMETRY_TYPES as _LABELS
from gpserverless.protocols.directory.request_form import RequestField

GEOMETRY_TYPES = {
    "": Text("Not given"),
    "esriGeometryEnvelope": Text("Extent"),
    **_LABELS,
}
YES_NO: Mapping[str, str] = {"": Text("Not given"), "true": Text("Yes"), "false": Text("No")}

GEOMETRY = RequestField(
    Text("Geometry"), Text("xmin,ymin,xmax,ymax or x,y, or a geometry in Esri JSON."), "area"
)
RETURN_Z = RequestField(Text("Return z"), Text("Features are answered with their heights."), "flag")
RETURN_M = RequestField(Text("Return m"), Text("Features are answered with their measures."), "flag")
TOLERANCE = RequestField(
    Text("Largest offset"),
    Text("How far a simplified shape may depart, in units of the answer."),
    example="10",
)
DECIMALS = RequestField(Text("Decimals"), Text("Decimals of the coordinates."), example="6")
RETURN_GEOMETRY = RequestField(Text("Return shapes"), Text("If it is not given: yes."), "select", YES_NO)
DEFINITIONS = RequestField(
    Text("Conditions of layers"),
    Text("A condition for each layer by its number, in JSON or as 0:POP > 5;1:AREA < 3."),
)
TIME = RequestField(
    Text("Moment or period"),
    Text("Milliseconds since 1970 in UTC, or two of them with a comma."),
    example="1764460800000,null",
)
