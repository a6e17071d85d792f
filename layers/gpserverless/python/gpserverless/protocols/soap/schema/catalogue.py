"""The types of the catalogue of services."""

from __future__ import annotations

from gpserverless.protocols.soap.schema.table import SchemaType, define_enumeration, define_type

ARRAY_OF_STRING = define_type("ArrayOfString", "String* string")

CATALOGUE_TYPES: tuple[SchemaType, ...] = (
    ARRAY_OF_STRING,
    define_type("ArrayOfServiceDescription", "ServiceDescription* ServiceDescription"),
    define_type(
        "ServiceDescription",
        "Name string, Type string, Url string, ParentType string, Capabilities string, Description string",
    ),
    define_enumeration(
        "esriArcGISVersion", "83 90 92 93 10 101 103 104 105 106 107 108", "esriArcGISVersion"
    ),
    define_enumeration(
        "esriServiceCatalogMessageFormat", "Soap Bin SoapOrBin", "esriServiceCatalogMessageFormat"
    ),
)
