"""The types of tables: fields, records and cells."""

from __future__ import annotations

from gpserverless.protocols.soap.schema.table import SchemaType, define_enumeration, define_type

TABLE_TYPES: tuple[SchemaType, ...] = (
    define_type("RecordSet", "Fields Fields, Records ArrayOfRecord"),
    define_type("Fields", "FieldArray ArrayOfField"),
    define_type("ArrayOfField", "Field* Field"),
    define_type(
        "Field",
        "Name string, Type esriFieldType, IsNullable boolean, Length int, Precision int, Scale int, "
        "Required? boolean, Editable? boolean, DomainFixed? boolean, GeometryDef? GeometryDef, "
        "AliasName? string, ModelName? string, DefaultValue? anyType",
    ),
    define_type(
        "GeometryDef",
        "AvgNumPoints int, GeometryType esriGeometryType, HasM boolean, HasZ boolean, "
        "SpatialReference SpatialReference, GridSize0? double, GridSize1? double, GridSize2? double",
    ),
    define_type("ArrayOfRecord", "Record* Record"),
    define_type("Record", "Values ArrayOfValue"),
    define_type("ArrayOfValue", "Value* anyType|nil"),
    define_enumeration(
        "esriFieldType",
        "Integer SmallInteger Double Single String Date Geometry OID Blob GlobalID Raster GUID XML",
        "esriFieldType",
    ),
    define_enumeration("esriGeometryType", "Point Multipoint Polyline Polygon MultiPatch", "esriGeometry"),
)
