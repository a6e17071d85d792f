"""The operations and types of the SOAP protocol, transcribed from service descriptions of ArcGIS Server.

"Name:type", with a question mark for an element that may be missing, a star for any number, and |nil for one
that may be nil. Ours differs where the comment says so.
"""

from __future__ import annotations

CATALOGUE_OPERATIONS = {
    "GetMessageVersion": ("", "MessageVersion:esriArcGISVersion"),
    "GetMessageFormats": ("", "MessageFormats:esriServiceCatalogMessageFormat"),
    "GetFolders": ("", "FolderNames:ArrayOfString"),
    "GetServiceDescriptions": ("", "ServiceDescriptions:ArrayOfServiceDescription"),
    "GetServiceDescriptionsEx": ("FolderName:string", "ServiceDescriptions:ArrayOfServiceDescription"),
    "RequiresTokens": ("", "Result:boolean"),
    "GetTokenServiceURL": ("", "TokenServiceURL:string"),
}

_CALL = "ToolName:string Values:GPValues Options?:GPResultOptions EnvironmentValues?:PropertySet"
SERVICE_OPERATIONS = {
    "GetExecutionType": ("", "Result:esriExecutionType"),
    "GetResultMapServerName": ("", "Result:string"),
    "GetToolNames": ("", "Result:ArrayOfString"),
    "GetTaskNames": ("", "Result:ArrayOfString"),
    "GetToolInfos": ("", "Result:ArrayOfGPToolInfo"),
    "GetTaskInfos": ("", "Result:ArrayOfGPToolInfo"),
    "GetToolInfo": ("ToolName:string", "Result:GPToolInfo"),
    "Execute": (_CALL, "Result:GPResult"),
    "SubmitJob": (_CALL, "Result:string"),
    "GetJobStatus": ("JobID:string", "Result:esriJobStatus"),
    "GetJobMessages": ("JobID:string", "Result:ArrayOfJobMessage"),
    "GetJobResult": (
        "JobID:string ParameterNames?:ArrayOfString Options?:GPResultOptions",
        "Result:GPResult",
    ),
    "GetJobInputValues": ("JobID:string ParameterNames?:ArrayOfString", "Result:GPValues"),
    "GetJobToolName": ("JobID:string", "Result:string"),
    "GetJobResultOptions": ("JobID:string", "Result:GPResultOptions"),
    "GetJobEnvironmentValues": ("JobID:string", "Result:PropertySet"),
    "CancelJob": ("JobID:string", ""),
    "GetResultWorkspace": ("JobID:string TransportType:esriGDSTransportType", "Result:GDSData"),
    "GetJobResultMapExtent": ("JobID:string", "Result:Envelope"),
}

CATALOGUE_TYPES = {
    "ArrayOfString": "String*:string",
    "ArrayOfServiceDescription": "ServiceDescription*:ServiceDescription",
    "ServiceDescription": (
        "Name:string Type:string Url:string ParentType:string Capabilities:string Description:string"
    ),
    "esriArcGISVersion": [
        f"esriArcGISVersion{number}" for number in (83, 90, 92, 93, 10, 101, 103, 104, 105, 106, 107, 108)
    ],
    "esriServiceCatalogMessageFormat": [
        "esriServiceCatalogMessageFormatSoap",
        "esriServiceCatalogMessageFormatBin",
        "esriServiceCatalogMessageFormatSoapOrBin",
    ],
}

_DISCOVERY = {
    "GPToolInfo": (
        "Name:string DisplayName:string Category:string Help:string ParameterInfo?:ArrayOfGPParameterInfo "
        "Extent?:Envelope"
    ),
    "GPParameterInfo": (
        "Name:string DisplayName:string Category:string DataType:string Direction:esriGPParameterDirection "
        "ParamType:esriGPParameterType ChoiceList?:ArrayOfString Value?:GPValue"
    ),
    "ArrayOfGPToolInfo": "GPToolInfo*:GPToolInfo",
    "ArrayOfGPParameterInfo": "GPParameterInfo*:GPParameterInfo",
    "ArrayOfString": "String*:string",
    "esriGPParameterDirection": ["esriGPParameterDirectionInput", "esriGPParameterDirectionOutput"],
    "esriGPParameterType": [
        "esriGPParameterTypeRequired",
        "esriGPParameterTypeOptional",
        "esriGPParameterTypeDerived",
    ],
    "esriExecutionType": ["esriExecutionTypeAsynchronous", "esriExecutionTypeSynchronous"],
}

