"""A reader of PBF, written from the published schema of FeatureCollectionPBuffer alone."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

TYPES = {
    0: "esriGeometryPoint",
    1: "esriGeometryMultipoint",
    2: "esriGeometryPolyline",
    3: "esriGeometryPolygon",
}


def read_fields(data: bytes) -> list[tuple[int, Any]]:
    """Return the numbers and values of the fields of a message, in the order in which they came."""
    found, place = [], 0
    while place < len(data):
        tag, place = read_varint(data, place)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, place = read_varint(data, place)
        elif kind == 1:
            value, place = struct.unpack("<d", data[place : place + 8])[0], place + 8
        elif kind == 5:
            value, place = struct.unpack("<f", data[place : place + 4])[0], place + 4
        else:
            assert kind == 2
            size, place = read_varint(data, place)
            assert place + size <= len(data)
            value, place = data[place : place + size], place + size
        found.append((number, value))
    return found


def read_varint(data: bytes, place: int) -> tuple[int, int]:
    """Return a whole number without a sign, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def read_packed(data: bytes) -> list[int]:
    """Return whole numbers that lie side by side."""
    values, place = [], 0
    while place < len(data):
        value, place = read_varint(data, place)
        values.append(value)
    return values


def unfold(value: int) -> int:
    """Return a number whose sign is its lowest bit."""
    return (value >> 1) ^ -(value & 1)


def read_value(data: bytes) -> Any:
    """Return the value of an attribute; an empty message is null."""
    if not data:
        return None
    ((number, value),) = read_fields(data)
    if number == 1:
        return value.decode()
    if number in (4, 8):
        return unfold(value)
    if number == 6:
        return value - (1 << 64) if value >= 1 << 63 else value
    return bool(value) if number == 9 else value


@dataclass
class Features:
    """The features of an answer, with coordinates in their reference."""

    header: dict[str, Any] = field(default_factory=dict)
    fields: list[dict[str, Any]] = field(default_factory=list)
    features: list[dict[str, Any]] = field(default_factory=list)


def read_result(data: bytes) -> tuple[int, bytes]:
    """Return the kind of a result and its message: 1 features, 2 count, 3 ids, 4 extent."""
    whole = dict(read_fields(data))
    ((kind, message),) = read_fields(whole[2])
    return kind, message


def read_features(data: bytes) -> Features:
    """Return the features of an answer; each attribute belongs to the field at its place."""
    kind, message = read_result(data)
    assert kind == 1
    read = Features()
    names = {1: "objectIdFieldName", 3: "globalIdFieldName"}
    for number, value in read_fields(message):
        if number in names:
            read.header[names[number]] = value.decode()
        elif number == 7:
            read.header["geometryType"] = TYPES.get(value)
        elif number == 8:
            read.header["spatialReference"] = dict(read_fields(value))
        elif number in (9, 10, 11):
            read.header[{9: "exceededTransferLimit", 10: "hasZ", 11: "hasM"}[number]] = bool(value)
        elif number == 12:
            read.header["transform"] = _read_transform(value)
        elif number == 13:
            parts = dict(read_fields(value))
            read.fields.append(
                {"name": parts[1].decode(), "type": parts.get(2, 0), "alias": parts[3].decode()}
            )
        elif number == 15:
            read.features.append(_read_feature(value, read))
    return read


def _read_transform(data: bytes) -> dict[str, Any]:
    parts = dict(read_fields(data))
    return {
        "lowerLeft": bool(parts.get(1, 0)),
        "scale": dict(read_fields(parts[2])),
        "translate": dict(read_fields(parts[3])),
    }


def _read_feature(data: bytes, read: Features) -> dict[str, Any]:
    parts = read_fields(data)
    values = [read_value(value) for number, value in parts if number == 1]
    assert len(values) == len(read.fields), "a value for each field, and fields before features"
    attributes = {f["name"]: value for f, value in zip(read.fields, values, strict=True)}
    shape = next((value for number, value in parts if number == 2), None)
    return {"attributes": attributes, "parts": None if shape is None else _read_shape(shape, read)}


def _read_shape(data: bytes, read: Features) -> list[list[tuple[float, ...]]]:
    """Return the parts of a shape; a point is one part of one vertex."""
    parts = dict(read_fields(data))
    width = 2 + read.header["hasZ"] + read.header["hasM"]
    steps = [unfold(value) for value in read_packed(parts[3])]
    vertices = [steps[start : start + width] for start in range(0, len(steps), width)]
    lengths = read_packed(parts[2]) if 2 in parts else [1]
    assert sum(lengths) == len(vertices)
    transform = read.header["transform"]
    scale, origin = transform["scale"], transform["translate"]
    factors = [scale[1], scale[2] if transform["lowerLeft"] else -scale[2], scale[4], scale[3]][:width]
    origins = [origin.get(1, 0), origin.get(2, 0), 0, 0][:width]
    shape, start = [], 0
    for length in lengths:
        sums = [0] * width
        part = []
        for vertex in vertices[start : start + length]:
            sums = [a + b for a, b in zip(sums, vertex, strict=True)]
            part.append(tuple(o + f * s for o, f, s in zip(origins, factors, sums, strict=True)))
        shape.append(part)
        start += length
    return shape
