"""SOAP messages for tests, written as briefly as they can be."""

from __future__ import annotations

from pathlib import Path

ENVELOPES = Path(__file__).parent / "envelopes"

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ARCGIS = "http://www.esri.com/schemas/ArcGIS/10.8"
NAMESPACES = (
    'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="http://www.w3.org/2001/XMLSchema"'
    f' xmlns:t="{ARCGIS}"'
)


def envelope(content: str, *, soap: str = SOAP, header: str = "") -> bytes:
    """Return an envelope with the prefixes s, i, x and t."""
    body = f"{header}<s:Body>{content}</s:Body>"
    return f'<s:Envelope xmlns:s="{soap}" {NAMESPACES}>{body}</s:Envelope>'.encode()


def element(content: str) -> bytes:
    """Return a document whose root has the prefixes i, x and t."""
    return f"<root {NAMESPACES}>{content}</root>".encode()


def field(name: str, kind: str, more: str = "") -> str:
    """Return a field of an Esri type without its prefix."""
    return (
        f'<Field i:type="t:Field"><Name>{name}</Name><Type>esriFieldType{kind}</Type>'
        f"<IsNullable>true</IsNullable><Length>0</Length><Precision>0</Precision><Scale>0</Scale>{more}</Field>"
    )


def shape(kind: str, *, reference: str = "<WKID>25832</WKID>", z: bool = False, m: bool = False) -> str:
    """Return the field of geometries of an Esri type without its prefix."""
    definition = (
        f"<GeometryDef><AvgNumPoints>0</AvgNumPoints><GeometryType>esriGeometry{kind}</GeometryType>"
        f"<HasM>{str(m).lower()}</HasM><HasZ>{str(z).lower()}</HasZ>"
        f'<SpatialReference i:type="t:ProjectedCoordinateSystem">{reference}</SpatialReference></GeometryDef>'
    )
    return field("Shape", "Geometry", definition)


def record(*cells: str) -> str:
    """Return a record of values that are XML already."""
    return f"<Record><Values>{''.join(cells)}</Values></Record>"


def cell(text: str | None, kind: str = "") -> str:
    """Return a value: nil for None, of a type with its prefix if there is one."""
    hint = f' i:type="{kind}"' if kind else ""
    return '<Value i:nil="true"/>' if text is None else f"<Value{hint}>{text}</Value>"


def record_set(fields: list[str], records: list[str], more: str = "") -> bytes:
    """Return a document with a feature layer."""
    return element(
        f'<GPValue i:type="t:GPFeatureRecordSetLayer"><RecordSet i:type="t:RecordSet"><Fields><FieldArray>'
        f"{''.join(fields)}</FieldArray></Fields><Records>{''.join(records)}</Records></RecordSet>{more}</GPValue>"
    )


def points(*places: tuple[float, ...], names: str = "XY", array: str = "PointArray") -> str:
    """Return an array of points whose ordinates have the names of letters."""
    return f"<{array}>{''.join(f'<Point>{ordinates(place, names)}</Point>' for place in places)}</{array}>"


def ordinates(place: tuple[float, ...], names: str) -> str:
    """Return the ordinates of a point by the letters of their names."""
    return "".join(f"<{name}>{value}</{name}>" for name, value in zip(names, place, strict=True))


def polygon(*rings: list[tuple[float, ...]], names: str = "XY") -> str:
    """Return a polygon of rings."""
    return cell(_parts("Ring", rings, names), "t:PolygonN")


def polyline(*paths: list[tuple[float, ...]], names: str = "XY") -> str:
    """Return a polyline of paths."""
    return cell(_parts("Path", paths, names), "t:PolylineN")


def _parts(noun: str, parts: tuple[list[tuple[float, ...]], ...], names: str) -> str:
    inner = "".join(f"<{noun}>{points(*part, names=names)}</{noun}>" for part in parts)
    flags = "".join(f"<Has{each}>{str(each in names).lower()}</Has{each}>" for each in "ZM")
    return f"<HasID>false</HasID>{flags}<{noun}Array>{inner}</{noun}Array>"
