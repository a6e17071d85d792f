"""Values between REST's JSON and SOAP's XML, both ways, by the published names and orders of the types."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from tests.wire.soap_site import XSI, Tree

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = ("GPString", "GPStringHidden", "GPSQLExpression", "GPComposite")
_PLAIN = ("GPBoolean", "GPLong", "GPDouble", "GPString")
_LISTS = {"paths": ("PathArray", "Path"), "rings": ("RingArray", "Ring")}
_KINDS = {"GPBoolean": "boolean", "GPLong": "int", "GPDouble": "double", "GPDate": "dateTime"}
_SHAPES = {"points": "Multipoint", "paths": "Polyline", "rings": "Polygon"}


def to_xml(data_type: str, value: Any) -> str:
    """Return the GPValue element of an input of REST's data type; what SOAP has no type for goes as text."""
    if value is None:
        return f'<GPValue xsi:type="tns:{data_type}"/>'
    if data_type.startswith("GPMultiValue:"):
        member = data_type.removeprefix("GPMultiValue:")
        values = "".join(to_xml(member, each) for each in value)
        return _element(
            "GPMultiValue",
            f'<MemberDataType>{member}</MemberDataType><Values xsi:type="tns:GPValues">{values}</Values>',
        )
    if data_type in ("GPFeatureRecordSetLayer", "GPRecordSet"):
        return _element(data_type, _write_record_set(value))
    return _write_single(data_type, value)


def _write_single(data_type: str, value: Any) -> str:
    if data_type in _PLAIN or data_type in _TEXTS[:3]:
        known = data_type if data_type in _PLAIN else "GPString"
        return _element(known, f"<Value>{_write_text(value)}</Value>")
    if data_type == "GPDate":
        return _element(data_type, f"<Value>{_write_time(value)}</Value>")
    if data_type == "GPLinearUnit":
        return _element(data_type, f"<Value>{value['distance']}</Value><Units>{value['units']}</Units>")
    return _element("GPString", f"<Value>{escape(json.dumps(value))}</Value>")


def _element(type_name: str, content: str) -> str:
    return f'<GPValue xsi:type="tns:{type_name}">{content}</GPValue>'


def _write_text(value: Any) -> str:
    return escape(value if isinstance(value, str) else json.dumps(value), {"\r": "&#13;"})


def _write_time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")[:23]


def _write_record_set(value: Mapping[str, Any]) -> str:
    """Write features or a table, whose columns are those of the first record."""
    columns = {name: _find_field_type(value, name) for name in value["features"][0].get("attributes", {})}
    geometries = [feature["geometry"] for feature in value["features"] if "geometry" in feature]
    fields = [_write_field(name, kind) for name, kind in columns.items()]
    if geometries:
        fields.insert(0, _write_field("Shape", "Geometry", _write_geometry_def(value, geometries[0])))
    records = []
    for feature in value["features"]:
        cells = [_write_cell(feature["attributes"][name], kind) for name, kind in columns.items()]
        shape = [_write_geometry(feature["geometry"])] if geometries else []
        records.append(f"<Record><Values>{''.join(shape + cells)}</Values></Record>")
    return (
        f"<RecordSet><Fields><FieldArray>{''.join(fields)}</FieldArray></Fields>"
        f"<Records>{''.join(records)}</Records></RecordSet>"
    )


def _find_field_type(value: Mapping[str, Any], name: str) -> str:
    for each in value.get("fields", ()):
        if each["name"] == name:
            return str(each["type"]).removeprefix("esriFieldType")
    kinds = {int: "Integer", float: "Double", str: "String", type(None): "String"}
    return kinds[type(value["features"][0]["attributes"][name])]


def _write_field(name: str, kind: str, more: str = "") -> str:
    numbers = "<IsNullable>true</IsNullable><Length>255</Length><Precision>0</Precision><Scale>0</Scale>"
    return f"<Field><Name>{name}</Name><Type>esriFieldType{kind}</Type>{numbers}{more}</Field>"


