"""The types that describe tools and their parameters."""

from __future__ import annotations

from gpserverless.protocols.soap.schema.table import SchemaType, define_enumeration, define_type

DISCOVERY_TYPES: tuple[SchemaType, ...] = (
    define_type(
        "GPToolInfo",
        "Name string, DisplayName string, Category string, Help string, "
        "ParameterInfo? ArrayOfGPParameterInfo, Extent? Envelope",
    ),
    define_type("ArrayOfGPToolInfo", "GPToolInfo* GPToolInfo"),
    define_type(
        "GPParameterInfo",
        "Name string, DisplayName string, Category string, DataType string, "
        "Direction esriGPParameterDirection, ParamType esriGPParameterType, ChoiceList? ArrayOfString, "
        "Value? GPValue",
    ),
    define_type("ArrayOfGPParameterInfo", "GPParameterInfo* GPParameterInfo"),
    define_enumeration("esriGPParameterDirection", "Input Output", "esriGPParameterDirection"),
    define_enumeration("esriGPParameterType", "Required Optional Derived", "esriGPParameterType"),
    define_enumeration("esriExecutionType", "Asynchronous Synchronous", "esriExecutionType"),
)
