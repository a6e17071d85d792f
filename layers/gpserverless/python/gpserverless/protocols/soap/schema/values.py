"""The types of values of parameters.

Every element of theirs may be missing, and a value in a list may be nil: so a client can send one that is not
given. In the WSDL of ArcGIS they may not.
"""

from __future__ import annotations

from gpserverless.protocols.soap.schema.table import SchemaType, define_enumeration, define_type

_VALUE = "GPValue"

VALUE_TYPES: tuple[SchemaType, ...] = (
    define_type(_VALUE, is_abstract=True),
    define_type("GPString", "Value? string", base=_VALUE),
    define_type("GPLong", "Value? int", base=_VALUE),
    define_type("GPDouble", "Value? double", base=_VALUE),
    define_type("GPBoolean", "Value? boolean", base=_VALUE),
    define_type("GPDate", "Value? dateTime", base=_VALUE),
    define_type("GPLinearUnit", "Value? double, Units? esriUnits", base=_VALUE),
    define_type(
        "GPRecordSet",
        "RecordSet? RecordSet, OIDFieldName? string, ExceededTransferLimit? boolean",
        base=_VALUE,
    ),
    define_type(
        "GPFeatureRecordSetLayer",
        "RecordSet? RecordSet, OIDFieldName? string, ShapeFieldName? string, "
        "LayerDrawingDescription? LayerDrawingDescription, ExceededTransferLimit? boolean",
        base=_VALUE,
    ),
    define_type(
        "GPDataFile", "Data? GDSData, File? string, DatasetName? string, DataType? string", base=_VALUE
    ),
    define_type("GPRasterData", "Data? GDSData, Format? string", base=_VALUE),
    define_type(
        "GPRasterDataLayer",
        "Data? GDSData, Format? string, LayerDrawingDescription? LayerDrawingDescription",
        base=_VALUE,
    ),
    define_type("GPMultiValue", "MemberDataType? string, Values? GPValues", base=_VALUE),
    define_type("GPValues", "GPValue* GPValue|nil"),
    define_type(
        "GDSData",
        "Compressed boolean, TransportType esriGDSTransportType, EmbeddedData? base64Binary, URL? string, "
        "ConnectionProperties? PropertySet, UploadID? string",
    ),
    define_type("LayerDrawingDescription", is_abstract=True),
    define_enumeration("esriGDSTransportType", "Embedded Url Upload", "esriGDSTransportType"),
    define_enumeration(
        "esriUnits",
        "UnknownUnits Inches Points Feet Yards Miles NauticalMiles Millimeters Centimeters Meters Kilometers "
        "DecimalDegrees Decimeters IntInches IntFeet IntYards IntMiles IntNauticalMiles",
        "esri",
    ),
)