def _write_geometry_def(value: Mapping[str, Any], geometry: Mapping[str, Any]) -> str:
    kind = next((f"esriGeometry{_SHAPES[key]}" for key in _SHAPES if key in geometry), "esriGeometryPoint")
    has = [f"<Has{axis}>{json.dumps(bool(value.get(f'has{axis}')))}</Has{axis}>" for axis in "MZ"]
    wkid = value["spatialReference"]["wkid"]
    system = "Geographic" if wkid in (4326, 4258) else "Projected"
    return (
        f"<GeometryDef><AvgNumPoints>0</AvgNumPoints><GeometryType>{kind}</GeometryType>{''.join(has)}"
        f'<SpatialReference xsi:type="tns:{system}CoordinateSystem"><WKID>{wkid}</WKID></SpatialReference>'
        "</GeometryDef>"
    )


def _write_cell(value: Any, kind: str) -> str:
    if value is None:
        return '<Value xsi:nil="true"/>'
    xsd = {
        "Integer": "int",
        "OID": "int",
        "SmallInteger": "short",
        "Double": "double",
        "Single": "float",
        "Date": "dateTime",
    }
    text = _write_time(value) if kind == "Date" else _write_text(value)
    return f'<Value xsi:type="xsd:{xsd.get(kind, "string")}">{text}</Value>'


def _write_geometry(geometry: Mapping[str, Any] | None) -> str:
    if geometry is None:
        return '<Value xsi:nil="true"/>'
    if "x" in geometry:
        axes = [f"<{axis.upper()}>{geometry[axis]}</{axis.upper()}>" for axis in "xymz" if axis in geometry]
        return f'<Value xsi:type="tns:PointN">{"".join(axes)}</Value>'
    kind = next(key for key in _SHAPES if key in geometry)
    array, part = _LISTS.get(kind, ("", ""))
    parts = geometry[kind] if array else [geometry[kind]]
    written = [_write_points(each, geometry) for each in parts]
    inner = "".join(f"<{part}>{each}</{part}>" for each in written)
    content = f"<{array}>{inner}</{array}>" if array else written[0]
    return f'<Value xsi:type="tns:{_SHAPES[kind]}N"><HasID>false</HasID>{content}</Value>'


def _write_points(points: list[list[float]], geometry: Mapping[str, Any]) -> str:
    axes = "XY" + "Z" * bool(geometry.get("hasZ")) + "M" * bool(geometry.get("hasM"))
    named = [dict(zip(axes, point, strict=True)) for point in points]
    written = ["".join(f"<{axis}>{of[axis]}</{axis}>" for axis in "XYMZ" if axis in of) for of in named]
    tagged = [f'<Point xsi:type="tns:PointN">{each}</Point>' for each in written]
    return f"<PointArray>{''.join(tagged)}</PointArray>"


def to_json(data_type: str, value: Tree) -> Any:
    """Return the value of REST's data type that a GPValue element of an answer holds."""
    kind = type_of(value)
    if not len(value):
        return None
    if kind == "GPMultiValue":
        member = data_type.removeprefix("GPMultiValue:")
        values = value.find("Values")
        return None if values is None else [_read_member(member, each) for each in values]
    if kind in ("GPFeatureRecordSetLayer", "GPRecordSet"):
        return _read_set(value)
    if kind in ("GPDataFile", "GPRasterData", "GPRasterDataLayer"):
        found = {"url": value.findtext("Data/URL")}
        return found if kind == "GPDataFile" else {**found, "format": value.findtext("Format")}
    return _read_single(kind, data_type, value)


def _read_single(kind: str, data_type: str, value: Tree) -> Any:
    text = value.findtext("Value") or ""
    if kind == "GPString" and data_type not in _TEXTS:
        return json.loads(text)
    if kind == "GPLinearUnit":
        return {"distance": float(text), "units": value.findtext("Units")}
    return _CELLS[_KINDS.get(kind, "string")](text)


