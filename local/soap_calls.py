"""Calls over SOAP for the recorded events, spelled as ArcPy spells them."""

from __future__ import annotations

CONTENT_TYPE = "text/xml; charset=utf-8"

HEADERS = (("content-type", CONTENT_TYPE), ("soapaction", '""'))

NO_VALUE = '<GPValue xsi:type="tns:GPString"/>'
"""A value that is not given."""

_POINT = '<Value xsi:type="tns:PointN"><X>8.55</X><Y>47.37</Y></Value>'
_SQUARE = "".join(
    f'<Point xsi:type="tns:PointN"><X>{x}</X><Y>{y}</Y></Point>'
    for x, y in ((8, 47), (8, 48), (9, 48), (9, 47), (8, 47))
)
_POLYGON = (
    '<Value xsi:type="tns:PolygonN"><HasID>false</HasID><HasZ>false</HasZ><HasM>false</HasM>'
    '<RingArray xsi:type="tns:ArrayOfRing"><Ring xsi:type="tns:Ring"><PointArray xsi:type="tns:ArrayOfPoint">'
    f"{_SQUARE}</PointArray></Ring></RingArray></Value>"
)


def write_envelope(operation: str, version: str = "10.8") -> bytes:
    """Return the envelope of one operation.

    Args:
        operation: The element of the operation, with the prefix `tns`.
        version: Version of the protocol, which is the end of the namespace.
    """
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:tns="http://www.esri.com/schemas/ArcGIS/{version}"><soap:Body>{operation}</soap:Body>'
        "</soap:Envelope>"
    ).encode()


def write_call(operation: str, tool: str, *values: str, options: str = "") -> str:
    """Return the element of an Execute or a SubmitJob.

    Args:
        operation: Name of the operation.
        tool: Name of the tool.
        values: The element of each input, in the order of the tool's description.
        options: The element of the options, "" for none.
    """
    return (
        f"<tns:{operation}><ToolName>{tool}</ToolName>"
        f'<Values xsi:type="tns:GPValues">{"".join(values)}</Values>{options}</tns:{operation}>'
    )


def _write_features(geometry_type: str, value: str) -> str:
    return (
        '<GPValue xsi:type="tns:GPFeatureRecordSetLayer"><RecordSet xsi:type="tns:RecordSet">'
        '<Fields xsi:type="tns:Fields"><FieldArray xsi:type="tns:ArrayOfField"><Field xsi:type="tns:Field">'
        "<Name>Shape</Name><Type>esriFieldTypeGeometry</Type><IsNullable>true</IsNullable><Length>0</Length>"
        "<Precision>0</Precision><Scale>0</Scale>"
        f'<GeometryDef xsi:type="tns:GeometryDef"><AvgNumPoints>0</AvgNumPoints>'
        f"<GeometryType>{geometry_type}</GeometryType><HasM>false</HasM><HasZ>false</HasZ>"
        '<SpatialReference xsi:type="tns:GeographicCoordinateSystem"><WKID>4326</WKID></SpatialReference>'
        "</GeometryDef></Field></FieldArray></Fields>"
        '<Records xsi:type="tns:ArrayOfRecord"><Record xsi:type="tns:Record">'
        f'<Values xsi:type="tns:ArrayOfValue">{value}</Values></Record></Records></RecordSet></GPValue>'
    )


_JOB = "j0123456789abcdef0123456789abcdef"
_SAMPLES, _ANALYSIS = "/arcgis/services/Samples/GPServer", "/arcgis/services/Analysis/GPServer"
_DISTANCE = '<GPValue xsi:type="tns:GPLinearUnit"><Value>5</Value><Units>esriKilometers</Units></GPValue>'
_OPTIONS = (
    '<Options xsi:type="tns:GPResultOptions"><DensifyFeatures>false</DensifyFeatures>'
    "<TransportType>esriGDSTransportTypeUrl</TransportType></Options>"
)
_POINTS, _POLYGONS = (
    _write_features("esriGeometryPoint", _POINT),
    _write_features("esriGeometryPolygon", _POLYGON),
)

RECORDED: tuple[tuple[str, str, str], ...] = (
    ("soap-get-message-version", "/arcgis/services", "<tns:GetMessageVersion/>"),
    ("soap-get-tool-infos", _SAMPLES, "<tns:GetToolInfos/>"),
    ("soap-execute", _SAMPLES, write_call("Execute", "BufferPoints", _POINTS, _DISTANCE, options=_OPTIONS)),
    ("soap-submit-job", _ANALYSIS, write_call("SubmitJob", "SummarizeWithin", _POLYGONS, _POINTS)),
    (
        "soap-get-job-result",
        _ANALYSIS,
        f"<tns:GetJobResult><JobID>{_JOB}</JobID>{_OPTIONS}</tns:GetJobResult>",
    ),
)
"""Name, path and operation of each call that is recorded."""