# In the description of ArcGIS, Value, Units and RecordSet are required, and a GPValue in a list is not nil.
_VALUES = {
    "GPValue": "abstract",
    "GPString": "(GPValue) Value?:string",
    "GPLong": "(GPValue) Value?:int",
    "GPDouble": "(GPValue) Value?:double",
    "GPBoolean": "(GPValue) Value?:boolean",
    "GPDate": "(GPValue) Value?:dateTime",
    "GPLinearUnit": "(GPValue) Value?:double Units?:esriUnits",
    "GPRecordSet": "(GPValue) RecordSet?:RecordSet OIDFieldName?:string ExceededTransferLimit?:boolean",
    "GPFeatureRecordSetLayer": (
        "(GPValue) RecordSet?:RecordSet OIDFieldName?:string ShapeFieldName?:string "
        "LayerDrawingDescription?:LayerDrawingDescription ExceededTransferLimit?:boolean"
    ),
    "GPDataFile": "(GPValue) Data?:GDSData File?:string DatasetName?:string DataType?:string",
    "GPRasterData": "(GPValue) Data?:GDSData Format?:string",
    "GPRasterDataLayer": (
        "(GPValue) Data?:GDSData Format?:string LayerDrawingDescription?:LayerDrawingDescription"
    ),
    "GPMultiValue": "(GPValue) MemberDataType?:string Values?:GPValues",
    "GPValues": "GPValue*:GPValue|nil",
    "GDSData": (
        "Compressed:boolean TransportType:esriGDSTransportType EmbeddedData?:base64Binary URL?:string "
        "ConnectionProperties?:PropertySet UploadID?:string"
    ),
    "LayerDrawingDescription": "abstract",
    "esriGDSTransportType": [
        "esriGDSTransportTypeEmbedded",
        "esriGDSTransportTypeUrl",
        "esriGDSTransportTypeUpload",
    ],
    "esriUnits": [
        "esriUnknownUnits",
        "esriInches",
        "esriPoints",
        "esriFeet",
        "esriYards",
        "esriMiles",
        "esriNauticalMiles",
        "esriMillimeters",
        "esriCentimeters",
        "esriMeters",
        "esriKilometers",
        "esriDecimalDegrees",
        "esriDecimeters",
        "esriIntInches",
        "esriIntFeet",
        "esriIntYards",
        "esriIntMiles",
        "esriIntNauticalMiles",
    ],
}

# ReturnData and UpdateValues stand in no description; ArcPy sends them.
_RESULTS = {
    "GPResult": "Values?:GPValues Messages?:ArrayOfJobMessage",
    "GPResultOptions": (
        "DensifyFeatures?:boolean TransportType?:esriGDSTransportType SpatialReference?:SpatialReference "
        "Format?:string FormatProperties?:PropertySet ReturnData?:boolean UpdateValues?:boolean"
    ),
    "JobMessage": "MessageDesc:string MessageType:esriJobMessageType",
    "ArrayOfJobMessage": "JobMessage*:JobMessage",
    "esriJobMessageType": [
        "esriJobMessageTypeInformative",
        "esriJobMessageTypeWarning",
        "esriJobMessageTypeError",
        "esriJobMessageTypeEmpty",
        "esriJobMessageTypeAbort",
    ],
    "esriJobStatus": [
        "esriJobNew",
        "esriJobSubmitted",
        "esriJobWaiting",
        "esriJobExecuting",
        "esriJobSucceeded",
        "esriJobFailed",
        "esriJobTimedOut",
        "esriJobCancelling",
        "esriJobCancelled",
        "esriJobDeleting",
        "esriJobDeleted",
    ],
    "PropertySet": "PropertyArray:ArrayOfPropertySetProperty",
    "ArrayOfPropertySetProperty": "PropertySetProperty*:PropertySetProperty",
    "PropertySetProperty": "Key:string Value?:anyType|nil",
}