def _read_member(data_type: str, value: Tree) -> Any:
    """Return a member of a list, one of a composite with the type that it has."""
    found = to_json(data_type, value)
    return {"dataType": type_of(value), "value": found} if data_type == "GPComposite" else found


def type_of(element: Tree) -> str:
    """Return the local name of the type that an element says it has."""
    return str(element.get(f"{{{XSI}}}type", "")).rpartition(":")[2]


def _read_time(text: str) -> int:
    seconds = datetime.fromisoformat(text).replace(tzinfo=UTC) - _EPOCH
    return round(seconds.total_seconds() * 1000)


_CELLS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "boolean": lambda text: {"true": True, "false": False}[text],
    "int": int,
    "short": int,
    "double": float,
    "float": float,
    "dateTime": _read_time,
    "base64Binary": base64.b64decode,
}


def _read_set(value: Tree) -> dict[str, Any]:
    """Return features or a table with what JSON has of them."""
    fields = list(value.iterfind("RecordSet/Fields/FieldArray/Field"))
    names = [field.findtext("Name") for field in fields]
    shape = value.findtext("ShapeFieldName")
    kept = [
        {"name": field.findtext("Name"), "type": field.findtext("Type"), "alias": field.findtext("AliasName")}
        for field in fields
        if field.findtext("Name") != shape
    ]
    found: dict[str, Any] = {"fields": kept, "features": []}
    found["exceededTransferLimit"] = value.findtext("ExceededTransferLimit") == "true"
    if shape is not None:
        found |= _read_geometry_def(fields[names.index(shape)].find("GeometryDef"))
    for record in value.iterfind("RecordSet/Records/Record/Values"):
        cells = {name: _read_cell(cell) for name, cell in zip(names, record, strict=True)}
        geometry = {"geometry": cells.pop(shape)} if shape is not None else {}
        found["features"].append({"attributes": cells, **geometry})
    return found


def _read_geometry_def(element: Tree) -> dict[str, Any]:
    reference = element.find("SpatialReference")
    names = {
        "WKID": "wkid",
        "LatestWKID": "latestWkid",
        "VCSWKID": "vcsWkid",
        "LatestVCSWKID": "latestVcsWkid",
    }
    found = {names[tag]: int(reference.findtext(tag)) for tag in names if reference.find(tag) is not None}
    has = {f"has{axis}": True for axis in "ZM" if element.findtext(f"Has{axis}") == "true"}
    return {"geometryType": element.findtext("GeometryType"), "spatialReference": found, **has}


def _read_cell(cell: Tree) -> Any:
    if cell.get(f"{{{XSI}}}nil") == "true":
        return None
    kind = type_of(cell)
    if kind in _CELLS:
        return _CELLS[kind](cell.text or "")
    if kind == "PointN":
        return {axis.lower(): float(cell.findtext(axis)) for axis in "XYZM" if cell.find(axis) is not None}
    if kind == "MultipointN":
        return {"points": _read_points(cell.find("PointArray"))}
    key, (array, _) = {"PolylineN": ("paths", _LISTS["paths"]), "PolygonN": ("rings", _LISTS["rings"])}[kind]
    return {key: [_read_points(part.find("PointArray")) for part in cell.find(array)]}


def _read_points(array: Tree) -> list[list[float]]:
    return [[float(point.findtext(a)) for a in "XYZM" if point.find(a) is not None] for point in array]


def results_of(response: Tree) -> list[Tree]:
    """Return the values of the result of Execute or GetJobResult."""
    return list(response.find("Result/Values"))


def messages_of(element: Tree) -> list[dict[str, Any]]:
    """Return messages as REST's JSON has them."""
    return [
        {"type": each.findtext("MessageType"), "description": each.findtext("MessageDesc")}
        for each in element
    ]
