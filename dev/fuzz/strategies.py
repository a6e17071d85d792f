"""What hypothesis makes of inputs: JSON values, texts that are almost right, fields of requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from dev.fuzz.hostile_texts import FRAMES, UNITS

EXAMPLES: tuple[str, ...] = tuple(json.loads((Path(__file__).parent / "examples.json").read_text("utf-8")))
"""Texts that readers accept."""

_NAMES = """
    features attributes geometry x y z m rings paths points curvePaths c a spatialReference wkid latestWkid
    fields name type alias geometryType hasZ distance units area time date format url itemID filter dataType
    xmin ymin xmax ymax properties coordinates geometries id crs transform scale translate objectIdFieldName
    featureSet layerDefinition extent domain outSR processSR wkt value
"""
_WORDS = """
    esriMeters esriGeometryPoint esriGeometryPolygon NaN Point Polygon Feature FeatureCollection upperLeft
    esriFieldTypeDate esriFieldTypeOID esriFieldTypeInteger esriFieldTypeTimeOnly GeometryCollection name
"""
KEYS = st.sampled_from(_NAMES.split()) | st.text(max_size=5)
"""The names that readers look for, and others."""

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from((*EXAMPLES, *_WORDS.split())),
    st.sampled_from((4326, 102100, "", 1e308, 2**63)),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
"""JSON values, with the names that readers look for."""

_DOCUMENTS = tuple(text for text in EXAMPLES if text.startswith(('{"', "[")) and len(text) > 2)
_PIECES = st.one_of(
    st.sampled_from(UNITS),
    st.sampled_from([part for frame in FRAMES for part in frame]),
    st.sampled_from(EXAMPLES),
    st.text(max_size=6),
    st.builds(lambda unit, number: unit * number, st.sampled_from(UNITS), st.integers(1, 300)),
)


@st.composite
def change_text(draw: st.DrawFn, texts: st.SearchStrategy[str] = st.sampled_from(EXAMPLES)) -> str:  # noqa: B008
    """Return a text with some parts left out, repeated, or replaced.

    Args:
        draw: Draws from a strategy.
        texts: The texts to begin with.
    """
    text = draw(texts)
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(text)))
        end = min(len(text), begin + draw(st.integers(0, 20)))
        middle = draw(_PIECES) if draw(st.booleans()) else text[begin:end] * draw(st.integers(0, 3))
        text = text[:begin] + middle + text[end:]
    return text


@st.composite
def change_value(draw: st.DrawFn) -> Any:
    """Return an example as a JSON value, with some values in it left out or replaced.

    Args:
        draw: Draws from a strategy.
    """
    value = json.loads(draw(st.sampled_from(_DOCUMENTS)))
    for _ in range(draw(st.integers(1, 3))):
        if not (holders := list(_list_holders(value))):
            break
        holder, key = holders[draw(st.integers(0, len(holders) - 1))]
        if draw(st.integers(0, 3)):
            holder[key] = draw(VALUES)
        else:
            del holder[key]
    return value


def _list_holders(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every list and object in a value with each of its places."""
    places = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for place in places:
        yield value, place
        yield from _list_holders(value[place])


CHANGED = change_value()
"""JSON values that are almost right."""

TEXTS = st.one_of(
    CHANGED.map(json.dumps), change_text(), st.lists(_PIECES, max_size=6).map("".join), VALUES.map(json.dumps)
)
"""Texts that are right, almost right, or nothing of the kind."""


@st.composite
def change_bytes(draw: st.DrawFn, contents: st.SearchStrategy[bytes]) -> bytes:
    """Return the content of a file with some bytes left out, repeated, or replaced.

    Args:
        draw: Draws from a strategy.
        contents: The contents to begin with.
    """
    content = draw(contents)
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(content)))
        end = min(len(content), begin + draw(st.integers(0, 16)))
        content = content[:begin] + draw(st.binary(max_size=16)) + content[end:]
    return content