# Domain and RasterDef of a field are not written.
_TABLES = {
    "RecordSet": "Fields:Fields Records:ArrayOfRecord",
    "Fields": "FieldArray:ArrayOfField",
    "ArrayOfField": "Field*:Field",
    "Field": (
        "Name:string Type:esriFieldType IsNullable:boolean Length:int Precision:int Scale:int "
        "Required?:boolean Editable?:boolean DomainFixed?:boolean GeometryDef?:GeometryDef AliasName?:string "
        "ModelName?:string DefaultValue?:anyType"
    ),
    "GeometryDef": (
        "AvgNumPoints:int GeometryType:esriGeometryType HasM:boolean HasZ:boolean "
        "SpatialReference:SpatialReference GridSize0?:double GridSize1?:double GridSize2?:double"
    ),
    "ArrayOfRecord": "Record*:Record",
    "Record": "Values:ArrayOfValue",
    "ArrayOfValue": "Value*:anyType|nil",
    "esriFieldType": [
        "esriFieldTypeInteger",
        "esriFieldTypeSmallInteger",
        "esriFieldTypeDouble",
        "esriFieldTypeSingle",
        "esriFieldTypeString",
        "esriFieldTypeDate",
        "esriFieldTypeGeometry",
        "esriFieldTypeOID",
        "esriFieldTypeBlob",
        "esriFieldTypeGlobalID",
        "esriFieldTypeRaster",
        "esriFieldTypeGUID",
        "esriFieldTypeXML",
    ],
    "esriGeometryType": [
        "esriGeometryPoint",
        "esriGeometryMultipoint",
        "esriGeometryPolyline",
        "esriGeometryPolygon",
        "esriGeometryMultiPatch",
    ],
}

_REFERENCES = {
    "SpatialReference": (
        "abstract WKT?:string XOrigin?:double YOrigin?:double XYScale?:double ZOrigin?:double ZScale?:double "
        "MOrigin?:double MScale?:double XYTolerance?:double ZTolerance?:double MTolerance?:double "
        "HighPrecision?:boolean LeftLongitude?:double WKID?:int LatestWKID?:int VCSWKID?:int "
        "LatestVCSWKID?:int"
    ),
    "GeographicCoordinateSystem": "(SpatialReference)",
    "ProjectedCoordinateSystem": "(SpatialReference)",
    "UnknownCoordinateSystem": "(SpatialReference)",
}

_FLAGS = "HasID:boolean HasZ:boolean HasM:boolean Extent?:Envelope"
_GEOMETRIES = {
    "Geometry": "",
    "Envelope": "abstract (Geometry)",
    "EnvelopeN": (
        "(Envelope) XMin:double YMin:double XMax:double YMax:double ZMin?:double ZMax?:double MMin?:double "
        "MMax?:double SpatialReference?:SpatialReference"
    ),
    "Point": "abstract (Geometry)",
    "PointN": "(Point) X:double Y:double M?:double Z?:double ID?:int SpatialReference?:SpatialReference",
    "ArrayOfPoint": "Point*:Point",
    "Multipoint": "abstract (Geometry)",
    "MultipointN": f"(Multipoint) {_FLAGS} PointArray?:ArrayOfPoint SpatialReference?:SpatialReference",
    "Curve": "abstract (Geometry)",
    "Polycurve": "abstract (Curve)",
    "Polyline": "abstract (Polycurve)",
    "PolylineN": (
        f"(Polyline) {_FLAGS} PathArray:ArrayOfPath SpatialReference?:SpatialReference KnownSimple?:boolean"
    ),
    "Polygon": "abstract (Polycurve)",
    "PolygonN": (
        f"(Polygon) {_FLAGS} RingArray:ArrayOfRing SpatialReference?:SpatialReference KnownSimple?:boolean"
    ),
    "Path": "(Curve) PointArray?:ArrayOfPoint SegmentArray?:ArrayOfSegment",
    "ArrayOfPath": "Path*:Path",
    "Ring": "(Path)",
    "ArrayOfRing": "Ring*:Ring",
    "Segment": "abstract (Curve) FromPoint:Point ToPoint:Point",
    "ArrayOfSegment": "Segment*:Segment",
    "Line": "(Segment)",
    "CircularArc": (
        "(Segment) CenterPoint:Point FromAngle?:double ToAngle?:double IsCounterClockwise:boolean "
        "IsMinor:boolean IsLine:boolean"
    ),
    "EllipticArc": (
        "(Segment) EllipseStd:boolean CenterPoint:Point Rotation:double MinorMajorRatio:double "
        "IsCounterClockwise:boolean IsMinor:boolean"
    ),
    "BezierCurve": "(Segment) Degree:int ControlPointArray:ArrayOfPoint",
}

SERVICE_TYPES = _DISCOVERY | _VALUES | _RESULTS | _TABLES | _REFERENCES | _GEOMETRIES
