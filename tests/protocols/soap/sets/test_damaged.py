"""Messages with damage in random places are read, or refused in a sentence, and nothing else happens."""

from __future__ import annotations

import random
import re

import pytest

from gpserverless.errors import InvalidValue, RequestError
from gpserverless.formats.feature_json import decode_features
from gpserverless.protocols.soap.sets.read import read_record_set
from gpserverless.protocols.soap.xml.envelope import read_envelope
from tests.protocols.soap.documents import (
    ENVELOPES,
    envelope,
    field,
    points,
    polygon,
    record,
    record_set,
    shape,
)

TOKENS = (
    b"", b"-", b"NaN", b"INF", b"true", b"9" * 50, b"PointN", b"PolygonN", b"esriGeometryPoint",
    b"esriFieldTypeGeometry", b' xsi:nil="true"', b"<Value/>", b"<Record/>", b"<Records/>", b"<X>1</X>",
    b"<Point/>", b"<PointArray/>", b"<SegmentArray/>", b"<SpatialReference/>",
)  # fmt: skip
LINE = f'<Value i:type="t:PolylineN"><PathArray><Path>{points((0, 0), (1, 1))}</Path></PathArray></Value>'
SHAPES = {
    "Polyline": [LINE],
    "Polygon": [polygon([(0, 0), (0, 1), (1, 1)]), polygon([(0, 0, 5), (0, 1, 5), (1, 1, 5)], names="XYZ")],
}


def make_messages() -> list[bytes]:
    """Return the envelopes of clients, and some with other geometries."""
    messages = [path.read_bytes() for path in sorted(ENVELOPES.glob("*execute.xml"))]
    messages.append((ENVELOPES / "arcpy-submit-job.xml").read_bytes())
    for kind, cells in SHAPES.items():
        records = [record(cell, "<Value>7</Value>") for cell in cells]
        document = record_set([shape(kind), field("A", "Integer")], records).decode()
        value = document.partition(">")[2].rpartition("<")[0]
        messages.append(envelope(f"<t:Execute><Values>{value}</Values></t:Execute>"))
    return messages


def damage(message: bytes, chance: random.Random) -> bytes:
    """Return a message of which one tag or text is lost, doubled elsewhere, or replaced."""
    pieces = re.findall(rb"<[^<>]*>|[^<>]+", message)
    place = chance.randrange(len(pieces))
    new = chance.choice([*TOKENS, chance.choice(pieces)])
    return b"".join([*pieces[:place], new, *pieces[place + chance.randrange(2) :]])


@pytest.mark.parametrize("seed", range(4))
def test_damage_is_refused_in_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    messages = make_messages()
    told: list[str] = []
    for _ in range(300):
        try:
            values = read_envelope(damage(chance.choice(messages), chance)).arguments.find("Values")
            for value in values.children if values else ():
                if value.find("RecordSet"):
                    decode_features(read_record_set(value, with_geometry=True))
        except (RequestError, InvalidValue) as refused:
            told.append(str(refused))
    assert 10 < len(told) < 290
    assert 0 < min(map(len, told)) <= max(map(len, told)) < 300
