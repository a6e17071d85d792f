"""The page of limits has every limit of the code, with its value."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_reference import rows, spans

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers/gpserverless/python/gpserverless"
PAGE = (ROOT / "docs/reference/limits.md").read_text("utf-8")
LINES = [(cells[1].strip(), *spans(cells[3])) for cells in rows(PAGE, 4) if spans(cells[3])]

SECONDS = {"s": 1, "minutes": 60, "hour": 3_600, "hours": 3_600, "day": 86_400, "days": 86_400}
BYTES = {"bytes": 1, "MB": 10**6, "GiB": 2**30}

WITHIN = {
    "sandbox.pipe.MAX_HELD": "a frame is sent in parts",
    "access.signer.MOST_CHARACTERS": "that of a token",
    "access.timed_cache.MOST_VALUES": "the oldest value goes",
    "access.signing_keys.LONGEST_LIFE_MS": "keys outlive the tokens that they sign",
    "geometry.geodesic_series.LONGEST": "an exact formula takes over",
    "geometry.unrolled.LONGEST_STEP": "an edge is divided",
    "geometry.dissolve.MOST_NEIGHBOURS": "another algorithm takes over",
    "geometry.buffers.LONGEST_EDGE": "an edge is divided",
    "geometry.curves.MAX_PIECES": "of one curve",
    "formats.limits.MAX_EMPTY_PER_VALUE": "beside the number of empty attributes",
    "fetch.invocation.MAX_INLINE_BYTES": "an object takes over",
    "drawing.dashes.MOST_DASHES": "the line has no gaps",
    "storage.event_bus.MOST_ENTRIES": "of one call of AWS",
    "protocols.featureserver.quantization.MOST_STEPS": "no vertex on a map is so far from the origin",
    "items.service.MOST_LAYER_BYTES": "an object takes over",
    "formats.ranges.MOST_AHEAD": "the next pages come with another request",
}
"""Limits that no caller meets, with what happens at them."""


def constants() -> Iterator[str]:
    """Yield the dotted path of every constant that is named a maximum."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for node in ast.parse(path.read_text("utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                if isinstance(target, ast.Name) and re.match(r"(MAX|MOST|LONGEST)_|LONGEST$", target.id):
                    yield f"{module}.{target.id}"


def value_of(place: str) -> Any:
    """Return the value of a dotted path, in which `()` calls."""
    module, value, names = place.split("."), None, []
    while value is None:
        names.insert(0, module.pop())
        try:
            value = importlib.import_module(f"gpserverless.{'.'.join(module)}")
        except ModuleNotFoundError:
            continue
    for name in names:
        value = getattr(value, name.removesuffix("()"))
        value = value() if name.endswith("()") else value
    return value


def in_units_of(place: str, limit: str) -> float:
    """Return a limit of the page in the unit of its constant."""
    number, _, unit = limit.partition(" and ")[0].partition(" ")
    value = float(number.replace(",", ""))
    if unit in SECONDS and "DAYS" not in place:
        value *= SECONDS[unit] * (1000 if place.lower().endswith("_ms") else 1)
    return value * BYTES.get(unit, 1) / (10**6 if place.endswith("MEGABYTES") else 1)


@pytest.mark.parametrize(("limit", "place"), LINES, ids=[place for _, place in LINES])
def test_limit_is_that_of_the_code(limit: str, place: str) -> None:
    assert in_units_of(place, limit) == value_of(place)


def test_every_maximum_of_the_code_is_on_the_page() -> None:
    listed, found = {place for _, place in LINES}, set(constants())
    assert found - listed == set(WITHIN)
    assert len(LINES) > 50
